/* The shell: what the other scripts share, folding sidebar, groups that stay closed. Without
 * this file everything still works: the sidebar opens by its address (#nav), groups are <details>.
 *
 * window.aiocms
 *   onContent(fn)  fn(root) runs for the document and for every element that is put in later
 *   content(root)  says that root was put into the page; what htmx puts in is told here
 *   toast(text, level, {action})  a message over the page; level: "info", "success", "warning", "danger";
 *                  action: {label, run} calls a function, {label, href} is a link, {label, post} posts there.
 *                  An error must stand in the page too: a toast leaves. Returns the element
 *   csrf()         the token for the header X-CSRF-Token of a fetch
 */
const aiocms = (window.aiocms ??= {});
const listeners = [];

aiocms.onContent = (fn) => {
  listeners.push(fn);
  fn(document);
};
aiocms.content = (root) => {
  for (const fn of listeners) fn(root);
};
document.addEventListener("htmx:load", (event) => {
  const root = event.detail.elt ?? event.target;
  if (root !== document.body) aiocms.content(root);
});
aiocms.csrf = () => document.querySelector('input[name="csrf_token"]')?.value ?? "";
aiocms.toast = (text, level = "info", { action } = {}) => {
  const place = document.getElementById("toasts");
  const models = document.getElementById("toast-models")?.content;
  const model = models?.querySelector(`[data-level="${level}"]`) ?? models?.querySelector('[data-level="info"]');
  if (!place || !model) return null;
  // Said again it stands once.
  for (const one of place.children) if (one.dataset.said === text) one.remove();
  const toast = model.cloneNode(true);
  toast.dataset.said = text;
  toast.querySelector("p").textContent = text;
  if (action) toast.querySelector("[data-close]").before(makeAction(toast, action));
  else if (level === "info" || level === "success") toast.dataset.brief = "";
  place.append(toast);
  const brief = place.querySelectorAll("[data-brief]");
  if (place.children.length > 4 && brief.length > 1) brief[0].remove();
  return toast;
};

function makeAction(toast, { label, run, href, post }) {
  const button = document.createElement(href ? "a" : "button");
  button.className = "btn btn-sm btn-quiet";
  button.textContent = label;
  if (href) button.href = href;
  if (!post) {
    if (run) {
      button.type = "button";
      button.addEventListener("click", () => {
        toast.remove();
        run();
      });
    }
    return button;
  }
  const form = document.createElement("form");
  form.method = "post";
  form.action = post;
  const token = document.createElement("input");
  token.type = "hidden";
  token.name = "csrf_token";
  token.value = aiocms.csrf();
  form.append(token, button);
  return form;
}

const root = document.documentElement;
const phone = matchMedia("(max-width: 47.99rem)");
const fold = document.querySelector("[data-fold]");
const sidebar = document.getElementById("nav");

function showFold() {
  const over = phone.matches && location.hash === "#nav";
  fold?.setAttribute("aria-expanded", String(phone.matches ? over : root.dataset.sidebar !== "folded"));
  // Beneath the open menu nothing is reached but what closes it.
  for (const one of document.querySelectorAll(".a-topbar > :not(.a-scrim), .a-content")) one.inert = over;
  fold?.setAttribute("aria-controls", "nav");
}

fold?.addEventListener("click", (event) => {
  if (phone.matches) return; // The link itself opens it.
  event.preventDefault();
  const folded = root.dataset.sidebar !== "folded";
  if (folded) root.dataset.sidebar = "folded";
  else delete root.dataset.sidebar;
  // The server reads the cookie, so the next page is folded from its first paint.
  document.cookie = `aiocms_sidebar=folded; Path=/; Max-Age=${folded ? 31536000 : 0}; SameSite=Lax`;
  showFold();
});
fold?.addEventListener("keydown", (event) => {
  if (event.key === " ") {
    event.preventDefault();
    fold.click();
  }
});
addEventListener("hashchange", () => {
  showFold();
  // What is not yet visible, even for a hundredth of a millisecond, takes no focus.
  if (location.hash === "#nav") requestAnimationFrame(() => requestAnimationFrame(() => sidebar?.querySelector("a, input")?.focus()));
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash === "#nav") {
    location.replace("#main");
    showFold();
    fold?.focus();
  }
});
phone.addEventListener("change", showFold);
showFold();

const groups = [...document.querySelectorAll(".a-nav-group")];

// Which groups are closed is a matter of this browser alone.
const KEY = "aiocms.nav.closed";
let closed = [];
try {
  closed = JSON.parse(localStorage.getItem(KEY) ?? "[]");
} catch {
  closed = [];
}
for (const group of groups) {
  const name = group.dataset.keep;
  if (closed.includes(name) && !group.querySelector("[aria-current]")) group.open = false;
  group.querySelector("summary")?.addEventListener("click", () => {
    closed = group.open ? [...new Set([...closed, name])] : closed.filter((one) => one !== name);
    try {
      localStorage.setItem(KEY, JSON.stringify(closed));
    } catch {
      // Storage is full or forbidden: the group just opens again on the next page.
    }
  });
}
document.querySelector(".a-nav [aria-current]")?.scrollIntoView({ block: "nearest" });
