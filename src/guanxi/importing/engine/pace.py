"""How much is written at a time, so that others who want to write wait only a moment."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from guanxi.core import jobs
from guanxi.core.locks import HeldLock


class Pace:
    """Chunk sizes that follow the clock; on SQLite, with its one writer, a pause after each chunk.

    Waiting writers of SQLite look again after 1, 2, 5 ... 100 ms, so a pause of a third of the time lets them in soon.
    """

    def __init__(self) -> None:
        """Start small."""
        self.has_one_writer = connection.vendor == "sqlite"
        self.size = 500
        self.target_seconds = 0.05 if self.has_one_writer else 0.6
        self.largest = 10_000 if self.has_one_writer else 20_000
        self.pause_seconds = 0.025 if self.has_one_writer else 0.0

    @contextmanager
    def chunk(self, lock: HeldLock, rows: int = 0) -> Iterator[None]:
        """One short transaction under the lock, timed, with the pause after it."""
        jobs.check()
        with transaction.atomic():
            lock.check()
            started = time.perf_counter()
            yield
        if rows >= self.size:
            self._adapt(time.perf_counter() - started)
        self.rest()

    def rest(self) -> None:
        """Let others write."""
        if self.pause_seconds and not connection.in_atomic_block:
            time.sleep(self.pause_seconds)

    def _adapt(self, seconds: float) -> None:
        """The next chunk takes about the time it should."""
        factor = self.target_seconds / max(seconds, 0.001)
        self.size = int(min(self.largest, max(100, self.size * min(2.0, max(0.3, factor)))))

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


def in_steps(steps: Iterator[None], pace: Pace, lock: HeldLock) -> None:
    """Run a generator that does its work in short steps, each in a transaction."""
    over = object()
    while True:
        with pace.chunk(lock):
            found = next(steps, over)  # type: ignore[call-overload]
        if found is over:
            return
