"""Colleagues at the desk, as its page does it: the list, one conversation open, others behind tabs, news as they come."""

import asyncio
import random
import re
import time
from collections.abc import Callable, Coroutine
from typing import Any

from guanxi.project.bench.browser import Browser, topics
from guanxi.project.bench.desk.found import TWICE_EVERY, WORD, Found, word

# How often each act is done, by weight. What cannot be done (nothing is open) becomes opening.
ACTS = {"list": 20, "open": 32, "reply": 28, "note": 8, "assign": 6, "done": 6}
VIEWS = ("mine", "unassigned", "waiting", "open", "done")
MOST_IN_HAND = 5
# So long somebody else's list may still show as waiting what was answered.
STALE_SECONDS = 5.0
# The page's own pauses before it asks again, in seconds: desk/list.js, desk/thread.js and desk/tabs.js.
ROWS_SOON, ROWS_PAUSE, COUNTS_SOON, COUNTS_PAUSE = 0.25, 4.0, 0.06, 3.0
THREAD_SOON, THREAD_PAUSE, TABS_SOON, TABS_PAUSE = 0.02, 0.4, 0.02, 1.5
ROW = re.compile(r'class="desk-row[^"]*" href="[^"]*" data-id="(cnv_\w+)" data-number="(\d+)"')
THREAD = re.compile(r'id="desk-thread" data-id="(cnv_\w+)" data-number="(\d+)"')
LAST = re.compile(r'data-last="(\w*)"')
USUAL = re.compile(r'data-usual="(\w*)"')
ENTRIES = re.compile(r'<article class="desk-entry[^>]*id="(\w+)"([^>]*)>(.*?)</article>', re.DOTALL)
ANSWERS = (
    "您好，已经为您查到，今天会重新发出。",
    "可以的，请稍等，我马上为您处理。",
    "The parcel leaves tonight.",
    "Done: it is in your mailbox.",
)
NOTES = ("已电话联系，等仓库回复。", "Carrier says tomorrow.")


class Seldom:
    """Calls at most once within so many seconds, the first one soon, as `seldom` of the desk's page does."""

    def __init__(
        self, call: Callable[[], Coroutine[Any, Any, None]], soon: float, pause: float, lot: random.Random
    ) -> None:
        """Not called yet."""
        self.call, self.soon, self.pause, self.lot = call, soon, pause, lot
        self.last, self.task = float("-inf"), None
        self.running: set[asyncio.Task[None]] = set()

    def __call__(self) -> None:
        """Call soon, unless that is so already."""
        if self.task is None:
            wait = max(self.soon, self.last + self.pause * (0.8 + 0.4 * self.lot.random()) - time.perf_counter())
            self.task = asyncio.get_running_loop().call_later(wait, self._run)

    def _run(self) -> None:
        """Call now."""
        self.task, self.last = None, time.perf_counter()
        running = asyncio.ensure_future(self.call())
        self.running.add(running)
        running.add_done_callback(self.running.discard)

    task: asyncio.TimerHandle | None

    def stop(self) -> None:
        """Call no more."""
        if self.task is not None:
            self.task.cancel()
        self.call = _nothing


async def _nothing() -> None:
    """Nothing."""


