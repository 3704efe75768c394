/* Inputs of files (files:input) and the page of uploads (files:upload).
 * A chosen or dropped file goes up at once by XMLHttpRequest, the only one that tells how far it is; its id then
 * stands in the hidden input, so saving the form sends no file. */
const aiocms = (window.aiocms ??= {});
const busy = new Map();

function token(form) {
  return aiocms.csrf?.() || form?.querySelector("input[name=csrf_token]")?.value || "";
}

/* Sends one file; answers with what the server says of it. */
function send(url, file, form, onprogress, field = "file") {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onprogress(event.loaded / event.total));
    request.addEventListener("load", () => {
      if (request.response?.id) resolve(request.response);
      else reject(new Error(request.response?.error ?? ""));
    });
    request.addEventListener("error", () => reject(new Error("")));
    request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
  });
  request.open("POST", url);
  request.responseType = "json";
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRF-Token", token(form));
  const body = new FormData();
  body.append(field, file, file.name);
  request.send(body);
  return { done, cancel: () => request.abort() };
}

function size(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let at = 0;
  while (bytes >= 1000 && at < 3) { bytes /= 1000; at += 1; }
  return `${bytes.toLocaleString(document.documentElement.lang, { maximumFractionDigits: at ? 1 : 0 })} ${units[at]}`;
}

function isTooBig(box, file) {
  return Number(box.dataset.max) > 0 && file.size > Number(box.dataset.max);
}

/* Files dropped on a place, also from another window. */
function takeDrops(place, take) {
  let depth = 0;
  const mark = (on) => place.classList.toggle("is-over", on);
  place.addEventListener("dragenter", (event) => { event.preventDefault(); depth += 1; mark(true); });
  place.addEventListener("dragover", (event) => { event.preventDefault(); event.dataTransfer.dropEffect = "copy"; });
  place.addEventListener("dragleave", () => { depth -= 1; if (depth <= 0) { depth = 0; mark(false); } });
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    mark(false);
    if (event.dataTransfer.files.length) take([...event.dataTransfer.files]);
  });
}

