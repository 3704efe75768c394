/* The charts above a list: opened and closed as it was left, and fetched anew when the list's filter changes.
 * Without this file they are a link to a page of their own. */
const panel = document.querySelector("[data-charts]");
// Of the list's address only these do not change what is counted.
const OTHERS = ["sort", "size", "cols", "at", "view"];

function readAddress() {
  const query = new URLSearchParams(location.search);
  for (const name of OTHERS) query.delete(name);
  const text = query.toString();
  return panel.dataset.base + (text ? `?${text}` : "");
}

if (panel) {
  const body = panel.querySelector("[data-charts-body]");
  // A phone has no room for them above its rows, unless they were opened there before. This runs before htmx does.
  let shut = panel.open && !panel.dataset.kept && matchMedia("(max-width: 47.99rem)").matches;
  if (shut) {
    body.setAttribute("hx-trigger", "charts-open");
    panel.open = false;
  }
  panel.dataset.kept = "yes";
  let shown = panel.open ? readAddress() : "";

  const show = () => {
    const address = readAddress();
    if (!panel.open || address === shown) return;
    shown = address;
    htmx.ajax("GET", address, { target: body, swap: "innerHTML" });
  };
  panel.addEventListener("toggle", () => {
    if (shut) {
      shut = false;
      return;
    }
    // One cookie for each list: the server opens or closes the panel before the first paint.
    const path = panel.dataset.base.replace(/-\/charts$/, "");
    document.cookie = `aiocms_charts=${panel.open ? "open" : "closed"}; Path=${path}; Max-Age=31536000; SameSite=Lax`;
    show();
  });
  document.addEventListener("htmx:pushedIntoHistory", show);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "list") show();
  });
}
