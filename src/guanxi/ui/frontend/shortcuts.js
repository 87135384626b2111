// Single keys: those that elements of the page name (data-shortcut), and those of the frame.
import { closeDialog } from "./dialogs.js";
import { openPalette, paletteItems } from "./palette.js";
import { nameKeys, toggleSidebar } from "./shell.js";
import { undoLast } from "./toasts.js";

const PAUSE_MS = 1200;
let pending = "";
let pendingAt = 0;

/** Whether somebody is writing, so that keys are letters. */
export function isWriting(target) {
  return Boolean(target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]"));
}

/** Whether the first of two keys was pressed, so that the next one belongs to it. */
export function isAwaitingKey() {
  return Boolean(pending) && Date.now() - pendingAt < PAUSE_MS;
}

function showShortcuts() {
  const box = document.getElementById("shortcuts");
  const list = document.getElementById("shortcut-goto");
  list.replaceChildren();
  for (const link of document.querySelectorAll("#sidebar a[data-shortcut]")) {
    const row = document.createElement("div");
    const name = document.createElement("dt");
    name.textContent = link.querySelector("span").textContent;
    const keys = document.createElement("dd");
    for (const key of link.dataset.shortcut.split(" ")) {
      const sign = document.createElement("kbd");
      sign.textContent = key.toUpperCase();
      keys.append(sign, " ");
    }
    row.append(name, keys);
    list.append(row);
  }
  // Keys of the page's own stand before those of lists.
  const own = document.getElementById("page-shortcuts");
  for (const old of box.querySelectorAll("[data-own-keys]")) old.remove();
  if (own) {
    const sections = [...own.content.cloneNode(true).children];
    for (const section of sections) section.dataset.ownKeys = "";
    box.querySelector(".shortcut-columns").prepend(...sections);
    nameKeys(box);
  }
  box.showModal();
}

function press(keys) {
  const element = [...document.querySelectorAll("[data-shortcut]")].find(
    (item) => item.dataset.shortcut.toLowerCase() === keys && item.offsetParent !== null,
  ) || document.querySelector(`#sidebar [data-shortcut="${CSS.escape(keys)}"]`);
  if (element) {
    element.click();
    return true;
  }
  const command = paletteItems().find((item) => item.shortcut?.toLowerCase() === keys);
  if (!command) return false;
  if (command.url) location.assign(command.url);
  else document.body.dispatchEvent(new CustomEvent(command.event, { bubbles: true }));
  return true;
}

document.addEventListener("keydown", (event) => {
  const mod = event.ctrlKey || event.metaKey;
  if (mod && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (mod && event.key === "Enter") {
    const open = document.querySelector("dialog[open]");
    const form = event.target.closest?.("form") || (open || document).querySelector(open ? "form" : "form[data-guard=on], .form-page");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (isWriting(event.target) || document.querySelector("dialog[open]")) return;
  if (mod && event.key.toLowerCase() === "z" && !event.shiftKey) {
    event.preventDefault();
    undoLast();
    return;
  }
  if (mod || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    openPalette();
  } else if (event.key === "?") {
    showShortcuts();
  } else if (event.key === "[") {
    toggleSidebar();
  } else if (event.key.length === 1) {
    const now = Date.now();
    const keys = pending && now - pendingAt < PAUSE_MS ? `${pending} ${event.key.toLowerCase()}` : event.key.toLowerCase();
    pending = keys === "g" ? "g" : "";
    pendingAt = now;
    if (press(keys)) event.preventDefault();
  }
});
document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "shortcuts") showShortcuts();
  if (act === "close-dialog" && event.target.closest("#shortcuts")) closeDialog(event.target);
});
