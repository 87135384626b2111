// Live parts of the page: an element with data-live-topic is fetched again when its topic speaks.
import htmx from "htmx.org";

import { formNews } from "./form_news.js";
import { renewListSoon } from "./list_news.js";
import { refresh } from "./net.js";
import { renewRecord } from "./record_news.js";

const PAUSE_MS = 300;
// The stream is opened when the page has what it needs to be read: first paint before news.
const QUIET_MS = 700;
const due = new Map();
let port = null;
let asked = "";
let quiet = 0;
let key = "";

/** The name of this browser's open stream: an answer may let it listen to what it brings. */
export const stream = () => key;

function topicsHere() {
  return [...new Set([...document.querySelectorAll("[data-live-topic]")].flatMap((element) => element.dataset.liveTopic.split(" ")))].sort();
}

function renew(element) {
  if (element.matches("[data-live-record]")) {
    renewRecord();
    return;
  }
  if (element.matches("[data-live-form]")) {
    formNews(element);
    return;
  }
  if (element.matches("[data-live-list]")) {
    renewListSoon();
    return;
  }
  if (!element.isConnected || element.querySelector(".inline-form")) return;
  if (element.dataset.liveReload) refresh(element.dataset.liveReload);
  else htmx.trigger(element, "live");
}

const isLarge = (element) => element.dataset.liveReload || element.matches("[data-live-record], [data-live-list]");

/** What changed between the drawing of the page and the opening of its stream: asked for where it is dear to fetch all. */
async function askSince() {
  const { drawn } = document.body.dataset;
  const topics = [...document.querySelectorAll("[data-live-topic]")].filter(isLarge).flatMap((element) => element.dataset.liveTopic.split(" "));
  if (!drawn || !topics.length) return;
  try {
    const query = new URLSearchParams({ at: drawn, topics: topics.join(",") });
    const answer = await fetch(`/live/since?${query}`, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected) for (const topic of (await answer.json()).topics) hear({ data: { topic } });
  } catch {
    // The stream says when the server is back.
  }
}

function hear({ data }) {
  if (data.stream !== undefined) {
    key = data.stream;
    return;
  }
  if (data.left) {
    document.body.dispatchEvent(new CustomEvent("gx:left", { detail: data.left }));
    return;
  }
  if (data.opened) {
    askSince();
    document.body.dispatchEvent(new CustomEvent("gx:opened"));
  }
  for (const element of document.querySelectorAll("[data-live-topic]")) {
    if (data.opened && isLarge(element)) continue;
    // What hears each message by itself (gx:live) is told only where some may be missing.
    if (data.topic && element.matches("[data-live-self]")) continue;
    // Who is here and who is writing changes nothing of the record.
    if (data.here || data.typing !== undefined) continue;
    if (data.topic && !element.dataset.liveTopic.split(" ").includes(data.topic)) continue;
    // Many messages in a moment are one renewal.
    clearTimeout(due.get(element));
    due.set(element, setTimeout(() => renew(element), data.missed ? 1000 * Math.random() : PAUSE_MS));
  }
  if (data.topic) document.body.dispatchEvent(new CustomEvent("gx:live", { bubbles: true, detail: data }));
}

function open() {
  const { content } = document.querySelector('meta[name="gx-live"]');
  if (typeof SharedWorker !== "undefined") {
    ({ port } = new SharedWorker(content, "guanxi-live"));
    port.onmessage = hear;
    port.start();
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port = port1;
  port.onmessage = hear;
  const script = document.createElement("script");
  script.src = content;
  script.addEventListener("load", () => globalThis.guanxiLive(port2));
  document.head.append(script);
}

function listen() {
  const topics = topicsHere();
  if (topics.join(",") === asked) return;
  asked = topics.join(",");
  if (!port) open();
  port.postMessage({ topics });
}

function listenWhenQuiet() {
  clearTimeout(quiet);
  quiet = setTimeout(listen, port ? 0 : QUIET_MS);
}

htmx.onLoad(listenWhenQuiet);
document.addEventListener("htmx:afterRequest", listenWhenQuiet);
window.addEventListener("load", listenWhenQuiet);
window.addEventListener("pagehide", () => port?.postMessage({ leave: true }));
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  asked = "";
  listen();
});
