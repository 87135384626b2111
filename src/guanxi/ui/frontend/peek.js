// The side panel that shows a row before one opens it.
import htmx from "htmx.org";

import { makeCurrent, step } from "./list.js";

const panel = () => document.getElementById("peek");

/** Whether the side panel is open. */
export function peekIsOpen() {
  return Boolean(panel() && !panel().hidden);
}

/** Show a row in the side panel. */
export function openPeek(row) {
  const list = document.getElementById("list");
  if (!panel() || !list) return;
  panel().hidden = false;
  document.documentElement.dataset.peek = "open";
  history.replaceState(history.state, "", `${location.pathname}${location.search}#peek=${row.dataset.id}`);
  htmx.ajax("GET", `${list.dataset.base}/peek/${row.dataset.id}`, { target: "#peek-body", swap: "innerHTML" });
}

/** Close the side panel; the row stays the current one. */
export function closePeek() {
  if (!peekIsOpen()) return;
  panel().hidden = true;
  delete document.documentElement.dataset.peek;
  document.getElementById("peek-body").replaceChildren();
  history.replaceState(history.state, "", location.pathname + location.search);
  document.querySelector("#rows > tr.is-current, .board-card.is-current")?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "peek-close") closePeek();
  if (act === "peek-next") step(1);
  if (act === "peek-previous") step(-1);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && peekIsOpen() && !document.querySelector("dialog[open], details.menu[open], .inline-form")) closePeek();
});

const wanted = /^#peek=(\d+)$/.exec(location.hash);
if (wanted) {
  const row = document.querySelector(`#rows > tr[data-id="${wanted[1]}"], .board-card[data-id="${wanted[1]}"]`);
  if (row) {
    makeCurrent(row, { focus: false });
    openPeek(row);
  }
}
