// The frame of the page: sidebar, theme, signs for keys.
import htmx from "htmx.org";

import { send } from "./net.js";

const root = document.documentElement;
const YEAR = 365 * 24 * 3600;
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

function keep(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax`;
}

/** Show the keys of this computer (Ctrl or ⌘). */
export function nameKeys(within = document) {
  for (const key of within.querySelectorAll("kbd[data-key]")) {
    key.textContent = key.dataset.key.replace("mod", isMac ? "⌘" : "Ctrl");
  }
}

/** Close or open the sidebar, and remember it. */
export function toggleSidebar() {
  const closed = root.dataset.sidebar !== "closed";
  root.dataset.sidebar = closed ? "closed" : "open";
  keep("guanxi_sidebar", root.dataset.sidebar);
}

/** Fold a group of the menu away or show it again, and remember it; the page draws it so from then on. */
function fold(button) {
  const key = button.closest("[data-section]").dataset.section;
  const folded = new Set((root.dataset.folded || "").split(" ").filter(Boolean));
  if (!folded.delete(key)) folded.add(key);
  root.dataset.folded = [...folded].join(" ");
  keep("guanxi_folded", [...folded].join("."));
  nameFolded();
}

function nameFolded() {
  const folded = (root.dataset.folded || "").split(" ");
  for (const button of document.querySelectorAll("#sidebar [data-act=fold]")) {
    button.setAttribute("aria-expanded", String(!folded.includes(button.closest("[data-section]").dataset.section)));
  }
}

function setTheme(choice) {
  root.dataset.theme = choice;
  const dark = choice === "dark" || (choice === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.bsTheme = dark ? "dark" : "light";
  keep("guanxi_theme", choice);
  document.dispatchEvent(new CustomEvent("gx:theme"));
  const body = new FormData();
  body.append("theme", choice);
  send("/ui/preferences", { method: "POST", body }).catch(() => {});
}

document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "sidebar") toggleSidebar();
  if (act === "fold") fold(event.target.closest("[data-act]"));
  if (act === "sidebar-open") {
    root.dataset.drawer = "open";
    document.querySelector("#sidebar a")?.focus();
  }
  if (act === "sidebar-close") delete root.dataset.drawer;
  const theme = event.target.closest("[data-theme-choice]");
  if (theme) {
    setTheme(theme.dataset.themeChoice);
    theme.closest("details").open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") delete root.dataset.drawer;
});
document.addEventListener("submit", (event) => {
  // What this browser kept for the person who leaves goes with them.
  if (event.target.action?.endsWith("/logout/")) {
    for (const store of [localStorage, sessionStorage]) {
      for (const key of Object.keys(store)) if (key.startsWith("guanxi")) store.removeItem(key);
    }
  }
});
nameKeys();
nameFolded();

// What is chosen in a row that scrolls sideways (tabs, settings on a narrow screen) is in view.
htmx.onLoad((root) => {
  for (const chosen of root.querySelectorAll?.(".settings-menu [aria-current], .tabs [aria-selected=true], .view-tabs [aria-current]") || []) {
    const row = chosen.closest(".settings-menu, .tabs, .view-tabs");
    if (row.scrollWidth <= row.clientWidth) continue;
    const [inner, outer] = [chosen.getBoundingClientRect(), row.getBoundingClientRect()];
    if (inner.right > outer.right || inner.left < outer.left) row.scrollLeft += inner.left - outer.left - 24;
  }
});
