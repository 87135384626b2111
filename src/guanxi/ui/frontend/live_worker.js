// One stream for all tabs of this browser: tabs say which topics they show, the worker keeps one EventSource for all.
const ports = new Map();
let stream = null;
let streamed = "";
let timer = 0;
let pauseMs = 1000;

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

async function connect() {
  const topics = wanted().join(",");
  if (stream && topics === streamed) return;
  stop();
  if (!topics) return;
  let answer;
  try {
    const response = await fetch(`/live/ticket?topics=${encodeURIComponent(topics)}`, { credentials: "same-origin" });
    if (response.status === 401 || response.status === 403) return;
    answer = await response.json();
  } catch {
    pauseMs = Math.min(pauseMs * 2, 60000);
    later(pauseMs);
    return;
  }
  if (!answer.topics?.length) return;
  streamed = topics;
  stream = new EventSource(`/live?ticket=${encodeURIComponent(answer.ticket)}`);
  stream.addEventListener("hello", () => {
    pauseMs = 1000;
    tell({ opened: true });
  });
  stream.addEventListener("message", (event) => tell(JSON.parse(event.data)));
  stream.addEventListener("missed", () => tell({ missed: true }));
  stream.addEventListener("renew", () => {
    stop();
    connect();
  });
  stream.addEventListener("error", () => {
    // The ticket is short-lived: a lost stream is opened anew with a fresh one, and what was missed is asked for again.
    stop();
    later(pauseMs);
    pauseMs = Math.min(pauseMs * 2, 60000);
    tell({ missed: true });
  });
}

/** Take a tab in; used by the worker and, where browsers have no shared workers, by the page itself. */
function join(port) {
  ports.set(port, new Set());
  port.onmessage = ({ data }) => {
    if (data.leave) ports.delete(port);
    else ports.set(port, new Set(data.topics));
    later(data.leave ? 2000 : 50);
  };
  port.start?.();
}

if (typeof SharedWorkerGlobalScope !== "undefined" && globalThis instanceof SharedWorkerGlobalScope) {
  globalThis.onconnect = (event) => join(event.ports[0]);
} else {
  globalThis.guanxiLive = join;
}
