"""Colleagues at the desk, as its page does it: the list, one conversation open, others behind tabs, news as they come."""

import asyncio
import json
import random
import re
import time
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from guanxi.project.bench.browser import Browser, live_parts, topics
from guanxi.project.bench.desk.asking import PACE, News
from guanxi.project.bench.desk.found import TWICE_EVERY, WORD, Found, word

# How often each act is done, by weight. What cannot be done (nothing is open) becomes opening.
ACTS = {"list": 20, "open": 32, "reply": 28, "note": 8, "assign": 6, "done": 6}
VIEWS = ("mine", "unassigned", "waiting", "open", "done")
MOST_IN_HAND = 5
# So long somebody else's list may still show as waiting what was answered.
STALE_SECONDS = 5.0
# Until the page knows whether its stream took a further topic (live_worker.js), and its signs of who is there (presence.js).
FURTHER_SECONDS, HERE_SECONDS, ANSWER_SECONDS, SIGN_SECONDS = 0.25, 30.0, 0.4, 0.3
ROW = re.compile(r'class="desk-row[^"]*" href="[^"]*" data-id="(cnv_\w+)" data-number="(\d+)"')
THREAD = re.compile(r'id="desk-thread" data-id="(cnv_\w+)" data-number="(\d+)"')
LAST = re.compile(r'data-last="(\w*)"')
USER = re.compile(r'<body[^>]*\bdata-user="(\d+)"')
USUAL = re.compile(r'data-usual="(\w*)"')
ENTRIES = re.compile(r'<article class="desk-entry[^>]*id="(\w+)"([^>]*)>(.*?)</article>', re.DOTALL)
ANSWERS = (
    "您好，已经为您查到，今天会重新发出。",
    "可以的，请稍等，我马上为您处理。",
    "The parcel leaves tonight.",
    "Done: it is in your mailbox.",
)
NOTES = ("已电话联系，等仓库回复。", "Carrier says tomorrow.")


