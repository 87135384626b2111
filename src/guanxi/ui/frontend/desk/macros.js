// Prepared answers: a slash opens a list that is narrowed by typing; the focus stays in the text (combobox pattern).
import { composer, json, post, say, thread } from "./base.js";
import { changed, field, kindNow, sayTrouble, setKind, takeMacro } from "./composer.js";

const BEGUN = /(?:^|\s)[/／、]([^\s/／]{0,30})$/u;
const MOST = 8;
let items = null;
let spoken = "";
let open = null;

function begun() {
  const text = field("text");
  if (!text || text.selectionStart !== text.selectionEnd) return null;
  const found = BEGUN.exec(text.value.slice(0, text.selectionStart));
  return found ? found[1] : null;
}

/** How well letters in order fit a name: the closer together, the better; null when they do not. */
function fit(name, wanted) {
  if (!wanted) return 0;
  const text = name.toLowerCase();
  const at = text.indexOf(wanted);
  if (at >= 0) return at ? 1 : 0;
  let place = -1;
  let spread = 0;
  for (const letter of wanted) {
    const next = text.indexOf(letter, place + 1);
    if (next < 0) return null;
    spread += place < 0 ? 0 : next - place - 1;
    place = next;
  }
  return 2 + spread;
}

function close() {
  if (!open) return;
  open.list.remove();
  open.text.removeAttribute("role");
  for (const name of ["expanded", "controls", "autocomplete", "haspopup", "activedescendant"]) open.text.removeAttribute(`aria-${name}`);
  open = null;
}

function mark(at) {
  const options = [...open.list.querySelectorAll("[role=option]")];
  if (!options.length) return;
  open.at = (at + options.length) % options.length;
  options.forEach((option, place) => option.setAttribute("aria-selected", String(place === open.at)));
  options[open.at].scrollIntoView({ block: "nearest" });
  open.text.setAttribute("aria-activedescendant", options[open.at].id);
}

function drawn(item, place) {
  const option = document.createElement("li");
  option.id = `macro-${place}`;
  option.className = "mention desk-macro";
  option.setAttribute("role", "option");
  const name = document.createElement("b");
  name.textContent = item.name;
  const hint = document.createElement("span");
  hint.textContent = item.hint;
  option.append(name, hint);
  option.addEventListener("pointerdown", (event) => event.preventDefault());
  option.addEventListener("click", () => choose(place));
  return option;
}

async function look() {
  const word = begun();
  if (word === null) {
    close();
    return;
  }
  const { language } = document.getElementById("desk-head").dataset;
  if (!items || spoken !== language) {
    const found = await json(`${composer().dataset.macros}?language=${language}`);
    items = found?.items || [];
    spoken = language;
    setTimeout(() => {
      items = null;
    }, 60000);
  }
  const now = begun();
  if (now === null || document.activeElement !== field("text")) return;
  const wanted = now.toLowerCase();
  const ranked = items.map((item) => ({ item, rank: fit(item.name, wanted) })).filter((one) => one.rank !== null);
  show(ranked.sort((one, other) => one.rank - other.rank).slice(0, MOST).map((one) => one.item));
}

function show(found) {
  close();
  const text = field("text");
  const list = document.createElement("ul");
  list.className = "mention-list desk-macros";
  list.id = "desk-macros";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", say("macros", found.length));
  if (found.length) list.append(...found.map(drawn));
  else {
    const none = document.createElement("li");
    none.className = "desk-no-macro";
    none.textContent = say("noMacros");
    list.append(none);
  }
  text.after(list);
  open = { text, list, found, at: 0 };
  text.setAttribute("role", "combobox");
  text.setAttribute("aria-autocomplete", "list");
  text.setAttribute("aria-haspopup", "listbox");
  text.setAttribute("aria-expanded", "true");
  text.setAttribute("aria-controls", list.id);
  mark(0);
}

async function choose(at) {
  const item = open?.found[at];
  if (!item) return;
  const word = begun();
  const text = field("text");
  close();
  const end = text.selectionStart;
  if (word !== null) text.setRangeText("", end - word.length - 1, end, "end");
  const was = thread();
  let told;
  try {
    told = JSON.parse(await post(was.dataset.urlMacro_use, { macro: item.id }));
  } catch {
    return;
  }
  if (thread() !== was) return;
  if (told.note !== (kindNow() === "note")) setKind(told.note ? "note" : "reply");
  if (told.text) text.setRangeText(told.text, text.selectionStart, text.selectionEnd, "end");
  takeMacro(told);
  changed();
  text.focus();
  if (!told.missing.length) return;
  sayTrouble(say("missing", told.missing.join(", ")));
  const place = text.value.indexOf(told.missing[0]);
  if (place >= 0) text.setSelectionRange(place, place + told.missing[0].length);
}

document.addEventListener("input", (event) => {
  if (event.target === field("text") && !event.isComposing) look();
});
document.addEventListener("compositionend", (event) => {
  if (event.target === field("text")) look();
});
document.addEventListener("keydown", (event) => {
  if (!open || event.target !== open.text || event.isComposing || event.keyCode === 229) return;
  const { key } = event;
  if (key === "ArrowDown" || key === "ArrowUp") mark(open.at + (key === "ArrowDown" ? 1 : -1));
  else if (((key === "Enter" && !event.ctrlKey && !event.metaKey) || (key === "Tab" && !event.shiftKey)) && open.found.length) choose(open.at);
  else if (key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("focusout", (event) => {
  if (open && event.target === open.text) close();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-desk-slash]")) return;
  const text = field("text");
  text.focus();
  const before = text.value.slice(0, text.selectionStart);
  text.setRangeText(before && !/\s$/.test(before) ? " /" : "/", text.selectionStart, text.selectionEnd, "end");
  look();
});
