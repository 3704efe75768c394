/* Saves a form by fetch, so that nothing typed is lost when the site does not answer, or when the login has ended:
 * then a dialog asks for it and the form is sent again. Without this file the form is posted as it is. */
const form = document.querySelector("form[data-edit]:not(dialog form)");
const dialog = document.querySelector("[data-login-dialog]");
const SAVE = "X-Aiocms-Save";
let busy = false;

function makeBody(button) {
  const data = new FormData(form, button);
  return form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
}

async function save(button) {
  if (busy) return;
  busy = true;
  for (const menu of form.querySelectorAll(".f-save-more[open]")) menu.open = false;
  form.setAttribute("aria-busy", "true");
  form.dispatchEvent(new CustomEvent("aiocms:saving"));
  let leaving = false;
  try {
    const answer = await fetch(form.getAttribute("action") || location.href.split("#")[0], {
      method: "POST",
      body: makeBody(button),
      headers: { Accept: "text/html, application/json;q=0.9", [SAVE]: "1" },
    });
    if (answer.status === 401) return askForLogin(button);
    if (answer.headers.get("Content-Type")?.includes("json")) {
      const { location: next } = await answer.json();
      if (!answer.ok || !next) throw new Error(String(answer.status));
      leaving = true;
      form.dispatchEvent(new CustomEvent("aiocms:saved"));
      return leave(next);
    }
    if (!answer.ok && answer.status !== 409 && answer.status !== 422) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status === 409 && page.querySelector("form[data-conflict]")) {
      leaving = true;
      return showInstead(page);
    }
    if (page.querySelector("form[data-edit]") && (answer.ok || answer.status === 422 || answer.status === 409)) return adopt(page);
    if (answer.ok) {
      leaving = true;
      return showInstead(page);
    }
    throw new Error(String(answer.status));
  } catch {
    tell(form.dataset.failed, "error");
  } finally {
    busy = false;
    form.removeAttribute("aria-busy");
    if (!leaving) form.dispatchEvent(new CustomEvent("aiocms:kept"));
  }
}

function leave(next) {
  const url = new URL(next, location.href);
  // "Save and stay" keeps the open tab.
  if (url.pathname === location.pathname && !url.hash) url.hash = location.hash;
  const same = url.href === location.href || (url.href.split("#")[0] === location.href.split("#")[0] && url.hash);
  if (same) {
    history.replaceState(history.state, "", url);
    location.reload();
  } else location.assign(url);
}

/* The form as the server answered it, with its errors. */
function adopt(page) {
  const fresh = page.querySelector("form[data-edit]");
  form.querySelector(".a-edit-main").replaceWith(fresh.querySelector(".a-edit-main"));
  for (const name of ["_base", "csrf_token"]) {
    const now = form.querySelector(`[name="${name}"]`), then = fresh.querySelector(`[name="${name}"]`);
    if (now && then) now.value = then.value;
  }
  window.aiocms?.content?.(form.querySelector(".a-edit-main"));
  form.dispatchEvent(new Event("input", { bubbles: true }));
  const wrong = form.querySelector(".a-edit-main .is-invalid");
  const input = wrong?.matches("input, select, textarea") ? wrong : wrong?.querySelector("input:not([type=hidden]), textarea, select");
  if (input) input.focus();
  else form.querySelector(".a-edit-main .a-note")?.scrollIntoView({ block: "nearest" });
  tell([...form.querySelectorAll(".a-edit-main .a-note.is-bad")][0]?.textContent.trim() || form.dataset.wrong, "error");
}

/* Somebody else changed the same fields: the conflict page takes the place of the form. */
function showInstead(page) {
  form.dispatchEvent(new CustomEvent("aiocms:leaving"));
  for (const link of page.querySelectorAll("head link[rel=stylesheet]")) {
    if (!document.querySelector(`link[href="${CSS.escape(link.getAttribute("href"))}"]`)) document.head.append(document.importNode(link));
  }
  document.title = page.title;
  const now = document.querySelector("main"), then = page.querySelector("main");
  now.replaceWith(then);
  document.querySelector(".a-crumbs")?.replaceWith(page.querySelector(".a-crumbs") ?? "");
  window.aiocms?.content?.(then);
  then.focus();
  scrollTo({ top: 0 });
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
async function askForLogin(button) {
  if (!dialog) return void tell(form.dataset.failed, "error");
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
    resume(fresh, button);
  };
  // Logged in elsewhere meanwhile: coming back to this window is enough.
  const back = async () => {
    const fresh = (await fetchPage(location.href.split("#")[0]))?.querySelector("form[data-edit]");
    if (fresh) resume(fresh, button);
  };
  addEventListener("focus", back);
  dialog.addEventListener("close", () => removeEventListener("focus", back), { once: true });
}

function resume(fresh, button) {
  if (fresh.dataset.user !== form.dataset.user) {
    dialog.querySelector("[data-login-other]").hidden = false;
    return;
  }
  const token = fresh.querySelector("[name=csrf_token]").value;
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = token;
  for (const meta of document.querySelectorAll("meta[name=csrf-token]")) meta.content = token;
  if (dialog.open) dialog.close();
  busy = false;
  save(button);
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
    if (event.defaultPrevented || button?.name === "_op" || button?.hasAttribute("form")) return;
    event.preventDefault();
    save(button?.name === "_save" ? button : form.querySelector("[data-save]"));
  });
}
