"""Tells waiting workers that a transaction brought them something to do."""

import threading
import time

from django.db import connection

CHANNEL = "guanxi_work"


def wake_workers() -> None:
    """Wake them when the transaction commits.

    PostgreSQL delivers the notice at the commit, once however often it was asked for; on SQLite workers see every
    commit through `PRAGMA data_version` and need no word.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


class Waker:
    """Waits, in a worker, until something may have been committed, a moment comes, or it is told to stop."""

    def __init__(self, stopping: threading.Event) -> None:
        """Remember what ends the wait."""
        self.stopping = stopping

    def wait(self, seconds: float) -> None:
        """Return early when something was committed; raises the database's errors."""
        if connection.vendor == "postgresql":
            self._wait_postgresql(seconds)
        else:
            self._wait_sqlite(seconds)

    def _wait_sqlite(self, seconds: float) -> None:
        """Poll the counter that another process's commit moves; 2.5 microseconds a look."""
        until = time.monotonic() + seconds
        with connection.cursor() as cursor:
            seen = _data_version(cursor)
            while time.monotonic() < until and not self.stopping.wait(0.05):
                if _data_version(cursor) != seen:
                    return

    def _wait_postgresql(self, seconds: float) -> None:
        """Listen; what was sent since the last look is waiting in the connection already."""
        connection.ensure_connection()
        raw = connection.connection
        if getattr(raw, "guanxi_listens", False) is False:
            raw.execute(f"LISTEN {CHANNEL}")
            raw.guanxi_listens = True
            return  # something may have been committed before we listened
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.stopping.is_set():
            step = min(0.5, max(0.0, until - time.monotonic()))
            if next(iter(raw.notifies(timeout=step, stop_after=1)), None) is not None:
                return


def _data_version(cursor: object) -> int:
    """SQLite's commit counter as this connection sees it."""
    cursor.execute("PRAGMA data_version")  # type: ignore[attr-defined]
    return int(cursor.fetchone()[0])  # type: ignore[attr-defined]
