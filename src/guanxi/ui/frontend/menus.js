// Menus are <details class="menu">: closed by a click elsewhere or Escape, walked with arrows, narrowed by typing.
import TomSelect from "tom-select/dist/esm/tom-select.js";
import remove from "tom-select/dist/esm/plugins/remove_button/plugin.js";
import htmx from "htmx.org";
import Sortable from "sortablejs";

TomSelect.define("remove_button", remove);

function place(menu) {
  const panel = menu.querySelector(":scope > .menu-panel");
  if (!panel) return;
  panel.style.removeProperty("transform");
  const box = panel.getBoundingClientRect();
  const over = box.right - (window.innerWidth - 8);
  const under = 8 - box.left;
  if (over > 0) panel.style.transform = `translateX(${-over}px)`;
  else if (under > 0) panel.style.transform = `translateX(${under}px)`;
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLElement) || !menu.matches("details.menu") || !menu.open) return;
  for (const other of document.querySelectorAll("details.menu[open]")) {
    if (other !== menu && !other.contains(menu)) other.open = false;
  }
  place(menu);
  menu.querySelector("[data-narrow], [autofocus]")?.focus();
}, true);
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target) && event.target.isConnected) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (event.target.matches("select, input[type=radio], input[type=date]")) return;
  const items = [...menu.querySelectorAll(".menu-item, .form-check-input")].filter((item) => item.offsetParent);
  if (!items.length) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items.at((at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1)) % items.length).focus();
});
// What was chosen from a menu whose form says so is done: the menu closes, and the keyboard is back at its sign.
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  const menu = detail.successful && target.matches?.("[data-closes]") && target.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-narrow]")) return;
  const text = event.target.value.trim().toLowerCase();
  for (const item of event.target.parentElement.querySelectorAll("li")) {
    item.hidden = !item.textContent.toLowerCase().includes(text);
  }
  for (const section of event.target.parentElement.querySelectorAll("section")) {
    section.hidden = !section.querySelector("li:not([hidden])");
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  const item = button.closest("li");
  const other = button.dataset.move === "up" ? item.previousElementSibling : item.nextElementSibling;
  if (!other || other.classList.contains("is-fixed")) return;
  if (button.dataset.move === "up") other.before(item);
  else other.after(item);
  button.focus();
});

htmx.onLoad((root) => {
  for (const menu of root.querySelectorAll?.("details.menu[open]") || []) place(menu);
  const panel = root.closest?.("details.menu[open]");
  if (panel) {
    place(panel);
    root.querySelector?.("[autofocus]")?.focus();
  }
  for (const list of root.querySelectorAll?.("[data-sortable]") || []) {
    Sortable.create(list, { animation: 120, filter: ".is-fixed, .icon-button", preventOnFilter: false, draggable: "li:not(.is-fixed)" });
  }
  for (const select of root.querySelectorAll?.("select[data-pick]") || []) {
    if (select.tomselect) continue;
    new TomSelect(select, { plugins: select.multiple ? ["remove_button"] : [], maxOptions: 500 });
    // The label names the input that stands in its place.
    select.setAttribute("aria-hidden", "true");
  }
});
