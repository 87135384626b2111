// Forms: leaving with unsaved changes asks first; a form is sent once.
const guarded = (form) => form?.dataset?.guard === "on";

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (guarded(form)) form.dataset.dirty = "1";
});
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (guarded(form)) form.dataset.dirty = "1";
});
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  delete event.target.dataset.dirty;
  const { submitter } = event;
  if (submitter && event.target.method === "post" && !event.target.hasAttribute("hx-post")) {
    // After the browser has read the form, so that the button's own value is sent.
    setTimeout(() => {
      submitter.disabled = true;
    });
  }
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll("form button:disabled")) button.disabled = false;
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector('form[data-dirty="1"]')) event.preventDefault();
});
document.addEventListener("DOMContentLoaded", () => document.querySelector(".has-error input, .has-error select, .has-error textarea")?.focus());
