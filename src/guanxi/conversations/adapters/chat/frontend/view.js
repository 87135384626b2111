// What the visitor sees. Everything that anybody wrote is set as text, never as markup.
import { STYLE } from "./style.js";

const ICONS = {
  chat: "M4 20l1.3-3.9A8.5 7.5 0 1 1 9 19.2z",
  close: "M6 6l12 12M18 6L6 18",
  more: "M12 6v.01M12 12v.01M12 18v.01",
  clip: "M15 7l-6.5 6.5a1.5 1.5 0 0 0 3 3L18 10a3 3 0 0 0-6-6l-6.500 6.500a4.500 4.500 0 0 0 9 9l6.500-6.500",
  send: "M10 14L21 3M21 3l-6.500 18-4.500-7-7-4.500z",
};
const ADDRESS = /https?:\/\/[^\s<>"'，。！？；：（）【】]+/g;
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const LARGEST_FILE = 10 * 1024 * 1024;

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const drawn = { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(drawn)) svg.setAttribute(key, value);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// A text with its addresses as links; nothing of it is taken for markup.
function written(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = found[0].replace(/[.,!?;:)]+$/, "");
    parts.push(text.slice(from, found.index));
    parts.push(make("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, address));
    from = found.index + address.length;
  }
  parts.push(text.slice(from));
  return parts;
}

function sheet(text) {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}

export class View {
  constructor(place, setup, talk, { inline = false } = {}) {
    this.talk = talk;
    this.inline = inline;
    this.rows = new Map();
    this.root = place.attachShadow({ mode: "open" });
    this.place = place;
    this.build();
    this.dress(setup);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", () => this.theme());
    this.theme();
  }

  theme() {
    this.place.dataset.theme = this.place.dataset.wanted || (this.dark.matches ? "dark" : "light");
  }

  // Colours and words, as they are set up.
  dress(setup) {
    this.set = setup;
    const w = (this.words = setup.words);
    const names = `:host{--colour:${setup.colour};--light-link:${setup.link};--dark-link:${setup.darkLink}}`;
    this.root.adoptedStyleSheets = [sheet(STYLE), sheet(names)];
    this.frame.lang = setup.language;
    // Times as the reader writes them, where that is of the same language.
    const own = navigator.language ?? "";
    this.locale = own.slice(0, 2) === setup.language.slice(0, 2) ? own : setup.language;
    this.frame.classList.toggle("left", setup.side === "left");
    this.heading.textContent = setup.title || w.title;
    this.log.setAttribute("aria-label", w.log);
    this.input.placeholder = w.write;
    this.input.setAttribute("aria-label", w.write);
    for (const [button, text] of [[this.go, w.send], [this.clip, w.attach], [this.more, w.menu], [this.shut, w.close]]) {
      button.setAttribute("aria-label", text);
      button.title = text;
    }
    this.nameLabel.textContent = w.name;
    this.mailLabel.textContent = w.email;
    this.transcriptItem.textContent = w.transcript;
    this.endItem.textContent = w.end;
    this.greeting.textContent = setup.greeting;
    this.greeting.hidden = !setup.greeting;
    this.rows.clear();
    this.log.replaceChildren(this.greeting);
    if (this.drawn) this.draw(this.drawn);
  }

  build() {
    this.heading = make("h2", { id: "title" });
    this.status = make("p");
    this.more = make("button", { type: "button", "aria-haspopup": "true", "aria-expanded": "false", onclick: () => this.openMenu() }, icon("more"));
    this.shut = make("button", { type: "button", onclick: () => this.talk.show(false) }, icon("close"));
    this.transcriptItem = make("button", { type: "button", onclick: () => this.askTranscript() });
    this.endItem = make("button", { type: "button", onclick: () => this.askEnd() });
    this.menu = make("div", { class: "menu", hidden: true }, this.transcriptItem, this.endItem);
    this.bar = make("div", { class: "bar", role: "status", hidden: true });
    this.greeting = make("div", { class: "text" });
    this.log = make("div", { class: "log", role: "log", tabindex: "0", "aria-live": "polite", "aria-relevant": "additions" }, this.greeting);
    this.typing = make("div", { class: "typing", "aria-live": "polite" });
    this.nameLabel = make("span");
    this.mailLabel = make("span");
    this.name = make("input", { name: "name", autocomplete: "name", maxlength: "200" });
    this.mail = make("input", { name: "email", type: "email", autocomplete: "email", maxlength: "254" });
    this.asks = make("div", { class: "ask", hidden: true }, make("label", {}, this.nameLabel, this.name), make("label", {}, this.mailLabel, this.mail));
    this.wrong = make("p", { class: "wrong", role: "alert", hidden: true });
    this.input = make("textarea", { rows: "1", maxlength: "10000", name: "text", oninput: () => this.typed() });
    this.chosen = make("input", { type: "file", hidden: true, tabindex: "-1", onchange: () => this.picked([...this.chosen.files]) });
    this.clip = make("button", { type: "button", class: "tools", onclick: () => this.chosen.click() }, icon("clip"));
    this.go = make("button", { type: "submit", class: "tools go" }, icon("send"));
    this.form = make("form", { novalidate: true }, this.asks, this.wrong, make("div", { class: "write" }, this.clip, this.chosen, this.input, this.go));
    this.panel = make("section", { class: "panel", role: "dialog", "aria-labelledby": "title", id: "panel", hidden: !this.inline },
      make("header", {}, make("div", {}, this.heading, this.status), this.more, this.shut), this.menu, this.bar, this.log, this.typing, this.form);
    this.count = make("span", { class: "count", hidden: true });
    this.launch = make("button", { type: "button", class: "launch", "aria-controls": "panel", "aria-expanded": "false", onclick: () => this.talk.show(!this.drawn?.open) }, icon("chat"), this.count);
    this.frame = make("div", { class: this.inline ? "inline" : "frame" }, this.panel, this.launch);
    this.root.append(this.frame);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send();
      }
    });
    this.input.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length) event.preventDefault();
      this.picked(files);
    });
    this.panel.addEventListener("keydown", (event) => this.keyed(event));
    for (const kind of ["dragover", "dragleave", "drop"]) {
      this.log.addEventListener(kind, (event) => {
        event.preventDefault();
        this.log.classList.toggle("over", kind === "dragover");
        if (kind === "drop") this.picked([...event.dataTransfer.files]);
      });
    }
  }

  keyed(event) {
    // The page of the host has no use for what is typed here.
    event.stopPropagation();
    if (event.key !== "Escape") return;
    if (!this.menu.hidden) this.openMenu(false);
    else this.talk.show(false);
  }

  openMenu(open = this.menu.hidden) {
    this.menu.hidden = !open;
    this.more.setAttribute("aria-expanded", String(open));
    if (open) [...this.menu.children].find((one) => !one.hidden)?.focus();
    else this.more.focus();
  }

  typed() {
    const lines = this.input.value.split("\n").length + Math.floor(this.input.value.length / 42);
    this.input.rows = Math.min(Math.max(lines, 1), 5);
    this.go.setAttribute("aria-disabled", String(!this.input.value.trim()));
    if (this.input.value.trim()) this.talk.typing();
  }

  get asksFirst() {
    const { visitor, online, messages, ready } = this.drawn;
    if (visitor?.isVerified || visitor?.email) return false;
    // Somebody who spoke here before is known in a moment.
    if (!ready && this.talk.store?.hasSpoken) return false;
    return this.set.asking === "always" || (this.set.asking === "away" && !online && !messages.some((one) => !one.mine));
  }

  complain(text, field) {
    this.wrong.textContent = text;
    this.wrong.hidden = !text;
    if (text) (field ?? this.input).focus();
    return !text;
  }

  told() {
    if (!this.asksFirst) return {};
    return { name: this.name.value.trim(), email: this.mail.value.trim() };
  }

  checked() {
    if (!this.asksFirst) return true;
    const { name, email } = this.told();
    if (!name) return this.complain(this.words.nameNeeded, this.name);
    if (!email) return this.complain(this.words.emailNeeded, this.mail);
    if (!MAIL.test(email)) return this.complain(this.words.emailWrong, this.mail);
    return true;
  }

  send() {
    const text = this.input.value.trim();
    if (!text) {
      // The enter key in a field above leads on.
      (this.asksFirst ? [this.name, this.mail].find((one) => !one.value.trim()) ?? this.input : this.input).focus();
      return;
    }
    if (!this.checked()) return;
    this.complain("");
    this.talk.say(text, null, this.told());
    this.input.value = "";
    this.typed();
    this.input.focus();
    this.toEnd();
  }

  picked(files) {
    this.chosen.value = "";
    if (!files.length || !this.checked()) return;
    if (files.some((file) => file.size > LARGEST_FILE)) {
      this.complain(this.words.tooLarge);
      return;
    }
    this.complain("");
    for (const file of files) this.talk.say("", file, this.told());
  }

  askTranscript() {
    this.openMenu(false);
    const send = async (email) => {
      try {
        await this.talk.transcript(email);
        this.tell(this.words.transcriptSent);
      } catch (error) {
        this.tell(error.message, true);
      }
    };
    if (this.drawn.visitor?.email) {
      send("");
      return;
    }
    const field = make("input", { type: "email", autocomplete: "email", "aria-label": this.words.email, placeholder: this.words.email });
    const go = make("button", { type: "button", onclick: () => MAIL.test(field.value.trim()) && send(field.value.trim()) }, this.words.send);
    this.bar.className = "bar ask";
    this.bar.replaceChildren(field, go);
    this.bar.hidden = false;
    field.focus();
  }

  askEnd() {
    this.openMenu(false);
    const end = async () => {
      this.tell("");
      await this.talk.end().catch((error) => this.tell(error.message, true));
    };
    const yes = make("button", { type: "button", onclick: end }, this.words.yes);
    const no = make("button", { type: "button", onclick: () => this.tell("") }, this.words.cancel);
    this.bar.className = "bar";
    this.bar.replaceChildren(this.words.endSure, " ", yes, no);
    this.bar.hidden = false;
    yes.focus();
  }

  tell(text, isBad = false) {
    this.said = text;
    this.bar.className = isBad ? "bar bad" : "bar";
    this.bar.textContent = text;
    this.bar.hidden = !text;
  }

  draw(state) {
    const before = this.drawn ?? {};
    const was = this.wasOpen;
    this.drawn = state;
    const w = this.words;
    this.status.textContent = state.online ? w.online : "";
    this.status.hidden = !state.online;
    if (was !== state.open && !this.inline) this.turn(state.open, was);
    const awayText = this.set.awayText || w.away;
    if (!state.connected) this.tell(w.lost, true);
    else if (this.said === w.lost) this.tell("");
    else if (state.ended && this.bar.hidden) this.tell(w.ended);
    else if (!state.online && state.ready && (this.bar.hidden || this.said === awayText || this.said === w.left)) {
      this.tell(state.messages.some((one) => one.mine) && (state.visitor?.email || state.visitor?.isVerified) ? w.left : awayText);
    } else if (state.online && (this.said === awayText || this.said === w.left)) this.tell("");
    const isAsking = this.asks.contains(this.root.activeElement);
    this.asks.hidden = !this.asksFirst;
    if (isAsking && this.asks.hidden) this.input.focus();
    this.drawMessages(state);
    this.typing.textContent = state.typing ? w.typing : "";
    const unseen = state.open ? 0 : state.messages.filter((one) => !one.mine && one.unseen).length;
    this.count.textContent = String(unseen);
    this.count.hidden = !unseen;
    const label = state.open ? w.close : w.open;
    this.launch.setAttribute("aria-label", unseen ? `${label} (${w.new}: ${unseen})` : label);
    this.transcriptItem.hidden = !this.set.canMail || !state.isOpen;
    this.endItem.hidden = !state.isOpen;
    this.more.hidden = this.transcriptItem.hidden && this.endItem.hidden;
    if (before.ready !== state.ready) this.typed();
  }

  turn(open, was) {
    this.wasOpen = open;
    this.panel.hidden = !open;
    this.frame.classList.toggle("is-open", open);
    this.launch.setAttribute("aria-expanded", String(open));
    if (open) {
      this.toEnd();
      (this.asksFirst ? this.name : this.input).focus();
    } else if (was) this.launch.focus();
  }

  drawMessages(state) {
    const isAtEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
    const items = [
      ...state.messages.map((one) => ({ ...one, mark: one.key || `m${one.id}` })),
      ...state.pending.map((one) => ({ ...one, mine: true, mark: one.id, isPending: true })),
    ];
    const kept = new Set();
    let last = this.greeting;
    let day = "";
    for (const one of items) {
      const on = new Date(one.at).toLocaleDateString(this.locale);
      if (on !== day) last = this.put(`d${on}`, last, kept, () => make("div", { class: "day" }, on === new Date().toLocaleDateString(this.locale) ? this.words.today : on));
      day = on;
      last = this.put(one.mark, last, kept, () => this.message(one));
      this.drawMark(last, one, state);
    }
    for (const [mark, row] of this.rows) {
      if (!kept.has(mark)) {
        row.remove();
        this.rows.delete(mark);
      }
    }
    if (isAtEnd) this.toEnd();
  }

  // Rows stay where they are, so that a screen reader hears only what is new.
  put(mark, after, kept, draw) {
    let row = this.rows.get(mark);
    if (!row) {
      row = draw();
      this.rows.set(mark, row);
    }
    if (after.nextSibling !== row) after.after(row);
    kept.add(mark);
    return row;
  }

  message(one) {
    const row = make("div", { class: one.mine ? "one mine" : "one" });
    if (!one.mine && one.name) row.append(make("div", { class: "who" }, one.name));
    else row.append(make("span", { class: "unseen" }, `${one.mine ? this.words.you : ""} `));
    if (one.text) row.append(make("div", { class: "text" }, ...written(one.text)));
    if (one.isPending && one.file) row.append(make("div", { class: "file" }, one.file.name));
    for (const file of one.files ?? []) row.append(this.file(file));
    row.append(make("div", { class: "mark" }));
    return row;
  }

  file(file) {
    const url = new URL(file.url, this.talk.base).href;
    const link = make("a", { class: "file", href: url, target: "_blank", rel: "noopener noreferrer", download: file.name });
    if (file.image) {
      const picture = make("img", { src: url, alt: file.name, loading: "lazy" });
      picture.addEventListener("error", () => picture.replaceWith(file.name));
      picture.addEventListener("load", () => this.toEnd());
      link.append(picture);
    } else link.append(`${file.name} · ${Math.max(1, Math.round(file.size / 1024))} kB`);
    return link;
  }

  drawMark(row, one, state) {
    const mark = row.lastChild;
    const time = new Date(one.at).toLocaleTimeString(this.locale, { hour: "2-digit", minute: "2-digit" });
    const w = this.words;
    let text = time;
    if (one.wrong) text = `${w.notSent} ${one.wrong}`;
    else if (one.isPending) text = w.sending;
    else if (one.mine) text = `${time} · ${state.readUntil && one.at <= state.readUntil ? w.read : w.sent}`;
    if (mark.dataset.text === text) return;
    mark.dataset.text = text;
    mark.className = one.wrong ? "mark bad" : "mark";
    mark.replaceChildren(text);
    if (one.wrong) {
      mark.append(" ", make("button", { type: "button", onclick: () => this.talk.tryAgain(one.id) }, w.again),
        make("button", { type: "button", onclick: () => this.talk.drop(one.id) }, w.drop));
    }
    if (!one.isPending && one.files?.length && !row.querySelector("a.file")) {
      row.querySelector(".file")?.remove();
      for (const file of one.files) mark.before(this.file(file));
    }
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }
}
