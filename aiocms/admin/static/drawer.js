/* The drawer: a page beside the page. `aiocms.drawer.open(url, {title, onpick, onclose})` fetches an ordinary page
 * and shows its <main>; links and forms in there work within the drawer. Opened over another page of the drawer it
 * keeps that one beneath, with all that was typed. The browser's Back button closes what is on top.
 *
 * onpick({id, label})      an answer held [data-picked] with data-id and data-label; the page closes
 * onclose({saved, url})    the page was closed; saved: a form in it was sent and led elsewhere, to url
 * Event "aiocms:saved"     on document, after such a form */
const aiocms = (window.aiocms ??= {});
const dialog = document.getElementById("drawer");
const part = (name) => dialog.querySelector(`[data-drawer-${name}]`);
const frames = [];
const top = () => frames.at(-1);
const pathOf = (address) => new URL(address, location.href).pathname;
const leaving = []; // closed, and the history still on its way back
let skipped = 0;
// Answers to a form that show it again, with what is wrong, or ask for a login.
const KEPT = [401, 409, 422];

function open(url, options = {}) {
  if (!dialog) return location.assign(url);
  const address = new URL(url, location.href);
  if (address.origin !== location.origin) return location.assign(address);
  const frame = { url: address.href, options, root: document.createElement("div"), opener: document.activeElement, touched: false, saved: false };
  const before = top();
  if (before) {
    before.scroll = part("body").scrollTop;
    before.root.remove();
  }
  frames.push(frame);
  if (!options.restored) history.pushState({ ...history.state, htmx: undefined, aiocmsDrawer: frames.length, title: options.title, url: options.onpick || options.onclose ? null : frame.url }, "");
  if (!dialog.open) {
    dialog.showModal();
    lift(dialog);
  }
  show(frame);
  return load(frame);
}

function show(frame) {
  part("ask").hidden = true;
  part("back").hidden = frames.length < 2;
  part("title").textContent = frame.options.title ?? frame.title ?? "";
  part("page").href = frame.url;
  part("body").replaceChildren(frame.root);
  part("body").scrollTop = frame.scroll ?? 0;
}

/* A modal dialog lies above all else: the messages come along. */
function lift(place) {
  const toasts = document.getElementById("toasts");
  if (toasts) place.append(toasts);
}

/* Closes the page on top. Through the history, so that the Back button and the close button do the same; but what
 * is seen goes at once, for the next key belongs to what lies beneath. */
function close() {
  if (!frames.length) return;
  const isOurs = history.state?.aiocmsDrawer === frames.length + leaving.length;
  const frame = drop();
  if (!isOurs) return settle(frame);
  leaving.push(frame);
  history.back();
}

function drop() {
  const frame = frames.pop();
  frame.stop?.abort();
  frame.root.remove();
  if (top()) show(top());
  else {
    dialog.close();
    lift(document.body);
  }
  if (frame.opener?.isConnected) frame.opener.focus({ preventScroll: true });
  return frame;
}

function settle(frame) {
  // What lies beneath may show what was changed above it; a form that takes a pick up does so itself.
  if (frame.saved && !frame.options.onpick && top() && !top().touched) load(top());
  frame.options.onclose?.({ saved: frame.saved, url: frame.savedUrl ?? null });
}

function leave() {
  if (top()?.touched) {
    part("ask").hidden = false;
    part("keep").focus();
  } else close();
}

async function load(frame, request = {}, url = frame.url) {
  frame.stop?.abort();
  frame.stop = new AbortController();
  dialog.setAttribute("aria-busy", "true");
  if (request.method) frame.root.inert = true;
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" }, ...request, signal: frame.stop.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!frames.includes(frame)) return;
    // A page that only says what went wrong must not take the place of what was typed.
    if (request.method && !answer.ok && !KEPT.includes(answer.status)) return fail(frame, () => load(frame, request, url), { page, sent: true });
    await take(frame, answer, page, request);
  } catch (error) {
    if (error.name === "AbortError") return;
    if (request.method) return fail(frame, () => load(frame, request, url), { sent: true });
    fail(frame, () => load(frame));
  } finally {
    frame.root.inert = false;
    if (frame === top() || !frames.length) dialog.removeAttribute("aria-busy");
  }
}

