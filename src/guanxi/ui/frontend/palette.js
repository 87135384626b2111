// The command palette: open at once with what is known here, records found as one types.
import { send } from "./net.js";
import { say, words } from "./words.js";

const FRESH_MS = 10 * 60 * 1000;
const RECENT_LIMIT = 8;
const box = document.getElementById("palette");
const user = document.querySelector("[data-user]")?.dataset.user || "";
const recentKey = `guanxi-recent-${user}`;
const itemsKey = `guanxi-palette-${user}-${words.language}`;
let items = [];
let hits = [];
let more = "";
let chosen = 0;
let asked = 0;
let isAsking = false;
let mayRun = null;
let cameFrom = null;

function stored(store, key, otherwise) {
  try {
    return JSON.parse(store.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Everything fixed that the palette offers. */
export function paletteItems() {
  return items;
}

function recents() {
  return stored(localStorage, recentKey, []);
}

function remember(entry) {
  const others = recents().filter((item) => item.url !== entry.url);
  localStorage.setItem(recentKey, JSON.stringify([entry, ...others].slice(0, RECENT_LIMIT)));
}

async function loadItems() {
  const kept = stored(sessionStorage, itemsKey, null);
  if (kept) items = kept.items;
  if (kept && Date.now() - kept.at < FRESH_MS) return;
  try {
    items = JSON.parse(await send("/ui/palette")).items;
    sessionStorage.setItem(itemsKey, JSON.stringify({ at: Date.now(), items }));
  } catch {
    // Without an answer the palette offers what it has.
  }
}

function pageActs() {
  const found = [];
  for (const element of document.querySelectorAll("#record .record-actions a, #record .record-actions button[type=submit]")) {
    found.push({ group: "onThisRecord", label: element.textContent.trim(), icon: iconOf(element), shortcut: (element.dataset.shortcut || "").toUpperCase(), element });
  }
  const bar = document.getElementById("bulk-bar");
  if (bar && !bar.hidden) {
    for (const element of bar.querySelectorAll("[data-bulk], [data-bulk-export]")) {
      found.push({ group: "onSelected", label: element.textContent.trim(), icon: iconOf(element), element });
    }
  }
  return found;
}

function iconOf(element) {
  const css = element.querySelector(".i")?.className || "";
  return /i-([a-z0-9-]+)/.exec(css)?.[1] || "zap";
}

function score(item, text) {
  const label = item.label.toLowerCase();
  const at = label.indexOf(text);
  if (at >= 0) return at === 0 ? 3 : 2;
  return (item.key || "").replace(/[._]/g, " ").includes(text) ? 1 : 0;
}

function offered() {
  const text = box.querySelector("input").value.trim().toLowerCase();
  const known = [...pageActs(), ...items];
  if (!text) {
    const last = recents().filter((item) => item.url !== location.pathname).map((item) => ({ ...item, group: "recent" }));
    return [...last, ...known.filter((item) => item.group !== "settings")];
  }
  const fitting = known.map((item) => [score(item, text), item]).filter(([points]) => points);
  fitting.sort((a, b) => b[0] - a[0]);
  const found = [...hits.map((hit) => ({ ...hit, label: hit.title, group: "found" })), ...fitting.map(([, item]) => item)];
  if (more) {
    found.push({ group: "search", label: say("searchAll", box.querySelector("input").value.trim()), icon: "search", url: `${more}?q=${encodeURIComponent(box.querySelector("input").value.trim())}` });
  }
  return found;
}

function headOf(group) {
  return { recent: words.recent, go: words.go, act: words.act, settings: words.settings, found: words.found, onThisRecord: words.onThisRecord, onSelected: words.onSelected }[group] || "";
}

function line(item, index) {
  const row = document.createElement("li");
  row.setAttribute("role", "option");
  row.id = `palette-${index}`;
  row.setAttribute("aria-selected", String(index === chosen));
  row.dataset.index = index;
  const icon = document.createElement("i");
  icon.className = `i i-${/^[a-z0-9-]+$/.test(item.icon || "") ? item.icon : "circle"}`;
  const label = document.createElement("span");
  label.className = "palette-label";
  label.textContent = item.label;
  row.append(icon, label);
  const hint = [item.kind, item.subtitle].filter(Boolean).join(" · ");
  if (hint) {
    const small = document.createElement("small");
    small.textContent = hint;
    row.append(small);
  }
  if (item.shortcut) {
    const key = document.createElement("kbd");
    key.textContent = item.shortcut;
    row.append(key);
  }
  return row;
}

function draw() {
  const list = document.getElementById("palette-list");
  const found = offered();
  chosen = Math.max(0, Math.min(chosen, found.length - 1));
  list.replaceChildren();
  let group = null;
  found.forEach((item, index) => {
    if (item.group !== group) {
      group = item.group;
      const head = document.createElement("li");
      head.setAttribute("role", "presentation");
      head.className = "palette-head";
      head.textContent = headOf(group);
      if (head.textContent) list.append(head);
    }
    list.append(line(item, index));
  });
  if (!found.length) {
    const none = document.createElement("li");
    none.className = "palette-none";
    none.textContent = words.nothing;
    list.append(none);
  }
  box.querySelector("input").setAttribute("aria-activedescendant", found.length ? `palette-${chosen}` : "");
  list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  return found;
}

async function search() {
  const text = box.querySelector("input").value.trim();
  const mine = ++asked;
  mayRun = null;
  isAsking = Boolean(text);
  if (!text) {
    hits = [];
    draw();
    return;
  }
  draw();
  await new Promise((resolve) => setTimeout(resolve, 90));
  if (mine !== asked) return;
  try {
    const answer = JSON.parse(await send(`/ui/palette/search?q=${encodeURIComponent(text)}`));
    if (mine !== asked) return;
    ({ hits, more } = answer);
    draw();
    if (mayRun) run(offered()[chosen], mayRun);
  } catch {
    // The toast has said it.
  } finally {
    if (mine === asked) isAsking = false;
  }
}

/** Open the palette; Escape leads back to exactly where one was. */
export function openPalette() {
  if (!box || box.open) return;
  cameFrom = document.activeElement;
  chosen = 0;
  hits = [];
  box.querySelector("input").value = "";
  draw();
  box.showModal();
  box.querySelector("input").focus();
}

function run(item, { inNewTab = false } = {}) {
  if (!item) return;
  if (item.url && (item.group === "found" || item.group === "recent" || item.group === "go")) {
    remember({ label: item.label, url: item.url, icon: item.icon, kind: item.kind, subtitle: item.subtitle });
  }
  box.close();
  if (item.element) item.element.click();
  else if (item.url && inNewTab) window.open(item.url, "_blank", "noopener");
  else if (item.url) location.assign(item.url);
  else if (item.event) document.body.dispatchEvent(new CustomEvent(item.event, { bubbles: true }));
}

// The home page lists what was opened last in this browser.
for (const card of document.querySelectorAll("[data-recents]")) {
  const last = recents().slice(0, 6);
  card.hidden = !last.length;
  card.querySelector("ul").replaceChildren(
    ...last.map((item) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = item.url;
      link.textContent = item.label;
      const kind = document.createElement("span");
      kind.className = "row-more";
      kind.textContent = item.subtitle || item.kind || "";
      row.append(link, kind);
      return row;
    }),
  );
}

if (box) {
  const input = box.querySelector("input");
  input.addEventListener("input", () => {
    chosen = 0;
    search();
  });
  input.addEventListener("keydown", (event) => {
    const found = offered();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + found.length) % Math.max(found.length, 1);
      draw();
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      const how = { inNewTab: event.ctrlKey || event.metaKey };
      // Faster than the answer: what it finds first is meant.
      if (!found.length && isAsking) mayRun = how;
      else run(found[chosen], how);
    }
  });
  box.addEventListener("click", (event) => {
    const row = event.target.closest("[data-index]");
    if (row) run(offered()[Number(row.dataset.index)], { inNewTab: event.ctrlKey || event.metaKey });
    else if (event.target === box) box.close();
  });
  box.addEventListener("close", () => cameFrom?.focus?.({ preventScroll: true }));
  document.addEventListener("click", (event) => {
    if (event.target.closest('[data-act="palette"]')) openPalette();
  });
  (window.requestIdleCallback || setTimeout)(loadItems);
  const record = document.getElementById("record");
  if (record) {
    remember({ label: record.querySelector("h1")?.textContent.trim() || document.title, url: location.pathname, icon: "file", subtitle: record.querySelector(".record-names p")?.textContent.trim() || "" });
  }
}
