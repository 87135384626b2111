// The list on the left: views, search, more rows, and what changed while one looks; where one is stays where it is.
import { left, liven, part, post, thread, withList } from "./base.js";
import { tickAll } from "./clocks.js";
import { onNews } from "./news.js";

const SEARCH_MS = 350;
let asked = 0;
let timer = 0;
let page = 1;

export const rows = () => [...document.querySelectorAll("#desk-rows .desk-row")];
export const currentRow = () => document.querySelector("#desk-rows .desk-row.is-current");

/** Mark the row of the open conversation. */
export function markCurrent(id) {
  for (const row of rows()) {
    const on = row.dataset.id === id;
    row.classList.toggle("is-current", on);
    if (on) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

/** Take the sign of unread messages from a row. */
export function markRead(id) {
  const row = rows().find((one) => one.dataset.id === id);
  row?.classList.remove("is-unread");
  row?.querySelector(".desk-dot")?.remove();
}

/** Show the list that an address names. */
export async function showList(url, { push = true, keepFocus = false } = {}) {
  const ticket = ++asked;
  const query = new URL(url, location.href).search;
  const fetched = await part(`/desk/${query}${query ? "&" : "?"}current=${thread()?.dataset.id || ""}`, "list");
  if (!fetched || ticket !== asked) return;
  const fresh = fetched.querySelector("#desk-left");
  const box = document.getElementById("desk-q");
  const writing = keepFocus && document.activeElement === box ? [box.value, box.selectionStart] : null;
  left().replaceWith(fresh);
  page = 1;
  liven(fresh);
  tickAll(fresh);
  putCounts(fresh.dataset.counts);
  if (writing) {
    const now = document.getElementById("desk-q");
    [now.value] = writing;
    now.focus();
    now.setSelectionRange(writing[1], writing[1]);
  }
  const path = thread() ? `/desk/${thread().dataset.id}/` : "/desk/";
  history[push ? "pushState" : "replaceState"]({ desk: true }, "", withList(path));
}

/** Put fresh rows in the place of old ones, so that what is the same stays as it is. */
function merge(fresh) {
  const list = document.getElementById("desk-rows");
  const focused = document.activeElement?.closest?.(".desk-row")?.dataset.id;
  const known = new Map([...list.children].map((item) => [item.firstElementChild.dataset.id, item]));
  const items = [...fresh.children].map((item) => {
    const old = known.get(item.firstElementChild.dataset.id);
    return old && old.innerHTML === item.innerHTML ? old : item;
  });
  list.replaceChildren(...items);
  if (focused) rows().find((row) => row.dataset.id === focused)?.focus({ preventScroll: true });
}

/** The numbers beside the views. */
export function putCounts(text) {
  const counts = text ? JSON.parse(text) : {};
  for (const sign of document.querySelectorAll("[data-count]")) sign.textContent = counts[sign.dataset.count] || "";
}

onNews((fragment, { query }) => {
  const fresh = fragment.querySelector("#desk-rows-news");
  if (!fresh || left()?.dataset.query !== query) return;
  putCounts(fresh.dataset.counts);
  // Rows that were fetched by scrolling on stay until one opens the list again.
  if (page !== 1) return;
  const was = document.getElementById("desk-rows").childElementCount > 0;
  const is = fresh.firstElementChild.childElementCount > 0;
  if (was !== is) {
    showList(location.href, { push: false, keepFocus: true });
    return;
  }
  merge(fresh.firstElementChild);
  tickAll(left());
});

async function more(button) {
  button.disabled = true;
  const fetched = await part(`/desk/rows?${button.dataset.deskMore}`);
  const holder = fetched?.querySelector("[data-next]");
  button.disabled = false;
  if (!holder) return;
  page += 1;
  const known = new Set(rows().map((row) => row.dataset.id));
  for (const item of [...holder.firstElementChild.children]) {
    if (!known.has(item.firstElementChild.dataset.id)) document.getElementById("desk-rows").append(item);
  }
  tickAll(left());
  if (holder.dataset.next) button.dataset.deskMore = holder.dataset.next;
  else button.remove();
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest("a[data-desk-list]");
  if (link) {
    event.preventDefault();
    showList(link.href);
  }
  const button = event.target.closest("[data-desk-more]");
  if (button) more(button);
});
document.addEventListener("input", (event) => {
  if (event.target.id !== "desk-q") return;
  clearTimeout(timer);
  timer = setTimeout(() => search(event.target.form), SEARCH_MS);
});

function search(form) {
  clearTimeout(timer);
  const query = new URLSearchParams(new FormData(form));
  query.delete("name");
  showList(`/desk/?${query}`, { push: false, keepFocus: true });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("[data-desk-search]")) {
    event.preventDefault();
    search(form);
  }
  if (form.matches("[data-desk-form]")) {
    event.preventDefault();
    await post(form.action, new FormData(form)).catch(() => {});
  }
});
document.addEventListener("gx:desk-list", () => showList(location.href, { push: false }));
document.addEventListener("scroll", ({ target }) => {
  if (!target.matches?.(".desk-list-scroll")) return;
  const button = target.querySelector("[data-desk-more]:not(:disabled)");
  if (button && target.scrollTop + target.clientHeight > target.scrollHeight - 300) more(button);
}, true);
