// What is new: one request for all parts of the page whose time has come, and one way into the page for what it answers.
import { guanxi, left, liven, network, part, thread } from "./base.js";
import { tickAll } from "./clocks.js";

// How soon a part is asked for once it may have changed, and how long it then rests.
const PACE = {
  thread: { soon: 20, pause: 400 },
  // How far a message has come: nobody waits for it.
  progress: { soon: 600, pause: 2000 },
  side: { soon: 20, pause: 1000 },
  list: { soon: 250, pause: 4000 },
  tabs: { soon: 20, pause: 1500 },
};
// What is due a little later goes along.
const NEAR_MS = 700;
const due = new Map();
const last = {};
const takers = [];
let timer = 0;
let isAsking = false;

/** Let a part of the page take in what is new of it: `take(fragment, asked)`. */
export function onNews(take) {
  takers.push(take);
}

/** Ask for these parts soon; seldom while much happens. */
export function renewSoon(...names) {
  for (const name of names) {
    const { soon, pause } = PACE[name];
    const at = Math.max(Date.now() + soon, (last[name] || 0) + pause * (0.8 + 0.4 * Math.random()));
    due.set(name, Math.min(due.get(name) ?? Infinity, at));
  }
  plan();
}

function plan() {
  clearTimeout(timer);
  if (isAsking || !due.size) return;
  timer = setTimeout(ask, Math.max(0, Math.min(...due.values()) - Date.now()));
}

async function ask() {
  const until = Date.now() + NEAR_MS;
  const names = [...due].filter(([, at]) => at <= until).map(([name]) => name);
  isAsking = true;
  try {
    await renew(names);
  } finally {
    isAsking = false;
    plan();
  }
}

/** Ask for these parts now. */
export async function renew(names) {
  const asked = wanted(names);
  if (!asked.parts.length) return;
  const fetched = await part("/desk/news", "", asked.values);
  if (fetched) takeIn(fetched, asked);
}

/** What is to be said of the page when these parts are asked for; from then on they rest. */
function wanted(names) {
  const open = thread();
  const parts = new Set(names.map((name) => (name === "progress" ? "thread" : name)));
  if (!open) for (const name of ["thread", "side"]) parts.delete(name);
  if (!left() || document.hidden) parts.delete("list");
  const now = Date.now();
  for (const name of [...names, ...(parts.has("thread") ? ["thread", "progress"] : [])]) {
    due.delete(name);
    last[name] = now;
  }
  // Nothing moves under an open menu.
  if (left()?.querySelector("details.menu[open]") && parts.delete("list")) due.set("list", now + PACE.list.pause);
  const values = new URLSearchParams(left()?.dataset.query || "");
  values.set("parts", [...parts].join(","));
  values.set("open", open?.dataset.id || "");
  const unsettled = open ? [...open.querySelectorAll("[data-unsettled]")].map((entry) => entry.id).slice(-30) : [];
  if (parts.has("thread")) {
    values.set("after", open.dataset.last);
    values.set("again", unsettled.join(","));
    values.set("usual", document.querySelector("#desk-composer .desk-recipients")?.dataset.usual || "");
    if (!document.hidden) values.set("watched", "1");
  }
  return { parts: [...parts], values, open, unsettled, query: left()?.dataset.query || "" };
}

/** Put what an answer tells into the page, as far as the same still stands there. */
function takeIn(fragment, asked) {
  for (const take of takers) take(fragment, asked);
}

/** Let an act of one's own bring what is new along: the form with what is to be said, and what takes the answer in. */
export function along(body, names = ["thread", "side", "list"]) {
  const asked = wanted(names);
  for (const [name, value] of asked.values) body.append(name, value);
  return {
    body,
    take(html) {
      const holder = document.createElement("template");
      holder.innerHTML = html;
      takeIn(holder.content, asked);
    },
    // Whether it was done is not known, and what this page did itself it is not told of.
    fail: () => renewSoon(...names),
  };
}

/** Put fresh nodes in the place of what an element holds. */
export function fill(element, fresh) {
  element.replaceChildren(...fresh.childNodes);
  liven(element);
  tickAll(element);
}

// Each change comes as it happens: what this page did itself it has the answer to.
document.body.addEventListener("gx:live", ({ detail }) => {
  const { topic, page, typing, here } = detail;
  if (typing !== undefined || here || page === guanxi.page) return;
  if (topic === "desk") renewSoon("list");
  else if (topic === `conversation:${thread()?.dataset.number}`) renewSoon(detail.message ? "thread" : "progress");
});
// Something may have been missed: everything is asked for.
document.addEventListener("live", ({ target }) => {
  if (target.id === "desk-thread") renewSoon("thread");
  else if (target.id === "desk-left") renewSoon("list");
  else if (target.matches?.(".desk-tab:not(.is-current)")) renewSoon("tabs");
});
for (const name of ["gx:desk", "gx:changed"]) document.addEventListener(name, () => renewSoon("thread", "side", "list"));
document.addEventListener("visibilitychange", () => document.hidden || renewSoon("list"));
window.addEventListener("online", () => {
  network(true);
  renewSoon("thread", "list");
});
