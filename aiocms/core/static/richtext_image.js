/* The image block of the rich text editor: an address, or a picture that is chosen, dropped or pasted and sent to the
 * library of the site; a description for those who do not see it, and a caption.
 * The page says where pictures go: data-image-upload, data-image-library and data-image-files (with ID) around it. */
const ICON =
  '<svg width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><rect x="4" y="5" width="16" height="14" rx="2"/><circle cx="9" cy="10" r="1.5"/><path d="m5 18 5-5 3 3 2-2 4 4"/></svg>';
const sending = new Set();

function make(tag, className, more = {}) {
  const node = Object.assign(document.createElement(tag), more);
  node.className = className;
  return node;
}

/* A form that is sent while a picture is on its way waits for it. */
export async function waitForImages() {
  while (sending.size) await Promise.allSettled([...sending]);
}

/* The tool for the editor in `box`, with its words. */
export function makeImageTool(box, words) {
  const { imageUpload: upload = "", imageLibrary: library = "", imageFiles: files = "" } = box.closest("[data-image-upload]")?.dataset ?? {};

  const tools = new WeakMap();
  const mark = (element, on) => element?.classList.toggle("is-over", on);
  // Before the editor, which would make another block of what is dropped on this one.
  const takeDrop = (event) => {
    const element = event.target.closest?.(".a-rt-image");
    const [file] = event.dataTransfer.files;
    mark(element, false);
    if (!file || !tools.has(element)) return;
    event.preventDefault();
    event.stopPropagation();
    tools.get(element).send(file);
  };
  if (upload) box.addEventListener("drop", takeDrop, true);

  return class ImageTool {
    static get toolbox() {
      return { title: "Image", icon: ICON };
    }

    static get sanitize() {
      return { file: { url: true }, alt: true, caption: {} };
    }

    static get pasteConfig() {
      return upload ? { files: { mimeTypes: ["image/*"] } } : {};
    }

    constructor({ data, block, api }) {
      this.block = block;
      this.api = api;
      this.data = { ...data, file: { url: data?.file?.url ?? data?.url ?? "" } };
    }

    render() {
      this.element = make("div", "a-rt-image");
      this.image = make("img", "a-rt-picture", { hidden: true });
      this.image.addEventListener("error", () => this.say(words.broken));
      const marks = { b: {}, i: {}, u: {}, br: {}, a: { href: true }, mark: { class: true }, code: { class: true } };
      const caption = this.api.sanitizer.clean(String(this.data.caption ?? ""), marks);
      this.caption = make("div", "cdx-input", { contentEditable: "true", innerHTML: caption });
      this.caption.dataset.placeholder = words.caption;
      this.caption.setAttribute("role", "textbox");
      this.caption.setAttribute("aria-label", words.caption);
      this.alt = this.input(words.alt, this.data.alt ?? "");
      this.url = this.input(words.address, this.data.file.url);
      this.url.inputMode = "url";
      this.url.addEventListener("change", () => this.show(this.url.value.trim()));
      this.alt.addEventListener("input", () => this.tell());
      this.fault = make("p", "a-rt-fault", { hidden: true });
      this.fault.setAttribute("role", "alert");
      this.element.append(this.image, this.fault, this.url, this.makeButtons(), this.alt, this.caption);
      this.takeDrops();
      this.show(this.data.file.url, { quiet: true });
      return this.element;
    }

    input(label, value) {
      const field = make("input", "cdx-input", { type: "text", value, placeholder: label, autocomplete: "off" });
      field.setAttribute("aria-label", label);
      field.addEventListener("keydown", (event) => {
        // Neither a new block nor the form's own button.
        if (event.key !== "Enter") return;
        event.preventDefault();
        event.stopPropagation();
        if (field === this.url) this.show(field.value.trim());
      });
      return field;
    }

    makeButtons() {
      const row = make("div", "a-rt-buttons");
      if (upload) {
        const choose = make("input", "", { type: "file", accept: "image/jpeg,image/png,image/webp,image/avif,image/gif", hidden: true });
        choose.addEventListener("change", () => choose.files.length && this.send(choose.files[0]));
        row.append(this.button(words.upload, () => choose.click()), choose);
      }
      if (library && window.aiocms?.drawer) {
        const pick = () =>
          window.aiocms.drawer.open(`${library}?only=images`, {
            title: words.library,
            onpick: ({ id, label }) => {
              this.alt.value ||= label.replace(/\.\w+$/, "");
              this.show(files.replace("ID", id));
            },
          });
        row.append(this.button(words.library, pick));
      }
      if (upload) row.append(make("span", "a-rt-hint", { textContent: words.drop }));
      return row;
    }

    button(text, work) {
      const button = make("button", "btn btn-quiet btn-sm", { type: "button", textContent: text });
      button.addEventListener("click", work);
      return button;
    }

    takeDrops() {
      if (!upload) return;
      tools.set(this.element, this);
      this.element.addEventListener("dragover", (event) => {
        event.preventDefault();
        mark(this.element, true);
      });
      this.element.addEventListener("dragleave", () => mark(this.element, false));
    }

    onPaste(event) {
      if (event.type === "file") this.send(event.detail.file);
    }

    async send(file) {
      this.say("");
      this.element.setAttribute("aria-busy", "true");
      const body = new FormData();
      body.append("file", file, file.name);
      const token = window.aiocms?.csrf?.() || box.closest("form")?.querySelector("[name=csrf_token]")?.value || "";
      const url = `${upload}${upload.includes("?") ? "&" : "?"}only=images`;
      const work = fetch(url, { method: "POST", body, headers: { Accept: "application/json", "X-CSRF-Token": token } });
      const done = work
        .then(async (answer) => {
          const told = await answer.json().catch(() => ({}));
          if (!told.url) throw new Error(told.error ?? "");
          this.show(told.url);
        })
        .catch((error) => this.say(`${file.name}: ${error.message || words.failed}`))
        .finally(() => {
          sending.delete(done);
          this.element.removeAttribute("aria-busy");
        });
      sending.add(done);
      await done;
    }

    show(url, { quiet = false } = {}) {
      this.data.file.url = url;
      this.url.value = url;
      this.say("");
      this.image.hidden = !url;
      if (url) this.image.src = url;
      else this.image.removeAttribute("src");
      this.image.alt = this.alt.value;
      if (!quiet) this.tell();
    }

    say(text) {
      this.fault.textContent = text;
      this.fault.hidden = !text;
    }

    tell() {
      this.image.alt = this.alt.value;
      this.block?.dispatchChange?.();
      this.element.dispatchEvent(new Event("input", { bubbles: true }));
    }

    validate(data) {
      return Boolean(data.file.url);
    }

    save() {
      const found = { ...this.data, file: { url: this.url.value.trim() }, caption: this.caption.innerHTML, alt: this.alt.value };
      // A text that never had a description keeps its bytes.
      if (!found.alt) delete found.alt;
      return found;
    }
  };
}
