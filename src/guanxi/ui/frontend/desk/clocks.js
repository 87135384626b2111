// Clocks that go on by themselves: how long is left or has been waited, amber and red in time.
import { say } from "./base.js";

const EVERY_MS = 15000;
const MINUTE = 60000;
const AMBER_LEFT = 15 * MINUTE;
const AMBER_SHARE = 0.25;
const AMBER_WAIT = 60 * MINUTE;
const RED_WAIT = 8 * 60 * MINUTE;

function span(ms, sort) {
  const minutes = Math.floor(ms / MINUTE);
  if (minutes < 60) return say(`minutes${sort}`, minutes);
  if (minutes < 48 * 60) return say(`hours${sort}`, Math.floor(minutes / 60));
  return say(`days${sort}`, Math.floor(minutes / 60 / 24));
}

function tick(clock) {
  const now = Date.now();
  const due = clock.dataset.due ? Date.parse(clock.dataset.due) : 0;
  const since = clock.dataset.since ? Date.parse(clock.dataset.since) : 0;
  let tone = "neutral";
  let text = "";
  if (due) {
    tone = now >= due ? "danger" : due - now <= Math.max(AMBER_LEFT, since ? (due - since) * AMBER_SHARE : 0) ? "warning" : "success";
    text = now >= due ? span(now - due, "Late") : span(due - now, "Left");
  } else {
    const waited = Math.max(now - since, 0);
    tone = waited >= RED_WAIT ? "danger" : waited >= AMBER_WAIT ? "warning" : "neutral";
    text = span(waited, "Waiting");
  }
  const words = clock.lastElementChild;
  if (words.textContent !== text) words.textContent = text;
  for (const one of ["neutral", "success", "warning", "danger"]) clock.classList.toggle(`tone-${one}`, one === tone);
}

/** Let all clocks of a part show the time of now. */
export function tickAll(root = document) {
  for (const clock of root.querySelectorAll(".desk-clock")) tick(clock);
}

setInterval(() => {
  if (!document.hidden) tickAll();
}, EVERY_MS);
document.addEventListener("visibilitychange", () => document.hidden || tickAll());
tickAll();
