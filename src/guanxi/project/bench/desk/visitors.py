"""Visitors of a site who chat, as the widget does it: a secret of their own, a stream, one message after the other."""

import asyncio
import json
import random
import time
from collections.abc import Sequence
from typing import Any

from guanxi.project.bench.browser import Browser
from guanxi.project.bench.desk.found import TWICE_EVERY, WORD, Found, word

SITE = "https://shop.example"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SENTENCES = (
    "您好，我的订单三天没有更新了，请帮我查一下。", "发票抬头写错了，可以重新开吗？", "收到的杯子碎了两个，怎么办？", "还没有结果吗？",
    "Hello, where is my parcel?", "Could you send me the invoice again, please?", "It is still not here.", "好的，谢谢！",
)  # fmt: skip
TRIES = 3
# What is told while one says something is most likely that (talk.js).
OWN_ANSWER_SECONDS = 0.4


class Widget(Browser):
    """The widget in one visitor's browser; it knows no cookie."""

    place: str = "10.0.0.1"

    def _request(self, path: str, form: Any, headers: Sequence[str] = ()) -> bytes:
        """The bytes of a request: JSON as plain text, from the page of a site, through a proxy."""
        body = b"" if form is None else json.dumps(form).encode()
        lines = [
            f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", f"Host: localhost:{self.port}", f"Origin: {SITE}",
            f"X-Forwarded-For: {self.place}", "Accept-Encoding: gzip", "Connection: keep-alive",
        ]  # fmt: skip
        if form is not None:
            lines += ["Content-Type: text/plain;charset=UTF-8", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body


class Visitor:
    """Somebody who chats."""

    def __init__(self, port: int, chat: str, number: int, found: Found) -> None:
        """With a secret and an address of their own."""
        self.name, self.number, self.found, self.lot = f"v{number}", number, found, random.Random(number)
        self.key = "".join(self.lot.choices(LETTERS, k=43))
        self.path = f"/chat/{chat}"
        self.widget = Widget(port, "", self._heard)
        self.widget.place = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.cursor, self.count, self.read_until = 0, 0, 0
        self.messages: dict[int, tuple[str, str]] = {}
        self.stream: asyncio.Task[None] | None = None
        self.asking: asyncio.Task[None] | None = None
        self.is_behind = self.is_saying = False

    async def begin(self) -> None:
        """Open the page: what the widget needs, and what was said before."""
        await self.widget.ask("setup", f"{self.path}/setup?language=zh-hans")
        await self._ask("session")

    async def say(self) -> None:
        """Say something; sent again until the server has it."""
        self.count += 1
        name = word(self.name, self.count)
        told = {"id": "".join(self.lot.choices(LETTERS, k=22)), "text": f"{name} {self.lot.choice(SENTENCES)}"}
        self.found.begin(name[:-1])
        is_sure, self.is_saying = False, True
        for _try in range(TRIES):
            if is_sure := await self._ask("messages", told):
                break
        self.is_saying = False
        self.found.note_said(self.name, name[:-1], is_sure=is_sure)
        if is_sure and self.lot.randrange(TWICE_EVERY) == 0:
            self.found.sent_twice += 1
            await self._ask("messages", told)

    async def end(self) -> None:
        """Note what stands on the screen once everything has come, and leave."""
        await self._ask("updates")
        self.found.shown[self.name] = self._words()
        self.leave()

    async def look_again(self) -> None:
        """Come back on a fresh page and note what it shows."""
        self.messages, self.cursor = {}, 0
        await self._ask("session")
        self.found.fresh[self.name] = self._words()
        self.leave()

    def leave(self) -> None:
        """Close the page."""
        if self.stream is not None:
            self.stream.cancel()
            self.stream = None
        self.is_behind = False
        self.widget.close()
        self.found.errors += self.widget.errors
        self.found.requests += [(f"chat {kind}", took) for kind, took in self.widget.times]
        self.widget.errors, self.widget.times = [], []

    def _words(self) -> list[str]:
        """The messages on the screen, in their order."""
        shown = sorted((at, number, text) for number, (at, text) in self.messages.items())
        return [found for _at, _number, text in shown for found in WORD.findall(text)[:1]]

    async def _ask(self, what: str, told: dict[str, Any] | None = None) -> bool:
        """Ask, and take in what the answer tells; whether there was one."""
        given: Any = {"key": self.key, "language": "zh-hans", "after": self.cursor, **(told or {})}
        if what in {"updates", "messages"}:
            given["seen"] = True
        text = await self.widget.ask(what, f"{self.path}/{what}", given)
        if not text:
            return False
        answer = json.loads(text)
        unseen = [one["id"] for one in answer.get("messages", ()) if not one["mine"] and one["unseen"]]
        for one in answer.get("messages", ()):
            if one["id"] not in self.messages and not one["mine"]:
                for name in WORD.findall(one["text"])[:1]:
                    if what != "session" and (took := self.found.waited(name)) is not None:
                        self.found.to_visitor.append(took)
            self.messages[one["id"]] = (one["at"], one["text"])
        self.cursor = max(self.cursor, answer.get("cursor") or 0)
        if answer.get("ticket") and (self.stream is None or self.stream.done()):
            self.stream = asyncio.ensure_future(self.widget._listen(answer["ticket"]))
        if unseen and what != "session" and max(unseen) > self.read_until:
            self.read_until = max(unseen)
            await self._ask("read", {"until": self.read_until})
        return True

    def _heard(self, _widget: Browser, news: dict[str, object]) -> None:
        """Told that something was said: ask what, one question at a time, but for what one has said oneself."""
        if news.get("typing") or news.get("read") or news.get("message") in self.messages:
            return
        if self.is_saying and news.get("message"):
            asyncio.get_running_loop().call_later(OWN_ANSWER_SECONDS, self._heard, _widget, news)
            return
        self.is_behind = True
        if self.asking is None or self.asking.done():
            self.asking = asyncio.ensure_future(self._catch_up())

    async def _catch_up(self) -> None:
        """Ask until nothing was told meanwhile."""
        while self.is_behind:
            self.is_behind = False
            await self._ask("updates")


async def chatting(visitors: list[Visitor], *, every: float, until: float) -> None:
    """All of them chat at their pace, not all at the same moment."""
    begin = time.perf_counter()

    async def one(visitor: Visitor, at: float) -> None:
        """One visitor, from the first word to the last."""
        await asyncio.sleep(max(0.0, at - every - time.perf_counter()))
        await visitor.begin()
        while at < until:
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            await visitor.say()
            at = max(at + every, time.perf_counter())

    pause = every / max(len(visitors), 1)
    await asyncio.gather(*(one(visitor, begin + number * pause) for number, visitor in enumerate(visitors)))
