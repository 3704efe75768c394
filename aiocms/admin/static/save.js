/* Saves a form by fetch, so that nothing typed is lost when the site does not answer, or when the login has ended:
 * then a dialog asks for it and the form is sent again. Without this file the form is posted as it is. */
const form = document.querySelector("form[data-edit]:not(dialog form)");
const dialog = document.querySelector("[data-login-dialog]");
const SAVE = "X-Aiocms-Save";
const PLACE = "aiocms.place";
const PATIENCE = 1500;
let busy = false;

function makeBody(sent, button) {
  const pairs = window.aiocms.packPairs([...new FormData(sent, button)]);
  if (sent.enctype !== "multipart/form-data") return new URLSearchParams(pairs);
  const body = new FormData();
  for (const [name, value] of pairs) body.append(name, value);
  return body;
}

/* While the answer is on its way nothing can be typed, for the answer takes the place of what stands here.
 * Returns what gives the form back, with the cursor where it was. */
function hold(sent) {
  const held = document.activeElement;
  sent.setAttribute("aria-busy", "true");
  sent.inert = true;
  return () => {
    sent.removeAttribute("aria-busy");
    sent.inert = false;
    if (document.activeElement === document.body && sent.contains(held)) held.focus({ preventScroll: true });
  };
}

/* Send the form, or the conflict page that took its place. */
async function save(button, sent = form) {
  if (busy) return;
  busy = true;
  for (const menu of form.querySelectorAll(".f-save-more[open]")) menu.open = false;
  const place = findPlace();
  if (sent === form) form.dispatchEvent(new CustomEvent("aiocms:saving"));
  const body = makeBody(sent, button);
  const release = hold(sent);
  let leaving = false;
  try {
    const answer = await fetch(sent.getAttribute("action") || location.href.split("#")[0], {
      method: "POST",
      body,
      headers: { Accept: "text/html, application/json;q=0.9", [SAVE]: "1" },
    });
    if (answer.status === 401) return askForLogin(button, sent);
    if (answer.headers.get("Content-Type")?.includes("json")) {
      const { location: next } = await answer.json();
      if (!answer.ok || !next) throw new Error(String(answer.status));
      leaving = true;
      await tellSaved();
      return leave(next, place);
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status === 409 && page.querySelector("form[data-conflict]")) return showInstead(page);
    if (page.querySelector("form[data-edit]") && (answer.ok || answer.status === 422 || answer.status === 409)) {
      if (sent === form) return adopt(page, release);
      // What became of the conflict is a page of its own, with scripts of its own.
      leaving = true;
      return sendPlainly(sent, body);
    }
    if (!answer.ok) return tellRefused(page, answer.status);
    leaving = true;
    form.dispatchEvent(new CustomEvent("aiocms:leaving"));
    showInstead(page);
  } catch {
    tell(form.dataset.failed, "danger");
  } finally {
    busy = false;
    if (!leaving) {
      release();
      form.dispatchEvent(new CustomEvent("aiocms:kept"));
    }
  }
}

/* Who keeps something for this form has a moment to let it go before the page does. */
async function tellSaved() {
  const waits = [];
  form.dispatchEvent(new CustomEvent("aiocms:saved", { detail: { wait: (work) => waits.push(work) } }));
  await Promise.race([Promise.allSettled(waits), new Promise((done) => setTimeout(done, PATIENCE))]);
}

function sendPlainly(sent, body) {
  form.dispatchEvent(new CustomEvent("aiocms:leaving"));
  const plain = document.createElement("form");
  plain.method = "post";
  plain.action = sent.getAttribute("action") || location.href.split("#")[0];
  plain.hidden = true;
  for (const [name, value] of body) {
    // No input of one line: it would lose the ends of lines.
    const input = document.createElement("textarea");
    input.name = name;
    input.value = value;
    plain.append(input);
  }
  document.body.append(plain);
  plain.submit();
}

function leave(next, place) {
  const url = new URL(next, location.href);
  // "Save and stay" keeps the open tab, and the cursor where it was.
  if (url.pathname === location.pathname && !url.hash) url.hash = location.hash;
  const same = url.href === location.href || (url.href.split("#")[0] === location.href.split("#")[0] && url.hash);
  if (same) {
    if (place) sessionStorage.setItem(PLACE, JSON.stringify(place));
    history.replaceState(history.state, "", url);
    location.reload();
  } else location.assign(url);
}

function findPlace() {
  const held = document.activeElement;
  if (!held?.id || !form.contains(held)) return null;
  return { path: location.pathname, id: held.id, start: held.selectionStart, end: held.selectionEnd };
}

function comeBack() {
  const kept = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  const { path, id, start, end } = kept ? JSON.parse(kept) : {};
  const held = path === location.pathname && document.getElementById(id);
  if (!held || !form.contains(held)) return;
  held.focus({ preventScroll: true });
  if (Number.isInteger(start) && held.setSelectionRange) held.setSelectionRange(start, end);
}

