// Opening conversations without a new page: the thread, what stands beside it, the address, and the way back.
import { desk, guanxi, left, liven, part, tell, thread, withList } from "./base.js";
import { tickAll } from "./clocks.js";
import { composerArrived, composerLeaves } from "./composer.js";
import { markCurrent, markRead, putCounts, showList } from "./list.js";
import { along, fill, onNews } from "./news.js";
import { leaveTab, takeTabs } from "./tabs.js";
import { threadArrived } from "./thread.js";

let asked = 0;

/** Show one of the panes where there is room for one only. */
export function showPane(name) {
  desk().dataset.pane = name;
}

/** Open the conversation at an address. */
export async function openConversation(url, { push = true } = {}) {
  const ticket = ++asked;
  const place = new URL(url, location.href);
  if (place.pathname === `/desk/${thread()?.dataset.id}/`) {
    showPane("thread");
    return;
  }
  composerLeaves();
  // Opening says that one has left, and come.
  document.dispatchEvent(new CustomEvent("gx:leave-record", { detail: { isTold: true } }));
  const before = thread()?.dataset.id || "";
  markCurrent(place.pathname.split("/")[2]);
  const fetched = await part(`${place.pathname}open`, "", new URLSearchParams({ left: before }));
  if (ticket !== asked) return;
  if (!fetched?.querySelector("#desk-thread")) {
    if (!document.getElementById("desk-offline").hidden) return;
    location.assign(place.href);
    return;
  }
  const holder = document.getElementById("desk-open");
  takeTabs(fetched.querySelector("#desk-tabs"));
  holder.replaceChildren(...fetched.querySelector("#desk-opened").childNodes);
  showPane("thread");
  if (push) history.pushState({ desk: true }, "", withList(`/desk/${thread().dataset.id}/`) + place.hash);
  liven(holder);
  arrived({ isTold: true });
  markRead(thread().dataset.id);
}

/** Close what is open; the list stays. */
export function closeConversation({ push = true } = {}) {
  asked += 1;
  composerLeaves();
  document.dispatchEvent(new CustomEvent("gx:leave-record"));
  document.getElementById("desk-open").replaceChildren(document.getElementById("desk-nothing").content.cloneNode(true));
  markCurrent("");
  showPane("list");
  leaveTab();
  if (push) history.pushState({ desk: true }, "", withList("/desk/"));
}

/** Everything that follows once a conversation stands on the page. */
function arrived({ isTold = false } = {}) {
  const open = thread();
  if (!open) return;
  document.title = `${open.dataset.title} · Guanxi`;
  markCurrent(open.dataset.id);
  tickAll(document.getElementById("desk-open"));
  threadArrived();
  composerArrived();
  document.dispatchEvent(new CustomEvent("gx:arrive-record", { detail: { isTold } }));
}

/** Note that the open conversation is read. */
async function sayRead() {
  const open = thread();
  if (!open || document.hidden) return;
  await tell(open.dataset.urlSeen);
  markRead(open.dataset.id);
}

onNews((fragment, { open }) => {
  const fresh = fragment.querySelector("#desk-side-news");
  const side = document.getElementById("desk-side");
  if (fresh && side && open === thread() && side.innerHTML !== fresh.innerHTML) fill(side, fresh);
});

/** Do one of the acts on the open conversation. */
export async function act(name, value = "") {
  const open = thread();
  if (!open) return;
  if (name === "unread") {
    await guanxi.send(open.dataset.urlSeen, { method: "POST", body: new URLSearchParams({ unread: "1" }) }).catch(() => {});
    return;
  }
  const { body, take, fail } = along(new FormData());
  body.append("act", name);
  body.append("value", value);
  try {
    const told = await guanxi.send(open.dataset.urlAct, { method: "POST", body, headers: { "GX-Page": guanxi.page } });
    if (told) take(told);
  } catch {
    fail();
  }
}

document.addEventListener("click", (event) => {
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
  const link = event.target.closest("a.desk-row, a[data-desk-open], .desk-tab a");
  if (link && plain) {
    event.preventDefault();
    openConversation(link.href);
    return;
  }
  const button = event.target.closest("[data-desk-act]");
  if (button) {
    button.closest("details.menu")?.removeAttribute("open");
    act(button.dataset.deskAct, button.dataset.value || "");
  }
  const pane = event.target.closest("[data-desk-pane]");
  if (pane) {
    if (pane.dataset.deskPane === "list" && !left().contains(pane)) closeConversation();
    else showPane(pane.dataset.deskPane);
  }
  if (event.target.closest("[data-desk-beside]")) {
    if (window.matchMedia("(max-width: 1240px)").matches) showPane(desk().dataset.pane === "side" ? "thread" : "side");
    else {
      const closed = document.documentElement.dataset.deskSide !== "closed";
      document.documentElement.dataset.deskSide = closed ? "closed" : "open";
      localStorage.setItem("guanxi-desk-side", closed ? "closed" : "open");
    }
  }
});
document.addEventListener("toggle", async ({ target }) => {
  const panel = target.open && target.querySelector?.(":scope > [data-load]");
  if (!panel) return;
  const fetched = await part(panel.dataset.load);
  if (!fetched) return;
  panel.replaceChildren(fetched);
  panel.querySelector("[data-narrow]")?.focus();
}, true);
document.addEventListener("gx:desk-go", ({ detail }) => openConversation(detail.url));
document.addEventListener("gx:desk-left", () => closeConversation());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) sayRead();
});
window.addEventListener("popstate", async () => {
  if (!location.pathname.startsWith("/desk/")) return;
  const query = new URLSearchParams(location.search).toString();
  if (query !== new URLSearchParams(left().dataset.query).toString()) await showList(location.href, { push: false });
  if (location.pathname === "/desk/") closeConversation({ push: false });
  else openConversation(location.href, { push: false });
});

/** Take the page as the server drew it. */
export function begin() {
  if (!desk()) return;
  document.documentElement.dataset.deskSide = localStorage.getItem("guanxi-desk-side") || "open";
  putCounts(left().dataset.counts);
  arrived();
  sayRead();
}
