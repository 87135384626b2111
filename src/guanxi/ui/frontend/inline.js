// A field changed where it stands: shown as saved at once, put back only when saving really failed.
import { askClash } from "./clash.js";
import { Clash, send } from "./net.js";

/** The address at which an element's field is changed. */
function addressOf(element) {
  if (element.dataset.editUrl) return element.dataset.editUrl;
  const list = document.getElementById("list");
  const row = element.closest("[data-id]");
  return `/ui/edit/${list.dataset.kind}/${row.dataset.id}/${element.dataset.edit}?list=${list.dataset.list}&column=${element.dataset.column}`;
}

/** Put the input in the place of the value. */
export async function startEdit(element) {
  if (element.querySelector(".inline-form") || element.classList.contains("is-saving")) return;
  const before = element.innerHTML;
  let form;
  try {
    form = await send(addressOf(element));
  } catch {
    return;
  }
  openInput(element, before, form);
}

/** Give an input back what was typed in it. */
function restore(input, values) {
  if (input.tagName === "SELECT") for (const option of input.options) option.selected = values.includes(option.value);
  else input.value = values[0] ?? "";
}

function openInput(element, before, form, typed = null) {
  element.innerHTML = form;
  element.classList.add("is-editing");
  const input = element.querySelector("[name=value]");
  input.focus();
  input.select?.();
  const start = serialise(element);
  if (typed) restore(input, typed);
  const finish = (html) => {
    element.classList.remove("is-editing", "is-saving");
    element.innerHTML = html;
  };
  const cancel = () => {
    finish(before);
    element.focus?.({ preventScroll: true });
  };
  const save = async () => {
    const formElement = element.querySelector(".inline-form");
    if (!formElement) return;
    if (serialise(element) === start) {
      cancel();
      return;
    }
    const body = new FormData(formElement);
    body.append("_opened", formElement.dataset.opened);
    const url = formElement.dataset.inline;
    const shown = shownText(input);
    element.classList.remove("is-editing");
    element.classList.add("is-saving");
    element.textContent = shown || "–";
    try {
      finish(await send(url, { method: "POST", body }));
    } catch (error) {
      const settled = error instanceof Clash ? await askClash(error.message) : before;
      if (settled === null) {
        // Nothing chosen: what was typed stays in the input.
        element.classList.remove("is-saving");
        openInput(element, before, form, body.getAll("value"));
        return;
      }
      finish(settled);
    }
    element.focus?.({ preventScroll: true });
  };
  wire(element, input, save, cancel);
}

function wire(element, input, save, cancel) {
  const form = element.querySelector(".inline-form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    save();
  });
  form.querySelector("[data-inline-cancel]").addEventListener("click", (event) => {
    event.stopPropagation();
    cancel();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      cancel();
    }
    if (event.key === "Enter" && input.tagName === "TEXTAREA" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
    }
    if (event.key === "Enter" && input.tagName === "SELECT") {
      event.preventDefault();
      save();
    }
    event.stopPropagation();
  });
  if (input.tagName === "SELECT" && !input.multiple) input.addEventListener("change", save);
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) setTimeout(() => form.isConnected && !form.contains(document.activeElement) && document.hasFocus() && save(), 0);
  });
}

function serialise(element) {
  const form = element.querySelector(".inline-form");
  return form ? JSON.stringify([...new FormData(form).entries()]) : "";
}

function shownText(input) {
  if (input.tagName !== "SELECT") return input.value;
  return [...input.selectedOptions].map((option) => option.textContent).join(", ");
}

document.addEventListener("click", (event) => {
  const element = event.target.closest(".editable[data-edit-url]");
  if (!element || event.target.closest("a, button, .inline-form")) return;
  startEdit(element);
});
document.addEventListener("keydown", (event) => {
  if ((event.key === "Enter" || event.key === "F2") && event.target.matches?.(".editable[data-edit-url]")) {
    event.preventDefault();
    startEdit(event.target);
  }
});
