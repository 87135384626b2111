// What a browser keeps: its secrets and what is not yet sent, in the local storage of the page; in memory where there is none.
const memory = new Map();

function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return memory.get(name) ?? null;
  }
}

function write(name, text) {
  memory.set(name, text);
  try {
    localStorage.setItem(name, text);
  } catch {
    // Kept for this page alone.
  }
}

function secret() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function messageKey() {
  return secret().slice(0, 22);
}

// Whom a token names; only to keep the secrets of several people apart, the server reads it with the key.
function subject(token) {
  try {
    const text = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0))));
    return String(claims.sub ?? claims.id ?? "");
  } catch {
    return "";
  }
}

export class Store {
  constructor(channel) {
    this.name = `guanxi-chat:${channel}`;
  }

  load() {
    try {
      return { keys: {}, ...JSON.parse(read(this.name) ?? "{}") };
    } catch {
      return { keys: {} };
    }
  }

  save(held) {
    write(this.name, JSON.stringify(held));
  }

  // A person the site vouches for has a secret of their own; what the browser said before as nobody known goes over.
  keyFor(token) {
    const held = this.load();
    const who = token ? `:${subject(token)}` : "";
    const before = who ? held.keys[""] : null;
    held.keys[who] ??= secret();
    this.save(held);
    return { key: held.keys[who], before };
  }

  forget(key) {
    const held = this.load();
    for (const [who, one] of Object.entries(held.keys)) if (one === key) delete held.keys[who];
    this.save(held);
    write(`${this.name}:${key.slice(0, 8)}`, "[]");
  }

  outbox(key) {
    try {
      return JSON.parse(read(`${this.name}:${key.slice(0, 8)}`) ?? "[]");
    } catch {
      return [];
    }
  }

  // Several pages of one site write here: each touches only what it knows of. Files are kept by the page alone.
  keep(key, items) {
    const known = new Map(this.outbox(key).map((one) => [one.id, one]));
    for (const { id, text, at, wrong, told, file } of items) if (!file) known.set(id, { id, text, at, wrong, told });
    write(`${this.name}:${key.slice(0, 8)}`, JSON.stringify([...known.values()]));
  }

  remove(key, ids) {
    const left = this.outbox(key).filter((one) => !ids.includes(one.id));
    write(`${this.name}:${key.slice(0, 8)}`, JSON.stringify(left));
  }

  // Whether something was said from this browser before: who it is will be known then.
  get hasSpoken() {
    return Boolean(this.load().spoken);
  }

  noteSpoken() {
    if (!this.hasSpoken) this.save({ ...this.load(), spoken: true });
  }
}
