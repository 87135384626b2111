// One stream for all tabs of this browser: tabs say which topics they show, the worker keeps one EventSource for all.
const ports = new Map();
const fresh = new Set();
let stream = null;
let streamed = "";
let timer = 0;
let pauseMs = 1000;
let wasLost = false;
// The server ended the stream (rights or a session changed, or its time was over): all pages ask anew.
let isAnew = false;
// With a session's new key its cookie is still on the way.
const RENEW_MS = 250;

function wanted() {
  return [...new Set([...ports.values()].flatMap((topics) => [...topics]))].sort();
}

function tell(message) {
  for (const [port, topics] of ports) {
    if (!message.topic || topics.has(message.topic)) port.postMessage(message);
  }
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(connect, ms);
}

function stop() {
  stream?.close();
  stream = null;
  streamed = "";
}

/** A page that is in the stream by now asks what changed since it was drawn. */
function tellFresh() {
  for (const port of fresh) if (ports.has(port)) port.postMessage({ opened: true });
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
  const topics = wanted().join(",");
  if (stream && topics === streamed) {
    if (stream.isOpen) tellFresh();
    return;
  }
  if (!topics) {
    stop();
    return;
  }
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
  streamed = topics;
  next.addEventListener("hello", () => {
    old?.close();
    next.isOpen = true;
    pauseMs = 1000;
    tellFresh();
    tellAnew();
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

/** Take a tab in; used by the worker and, where browsers have no shared workers, by the page itself. */
function join(port) {
  ports.set(port, new Set());
  port.onmessage = ({ data }) => {
    if (data.leave) ports.delete(port);
    else {
      ports.set(port, new Set(data.topics));
      fresh.add(port);
    }
    later(data.leave ? 2000 : 50);
  };
  port.start?.();
}

if (typeof SharedWorkerGlobalScope !== "undefined" && globalThis instanceof SharedWorkerGlobalScope) {
  globalThis.onconnect = (event) => join(event.ports[0]);
} else {
  globalThis.guanxiLive = join;
}
