// What is due: the words go on counting, and its colour turns amber and red by itself, by the server's clock.
import htmx from "htmx.org";

import { say } from "./words.js";

const EVERY_MS = 5000;
const TONES = ["tone-none", "tone-warning", "tone-danger"];

// How far this computer's clock is ahead of the server's, seen when the page came.
const drawn = Date.parse(document.body.dataset.drawn ?? "");
const [came] = performance.getEntriesByType("navigation");
const ahead = drawn ? Date.now() - performance.now() + (came?.responseStart ?? 0) - drawn : 0;

/** A length of time in two units at most; the server writes the same. */
function spanWords(milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / 60000);
  const hours = Math.floor(minutes / 60);
  if (hours < 1) return say("spanMinutes", minutes);
  if (hours < 48) return minutes % 60 ? `${say("spanHours", hours)} ${say("spanMinutes", minutes % 60)}` : say("spanHours", hours);
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${say("spanDays", days)} ${say("spanHours", hours % 24)}` : say("spanDays", days);
}

function count(element, now) {
  const left = Date.parse(element.dateTime) - now;
  const warn = Date.parse(element.dataset.warn ?? "");
  const tone = left < 0 ? "tone-danger" : warn <= now ? "tone-warning" : "tone-none";
  if (!element.classList.contains(tone)) {
    element.classList.remove(...TONES);
    element.classList.add(tone);
  }
  const words = say(left < 0 ? "spanOverdue" : "spanLeft", spanWords(left));
  const place = element.querySelector("span");
  if (place && place.textContent !== words) place.textContent = words;
}

function countAll() {
  if (document.hidden) return;
  const now = Date.now() - ahead;
  for (const element of document.querySelectorAll("time[data-countdown]")) count(element, now);
}

setInterval(countAll, EVERY_MS);
document.addEventListener("visibilitychange", countAll);
window.addEventListener("pageshow", countAll);
htmx.onLoad(countAll);
