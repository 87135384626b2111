// Open conversations as tabs: kept on the server, drawn into an order, closed by the middle button or a key.
import { liven, part, seldom, tell, thread } from "./base.js";
import { closeConversation, openConversation } from "./opening.js";

let dragged = null;

export const tabs = () => [...document.querySelectorAll(".desk-tab")];

/** Draw the tabs again as they are kept. */
export const renewTabs = seldom(async () => {
  const fetched = await part(`/desk/tabs?current=${thread()?.dataset.id || ""}`);
  const fresh = fetched?.querySelector("#desk-tabs");
  const old = document.getElementById("desk-tabs");
  if (!fresh || dragged || old.innerHTML === fresh.innerHTML) return;
  old.replaceWith(fresh);
  liven(fresh);
  fresh.querySelector(".is-current")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}, { soon: 20, pause: 1500 });

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