async function take(frame, answer, page, request) {
  takeToasts(page);
  const picked = page.querySelector("[data-picked]");
  if (picked && frame.options.onpick) {
    frame.touched = false;
    frame.saved = true;
    finish(frame, answer.url);
    frame.options.onpick({ id: picked.dataset.id, label: picked.dataset.label });
    return;
  }
  // A form that was sent and leads to another page is done.
  if (request.method && answer.redirected && pathOf(answer.url) !== pathOf(frame.url)) {
    frame.touched = false;
    frame.saved = true;
    finish(frame, answer.url);
    return;
  }
  if (request.method && answer.redirected) document.dispatchEvent(new CustomEvent("aiocms:saved", { detail: { url: answer.url } }));
  const main = page.querySelector("main");
  if (!main) throw new Error("no page");
  if (answer.redirected || !request.method) frame.url = answer.url;
  frame.touched = Boolean(page.querySelector("main form[data-touched]")) || (Boolean(request.method) && !answer.redirected);
  frame.title = page.querySelector(".a-crumbs h1")?.textContent.trim() || page.title;
  await takeStyles(page);
  frame.root.replaceChildren(...adopt(main));
  frame.root.inert = false;
  if (frame === top()) show(frame);
  takeScripts(page);
  window.htmx?.process(frame.root);
  aiocms.content?.(frame.root);
  if (frame !== top()) return;
  const first = frame.root.querySelector(".is-invalid :is(input:not([type=hidden]), textarea, select), [autofocus], [data-cell] .a-cell-field :is(input:not([type=hidden]), textarea, select)");
  if (first) first.focus();
  else if (!frame.root.contains(document.activeElement)) part("body").focus({ preventScroll: true });
}

function finish(frame, url) {
  frame.savedUrl = url;
  document.dispatchEvent(new CustomEvent("aiocms:saved", { detail: { url } }));
  if (frame === top()) close();
}

const adopt = (main) => [...main.childNodes].map((node) => document.adoptNode(node));

/* Says above what stands there that it could not be loaded, or sent: then all that was typed stays. */
function fail(frame, again, { page, sent = false } = {}) {
  for (const one of frame.root.querySelectorAll("[data-drawer-notice]")) one.remove();
  const text = dialog.querySelector(`template[data-drawer-${sent ? "unsent" : "fault"}]`).content.cloneNode(true);
  const reason = page?.querySelector(".a-fault > p:not(.a-fault-code)")?.textContent.trim();
  if (reason) text.querySelector("p").prepend(`${reason} `);
  const notice = document.createElement("div");
  notice.dataset.drawerNotice = "";
  notice.append(text);
  notice.querySelector("[data-drawer-again]").addEventListener("click", () => {
    notice.remove();
    again();
  });
  frame.root.prepend(notice);
  part("body").scrollTop = 0;
}

/* Messages of the fetched page belong to this one: the server says each of them once. */
function takeToasts(page) {
  const here = document.getElementById("toasts");
  for (const toast of page.querySelectorAll("#toasts > *")) {
    const own = document.adoptNode(toast);
    here?.append(own);
    aiocms.content?.(own);
  }
}

function takeStyles(page) {
  const known = new Set([...document.querySelectorAll("link[rel=stylesheet]")].map((one) => one.href));
  const wanted = [...page.querySelectorAll("link[rel=stylesheet]")].map((one) => new URL(one.getAttribute("href"), location.href).href);
  return Promise.all(
    wanted.filter((href) => !known.has(href)).map((href) => new Promise((done) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = href;
      link.onload = link.onerror = done;
      // Before the site's own theme, which has the last word.
      const last = document.head.querySelector("link[href*='theme']");
      document.head.insertBefore(link, last);
    })),
  );
}

