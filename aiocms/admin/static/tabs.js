/* The tabs of a form. Without this file they are sections one below the other, with links to them. With it one
 * is shown at a time; which one is in the address, and one with an error comes first. */
function build(nav) {
  if (nav.getAttribute("role") === "tablist") return;
  const form = nav.closest("form") ?? document;
  const tabs = [...nav.querySelectorAll(".f-tab")];
  const panels = tabs.map((tab) => form.querySelector(`[id="${CSS.escape(tab.hash.slice(1))}"]`));
  nav.setAttribute("role", "tablist");
  const inDrawer = nav.closest("dialog") !== null;

  function show(at, { focus = false, keep = true } = {}) {
    tabs.forEach((tab, place) => {
      tab.setAttribute("aria-selected", String(place === at));
      tab.tabIndex = place === at ? 0 : -1;
      panels[place].hidden = place !== at;
    });
    nav.dataset.open = tabs[at].hash;
    if (focus) tabs[at].focus();
    if (keep && !inDrawer) history.replaceState(history.state, "", tabs[at].hash);
    tabs[at].scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }

  tabs.forEach((tab, at) => {
    tab.setAttribute("role", "tab");
    tab.id ||= `for-${tab.hash.slice(1)}`;
    tab.setAttribute("aria-controls", panels[at].id);
    panels[at].setAttribute("role", "tabpanel");
    panels[at].setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      show(at);
    });
    tab.addEventListener("keydown", (event) => {
      const back = getComputedStyle(nav).direction === "rtl" ? "ArrowRight" : "ArrowLeft";
      const next = back === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
      const to = { [back]: at - 1, [next]: at + 1, Home: 0, End: tabs.length - 1, " ": at }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      show((to + tabs.length) % tabs.length, { focus: true });
    });
  });
  nav.addEventListener("aiocms:show", (event) => {
    const at = panels.findIndex((panel) => panel.contains(event.detail));
    if (at >= 0 && panels[at].hidden) show(at);
  });
  const wrong = tabs.findIndex((tab) => tab.querySelector("[data-errors]"));
  const asked = tabs.findIndex((tab) => tab.hash === (inDrawer ? "" : location.hash));
  const inside = panels.findIndex((panel) => location.hash.length > 1 && panel.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`));
  show(wrong >= 0 ? wrong : Math.max(asked, inside, 0), { keep: false });
  nav.dataset.ready = "";
}

/* Make the field in a shut tab or group visible. */
export function reveal(element) {
  for (let box = element.closest("details:not([open])"); box; box = box.parentElement.closest("details:not([open])")) box.open = true;
  const panel = element.closest("[data-panel]");
  const nav = panel && (panel.closest("form") ?? document).querySelector("[data-tabs]");
  nav?.dispatchEvent(new CustomEvent("aiocms:show", { detail: element }));
}

/* How many fields are wrong in each tab, after some were checked. */
export function countErrors(form) {
  for (const tab of form.querySelectorAll("[data-tabs] .f-tab")) {
    const panel = form.querySelector(`[id="${CSS.escape(tab.hash.slice(1))}"]`);
    const count = panel?.querySelectorAll(".is-invalid:not(input, select, textarea), .f-declared:has(.is-invalid)").length ?? 0;
    let mark = tab.querySelector("[data-errors]");
    if (!count) mark?.remove();
    else {
      if (!mark) {
        mark = document.createElement("span");
        mark.className = "f-errors";
        tab.append(mark);
      }
      mark.dataset.errors = String(count);
      mark.textContent = String(count);
    }
  }
}

// A link to a field, or the way back in the history, opens its tab.
addEventListener("hashchange", () => {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLElement && target.closest("[data-panel]")) reveal(target.querySelector("input, select, textarea") ?? target);
});

const start = (root) => [...(root.querySelectorAll?.("[data-tabs]") ?? [])].forEach(build);
if (window.aiocms?.onContent) window.aiocms.onContent(start);
else start(document);
