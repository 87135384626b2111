"""The stream at `/live`: bare ASGI, so that an open page costs a coroutine and no thread."""

import asyncio
import json
import secrets
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from guanxi.core.live import tickets
from guanxi.core.live.changed import ACCESS, ENDED
from guanxi.core.live.further import FURTHER
from guanxi.core.live.sources import Message, Source
from guanxi.core.live.topics import pause_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

KEEP_ALIVE_SECONDS = 15.0
LONGEST_SECONDS = 600.0
MOST_LISTENERS = 2000
# Of them visitors of other sites, so that these never shut colleagues out.
MOST_VISITORS = 1500
MOST_OF_ONE_VISITOR = 8
MOST_TOPICS = 200
_QUEUE = 200
_MISSED = b"event: missed\ndata: {}\n\n"
_RENEW = b"event: renew\ndata: {}\n\n"
_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Listener:
    """One open stream and the messages it has yet to send; `key` names it to pages of its own browser alone."""

    def __init__(self, ticket: tickets.Ticket) -> None:
        """Nothing to send yet."""
        self.topics = set(ticket.topics)
        self.user_id = ticket.user_id
        self.session = ticket.session
        self.origin = ticket.origin
        self.key = secrets.token_urlsafe(12) if ticket.user_id else ""
        # Over for this browser (a fresh ticket is to be had), or gone without a word.
        self.is_over = self.is_gone = False
        self.woken = asyncio.Event()
        self.frames: list[bytes] = []

    def offer(self, frame: bytes) -> None:
        """Queue a message; a browser too slow to read them all is told that it missed some."""
        if len(self.frames) >= _QUEUE:
            self.frames = [_MISSED]
        else:
            self.frames.append(frame)
        self.woken.set()

    def end(self) -> None:
        """Let the browser come back with a fresh ticket."""
        self.is_over = True
        self.woken.set()

    def leave(self, *_done: object) -> None:
        """End it: the browser is gone, or the process stops."""
        self.is_gone = True
        self.woken.set()

    async def next(self) -> bytes:
        """All that is queued in one piece, equal messages once; a sign of life when nothing came; empty at an end."""
        try:
            async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                await self.woken.wait()
        except TimeoutError:
            return b": keep-alive\n\n"
        self.woken.clear()
        frames, self.frames = self.frames, []
        return b"".join(dict.fromkeys(frames))


