"""What is to be measured, and the clock that every part of the measurement uses."""

import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Say = Callable[[str], None]
WARM_UP_SECONDS = 3.0


@dataclass(frozen=True)
class Wanted:
    """What is to be measured."""

    customers: int = 1_000_000
    orders_per_customer: int = 3
    connections: int = 32
    processes: int = 2
    seconds: float = 10.0
    parts: tuple[str, ...] = ("import", "seed", "pages", "office", "erasing", "merging", "backup", "history")
    people: int = 60
    file: Path | None = None
    server_url: str = ""


class Clock:
    """How long a command takes, and how much of that its own processes worked (a server's work is not in it)."""

    def __enter__(self) -> "Clock":
        """Start."""
        self._started, self._before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        return self

    def __exit__(self, *_problem: object) -> None:
        """Stop."""
        self.seconds = round(time.perf_counter() - self._started, 1)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.processor = after.ru_utime + after.ru_stime - self._before.ru_utime - self._before.ru_stime
        self.memory_mib = after.ru_maxrss // 1024

    def told(self) -> str:
        """Where the time went, as far as it can be seen from outside."""
        return (
            f"{self.seconds} s passed; its own processes worked {self.processor:.1f} s of them, the rest went to the "
            f"database, the disk and whatever else ran (load average now {os.getloadavg()[0]:.1f})."
        )
