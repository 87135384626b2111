"""How much is written at a time, so that others who want to write wait only a moment."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import connection, transaction

from guanxi.core import jobs
from guanxi.core.locks import HeldLock

LEAST_PACE, MOST_PACE = 0.02, 5.0


class Pace:
    """Chunk sizes that follow the clock; on SQLite, with its one writer, a pause after each chunk.

    Waiting writers of SQLite look again after 1, 2, 5 ... 100 ms, so a pause of a third of the time lets them in soon.
    """

    def __init__(self) -> None:
        """Start small."""
        self.has_one_writer = connection.vendor == "sqlite"
        self.size = self.smallest = 1_500
        self.target_seconds = 0.05 if self.has_one_writer else 0.6
        self.largest = 10_000 if self.has_one_writer else 20_000
        self.pause_seconds = 0.025 if self.has_one_writer else 0.0
        self._ended = 0.0

    @contextmanager
    def chunk(self, lock: HeldLock, rows: int = 0) -> Iterator[None]:
        """One short transaction under the lock, timed, not before others had their chance to write."""
        jobs.check()
        self.rest()
        with transaction.atomic():
            started = time.perf_counter()
            lock.check()
            yield
        self._ended = time.perf_counter()
        if rows >= self.size:
            self._adapt(self._ended - started)

    def rest(self) -> None:
        """Let others write; time spent on work outside a transaction is such a chance too."""
        waited = time.perf_counter() - self._ended
        if waited < self.pause_seconds and not connection.in_atomic_block:
            time.sleep(self.pause_seconds - waited)

    def _adapt(self, seconds: float) -> None:
        """The next chunk takes about the time it should."""
        factor = self.target_seconds / max(seconds, 0.001)
        self.size = int(min(self.largest, max(self.smallest, self.size * min(2.0, max(0.5, factor)))))

    def slices(
        self, batches: Iterator[dict[str, Sequence[Any]]], *, skip: int = 0
    ) -> Iterator[dict[str, Sequence[Any]]]:
        """Cut batches into chunks of the present size, leaving out rows that were written before."""
        for batch in batches:
            count = len(next(iter(batch.values())))
            if skip >= count:
                skip -= count
                continue
            start, skip = skip, 0
            while start < count:
                stop = min(count, start + self.size)
                yield {name: column[start:stop] for name, column in batch.items()}
                start = stop


@contextmanager
def modest_memory() -> Iterator[None]:
    """Let SQLite use little memory for the block: an import touches the whole database and reads little twice."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in _MEMORY}
        for name, value in _MEMORY.items():
            cursor.execute(f"PRAGMA {name} = {value}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name, value in before.items():
                cursor.execute(f"PRAGMA {name} = {value}")


_MEMORY = {"mmap_size": 0, "cache_size": -32_000}


class Adapting(Protocol):
    """Whoever does more or less in a step as it is told."""

    pace: float


def in_steps(steps: Iterator[None], pace: Pace, lock: HeldLock, *, worker: Adapting | None = None) -> None:
    """Run a generator that does its work in short steps, each in a transaction; the worker's pace follows the clock."""
    over = object()
    while True:
        with pace.chunk(lock):
            started = time.perf_counter()
            found = next(steps, over)
        if found is over:
            return
        if worker is not None:
            factor = pace.target_seconds / max(time.perf_counter() - started, 0.001)
            worker.pace = min(MOST_PACE, max(LEAST_PACE, worker.pace * min(1.5, max(0.3, factor))))
