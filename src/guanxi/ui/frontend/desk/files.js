// Files that go with an answer: by drag, paste and button, each with how far it has come.
import { composer, guanxi, network, say, tell } from "./base.js";
import { changed, sayTrouble } from "./composer.js";

let files = [];
let uploads = 0;

export const draftFiles = () => files.map(({ id, name, size }) => ({ id, name, size }));
export const isUploading = () => uploads > 0;

function sized(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let at = 0;
  let left = bytes;
  while (left >= 1000 && at < units.length - 1) {
    left /= 1000;
    at += 1;
  }
  return `${left < 10 && at ? left.toFixed(1) : Math.round(left)} ${units[at]}`;
}

function chip(file) {
  const item = document.createElement("li");
  const icon = document.createElement("i");
  icon.className = "i i-paperclip";
  const name = document.createElement("span");
  name.textContent = file.name;
  const more = document.createElement("small");
  more.textContent = file.size ? sized(file.size) : "";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "icon-button";
  button.innerHTML = '<i class="i i-x" aria-hidden="true"></i>';
  button.setAttribute("aria-label", say("remove", file.name));
  button.addEventListener("click", () => remove(file, item));
  item.append(icon, name, more, button);
  return item;
}

function remove(file, item) {
  file.request?.abort();
  item.remove();
  if (!file.id) return;
  files = files.filter((one) => one.id !== file.id);
  tell(composer().dataset.discard, { file: file.id });
  changed();
}

/** Show the files of a draft. */
export function drawFiles(known) {
  files = known.map((one) => ({ ...one }));
  document.getElementById("desk-draft-files")?.replaceChildren(...files.map(chip));
}

function upload(source) {
  const form = composer();
  const file = { name: source.name, size: source.size };
  const item = chip(file);
  item.classList.add("is-uploading");
  document.getElementById("desk-draft-files").append(item);
  const request = new XMLHttpRequest();
  file.request = request;
  uploads += 1;
  request.open("POST", form.dataset.upload);
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("X-CSRFToken", guanxi.csrfToken());
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) item.querySelector("small").textContent = `${Math.floor((100 * event.loaded) / event.total)} %`;
  });
  request.addEventListener("loadend", () => {
    uploads -= 1;
    item.classList.remove("is-uploading");
    if (request.status === 200) {
      Object.assign(file, JSON.parse(request.responseText));
      item.replaceWith(chip(file));
      if (composer() !== form) return;
      files.push(file);
      changed();
      return;
    }
    item.remove();
    if (!item.isConnected && request.status === 0 && !navigator.onLine) network(false);
    const trigger = JSON.parse(request.getResponseHeader("HX-Trigger") || "{}");
    sayTrouble(trigger["gx:toast"]?.text || say("uploadFailed", source.name));
  });
  const body = new FormData();
  body.append("file", source, source.name);
  request.send(body);
}

/** Add files, one after the other. */
export function addFiles(list) {
  if (!composer()) return;
  sayTrouble("");
  for (const one of list) upload(one);
}

document.addEventListener("change", (event) => {
  if (event.target.id !== "desk-file") return;
  addFiles(event.target.files);
  event.target.value = "";
});
document.addEventListener("paste", (event) => {
  if (!composer()?.contains(event.target) || !event.clipboardData?.files.length) return;
  event.preventDefault();
  addFiles(event.clipboardData.files);
});
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const zone = event.target.closest?.("#desk-thread");
    if (!zone || !composer() || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.toggle("is-dropping", name === "dragover");
    if (name === "drop") addFiles(event.dataTransfer.files);
  });
}
