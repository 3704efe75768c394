/* Cells edited in place. The form is the one of the cell's own page: the server makes it, checks it and, when it is
 * saved, gives the row as it is then. A cell with data-edit="path" may be edited: by a double click, its pencil,
 * or Enter and F2 when it has the focus. Arrow keys go from cell to cell. */
const aiocms = (window.aiocms ??= {});
const HEADER = "X-Aiocms-Cell";
let open = null; // { cell, box, form, touched }

const cellOf = (target) => target.closest?.(".a-list tbody :is(td, th.a-label)");
const linkOf = (row) => row?.querySelector(".a-label a[href]");
const pathOf = (cell) => (cell?.matches("th") ? cell.closest("table").dataset.labelEdit : cell?.dataset.edit);

function addressOf(cell) {
  const link = linkOf(cell.closest("tr"));
  if (!link) return null;
  const address = new URL(link.href);
  address.pathname += "/cell";
  address.searchParams.set("path", pathOf(cell));
  if (!address.searchParams.has("next") && location.search) address.searchParams.set("next", location.pathname + location.search);
  return address;
}

async function edit(cell) {
  if (open) close(false);
  const address = pathOf(cell) && addressOf(cell);
  if (!address) return;
  cell.classList.add("is-open");
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    // Too large for a cell: the page of the document has room.
    if (answer.redirected) return aiocms.drawer.open(answer.url);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = page.querySelector("form[data-cell]");
    if (!form) return aiocms.drawer.open(address.href);
    await aiocms.drawer.takeStyles(page);
    const box = document.createElement("div");
    box.className = "a-cell-editor";
    box.popover = "manual";
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", cell.dataset.label ?? page.querySelector("h1")?.textContent ?? "");
    document.body.append(box);
    open = { cell, box, touched: false };
    show(document.adoptNode(form));
    box.showPopover?.();
    place();
    focusFirst();
    aiocms.drawer.takeScripts(page);
  } catch {
    location.assign(address);
  } finally {
    if (!open) cell.classList.remove("is-open");
  }
}

function show(form) {
  open.form = form;
  open.box.replaceChildren(form);
  window.htmx?.process(form);
  aiocms.content?.(form);
}

function focusFirst() {
  const form = open.form;
  const input = form.querySelector("[aria-invalid=true], input[type=radio]") ?? form.querySelector(".a-cell-field :is(input:not([type=hidden]), textarea, select), .a-cell-field button");
  (input ?? form.querySelector(".a-cell-buttons .btn-primary") ?? form.querySelector(".a-cell-buttons a"))?.focus();
  if (input?.matches("input[type=text], input:not([type])")) input.select();
}

/* Over the cell, as far as the window has room. On a phone the style sheet puts it at the foot. */
function place() {
  if (!open) return;
  const { box, cell } = open;
  if (matchMedia("(max-width: 47.99rem)").matches) return box.removeAttribute("style");
  const at = cell.getBoundingClientRect();
  box.style.minWidth = `${Math.max(at.width, 288)}px`;
  const size = box.getBoundingClientRect();
  const start = getComputedStyle(document.body).direction === "rtl" ? at.right - size.width : at.left;
  box.style.left = `${Math.max(8, Math.min(start, innerWidth - size.width - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(at.top, innerHeight - size.height - 8))}px`;
}

function close(back = true) {
  if (!open) return;
  const { cell, box } = open;
  open = null;
  box.remove();
  cell.classList.remove("is-open");
  if (back) focusCell(cell);
}

