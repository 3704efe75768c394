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

// The conditions that a field's type allows.
function fitOperators(form) {
  const field = form.querySelector("[data-filter-field]");
  const operator = form.querySelector("[data-filter-operator]");
  const allowed = (field.selectedOptions[0]?.dataset.operators ?? "").split(" ");
  for (const option of operator.options) option.hidden = option.disabled = !allowed.includes(option.value);
  if (operator.selectedOptions[0]?.disabled) operator.value = allowed[0];
  const choices = (field.selectedOptions[0]?.dataset.choices ?? "").split("\n").filter(Boolean);
  form.querySelector("datalist")?.replaceChildren(...choices.map((one) => new Option(one, one)));
}
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLDetailsElement) || !menu.open || !menu.closest("#list")) return;
  for (const other of document.querySelectorAll("#list details[data-menu][open]")) if (other !== menu) other.open = false;
  const form = menu.querySelector("[data-filter-field]")?.form;
  if (form) fitOperators(form);
}, true);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-filter-field]")) fitOperators(event.target.form);
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

// Keys: "/" search, "j" and "k" rows, "x" tick, Enter opens by the row's own link.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !list()) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape" && event.target.matches("[data-list-search]")) event.target.blur();
    return;
  }
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("[data-list-search]")?.focus();
  } else if (event.key === "j" || event.key === "k") {
    const all = rows();
    const now = all.findIndex((row) => row.classList.contains("is-current"));
    const next = all[Math.min(Math.max(now + (event.key === "j" ? 1 : -1), 0), all.length - 1)];
    all[now]?.classList.remove("is-current");
    next?.classList.add("is-current");
    next?.querySelector(".a-label a")?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
  } else if (event.key === "x") {
    const tick = document.querySelector(".a-list tr.is-current .a-tick input");
    if (tick) {
      tick.checked = !tick.checked;
      countTicks();
    }
  }
});
