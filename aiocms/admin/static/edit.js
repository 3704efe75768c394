/* The edit page. Without this file every button posts the form and the page comes back with the part added,
 * moved or removed. With it that happens in the page; also: unsaved-changes guard, Ctrl-S, marks of changes. */
const form = document.querySelector("form[data-edit]");
const dirty = form?.querySelector("[data-dirty]");
let touched = form?.hasAttribute("data-touched") ?? false;
let leaving = false;

/* Pairs as the body of a post. A server takes only so many fields, so a great many travel as one. */
function pack(pairs) {
  const kept = [];
  const others = [];
  for (const pair of pairs) (pair[0].startsWith("_") || pair[0] === "csrf_token" ? kept : others).push(pair);
  if (others.length > 400) kept.push(["_packed", JSON.stringify(others)]);
  else kept.push(...others);
  return new URLSearchParams(kept);
}
window.aiocms = Object.assign(window.aiocms ?? {}, { pack });

function mark() {
  touched = true;
  if (dirty) {
    dirty.hidden = false;
    dirty.textContent = form.dataset.changes;
  }
}

function compare(target) {
  const part = target.closest(".a-field");
  if (!part || !("defaultValue" in target || target.type === "checkbox")) return;
  const changed = target.type === "checkbox" ? target.checked !== target.defaultChecked : target.value !== target.defaultValue;
  part.toggleAttribute("data-changed", changed);
}

/* What a button of the form would do is asked of the server: it answers with the page as it then is, and the
 * form in it takes the place of this one. So there is one renderer, and this file knows nothing of types. */
async function operate(button) {
  const body = new FormData(form, button);
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action || location.href, { method: "POST", body: pack(body), headers: { Accept: "text/html" } });
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-edit]");
    if (!fresh) throw new Error("no form");
    adopt(fresh);
  } catch {
    // Whatever went wrong, the plain way shows it.
    leaving = true;
    form.requestSubmit(button);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

function adopt(fresh) {
  const open = new Set([...form.querySelectorAll(".a-item > details[open]")].map((one) => one.parentElement.dataset.item));
  const shut = new Set([...form.querySelectorAll(".a-item > details:not([open])")].map((one) => one.parentElement.dataset.item));
  const scroll = scrollY;
  form.querySelector(".a-edit-main").replaceWith(fresh.querySelector(".a-edit-main"));
  form.querySelector("[name=_base]").value = fresh.querySelector("[name=_base]").value;
  for (const details of form.querySelectorAll(".a-item > details")) {
    const name = details.parentElement.dataset.item;
    if (open.has(name)) details.open = true;
    if (shut.has(name) && name !== fresh.dataset.focus) details.open = false;
  }
  window.aiocms?.content?.(form.querySelector(".a-edit-main"));
  scrollTo({ top: scroll, behavior: "instant" });
  mark();
  focusOn(fresh.dataset.focus);
}

function focusOn(name) {
  if (!name) return;
  const quoted = CSS.escape(name);
  const part = form.querySelector(`[data-item="${quoted}"], [data-part="${quoted}"]`) ?? document.getElementById(name);
  if (!part) return;
  part.scrollIntoView({ block: "nearest" });
  const input = part.querySelector("input:not([type=hidden]), textarea, select") ?? part.querySelector(":scope > button, .a-list-add button");
  input?.focus({ preventScroll: true });
}

if (form) {
  if (touched) mark();
  form.addEventListener("input", (event) => {
    mark();
    compare(event.target);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=_op]");
    if (!button || button.value.startsWith("tab:")) return;
    event.preventDefault();
    operate(button);
  });
  // A type that is chosen changes the input beneath it.
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-type]")) return;
    const button = document.createElement("button");
    button.name = "_op";
    button.value = `show:${event.target.name.replace(/~s$/, "")}`;
    button.hidden = true;
    form.append(button);
    operate(button).finally(() => button.remove());
  });
  form.addEventListener("submit", () => {
    leaving = true;
  });
  // A save by script says itself whether the page is left or stays as it is.
  for (const kind of ["aiocms:saved", "aiocms:leaving", "aiocms:kept"]) {
    form.addEventListener(kind, () => {
      leaving = kind !== "aiocms:kept";
    });
  }
  addEventListener("pageshow", () => {
    leaving = false;
  });
  addEventListener("beforeunload", (event) => {
    if (touched && !leaving) event.preventDefault();
  });
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return;
    const save = form.querySelector("button[name=_save][value=stay]");
    if (!save) return;
    event.preventDefault();
    form.requestSubmit(save);
  });
  // A form that a script posted comes back with its errors too.
  form.addEventListener("aiocms:kept", () => pointOut());
  if (!pointOut()) {
    const wrong = form.querySelector(".a-edit-main .is-invalid");
    if (wrong) wrong.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    else focusOn(form.dataset.focus);
  }
}

/* Put the cursor where the Extended JSON is wrong. */
function pointOut() {
  const json = form.querySelector("textarea[data-line]");
  if (!json) return false;
  const lines = json.value.split("\n");
  const line = Math.min(Number(json.dataset.line), lines.length);
  const at = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + Number(json.dataset.column) - 1;
  json.focus();
  json.setSelectionRange(at, at + 1);
  return true;
}
