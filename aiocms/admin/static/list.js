/* Makes a list pleasant; every link and form of it works without. The list is swapped by htmx, so all is
 * listened for on the document. */
const list = () => document.getElementById("list");
const rows = () => [...document.querySelectorAll(".a-list tbody tr")];
const ticks = () => [...document.querySelectorAll(".a-list tbody .a-tick input")];

// A list that could not be understood is answered with 400 and says why: show it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "list" && event.detail.xhr.status === 400) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLDetailsElement) || !menu.open || !menu.closest("#list")) return;
  for (const other of document.querySelectorAll("#list details[data-menu][open]")) if (other !== menu) other.open = false;
}, true);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) for (const tick of ticks()) tick.checked = event.target.checked;
  if (event.target.closest(".a-tick")) countTicks();
});

let lastTick = null;
document.addEventListener("click", (event) => {
  const tick = event.target.closest(".a-list tbody .a-tick input");
  if (tick) {
    const all = ticks();
    if (event.shiftKey && lastTick && all.includes(lastTick)) {
      const [from, to] = [all.indexOf(lastTick), all.indexOf(tick)].sort((a, b) => a - b);
      for (const one of all.slice(from, to + 1)) one.checked = tick.checked;
      countTicks();
    }
    lastTick = tick;
    return;
  }
  // Shift adds a column to the order instead of replacing it.
  const head = event.target.closest("th a[data-add]");
  if (head && event.shiftKey) {
    event.preventDefault();
    event.stopPropagation();
    location.assign(head.dataset.add);
  }
}, true);

function countTicks() {
  const label = document.querySelector("[data-ticked-count]");
  const count = ticks().filter((tick) => tick.checked).length;
  if (label) label.textContent = `${count} ${label.dataset.text}`;
}

// Keys (the table of them is in the help, keys.js): what they do here.
const current = () => document.querySelector(".a-list tbody tr.is-current");
const linkOf = (row) => row?.querySelector(".a-label a[href]");

function goTo(row) {
  if (!row) return false;
  mark(row);
  linkOf(row)?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}
function mark(row) {
  for (const one of rows()) if (one !== row) one.classList.remove("is-current");
  row?.classList.add("is-current");
}
function step(by) {
  const all = rows();
  const now = all.indexOf(current());
  return goTo(all[Math.min(Math.max(now + by, 0), all.length - 1)]);
}
function tickCurrent(event) {
  const tick = current()?.querySelector(".a-tick input");
  if (!tick) return false;
  const all = ticks();
  if (event.shiftKey && lastTick && all.includes(lastTick)) {
    const [from, to] = [all.indexOf(lastTick), all.indexOf(tick)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = true;
  } else tick.checked = !tick.checked;
  lastTick = tick;
  countTicks();
}
function preview(row) {
  const link = linkOf(row);
  if (!link) return false;
  const address = new URL(link.href);
  address.pathname += "/preview";
  window.aiocms.drawer.open(address.href, { title: link.textContent });
}
const onRow = (event, act) => (event.target.closest?.("button, summary, [role=button]") && event.key === " " ? false : act(current()));
const keys = window.aiocms?.keys;
keys?.on("search", () => {
  const box = document.querySelector("[data-list-search]");
  if (!box) return false;
  box.focus();
  box.select();
});
keys?.on("down", () => step(1));
keys?.on("up", () => step(-1));
keys?.on("tick", tickCurrent);
keys?.on("range", tickCurrent);
keys?.on("preview", (event) => (event.target.closest?.("input") ? false : onRow(event, preview)));
keys?.on("edit", () => linkOf(current())?.click() ?? Boolean(current()));
keys?.on("new", () => {
  const link = document.querySelector("[data-new]");
  if (!link) return false;
  link.click();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches?.("[data-list-search]")) event.target.blur();
});
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".a-list tbody tr");
  if (row) mark(row);
});

// The tools of a row: one set for all, at the row that is pointed at. Fingers do not point: each row has its own.
const touch = matchMedia("(hover: none)");
const tools = () => document.querySelector("template[data-row-tools]")?.content.querySelector(".a-row-tools").cloneNode(true);
let shared = null;
function giveTools(row) {
  const label = row?.querySelector(".a-label");
  if (!label || !linkOf(row) || label.querySelector(".a-row-tools")) return;
  if (!touch.matches && !shared?.isConnected) shared = tools();
  const own = touch.matches ? tools() : shared;
  if (own) label.append(own);
}
document.addEventListener("pointerover", (event) => giveTools(event.target.closest?.(".a-list tbody tr")));
document.addEventListener("focusin", (event) => giveTools(event.target.closest?.(".a-list tbody tr")));
function giveAllTools() {
  // A page that is put in was parsed as if nothing ran here: what is for browsers without script is in it as elements.
  for (const link of document.querySelectorAll(".a-list noscript > *")) link.parentElement.remove();
  if (touch.matches) for (const row of rows()) giveTools(row);
}
window.aiocms?.onContent?.(giveAllTools);
document.addEventListener("htmx:afterSettle", giveAllTools);
giveAllTools();
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-preview]")?.closest("tr");
  if (!row) return;
  event.preventDefault();
  mark(row);
  preview(row);
});

// What was changed beside the list is shown in it: the list is read again, ticks and place are kept.
async function refresh() {
  const box = document.querySelector(".a-scroll");
  const before = { top: box?.scrollTop, left: box?.scrollLeft, ticked: ticks().filter((one) => one.checked).map((one) => one.value), row: current()?.dataset.id };
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("list");
  if (!fresh || !list()) return;
  const own = document.adoptNode(fresh);
  list().replaceWith(own);
  window.htmx?.process(own);
  window.aiocms.content?.(own);
  for (const tick of ticks()) tick.checked = before.ticked.includes(tick.value);
  countTicks();
  mark(rows().find((row) => row.dataset.id === before.row));
  document.querySelector(".a-scroll")?.scrollTo({ top: before.top, left: before.left, behavior: "instant" });
}
document.addEventListener("aiocms:saved", () => {
  if (list()) refresh();
});
// Taking a change back leads to the document; from a list it leads nowhere.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.closest("#toasts") || !list() || form.method !== "post") return;
  event.preventDefault();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    form.closest(".a-toast")?.remove();
    window.aiocms.drawer.takeToasts(page);
    await refresh();
  } catch {
    form.submit();
  }
});
window.aiocms.list = { refresh };
