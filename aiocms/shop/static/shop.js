// The shop's pages without full reloads: filters, orders, variants and pictures. Everything here is a link or
// a form that works without it; this fetches the same address and swaps the part marked data-shop-swap.

let latest = 0;

async function go(address, { push = true, focus = "" } = {}) {
  const turn = ++latest;
  const parts = [...document.querySelectorAll("[data-shop-swap]")];
  parts.forEach((part) => part.setAttribute("aria-busy", "true"));
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== latest) return;
    const swaps = parts.map((part) => [part, page.querySelector(`[data-shop-swap="${part.dataset.shopSwap}"]`)]);
    if (!swaps.length || swaps.some(([, fresh]) => !fresh)) throw new Error("another page");
    const open = [...document.querySelectorAll(".s-panel details")].map((fold) => fold.open);
    for (const [part, fresh] of swaps) part.replaceWith(document.adoptNode(fresh));
    document.querySelectorAll(".s-panel details").forEach((fold, index) => (fold.open = open[index] ?? fold.open));
    document.title = page.title;
    if (push) history.pushState({ shop: true }, "", address);
    if (focus) document.querySelector(focus)?.focus({ preventScroll: true });
  } catch {
    // Whatever went wrong, the address itself works.
    if (turn === latest) location.assign(address);
  }
}

function addressOf(form) {
  const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(pairs).toString();
  return form.getAttribute("action") || location.pathname + (query ? `?${query}` : "");
}

function selectorOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const name = element.getAttribute("name");
  return name ? `[name="${CSS.escape(name)}"][value="${CSS.escape(element.value)}"]` : "";
}

document.addEventListener("change", (event) => {
  const control = event.target.closest("[data-shop-submit]");
  if (control?.form) go(addressOf(control.form), { focus: selectorOf(control) });
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-shop-filter]");
  if (!form) return;
  event.preventDefault();
  go(addressOf(form));
});

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const picture = event.target.closest("[data-shop-picture]");
  if (picture) {
    event.preventDefault();
    const large = document.querySelector("[data-shop-large]");
    large.src = picture.dataset.shopPicture;
    for (const one of document.querySelectorAll("[data-shop-picture]")) one.removeAttribute("aria-current");
    picture.setAttribute("aria-current", "true");
    return;
  }
  const link = event.target.closest("[data-shop-choice], [data-shop-go]");
  if (!link) return;
  event.preventDefault();
  const again = link.matches("[data-shop-choice]") ? `[data-shop-choice][href="${CSS.escape(link.getAttribute("href"))}"]` : "";
  go(link.href, { focus: again });
});

addEventListener("popstate", () => go(location.href, { push: false }));
