/* The panels of a list's tools. Each is a page of its own with plain forms; here it opens beside its button, its
 * forms are sent without leaving the list, and its rows are dragged. On a phone the page itself is shown. */
const phone = matchMedia("(max-width: 47.99rem)");
const HEADER = { "X-Panel": "yes" };
let open = null; // the panel: { link, pop }

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-panel]");
  if (link) {
    if (phone.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const same = open?.link === link;
    close();
    if (!same) await openPanel(link);
    return;
  }
  if (event.target.closest("[data-panel-close]") && open) {
    event.preventDefault();
    close(true);
    return;
  }
  const leaving = event.target.closest("a[data-panel-leave]");
  if (leaving && open) {
    event.preventDefault();
    go(leaving.href);
    return;
  }
  const order = event.target.closest("[data-order]");
  if (order) {
    event.preventDefault();
    move(order.closest("[data-order-row]"), order.dataset.order);
    order.focus();
    return;
  }
  // The target may have gone with what its own click changed: then it was no click beside the panel.
  if (open && event.target.isConnected && !open.pop.contains(event.target)) close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && open) {
    event.stopPropagation();
    close(true);
  }
}, true);

async function openPanel(link) {
  const answer = await ask(link.href);
  if (!answer) return;
  const pop = document.createElement("div");
  pop.className = link.dataset.panel === "end" ? "a-pop is-end" : "a-pop";
  pop.setAttribute("role", "dialog");
  pop.setAttribute("aria-label", link.textContent.trim());
  link.after(pop);
  link.setAttribute("aria-expanded", "true");
  open = { link, pop };
  fill(pop, answer);
  (pop.querySelector("[data-panel-focus], [data-col-find]") ?? pop.querySelector("select, input:not([type=hidden]), a"))?.focus();
}

function close(back = false) {
  if (!open) return;
  open.pop.remove();
  open.link.removeAttribute("aria-expanded");
  if (back) open.link.focus();
  open = null;
}

/* The text of a panel, or null when the answer led elsewhere. Whatever goes wrong, the page itself is shown. */
async function ask(url, options = {}) {
  let answer;
  try {
    answer = await fetch(url, { ...options, headers: HEADER, credentials: "same-origin" });
  } catch {
    location.assign(url);
    return null;
  }
  const to = answer.headers.get("X-Location");
  if (to) {
    go(to, Boolean(options.method));
    return null;
  }
  if (answer.redirected || !answer.headers.get("Vary")?.includes("X-Panel")) {
    location.assign(answer.redirected ? answer.url : url);
    return null;
  }
  return answer.text();
}

/* To a list: swapped in like any of its links. After a POST the whole page, which has something to say. */
function go(url, whole = false) {
  const list = document.getElementById("list");
  close();
  if (whole || !list || !window.htmx) {
    location.assign(url);
    return;
  }
  const link = document.createElement("a");
  link.href = url;
  link.hidden = true;
  list.append(link);
  window.htmx.process(link);
  link.click();
}

function fill(place, text) {
  const shown = new DOMParser().parseFromString(text, "text/html");
  place.replaceChildren(...[...shown.body.childNodes].map((one) => document.adoptNode(one)));
  window.aiocms?.content?.(place);
  place.style.translate = "";
  if (!place.matches(".a-pop")) return;
  const box = place.getBoundingClientRect();
  // Its buttons stay in the window: what is above them scrolls in the room that is left.
  place.style.setProperty("--room", `${Math.max(innerHeight - box.top - 8, 240)}px`);
  const over = Math.max(0, box.right - document.documentElement.clientWidth + 8) || Math.min(0, box.left - 8);
  if (over) place.style.translate = `${-over}px 0`;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-panel-form]");
  const place = form?.closest(".a-pop, [data-panel-page]");
  if (!place) return;
  event.preventDefault();
  event.stopPropagation();
  queue(place, form, event.submitter?.value ?? "", "");
}, true);
document.addEventListener("change", (event) => {
  const form = event.target.matches("[data-refit]") && event.target.closest("form[data-panel-form]");
  const place = form && form.closest(".a-pop, [data-panel-page]");
  if (place) queue(place, form, "fit", event.target.name);
});

/* One after the other: each is sent with what the answer to the one before it left in the form. */
let last = Promise.resolve();
function queue(place, form, button, changed) {
  const at = [...place.querySelectorAll("form")].indexOf(form);
  last = last.then(() => send(place, place.querySelectorAll("form")[at], button, changed)).catch(() => form.isConnected && form.submit());
}

