"""The stream at `/live`: bare ASGI, so that an open page costs a coroutine and no thread."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from guanxi.core.live import tickets
from guanxi.core.live.changed import ACCESS, ENDED
from guanxi.core.live.sources import Message, Source

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

KEEP_ALIVE_SECONDS = 15.0
LONGEST_SECONDS = 600.0
MOST_LISTENERS = 2000
# Of them visitors of other sites, so that these never shut colleagues out.
MOST_VISITORS = 1500
MOST_OF_ONE_VISITOR = 8
_QUEUE = 200
_MISSED = b"event: missed\ndata: {}\n\n"
_HELLO = b"retry: 2000\nevent: hello\ndata: {}\n\n"
_RENEW = b"event: renew\ndata: {}\n\n"
_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Listener:
    """One open stream and the messages it has yet to send."""

    def __init__(self, ticket: tickets.Ticket) -> None:
        """An empty queue."""
        self.topics = ticket.topics
        self.user_id = ticket.user_id
        self.session = ticket.session
        self.origin = ticket.origin
        self.is_over = asyncio.Event()
        self.queue: asyncio.Queue[bytes] = asyncio.Queue(_QUEUE)

    def offer(self, frame: bytes) -> None:
        """Queue a message; a browser too slow to read them all is told that it missed some."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            frame = _MISSED
        self.queue.put_nowait(frame)


class Hub:
    """All open streams of this process; listens to the database only while there is one."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self.listeners: set[Listener] = set()
        self.by_topic: dict[str, set[Listener]] = defaultdict(set)
        self.source: Source | None = None
        self.closing = asyncio.Event()

    def add(self, listener: Listener) -> None:
        """Take a stream in."""
        self.listeners.add(listener)
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
            listeners = self.by_topic.get(topic)
            if listeners:
                text = json.dumps({"topic": topic, **data}, separators=(",", ":"))
                frame = f"data: {text}\n\n".encode()
                for listener in listeners:
                    listener.offer(frame)

    def end_streams_of(self, user_id: int | None) -> None:
        """End the streams of a user (None: of all): what may be listened to is asked anew with a fresh ticket."""
        for listener in self.listeners:
            if user_id is None or listener.user_id == user_id:
                listener.is_over.set()

    def end_session(self, mark: str) -> None:
        """End the streams of a session that is over, and tell the others of it, whichever process held them."""
        frame = f'event: left\ndata: {{"left": "{mark}"}}\n\n'.encode()
        for listener in self.listeners:
            if listener.session == mark:
                listener.is_over.set()
            elif listener.user_id:
                listener.offer(frame)

    async def wait_until_listening(self) -> None:
        """Wait, not for long, until messages reach us: a page that then reads its data misses nothing."""
        until = time.monotonic() + 2
        while self.source is not None and not self.source.ready.is_set() and time.monotonic() < until:
            await asyncio.sleep(0.01)

    def close(self) -> None:
        """End every stream: the process stops."""
        self.closing.set()
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
        ends = [
            asyncio.ensure_future(_gone(receive)),
            asyncio.ensure_future(hub.closing.wait()),
            asyncio.ensure_future(listener.is_over.wait()),
        ]
        until = time.monotonic() + LONGEST_SECONDS
        try:
            headers = [*_HEADERS, (b"access-control-allow-origin", listener.origin.encode())]
            headers = headers if listener.origin else _HEADERS
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await hub.wait_until_listening()
            await _send(send, _HELLO)
            while not any(end.done() for end in ends):
                if time.monotonic() > until:
                    await _send(send, _RENEW)
                    break
                frame = await _next(listener, ends)
                if frame is not None:
                    await _send(send, frame)
            if listener.is_over.is_set():
                await _send(send, _RENEW)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            hub.remove(listener)
            for end in ends:
                end.cancel()

    def close(self) -> None:
        """End every stream."""
        if self.hub is not None:
            self.hub.close()


async def _next(listener: Listener, ends: Sequence[asyncio.Future[Any]]) -> bytes | None:
    """All that is queued in one piece, a sign of life when nothing came, None when the stream is to end."""
    got = asyncio.ensure_future(listener.queue.get())
    await asyncio.wait([got, *ends], timeout=KEEP_ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    if not got.done():
        got.cancel()
        return None if any(end.done() for end in ends) else b": keep-alive\n\n"
    frames = [got.result()]
    while not listener.queue.empty():
        frames.append(listener.queue.get_nowait())
    return b"".join(dict.fromkeys(frames))  # equal messages count once


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