/* The form as the server answered it, with its errors. */
function adopt(page, release) {
  const fresh = page.querySelector("form[data-edit]");
  window.aiocms.renewForm(fresh);
  for (const name of ["_base", "csrf_token"]) {
    const now = form.querySelector(`[name="${name}"]`), then = fresh.querySelector(`[name="${name}"]`);
    if (now && then) now.value = then.value;
  }
  window.aiocms?.content?.(form.querySelector(".a-edit-main"));
  form.dispatchEvent(new Event("input", { bubbles: true }));
  release();
  const wrong = form.querySelector(".a-edit-main .is-invalid");
  const input = wrong?.matches("input, select, textarea") ? wrong : wrong?.querySelector("input:not([type=hidden]), textarea, select");
  if (input) input.focus();
  else form.querySelector(".a-edit-main .a-note")?.scrollIntoView({ block: "nearest" });
  tell([...form.querySelectorAll(".a-edit-main .a-note.is-bad")][0]?.textContent.trim() || form.dataset.wrong, "danger");
}

/* Another page takes the place of the form: somebody else changed the same fields, or a document was picked. */
function showInstead(page) {
  for (const link of page.querySelectorAll("head link[rel=stylesheet]")) {
    if (!document.querySelector(`link[href="${CSS.escape(link.getAttribute("href"))}"]`)) document.head.append(document.importNode(link));
  }
  document.title = page.title;
  const now = document.querySelector("main"), then = page.querySelector("main");
  // A login that ends is asked for here too.
  if (dialog && now.contains(dialog)) document.body.append(dialog);
  now.replaceWith(then);
  document.querySelector(".a-crumbs")?.replaceWith(page.querySelector(".a-crumbs") ?? "");
  window.aiocms?.content?.(then);
  then.focus();
  scrollTo({ top: 0 });
}

/* An answer that is no form says why: the rights are gone, the document is too big, the database is away. */
function tellRefused(page, status) {
  const reason = status === 403 ? form.dataset.forbidden : [...page.querySelectorAll(".a-fault > p:not(.a-fault-code)")].map((one) => one.textContent.trim()).filter(Boolean).join(" ");
  tell(reason ? `${form.dataset.refused} ${reason}` : form.dataset.failed, "danger");
}

function tell(text, level) {
  if (window.aiocms?.toast) window.aiocms.toast(text, level);
  else {
    const status = form.querySelector("[data-dirty]");
    if (status) {
      status.hidden = false;
      status.textContent = text;
    }
  }
}

/* The login page's own form in a dialog; whatever it asks for is sent as it would be from there. */
async function askForLogin(button, sent) {
  if (!dialog) return void tell(form.dataset.failed, "danger");
  const place = dialog.querySelector("[data-login-form]");
  const other = dialog.querySelector("[data-login-other]");
  other.hidden = true;
  showLogin(place, await fetchPage(form.dataset.login));
  if (!dialog.open) dialog.showModal();
  place.querySelector("input:not([type=hidden])")?.focus();
  place.onsubmit = async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const answer = await fetch(place.action, { method: "POST", body: new URLSearchParams(new FormData(place)), headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-edit]");
    if (!answer.redirected || !fresh) return showLogin(place, page, true);
    resume(fresh, button, sent);
  };
  // Logged in elsewhere meanwhile: coming back to this window is enough.
  const back = async () => {
    const fresh = (await fetchPage(location.href.split("#")[0]))?.querySelector("form[data-edit]");
    if (fresh) resume(fresh, button, sent);
  };
  addEventListener("focus", back);
  dialog.addEventListener("close", () => removeEventListener("focus", back), { once: true });
}

function resume(fresh, button, sent) {
  if (fresh.dataset.user !== form.dataset.user) {
    dialog.querySelector("[data-login-other]").hidden = false;
    return;
  }
  const token = fresh.querySelector("[name=csrf_token]").value;
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = token;
  for (const meta of document.querySelectorAll("meta[name=csrf-token]")) meta.content = token;
  if (dialog.open) dialog.close();
  busy = false;
  save(button, sent);
}

async function fetchPage(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

function showLogin(place, page, failed = false) {
  const source = page?.querySelector("form:has([type=password])");
  const error = dialog.querySelector("[data-login-error]");
  const said = failed ? page?.querySelector(".alert, .invalid-feedback")?.textContent.trim() : "";
  error.hidden = !said;
  error.textContent = said ?? "";
  if (!source) return;
  place.action = source.getAttribute("action");
  place.replaceChildren(...[...source.childNodes].map((one) => document.importNode(one, true)));
  place.querySelector(".alert")?.remove();
  // Ids of the login's inputs may be those of fields of the form behind.
  for (const input of place.querySelectorAll("[id]")) input.id = `login-${input.id}`;
  for (const label of place.querySelectorAll("[for]")) label.htmlFor = `login-${label.htmlFor}`;
  for (const input of place.querySelectorAll("[aria-describedby]")) input.removeAttribute("aria-describedby");
}

if (form && form.querySelector("[data-save]")) {
  dialog?.querySelector("[data-login-close]")?.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.defaultPrevented || button?.name === "_op" || button?.hasAttribute("form") || button?.hasAttribute("formaction")) return;
    event.preventDefault();
    save(button?.name === "_save" ? button : form.querySelector("[data-save]"));
  });
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.defaultPrevented || !event.target.matches("form[data-conflict]") || button?.name === "_op" || form.isConnected) return;
    event.preventDefault();
    save(button, event.target);
  });
  comeBack();
}
