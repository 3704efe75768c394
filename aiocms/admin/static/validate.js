/* Checks what was typed without saving: a field that was changed and left is sent with the form, and what the
 * server finds wrong with it, or no longer wrong, is shown beside it. */
const DELAY = 350;
const LARGEST = 400_000;

function start(root) {
  for (const form of root.querySelectorAll?.("form[data-validate]") ?? []) watch(form);
}

function watch(form) {
  if (form.dataset.checked) return;
  form.dataset.checked = "1";
  const touched = new Set();
  let timer = 0, running = null;

  async function check() {
    running?.abort();
    running = new AbortController();
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    if (body.toString().length > LARGEST) return;
    try {
      const answer = await fetch(form.dataset.validate, { method: "POST", body, signal: running.signal, headers: { Accept: "application/json" } });
      if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) return;
      const { errors } = await answer.json();
      for (const name of touched) tell(form, name, errors[name] ?? []);
      const { countErrors } = await import(document.querySelector('script[src*="/tabs"]').src);
      countErrors(form);
    } catch {
      // A check that fails says nothing; the save asks again.
    }
  }

  function plan(event) {
    const part = event.target.closest?.("[data-part][data-kind]");
    if (!part || !form.contains(part) || event.target.type === "password") return;
    touched.add(part.dataset.part);
    clearTimeout(timer);
    timer = setTimeout(check, DELAY);
  }
  form.addEventListener("change", plan);
  // What was wrong is looked at again while it is mended.
  form.addEventListener("input", (event) => {
    if (event.target.getAttribute?.("aria-invalid") === "true") plan(event);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    running?.abort();
  });
}

function tell(form, name, texts) {
  const part = form.querySelector(`[data-part="${CSS.escape(name)}"][data-kind]`);
  if (!part) return;
  const input = part.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`);
  const box = part.matches(".f-declared") ? (part.querySelector(".invalid-feedback") ?? null) : part.querySelector(":scope > .a-error");
  box?.remove();
  part.classList.toggle("is-invalid", texts.length > 0);
  input?.classList.toggle("is-invalid", texts.length > 0 && part.matches(".f-declared"));
  const id = `${name}-errors`;
  const described = (input?.getAttribute("aria-describedby") ?? "").split(/\s+/).filter((one) => one && one !== id);
  if (!texts.length) {
    input?.removeAttribute("aria-invalid");
    if (described.length) input?.setAttribute("aria-describedby", described.join(" "));
    else input?.removeAttribute("aria-describedby");
    return;
  }
  const made = document.createElement("div");
  made.className = "a-error";
  made.id = id;
  made.setAttribute("role", "status");
  for (const text of texts) {
    const line = document.createElement("div");
    line.textContent = text;
    made.append(line);
  }
  if (part.matches(".f-declared")) made.classList.add("invalid-feedback", "d-block");
  part.append(made);
  input?.setAttribute("aria-invalid", "true");
  input?.setAttribute("aria-describedby", [id, ...described].join(" "));
}

if (window.aiocms?.onContent) window.aiocms.onContent(start);
else start(document);
