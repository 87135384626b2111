// The talk with the server: sends in order until it is known to have arrived, hears by a stream, asks where there is none.
import { Store, messageKey } from "./store.js";

const TYPING_EVERY = 3000;
const TYPING_SHOWN = 6000;
const POLL_OPEN = 4000;
const POLL_CLOSED = 20000;
const LONGEST_PAUSE = 30000;
// A page out of sight gives its connection back: a browser has six for all pages of one server.
const HIDDEN_FOR = 30000;
const OWN_ANSWER = 400;
const TOO_MUCH = 3000;

export class Refused extends Error {
  constructor(status, told) {
    super(told.error || String(status));
    this.status = status;
    this.told = told;
  }
}

export class Talk {
  constructor(base, channel, changed) {
    this.base = base;
    this.channel = channel;
    this.changed = changed;
    this.store = new Store(channel);
    this.identity = null;
    this.cursor = 0;
    this.pause = 1000;
    this.failures = 0;
    this.state = {
      ready: false, online: false, open: false, connected: true, visitor: null, isOpen: false, ended: false,
      messages: [], pending: [], typing: false, readUntil: null, notice: "",
    };
    addEventListener("online", () => this.refresh());
    document.addEventListener("visibilitychange", () => this.seen());
  }

  get language() {
    return this.wanted;
  }

  async setup(language) {
    this.wanted = language;
    const answer = await fetch(`${this.base}/chat/${this.channel}/setup?language=${encodeURIComponent(language)}`, { credentials: "omit" });
    const told = await answer.json();
    if (!answer.ok) throw new Refused(answer.status, told);
    // Known before the chat is taken up: what a visitor is asked first does not change under their hands.
    this.state.online = Boolean(told.online);
    return told;
  }

