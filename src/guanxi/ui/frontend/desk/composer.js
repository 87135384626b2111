// The composer: answer or note, recipients, drafts kept on the server as one writes, sending and taking back.
import { composer, guanxi, json, network, post, say, tell, thread } from "./base.js";
import { draftFiles, drawFiles, isUploading } from "./files.js";
import { along, renew, renewSoon } from "./news.js";

const SAVE_MS = 700;
const AGAIN_MS = 5000;
const TYPING_MS = 4000;
// While somebody goes on writing it is kept now and then, not only at a pause.
const AT_LEAST_MS = 4000;
// What is being written in the open conversation, by kind: text, recipients, files, what macros set.
let kept = {};
let macrosUsed = new Set();
let sendKey = "";
let timer = 0;
let lastTyped = 0;
let isTyping = false;
let unsavedSince = 0;
let isSending = false;

export const field = (name) => composer()?.elements[name];
export const kindNow = () => composer()?.dataset.kind || "reply";
const localKey = (id, kind) => `guanxi-desk-draft:${document.body.dataset.user}:${id}:${kind}`;
const empty = () => ({ text: "", details: {} });

/** What stands in the composer now. */
function current() {
  const form = composer();
  const details = { files: draftFiles(), actions: kept[kindNow()]?.details.actions || [] };
  if (kindNow() === "reply") {
    for (const name of ["channel", "to", "cc"]) if (form.elements[name]) details[name] = form.elements[name].value;
  }
  return { text: field("text").value, details };
}

function mark(text) {
  const line = document.getElementById("desk-saved");
  if (line) line.textContent = text;
}

const isWordless = (draft) => !draft.text.trim() && !draft.details.files?.length;
const isEmpty = (draft) => isWordless(draft) && !draft.details.actions?.length;

/** Without a word nothing is sent: what a macro sets is set by itself, and the button says so. */
function nameSending() {
  const label = document.querySelector("#desk-send span");
  if (!label) return;
  label.dataset.usual ||= label.textContent;
  const draft = current();
  label.textContent = isWordless(draft) && !isEmpty(draft) ? say("apply") : label.dataset.usual;
}

/** Keep the draft: on the server, else in this browser until the server is back. */
async function save() {
  clearTimeout(timer);
  timer = 0;
  unsavedSince = 0;
  const open = thread();
  if (!open || !composer() || isSending) return;
  const kind = kindNow();
  const draft = current();
  kept[kind] = draft;
  const key = localKey(open.dataset.id, kind);
  if (isEmpty(draft)) localStorage.removeItem(key);
  else localStorage.setItem(key, JSON.stringify({ ...draft, at: new Date().toISOString() }));
  const values = { kind, text: draft.text, details: JSON.stringify(draft.details) };
  if (isTyping && !isEmpty(draft) && Date.now() - lastTyped > TYPING_MS) {
    values.typing = "1";
    lastTyped = Date.now();
  }
  isTyping = false;
  const done = await tell(open.dataset.urlDraft, values);
  network(done || navigator.onLine);
  if (done) localStorage.removeItem(key);
  if (thread() !== open) return;
  mark(isEmpty(draft) ? "" : done ? say("saved") : say("savedHere"));
  if (!done) timer = setTimeout(save, AGAIN_MS);
}

/** Something was written: keep it in a moment, and tell who looks at it that somebody writes. */
export function changed() {
  clearTimeout(timer);
  unsavedSince ||= Date.now();
  isTyping = true;
  timer = setTimeout(save, Math.max(0, Math.min(SAVE_MS, unsavedSince + AT_LEAST_MS - Date.now())));
  nameSending();
  grow();
}

function grow() {
  const text = field("text");
  if (!text) return;
  text.rows = Math.min(14, Math.max(3, text.value.split("\n").length + Math.floor(text.value.length / 110)));
}

/** Show an answer or a note in the composer. */
export function setKind(kind, { focus = true } = {}) {
  const form = composer();
  if (!form || form.querySelector(`[data-desk-kind="${kind}"]`).disabled) return;
  if (form.dataset.kind !== kind) {
    kept[form.dataset.kind] = current();
    if (timer) save();
    form.dataset.kind = kind;
    fill(kept[kind] || empty());
  }
  for (const tab of form.querySelectorAll("[data-desk-kind]")) tab.setAttribute("aria-selected", String(tab.dataset.deskKind === kind));
  const text = field("text");
  text.placeholder = text.dataset[kind];
  if (focus) text.focus();
}

