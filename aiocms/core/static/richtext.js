/* Rich text: Editor.js over the textarea that holds the JSON. Nothing is loaded on pages without such an input,
 * and whatever fails leaves the textarea, which is the same text. */
let loading;

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

function tools(words) {
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
  const tunes = { delete: { Delete: words.Delete, "Click to delete": words["Click to delete"] }, moveUp: { "Move up": words["Move up"] }, moveDown: { "Move down": words["Move down"] } };
  const ui = {
    blockTunes: { toggler: { "Click to tune": words["Click to tune"] } },
    inlineToolbar: { converter: { "Convert to": words.Text } },
    toolbar: { toolbox: { Add: words.Add } },
    popover: { Filter: words.Filter, "Nothing found": words["Nothing found"] },
  };
  return { tools: found, i18n: { messages: { ui, toolNames: words, tools: { link: { "Add a link": words["Add a link"] } }, blockTunes: tunes } } };
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
    if (!loading) restore = adoptStyles();
    await loadAll(box.dataset.scripts.trim().split(/\s+/));
    box.append(holder);
    input.hidden = true;
    const editor = new window.EditorJS({
      holder,
      data,
      placeholder: box.dataset.empty,
      minHeight: 80,
      logLevel: "ERROR",
      ...tools(words),
      onChange: async () => {
        const saved = await editor.save();
        // Keys of the document that the editor does not know stay.
        const { blocks } = saved;
        const next = blocks.length ? JSON.stringify({ ...read(input), blocks }, null, 1) : "";
        if (next === input.value) return;
        input.value = next;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      },
    });
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

function beginAll(root) {
  for (const box of root.querySelectorAll("[data-richtext]")) begin(box);
}

if (window.aiocms?.onContent) window.aiocms.onContent(beginAll);
else beginAll(document);
