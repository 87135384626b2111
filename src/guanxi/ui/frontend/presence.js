// Who else has this record open: a page says so when it opens, twice a minute and when it hears of somebody new. Heard are
// sessions, by their marks: somebody may look from two places, and sign out in one.
import htmx from "htmx.org";

import { csrfToken } from "./net.js";

const FIRST_MS = 1500;
const EVERY_MS = 30000;
const KEPT_MS = 75000;
const ANSWER_MS = 400;
const heard = new Map();
let timer = 0;
let hasSpoken = false;

async function say({ hasLeft = false } = {}) {
  const slot = document.querySelector("[data-here]");
  if (!slot) return;
  for (const [session, { at }] of heard) if (Date.now() - at > KEPT_MS) heard.delete(session);
  const body = new URLSearchParams({ heard: [...heard].map(([session, { user }]) => `${user}.${session}`).join(",") });
  if (hasLeft) body.set("has_left", "1");
  else if (!hasSpoken) body.set("is_first", "1");
  hasSpoken = true;
  const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken() };
  try {
    const answer = await fetch(slot.dataset.here, { method: "POST", body, headers, credentials: "same-origin", keepalive: hasLeft });
    if (!answer.ok || answer.redirected || hasLeft) return;
    const html = await answer.text();
    // Replaced by the record's renewal meanwhile: the slot of now is asked for again.
    const place = document.querySelector("[data-here]");
    if (place && place.innerHTML !== html.trim()) place.innerHTML = html.trim();
  } catch {
    // Said again in half a minute.
  }
}

function sayIn(ms) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (!document.hidden) say();
    sayIn(EVERY_MS);
  }, ms);
}

/** Whether a message is of the record that this page shows, not of another one that it listens to as well. */
const isOfRecord = (topic) => document.querySelector("[data-here]")?.dataset.here.endsWith(`/${topic.replace(":", "/")}`);

document.body.addEventListener("gx:live", ({ detail }) => {
  if (!detail.here || !isOfRecord(detail.topic)) return;
  if (String(detail.here) === document.body.dataset.user) {
    // Another tab of mine was closed, and others struck me off: I am still here.
    if (detail.has_left && !document.hidden) sayIn(ANSWER_MS);
    return;
  }
  const isKnown = heard.has(detail.session);
  if (detail.has_left) heard.delete(detail.session);
  else heard.set(detail.session, { user: detail.here, at: Date.now() });
  if (detail.is_first || isKnown === Boolean(detail.has_left)) sayIn(ANSWER_MS);
});
// Whoever answered before this page's stream was open was not heard.
document.body.addEventListener("gx:opened", () => {
  if (heard.size || !document.querySelector("[data-here]")) return;
  hasSpoken = false;
  sayIn(0);
});
document.body.addEventListener("gx:left", ({ detail }) => {
  if (heard.delete(detail)) sayIn(ANSWER_MS);
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && document.querySelector("[data-here]")) sayIn(ANSWER_MS);
});
window.addEventListener("pagehide", () => say({ hasLeft: true }));
// A page that shows one record after the other (the desk) leaves each and comes to the next.
document.addEventListener("gx:leave-record", ({ detail }) => {
  if (!detail?.isTold) say({ hasLeft: true });
  heard.clear();
  hasSpoken = false;
  clearTimeout(timer);
});
document.addEventListener("gx:arrive-record", ({ detail }) => {
  // The server has said so for us: whoever is there answers.
  hasSpoken = Boolean(detail?.isTold);
  sayIn(hasSpoken ? EVERY_MS : ANSWER_MS);
});
// The record was drawn anew after a change of one's own.
htmx.onLoad((root) => {
  if (heard.size && root.querySelector?.("[data-here]:empty")) sayIn(0);
});
if (document.querySelector("[data-here]")) sayIn(FIRST_MS);
