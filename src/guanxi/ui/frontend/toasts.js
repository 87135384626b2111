// Short messages at the bottom, with Undo where an act can be taken back.
import htmx from "htmx.org";

import { words } from "./words.js";

const STAY_MS = 7000;
let lastUndo = "";

/**
 * Show a message: { text, tone, undo } where undo is the address that takes the act back; or an act of the page's own,
 * { label, run }, and how long it stays.
 */
export function toast({ text, tone = "success", undo = "", act = null, stay = STAY_MS }) {
  const holder = document.getElementById("toasts");
  if (!holder) return null;
  const box = document.createElement("div");
  box.className = `toast-gx tone-${tone}`;
  if (tone === "danger") box.setAttribute("role", "alert");
  const sentence = document.createElement("span");
  sentence.textContent = text;
  box.append(sentence);
  if (act || undo) {
    if (undo) lastUndo = undo;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "toast-undo";
    button.textContent = act ? act.label : words.undo;
    button.addEventListener("click", () => {
      box.remove();
      if (act) act.run();
      else takeBack(undo);
    });
    box.append(button);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.setAttribute("aria-label", words.close);
  close.innerHTML = '<i class="i i-x" aria-hidden="true"></i>';
  close.addEventListener("click", () => box.remove());
  box.append(close);
  holder.append(box);
  while (holder.children.length > 4) holder.firstElementChild.remove();
  let timer = setTimeout(() => box.remove(), stay);
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", () => {
    timer = setTimeout(() => box.remove(), 2500);
  });
  return box;
}

function takeBack(url) {
  if (lastUndo === url) lastUndo = "";
  htmx.ajax("POST", url, { swap: "none", target: "body" });
}

/** Take the last act back, if its toast offered that. */
export function undoLast() {
  if (lastUndo) takeBack(lastUndo);
}

document.addEventListener("gx:toast", (event) => toast(event.detail));
for (const item of document.querySelectorAll("#first-toasts li")) {
  const tone = { error: "danger", debug: "info" }[item.dataset.tone.split(" ").pop()] || item.dataset.tone.split(" ").pop();
  toast({ text: item.textContent, tone, undo: item.dataset.undo });
}
