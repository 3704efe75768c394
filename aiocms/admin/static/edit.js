/* The edit page. Without this file every button posts the form and the page comes back with the part added,
 * moved or removed. With it that happens in the page; also: unsaved-changes guard, Ctrl-S, marks of changes. */
const form = document.querySelector("form[data-edit]");
const dirty = form?.querySelector("[data-dirty]");
let touched = form?.hasAttribute("data-touched") ?? false;
let leaving = false;
// The part that gets the cursor when the form can be typed into again.
let waiting = "";

/* A server takes only so many fields, so a great many travel as one; files by themselves. */
function packPairs(pairs) {
  const kept = [];
  const others = [];
  for (const pair of pairs) {
    const isText = typeof pair[1] === "string" && !pair[0].startsWith("_") && pair[0] !== "csrf_token";
    (isText ? others : kept).push(pair);
  }
  if (others.length > 400) kept.push(["_packed", JSON.stringify(others)]);
  else kept.push(...others);
  return kept;
}
const pack = (pairs) => new URLSearchParams(packPairs(pairs));
window.aiocms = Object.assign(window.aiocms ?? {}, { pack, packPairs });

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
  const held = document.activeElement;
  form.setAttribute("aria-busy", "true");
  // What were typed now would be gone when the answer takes the place of the form.
  form.inert = true;
  try {
    const answer = await ask(body);
    if (!answer) return;
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
    form.inert = false;
    focusOn(waiting);
    waiting = "";
    if (document.activeElement === document.body && held.isConnected) held.focus({ preventScroll: true });
  }
}

/* The server's answer; null, and said so, when there is none to be had: then the page stays as it is. */
async function ask(body) {
  try {
    const answer = await fetch(form.action || location.href, { method: "POST", body: pack(body), headers: { Accept: "text/html" } });
    if (answer.status < 500) return answer;
  } catch {
    // No connection.
  }
  window.aiocms?.toast?.(form.dataset.unanswered, "danger");
  return null;
}

function adopt(fresh) {
  const scroll = scrollY;
  renewForm(fresh);
  form.querySelector("[name=_base]").value = fresh.querySelector("[name=_base]").value;
  window.aiocms?.content?.(form.querySelector(".a-edit-main"));
  scrollTo({ top: scroll, behavior: "instant" });
  mark();
  waiting = fresh.dataset.focus;
}

/* Put the fields of a fetched form in the place of these. Items stay open or closed as the user left them, but for
 * one that is meant, or wrong. */
function renewForm(fresh) {
  const known = new Map([...form.querySelectorAll(".a-item > details")].map((one) => [one.parentElement.dataset.item, one.open]));
  form.querySelector(".a-edit-main").replaceWith(fresh.querySelector(".a-edit-main"));
  for (const details of form.querySelectorAll(".a-item > details")) {
    const name = details.parentElement.dataset.item;
    const shown = name === fresh.dataset.focus || details.querySelector(".is-invalid, [aria-invalid=true], .a-error") !== null;
    if (known.has(name)) details.open = known.get(name) || shown;
  }
}
window.aiocms.renewForm = renewForm;

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
  form.addEventListener("submit", (event) => {
    leaving = !event.submitter?.hasAttribute("formtarget");
  });
  // A save by script says itself whether the page is left or stays as it is.
  for (const kind of ["aiocms:saved", "aiocms:leaving", "aiocms:kept"]) {
    form.addEventListener(kind, () => {
      leaving = kind !== "aiocms:kept";
    });
  }
  // The conflict page that took the place of the form.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-conflict]")) leaving = true;
  });
  addEventListener("pageshow", () => {
    leaving = false;
  });
  addEventListener("beforeunload", (event) => {
    // A form that a drawer showed is gone with it.
    const here = form.isConnected || document.querySelector("form[data-conflict]");
    if (touched && !leaving && here) event.preventDefault();
  });
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return;
    // What lies beneath an open drawer is not what is meant.
    const drawer = document.querySelector("dialog[open]");
    const meant = drawer ? drawer.querySelector("form[data-edit]") : form;
    const save = meant?.querySelector(drawer ? "[data-save]" : "button[name=_save][value=stay]");
    if (!save && !drawer) return;
    event.preventDefault();
    if (save) meant.requestSubmit(save);
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
