// The open thread: new entries as they come, earlier ones on demand, frames of mails, who is writing.
import { guanxi, liven, part, post, say, thread } from "./base.js";
import { tickAll } from "./clocks.js";
import { putWays } from "./composer.js";
import { markRead } from "./list.js";
import { onNews, renewSoon } from "./news.js";

const TYPING_MS = 6000;
let writers = new Map();
// Whether the end is in view: it stays so when the composer grows.
let isStuck = true;
const sizes = new ResizeObserver(([{ target }]) => {
  if (isStuck) target.scrollTop = target.scrollHeight;
});

const scroller = () => document.getElementById("desk-scroll");

function isAtEnd() {
  const box = scroller();
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

/** Show the last entry, or the one that the address names. */
export function threadArrived() {
  writers = new Map();
  isStuck = true;
  sizes.disconnect();
  const named = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  if (named?.closest("#desk-entries")) {
    named.scrollIntoView({ block: "start" });
    named.classList.add("is-named");
    isStuck = false;
  } else scroller().scrollTop = scroller().scrollHeight;
  scroller().addEventListener("scroll", () => {
    isStuck = isAtEnd();
  });
  sizes.observe(scroller());
}

function takeIn(fresh) {
  const list = document.getElementById("desk-entries");
  let count = 0;
  for (const entry of [...fresh.children]) {
    const old = document.getElementById(entry.id);
    if (old) {
      if (old.outerHTML !== entry.outerHTML) old.replaceWith(entry);
      continue;
    }
    const after = [...list.children].reverse().find((one) => one.dataset.at <= entry.dataset.at);
    if (after) after.after(entry);
    else list.prepend(entry);
    count += entry.matches(".is-event") ? 0 : 1;
  }
  return count;
}

onNews((fragment, { open, unsettled }) => {
  const news = fragment.querySelector("#desk-news");
  if (!news || thread() !== open) return;
  const wasAtEnd = isAtEnd();
  const gone = unsettled.filter((id) => !news.querySelector(`#${CSS.escape(id)}`));
  for (const id of gone) document.getElementById(id)?.remove();
  const count = takeIn(news);
  if (news.dataset.last) open.dataset.last = lastId(news.dataset.last);
  putHead(fragment.querySelector("#desk-head"));
  putWays(fragment.querySelector(".desk-recipients"));
  const list = document.getElementById("desk-entries");
  liven(list);
  tickAll(open);
  if (wasAtEnd) scroller().scrollTop = scroller().scrollHeight;
  if (count && !document.hidden) markRead(open.dataset.id);
});

/** The id of the last entry that is a message. */
function lastId(otherwise) {
  const all = document.querySelectorAll("#desk-entries > article");
  return all.length ? all[all.length - 1].id : otherwise;
}

/** What the head says of the case: its state and when its next clock runs out, not how long that is from now. */
const standing = (head) => [...head.querySelectorAll(".badge-gx, .desk-clock")].map((one) => one.dataset.due || one.textContent).join("|");

function putHead(fresh) {
  const old = document.getElementById("desk-head");
  if (!fresh || !old || old.querySelector("details.menu[open]")) return;
  // Who else is here is told by itself.
  fresh.querySelector("[data-here]").innerHTML = old.querySelector("[data-here]").innerHTML;
  if (old.innerHTML === fresh.innerHTML) return;
  // What follows from what was said is reckoned a moment later: the case beside it has changed with the head.
  if (standing(old) !== standing(fresh)) renewSoon("side");
  old.replaceWith(fresh);
  liven(fresh);
}

async function earlier(button) {
  const open = thread();
  const fetched = await part(`${open.dataset.urlEarlier}?before=${button.dataset.deskEarlier}`);
  const holder = fetched?.querySelector("[data-earlier]");
  if (!holder) return;
  const box = scroller();
  const below = box.scrollHeight - box.scrollTop;
  const list = document.getElementById("desk-entries");
  list.prepend(...[...holder.children].filter((entry) => !document.getElementById(entry.id)));
  if (holder.dataset.earlier) button.dataset.deskEarlier = holder.dataset.earlier;
  else button.remove();
  liven(list);
  box.scrollTop = box.scrollHeight - below;
}

function drawWriters() {
  const line = document.getElementById("desk-typing");
  if (!line) return;
  const now = Date.now();
  for (const [user, at] of writers) if (now - at > TYPING_MS) writers.delete(user);
  const names = [...writers.keys()].map((user) => {
    if (user === 0) return say("typing", thread()?.dataset.title || say("counterpart"));
    const seen = document.querySelector(`.here-person[data-user="${user}"] > span:last-child`);
    return seen ? say("typing", seen.textContent) : say("somebodyTyping");
  });
  const text = [...new Set(names)].join(" ");
  if (line.textContent !== text) line.textContent = text;
}

document.body.addEventListener("gx:live", ({ detail }) => {
  if (detail.typing === undefined || !detail.topic?.startsWith("conversation:")) return;
  const number = detail.topic.split(":")[1];
  const user = Number(detail.typing);
  if (String(user) === document.body.dataset.user) return;
  if (number === thread()?.dataset.number) {
    writers.set(user, Date.now());
    drawWriters();
    setTimeout(drawWriters, TYPING_MS + 50);
  }
  const tab = document.querySelector(`.desk-tab[data-number="${CSS.escape(number)}"]`);
  if (!tab || user !== 0) return;
  tab.classList.add("is-typing");
  clearTimeout(tab.typingTimer);
  tab.typingTimer = setTimeout(() => tab.classList.remove("is-typing"), TYPING_MS);
});
document.body.addEventListener("gx:live", ({ detail }) => {
  if (!detail.message || detail.topic !== `conversation:${thread()?.dataset.number}`) return;
  writers.delete(0);
  drawWriters();
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-desk-earlier], [data-desk-images], [data-desk-frame], [data-desk-post], [data-desk-copy]");
  if (!button) return;
  if (button.matches("[data-desk-earlier]")) earlier(button);
  if (button.matches("[data-desk-frame]")) button.closest("[data-frame]").classList.toggle("is-whole");
  if (button.matches("[data-desk-images]")) {
    if (button.dataset.deskImages === "always") await post(button.dataset.url).catch(() => {});
    const frame = button.closest("[data-frame]").querySelector("iframe");
    frame.src = `${frame.src.split("?")[0]}?images=1`;
    button.closest(".desk-images").hidden = true;
  }
  if (button.matches("[data-desk-post]")) {
    button.disabled = true;
    await post(button.dataset.deskPost).catch(() => {});
    button.disabled = false;
    renewSoon("thread");
  }
  if (button.matches("[data-desk-copy]")) {
    event.preventDefault();
    button.closest("details.menu").open = false;
    await navigator.clipboard?.writeText(`${location.origin}/desk/${thread().dataset.id}/${button.hash}`);
    guanxi.toast({ text: say("copied"), tone: "info" });
  }
});
