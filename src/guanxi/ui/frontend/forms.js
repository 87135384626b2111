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
// Columns of a file that no field takes are named as the fields are chosen.
document.addEventListener("change", (event) => {
  const places = document.querySelectorAll("[data-unused] [data-column]");
  if (!places.length || event.target.tagName !== "SELECT") return;
  const taken = new Set([...event.target.form.querySelectorAll('select[name^="field:"]')].map((select) => select.value));
  for (const place of places) place.hidden = taken.has(place.dataset.column);
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
// A file is named where it was chosen or dropped, in the reader's language rather than the browser's.
function nameFile(input) {
  const [file] = input.files;
  const place = input.closest("[data-drop]");
  place?.classList.toggle("has-file", Boolean(file));
  const name = place?.querySelector("[data-file-name]");
  if (name && file) name.textContent = `${file.name} (${file.size < 1e6 ? `${Math.max(1, Math.round(file.size / 1e3))} kB` : `${(file.size / 1e6).toFixed(1)} MB`})`;
}

document.addEventListener("change", (event) => {
  if (event.target.type === "file") nameFile(event.target);
});
for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const place = event.target.closest?.("[data-drop]");
    if (!place || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    place.classList.toggle("is-over", type === "dragover");
    if (type !== "drop") return;
    const input = place.querySelector('input[type="file"]');
    input.files = event.dataTransfer.files;
    nameFile(input);
  });
}
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll("form button:disabled")) button.disabled = false;
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector('form[data-dirty="1"]')) event.preventDefault();
});
document.addEventListener("DOMContentLoaded", () => document.querySelector(".has-error input, .has-error select, .has-error textarea")?.focus());
