"""A small HTTP/1.1 load generator: a fixed number of kept connections, each sending its next request on the answer."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What a load run measured."""

    requests: int
    errors: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return self.requests / self.seconds


def request(path: str, *, host: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """The bytes of a request: GET, or POST when it has a body."""
    lines = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", f"Host: {host}", "Connection: keep-alive"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def run(port: int, requests: Callable[[int], bytes], *, connections: int = 32, seconds: float = 10) -> Load:
    """Send `requests(n)` for n = 0, 1, ... for a while and measure the answers."""
    return asyncio.run(_run(port, requests, connections, seconds))


async def _run(port: int, requests: Callable[[int], bytes], connections: int, seconds: float) -> Load:
    """Drive all connections."""
    times: list[float] = []
    errors = 0
    number = 0
    started = time.perf_counter()
    until = started + seconds

    async def client() -> None:
        nonlocal errors, number
        reader = writer = None
        while time.perf_counter() < until:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            number += 1
            sent = time.perf_counter()
            writer.write(requests(number))
            try:
                status, keep = await _answer(reader)
            except (asyncio.IncompleteReadError, ConnectionError, ValueError):
                status, keep = 0, False
            times.append(time.perf_counter() - sent)
            errors += status != 200
            if not keep:
                writer.close()
                writer = None

    await asyncio.gather(*(client() for _ in range(connections)))
    times.sort()
    spent = time.perf_counter() - started
    p50, p95, p99 = (1000 * times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.95, 0.99))
    return Load(len(times), errors, spent, p50, p95, p99)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Read one answer to its end; its status and whether the connection may be used again."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    keep = "connection: close" not in head
    if "transfer-encoding: chunked" in head:
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    elif "content-length:" in head:
        await reader.readexactly(int(head.split("content-length:", 1)[1].split("\r\n", 1)[0]))
    elif not keep:
        await reader.read()
    return status, keep
