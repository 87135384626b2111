"""Asking for what is new as the desk's page does it (desk/news.js): one request at a time for all parts whose time has come."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any

# How soon the page asks for a part that may have changed and how long it then rests, in seconds: desk/news.js.
PACE = {"thread": (0.02, 0.4), "progress": (0.6, 2.0), "list": (0.25, 4.0)}
NEAR_SECONDS = 0.7


class News:
    """Asks for all parts whose time has come in one request, one request at a time, as the desk's page does."""

    def __init__(self, ask: Callable[[set[str]], Coroutine[Any, Any, None]], lot: random.Random) -> None:
        """Nothing is due."""
        self.ask, self.lot = ask, lot
        self.due: dict[str, float] = {}
        self.last: dict[str, float] = {}
        self.timer: asyncio.TimerHandle | None = None
        self.running: asyncio.Task[None] | None = None
        self.is_over = False

    def soon(self, *names: str) -> None:
        """Ask for these parts soon; seldom while much happens."""
        for name in names:
            soon, pause = PACE[name]
            rested = self.last.get(name, 0.0) + pause * (0.8 + 0.4 * self.lot.random())
            self.due[name] = min(self.due.get(name, float("inf")), max(time.perf_counter() + soon, rested))
        self._plan()

    def rest(self, *names: str) -> None:
        """These were asked for."""
        for name in names:
            self.due.pop(name, None)
            self.last[name] = time.perf_counter()

    def _plan(self) -> None:
        """Wait for the part that is due first."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        if self.due and self.running is None and not self.is_over:
            wait = max(0.0, min(self.due.values()) - time.perf_counter())
            self.timer = asyncio.get_running_loop().call_later(wait, self._run)

    def _run(self) -> None:
        """Ask now, along with what is due a little later."""
        until = time.perf_counter() + NEAR_SECONDS
        names = {name for name, at in self.due.items() if at <= until}
        self.rest(*names)
        self.running = asyncio.ensure_future(self.ask(names))
        self.running.add_done_callback(self._done)

    def _done(self, _task: asyncio.Task[None]) -> None:
        """The answer is there."""
        self.running = None
        self._plan()

    async def end(self) -> None:
        """Ask no more."""
        self.is_over = True
        self.due.clear()
        self._plan()
        if self.running is not None:
            await self.running
