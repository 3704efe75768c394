/* Keys of the whole page. Which there are stands in the help dialog (parts/keys.tpl); a script takes one up by
 * `aiocms.keys.on("tick", (event) => …)`, where false means that it had nothing to do. Nothing happens while
 * somebody types, and single letters can be switched off in the help. */
const aiocms = (window.aiocms ??= {});
const dialog = document.getElementById("keys");
const taken = new Map();
const table = new Map();
const SETTING = "aiocms.keys";

for (const row of dialog?.querySelectorAll("[data-shortcut]") ?? []) {
  if (!row.dataset.shortcut) continue;
  for (const key of row.dataset.keys.split(" ")) table.set(key, { does: row.dataset.shortcut, single: row.hasAttribute("data-single") });
}

function read() {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

function nameOf(event) {
  const key = event.key === " " ? "Space" : event.key;
  if (event.ctrlKey || event.metaKey) return event.altKey || event.shiftKey ? "" : `Mod+${key.toLowerCase()}`;
  if (event.altKey) return "";
  // "?" needs Shift on many keyboards, so Shift counts only with letters.
  return event.shiftKey && /^\p{L}$/u.test(key) ? `Shift+${key.toUpperCase()}` : key;
}

const typing = (target) => target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]:not([contenteditable=false])") !== null;

function run(does, event) {
  for (const one of taken.get(does) ?? []) if (one(event) !== false) return true;
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const found = table.get(nameOf(event));
  if (!found) return;
  if (found.single && (typing(event.target) || !read())) return;
  // What lies over the page has its own keys.
  if (found.does !== "palette" && document.querySelector("dialog:modal")) return;
  if (run(found.does, event)) event.preventDefault();
});

function help() {
  if (!dialog) return false;
  dialog.querySelector("[data-keys-switch]").checked = read();
  dialog.showModal();
}

if (dialog) {
  if (/Mac|iP(hone|ad)/.test(navigator.platform)) for (const one of dialog.querySelectorAll("kbd")) if (one.textContent === "Ctrl") one.textContent = "⌘";
  dialog.querySelector("[data-keys-switch]").addEventListener("change", (event) => {
    try {
      if (event.target.checked) localStorage.removeItem(SETTING);
      else localStorage.setItem(SETTING, "off");
    } catch {
      // Without storage the switch holds for nothing; the keys stay as they are.
      event.target.checked = true;
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-help]")) help();
});

aiocms.keys = {
  on(does, one) {
    taken.set(does, [...(taken.get(does) ?? []), one]);
  },
  run,
};
aiocms.keys.on("help", help);
