// Lists: the current row, selection and the bulk bar. Everything is delegated, so that swaps need no wiring.
import htmx from "htmx.org";

import { openDialog } from "./dialogs.js";
import { startEdit } from "./inline.js";
import { csrfToken } from "./net.js";
import { openPeek, peekIsOpen } from "./peek.js";
import { isWriting } from "./shortcuts.js";
import { say } from "./words.js";

const chosen = new Set();
let isAll = false;
let lastTicked = null;

const list = () => document.getElementById("list");
const rows = () => [...document.querySelectorAll("#rows > tr[data-id], .board-card")];
const current = () => document.querySelector("#rows > tr.is-current, .board-card.is-current");

/** Make a row the current one. */
export function makeCurrent(row, { focus = true } = {}) {
  current()?.classList.remove("is-current");
  if (!row) return;
  row.classList.add("is-current");
  row.tabIndex = 0;
  if (focus) row.focus({ preventScroll: true });
  // A row is wider than its window: only up and down is followed.
  const frame = row.closest(".list-scroll");
  const left = frame?.scrollLeft;
  row.scrollIntoView({ block: "nearest" });
  if (frame) frame.scrollLeft = left;
}

/** The row after (or before) the current one. */
export function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  const row = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))];
  makeCurrent(row);
  if (row && peekIsOpen()) openPeek(row);
  return row;
}

function open(row) {
  if (row?.dataset.href) location.assign(row.dataset.href);
}

function count() {
  return document.querySelector("#list-footer [data-count]")?.dataset.count || "";
}

function drawBar() {
  const bar = document.getElementById("bulk-bar");
  if (!bar) return;
  bar.hidden = !isAll && chosen.size === 0;
  bar.querySelector("[data-bulk-count]").textContent = isAll ? say("allSelected", count()) : say("selected", chosen.size.toLocaleString("en"));
  const boxes = [...document.querySelectorAll("#rows .c-select input")];
  const whole = boxes.length > 0 && boxes.every((box) => box.checked);
  const link = bar.querySelector("[data-bulk-all]");
  link.hidden = isAll || !whole || !count() || count().replace(/\D/g, "") === String(chosen.size);
  link.textContent = say("selectAll", count());
  const head = document.querySelector("[data-select-page]");
  if (head) {
    head.checked = whole;
    head.indeterminate = !whole && chosen.size > 0;
  }
}

function tick(box, on) {
  box.checked = on;
  box.closest("tr").classList.toggle("is-selected", on);
  if (on) chosen.add(box.value);
  else chosen.delete(box.value);
}

function clear() {
  chosen.clear();
  isAll = false;
  for (const box of document.querySelectorAll("#rows .c-select input")) tick(box, false);
  drawBar();
}

function picked() {
  return { ...(isAll ? { all: "1" } : { ids: [...chosen].join(",") }), seen: list().dataset.seen };
}

function bulk(button) {
  const { base, query } = list().dataset;
  const url = `${base}/bulk/${button.dataset.bulk}${query}`;
  if (button.dataset.ask) {
    openDialog(`${url}&count=${isAll ? "" : chosen.size}&all=${isAll ? "1" : ""}`).then(() => {
      const field = document.querySelector('#dialog-body input[name="ids"]');
      if (field && !isAll) field.value = [...chosen].join(",");
      const seen = document.querySelector('#dialog-body input[name="seen"]');
      if (seen) seen.value = list().dataset.seen;
    });
    return;
  }
  htmx.ajax("POST", url, { values: { ...picked(), csrfmiddlewaretoken: csrfToken() }, swap: "none", target: "body" });
}

function exportRows(isMasked) {
  const { base, query } = list().dataset;
  const extra = (isAll ? "" : `&ids=${[...chosen].join(",")}`) + (isMasked ? "&masked=1" : "");
  location.assign(`${base}/export${query}&format=xlsx${extra}`);
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-page]")) {
    isAll = false;
    for (const box of document.querySelectorAll("#rows .c-select input")) tick(box, event.target.checked);
    drawBar();
  } else if (event.target.matches("#rows .c-select input")) {
    isAll = false;
    tick(event.target, event.target.checked);
    drawBar();
  }
});

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.closest("[data-bulk-clear]")) return clear();
  const exporting = target.closest("[data-bulk-export]");
  if (exporting) return exportRows(exporting.dataset.bulkExport === "masked");
  if (target.closest("[data-bulk-all]")) {
    isAll = true;
    return drawBar();
  }
  const button = target.closest("[data-bulk]");
  if (button) return bulk(button);
  const box = target.closest("#rows .c-select input");
  if (box) {
    if (event.shiftKey && lastTicked?.isConnected) {
      const boxes = [...document.querySelectorAll("#rows .c-select input")];
      const [from, to] = [boxes.indexOf(lastTicked), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) tick(between, box.checked);
      drawBar();
    }
    lastTicked = box;
    return undefined;
  }
  const row = target.closest("#rows > tr[data-id], .board-card");
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey || target.closest(".c-select, .inline-form")) return undefined;
  const link = target.closest("a");
  if (link && link.getAttribute("href") !== row.dataset.href) return undefined;
  const cell = target.closest("[data-edit][data-column]");
  if (cell && !link) {
    makeCurrent(row, { focus: false });
    startEdit(cell);
    return undefined;
  }
  const wasCurrent = row.classList.contains("is-current");
  const canPeek = list().dataset.peek && window.innerWidth >= 900;
  if (canPeek && !(wasCurrent && peekIsOpen())) {
    event.preventDefault();
    makeCurrent(row, { focus: false });
    openPeek(row);
  } else if (!link) {
    open(row);
  }
  return undefined;
});

document.addEventListener("keydown", (event) => {
  if (!list() || isWriting(event.target) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const inMenu = event.target.closest("details.menu[open]");
  if (inMenu) return;
  const key = event.key.toLowerCase();
  const row = current();
  if (key === "j" || (event.key === "ArrowDown" && row)) {
    event.preventDefault();
    step(1);
  } else if (key === "k" || (event.key === "ArrowUp" && row)) {
    event.preventDefault();
    step(-1);
  } else if (key === "x" && row) {
    const box = row.querySelector(".c-select input");
    if (box) {
      isAll = false;
      tick(box, !box.checked);
      drawBar();
    }
  } else if (event.key === " " && row && event.target === row) {
    event.preventDefault();
    if (list().dataset.peek) openPeek(row);
  } else if (event.key === "Enter" && row && (event.target === row || event.target === document.body)) {
    event.preventDefault();
    open(row);
  } else if (key === "e" && row) {
    const cell = row.querySelector("[data-edit][data-column]");
    if (cell) {
      event.preventDefault();
      startEdit(cell);
    }
  } else if (key === "f") {
    const menu = document.getElementById("filter-menu");
    if (menu) {
      event.preventDefault();
      menu.open = true;
    }
  } else if (event.key === "Escape" && chosen.size + Number(isAll)) {
    clear();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "list") {
    chosen.clear();
    isAll = false;
    lastTicked = null;
  }
  drawBar();
});
document.addEventListener("htmx:afterSettle", () => {
  if (!isAll) return;
  for (const box of document.querySelectorAll("#rows .c-select input")) box.checked = true;
});
// A page restored by the browser shows its boxes as they were.
window.addEventListener("pageshow", () => {
  for (const box of document.querySelectorAll("#rows .c-select input:checked")) tick(box, true);
  drawBar();
});