function focusCell(cell) {
  if (!cell?.isConnected) return;
  if (cell.matches("th")) cell.querySelector("a")?.focus({ preventScroll: true });
  else {
    cell.tabIndex = -1;
    cell.focus({ preventScroll: true });
  }
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

async function send(button) {
  const { form, box, cell } = open;
  if (box.getAttribute("aria-busy") === "true") return;
  const address = new URL(form.action);
  const columns = [...cell.closest("table").querySelectorAll("thead [data-path]")].map((one) => one.dataset.path.replaceAll(",", "\\,"));
  address.searchParams.set("cols", columns.join(","));
  box.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(new FormData(form, button)), headers: { Accept: "text/html", [HEADER]: "row" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (open?.form !== form) return;
    const saved = page.querySelector("[data-cell-saved]");
    const fresh = page.querySelector("form[data-cell]");
    const gone = page.querySelector("[data-gone]");
    if (saved) finish(cell, saved.querySelector("tr"), page);
    else if (fresh) {
      show(document.adoptNode(fresh));
      open.touched = true;
      place();
      focusFirst();
    } else if (gone) tell(gone.textContent);
    else throw new Error(String(answer.status));
  } catch {
    // Whatever went wrong, the plain way shows it.
    form.requestSubmit ? HTMLFormElement.prototype.submit.call(form) : form.submit();
  } finally {
    box.removeAttribute("aria-busy");
  }
}

/* The document is not there any more: what was typed stays to be copied. */
function tell(text) {
  const note = Object.assign(document.createElement("p"), { className: "a-note is-bad", textContent: text });
  note.setAttribute("role", "alert");
  open.form.querySelector("[role=alert]")?.remove();
  open.form.prepend(note);
  open.touched = true;
  place();
}

function finish(cell, fresh, page) {
  const row = cell.closest("tr");
  const at = [...row.cells].indexOf(cell);
  close(false);
  aiocms.drawer.takeToasts(page);
  if (!fresh) {
    row.remove();
    return;
  }
  const own = document.adoptNode(fresh);
  const tick = own.querySelector(".a-tick input");
  if (tick) tick.checked = row.querySelector(".a-tick input")?.checked ?? false;
  own.classList.toggle("is-current", row.classList.contains("is-current"));
  own.classList.add("is-saved");
  row.replaceWith(own);
  window.htmx?.process(own);
  aiocms.content?.(own);
  focusCell(own.cells[Math.min(at, own.cells.length - 1)]);
}

/* From cell to cell: within the row, and to the same column of the next. */
function move(cell, key) {
  const rtl = getComputedStyle(document.body).direction === "rtl";
  const row = cell.closest("tr");
  const cells = [...row.cells].filter((one) => !one.matches(".a-tick"));
  const at = cells.indexOf(cell);
  if (key === "ArrowLeft" || key === "ArrowRight") return cells[at + ((key === "ArrowRight") !== rtl ? 1 : -1)];
  const next = key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
  return next && [...next.cells].filter((one) => !one.matches(".a-tick"))[at];
}

document.addEventListener("keydown", (event) => {
  if (open?.box.contains(event.target)) {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      open.form.requestSubmit();
    } else if (event.key === "Tab") keepInside(event);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const cell = cellOf(event.target);
  const isCell = cell && (event.target === cell || event.target === cell.querySelector(":scope > a"));
  if (!isCell) return;
  if ((event.key === "Enter" && event.target === cell) || event.key === "F2") {
    event.preventDefault();
    if (pathOf(cell)) edit(cell);
    else linkOf(cell.closest("tr"))?.click();
  } else if (event.key.startsWith("Arrow")) {
    const next = move(cell, event.key);
    if (next) {
      event.preventDefault();
      focusCell(next);
    }
  }
});

function keepInside(event) {
  const all = [...open.box.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")].filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility());
  const last = event.shiftKey ? all[0] : all.at(-1);
  if (document.activeElement !== last) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0])?.focus();
}

document.addEventListener("submit", (event) => {
  if (!open || event.target !== open.form) return;
  event.preventDefault();
  event.stopPropagation();
  send(event.submitter);
});
document.addEventListener("input", (event) => {
  if (open?.box.contains(event.target)) open.touched = true;
});
document.addEventListener("change", (event) => {
  // A type that is chosen changes the input beneath it.
  if (!open?.box.contains(event.target) || !event.target.matches("[data-type]")) return;
  const button = document.createElement("button");
  button.name = "_op";
  button.value = `show:${event.target.name.replace(/~s$/, "")}`;
  button.hidden = true;
  open.form.append(button);
  send(button);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-cell-cancel]") && open?.box.contains(event.target)) {
    event.preventDefault();
    close();
    return;
  }
  const pencil = event.target.closest("[data-pencil]");
  if (pencil) {
    event.preventDefault();
    edit(cellOf(pencil));
  }
});
document.addEventListener("pointerdown", (event) => {
  if (open && !open.touched && !open.box.contains(event.target)) close(false);
});
document.addEventListener("dblclick", (event) => {
  const cell = cellOf(event.target);
  if (!cell || event.target.closest("a, button, input, label")) return;
  getSelection()?.removeAllRanges();
  edit(cell);
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "list") close(false);
});
addEventListener("resize", place);
addEventListener("scroll", place, true);
addEventListener("beforeunload", (event) => {
  if (open?.touched && open.box.getAttribute("aria-busy") !== "true") event.preventDefault();
});

// One pencil for all cells: it goes to the one that is pointed at or has the focus.
let pencil = null;
function givePencil(event) {
  const cell = cellOf(event.target);
  if (!cell || !pathOf(cell) || event.pointerType === "touch") return;
  if (!pencil?.isConnected || pencil.ownerDocument !== document) {
    pencil = document.querySelector("template[data-row-tools]")?.content.querySelector("[data-pencil]")?.cloneNode(true);
  }
  if (pencil && pencil.parentElement !== cell) cell.append(pencil);
}
document.addEventListener("pointerover", givePencil);
document.addEventListener("focusin", givePencil);
aiocms.cells = { edit };