function takeScripts(page) {
  const known = new Set([...document.scripts].map((one) => one.src));
  for (const one of page.querySelectorAll("script[src]")) {
    const src = new URL(one.getAttribute("src"), location.href);
    if (known.has(src.href) || src.origin !== location.origin) continue;
    const script = document.createElement("script");
    script.src = src.href;
    script.type = one.type;
    script.async = false;
    document.body.append(script);
  }
}

function send(form, button) {
  const method = (button?.getAttribute("formmethod") ?? form.method ?? "get").toLowerCase();
  const action = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? top().url, top().url);
  const data = new FormData(form, button);
  if (method === "get") {
    action.search = new URLSearchParams(data);
    return load(top(), {}, action.href);
  }
  const whole = (button?.getAttribute("formenctype") ?? form.enctype) === "multipart/form-data";
  return load(top(), { method: "POST", body: whole ? data : new URLSearchParams(data) }, action.href);
}

function follow(event, link) {
  if (link.target || link.hasAttribute("download") || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const href = new URL(link.href, location.href);
  if (href.origin !== location.origin) return;
  if (link.hasAttribute("data-drawer")) {
    event.preventDefault();
    open(href.href);
  } else if (href.pathname === pathOf(top().url)) {
    if (href.hash && href.search === new URL(top().url).search) return;
    event.preventDefault();
    load(top(), {}, href.href);
  } else if (href.pathname === location.pathname) {
    event.preventDefault();
    leave();
  }
}

if (dialog) {
  // Esc asks first when something was typed, and lets what is open inside the page close before.
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    leave();
  });
  // A browser may close it all the same, after two presses of Esc with nothing in between.
  dialog.addEventListener("close", () => {
    if (!frames.length) return;
    dialog.showModal();
    leave();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    const menu = event.target.closest("details.a-menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    } else leave();
  });
  dialog.addEventListener("mousedown", (event) => {
    const box = dialog.getBoundingClientRect();
    if (event.target === dialog && (event.clientX < box.left || event.clientX > box.right)) leave();
  });
  part("close").addEventListener("click", leave);
  part("back").addEventListener("click", leave);
  part("keep").addEventListener("click", () => {
    part("ask").hidden = true;
    part("body").focus();
  });
  part("discard").addEventListener("click", () => {
    top().touched = false;
    close();
  });
  part("body").addEventListener("input", (event) => {
    if (event.target.closest("form")?.method === "post") top().touched = true;
  });
  // In the bubbling phase: a page's own script may handle its forms and links first.
  part("body").addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  part("body").addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && !event.defaultPrevented) follow(event, link);
  });
}

addEventListener("popstate", (event) => {
  const wanted = event.state?.aiocmsDrawer ?? 0;
  if (skipped) {
    skipped -= 1;
    event.stopImmediatePropagation();
  } else if (leaving.length) {
    event.stopImmediatePropagation();
    settle(leaving.shift());
  } else if (frames.length > wanted) {
    // Before htmx sees it: the list beneath has not changed.
    event.stopImmediatePropagation();
    if (top().touched) {
      // Back to where we were, and ask.
      skipped += 1;
      history.go(1);
      leave();
      return;
    }
    while (frames.length > wanted) settle(drop());
  } else if (wanted > frames.length && event.state.url) {
    event.stopImmediatePropagation();
    open(event.state.url, { restored: true, title: event.state.title });
  }
}, true);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-drawer]");
  if (!link || event.defaultPrevented || dialog?.contains(link)) return;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link.href);
});
addEventListener("beforeunload", (event) => {
  if (frames.some((frame) => frame.touched)) event.preventDefault();
});
// Coming back from a page that was opened from the drawer.
if (history.state?.aiocmsDrawer && history.state.url && dialog) open(history.state.url, { restored: true, title: history.state.title });

aiocms.drawer = { open, close: leave, takeToasts, takeStyles, takeScripts, get isOpen() { return frames.length > 0; } };
