// Widths of columns: drag the right edge of a head; a double click there gives the width back. Kept in this browser.
import htmx from "htmx.org";

const EDGE = 7;
const LEAST = 56;
let drag = null;

const table = () => document.querySelector("#list .list-table");
const storeKey = () => `gx-widths-${document.getElementById("list").dataset.list}`;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(storeKey())) || {};
  } catch {
    return {};
  }
}

function apply() {
  if (!table()) return;
  const widths = drag?.widths || kept();
  table().classList.toggle("has-widths", Object.keys(widths).length > 0);
  for (const head of table().querySelectorAll("th[data-key]")) {
    const name = `--w${head.cellIndex + 1}`;
    const width = widths[head.dataset.key];
    if (width) table().style.setProperty(name, `${width}px`);
    else table().style.removeProperty(name);
  }
}

function headAtEdge(event) {
  const head = event.target.closest?.(".list-table th[data-key]");
  return head && head.getBoundingClientRect().right - event.clientX <= EDGE ? head : null;
}

document.addEventListener("pointermove", (event) => {
  if (drag) {
    drag.widths[drag.key] = Math.max(LEAST, Math.round(drag.width + event.clientX - drag.x));
    apply();
    return;
  }
  if (event.pointerType !== "mouse" || !event.target.closest?.(".list-table thead")) return;
  const head = headAtEdge(event);
  for (const other of document.querySelectorAll(".list-table th.at-edge")) if (other !== head) other.classList.remove("at-edge");
  head?.classList.add("at-edge");
});
document.addEventListener("pointerdown", (event) => {
  const head = headAtEdge(event);
  if (!head || event.button !== 0) return;
  event.preventDefault();
  drag = { key: head.dataset.key, x: event.clientX, width: head.getBoundingClientRect().width, widths: kept() };
  document.body.classList.add("is-resizing");
});
document.addEventListener("pointerup", (event) => {
  if (!drag) return;
  if (event.clientX !== drag.x) localStorage.setItem(storeKey(), JSON.stringify(drag.widths));
  drag = null;
  document.body.classList.remove("is-resizing");
});
document.addEventListener("dblclick", (event) => {
  const head = headAtEdge(event);
  if (!head) return;
  const widths = kept();
  delete widths[head.dataset.key];
  localStorage.setItem(storeKey(), JSON.stringify(widths));
  apply();
});
htmx.onLoad(apply);
