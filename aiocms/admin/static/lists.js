/* Lists in edit forms: items are opened, added, copied, removed and moved in the page; by drag with mouse, pen or
 * finger, too. Order is the order of the elements; a list with closed items, which have no inputs, tells it in
 * <list>~q. Without this file every button posts the whole form and the page comes back. */
const form = document.querySelector("form[data-edit]");
const DRAGGED = "is-dragged";

function touch() {
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function nameOf(item) {
  return item.dataset.item;
}

function labelOf(item) {
  return nameOf(item).slice(nameOf(item).lastIndexOf("-") + 1);
}

/* What the server needs to know of one part: its own inputs, and what marks the parts around it. */
function gather(name, operation, part, { whole = true } = {}) {
  const data = [];
  for (const [key, value] of new FormData(form)) {
    if (typeof value !== "string") continue;
    const bare = key.split("~")[0];
    const around = key.includes("~") && (bare === name || name.startsWith(`${bare}-`));
    const inside = whole && (bare === name || bare.startsWith(`${name}-`));
    if (key.startsWith("_") || key === "csrf_token" || around || inside) data.push([key, value]);
  }
  data.push(["_op", operation], ["_part", part]);
  return window.aiocms.pack(data);
}

async function ask(body, busy) {
  busy.setAttribute("aria-busy", "true");
  // What were typed here now would go with what the answer takes the place of; and of two items that are asked for
  // at once both would get the same number.
  busy.inert = true;
  try {
    const answer = await fetch(form.action || location.href, { method: "POST", body, headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    const made = box.content.firstElementChild;
    if (!made || made.localName === "html" || made.localName === "meta") throw new Error("no part");
    return made;
  } finally {
    busy.removeAttribute("aria-busy");
    busy.inert = false;
  }
}

function show(made) {
  window.aiocms.content?.(made);
  for (const list of [made, ...made.querySelectorAll("[data-folds]")]) if (list.matches("[data-folds]")) list.hidden = false;
  const field = made.querySelector(".a-item-body :is(input:not([type=hidden]), textarea, select)") ?? made.querySelector("input:not([type=hidden]), textarea, select");
  (field ?? made.querySelector("summary, button"))?.focus({ preventScroll: true });
  made.scrollIntoView({ block: "nearest" });
}

/* The order of a list's items, for a server that gets no inputs of the closed ones. */
function tellOrder(items) {
  const list = items.closest("[data-part]");
  const count = list.querySelector(":scope > legend [data-count]");
  const all = [...items.querySelectorAll(":scope > [data-item]")];
  if (count) count.textContent = String(all.filter((one) => !one.querySelector(":scope > .a-gone")).length);
  if (!list.hasAttribute("data-light")) return;
  let order = list.querySelector(":scope > input[data-order]");
  if (!order) {
    order = document.createElement("input");
    order.type = "hidden";
    order.name = `${list.dataset.part}~q`;
    order.dataset.order = "";
    list.insertBefore(order, items);
  }
  order.value = all.map(labelOf).join(",");
}

function move(item, step) {
  const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(item);
  else other.after(item);
  tellOrder(item.parentElement);
  touch();
  say(item);
}

/* Who does not see the list is told where the item stands now. */
function say(item) {
  const box = form.querySelector("[data-moved]");
  if (!box) return;
  const all = [...item.parentElement.children].filter((one) => !one.querySelector(":scope > .a-gone"));
  const text = box.dataset.moved.replace("{place}", all.indexOf(item) + 1).replace("{count}", all.length);
  // The same words again would not be a change, so they would not be read.
  box.textContent = box.textContent === text ? `${text}\u00a0` : text;
}

/* Alt and an arrow move the item whose heading or buttons have the focus. */
function key(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const item = event.target.closest("[data-item]");
  if (!item?.querySelector(":scope > .a-item-tools, :scope > * > .a-item-tools") || event.target.closest(".a-item-body, input, textarea, select") !== item.closest(".a-item-body")) return;
  event.preventDefault();
  move(item, event.key === "ArrowUp" ? -1 : 1);
  event.target.focus({ preventScroll: true });
}

const inPage = {
  up: (item) => move(item, -1),
  down: (item) => move(item, 1),
  async open(item, button) {
    const made = await ask(gather(nameOf(item), button.value, nameOf(item)), item);
    item.replaceWith(made);
    show(made);
  },
  async restore(item, button) {
    const made = await ask(gather(nameOf(item), button.value, nameOf(item)), item);
    item.replaceWith(made);
    tellOrder(made.parentElement);
    made.querySelector(".a-item-tools .is-danger")?.focus({ preventScroll: true });
    window.aiocms.content?.(made);
  },
  async remove(item, button) {
    const items = item.parentElement;
    if (item.hasAttribute("data-new")) {
      const next = item.nextElementSibling ?? item.previousElementSibling;
      item.remove();
      (next?.querySelector("summary, button, input:not([type=hidden])") ?? items.closest("[data-part]").querySelector(".a-list-add :is(button, summary)"))?.focus();
    } else {
      const made = await ask(gather(nameOf(item), button.value, nameOf(item)), item);
      item.replaceWith(made);
      made.querySelector("button")?.focus({ preventScroll: true });
    }
    tellOrder(items);
    touch();
  },
  async dup(item, button) {
    tellOrder(item.parentElement);
    const body = gather(nameOf(item), button.value, "*");
    // Only this item is sent: the numbers of the others, new ones too, are not to be given out again.
    const list = item.closest("[data-kind=array]");
    if (!list.hasAttribute("data-light")) body.append(`${list.dataset.part}~q`, [...item.parentElement.children].map(labelOf).join(","));
    const made = await ask(body, list);
    item.after(made);
    tellOrder(item.parentElement);
    touch();
    show(made);
  },
};

async function add(list, button) {
  const items = list.querySelector(":scope > [data-items]");
  tellOrder(items);
  const made = await ask(gather(list.dataset.part, button.value, "*", { whole: !list.hasAttribute("data-light") }), list);
  items.append(made);
  button.closest("details.a-menu")?.removeAttribute("open");
  tellOrder(items);
  touch();
  show(made);
}

async function unfold(list, button) {
  if (!button.value) {
    for (const one of list.querySelectorAll(":scope > [data-items] > [data-item] > details")) one.open = true;
    return;
  }
  const made = await ask(gather(list.dataset.part, button.value, list.dataset.part), list);
  list.replaceWith(made);
  window.aiocms.content?.(made);
  const folds = made.querySelector("[data-folds]");
  if (folds) folds.hidden = false;
  folds?.querySelector("[data-fold-up]")?.focus({ preventScroll: true });
}

/* A whole page takes the place of this one where a part cannot. */
function insist(button) {
  const again = document.createElement("button");
  again.name = "_op";
  again.value = button.value;
  again.hidden = true;
  again.dataset.whole = "";
  form.append(again);
  again.click();
  again.remove();
}

function click(event) {
  const button = event.target.closest("button");
  if (!button || button.hasAttribute("data-whole")) return;
  const list = button.closest("[data-kind=array]");
  if (button.matches("[data-unfold], [data-fold-up]")) {
    if (button.matches("[data-unfold]")) unfold(list, button).catch(() => button.value && insist(button));
    else for (const one of list.querySelectorAll(":scope > [data-items] > [data-item] > details")) one.open = false;
    return;
  }
  if (button.name !== "_op" || !list) return;
  const [verb, name] = button.value.split(":");
  const item = button.closest("[data-item]");
  const mine = item && nameOf(item) === name;
  const declared = list.hasAttribute("data-declared");
  let work = null;
  if (mine && verb in inPage && (!declared || ["up", "down", "open"].includes(verb))) work = () => inPage[verb](item, button);
  else if (verb === "add" && list.dataset.part === name && !declared) work = () => add(list, button);
  if (!work) return;
  event.preventDefault();
  event.stopPropagation();
  Promise.resolve(work()).then(
    () => (verb === "up" || verb === "down") && button.focus({ preventScroll: true }),
    () => insist(button),
  );
}

/* Drag: the element moves in the list while the pointer moves, so what is seen is what will be. */
function drag(event) {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button > 0) return;
  const item = grip.closest("[data-item]");
  const items = item.parentElement;
  const before = item.nextElementSibling;
  let y = event.clientY;
  let frame = 0;
  event.preventDefault();
  const top = item.getBoundingClientRect().top;
  items.classList.add("is-sorting");
  item.classList.add(DRAGGED);
  // The list stays where it is; an element that moves would lose the pointer.
  items.setPointerCapture(event.pointerId);
  // Open items fold while one is moved: keep it below the pointer.
  const scroller = findScroller(items);
  scroller.scrollBy({ top: item.getBoundingClientRect().top - top, behavior: "instant" });

  const place = () => {
    for (let next = item.nextElementSibling; next && y > next.getBoundingClientRect().top + next.offsetHeight / 2; next = item.nextElementSibling) next.after(item);
    for (let last = item.previousElementSibling; last && y < last.getBoundingClientRect().top + last.offsetHeight / 2; last = item.previousElementSibling) last.before(item);
  };
  const roll = () => {
    const edge = 70;
    const step = y < edge ? y - edge : y > innerHeight - edge ? y - innerHeight + edge : 0;
    if (step) {
      scroller.scrollBy({ top: step / 4, behavior: "instant" });
      place();
    }
    frame = requestAnimationFrame(roll);
  };
  const follow = (moved) => {
    y = moved.clientY;
    place();
  };
  const keep = () => end(true);
  const undo = () => end(false);
  const end = (kept) => {
    cancelAnimationFrame(frame);
    items.removeEventListener("pointermove", follow);
    items.removeEventListener("pointerup", keep);
    items.removeEventListener("pointercancel", undo);
    if (items.hasPointerCapture(event.pointerId)) items.releasePointerCapture(event.pointerId);
    removeEventListener("keydown", cancel, true);
    items.classList.remove("is-sorting");
    item.classList.remove(DRAGGED);
    if (!kept) items.insertBefore(item, before);
    else if (item.nextElementSibling !== before) {
      tellOrder(items);
      touch();
      say(item);
    }
  };
  const cancel = (pressed) => {
    if (pressed.key !== "Escape") return;
    pressed.preventDefault();
    pressed.stopPropagation();
    end(false);
  };
  frame = requestAnimationFrame(roll);
  items.addEventListener("pointermove", follow);
  items.addEventListener("pointerup", keep);
  items.addEventListener("pointercancel", undo);
  addEventListener("keydown", cancel, true);
}

function findScroller(element) {
  for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {
    if (one.scrollHeight > one.clientHeight && /auto|scroll/.test(getComputedStyle(one).overflowY)) return one;
  }
  return document.scrollingElement;
}

/* Coordinates are copied as "52.52, 13.405": latitude first, one text for both inputs. */
function paste(event) {
  const box = event.target.closest("[data-point]");
  const found = box && /^\s*\(?\s*([-+]?\d+(?:\.\d+)?)\s*[,;\s]\s*([-+]?\d+(?:\.\d+)?)\s*\)?\s*$/.exec(event.clipboardData?.getData("text") ?? "");
  if (!found) return;
  event.preventDefault();
  const [longitude, latitude] = box.querySelectorAll("input");
  longitude.value = found[2];
  latitude.value = found[1];
  latitude.dispatchEvent(new Event("input", { bubbles: true }));
}

function drawPoint(event) {
  const box = event.target.closest?.("[data-point]");
  const dot = box?.querySelector("[data-dot]");
  if (!dot) return;
  const [longitude, latitude] = [...box.querySelectorAll("input")].map((one) => Number(one.value.replace(",", ".")));
  const fine = Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
  dot.toggleAttribute("hidden", !fine);
  if (fine) {
    dot.setAttribute("cx", String(longitude));
    dot.setAttribute("cy", String(-latitude));
  }
}

if (form) {
  form.dataset.sorts = "";
  for (const folds of form.querySelectorAll("[data-folds]")) folds.hidden = false;
  window.aiocms?.onContent?.((root) => {
    for (const folds of root.querySelectorAll?.("[data-folds]") ?? []) folds.hidden = false;
  });
  form.addEventListener("click", click, true);
  form.addEventListener("keydown", key);
  form.addEventListener("pointerdown", drag);
  form.addEventListener("paste", paste);
  form.addEventListener("input", drawPoint);
  // So many inputs that a server refuses them travel as one.
  form.addEventListener("submit", () => {
    form.addEventListener(
      "formdata",
      ({ formData }) => {
        const pairs = [...formData];
        if (pairs.some(([, value]) => typeof value !== "string")) return;
        const packed = window.aiocms.pack(pairs);
        if (!packed.has("_packed")) return;
        for (const key of new Set(formData.keys())) formData.delete(key);
        for (const [key, value] of packed) formData.append(key, value);
      },
      { once: true },
    );
  });
}
