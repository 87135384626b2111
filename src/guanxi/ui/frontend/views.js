// Views that do not fit beside each other stand in the menu of further views; the chosen one always stays a tab.
import htmx from "htmx.org";

let seen = null;

function put(tabs, menu, count) {
  const label = menu.querySelector("summary span");
  menu.hidden = count === 0;
  // The number only: the words around it are the page's.
  label.textContent = label.textContent.replace(/[\d,]+/, count);
  for (const copy of menu.querySelectorAll("[data-moved]")) copy.remove();
  const panel = menu.querySelector(".menu-panel");
  for (const tab of [...tabs].reverse()) {
    const item = tab.cloneNode(true);
    item.classList.remove("is-moved");
    item.classList.add("menu-item");
    item.dataset.moved = "1";
    panel.prepend(item);
  }
}

function fit() {
  const row = document.querySelector(".list-bar .view-tabs");
  const menu = row?.parentElement.querySelector(".more-views");
  if (!menu) return;
  const tabs = [...row.querySelectorAll("a:not(.is-more)")];
  const further = row.querySelectorAll("a.is-more").length;
  for (const tab of tabs) tab.classList.remove("is-moved");
  put([], menu, further);
  // On a narrow screen the row scrolls and there is no menu.
  if (getComputedStyle(row).flexWrap === "nowrap") return;
  const moved = [];
  const wraps = () => tabs.some((tab) => !moved.includes(tab) && tab.offsetTop > tabs[0].offsetTop);
  for (const tab of [...tabs].reverse()) {
    if (!wraps()) break;
    if (tab.hasAttribute("aria-current") || tab === tabs[0]) continue;
    moved.unshift(tab);
    tab.classList.add("is-moved");
    // The menu takes room itself.
    menu.hidden = false;
  }
  if (!moved.length) return;
  put(moved, menu, further + moved.length);
  htmx.process(menu);
}

// The bar grows and shrinks with the window, the sidebar and the side panel; being watched counts as a first change.
const watcher = new ResizeObserver(fit);
htmx.onLoad(() => {
  const bar = document.querySelector(".list-bar");
  if (bar === seen) return;
  watcher.disconnect();
  if (bar) watcher.observe(bar);
  seen = bar;
});