class Colleague:
    """Somebody at the desk."""

    def __init__(self, port: int, cookies: str, number: int, found: Found, taken: set[str], channel: int) -> None:
        """With nothing open; each does different things, the same in every run."""
        self.name, self.found, self.taken = f"a{number}", found, taken
        self.lot = random.Random(number)
        self.browser = Browser(port, cookies, self._heard)
        self.chats = f"channel-{channel}"
        self.view, self.order, self.offered, self.others, self.in_hand = self.chats, "", [], [], []
        self.thread, self.number, self.last, self.usual, self.count = "", "", "", "", 0
        self.unsettled: list[str] = []
        self.sending: set[asyncio.Task[str]] = set()
        self.numbers: set[str] = set()
        self.topics: set[str] = set()
        self.seen: set[str] = set()
        self.does = {
            "list": self.look, "open": self.open, "reply": self.reply, "note": self.note, "assign": self.assign,
            "done": self.finish,
        }  # fmt: skip
        self.news = News(self._news, self.lot)
        self.page = "".join(self.lot.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=8))
        # The signs of every page that are asked for again when their topic speaks, and who is told that one is there.
        self.signs: dict[str, str] = {}
        self.waiting: dict[str, asyncio.TimerHandle] = {}
        self.asking: set[asyncio.Task[str]] = set()
        self.user = ""

    # Chats and other conversations of the list, as (public id, number); the chats that one has taken.
    offered: list[tuple[str, str]]
    others: list[tuple[str, str]]
    in_hand: list[str]

    async def begin(self) -> None:
        """Open the desk."""
        page = await self.browser.open("page", f"/desk/?view={self.view}")
        self._note_rows(page, self.view)
        self._note_tabs(page)
        self.topics = {topic for topic in topics(page) if not topic.startswith("conversation:")}
        self.signs = live_parts(page)
        self.user = "".join(USER.findall(page)[:1])

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
        for timer in self.waiting.values():
            timer.cancel()
        await self.news.end()
        await asyncio.gather(*self.sending, *self.asking)
        self.browser.close()
        self.found.errors += self.browser.errors
        self.found.requests += self.browser.times

    async def look(self) -> None:
        """Open another view, more often than not the chats."""
        self.view = self.chats if self.lot.random() < 0.5 else self.lot.choice(VIEWS)
        self.order = self.lot.choice(("newest", "waiting"))
        path = f"/desk/?view={self.view}&sort={self.order}&current={self.thread}"
        view = self.view
        page = await self.browser.ask("list", path, headers=("HX-Request: true", "GX-Part: list"))
        self._note_rows(page, view)

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
        page = await self.browser.ask(
            "open", f"/desk/{wanted}/open", {"left": self.thread}, headers=(f"GX-Stream: {self.browser.stream}",)
        )
        found = THREAD.search(page)
        if found is None:
            return
        self.thread, self.number = found[1], found[2]
        self.usual = "".join(USUAL.findall(page)[:1])
        self.unsettled = []
        self._note_tabs(page)
        self._take_in(page, is_whole=True)
        self._in("stream", FURTHER_SECONDS, self._listen)
        self._in("here", HERE_SECONDS, self._here)

    async def reply(self) -> None:
        """Write an answer: kept as a draft while it is written, then sent."""
        if self.thread not in self.in_hand:
            await self.note()
            return
        self.count += 1
        name, thread = word(self.name, self.count), self.thread
        text = f"{name} {self.lot.choice(ANSWERS)}"
        draft = {"kind": "reply", "text": text, "details": "{}", "typing": "1"}
        await self.browser.ask("draft", f"/desk/{thread}/draft", draft)
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
        form["cc"] = ""
        answer = await self._act("send", f"/desk/{thread}/send", form, thread)
        self.found.note_said(self.name, name[:-1], is_sure=bool(answer))
        if answer and self.lot.randrange(TWICE_EVERY) == 0:
            self.found.sent_twice += 1
            again = asyncio.ensure_future(self._act("send", f"/desk/{thread}/send", form, thread))
            self.sending.add(again)
            again.add_done_callback(self.sending.discard)

    async def note(self) -> None:
        """Note something for colleagues."""
        form = {"text": self.lot.choice(NOTES), "files": "", "actions": "[]", "macros": "", "key": ""}
        await self._act("note", f"/desk/{self.thread}/note", form, self.thread)

    async def assign(self) -> None:
        """Take the open conversation oneself."""
        await self._act("act", f"/desk/{self.thread}/act", {"act": "take", "value": ""}, self.thread)

    async def finish(self) -> None:
        """Say that it is done, and close its tab."""
        await self._act("act", f"/desk/{self.thread}/act", {"act": "done", "value": ""}, self.thread)
        await self.browser.ask("tab", "/desk/tabs/close", {"conversation": self.thread})
        self.in_hand = [one for one in self.in_hand if one != self.thread]
        # The visitor may go on: then somebody takes it again.
        self.taken.discard(self.thread)
        self.numbers.discard(self.number)
        self.thread = self.number = ""

    async def serve(self, served: dict[str, float], is_over: asyncio.Event) -> None:
        """Answer whoever waits in the chat, one after the other, until nobody comes any more."""
        path = f"/desk/rows?view={self.chats}&sort=waiting"
        while True:
            was_over = is_over.is_set()
            rows = [
                one for one, _number in ROW.findall(await self.browser.ask("rows", path, headers=("HX-Request: true",)))
            ]
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

    async def _act(self, kind: str, path: str, form: dict[str, str], thread: str) -> str:
        """Do something; the answer brings what is new on the page along."""
        parts = {"note": ("thread",), "send": ("thread", "side")}.get(kind, ("thread", "side", "list"))
        self.news.rest("progress", *(part for part in parts if part in PACE))
        answer = await self.browser.ask(kind, path, {**form, **self._asked(parts)}, headers=(f"GX-Page: {self.page}",))
        told = json.loads(answer)["news"] if answer.startswith("{") else answer
        self._take_news(told, thread, self.view)
        if "list" not in parts:
            self.news.soon("list")
        return answer

    def _asked(self, parts: Iterable[str]) -> dict[str, str]:
        """What the page says of itself when it asks for these parts."""
        asked = {"parts": ",".join(parts), "open": self.thread, "view": self.view, "sort": self.order}
        if "thread" in asked["parts"]:
            again = ",".join(self.unsettled[-30:])
            asked |= {"after": self.last, "again": again, "usual": self.usual, "watched": "1"}
        return asked

    async def _news(self, names: set[str]) -> None:
        """Ask what is new."""
        parts = {"thread" if name == "progress" else name for name in names}
        if not self.thread:
            parts.discard("thread")
        if parts:
            if "thread" in parts:
                self.news.rest("thread", "progress")
            thread, view = self.thread, self.view
            told = await self.browser.ask(
                "news", "/desk/news", self._asked(parts), headers=(f"GX-Stream: {self.browser.stream}",)
            )
            self._take_news(told, thread, view)

    def _take_news(self, told: str, thread: str, view: str) -> None:
        """Take in what an answer tells of the list and the open conversation."""
        if "desk-rows-news" in told:
            self._note_rows(told, view)
        if thread == self.thread and "desk-news" in told:
            self._take_in(told, is_whole=False)

    async def _listen(self) -> str:
        """Listen to all that the page shows, unless the stream took it in already."""
        await self.browser.listen(sorted({*self.topics, *(f"conversation:{one}" for one in self.numbers)}))
        return ""

    async def _here(self) -> str:
        """Say that one is still there."""
        self._in("here", HERE_SECONDS, self._here)
        if not self.number:
            return ""
        return await self.browser.ask("here", f"/ui/here/conversation/{self.number}", {"heard": ""})

    def _in(self, what: str, seconds: float, call: Callable[[], Coroutine[Any, Any, str]]) -> None:
        """Ask for something later, once."""
        if what in self.waiting:
            self.waiting[what].cancel()
        self.waiting[what] = asyncio.get_running_loop().call_later(seconds, self._ask, call)

    def _ask(self, call: Callable[[], Coroutine[Any, Any, str]]) -> None:
        """Ask now."""
        task = asyncio.ensure_future(call())
        self.asking.add(task)
        task.add_done_callback(self.asking.discard)

    def _note_tabs(self, page: str) -> None:
        """Note which conversations stand behind tabs."""
        self.numbers = {topic.partition(":")[2] for topic in topics(page) if topic.startswith("conversation:")}

    def _note_rows(self, page: str, view: str) -> None:
        """Note which conversations the list of a view shows."""
        rows = ROW.findall(page)
        if view == self.chats:
            self.offered = rows
        else:
            self.others = rows

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

    def _heard(self, _browser: Browser, news: dict[str, Any]) -> None:
        """Told of something: ask for the part of the page that it is about, but not for what one did oneself."""
        topic = str(news.get("topic", ""))
        if topic in self.signs:
            address = self.signs[topic]
            self._in(topic, SIGN_SECONDS, lambda: self.browser.ask("sign", address, headers=("HX-Request: true",)))
        elif topic == f"conversation:{self.number}" and "here" in news:
            if str(news["here"]) != self.user and (news["is_first"] or news["has_left"]):
                self._in("here", ANSWER_SECONDS, self._here)
        elif news.get("page") == self.page or "typing" in news:
            return
        elif topic == "desk":
            self.news.soon("list")
        elif topic == f"conversation:{self.number}":
            self.news.soon("thread" if news.get("message") else "progress")
