// People offered while one types @: a list below the text, by the combobox pattern; the focus stays in the text.
import { say } from "./words.js";

const PAUSE_MS = 120;
// As the server reads mentions: no letter or digit of an address before the sign.
const BEGUN = /(?:^|[^A-Za-z0-9_.+-])[@＠]([\p{L}\p{N}_.+-]{0,30})$/u;
let open = null;
let timer = 0;
let asking = null;
let serial = 0;

function begun(text) {
  if (text.selectionStart !== text.selectionEnd) return null;
  const found = BEGUN.exec(text.value.slice(0, text.selectionStart));
  return found ? found[1] : null;
}

function close() {
  clearTimeout(timer);
  asking?.abort();
  asking = null;
  if (!open) return;
  const { text, list, status } = open;
  open = null;
  list.remove();
  status.textContent = "";
  setTimeout(() => status.remove(), 1000);
  text.removeAttribute("role");
  for (const name of ["expanded", "controls", "autocomplete", "haspopup", "activedescendant"]) text.removeAttribute(`aria-${name}`);
}

function mark(at) {
  const options = [...open.list.children];
  open.at = (at + options.length) % options.length;
  options.forEach((option, place) => option.setAttribute("aria-selected", String(place === open.at)));
  options[open.at].scrollIntoView({ block: "nearest" });
  open.text.setAttribute("aria-activedescendant", options[open.at].id);
}

function choose(at) {
  const { text, items } = open;
  const word = begun(text);
  close();
  if (word === null) return;
  const end = text.selectionStart;
  text.setRangeText(`${items[at].mark} `, end - word.length, end, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
}

function drawn(item, place) {
  const option = document.createElement("li");
  option.id = `mention-${serial}-${place}`;
  option.className = "mention";
  option.setAttribute("role", "option");
  const name = document.createElement("b");
  name.textContent = item.name;
  option.append(name);
  if (item.user !== item.name) {
    const user = document.createElement("span");
    user.textContent = item.user;
    option.append(user);
  }
  option.addEventListener("pointerdown", (event) => event.preventDefault());
  option.addEventListener("click", () => choose(place));
  return option;
}

function show(text, items) {
  close();
  if (!items.length || document.activeElement !== text) return;
  serial += 1;
  const list = document.createElement("ul");
  list.className = "mention-list";
  list.id = `mentions-${serial}`;
  list.setAttribute("role", "listbox");
  const count = say("mentions", items.length);
  list.setAttribute("aria-label", count);
  list.append(...items.map(drawn));
  const status = document.createElement("span");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  text.after(list, status);
  list.style.top = `${text.offsetTop + text.offsetHeight + 2}px`;
  list.style.left = `${text.offsetLeft}px`;
  open = { text, list, status, items, at: 0 };
  text.setAttribute("role", "combobox");
  text.setAttribute("aria-autocomplete", "list");
  text.setAttribute("aria-haspopup", "listbox");
  text.setAttribute("aria-expanded", "true");
  text.setAttribute("aria-controls", list.id);
  mark(0);
  // After the region is there, so that readers say what is put into it.
  setTimeout(() => {
    status.textContent = count;
  }, 50);
}

async function ask(text, word) {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const about = text.dataset.mentions || text.form?.elements.about?.value || "";
  const query = new URLSearchParams({ q: word, ...(about ? { about } : {}) });
  try {
    const answer = await fetch(`/notifications/people?${query}`, { credentials: "same-origin", signal });
    if (!answer.ok || answer.redirected) return;
    const { items } = await answer.json();
    if (begun(text) === word) show(text, items);
  } catch {
    // A newer question, or no network: one can go on typing.
  }
}

function look(text) {
  clearTimeout(timer);
  const word = begun(text);
  if (word === null) {
    close();
    return;
  }
  timer = setTimeout(() => ask(text, word), PAUSE_MS);
}

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("textarea[data-mentions]")) return;
  // Letters that an input method still turns into characters are nobody's name yet.
  if (!event.isComposing) look(event.target);
});
document.addEventListener("compositionend", (event) => {
  if (event.target.matches?.("textarea[data-mentions]")) look(event.target);
});
document.addEventListener("keydown", (event) => {
  if (!open || event.target !== open.text || event.isComposing || event.keyCode === 229) return;
  const { key } = event;
  if (key === "ArrowDown" || key === "ArrowUp") mark(open.at + (key === "ArrowDown" ? 1 : -1));
  else if ((key === "Enter" && !event.ctrlKey && !event.metaKey) || (key === "Tab" && !event.shiftKey)) choose(open.at);
  else if (key === "Escape") close();
  else {
    if (key === "ArrowLeft" || key === "ArrowRight" || key === "Home" || key === "End") close();
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("focusout", (event) => {
  if (open && event.target === open.text) close();
});
