/* References: makes a combobox of every [data-pick], after the pattern of the WAI (editable, list autocomplete).
 * Without this file the input takes an id or an exact name, and "Choose" leads to a page of documents.
 *
 * The input with the name of the field becomes a hidden one that holds the id; what is typed without being chosen is
 * put there as it is, and the server looks for the document of that name. */
const aiocms = (window.aiocms ??= {});
const WAIT = 160;
const icons = {
  clear: "M4.6 4.6l6.8 6.8M11.4 4.6l-6.8 6.8",
  open: "M4 6.5l4 4 4-4",
};
let number = 0;

function make(tag, attributes = {}) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function makeButton(label, shape, className) {
  const button = make("button", { type: "button", class: className, "aria-label": label, title: label, tabindex: "-1" });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "a-icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", shape);
  path.setAttribute("fill", "none");
  path.setAttribute("stroke", "currentColor");
  path.setAttribute("stroke-width", "1.5");
  path.setAttribute("stroke-linecap", "round");
  svg.append(path);
  button.append(svg);
  return button;
}

function enhance(root) {
  const input = root.querySelector("[data-pick-value]");
  if (!input || root.dataset.pick === "live" || input.disabled || input.readOnly || input.closest("fieldset:disabled")) return;
  root.dataset.pick = "live";
  const texts = root.dataset;
  const id = `pick-${(number += 1)}`;

  const hidden = make("input", { type: "hidden", name: input.name });
  hidden.value = hidden.defaultValue = input.value;
  hidden.dataset.pickValue = "";
  input.removeAttribute("name");
  input.removeAttribute("data-pick-value");
  input.placeholder = texts.none;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", "aria-haspopup": "listbox" })) input.setAttribute(name, value);
  const box = make("div", { class: "a-pick-box" });
  const clear = makeButton(texts.clear, icons.clear, "a-pick-clear");
  const toggle = makeButton(texts.open, icons.open, "a-pick-open");
  toggle.setAttribute("aria-expanded", "false");
  toggle.setAttribute("aria-controls", id);
  const popup = make("div", { class: "a-pick-popup", popover: "manual" });
  const list = make("ul", { class: "a-pick-list", role: "listbox", id, "aria-label": texts.title });
  const note = make("p", { class: "a-pick-note", hidden: "" });
  const status = make("span", { class: "a-sr", role: "status" });
  popup.append(list, note);
  input.replaceWith(box);
  box.append(input, clear, toggle, hidden, popup, status);
  root.querySelector("[data-pick-plain]")?.remove();

  const create = root.querySelector("[data-pick-new]");
  const edit = root.querySelector("[data-pick-edit]");
  const target = root.querySelector("[data-pick-target]");
  let label = texts.label || (input.value && !target ? "" : texts.label);
  let stop = null;
  let timer = 0;
  let active = -1;
  let asked = null;
  let own = false;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const isOpen = () => popup.matches(":popover-open") || popup.classList.contains("is-open");

  /* "change" only when the choice is done: what is half typed need not be looked at by anybody. */
  function tell(kinds) {
    own = true;
    for (const kind of kinds) hidden.dispatchEvent(new Event(kind, { bubbles: true }));
    own = false;
  }

  function show(value, text) {
    hidden.value = value;
    label = text;
    input.value = text || value;
    input.classList.toggle("is-typed", Boolean(value) && !text);
    clear.hidden = !value;
    input.title = value && text ? value : "";
    if (edit) {
      edit.hidden = !value || !text;
      if (value && text) edit.href = edit.dataset.pickEdit.replace("/ID", `/${encodeURIComponent(value)}`);
    }
    if (target) target.hidden = value !== hidden.defaultValue || target.tagName === "A";
  }

  function choose(value, text) {
    show(value, text);
    close();
    tell(["input", "change"]);
  }

  function place() {
    const around = box.getBoundingClientRect();
    const below = innerHeight - around.bottom;
    const above = below < 220 && around.top > below;
    popup.style.insetInlineStart = "auto";
    const width = Math.min(Math.max(around.width, 300), innerWidth - 16);
    const start = document.dir === "rtl" || getComputedStyle(box).direction === "rtl" ? around.right - width : around.left;
    popup.style.left = `${Math.max(8, Math.min(start, innerWidth - width - 8))}px`;
    popup.style.width = `${width}px`;
    popup.style.maxHeight = `${Math.min(340, (above ? around.top : below) - 12)}px`;
    popup.style.top = above ? "auto" : `${around.bottom + 4}px`;
    popup.style.bottom = above ? `${innerHeight - around.top + 4}px` : "auto";
  }

  function open() {
    if (isOpen()) return;
    popup.showPopover?.();
    popup.classList.add("is-open");
    place();
    input.setAttribute("aria-expanded", "true");
    toggle.setAttribute("aria-expanded", "true");
  }

  function close() {
    clearTimeout(timer);
    stop?.abort();
    stop = null;
    activate(-1);
    if (!isOpen()) return;
    popup.hidePopover?.();
    popup.classList.remove("is-open");
    input.setAttribute("aria-expanded", "false");
    toggle.setAttribute("aria-expanded", "false");
  }

  function activate(place) {
    const all = options();
    active = all.length ? Math.max(-1, Math.min(place, all.length - 1)) : -1;
    all.forEach((one, index) => one.setAttribute("aria-selected", String(index === active)));
    if (active < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  }

  async function ask(query) {
    if (asked === query && isOpen()) return;
    stop?.abort();
    stop = new AbortController();
    const mine = stop;
    box.classList.add("is-busy");
    try {
      const address = new URL(texts.suggest, location.href);
      address.searchParams.set("q", query);
      const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: mine.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== stop) return;
      fill(page);
      asked = query;
    } catch (error) {
      if (error.name === "AbortError" || mine !== stop) return;
      list.replaceChildren();
      say(texts.fault);
    } finally {
      if (mine === stop) box.classList.remove("is-busy");
    }
    open();
    place();
  }

  function fill(page) {
    const found = [...page.querySelectorAll("[role=option]")].map((one) => document.adoptNode(one));
    found.forEach((one, index) => {
      one.id = `${id}-${index}`;
      one.classList.toggle("is-chosen", one.dataset.id === hidden.value);
      one.setAttribute("aria-selected", "false");
    });
    list.replaceChildren(...found);
    activate(-1);
    say(page.querySelector("[data-note]")?.textContent ?? "");
    status.textContent = found.length ? texts.count.replace("{n}", String(found.length)) : note.textContent;
  }

  function say(text) {
    note.textContent = text;
    note.hidden = !text;
    status.textContent = text;
  }

  function later(query) {
    clearTimeout(timer);
    timer = setTimeout(() => ask(query), WAIT);
  }

  /* What was typed and is just what one document is called needs no click. */
  function settle() {
    const typed = input.value.trim().toLocaleLowerCase();
    const same = options().filter((one) => one.dataset.label.toLocaleLowerCase() === typed || one.dataset.id === input.value.trim());
    if (typed && !label && asked === input.value.trim() && same.length === 1) choose(same[0].dataset.id, same[0].dataset.label);
  }

  input.addEventListener("input", () => {
    const text = input.value.trim();
    hidden.value = text;
    label = "";
    input.classList.toggle("is-typed", Boolean(text));
    clear.hidden = !text;
    if (edit) edit.hidden = true;
    if (target) target.hidden = true;
    tell(["input"]);
    later(text);
  });
  input.addEventListener("keydown", (event) => {
    const opened = isOpen();
    const all = options();
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (event.altKey && event.key === "ArrowUp") return close();
      if (!opened) return void ask(label ? "" : input.value.trim()).then(() => event.altKey || activate(event.key === "ArrowDown" ? 0 : options().length - 1));
      if (event.altKey) return;
      if (event.key === "ArrowDown") activate(active + 1 >= all.length ? 0 : active + 1);
      else activate(active <= 0 ? all.length - 1 : active - 1);
    } else if ((event.key === "PageDown" || event.key === "PageUp") && opened) {
      event.preventDefault();
      activate(Math.max(0, active + (event.key === "PageDown" ? 8 : -8)));
    } else if (event.key === "Enter" && opened) {
      event.preventDefault();
      if (active >= 0) choose(all[active].dataset.id, all[active].dataset.label);
      else {
        settle();
        close();
      }
    } else if (event.key === "Escape" && opened) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Tab" && opened && active >= 0) {
      choose(all[active].dataset.id, all[active].dataset.label);
    }
  });
  input.addEventListener("blur", (event) => {
    if (box.contains(event.relatedTarget)) return;
    settle();
    close();
    if (hidden.value && !label) tell(["change"]);
  });
  // Its own event would speak of half a name; the one of the hidden input follows when the choice is done.
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("click", () => {
    if (!isOpen()) later(label ? "" : input.value.trim());
  });
  // The pointer must not take the focus from the input: losing it closes the list.
  popup.addEventListener("mousedown", (event) => event.preventDefault());
  toggle.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option.dataset.id, option.dataset.label);
  });
  toggle.addEventListener("click", () => {
    input.focus();
    if (isOpen()) close();
    else ask(label ? "" : input.value.trim());
  });
  clear.addEventListener("click", () => {
    choose("", "");
    input.focus();
  });
  // A draft that comes back, or another script, sets the value by its name.
  for (const kind of ["input", "change"]) {
    hidden.addEventListener(kind, async () => {
      if (own) return;
      show(hidden.value, "");
      if (!hidden.value) return;
      const address = new URL(texts.suggest, location.href);
      address.searchParams.set("q", hidden.value);
      const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
      if (!answer?.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const same = [...page.querySelectorAll("[role=option]")].find((one) => one.dataset.id === hidden.value);
      if (same) show(hidden.value, same.dataset.label);
    });
  }
  for (const link of [create, edit]) {
    link?.addEventListener("click", (event) => {
      if (!aiocms.drawer || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      aiocms.drawer.open(link.href, { onpick: (picked) => choose(picked.id, picked.label) });
    });
  }
  addEventListener("scroll", (event) => {
    if (isOpen() && !popup.contains(event.target)) place();
  }, { capture: true, passive: true });
  addEventListener("resize", () => isOpen() && place(), { passive: true });

  show(hidden.value, label);
  input.defaultValue = input.value;
  root.classList.add("is-live");
}

function start(root) {
  for (const one of root.querySelectorAll?.("[data-pick]") ?? []) enhance(one);
  if (root.matches?.("[data-pick]")) enhance(root);
}

if (aiocms.onContent) aiocms.onContent(start);
else start(document);
