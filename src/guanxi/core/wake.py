"""Tells waiting workers that a transaction brought them something to do."""

import threading
import time
from typing import Any

from django.db import connection

from guanxi.core import notices

CHANNEL = "guanxi_work"


def wake_workers() -> None:
    """Wake them when the transaction commits.

    PostgreSQL delivers the notice at the commit, once however often it was asked for; on SQLite workers see every
    commit through `PRAGMA data_version` and need no word.
    """
    if connection.vendor == "postgresql":
        notices.send(CHANNEL, "")


class Waker:
    """Waits, in a worker, until something may have been committed, a moment comes, or it is told to stop."""

    def __init__(self, stopping: threading.Event) -> None:
        """Remember what ends the wait."""
        self.stopping = stopping
        self.seen = -1
        self.listening: Any = None

    def mark(self) -> None:
        """Call before looking for work: what is committed from now on ends the next wait at once."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                self.seen = _data_version(cursor)
        else:
            self._listen()

    def wait(self, seconds: float) -> None:
        """Return early when something was committed; raises the database's errors."""
        if connection.vendor == "postgresql":
            self._wait_postgresql(seconds)
        else:
            self._wait_sqlite(seconds)

    def _wait_sqlite(self, seconds: float) -> None:
        """Poll the counter that another connection's commit moves; 2.5 microseconds a look."""
        until = time.monotonic() + seconds
        with connection.cursor() as cursor:
            while _data_version(cursor) == self.seen and time.monotonic() < until:
                if self.stopping.wait(0.05):
                    return

    def _listen(self) -> None:
        """Have PostgreSQL keep notices for this connection from now on."""
        connection.ensure_connection()
        if self.listening is not connection.connection:
            connection.connection.execute(f"LISTEN {CHANNEL}")
            self.listening = connection.connection

    def _wait_postgresql(self, seconds: float) -> None:
        """Take a notice; one that came since the mark is waiting in the connection already."""
        until = time.monotonic() + seconds
        while not self.stopping.is_set():
            step = min(0.25, until - time.monotonic())
            if step <= 0 or any(True for _ in self.listening.notifies(timeout=step, stop_after=1)):
                return


def _data_version(cursor: Any) -> int:
    """SQLite's commit counter as this connection sees it."""
    cursor.execute("PRAGMA data_version")
    return int(cursor.fetchone()[0])