class Hub:
    """All open streams of this process; listens to the database only while there is one."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self.listeners: set[Listener] = set()
        self.by_topic: dict[str, set[Listener]] = defaultdict(set)
        self.by_key: dict[str, Listener] = {}
        # Topics that speak seldom: what they are to say next, once their pause is over.
        self.waiting: dict[str, dict[bytes, None]] = {}
        self.source: Source | None = None

    def add(self, listener: Listener) -> None:
        """Take a stream in."""
        self.listeners.add(listener)
        if listener.key:
            self.by_key[listener.key] = listener
        for topic in listener.topics:
            self.by_topic[topic].add(listener)
        if self.source is None:
            loop = asyncio.get_running_loop()
            self.source = Source(lambda batch: _call_in(loop, self.dispatch, batch))
            self.source.start()

    def is_full(self, ticket: tickets.Ticket) -> bool:
        """Whether there is no room for one more stream of this sort."""
        if not ticket.user_id:
            if any(len(self.by_topic.get(topic, ())) >= MOST_OF_ONE_VISITOR for topic in ticket.topics):
                return True
            if sum(not one.user_id for one in self.listeners) >= MOST_VISITORS:
                return True
        return len(self.listeners) >= MOST_LISTENERS

    def remove(self, listener: Listener) -> None:
        """Let a stream go; the last one ends the listening."""
        self.listeners.discard(listener)
        self.by_key.pop(listener.key, None)
        for topic in listener.topics:
            self.by_topic[topic].discard(listener)
            if not self.by_topic[topic]:
                del self.by_topic[topic]
        if not self.listeners and self.source is not None:
            self.source.stop()
            self.source = None

    def dispatch(self, batch: list[Message] | None) -> None:
        """Hand messages to the streams that listen to their topics; None: tell all that some may be missing."""
        if batch is None:
            for listener in self.listeners:
                listener.offer(_MISSED)
            return
        for topic, data in batch:
            if topic == ACCESS:
                self.end_streams_of(data.get("user"))
                continue
            if topic == ENDED:
                self.end_session(data["mark"])
                continue
            if topic == FURTHER:
                self.take_in(data)
                continue
            if topic in self.by_topic:
                text = json.dumps({"topic": topic, **data}, separators=(",", ":"))
                self.say(topic, f"data: {text}\n\n".encode())

    def say(self, topic: str, frame: bytes) -> None:
        """Hand a message on; of a topic that speaks seldom the first one at once, and the others when its pause is over."""
        if topic in self.waiting:
            self.waiting[topic][frame] = None
            return
        for listener in self.by_topic.get(topic, ()):
            listener.offer(frame)
        if pause := pause_of(topic):
            self.waiting[topic] = {}
            asyncio.get_running_loop().call_later(pause, self._say_waiting, topic)

    def _say_waiting(self, topic: str) -> None:
        """Say what came during the pause."""
        for place, frame in enumerate(self.waiting.pop(topic)):
            if place:
                self.waiting.setdefault(topic, {})[frame] = None
            else:
                self.say(topic, frame)

    def take_in(self, data: dict[str, Any]) -> None:
        """Let a stream that is open here listen to further topics, and say so to its browser."""
        listener = self.by_key.get(data["stream"])
        if listener is None or listener.user_id != data["user"]:
            return
        wanted = [topic for topic in data["topics"].split(",") if topic]
        if len(listener.topics.union(wanted)) > MOST_TOPICS:
            return  # the browser, not told of them, opens a stream anew
        for topic in wanted:
            listener.topics.add(topic)
            self.by_topic[topic].add(listener)
        listener.offer(f"event: listening\ndata: {json.dumps({'topics': wanted})}\n\n".encode())

    def end_streams_of(self, user_id: int | None) -> None:
        """End the streams of a user (None: of all): what may be listened to is asked anew with a fresh ticket."""
        for listener in self.listeners:
            if user_id is None or listener.user_id == user_id:
                listener.end()

    def end_session(self, mark: str) -> None:
        """End the streams of a session that is over, and tell the others of it, whichever process held them."""
        frame = f'event: left\ndata: {{"left": "{mark}"}}\n\n'.encode()
        for listener in self.listeners:
            if listener.session == mark:
                listener.end()
            elif listener.user_id:
                listener.offer(frame)

    async def wait_until_listening(self) -> None:
        """Wait, not for long, until messages reach us: a page that then reads its data misses nothing."""
        until = time.monotonic() + 2
        while self.source is not None and not self.source.ready.is_set() and time.monotonic() < until:
            await asyncio.sleep(0.01)

    def close(self) -> None:
        """End every stream: the process stops."""
        for listener in self.listeners:
            listener.leave()
        if self.source is not None:
            self.source.stop()


def _call_in(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *args: Any) -> None:
    """Run a function in the loop from another thread, unless the loop is gone."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(function, *args)


class LiveApp:
    """The ASGI application for `/live`."""

    def __init__(self) -> None:
        """The hub is made in the loop that serves."""
        self.hub: Hub | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the ticket, then stream until the browser goes, the ticket is to be renewed or the process stops."""
        if self.hub is None:
            self.hub = Hub()
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        ticket = tickets.read(query.get("ticket", [""])[0])
        if ticket is None:
            await _refuse(send, 403, b"The ticket is missing or too old.")
        elif self.hub.is_full(ticket):
            await _refuse(send, 503, b"Too many open streams.")
        else:
            await self._stream(self.hub, Listener(ticket), receive, send)

    async def _stream(self, hub: Hub, listener: Listener, receive: Receive, send: Send) -> None:
        """Send what comes, and a sign of life every fifteen seconds."""
        hub.add(listener)
        watching = asyncio.ensure_future(_gone(receive))
        watching.add_done_callback(listener.leave)
        until = time.monotonic() + LONGEST_SECONDS
        try:
            headers = [*_HEADERS, (b"access-control-allow-origin", listener.origin.encode())]
            headers = headers if listener.origin else _HEADERS
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await hub.wait_until_listening()
            hello = json.dumps({"stream": listener.key} if listener.key else {})
            await _send(send, f"retry: 2000\nevent: hello\ndata: {hello}\n\n".encode())
            while not listener.is_gone:
                if listener.is_over or time.monotonic() > until:
                    await _send(send, _RENEW)
                    break
                if told := await listener.next():
                    await _send(send, told)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            hub.remove(listener)
            watching.cancel()

    def close(self) -> None:
        """End every stream."""
        if self.hub is not None:
            self.hub.close()


async def _gone(receive: Receive) -> None:
    """Wait for the browser to go."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, body: bytes) -> None:
    """Send a part of the stream."""
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _refuse(send: Send, status: int, text: bytes) -> None:
    """A short answer instead of a stream."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": False})
