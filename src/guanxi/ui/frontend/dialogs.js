// One dialog for forms that come from the server, and one question.
import htmx from "htmx.org";

import { say, words } from "./words.js";

const dialog = () => document.getElementById("dialog");

/** Open the dialog with what the server answers at an address. */
export async function openDialog(url) {
  const body = document.getElementById("dialog-body");
  body.replaceChildren();
  await htmx.ajax("GET", url, { target: "#dialog-body", swap: "innerHTML" });
  if (!body.childElementCount) return;
  if (!dialog().open) dialog().showModal();
  body.querySelector("[autofocus], input:not([type=hidden]), select, textarea, button.btn-primary")?.focus();
}

/** Close the dialog; a form with unsaved changes asks first. */
export async function closeDialog(element, { force = false } = {}) {
  const open = element?.closest?.("dialog") || document.querySelector("dialog[open]");
  if (!open) return;
  if (!force && open.querySelector('form[data-dirty="1"]') && !(await sure(words.unsaved))) return;
  open.close();
  if (open.id === "dialog") document.getElementById("dialog-body").replaceChildren();
}

/** Ask a question that is answered by yes or no. */
export function sure(text) {
  return new Promise((resolve) => {
    const box = document.createElement("dialog");
    box.className = "gx-dialog gx-sure";
    const frame = document.createElement("form");
    frame.method = "dialog";
    frame.className = "dialog-frame";
    const sentence = document.createElement("p");
    sentence.textContent = text || say("sure");
    const foot = document.createElement("footer");
    for (const [value, css, label] of [["no", "btn", words.cancel], ["yes", "btn btn-primary", words.yes]]) {
      const button = document.createElement("button");
      button.value = value;
      button.className = css;
      button.textContent = label;
      foot.append(button);
    }
    frame.append(sentence, foot);
    box.append(frame);
    box.addEventListener("close", () => {
      resolve(box.returnValue === "yes");
      box.remove();
    });
    document.body.append(box);
    box.showModal();
    foot.lastElementChild.focus();
  });
}

// The form of an act; its part of the page may have been drawn anew while the question stood.
function standing(form) {
  if (form.isConnected) return form;
  const same = (other) => other.getAttribute("action") === form.getAttribute("action") && other.dataset.confirm === form.dataset.confirm;
  return [...document.forms].find(same);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    opener.closest("details.menu")?.removeAttribute("open");
    openDialog(opener.dataset.dialog);
    return;
  }
  if (event.target.closest('[data-act="close-dialog"]')) closeDialog(event.target);
  if (event.target instanceof HTMLDialogElement && event.target.matches(".gx-dialog[open]:not(.gx-sure)")) closeDialog(event.target);
});
document.addEventListener("cancel", (event) => {
  if (event.target.id !== "dialog") return;
  event.preventDefault();
  closeDialog(event.target);
}, true);
// Later, so that the other events of the same answer still bubble up from the form inside.
document.addEventListener("gx:close-dialog", () => setTimeout(() => closeDialog(dialog(), { force: true })));
// An act that needed no dialog has something to ask after all.
document.addEventListener("gx:open-dialog", () => {
  if (!dialog().open) dialog().showModal();
});
document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  sure(event.detail.question).then((yes) => yes && event.detail.issueRequest(true));
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.sure === "1") return;
  event.preventDefault();
  const place = [...form.elements].indexOf(event.submitter);
  sure(form.dataset.confirm).then((yes) => {
    const now = yes && standing(form);
    if (!now) return;
    now.dataset.sure = "1";
    now.requestSubmit(now.elements[place]);
  });
});
