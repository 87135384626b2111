"""A load generator: a fixed number of kept connections, each sending its next request when the answer is there."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Load:
    """What was measured under load; times from the last byte sent to the last one received."""

    requests: int
    errors: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    received_bytes: int

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return self.requests / self.seconds


def request(path: str, *, host: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """Return the bytes of a request: GET, or POST when it has a body."""
    lines = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", f"Host: {host}", "Connection: keep-alive"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Received:
    """One answer as it came, whether it is compressed, and whether its connection may be used again."""

    status: int
    body: bytes = b""
    is_kept: bool = True
    is_gzip: bool = False


async def receive(reader: asyncio.StreamReader) -> Received:
    """Read one answer to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status, is_kept = int(head.split(" ", 2)[1]), "connection: close" not in head
    body = b""
    if "transfer-encoding: chunked" in head:
        pieces = []
        while size := int((await reader.readline()).split(b";")[0], 16):
            pieces.append((await reader.readexactly(size + 2))[:-2])
        await reader.readline()
        body = b"".join(pieces)
    elif "content-length:" in head:
        body = await reader.readexactly(int(head.split("content-length:", 1)[1].split("\r\n", 1)[0]))
    elif not is_kept:
        body = await reader.read()
    return Received(status, body, is_kept, "content-encoding: gzip" in head)


def run(port: int, requests: Callable[[int], bytes], *, connections: int = 32, seconds: float = 10) -> Load:
    """Send `requests(n)` for n = 1, 2, ... for a while and measure the answers."""
    return asyncio.run(_Run(port, requests, time.perf_counter() + seconds).drive(connections))


class _Run:
    """One run in hand."""

    def __init__(self, port: int, requests: Callable[[int], bytes], until: float) -> None:
        """Keep what to send, where and until when."""
        self.port = port
        self.requests = requests
        self.until = until
        self.number = 0
        self.errors = 0
        self.received = 0
        self.times: list[float] = []

    async def drive(self, connections: int) -> Load:
        """Drive all connections to the end and sum up."""
        started = time.perf_counter()
        await asyncio.gather(*(self._client() for _number in range(connections)))
        seconds = time.perf_counter() - started
        times = sorted(self.times) or [0.0]
        p50, p95, p99 = (1000 * times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.95, 0.99))
        return Load(len(self.times), self.errors, seconds, p50, p95, p99, self.received)

    async def _client(self) -> None:
        """Send one request after another over one connection, opened again when it is closed."""
        writer: asyncio.StreamWriter | None = None
        while time.perf_counter() < self.until:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            self.number += 1
            data = self.requests(self.number)
            sent = time.perf_counter()
            writer.write(data)
            try:
                received = await asyncio.wait_for(receive(reader), WAIT_SECONDS)
            except (asyncio.IncompleteReadError, ConnectionError, TimeoutError, ValueError):
                received = Received(0, is_kept=False)
            self.times.append(time.perf_counter() - sent)
            self.errors += received.status != 200
            self.received += len(received.body)
            if not received.is_kept:
                writer.close()
                writer = None
        if writer is not None:
            writer.close()
