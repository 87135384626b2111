// Keys of the desk: they come before those of every page, and rest while somebody writes.
import { composer, desk, guanxi, left, thread } from "./base.js";
import { setKind, submit } from "./composer.js";
import { currentRow, rows } from "./list.js";
import { act, closeConversation, openConversation } from "./opening.js";
import { closeTab, tabs } from "./tabs.js";

let pending = 0;

function step(by) {
  const all = rows();
  if (!all.length) return;
  const from = all.includes(document.activeElement) ? document.activeElement : currentRow();
  const at = all.indexOf(from);
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  next.scrollIntoView({ block: "nearest" });
  next.focus({ preventScroll: true });
  clearTimeout(pending);
  // Whoever holds the key walks on without opening each.
  pending = setTimeout(() => openConversation(next.href), 130);
}

function press(key) {
  const button = [...document.querySelectorAll("[data-desk-key]")].find((one) => one.dataset.deskKey === key && one.offsetParent !== null);
  if (!button) return false;
  button.click();
  return true;
}

function letter(event) {
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (/^[1-9]$/.test(key) && tabs()[Number(key) - 1]) openConversation(tabs()[Number(key) - 1].querySelector("a").href);
  else if (key === "w" && thread()) closeTab(thread().dataset.id);
  else if (key === "u" && thread()) act("unread");
  else if (key === "f") document.getElementById("desk-q")?.focus();
  else if (key === "r" && composer()) setKind("reply");
  else if (key === "n" && composer()) setKind("note");
  else return press(key);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!desk() || document.querySelector("dialog[open]")) return;
  const mod = event.ctrlKey || event.metaKey;
  if (mod && event.key === "Enter" && composer()?.contains(event.target)) {
    event.preventDefault();
    event.stopPropagation();
    submit(event.shiftKey ? "done" : "open");
    return;
  }
  const isWriting = guanxi.isWriting(event.target);
  if (event.key === "Escape" && isWriting && !event.isComposing && (composer()?.contains(event.target) || left()?.contains(event.target))) {
    event.target.blur();
    (currentRow() || document.getElementById("desk-scroll"))?.focus({ preventScroll: true });
    return;
  }
  if (event.key === "Escape" && !isWriting && thread() && !document.querySelector("details.menu[open]") && window.matchMedia("(max-width: 820px)").matches) {
    closeConversation();
    return;
  }
  if (isWriting || mod || event.altKey || event.key.length !== 1 || event.target.closest?.("details.menu[open]")) return;
  if (guanxi.isAwaitingKey?.()) return;
  if (!letter(event)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);
