// A record's page: tabs with addresses, counts on cards, the way back to the list one came from.
import htmx from "htmx.org";

import { isWriting } from "./shortcuts.js";

function openTab(tab, { focus = true } = {}) {
  for (const other of tab.parentElement.querySelectorAll("[role=tab]")) {
    const on = other === tab;
    other.setAttribute("aria-selected", String(on));
    other.tabIndex = on ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls"));
    if (panel) panel.hidden = !on;
    if (on && panel) htmx.trigger(panel, "gx:open");
  }
  if (focus) tab.focus({ preventScroll: true });
  const url = new URL(location.href);
  url.searchParams.set("tab", tab.dataset.tab);
  history.replaceState(history.state, "", url);
  document.dispatchEvent(new CustomEvent("gx:shown"));
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab]");
  if (tab && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    openTab(tab);
  }
  const back = event.target.closest("[data-back]");
  if (back && document.referrer && new URL(document.referrer).pathname === new URL(back.href).pathname && history.length > 1) {
    event.preventDefault();
    history.back();
  }
});
document.addEventListener("keydown", (event) => {
  const inTabs = event.target.closest?.("[role=tablist]");
  const byKey = (event.key === "," || event.key === ".") && !isWriting(event.target);
  const byArrow = inTabs && (event.key === "ArrowLeft" || event.key === "ArrowRight");
  if (!byKey && !byArrow) return;
  const tabs = [...(inTabs || document).querySelectorAll(".record [role=tab], [role=tab]")];
  if (!tabs.length) return;
  const at = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  const by = event.key === "." || event.key === "ArrowRight" ? 1 : -1;
  event.preventDefault();
  openTab(tabs[(at + by + tabs.length) % tabs.length], { focus: Boolean(inTabs) });
});

document.addEventListener("click", (event) => {
  if (event.target.closest('[data-act="print"]')) window.print();
});

htmx.onLoad((root) => {
  const found = root.matches?.("[data-card-count]") ? [root] : root.querySelectorAll?.("[data-card-count]") || [];
  for (const count of found) {
    const slot = count.closest(".record-card")?.querySelector(".card-count-slot");
    if (slot) slot.replaceChildren(count);
  }
});
