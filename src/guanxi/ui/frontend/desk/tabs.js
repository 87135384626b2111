// Open conversations as tabs: kept on the server, drawn into an order, closed by the middle button or a key.
import { guanxi, liven, say, tell, thread } from "./base.js";
import { onNews } from "./news.js";
import { closeConversation, openConversation } from "./opening.js";

let dragged = null;

export const tabs = () => [...document.querySelectorAll(".desk-tab")];

/** Draw the tabs as they are kept. */
export function takeTabs(fresh) {
  const old = document.getElementById("desk-tabs");
  if (!fresh || dragged || !old || old.innerHTML === fresh.innerHTML) return;
  old.replaceWith(fresh);
  liven(fresh);
  fresh.querySelector(".is-current")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

onNews((fragment, { open }) => {
  takeTabs(fragment.querySelector("#desk-tabs"));
  // The open conversation is there no more: taken away by an undo, or out of one's sight.
  if (!open || open !== thread() || !fragment.querySelector("#desk-gone")) return;
  if (tabs().some((tab) => tab.dataset.id === open.dataset.id)) closeTab(open.dataset.id);
  else closeConversation();
});

/** No tab is the open one any more. */
export function leaveTab() {
  const tab = document.querySelector(".desk-tab.is-current");
  tab?.classList.remove("is-current");
  tab?.querySelector("a").removeAttribute("aria-current");
}

// Something was said behind a tab: it stands as unread, without asking anybody.
document.body.addEventListener("gx:live", ({ detail }) => {
  if (!detail.message || detail.page === guanxi.page || !detail.topic.startsWith("conversation:")) return;
  const tab = document.querySelector(`.desk-tab[data-number="${CSS.escape(detail.topic.split(":")[1])}"]:not(.is-current)`);
  if (!tab || tab.querySelector(".desk-dot")) return;
  const dot = document.createElement("span");
  dot.className = "desk-dot";
  tab.querySelector(".desk-tab-icon").append(dot);
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = say("unread");
  tab.querySelector("a").append(words);
});

/** Close a tab; the one beside it opens where it was the open one. */
export async function closeTab(id) {
  const all = tabs();
  const at = all.findIndex((tab) => tab.dataset.id === id);
  if (at < 0) return;
  const beside = all[at + 1] || all[at - 1];
  const wasOpen = all[at].matches(".is-current");
  all[at].remove();
  await tell("/desk/tabs/close", { conversation: id });
  if (!wasOpen) return;
  if (beside) openConversation(beside.querySelector("a").href);
  else closeConversation();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-desk-close]");
  if (button) closeTab(button.dataset.deskClose);
});
document.addEventListener("auxclick", (event) => {
  const tab = event.target.closest(".desk-tab");
  if (!tab || event.button !== 1) return;
  event.preventDefault();
  closeTab(tab.dataset.id);
});
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".desk-tab") || null;
});
document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.(".desk-tab");
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  if (event.clientX > box.left + box.width / 2) over.after(dragged);
  else over.before(dragged);
});
document.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged = null;
  tell("/desk/tabs/order", { order: tabs().map((tab) => tab.dataset.id).join(",") });
});
