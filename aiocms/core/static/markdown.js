/* Markdown inputs: buttons that put marks around what is selected, and a preview made by the server. */
const MARKS = {
  bold: { before: "**", after: "**" },
  italic: { before: "_", after: "_" },
  code: { before: "`", after: "`" },
  heading: { line: "## " },
  list: { line: "- " },
  quote: { line: "> " },
};

function change(input, from, to, text, selectFrom, selectTo) {
  input.focus();
  input.setSelectionRange(from, to);
  // The one way that the browser's own undo knows; where it is gone the text is set all the same.
  if (!document.execCommand("insertText", false, text)) input.setRangeText(text, from, to, "end");
  input.setSelectionRange(selectFrom, selectTo);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function wrap(input, before, after) {
  const { selectionStart: from, selectionEnd: to, value } = input;
  const inner = value.slice(from, to);
  if (value.slice(from - before.length, from) === before && value.slice(to, to + after.length) === after) {
    change(input, from - before.length, to + after.length, inner, from - before.length, to - before.length);
  } else {
    change(input, from, to, before + inner + after, from + before.length, to + before.length);
  }
}

function prefix(input, mark) {
  const { selectionStart, selectionEnd, value } = input;
  const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const end = value.indexOf("\n", selectionEnd);
  const to = end < 0 ? value.length : end;
  const lines = value.slice(from, to).split("\n");
  const all = lines.every((line) => line.startsWith(mark));
  const text = lines.map((line) => (all ? line.slice(mark.length) : mark + line)).join("\n");
  change(input, from, to, text, from, from + text.length);
}

function link(input, question) {
  const { selectionStart: from, selectionEnd: to, value } = input;
  const words = value.slice(from, to) || question;
  const text = `[${words}](https://)`;
  change(input, from, to, text, from + text.length - 1, from + text.length - 1);
}

async function preview(box, input, shown, button) {
  const open = button.getAttribute("aria-pressed") !== "true";
  const url = box.closest("[data-text-url]")?.dataset.textUrl;
  button.setAttribute("aria-pressed", String(open));
  shown.hidden = !open;
  input.hidden = open;
  if (!open) {
    input.focus();
    return;
  }
  try {
    const body = new URLSearchParams({ kind: "markdown", text: input.value });
    const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRF-Token": box.closest("form")?.elements.csrf_token?.value ?? "" } });
    if (!answer.ok) throw new Error(String(answer.status));
    // Cleaned by the server, like everything that it shows.
    shown.innerHTML = await answer.text();
  } catch {
    shown.textContent = box.dataset.failed;
  }
  shown.focus();
}

function begin(box) {
  if (box.dataset.ready) return;
  box.dataset.ready = "yes";
  const input = box.querySelector("textarea");
  const shown = box.querySelector("[data-md-shown]");
  const button = box.querySelector("[data-md-preview]");
  if (!box.closest("[data-text-url]")) button.hidden = true;
  box.querySelector(".a-md-bar").addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if (pressed === button) preview(box, input, shown, button);
    else if (input.hidden || input.readOnly) return;
    else if (pressed.dataset.md === "link") link(input, box.dataset.link);
    else if (MARKS[pressed.dataset.md].line) prefix(input, MARKS[pressed.dataset.md].line);
    else wrap(input, MARKS[pressed.dataset.md].before, MARKS[pressed.dataset.md].after);
  });
  input.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const mark = { b: MARKS.bold, i: MARKS.italic }[event.key.toLowerCase()];
    if (!mark) return;
    event.preventDefault();
    wrap(input, mark.before, mark.after);
  });
}

function beginAll(root) {
  for (const box of root.querySelectorAll("[data-markdown]")) begin(box);
}

if (window.aiocms?.onContent) window.aiocms.onContent(beginAll);
else beginAll(document);
