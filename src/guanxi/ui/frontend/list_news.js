// What others changed in the list that is open: rows that stand change where they stand; rows that come, go or move
// take their places where that disturbs nobody, else a button offers them.
import htmx from "htmx.org";

import { isWriting } from "./shortcuts.js";

const FIRST_MS = 500;
// A list is asked for again this often at most, however much is changed.
const EVERY_MS = 6000;
// How many there are in all is dear to count: where the same rows stand, no oftener than this.
const COUNT_EVERY_MS = 30000;
let last = 0;
let counted = performance.timeOrigin;
let timer = 0;
let isDue = false;

const list = () => document.getElementById("list");
const idsOf = (rows) => rows.map((row) => row.dataset.id).join(",");

/** Ask for the list again soon; hidden pages do once they are looked at. */
export function renewListSoon() {
  isDue = true;
  if (timer || document.hidden) return;
  const pause = Math.max(FIRST_MS, last + EVERY_MS - Date.now()) + 300 * Math.random();
  timer = setTimeout(() => {
    timer = 0;
    if (isDue && !document.hidden) renewList();
  }, pause);
}

/** Whether taking the rows away would disturb: some are chosen, something is written, the reader is far down. */
function isInUse(section) {
  if (section.querySelector(".inline-form, .is-editing, .is-saving, .sortable-ghost, .c-select input:checked")) return true;
  if (document.querySelector("dialog[open], #peek:not([hidden]), details.menu[open]")) return true;
  if (section.contains(document.activeElement) && isWriting(document.activeElement)) return true;
  return (section.querySelector(".list-scroll")?.scrollTop || 0) > 40 || window.scrollY > 200;
}

function patchRow(row, fresh) {
  [...row.cells].forEach((cell, at) => {
    const next = fresh.cells[at];
    if (!next || cell.matches(".c-select, .is-editing, .is-saving") || cell.querySelector(".inline-form")) return;
    if (cell.innerHTML === next.innerHTML) return;
    cell.innerHTML = next.innerHTML;
    cell.classList.add("is-news");
    htmx.process(cell);
  });
}

function replaceRows(body, fresh) {
  const current = body.querySelector(".is-current")?.dataset.id;
  const hadFocus = body.contains(document.activeElement);
  body.innerHTML = fresh.innerHTML;
  htmx.process(body);
  const row = current && body.querySelector(`tr[data-id="${CSS.escape(current)}"]`);
  if (!row) return;
  row.classList.add("is-current");
  row.tabIndex = 0;
  if (hadFocus) row.focus({ preventScroll: true });
}

function putTable(section, fresh) {
  const [body, next] = [section, fresh].map((side) => side.querySelector("#rows"));
  const [now, then] = [body, next].map((side) => [...side.querySelectorAll("tr[data-id]")]);
  const byId = new Map(then.map((row) => [row.dataset.id, row]));
  const isSame = idsOf(now.slice(0, then.length)) === idsOf(then);
  if (isSame || isInUse(section)) {
    for (const row of now) if (byId.has(row.dataset.id)) patchRow(row, byId.get(row.dataset.id));
    section.querySelector("[data-list-news]").hidden = isSame;
  } else {
    replaceRows(body, next);
    section.querySelector("[data-list-news]").hidden = true;
  }
  if (!isInUse(section)) section.dataset.seen = fresh.dataset.seen;
  const footer = document.getElementById("list-footer");
  if (!footer || (isSame && Date.now() - counted < COUNT_EVERY_MS)) return;
  counted = Date.now();
  htmx.trigger(footer, "live");
}

async function renewList() {
  isDue = false;
  last = Date.now();
  const section = list();
  if (!section) return;
  let fresh;
  try {
    const headers = { "HX-Request": "true", "HX-Target": "list", "GX-Refresh": "1" };
    const answer = await fetch(location.pathname + section.dataset.query, { credentials: "same-origin", headers });
    if (answer.redirected || answer.status === 404) location.reload();
    if (!answer.ok || answer.redirected) return;
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("list");
  } catch {
    return; // the stream says when the server is back
  }
  if (!fresh || !section.isConnected || section.dataset.query !== fresh.dataset.query) return;
  if (section.querySelector("#rows") && fresh.querySelector("#rows")) putTable(section, fresh);
  else if (!isInUse(section)) show(fresh);
  else renewListSoon();
}

/** A board, or a list that was empty or is so now: drawn as a whole. */
function show(fresh) {
  const section = list();
  if (section.textContent.trim() === fresh.textContent.trim()) return;
  section.replaceWith(fresh);
  htmx.process(fresh);
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-list-news]")) return;
  htmx.ajax("GET", location.pathname + list().dataset.query, { target: "#list", swap: "outerHTML show:none", headers: { "GX-Refresh": "1" } });
});
document.addEventListener("visibilitychange", () => isDue && renewListSoon());
