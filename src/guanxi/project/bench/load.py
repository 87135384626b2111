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
                status, keep = await asyncio.wait_for(self._answer(reader), WAIT_SECONDS)
            except (asyncio.IncompleteReadError, ConnectionError, TimeoutError, ValueError):
                status, keep = 0, False
            self.times.append(time.perf_counter() - sent)
            self.errors += status != 200
            if not keep:
                writer.close()
                writer = None
        if writer is not None:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, bool]:
        """Read one answer to its end; return its status and whether the connection may be used again."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        keep = "connection: close" not in head
        size = 0  # added up at the end: while one answer is awaited others are counted
        if "transfer-encoding: chunked" in head:
            while part := int((await reader.readline()).split(b";")[0], 16):
                await reader.readexactly(part + 2)
                size += part
            await reader.readline()
        elif "content-length:" in head:
            size = int(head.split("content-length:", 1)[1].split("\r\n", 1)[0])
            await reader.readexactly(size)
        elif not keep:
            size = len(await reader.read())
        self.received += size
        return status, keep
