// One stream for all tabs of this browser: tabs say which topics they show, the worker keeps one EventSource for all.
const ports = new Map();
// Pages that are not in the stream yet, and whether they are new: those ask what changed since they were drawn.
const fresh = new Map();
// When topics spoke last: a page that says a moment later that it shows one hears of it then.
const spoken = new Map();
const SPOKEN_MS = 1500;
const MOST_SPOKEN = 500;
let stream = null;
let streamed = new Set();
let key = "";
let timer = 0;
let pauseMs = 1000;
let wasLost = false;
// The server ended the stream (rights or a session changed, or its time was over): all pages ask anew.
let isAnew = false;
// With a session's new key its cookie is still on the way.
const RENEW_MS = 250;
// An answer may have let the stream listen to what its page shows now: that is on its way.
const FURTHER_MS = 250;
const MOST_BESIDES = 40;

function wanted() {
  return [...new Set([...ports.values()].flatMap((topics) => [...topics]))].sort();
}

function tell(message) {
  for (const [port, topics] of ports) {
    if (!message.topic || topics.has(message.topic)) port.postMessage(message);
  }
  if (!message.topic || message.here || message.typing !== undefined) return;
  spoken.delete(message.topic);
  spoken.set(message.topic, Date.now());
  if (spoken.size > MOST_SPOKEN) spoken.delete(spoken.keys().next().value);
}

function name(text) {
  key = text;
  for (const port of ports.keys()) port.postMessage({ stream: key });
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(connect, ms);
}

function stop() {
  stream?.close();
  stream = null;
  streamed = new Set();
  name("");
}

/** A page that is in the stream by now asks what changed since it was drawn. */
function tellFresh({ isNewStream }) {
  for (const [port, isNew] of fresh) if (ports.has(port) && (isNew || isNewStream)) port.postMessage({ opened: true });
  fresh.clear();
}

function tellAnew() {
  if (isAnew || wasLost) tell({ missed: true });
  isAnew = false;
  wasLost = false;
}

/** What is not open to this browser (any more): its pages ask, if they listened until now. */
function refused() {
  stop();
  if (isAnew) tellAnew();
}

async function connect() {
  const all = wanted();
  if (!all.length) {
    stop();
    return;
  }
  if (stream && all.every((topic) => streamed.has(topic)) && streamed.size - all.length <= MOST_BESIDES) {
    if (stream.isOpen) tellFresh({ isNewStream: false });
    return;
  }
  const topics = all.join(",");
  let answer;
  try {
    const response = await fetch(`/live/ticket?topics=${encodeURIComponent(topics)}`, { credentials: "same-origin" });
    if (response.status === 401 || response.status === 403) {
      refused();
      return;
    }
    if (!response.ok) throw new Error("no ticket");
    answer = await response.json();
  } catch {
    stop();
    wasLost = true;
    pauseMs = Math.min(pauseMs * 2, 60000);
    later(pauseMs);
    return;
  }
  if (!answer.topics?.length) {
    refused();
    return;
  }
  // The stream that is there goes on until the new one speaks: nothing is said between the two.
  const old = stream;
  const next = new EventSource(`/live?ticket=${encodeURIComponent(answer.ticket)}`);
  stream = next;
  streamed = new Set(all);
  next.addEventListener("hello", (event) => {
    old?.close();
    next.isOpen = true;
    pauseMs = 1000;
    name(JSON.parse(event.data).stream || "");
    tellFresh({ isNewStream: true });
    tellAnew();
  });
  next.addEventListener("listening", (event) => {
    if (next === stream) for (const topic of JSON.parse(event.data).topics) streamed.add(topic);
  });
  next.addEventListener("message", (event) => tell(JSON.parse(event.data)));
  next.addEventListener("left", (event) => tell(JSON.parse(event.data)));
  next.addEventListener("missed", () => tell({ missed: true }));
  next.addEventListener("renew", () => {
    next.close();
    if (next !== stream) {
      wasLost = true;
      return;
    }
    stop();
    isAnew = true;
    later(RENEW_MS);
  });
  next.addEventListener("error", () => {
    // The ticket is short-lived: a lost stream is opened anew with a fresh one, and then what was missed is asked for.
    wasLost = true;
    next.close();
    if (next !== stream) return;
    old?.close();
    stop();
    later(pauseMs);
    pauseMs = Math.min(pauseMs * 2, 60000);
  });
}

/** A page says what it shows. */
function show(port, topics) {
  const known = ports.get(port);
  const added = topics.filter((topic) => !known.has(topic));
  ports.set(port, new Set(topics));
  if (!known.size || added.some((topic) => !streamed.has(topic))) fresh.set(port, fresh.get(port) || !known.size);
  const since = Date.now() - SPOKEN_MS;
  if (known.size) for (const topic of added) if (spoken.get(topic) > since) port.postMessage({ topic });
}

/** Take a tab in; used by the worker and, where browsers have no shared workers, by the page itself. */
function join(port) {
  ports.set(port, new Set());
  port.onmessage = ({ data }) => {
    if (data.leave) ports.delete(port);
    else show(port, data.topics);
    later(data.leave ? 2000 : stream?.isOpen ? FURTHER_MS : 50);
  };
  port.start?.();
  if (key) port.postMessage({ stream: key });
}

if (typeof SharedWorkerGlobalScope !== "undefined" && globalThis instanceof SharedWorkerGlobalScope) {
  globalThis.onconnect = (event) => join(event.ports[0]);
} else {
  globalThis.guanxiLive = join;
}