class Colleague:
    """Somebody at the desk."""

    def __init__(self, port: int, cookies: str, number: int, found: Found, taken: set[str], channel: int) -> None:
        """With nothing open; each does different things, the same in every run."""
        self.name, self.found, self.taken = f"a{number}", found, taken
        self.lot = random.Random(number)
        self.browser = Browser(port, cookies, self._heard)
        self.chats = f"channel-{channel}"
        self.view, self.offered, self.others, self.in_hand = self.chats, [], [], []
        self.thread, self.number, self.last, self.usual, self.count = "", "", "", "", 0
        self.unsettled: list[str] = []
        self.sending: set[asyncio.Task[str]] = set()
        self.numbers: set[str] = set()
        self.seen: set[str] = set()
        self.does = {
            "list": self.look, "open": self.open, "reply": self.reply, "note": self.note, "assign": self.assign,
            "done": self.finish,
        }  # fmt: skip
        self.renew_rows = Seldom(self._rows, ROWS_SOON, ROWS_PAUSE, self.lot)
        self.renew_counts = Seldom(self._counts, COUNTS_SOON, COUNTS_PAUSE, self.lot)
        self.renew_thread = Seldom(self._news, THREAD_SOON, THREAD_PAUSE, self.lot)
        self.renew_tabs = Seldom(self._tabs, TABS_SOON, TABS_PAUSE, self.lot)

    # Chats and other conversations of the list, as (public id, number); the chats that one has taken.
    offered: list[tuple[str, str]]
    others: list[tuple[str, str]]
    in_hand: list[str]

    async def begin(self) -> None:
        """Open the desk."""
        page = await self.browser.open("page", f"/desk/?view={self.view}")
        self._note_rows(page, self.view)
        self.numbers = {topic.partition(":")[2] for topic in topics(page) if topic.startswith("conversation:")}

    async def work(self, *, every: float, at: float, until: float) -> None:
        """Act at each of one's moments; one who is kept waiting acts at once and then keeps one's pace."""
        while at < until:
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            (kind,) = self.lot.choices(list(ACTS), list(ACTS.values()))
            if not self.thread and kind != "list":
                kind = "open"
            started = time.perf_counter()
            await self.does[kind]()
            self.found.acts.setdefault(kind, []).append(time.perf_counter() - started)
            at = max(at + every, time.perf_counter())

    async def end(self) -> None:
        """Go home."""
        for one in (self.renew_rows, self.renew_counts, self.renew_thread, self.renew_tabs):
            one.stop()
            await asyncio.gather(*one.running)
        await asyncio.gather(*self.sending)
        self.browser.close()
        self.found.errors += self.browser.errors
        self.found.requests += [took for _kind, took in self.browser.times]

    async def look(self) -> None:
        """Open another view, more often than not the chats."""
        self.view = self.chats if self.lot.random() < 0.5 else self.lot.choice(VIEWS)
        path = f"/desk/?view={self.view}&sort={self.lot.choice(('newest', 'waiting'))}&current={self.thread}"
        view = self.view
        self._note_rows(await self._part("list", path, "list"), view)
        self.renew_counts()

    async def open(self) -> None:
        """Open a conversation: one of one's own, else the first that nobody of us has, else any of the list."""
        free = [one for one, _number in self.offered if one not in self.taken]
        if free and len(self.in_hand) < MOST_IN_HAND:
            wanted = free[0]
            self.taken.add(wanted)
            self.in_hand.append(wanted)
        elif self.in_hand:
            wanted = self.lot.choice(self.in_hand)
        elif self.others:
            wanted = self.lot.choice(self.others)[0]
        else:
            await self.look()
            return
        page = await self._part("open", f"/desk/{wanted}/", "conversation")
        found = THREAD.search(page)
        if found is None:
            return
        self.thread, self.number = found[1], found[2]
        self.usual = "".join(USUAL.findall(page)[:1])
        self.numbers.add(self.number)
        self.unsettled = []
        self._take_in(page, is_whole=True)
        await asyncio.gather(
            self._part("side", f"/desk/{wanted}/side"),
            self.browser.ask("seen", f"/desk/{wanted}/seen", {}),
            self.browser.listen(sorted({"desk", *(f"conversation:{one}" for one in self._tabs_open())})),
        )
        self.renew_tabs()
        self.renew_counts()

    async def reply(self) -> None:
        """Write an answer: kept as a draft while it is written, then sent."""
        if self.thread not in self.in_hand:
            await self.note()
            return
        self.count += 1
        name, thread = word(self.name, self.count), self.thread
        text = f"{name} {self.lot.choice(ANSWERS)}"
        await self.browser.ask("draft", f"/desk/{thread}/draft", {"kind": "reply", "text": text, "details": "{}"})
        self.found.begin(name[:-1])
        form = {
            "text": text,
            "files": "",
            "actions": "[]",
            "macros": "",
            "key": name,
            "then": "",
            "channel": "",
            "to": "",
        }
        answer = await self.browser.ask("send", f"/desk/{thread}/send", {**form, "cc": ""})
        self.found.note_said(self.name, name[:-1], is_sure=bool(answer))
        if answer and self.lot.randrange(TWICE_EVERY) == 0:
            self.found.sent_twice += 1
            again = asyncio.ensure_future(self.browser.ask("send", f"/desk/{thread}/send", {**form, "cc": ""}))
            self.sending.add(again)
            again.add_done_callback(self.sending.discard)
        self._after()

    async def note(self) -> None:
        """Note something for colleagues."""
        form = {"text": self.lot.choice(NOTES), "files": "", "actions": "[]", "macros": "", "key": ""}
        await self.browser.ask("note", f"/desk/{self.thread}/note", form)
        self._after()

    async def assign(self) -> None:
        """Take the open conversation oneself."""
        await self.browser.ask("act", f"/desk/{self.thread}/act", {"act": "take", "value": ""})
        self._after()

    async def finish(self) -> None:
        """Say that it is done, and close its tab."""
        await self.browser.ask("act", f"/desk/{self.thread}/act", {"act": "done", "value": ""})
        await self.browser.ask("tab", "/desk/tabs/close", {"conversation": self.thread})
        self.in_hand = [one for one in self.in_hand if one != self.thread]
        # The visitor may go on: then somebody takes it again.
        self.taken.discard(self.thread)
        self.numbers.discard(self.number)
        self.thread = self.number = ""
        self.renew_rows()

    async def serve(self, served: dict[str, float], is_over: asyncio.Event) -> None:
        """Answer whoever waits in the chat, one after the other, until nobody comes any more."""
        path = f"/desk/rows?view={self.chats}&sort=waiting"
        while True:
            was_over = is_over.is_set()
            rows = [one for one, _number in ROW.findall(await self._part("rows", path))]
            waiting = [one for one in rows if served.get(one, 0.0) < time.perf_counter() - STALE_SECONDS]
            if not waiting and was_over:
                return
            if not waiting:
                await asyncio.sleep(0.2)
            for one in waiting[:MOST_IN_HAND]:
                if served.get(one, 0.0) < time.perf_counter() - STALE_SECONDS:
                    served[one] = float("inf")
                    self.thread = one
                    self.in_hand = [one]
                    await self.reply()
                    await self.browser.ask("act", f"/desk/{one}/act", {"act": "done", "value": ""})
                    served[one] = time.perf_counter()

    def _after(self) -> None:
        """What the page asks for after an act of one's own."""
        self.renew_thread()
        self.renew_rows()

    async def _part(self, kind: str, path: str, part: str = "") -> str:
        """A part of the page, as its script asks for it."""
        return await self.browser.ask(kind, path, headers=("HX-Request: true", f"GX-Part: {part}"))

    async def _rows(self) -> None:
        """Renew the list."""
        view = self.view
        self._note_rows(await self._part("rows", f"/desk/rows?view={view}&current={self.thread}"), view)
        self.renew_counts()

    def _note_rows(self, page: str, view: str) -> None:
        """Note which conversations the list of a view shows."""
        rows = ROW.findall(page)
        if view == self.chats:
            self.offered = rows
        else:
            self.others = rows

    async def _counts(self) -> None:
        """Renew the numbers beside the views."""
        await self._part("counts", "/desk/counts")

    async def _tabs(self) -> None:
        """Renew the tabs."""
        await self._part("tabs", f"/desk/tabs?current={self.thread}")

    async def _news(self) -> None:
        """Ask what is new in the open conversation."""
        thread = self.thread
        if not thread:
            return
        query = f"after={self.last}&again={','.join(self.unsettled[-30:])}&usual={self.usual}"
        page = await self._part("news", f"/desk/{thread}/news?{query}")
        if page and thread == self.thread and self._take_in(page, is_whole=False):
            await self.browser.ask("seen", f"/desk/{thread}/seen", {})
            self.renew_tabs()

    def _take_in(self, page: str, *, is_whole: bool) -> int:
        """Read the entries of an answer; how many words were not known before."""
        entries = [(key, rest, WORD.search(text)) for key, rest, text in ENTRIES.findall(page)]
        if found := LAST.findall(page):
            self.last = found[-1] or self.last
        self.unsettled = [key for key, rest, _word in entries if "data-unsettled" in rest]
        words = [found[1] for _key, _rest, found in entries if found]
        self.found.look(f"{self.name} in {self.thread}", words)
        fresh = [one for one in words if one not in self.seen]
        self.seen.update(fresh)
        for one in fresh:
            if not is_whole and one.startswith("v") and (took := self.found.waited(one)) is not None:
                self.found.to_desk.append(took)
        return len(fresh)

    def _tabs_open(self) -> list[str]:
        """The numbers of the conversations that the page listens to."""
        return sorted(self.numbers)[-40:]

    def _heard(self, _browser: Browser, news: dict[str, object]) -> None:
        """Told of something: ask for the part of the page that it is about."""
        topic = str(news.get("topic", ""))
        if topic == "desk":
            self.renew_rows()
        elif topic == f"conversation:{self.number}" and "typing" not in news:
            self.renew_thread()
        elif topic.startswith("conversation:"):
            self.renew_tabs()
