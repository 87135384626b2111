// An open form: a field that somebody else changes meanwhile takes their value, or says that there are two by now.
import htmx from "htmx.org";

import { words } from "./words.js";

const snapshots = new WeakMap();

function valuesOf(form, name) {
  return [...form.elements].filter((input) => input.name === name).flatMap((input) => {
    if (input.type === "checkbox" || input.type === "radio") return input.checked ? [input.value] : [];
    if (input.tagName === "SELECT") return [...input.selectedOptions].map((option) => option.value);
    return [input.value];
  });
}

const same = (left, right) => JSON.stringify([...left].sort()) === JSON.stringify([...right].sort());

function setValues(form, name, values) {
  for (const input of [...form.elements].filter((one) => one.name === name)) {
    if (input.type === "checkbox" || input.type === "radio") input.checked = values.includes(input.value);
    else if (input.tomselect) input.tomselect.setValue(input.multiple ? values : values[0] ?? "", true);
    else if (input.tagName === "SELECT") for (const option of input.options) option.selected = values.includes(option.value);
    else input.value = values[0] ?? "";
  }
}

function names(form) {
  return Object.keys(JSON.parse(form.elements._opened.value));
}

function remember(holder) {
  const form = holder.closest("form");
  if (!form?.elements._opened || snapshots.has(form)) return;
  const typed = new Set((holder.dataset.touched || "").split(","));
  snapshots.set(form, new Map(names(form).map((name) => [name, typed.has(name) ? null : valuesOf(form, name)])));
}

const inputOf = (form, name) => [...form.elements].find((input) => input.name === name);

function tell(form, name, text, isTyped) {
  const field = form.querySelector(`[data-field="${CSS.escape(name)}"]`) ?? inputOf(form, name)?.closest("label, td, li");
  if (!field) return;
  let line = field.querySelector(".field-news");
  if (!line) {
    line = document.createElement("p");
    line.setAttribute("role", "status");
    field.append(line);
  }
  line.className = isTyped ? "field-news is-clash" : "field-news";
  line.textContent = isTyped ? `${text} ${words.clash}` : text;
}

function tellGone(form) {
  if (form.querySelector(".form-gone")) return;
  const line = document.createElement("p");
  line.className = "form-gone alert-gx tone-warning";
  line.setAttribute("role", "alert");
  line.textContent = words.gone;
  (form.querySelector(".record-form") ?? form).prepend(line);
}

/** Ask how the fields stand by now, and show what differs from how they were when the form was opened. */
export async function formNews(holder) {
  const form = holder.closest("form");
  if (!form?.isConnected || !snapshots.has(form)) return;
  const url = form.getAttribute("hx-post") || form.getAttribute("action") || location.pathname + location.search;
  let told;
  try {
    const answer = await fetch(url, { credentials: "same-origin", headers: { "GX-Form-News": "1" } });
    // Merged into another record: its address leads there.
    if (answer.status === 404 || (answer.redirected && !new URL(answer.url).pathname.startsWith("/accounts/"))) tellGone(form);
    if (!answer.ok || answer.redirected || !answer.headers.get("Content-Type")?.includes("json")) return;
    told = await answer.json();
  } catch {
    return; // the stream says when the server is back
  }
  if (!form.isConnected) return;
  const known = snapshots.get(form);
  const opened = JSON.parse(form.elements._opened.value);
  for (const [name, { mark, values, said, sealed }] of Object.entries(told.fields)) {
    if (!(name in opened) || opened[name] === mark || known.get(`told ${name}`) === mark) continue;
    const mine = valuesOf(form, name);
    known.set(`told ${name}`, mark);
    if (sealed) {
      // What stands is never shown: whoever has entered nothing is told, and leaves it.
      const isTyped = mine.some(Boolean);
      if (!isTyped) opened[name] = mark;
      tell(form, name, said, isTyped);
    } else if (same(mine, values)) {
      opened[name] = mark;
      known.set(name, mine);
    } else if (known.get(name) && same(known.get(name), mine)) {
      setValues(form, name, values);
      known.set(name, valuesOf(form, name));
      opened[name] = mark;
      tell(form, name, said, false);
    } else {
      tell(form, name, said, true);
    }
  }
  form.elements._opened.value = JSON.stringify(opened);
}

htmx.onLoad((root) => {
  const found = root.matches?.("[data-live-form]") ? [root] : root.querySelectorAll?.("[data-live-form]") || [];
  found.forEach(remember);
});
