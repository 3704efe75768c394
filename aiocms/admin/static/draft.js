/* Keeps what was typed in this browser until it is saved, and offers it when the page is opened again: after a crash,
 * a closed window, a lost connection. What is offered goes through the server, which shows the form as it was typed
 * over the state that it was typed on; so a save merges it, or asks, as if nothing had happened.
 * Each opened page keeps a draft of its own, so two windows on one document do not overwrite each other's. */
const form = document.querySelector("form[data-edit][data-draft]:not(dialog form)");
const DAY = 86_400_000;
const LARGEST = 2_000_000;
const MOST = 50;
const DELAY = 400;
// Who types without a pause is kept too.
const LONGEST = 2000;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("aiocms", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("drafts", { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function use(mode, work) {
  const store = await open();
  try {
    return await new Promise((resolve, reject) => {
      // "strict": a draft is for the moment when everything goes down.
      const change = store.transaction("drafts", mode, { durability: "strict" });
      const request = work(change.objectStore("drafts"));
      change.oncomplete = () => resolve(request?.result);
      change.onerror = change.onabort = () => reject(change.error);
    });
  } finally {
    store.close();
  }
}

function collect() {
  const secret = new Set([...form.elements].filter((one) => one.type === "password" || one.closest("[data-no-draft]")).map((one) => one.name));
  const pairs = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrf_token" && !secret.has(name));
  const size = pairs.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return size > LARGEST ? null : pairs;
}

/* The draft of this page, instead of those that were brought back into it. */
function keep(draft, former) {
  return use("readwrite", (store) => [...former.map((key) => store.delete(key)), store.put(draft)].at(-1));
}

function drop(...keys) {
  return use("readwrite", (store) => keys.map((key) => store.delete(key)).at(-1));
}

/* The key of this page's draft, and that of the page before if this one is the server's answer to what was typed
 * there: the same, but between the form and Extended JSON. */
function findKeys(place) {
  const name = `draft:${place.split(".")[0]}`;
  const before = form.hasAttribute("data-touched") && sessionStorage.getItem(name);
  const own = before && before.startsWith(`${place}#`);
  const key = own ? before : `${place}#${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  sessionStorage.setItem(name, key);
  return [key, before && !own ? [before] : []];
}

/* All drafts, newest first, without those that are too old or too many: these are dropped. */
async function list(days) {
  const all = (await use("readonly", (store) => store.getAll())).sort((one, other) => other.at - one.at);
  const isOld = (one, at) => at >= MOST || Date.now() - one.at > days * DAY;
  const old = all.filter(isOld);
  if (old.length) await drop(...old.map((one) => one.key));
  return all.filter((one, at) => !isOld(one, at));
}

function describe(draft) {
  const words = draft.changed?.filter(Boolean).slice(0, 4) ?? [];
  return words.length ? `· ${words.join(", ")}${draft.changed.length > 4 ? " …" : ""}` : "";
}

function listChanged() {
  const labels = [...form.querySelectorAll(".a-field[data-changed] .a-name, .f-declared[data-changed] label")];
  return labels.map((one) => one.textContent.trim());
}

/* True when the form shows what the draft holds. */
async function restore(draft, offer) {
  const pairs = draft.pairs.filter(([name]) => name !== "csrf_token" && name !== "_op");
  pairs.push(["csrf_token", form.querySelector("[name=csrf_token]").value], ["_op", "restore:"]);
  const fresh = await ask(pairs);
  if (!fresh) {
    window.aiocms?.toast?.(offer.dataset.failed, "danger");
    return false;
  }
  window.aiocms.renewForm(fresh);
  form.querySelector("[name=_base]").value = fresh.querySelector("[name=_base]").value;
  offer.hidden = true;
  window.aiocms?.content?.(form.querySelector(".a-edit-main"));
  form.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

/* The form as the server makes it of what was typed; null when it does not answer, or asks for a login. */
async function ask(pairs) {
  form.inert = true;
  try {
    const body = window.aiocms.pack(pairs);
    const answer = await fetch(form.getAttribute("action") || location.href.split("#")[0], { method: "POST", body, headers: { Accept: "text/html" } });
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-edit]");
  } catch {
    return null;
  } finally {
    form.inert = false;
  }
}

/* The newest of the drafts; when it is discarded the next.
   restored: told the key of a draft once the form shows it. */
function showOffer([draft, ...others], restored) {
  const offer = form.querySelector("[data-draft-offer]");
  if (!offer || !draft) return;
  const at = new Date(draft.at);
  const today = at.toDateString() === new Date().toDateString();
  const language = document.documentElement.lang || undefined;
  offer.querySelector("[data-draft-when]").textContent = at.toLocaleString(language, today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
  offer.querySelector("[data-draft-what]").textContent = describe(draft);
  offer.querySelector("[data-draft-stale]").hidden = draft.revision === form.dataset.revision;
  offer.hidden = false;
  offer.querySelector("[data-draft-restore]").onclick = async () => {
    if (await restore(draft, offer)) restored(draft.key);
  };
  offer.querySelector("[data-draft-drop]").onclick = () => {
    offer.hidden = true;
    drop(draft.key).catch(() => {});
    showOffer(others, restored);
  };
}

async function start() {
  const { draft: place, revision } = form.dataset;
  const days = Number(form.dataset.draftDays);
  let timer = 0, since = 0, done = false;
  let [key, former] = findKeys(place); // former: drafts that this page holds too

  async function store() {
    clearTimeout(timer);
    timer = since = 0;
    const pairs = done ? null : collect();
    if (pairs) {
      await keep({ key, place, revision, at: Date.now(), pairs, changed: listChanged() }, former);
      former = [];
    }
    form.dataset.kept = String(Date.now());
  }

  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, () => {
      clearTimeout(timer);
      since ||= Date.now();
      const delay = Math.min(DELAY, Math.max(0, since + LONGEST - Date.now()));
      timer = setTimeout(() => store().catch(() => {}), delay);
    });
  }
  form.addEventListener("aiocms:saving", () => store().catch(() => {}));
  form.addEventListener("aiocms:saved", (event) => {
    done = true;
    clearTimeout(timer);
    // The page goes when the draft is gone: one that stayed would be offered again.
    const gone = drop(...former, key).catch(() => {});
    event.detail?.wait?.(gone);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer && !done) store().catch(() => {});
  });
  const found = (await list(days)).filter((one) => one.place === place && one.key !== key);
  // What came back with an error is newer than anything kept.
  if (!form.hasAttribute("data-touched")) showOffer(found, (one) => former.push(one));
  form.dataset.draftReady = "";
}

// Storage may be full or forbidden: the form works without.
if (form && "indexedDB" in window) start().catch(() => {});
