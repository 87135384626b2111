"""What a browser does, without drawing: kept connections, the parts that a page asks for, and its live stream."""

import asyncio
import gzip
import html
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from guanxi.project.bench.load import Received, receive

WAIT_SECONDS = 30.0
# Topics that a stream may listen to beside those of its page, before a new one is opened.
MOST_BESIDES = 40
STARTS = re.compile(r"<[^<>]*\bhx-get=[^<>]*>")
ADDRESS, TRIGGER = re.compile(r'\bhx-get="([^"]+)"'), re.compile(r'\bhx-trigger="([^"]+)"')
TOPIC = re.compile(r'\bdata-live-topic="([^"]+)"')
# 409: somebody changed the same field meanwhile, and the answer is the question which value stays.
WRONG, ASKS = 0, 409


def parts(page: str, trigger: str) -> list[str]:
    """Return the addresses that a page asks for on a trigger (`load`: when it is there, `live`: when told of news)."""
    found = []
    for tag in STARTS.findall(page):
        address, triggers = ADDRESS.search(tag), TRIGGER.search(tag)
        if address and triggers and trigger in {one.split(":")[0].strip() for one in triggers[1].split(",")}:
            found.append(html.unescape(address[1]))
    return found


def topics(page: str) -> list[str]:
    """Return what a page listens to."""
    return sorted({topic for found in TOPIC.findall(page) for topic in html.unescape(found).split()})


def live_parts(page: str) -> dict[str, str]:
    """Return the addresses that a page asks for again, by the topic that speaks."""
    found: dict[str, str] = {}
    for tag in STARTS.findall(page):
        address, triggers, topic = ADDRESS.search(tag), TRIGGER.search(tag), TOPIC.search(tag)
        if address and triggers and topic and "live" in {one.split(":")[0].strip() for one in triggers[1].split(",")}:
            found |= dict.fromkeys(html.unescape(topic[1]).split(), html.unescape(address[1]))
    return found


@dataclass(eq=False)
class Browser:
    """One person's browser; `errors` are the answers that no browser should get, `seconds` how long each took."""

    port: int
    cookies: str
    heard: Callable[["Browser", dict[str, object]], None] = lambda _browser, _news: None
    errors: list[str] = field(default_factory=list)
    times: list[tuple[str, float]] = field(default_factory=list)
    page: str = ""
    address: str = ""
    _free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)
    # By which an answer can let the open stream listen to further topics.
    stream: str = ""
    _stream: asyncio.Task[None] | None = None
    _listened: frozenset[str] = frozenset()

    async def ask(self, kind: str, path: str, form: dict[str, str] | None = None, headers: Sequence[str] = ()) -> str:
        """Ask for a page or a part of it, or send a form; returns the text, '' after an error."""
        started = time.perf_counter()
        received = await self._exchange(self._request(path, form, headers))
        self.times.append((kind, time.perf_counter() - started))
        if received.status not in {200, 204, ASKS}:
            self.errors.append(f"{received.status} {path.partition('?')[0]}")
            return ""
        body = gzip.decompress(received.body) if received.is_gzip else received.body
        return body.decode(errors="replace")

    async def open(self, kind: str, path: str) -> str:
        """Open a page as a browser does, with all that it asks for at once, and listen to its topics."""
        self.address = path
        page = self.page = await self.ask(kind, path)
        await asyncio.gather(self.listen(topics(page)), *(self.ask("part", one) for one in parts(page, "load")))
        return page

    async def listen(self, wanted: list[str]) -> None:
        """Listen to topics; a stream that does not listen to all of them, or to many others, gives way to a new one."""
        topics = frozenset(wanted)
        if topics <= self._listened and len(self._listened) - len(topics) <= MOST_BESIDES:
            return
        self.leave()
        self._listened = topics
        if not wanted:
            return
        text = await self.ask("ticket", f"/live/ticket?topics={quote(','.join(wanted))}")
        if text and json.loads(text)["topics"] and self._listened == topics:
            self._stream = asyncio.ensure_future(self._listen(json.loads(text)["ticket"]))

    def leave(self) -> None:
        """End the stream."""
        if self._stream is not None:
            self._stream.cancel()
        self._stream, self._listened, self.stream = None, frozenset(), ""

    def close(self) -> None:
        """Close everything."""
        self.leave()
        for _reader, writer in self._free:
            writer.close()
        self._free.clear()

    def _request(self, path: str, form: dict[str, str] | None, headers: Sequence[str] = ()) -> bytes:
        """The bytes of a request."""
        body = b"" if form is None else urlencode(form).encode()
        lines = [
            f"{'GET' if form is None else 'POST'} {path} HTTP/1.1",
            f"Host: localhost:{self.port}",
            f"Cookie: {self.cookies}",
            "Accept-Encoding: gzip",
            "Connection: keep-alive",
            *headers,
        ]
        if form is not None:
            token = next(
                (one.split("=", 1)[1] for one in self.cookies.split("; ") if one.startswith("guanxi_csrf=")), ""
            )
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
            lines += [f"X-CSRFToken: {token}", f"Origin: http://localhost:{self.port}", "HX-Request: true"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    async def _exchange(self, data: bytes) -> Received:
        """Send over a free connection, or a new one; one that the server has closed meanwhile is not an answer."""
        while True:
            is_kept = bool(self._free)
            try:
                reader, writer = self._free.pop() if is_kept else await self._connected()
                writer.write(data)
                received = await asyncio.wait_for(receive(reader), WAIT_SECONDS)
            except (asyncio.IncompleteReadError, ConnectionResetError, BrokenPipeError) as error:
                # As browsers do: what came over a connection in use before, and was cut before a word of answer, goes again.
                if is_kept and not getattr(error, "partial", b""):
                    continue
                return Received(WRONG, is_kept=False)
            except (OSError, TimeoutError, ValueError):
                return Received(WRONG, is_kept=False)
            if received.is_kept:
                self._free.append((reader, writer))
            else:
                writer.close()
            return received

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A new connection."""
        return await asyncio.open_connection("127.0.0.1", self.port)

    def _take(self, kind: bytes, told: dict[str, Any]) -> None:
        """A message of the stream: its name, what it listens to now, or news."""
        if kind == b"hello":
            self.stream = told.get("stream", "")
        elif kind == b"listening":
            self._listened |= frozenset(told["topics"])
        else:
            self.heard(self, told)

    async def _listen(self, ticket: str) -> None:
        """Read the stream to its end and hand on what it says."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            self.errors.append("no stream")
            return
        try:
            writer.write(self._request(f"/live?ticket={quote(ticket)}", None))
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                self.errors.append(f"stream {head[:30]!r}")
                return
            kind = b""
            while line := await reader.readline():
                if line.startswith(b"event: "):
                    kind = line[7:].strip()
                elif line.startswith(b"data: {"):
                    self._take(kind, json.loads(line[6:]))
                    kind = b""
        finally:
            writer.close()
