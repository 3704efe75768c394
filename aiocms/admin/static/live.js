/* Live lists: marks rows that others change while the list stands open, and offers what is new. The server's events
 * carry ids alone. The stream is open only while the page is seen: a browser gives a site few connections. */
const bar = document.querySelector("[data-live]");
const pill = bar?.querySelector("[data-live-pill]");
const said = bar?.querySelector("[data-live-said]");
const texts = bar?.dataset ?? {};
let source = null;
let fresh = new Set();
let quiet = 0;

const rows = () => [...document.querySelectorAll("#list tbody tr, #list .f-grid > li")];
const idOf = (row) => row.dataset.id ?? row.querySelector(".a-tick input")?.value ?? "";
const rowOf = (id) => rows().find((row) => idOf(row) === id);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function open() {
  if (source || document.hidden || !bar) return;
  const asked = new URLSearchParams(location.search);
  asked.set("$since", document.getElementById("list")?.dataset.since ?? "");
  source = new EventSource(`${bar.dataset.live}?${asked}`);
  source.addEventListener("rows", (event) => {
    bar.dataset.state = "open";
    compare(JSON.parse(event.data).ids);
  });
  source.addEventListener("changes", (event) => tell(JSON.parse(event.data)));
  source.addEventListener("many", () => offer(texts.many));
  source.addEventListener("old", () => offer(texts.old));
  // The stream ends when rights change or the server stops: the next try says which.
  source.addEventListener("end", () => { close(); setTimeout(open, 3000); });
}

function close() {
  source?.close();
  source = null;
  delete bar?.dataset.state;
}

// Rows that came and went while nothing was heard: between the page and the stream, or while the tab was hidden.
function compare(ids) {
  const now = new Set(ids);
  const known = rows().map(idOf);
  for (const id of known) if (!now.has(id)) mark(id, "gone", texts.left);
  const added = ids.filter((id) => !known.includes(id));
  if (known.length && added.length && added.length === ids.length) return offer(texts.many);
  if (added.length) count(added);
}

function tell(change) {
  const by = (id) => (change.by[id] ? fill(texts.by, { name: change.by[id] }) : texts.changed);
  for (const id of change.changed) mark(id, "changed", by(id));
  for (const id of change.left) mark(id, "gone", texts.left);
  for (const id of change.deleted) mark(id, "gone", texts.deleted);
  if (change.new.length) count(change.new);
  const words = [
    change.changed.length && fill(texts.sayChanged, { num: change.changed.length }),
    change.deleted.length + change.left.length && fill(texts.sayGone, { num: change.deleted.length + change.left.length }),
    change.new.length && fill(texts.sayNew, { num: fresh.size }),
  ].filter(Boolean);
  // At most one sentence in some seconds: a busy list must not talk all the time.
  clearTimeout(quiet);
  quiet = setTimeout(() => { said.textContent = words.join(", "); }, 600);
}

function mark(id, kind, text) {
  const row = rowOf(id);
  if (!row) return;
  row.classList.remove("is-live-changed", "is-live-gone");
  void row.offsetWidth; // Starts the glow anew for a second change.
  row.classList.add(`is-live-${kind}`);
  const label = row.querySelector(".a-label, .f-facts"); // of a row, or of a card of the files
  let note = label?.querySelector(".a-live-mark");
  if (label && !note) {
    note = document.createElement("span");
    note.className = "a-live-mark";
    label.matches(".a-label") ? label.append(note) : label.prepend(note);
  }
  if (note) note.textContent = text;
}

function count(ids) {
  for (const id of ids) fresh.add(id);
  offer(fill(texts.new, { num: fresh.size }));
}

function offer(text) {
  pill.querySelector("span").textContent = text;
  pill.hidden = false;
  watchTools();
}

// The pill stands between the tools of the list, where it covers none of them; over the rows while these are out of sight.
const seat = new IntersectionObserver(([tools]) => {
  const home = tools.isIntersecting ? tools.target : bar;
  if (pill.parentElement !== home) home.insertBefore(pill, home.querySelector(":scope > .a-push"));
});
function watchTools() {
  const tools = document.querySelector("#list .a-toolbar");
  seat.disconnect();
  if (tools) seat.observe(tools);
  else bar.append(pill);
}

pill?.addEventListener("click", (event) => {
  event.preventDefault();
  close();
  if (!window.htmx) return location.reload();
  htmx.ajax("GET", location.pathname + location.search, { target: "#list", select: "#list", swap: "outerHTML" });
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "list" && event.detail.elt?.id !== "list") return;
  fresh = new Set();
  seat.disconnect();
  if (pill) {
    pill.hidden = true;
    bar.prepend(pill); // the tools that it stood between are gone
  }
  close();
  open();
});
document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
addEventListener("pagehide", close);
addEventListener("pageshow", (event) => event.persisted && open());
open();
