/* Rich text: Editor.js over the textarea that holds the JSON. Nothing is loaded on pages without such an input,
 * and whatever fails leaves the textarea, which is the same text. */
let loading;
const editors = new Map();

/* The editor and its tools put their styles into <style> elements, which the site's policy forbids. The same
 * text is taken over as a style sheet made by script, which it allows. */
function adoptStyles() {
  const { head } = document;
  const names = ["appendChild", "prepend", "insertBefore"];
  for (const name of names) {
    head[name] = function put(...nodes) {
      if (!(nodes[0] instanceof HTMLStyleElement)) return HTMLHeadElement.prototype[name].apply(this, nodes);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(nodes[0].textContent);
      // Before the site's own sheets, so that these win.
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      return nodes[0];
    };
  }
  return () => names.forEach((name) => delete head[name]);
}

function load(src) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = src;
    script.async = false;
    script.onload = done;
    script.onerror = () => failed(new Error(src));
    document.head.append(script);
  });
}

function loadAll(sources) {
  loading ??= Promise.all(sources.map(load));
  return loading;
}

function tools(words, image) {
  const inline = ["bold", "italic", "link", "marker", "inlineCode"];
  const known = {
    header: [window.Header, { levels: [2, 3, 4], defaultLevel: 2 }],
    list: [window.List],
    checklist: [window.Checklist],
    quote: [window.Quote],
    warning: [window.Warning],
    table: [window.Table],
  };
  const found = { delimiter: window.Delimiter, code: window.CodeTool, marker: window.Marker, inlineCode: window.InlineCode };
  for (const [name, [tool, config]] of Object.entries(known)) found[name] = { class: tool, inlineToolbar: inline, config };
  found.paragraph = { inlineToolbar: inline };
  found.image = { class: image, inlineToolbar: inline };
  const tunes = { delete: { Delete: words.Delete, "Click to delete": words["Click to delete"] }, moveUp: { "Move up": words["Move up"] }, moveDown: { "Move down": words["Move down"] } };
  const ui = {
    blockTunes: { toggler: { "Click to tune": words["Click to tune"] } },
    inlineToolbar: { converter: { "Convert to": words.Text } },
    toolbar: { toolbox: { Add: words.Add } },
    popover: { Filter: words.Filter, "Nothing found": words["Nothing found"] },
  };
  return { tools: found, i18n: { messages: { ui, toolNames: words, tools: { link: { "Add a link": words["Add a link"] } }, blockTunes: tunes } } };
}

/* What others wrote into the database need not have come through our server, and the editor puts texts into the page
 * as they are. So it gets them with what core/sanitize.py leaves inside a line; the textarea keeps what is stored. */
const INLINE = new Set(["a", "b", "strong", "i", "em", "u", "s", "del", "ins", "mark", "code", "kbd", "sub", "sup", "small", "br"]);
const GONE = "script, style, template, noscript, iframe, object, embed, svg, math, textarea, title, xmp, plaintext";
const isSafe = (address) => {
  const text = address.replace(/[\u0000-\u0020]+/g, "");
  return /^(https?|mailto|tel):/i.test(text) || !/^(\/\/|\\|\/\\|[^/?#]*:)/.test(text);
};

function cleanText(text) {
  if (!/[<&]/.test(text)) return text;
  // Even a document that runs nothing has its handlers reported by the policy.
  const quiet = text.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s/"'])on(?=[a-z]+\s*=)/gi, "$1data-on"));
  const { body } = new DOMParser().parseFromString(quiet, "text/html");
  for (const one of body.querySelectorAll(GONE)) one.remove();
  for (const one of [...body.querySelectorAll("*")].reverse()) {
    if (!INLINE.has(one.localName)) one.replaceWith(...one.childNodes);
    else {
      for (const { name, value } of [...one.attributes]) {
        const fits = one.localName === "a" && (name === "title" || (name === "href" && isSafe(value)));
        if (!fits) one.removeAttribute(name);
      }
    }
  }
  return body.innerHTML;
}

function clean(value, key = "") {
  if (typeof value === "string") {
    if (key === "code" || key === "alt") return value; // Shown as they are, never as HTML.
    return key === "url" ? (isSafe(value) ? value : "") : cleanText(value);
  }
  if (Array.isArray(value)) return value.map((one) => clean(one));
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, clean(one, name)]));
}

function read(input) {
  if (!input.value.trim()) return { blocks: [] };
  return JSON.parse(input.value);
}

async function begin(box) {
  if (box.dataset.ready) return;
  box.dataset.ready = "yes";
  const input = box.querySelector("[data-richtext-value]");
  if (input.readOnly || input.disabled || input.closest("fieldset[disabled]") || input.getAttribute("aria-invalid")) return;
  const holder = document.createElement("div");
  holder.className = "a-rt-holder form-control";
  holder.setAttribute("role", "group");
  holder.setAttribute("aria-label", box.dataset.label);
  let restore = () => {};
  try {
    const data = read(input);
    const words = JSON.parse(box.dataset.words);
    const image = await import(box.dataset.image);
    if (!loading) restore = adoptStyles();
    await loadAll(box.dataset.scripts.trim().split(/\s+/));
    box.append(holder);
    input.hidden = true;
    const editor = new window.EditorJS({
      holder,
      data: { ...data, blocks: clean(data.blocks ?? []) },
      placeholder: box.dataset.empty,
      minHeight: 80,
      logLevel: "ERROR",
      ...tools(words, image.makeImageTool(box, words.image)),
      onChange: () => sync(),
    });
    let stale = false;
    const sync = async () => {
      stale = false;
      const saved = await editor.save();
      // Keys of the document that the editor does not know stay.
      const { blocks } = saved;
      const next = blocks.length ? JSON.stringify({ ...read(input), blocks }, null, 1) : "";
      if (next === input.value) return;
      input.value = next;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    // The editor tells of changes a little later than they are made: who leaves it must not be quicker.
    for (const kind of ["input", "click", "keyup"]) holder.addEventListener(kind, () => (stale = true));
    holder.addEventListener("focusout", () => stale && sync());
    editors.set(box, async () => {
      await image.waitForImages();
      if (stale) await sync();
    });
    box.isStale = () => stale || Boolean(holder.querySelector(".a-rt-image[aria-busy]"));
    await editor.isReady;
    box.classList.add("is-ready");
  } catch {
    holder.remove();
    input.hidden = false;
    const note = document.createElement("p");
    note.className = "a-help";
    note.textContent = box.dataset.failed;
    box.append(note);
  } finally {
    restore();
  }
}

/* A form that is sent before its texts are written into their inputs waits for that. */
document.addEventListener(
  "submit",
  (event) => {
    const mine = [...editors].filter(([box]) => event.target.contains(box) && box.isStale());
    if (!mine.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    Promise.allSettled(mine.map(([, flush]) => flush())).then(() => event.target.requestSubmit(submitter));
  },
  true,
);

function beginAll(root) {
  for (const box of root.querySelectorAll("[data-richtext]")) begin(box);
}

if (window.aiocms?.onContent) window.aiocms.onContent(beginAll);
else beginAll(document);
