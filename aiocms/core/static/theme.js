/* Theme and density: what the visitor chose lies in a cookie, so the server writes it into <html> and no
 * page flashes; without a choice the system decides in CSS alone (light-dark() in tokens.css).
 * Buttons: <button data-theme-set="light|dark|system">, <button data-density-set="comfortable|compact">.
 * Also here, because every page needs them: menus close by Escape and by a click beside them, toasts close. */
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const choices = {
  theme: { attribute: "data-bs-theme", values: ["system", "light", "dark"] },
  // The first is what a visitor has without a choice: the theme of the site may say compact.
  density: { attribute: "data-density", values: root.dataset.densityUsual ? ["compact", "comfortable"] : ["comfortable", "compact"] },
};

/** Keep a choice for a year; the default needs no cookie. */
function remember(name, value) {
  const age = value ? 31536000 : 0;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `aiocms_${name}=${value || ""}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
}

/** The cookie's value, or "". */
function recall(name) {
  return document.cookie.match(new RegExp(`(?:^|; )aiocms_${name}=([a-z]*)`))?.[1] ?? "";
}

function current(name) {
  const { values } = choices[name];
  const kept = recall(name);
  return values.includes(kept) ? kept : values[0];
}

function apply(name) {
  const { attribute } = choices[name];
  const value = current(name);
  // Bootstrap's own dark rules (the arrow of a select, the close button) need the attribute.
  if (name === "theme") root.setAttribute(attribute, value === "system" ? (dark.matches ? "dark" : "light") : value);
  else root.setAttribute(attribute, value);
  for (const button of document.querySelectorAll(`[data-${name}-set]`)) {
    button.setAttribute("aria-pressed", String(button.dataset[`${name}Set`] === value));
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.a-menu[open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}

root.classList.add("has-js");
for (const name of Object.keys(choices)) apply(name);
dark.addEventListener("change", () => apply("theme"));
addEventListener("pageshow", () => Object.keys(choices).forEach(apply));

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  closeMenus(target);
  for (const [name, { values }] of Object.entries(choices)) {
    const button = target?.closest(`[data-${name}-set]`);
    if (!button) continue;
    const value = button.dataset[`${name}Set`];
    remember(name, value === values[0] ? "" : value);
    apply(name);
  }
  const next = target?.closest("[data-theme-next]");
  if (next) {
    const shown = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    remember("theme", shown === (dark.matches ? "dark" : "light") ? "" : shown);
    apply("theme");
  }
  target?.closest("[data-close]")?.closest(".a-toast, .a-note, .alert")?.remove();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.a-menu[open]");
  closeMenus();
  menu?.querySelector("summary")?.focus();
});

// A message without a button leaves by itself, but not while it is read: pointed at, focused, or in another tab.
const toasts = document.getElementById("toasts");
const LIFE = 7000;
function age(toast) {
  let left = LIFE + 40 * toast.textContent.trim().length;
  const tick = setInterval(() => {
    if (!toast.isConnected) return clearInterval(tick);
    if (document.hidden || toasts.matches(":hover, :focus-within")) return;
    left -= 250;
    if (left <= 0) toast.remove();
  }, 250);
}
if (toasts) {
  for (const toast of toasts.querySelectorAll("[data-brief]")) age(toast);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const one of addedNodes) if (one.dataset?.brief !== undefined) age(one);
  }).observe(toasts, { childList: true });
  // The messages are last in the page: one key goes there.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8") return;
    const button = toasts.querySelector(".a-toast:last-child :is(a, button)");
    if (button) event.preventDefault();
    button?.focus();
  });
}