function fill(draft) {
  field("text").value = draft.text || "";
  const { details = {} } = draft;
  if (details.channel && [...(field("channel")?.options || [])].some((one) => one.value === details.channel && !one.disabled)) {
    field("channel").value = details.channel;
  }
  recipients(details);
  drawFiles(details.files || []);
  drawSets(details.actions || []);
  nameSending();
  sayTrouble("");
  grow();
}

/** Whom it goes to by the chosen channel, unless somebody wrote others. */
function recipients(details = {}) {
  const option = field("channel")?.selectedOptions[0];
  for (const label of composer().querySelectorAll("label[data-recipients]")) label.hidden = !option?.matches("[data-recipients]");
  if (!option) return;
  field("to").value = details.to ?? option.dataset.to ?? "";
  field("cc").value = details.cc ?? option.dataset.cc ?? "";
}

/** The ways an answer can go, drawn anew: what is begun keeps its own, else it goes where the customer was heard of last. */
export function putWays(fresh) {
  const old = composer()?.querySelector(".desk-recipients");
  if (!fresh || !old || old.dataset.usual === fresh.dataset.usual) return;
  const begun = kindNow() === "reply" ? current() : empty();
  old.replaceWith(fresh);
  const details = isEmpty(begun) ? {} : begun.details;
  const standing = [...(field("channel")?.options || [])].find((one) => one.value === details.channel && !one.disabled);
  if (standing) field("channel").value = standing.value;
  recipients(standing ? details : {});
}

/** What stands in the way of sending, beside the text. */
export function sayTrouble(text) {
  const line = document.getElementById("desk-error");
  line.textContent = text;
  line.hidden = !text;
}

/** What macros set when it goes, each to be taken out. */
export function drawSets(actions) {
  const list = document.getElementById("desk-sets");
  list.replaceChildren(...actions.map((one, at) => {
    const item = document.createElement("li");
    item.textContent = one.words || `${one.key}: ${one.value}`;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "icon-button";
    button.innerHTML = '<i class="i i-x" aria-hidden="true"></i>';
    button.setAttribute("aria-label", say("remove", item.textContent));
    button.addEventListener("click", () => {
      drawSets(actions.filter((_one, place) => place !== at));
      changed();
    });
    item.append(button);
    return item;
  }));
  kept[kindNow()] = { ...(kept[kindNow()] || empty()), details: { ...(kept[kindNow()]?.details || {}), actions } };
}

/** A macro was chosen: what it sets goes along, and its use is counted when the answer goes. */
export function takeMacro({ id, actions }) {
  const known = (kept[kindNow()]?.details.actions || []).filter((one) => !actions.some((other) => other.key === one.key));
  drawSets([...known, ...actions]);
  macrosUsed.add(id);
}

/** The composer of a conversation that has just been opened: its drafts, here or on another device. */
export function composerArrived() {
  const open = thread();
  kept = {};
  macrosUsed = new Set();
  sendKey = "";
  isSending = false;
  if (!composer()) return;
  recipients();
  const drafts = JSON.parse(document.getElementById("desk-drafts").textContent);
  for (const kind of ["reply", "note"]) {
    const theirs = drafts[kind];
    const mine = JSON.parse(localStorage.getItem(localKey(open.dataset.id, kind)) || "null");
    const newest = mine && (!theirs || mine.at > theirs.at) ? mine : theirs;
    if (newest) kept[kind] = { text: newest.text, details: newest.details || {} };
    if (newest === mine && mine) timer = setTimeout(save, SAVE_MS);
  }
  const kind = kept.reply || !kept.note ? kindNow() : "note";
  composer().dataset.kind = kind;
  fill(kept[kind] || empty());
  setKind(kind, { focus: false });
  if (kept[kind]?.text?.trim()) mark(say("saved"));
}

/** One goes elsewhere: what is not kept yet is kept now. */
export function composerLeaves() {
  if (timer && composer()) save();
  clearTimeout(timer);
  timer = 0;
}