/* Send a panel's form as the pressed button would; `fit` shows it again with what now fits. */
async function send(place, form, button, changed) {
  if (!form?.isConnected) return;
  const data = new FormData(form);
  if (button) data.set("do:", button);
  const inputs = () => [...place.querySelectorAll("select, input:not([type=hidden]), textarea")];
  const read = () => {
    const seen = {};
    return new Map(inputs().filter((one) => one.type !== "checkbox").map((one) => {
      const nth = (seen[one.name] = (seen[one.name] ?? -1) + 1);
      return [`${nth} ${one.name}`, one.value];
    }));
  };
  const before = read();
  const names = inputs().map((one) => one.name);
  const url = new URL(form.action);
  let text;
  if (form.method === "post") text = await ask(url, { method: "POST", body: new URLSearchParams(data) });
  else {
    url.search = new URLSearchParams(data);
    text = await ask(url);
  }
  if (text === null || !place.isConnected) return;
  // What was typed while the answer was on its way stays.
  const typed = [...read()].filter(([key, value]) => before.get(key) !== value);
  const focused = inputs().indexOf(document.activeElement);
  const moved = focused >= 0 && document.activeElement.name !== changed ? document.activeElement.name : "";
  const scrolled = place.querySelector(".a-tool-body")?.scrollTop ?? 0;
  fill(place, text);
  for (const [key, value] of typed) {
    const at = key.indexOf(" ");
    const input = place.querySelectorAll(`[name="${CSS.escape(key.slice(at + 1))}"]`)[Number(key.slice(0, at))];
    if (input) input.value = value;
  }
  const body = place.querySelector(".a-tool-body");
  if (body) body.scrollTop = scrolled;
  const goesOn = changed && moved && place.querySelector(`[name="${CSS.escape(moved)}"]`);
  if (goesOn) goesOn.focus();
  else focusNext(place, changed, names, button);
}

/* Where a person goes on: at the changed select, at a row that is new, else at the panel's first button. */
function focusNext(place, changed, names, button) {
  const inputs = [...place.querySelectorAll("select, input:not([type=hidden]), textarea")];
  const fresh = inputs.find((one) => one.name && !names.includes(one.name));
  const same = changed && inputs.findLast((one) => one.name === changed);
  const value = changed.startsWith("path:") && inputs.find((one) => one.name === changed.replace("path:", "op:"));
  const wrong = place.querySelector(".is-invalid input, .is-invalid select, [role=alert]");
  const pressed = button && place.querySelector(`button[value="${CSS.escape(button)}"]:not(.a-sr)`);
  (wrong?.matches("input, select") ? wrong : value || same || (!changed && fresh) || pressed || inputs[0])?.focus();
}

// Columns: what is typed leaves only the rows that are named so.
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-col-find]")) return;
  const wanted = event.target.value.trim().toLowerCase().split(/\s+/);
  const form = event.target.closest("form");
  const rows = [...form.querySelectorAll("[data-find]")];
  for (const row of rows) row.hidden = !wanted.every((part) => row.dataset.find.includes(part));
  const none = form.querySelector(".a-col-none");
  if (none) none.hidden = rows.some((row) => !row.hidden);
});
document.addEventListener("keydown", (event) => {
  // Enter in the search for a column ticks the only one that is left instead of sending the form.
  if (event.key !== "Enter" || !event.target.matches("[data-col-find]")) return;
  event.preventDefault();
  const left = [...event.target.form.querySelectorAll("[data-find]:not([hidden]) input")];
  if (left.length === 1) left[0].click();
});

function move(row, way) {
  const other = way === "up" ? row.previousElementSibling : row.nextElementSibling;
  if (!other || !other.querySelector("[data-order]")) return;
  if (way === "up") other.before(row);
  else other.after(row);
}

// Rows are dragged by their grip, with mouse, pen or finger.
document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-order-grip]");
  const row = grip?.closest("[data-order-row]");
  if (!row || event.button) return;
  event.preventDefault();
  row.classList.add("is-dragged");
  const drag = (now) => {
    for (const other of row.parentElement.children) {
      if (other === row || !other.querySelector("[data-order]")) continue;
      const box = other.getBoundingClientRect();
      if (now.clientY < box.top || now.clientY > box.bottom) continue;
      if (now.clientY < box.top + box.height / 2) other.before(row);
      else other.after(row);
      break;
    }
  };
  // On the document: a row that is moved loses a capture of the pointer.
  const end = () => {
    row.classList.remove("is-dragged");
    document.removeEventListener("pointermove", drag);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
  };
  document.addEventListener("pointermove", drag);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
});
