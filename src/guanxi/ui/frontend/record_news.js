// What others changed on the record that is open: shown where it stands, while one goes on reading and writing.
import htmx from "htmx.org";

import { isWriting } from "./shortcuts.js";

const AGAIN_MS = 1500;
// These carry a fresh token each time, so only their words tell whether they changed.
const PARTS = [".record-names", ".record-chips", ".record-actions"];
const DRAWN_WITH_IT = "[data-drawn-with-record]";
let again = 0;

/** Whether somebody is writing here, or has written what is not saved yet. */
function isInUse(part) {
  if (part.querySelector(".inline-form, details.menu[open]") || part.matches(".is-editing, .is-saving")) return true;
  if (part.contains(document.activeElement) && isWriting(document.activeElement)) return true;
  return [...part.querySelectorAll("textarea, input[type=text], input:not([type])")].some((field) => field.value !== field.defaultValue);
}

/** Whether its reader is far down in what was loaded bit by bit. */
function isReadOn(part) {
  return part.matches(".activity") && window.scrollY > window.innerHeight;
}

function put(old, fresh, seen = (part) => part.textContent.trim()) {
  if (!old || !fresh || seen(old) === seen(fresh)) return true;
  if (isInUse(old)) return false;
  old.innerHTML = fresh.innerHTML;
  htmx.process(old);
  return true;
}

function putFacts(old, fresh) {
  const [now, next] = [old, fresh].map((section) => [...section.querySelectorAll("dl > div > dd")]);
  if (now.length !== next.length) return put(old, fresh);
  return now.map((fact, at) => put(fact, next[at], (part) => part.innerHTML)).every(Boolean);
}

/** Fetch the record's page and show what differs; what is being written in is left alone and tried again later. */
export async function renewRecord() {
  clearTimeout(again);
  const record = document.querySelector("[data-live-record]");
  if (!record) return;
  let page;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (answer.status === 404 || answer.redirected) location.reload();
    if (!answer.ok) return;
    page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live-record]");
  } catch {
    return; // the stream says when the server is back
  }
  if (!page || !record.isConnected) return;
  const done = PARTS.map((part) => put(record.querySelector(part), page.querySelector(part)));
  for (const part of record.querySelectorAll(DRAWN_WITH_IT)) done.push(put(part, page.querySelector(`#${part.id}`)));
  const [now, next] = [record, page].map((side) => [...side.querySelectorAll(".record-facts > details.facts")]);
  now.forEach((section, at) => next[at] && done.push(putFacts(section, next[at])));
  for (const part of record.querySelectorAll('[hx-get][hx-trigger*="live"]')) {
    const isFree = !isInUse(part) && !isReadOn(part);
    if (isFree) htmx.trigger(part, "live");
    done.push(isFree);
  }
  if (!done.every(Boolean)) again = setTimeout(renewRecord, AGAIN_MS);
}

// A card in which somebody writes is not drawn over.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target } = event.detail;
  if (!target.matches(".card-body") || !isInUse(target)) return;
  event.detail.shouldSwap = false;
  clearTimeout(again);
  again = setTimeout(renewRecord, AGAIN_MS);
});