  async ask(what, body = {}, file = null) {
    const asker = this.key;
    const all = { key: asker, language: this.wanted, ...body };
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), file ? 120000 : 20000);
    let sent = JSON.stringify(all);
    if (file) {
      sent = new FormData();
      for (const [name, value] of Object.entries(all)) sent.append(name, String(value ?? ""));
      sent.append("file", file, file.name);
    }
    try {
      // Plain text: a browser asks no permission beforehand. No cookie goes along, none comes back.
      const headers = file ? {} : { "Content-Type": "text/plain;charset=UTF-8" };
      const answer = await fetch(`${this.base}/chat/${this.channel}/${what}`, {
        method: "POST", body: sent, headers, credentials: "omit", signal: stop.signal, referrerPolicy: "no-referrer",
      });
      const told = await answer.json();
      if (!answer.ok) throw new Refused(answer.status, told);
      this.reached(true);
      // Somebody else sits there by now: what was asked before is not theirs to see.
      if (this.key !== asker) throw new Refused(0, { error: "too late", late: true });
      return told;
    } catch (error) {
      if (!(error instanceof Refused) || error.status >= 500) this.reached(false);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  reached(connected) {
    if (connected) this.pause = 1000;
    if (this.state.connected !== connected) this.set({ connected });
    if (!connected && !this.retry) {
      this.retry = setTimeout(() => {
        this.retry = null;
        this.refresh();
      }, this.pause * (0.75 + Math.random() / 2));
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    }
  }

  set(changes) {
    Object.assign(this.state, changes);
    this.changed(this.state);
  }

  // Take up the chat of this browser, or of the person the site vouches for.
  async begin(provider = null) {
    this.provider = provider ?? this.provider;
    this.stopHearing();
    let token = null;
    try {
      token = typeof this.provider === "function" ? await this.provider() : this.provider;
    } catch (error) {
      console.warn("Guanxi chat:", error);
    }
    const { key, before } = this.store.keyFor(token);
    // What was written meanwhile, and files that were chosen, wait on in this page.
    const mine = !this.key || this.key === key ? this.state.pending : [];
    this.key = key;
    this.cursor = 0;
    this.store.keep(key, mine);
    const others = this.store.outbox(key).filter((one) => !mine.some((own) => own.id === one.id));
    this.set({ messages: [], pending: [...others, ...mine].sort((a, b) => (a.at < b.at ? -1 : 1)), visitor: null });
    try {
      this.take(await this.ask("session", token ? { identity: token, ...(before ? { before } : {}) } : {}));
      if (before) this.takeOver(before);
    } catch (error) {
      if (error.told?.late) return;
      if (error instanceof Refused && error.status < 500 && error.status !== 429) {
        console.warn(`Guanxi chat: ${error.message}`);
        if (!token && !error.told.vouch && !this.again) throw error;
        // What proves nothing shows nothing: the visitor goes on as somebody unknown.
        if (error.told.vouch) {
          // What was written in this page meanwhile is said all the same.
          this.store.forget(this.key);
          this.state.pending = this.state.pending.filter((one) => one.isNew);
          this.key = null;
        }
        this.provider = null;
        if (this.again) throw error;
        this.again = true;
        await this.begin(null);
        this.again = false;
        return;
      }
      if (error instanceof Refused && error.status < 500) setTimeout(() => this.refresh(), TOO_MUCH);
      return;
    }
    this.set({ ready: true });
    this.pump();
  }

  // What was still to be sent as nobody known is sent as the person; the secret of before opens nothing any more.
  takeOver(before) {
    const arrived = new Set(this.state.messages.map((one) => one.key));
    const waiting = this.store.outbox(before).filter((one) => !arrived.has(one.id));
    this.store.forget(before);
    if (!waiting.length) return;
    this.set({ pending: [...waiting, ...this.state.pending] });
    this.store.keep(this.key, waiting);
  }

  // `asked`: when the question left; a sign of writing that came later is about what comes next.
  take(told, asked = Date.now()) {
    const byId = new Map(this.state.messages.map((one) => [one.id, one]));
    for (const one of told.messages ?? []) byId.set(one.id, one);
    const messages = [...byId.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id - b.id));
    const arrived = new Set(messages.map((one) => one.key).filter(Boolean));
    const pending = this.state.pending.filter((one) => !arrived.has(one.id));
    if (arrived.size) this.store.noteSpoken();
    if (pending.length !== this.state.pending.length) this.store.remove(this.key, [...arrived]);
    const grew = messages.some((one) => !one.mine && !this.state.messages.some((known) => known.id === one.id));
    this.cursor = Math.max(this.cursor, told.cursor ?? 0);
    const { visitor = this.state.visitor, online = this.state.online, readUntil = this.state.readUntil } = told;
    const isOpen = told.isOpen ?? this.state.isOpen;
    this.set({ messages, pending, visitor, online, readUntil, isOpen, ...(grew && (this.signAt ?? 0) < asked ? { typing: false } : {}) });
    if (told.ticket) this.hear(told.ticket);
    this.seen();
  }

  async refresh() {
    if (!this.state.ready) {
      if (this.key) await this.begin();
      return;
    }
    if (this.state.visitor || this.cursor) {
      const asked = Date.now();
      try {
        this.take(await this.ask("updates", { after: this.cursor, live: this.wantsLive() && !this.stream, seen: this.isSeen() }), asked);
      } catch (error) {
        await this.refused(error);
      }
    } else {
      try {
        this.take(await this.ask("session"));
      } catch (error) {
        await this.refused(error);
      }
    }
    this.pump();
  }

  async refused(error) {
    if (error instanceof Refused && error.told.vouch) await this.begin();
  }

  // The stream: a word that something changed, after which we ask what.
  hear(ticket) {
    if (this.stream || !this.wantsLive()) return;
    if (typeof EventSource === "undefined" || this.failures > 3) {
      this.poll();
      return;
    }
    const stream = new EventSource(`${this.base}/live?ticket=${encodeURIComponent(ticket)}`);
    this.stream = stream;
    const again = () => {
      stream.close();
      if (this.stream === stream) this.stream = null;
      setTimeout(() => this.refresh(), 300 + Math.random() * 1200);
    };
    stream.addEventListener("hello", () => {
      this.failures = 0;
      this.refresh();
    });
    stream.addEventListener("missed", () => this.refresh());
    stream.addEventListener("renew", again);
    stream.onmessage = (event) => this.heard(JSON.parse(event.data));
    stream.onerror = () => {
      this.failures += 1;
      again();
    };
    this.poll();
  }

  heard(sign) {
    if (sign.typing) {
      clearTimeout(this.typingTimer);
      this.signAt = Date.now();
      this.set({ typing: true });
      this.typingTimer = setTimeout(() => this.set({ typing: false }), TYPING_SHOWN);
    } else if (sign.read) {
      this.set({ readUntil: sign.read });
    } else if (this.sending && sign.message) {
      // Most likely what is being sent right now: the answer to that tells it too.
      setTimeout(() => this.heard(sign), OWN_ANSWER);
    } else if (!this.state.messages.some((one) => one.id === sign.message)) {
      this.refresh();
    }
  }

  // Beside a stream that lives only a slow look, in case it died unheard; without one the way everything comes.
  poll() {
    clearTimeout(this.poller);
    if (!this.wantsLive()) return;
    const every = this.stream || !this.cursor ? 60000 : this.state.open ? POLL_OPEN : POLL_CLOSED;
    this.poller = setTimeout(async () => {
      await this.refresh();
      this.poll();
    }, every);
  }

  wantsLive() {
    return (this.state.open || this.state.isOpen) && !this.hiddenLong;
  }

  stopHearing() {
    clearTimeout(this.poller);
    this.stream?.close();
    this.stream = null;
  }

  say(text, file = null, told = {}) {
    const item = { id: messageKey(), text, file, at: new Date().toISOString(), told, isNew: true };
    this.set({ pending: [...this.state.pending, item], ended: false, notice: "" });
    if (this.key) this.store.keep(this.key, [item]);
    this.pump();
  }

  // One after the other, each until the server says that it has it; sent again it is known by its key.
  async pump() {
    if (this.sending || !this.state.ready) return;
    const item = this.state.pending.find((one) => !one.wrong);
    if (!item) return;
    this.sending = true;
    let goesOn = false;
    try {
      const page = { page: location.href.split("#")[0].slice(0, 500), title: document.title.slice(0, 200) };
      const { id, text, told } = item;
      const answer = await this.ask("messages", { id, text, after: this.cursor, seen: this.isSeen(), ...page, ...told }, item.file);
      if (!this.state.visitor) answer.visitor = { name: told?.name ?? "", email: told?.email ?? "", isVerified: false };
      this.take(answer);
      this.drop(id);
      goesOn = true;
    } catch (error) {
      if (error.told?.late) {
        goesOn = true;
      } else if (error instanceof Refused && error.told.vouch) {
        this.sending = false;
        await this.begin();
        return;
      }
      if (goesOn) {
        // The next one is another person's.
      } else if (error instanceof Refused && error.status < 500 && error.status !== 429 && error.status !== 423) {
        item.wrong = error.message;
        this.set({ pending: [...this.state.pending] });
        this.store.keep(this.key, [item]);
        goesOn = true;
      } else if (error instanceof Refused && error.status < 500) {
        setTimeout(() => this.pump(), TOO_MUCH);
      }
    } finally {
      this.sending = false;
    }
    if (goesOn) this.pump();
  }

  tryAgain(id) {
    const pending = this.state.pending.map((one) => (one.id === id ? { ...one, wrong: "" } : one));
    this.set({ pending });
    this.pump();
  }

  drop(id) {
    this.set({ pending: this.state.pending.filter((one) => one.id !== id) });
    this.store.remove(this.key, [id]);
  }

  typing() {
    const now = Date.now();
    if (!this.state.isOpen || now - (this.typedAt ?? 0) < TYPING_EVERY) return;
    this.typedAt = now;
    this.ask("typing").catch(() => {});
  }

  // Whether what comes is seen as soon as it is there: the server notes it along with its answer.
  isSeen() {
    return this.state.open && !document.hidden;
  }

  // What is on the screen was read.
  seen() {
    clearTimeout(this.hiddenTimer);
    if (document.hidden) {
      this.hiddenTimer = setTimeout(() => {
        this.hiddenLong = true;
        this.stopHearing();
      }, HIDDEN_FOR);
      return;
    }
    if (this.hiddenLong) {
      this.hiddenLong = false;
      this.refresh();
    }
    const unseen = this.state.messages.filter((one) => !one.mine && one.unseen);
    if (!this.state.open || !unseen.length) return;
    const until = Math.max(...unseen.map((one) => one.id));
    for (const one of unseen) one.unseen = false;
    this.ask("read", { until }).catch(() => {
      for (const one of unseen) one.unseen = true;
    });
    this.changed(this.state);
  }

  show(open) {
    this.set({ open });
    this.seen();
    if (open && (this.state.visitor || this.cursor)) this.refresh();
    this.poll();
  }

  async end() {
    await this.ask("end");
    this.set({ isOpen: false, ended: true });
    if (!this.state.open) this.stopHearing();
  }

  transcript(email) {
    return this.ask("transcript", { email });
  }
}