/** Send the answer or the note. */
export async function submit(then = "open") {
  const form = composer();
  const open = thread();
  if (!form || isSending) return;
  if (isUploading()) {
    sayTrouble(say("wait"));
    return;
  }
  const kind = kindNow();
  const draft = current();
  // A note does what is set without a word; whoever chose what becomes of the conversation wants to say something.
  const isSetting = kind === "reply" && then === "open" && isWordless(draft) && !isEmpty(draft);
  sendKey ||= crypto.randomUUID?.() || `${Date.now()}-${Math.random()}`;
  // What becomes of the conversation with the answer is seen in the list at once, an answer itself in its time.
  const { body, take, fail } = along(new FormData(), kind === "note" && !draft.details.actions.length ? ["thread"] : then === "open" && !isSetting ? ["thread", "side"] : ["thread", "side", "list"]);
  body.append("text", draft.text);
  body.append("files", draft.details.files.map((one) => one.id).join(","));
  body.append("actions", JSON.stringify((draft.details.actions || []).map((one) => [one.key, one.value])));
  body.append("macros", [...macrosUsed].join(","));
  body.append("key", sendKey);
  if (kind === "reply" && !isSetting) {
    body.append("then", then);
    for (const name of ["channel", "to", "cc"]) body.append(name, draft.details[name] || "");
  }
  isSending = true;
  clearTimeout(timer);
  timer = 0;
  form.classList.add("is-sending");
  sayTrouble("");
  try {
    const answer = await fetch(kind === "reply" && !isSetting ? open.dataset.urlSend : open.dataset.urlNote, {
      method: "POST",
      body,
      credentials: "same-origin",
      headers: { "HX-Request": "true", "X-CSRFToken": guanxi.csrfToken(), "GX-Page": guanxi.page },
    });
    if (answer.redirected) {
      location.reload();
      return;
    }
    if (!answer.ok) {
      const trigger = JSON.parse(answer.headers.get("HX-Trigger") || "{}");
      sayTrouble(trigger["gx:toast"]?.text || guanxi.words.failed);
      return;
    }
    const told = await answer.json();
    sent(open, kind, told, isSetting);
    take(told.news);
    renewSoon("list");
  } catch {
    network(false);
    sayTrouble(say("notSent"));
    fail();
  } finally {
    isSending = false;
    form.classList.remove("is-sending");
  }
}

function sent(open, kind, told, isSetting) {
  sendKey = "";
  macrosUsed = new Set();
  localStorage.removeItem(localKey(open.dataset.id, kind));
  if (thread() === open) {
    delete kept[kind];
    fill(empty());
    mark("");
    if (isSetting || !told.message) changed(); // the draft on the server is empty too
  }
  if (isSetting || !told.message) guanxi.toast({ text: say("done"), tone: "success" });
  else if (told.held) countDown(told);
  else guanxi.toast({ text: say(kind === "note" ? "noted" : "sent"), tone: "success" });
}

/** How long an answer can still be taken back. */
function countDown({ held, undo }) {
  const until = Date.now() + held * 1000;
  const box = guanxi.toast({ text: say("sentIn", held), tone: "success", stay: held * 1000, act: { label: say("takeBack"), run: () => post(undo).catch(() => {}) } });
  const tick = setInterval(() => {
    const left = Math.ceil((until - Date.now()) / 1000);
    if (left <= 0 || !box.isConnected) {
      clearInterval(tick);
      box.remove();
    } else box.firstElementChild.textContent = say("sentIn", left);
  }, 250);
}

document.addEventListener("input", (event) => {
  if (composer()?.contains(event.target) && event.target.type !== "file") changed();
});
document.addEventListener("change", (event) => {
  if (event.target !== field("channel")) return;
  recipients();
  changed();
});
document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-desk-kind]");
  if (tab) setKind(tab.dataset.deskKind);
});
document.addEventListener("submit", (event) => {
  if (event.target !== composer()) return;
  event.preventDefault();
  event.target.querySelector("details.menu[open]")?.removeAttribute("open");
  submit(event.submitter?.dataset.then || "open");
});
document.addEventListener("gx:desk-taken-back", async ({ detail }) => {
  if (thread()?.dataset.id !== detail.conversation || !composer()) return;
  const found = await json(composer().dataset.drafts);
  await renew(["thread", "side", "list"]);
  if (!found?.drafts.reply) return;
  kept.reply = { text: found.drafts.reply.text, details: found.drafts.reply.details || {} };
  composer().dataset.kind = "reply";
  fill(kept.reply);
  setKind("reply");
  mark(say("saved"));
});
document.addEventListener("gx:desk-held", ({ detail }) => countDown({ held: 8, undo: detail.undo }));
window.addEventListener("pagehide", composerLeaves);
window.addEventListener("online", () => composer() && save());
