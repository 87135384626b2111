"""Keeps web and worker processes running: starts them, replaces the dead, stops them all.

Children are forked after Django is set up: they start at once and share its memory. The supervisor itself runs no
threads and holds no database connection.
"""

import errno
import logging
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from django.db import connections

from guanxi.core.errors import GuanxiError

logger = logging.getLogger("guanxi.supervisor")

STOP_SECONDS = 8.0
_STEADY_SECONDS = 10.0
_LONGEST_PAUSE_SECONDS = 15.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass
class Child:
    """One process to be kept running."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    failures: int = 0
    start_at: float = 0.0


@dataclass
class Supervisor:
    """Runs children until told to stop; `on_tick` is called now and then while they run."""

    children: Sequence[Child]
    on_tick: Callable[[], None] = lambda: None
    is_stopping: bool = False
    is_hurried: bool = False
    lifeline: tuple[int, int] = field(default_factory=os.pipe)

    def run(self) -> None:
        """Start everything, watch it, and end it in order."""
        if threading.active_count() > 1:
            raise RuntimeError("a process with threads cannot be forked safely")
        wake, waker = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(waker, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        for number in _SIGNALS:
            # Started by nohup it must outlive the terminal.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            while not self.is_stopping:
                self._start_due()
                _rest(wake, 0.2)
                self._bury()
                if not self.is_stopping:
                    self.on_tick()
        finally:
            self.is_stopping = True
            self._end(wake)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        """Stop; asked a second time, without waiting."""
        self.is_hurried = self.is_stopping
        self.is_stopping = True

    def _start_due(self) -> None:
        """Start whatever is not running and may start again."""
        for child in self.children:
            if not child.pid and time.monotonic() >= child.start_at and not self.is_stopping:
                self._fork(child)

    def _fork(self, child: Child) -> None:
        """Start one child."""
        connections.close_all()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._be(child)
        child.pid = pid
        child.started = time.monotonic()

    def _be(self, child: Child) -> None:
        """What the child does with its life; never returns."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (*_SIGNALS, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            signal.signal(signal.SIGPIPE, signal.SIG_IGN)
            os.close(self.lifeline[1])
            threading.Thread(target=_die_with, args=(self.lifeline[0],), name="lifeline", daemon=True).start()
            child.run()
            status = 0
        except KeyboardInterrupt:
            status = 0
        except BaseException:
            logger.exception("%s failed", child.name)
        finally:
            sys.stderr.flush()
            os._exit(status)

    def _bury(self) -> None:
        """Notice which children have died; one that dies young starts again after a longer and longer pause."""
        for child in self.children:
            if not child.pid:
                continue
            how = _ended(child.pid)
            if how is None:
                continue
            lived = time.monotonic() - child.started
            child.pid = 0
            child.failures = 0 if lived > _STEADY_SECONDS else child.failures + 1
            pause = 0.0 if child.failures <= 1 else min(_LONGEST_PAUSE_SECONDS, 2.0 ** (child.failures - 2))
            child.start_at = time.monotonic() + pause
            if not self.is_stopping:
                logger.error(
                    "%s ended (%s); starting it again%s", child.name, how, f" in {pause:.0f} s" if pause else ""
                )

    def _end(self, wake: int) -> None:
        """Ask the children to stop, then make them."""
        self._signal(signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        while any(child.pid for child in self.children) and time.monotonic() < until and not self.is_hurried:
            _rest(wake, 0.1)
            self._bury()
        left = [child for child in self.children if child.pid]
        for child in left:
            logger.warning("%s did not stop in time and is killed", child.name)
        self._signal(signal.SIGKILL)
        for child in left:
            os.waitpid(child.pid, 0)

    def _signal(self, number: signal.Signals) -> None:
        """Send a signal to every child that runs."""
        for child in self.children:
            if child.pid:
                os.kill(child.pid, number)


def apart(work: Callable[[], None]) -> int:
    """Do something in a process of its own and wait for it; its exit status.

    Whatever threads and locks the work leaves behind end with it: they must not be there when children are forked.
    """
    connections.close_all()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        except GuanxiError as error:
            sys.stderr.write(f"guanxi: {error}\n")
        except KeyboardInterrupt:
            status = 130
        except BaseException:
            logger.exception("failed")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    before = signal.signal(signal.SIGTERM, lambda number, _frame: os.kill(pid, number))
    while True:
        try:
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        except KeyboardInterrupt:
            continue  # it got the signal too
        signal.signal(signal.SIGTERM, before)
        return code if code >= 0 else 128 - code


def _rest(wake: int, seconds: float) -> None:
    """Sleep until a signal comes."""
    if select.select([wake], [], [], seconds)[0]:
        try:
            os.read(wake, 4096)
        except BlockingIOError:
            return


def _ended(pid: int) -> str | None:
    """How a child ended, None while it runs."""
    try:
        found, status = os.waitpid(pid, os.WNOHANG)
    except OSError as error:
        if error.errno != errno.ECHILD:
            raise
        return "gone"
    if not found:
        return None
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"status {code}"


def _die_with(lifeline: int) -> None:
    """Stop when the supervisor is gone, however it went: then nobody holds the other end of the pipe."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)
