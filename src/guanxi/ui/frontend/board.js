// Boards: cards dragged (or moved with Shift and arrows) from lane to lane, saved at once, put back when that fails.
import htmx from "htmx.org";
import Sortable from "sortablejs";

import { askClash } from "./clash.js";
import { makeCurrent } from "./list.js";
import { Clash, refresh, send } from "./net.js";

async function save(card, from, lane) {
  const list = document.getElementById("list");
  const body = new FormData();
  body.append("value", lane.dataset.value);
  body.append("_from", from.dataset.value);
  const url = `/ui/edit/${list.dataset.kind}/${card.dataset.id}/${lane.dataset.edit}`;
  try {
    await send(url, { method: "POST", body });
  } catch (error) {
    if (!(error instanceof Clash)) throw error;
    await askClash(error.message);
    // Wherever the card belongs by now.
    refresh("#list");
  }
}

function recount(lane) {
  const sum = lane.querySelector(".lane-sum");
  if (sum) htmx.trigger(sum, "gx:recount");
  const sign = lane.querySelector(".lane-count");
  const number = Number(sign.textContent.replace(/,/g, ""));
  const shown = lane.querySelectorAll(".board-card").length;
  if (Number.isFinite(number) && !lane.querySelector(".more-row")) sign.textContent = shown.toLocaleString("en");
}

async function moved(card, from, to, index) {
  try {
    await save(card, from, to);
    recount(from);
    recount(to);
  } catch {
    const cards = from.querySelector(".lane-cards");
    cards.insertBefore(card, cards.children[index] || null);
  }
}

htmx.onLoad((root) => {
  const lanes = root.matches?.("#list") || root.querySelector?.(".board") ? root.querySelectorAll(".lane[data-edit] .lane-cards") : [];
  for (const cards of lanes) {
    Sortable.create(cards, {
      group: "board",
      animation: 140,
      draggable: ".board-card",
      ghostClass: "is-ghost",
      delay: 120,
      delayOnTouchOnly: true,
      onEnd: (event) => {
        if (event.from !== event.to) moved(event.item, event.from.closest(".lane"), event.to.closest(".lane"), event.oldIndex);
      },
    });
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const cards = event.detail.target;
  if (cards?.matches?.("[data-late]") && !cards.childElementCount) cards.closest(".lane").remove();
});
document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".board-card");
  if (!card || !event.shiftKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const from = card.closest(".lane[data-edit]");
  const to = event.key === "ArrowRight" ? from?.nextElementSibling : from?.previousElementSibling;
  if (!to?.dataset.edit) return;
  event.preventDefault();
  const index = [...card.parentElement.children].indexOf(card);
  to.querySelector(".lane-cards").prepend(card);
  makeCurrent(card);
  moved(card, from, to, index);
});