function startInput(box) {
  if (box.dataset.started !== undefined) return;
  box.dataset.started = "";
  const part = (name) => box.querySelector(`[data-file-${name}]`);
  const form = box.closest("form");
  const value = part("value");
  const choose = part("choose");
  const fault = part("fault");
  const said = part("said");
  box.classList.add("is-live");
  part("none")?.closest("label").remove();

  const say = (text) => { said.textContent = text; };
  const blame = (text) => {
    fault.textContent = text;
    fault.hidden = !text;
    choose.toggleAttribute("aria-invalid", Boolean(text));
  };
  function change(id) {
    value.value = id;
    value.dispatchEvent(new Event("input", { bubbles: true }));
    value.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function show(file) {
    part("shown").hidden = !file;
    if (!file) return;
    const link = part("name");
    link.textContent = file.name;
    if (file.url) link.href = file.url; else link.removeAttribute("href");
    part("size").textContent = file.size ? size(file.size) + (file.width ? `, ${file.width} × ${file.height}` : "") : "";
    const thumb = part("thumb");
    thumb.hidden = !file.thumb;
    if (file.thumb) thumb.src = file.thumb;
    thumb.nextElementSibling?.toggleAttribute("hidden", Boolean(file.thumb));
  }
  async function upload(file) {
    busy.get(box)?.cancel();
    blame("");
    say("");
    if (isTooBig(box, file)) {
      choose.value = "";
      return blame(`${file.name}: ${box.dataset.tooBig}`);
    }
    const bar = part("progress").querySelector("progress");
    const percent = part("percent");
    part("progress").hidden = false;
    bar.value = 0;
    percent.textContent = "0 %";
    say(box.dataset.waiting);
    const sending = send(box.dataset.upload, file, form, (share) => {
      bar.value = Math.round(share * 100);
      percent.textContent = `${bar.value} %`;
    });
    busy.set(box, sending);
    try {
      const stored = await sending.done;
      show(stored);
      change(stored.id);
      say(box.dataset.done);
    } catch (error) {
      say("");
      if (error.name !== "AbortError") blame(error.message || box.dataset.failed);
    } finally {
      if (busy.get(box) === sending) {
        busy.delete(box);
        part("progress").hidden = true;
        choose.value = "";
      }
    }
  }

  part("clear").addEventListener("click", () => {
    busy.get(box)?.cancel();
    change("");
    show(null);
    blame("");
    say("");
    choose.focus();
  });
  part("cancel").addEventListener("click", () => {
    busy.get(box)?.cancel();
    choose.focus();
  });
  takeDrops(part("drop"), (files) => {
    if (box.dataset.upload) return upload(files[0]);
    const list = new DataTransfer();
    list.items.add(files[0]);
    choose.files = list.files;
  });
  if (box.dataset.upload) {
    // The file goes up by itself: the form has only its id to send.
    choose.removeAttribute("name");
    choose.addEventListener("change", () => { if (choose.files.length) upload(choose.files[0]); });
  }
  part("library")?.addEventListener("click", (event) => {
    const button = event.currentTarget;
    aiocms.drawer?.open(button.dataset.fileLibrary, {
      title: button.dataset.title,
      onpick({ id, label }) {
        blame("");
        show({ name: label, url: `${thumbs(id)}`, thumb: box.classList.contains("is-image") ? `${thumbs(id)}/small` : "" });
        change(id);
      },
    });
  });
  const thumbs = (id) => box.dataset.files.replace("ID", id);
}

/* The page of uploads: every file with its own progress, two at a time. */
function startMany(form) {
  if (form.dataset.started !== undefined) return;
  form.dataset.started = "";
  const queue = form.querySelector("[data-file-queue]");
  const choose = form.querySelector("[data-file-choose]");
  form.querySelector("[data-file-send]").hidden = true;
  const waiting = [];
  let running = 0;
  async function next() {
    if (running >= 2 || !waiting.length) return;
    running += 1;
    await waiting.shift()();
    running -= 1;
    next();
  }
  function add(file) {
    const line = document.createElement("li");
    const name = document.createElement("span");
    name.className = "a-clip";
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const text = document.createElement("span");
    text.className = "f-state";
    const cancel = document.createElement("button");
    cancel.type = "button";
    cancel.className = "btn btn-ghost btn-sm";
    cancel.textContent = form.dataset.cancel;
    line.append(name, bar, text, cancel);
    queue.append(line);
    const end = (message, bad) => {
      bar.remove();
      cancel.remove();
      text.textContent = message;
      line.classList.add(bad ? "is-bad" : "is-good");
    };
    if (isTooBig(form, file)) return end(form.dataset.tooBig, true);
    let gone = false;
    let sending = null;
    cancel.addEventListener("click", () => { gone = true; sending?.cancel(); line.remove(); });
    waiting.push(async () => {
      if (gone) return;
      sending = send(form.dataset.upload, file, form, (share) => { bar.value = Math.round(share * 100); });
      try {
        const stored = await sending.done;
        if (stored.thumb) {
          const image = document.createElement("img");
          image.src = stored.thumb;
          image.alt = "";
          line.prepend(image);
        }
        end(form.dataset.done, false);
      } catch (error) {
        if (error.name !== "AbortError") end(error.message || form.dataset.failed, true);
      }
    });
    next();
  }
  choose.addEventListener("change", () => { [...choose.files].forEach(add); choose.value = ""; });
  takeDrops(form.querySelector("[data-file-drop]"), (files) => files.forEach(add));
}

/* A form that is sent while a file is on its way waits for it. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  const mine = [...busy].filter(([box]) => form.contains(box));
  if (!mine.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  Promise.allSettled(mine.map(([, sending]) => sending.done)).then(() => {
    setTimeout(() => {
      if (![...form.querySelectorAll("[data-file-fault]")].some((one) => !one.hidden)) form.requestSubmit(submitter);
    });
  });
}, true);
addEventListener("beforeunload", (event) => { if (busy.size) event.preventDefault(); });

function start(root) {
  const all = (selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
  all("[data-file-input]").forEach(startInput);
  all("[data-file-many]").forEach(startMany);
}
if (aiocms.onContent) aiocms.onContent(start);
else start(document);
