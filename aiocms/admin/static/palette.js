/* The palette: Ctrl-K, its button, and "Go to…" in the sidebar. The server finds, within the user's rights; this
 * file only asks and walks through the list (ARIA's combobox with a list box). Without it /admin/find does the same. */
const aiocms = (window.aiocms ??= {});
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("[data-palette-input]");
const list = document.getElementById("palette-list");
const options = () => [...list.querySelectorAll("[role=option]")];
const ticked = () => document.querySelectorAll(".a-list tbody .a-tick input:checked").length;
let asking = null;
let timer = 0;

function open(text = "") {
  if (!dialog) return false;
  if (dialog.open) return;
  input.value = text;
  dialog.showModal();
  input.focus();
  ask();
}

async function ask() {
  clearTimeout(timer);
  asking?.abort();
  const mine = (asking = new AbortController());
  const address = new URL(dialog.dataset.url, location.href);
  address.search = new URLSearchParams({ q: input.value, ns: dialog.dataset.ns, screen: dialog.dataset.screen, ticked: ticked() });
  list.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: mine.signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    list.replaceChildren(...[...page.body.childNodes].map((node) => document.adoptNode(node)));
    list.scrollTop = 0;
    select(options().find((one) => one.ariaDisabled !== "true"));
    const status = dialog.querySelector("[data-palette-status]");
    status.textContent = `${options().length} ${status.dataset.text}`;
  } catch (error) {
    if (error.name !== "AbortError") location.assign(`${document.querySelector("a[data-palette]")?.href ?? "?"}?q=${encodeURIComponent(input.value)}`);
  } finally {
    if (mine === asking) list.removeAttribute("aria-busy");
  }
}

function select(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

function step(by) {
  const all = options();
  const now = all.findIndex((one) => one.ariaSelected === "true");
  if (all.length) select(all[(now + by + all.length) % all.length]);
}

function choose(option, event) {
  if (!option || option.ariaDisabled === "true") return;
  const { command } = option.dataset;
  if (command) {
    dialog.close();
    act(command);
  } else if (event.ctrlKey || event.metaKey) window.open(option.href);
  else {
    dialog.close();
    location.assign(option.href);
  }
}

function act(command) {
  const [what, name] = command.split(":");
  if (what === "theme" || what === "density") document.querySelector(`[data-${what}-set="${name}"]`)?.click();
  else if (what === "help") aiocms.keys?.run("help");
  else if (what === "logout") document.querySelector(".a-user form button, form[action*=logout] button")?.click();
  else if (what === "action") document.querySelector(`.a-bulk button[name=action][value="${CSS.escape(name)}"]`)?.click();
}

if (dialog) {
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "PageDown") step(5);
    else if (event.key === "PageUp") step(-5);
    else if (event.key === "Enter") choose(options().find((one) => one.ariaSelected === "true"), event);
    else if (event.key === "Escape") dialog.close(); // A search field would only empty itself.
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      event.stopPropagation();
      dialog.close();
    }
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    choose(option, event);
  });
  dialog.querySelector("[data-palette-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => asking?.abort());
}
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-palette]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  // The sidebar of a phone lies over the page as long as the address says so.
  if (location.hash === "#nav") location.replace("#main");
  open();
});
aiocms.keys?.on("palette", () => open());
aiocms.palette = { open };
