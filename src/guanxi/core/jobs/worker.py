"""A worker process: takes jobs of its queues one after the other until it is told to stop."""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from types import FrameType

from django.db import DatabaseError, InterfaceError
from django.utils.module_loading import autodiscover_modules

from guanxi.core import clock, events, housekeeping
from guanxi.core.backup import jobs as backup_jobs
from guanxi.core.checkup import jobs as checkup_jobs
from guanxi.core.database_away import drop_connection, is_away, reason
from guanxi.core.direct_connection import connect_directly
from guanxi.core.jobs import leasing, schedules
from guanxi.core.jobs.running import QUEUES, Keeper, Running
from guanxi.core.leases import database_now, holder_name
from guanxi.core.models.jobs import Worker as WorkerRow
from guanxi.core.wake import Waker

logger = logging.getLogger("guanxi.worker")

SEEN_EVERY_SECONDS = 10.0
IDLE_SECONDS = 2.0
STOP_GRACE_SECONDS = 3.0
_CRON_EVERY_SECONDS = 5.0
_RECLAIM_EVERY_SECONDS = 1.0
_EVENTS_AT_ONCE = 200
_SHORTEST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 3.0


class Worker:
    """Works through queues; goes on by itself after the database was away."""

    def __init__(self, *, queues: Sequence[str] = QUEUES, lease_seconds: float = leasing.LEASE_SECONDS) -> None:
        """Take a name; nothing is touched yet."""
        self.queues = tuple(queues)
        self.lease_seconds = lease_seconds
        self.id = holder_name()
        self.stopping = threading.Event()
        self.waker = Waker(self.stopping)
        self.keeper = Keeper(lease_seconds)
        self.pause_seconds = 0.0
        self.reclaims_from = 0.0
        self.cron_from = 0.0

    def run(self) -> None:
        """Work until told to stop."""
        connect_directly()
        assert housekeeping  # its schedules are registered by importing it
        assert backup_jobs  # and so are those of the backups
        assert checkup_jobs  # and those that look the installation over
        autodiscover_modules("jobs")
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        threading.Thread(target=self._beat, name="worker heartbeat", daemon=True).start()
        logger.info("worker %s: queues %s", self.id, ", ".join(self.queues))
        with self.keeper:
            while not self.stopping.is_set():
                self.turn()
        self._say_goodbye()

    def turn(self) -> None:
        """Do one thing, or wait for one; an absent database is waited for."""
        try:
            self.waker.mark()
            if not self.step() and not self.stopping.is_set():
                self.waker.wait(self._idle_seconds())
        except Exception as error:  # noqa: BLE001  a worker outlives whatever one turn meets; it is logged
            self._sit_out(error)
        else:
            if self.pause_seconds:
                logger.warning("worker %s: going on", self.id)
                self.pause_seconds = 0.0

    def step(self) -> bool:
        """Schedules, events, one job: whether anything was done."""
        if "default" in self.queues and time.monotonic() >= self.cron_from:
            schedules.enqueue_due()
            self.cron_from = time.monotonic() + _CRON_EVERY_SECONDS
        delivered = events.deliver_pending(limit=_EVENTS_AT_ONCE) if "now" in self.queues else 0
        job = leasing.claim(
            queues=self.queues,
            worker_id=self.id,
            lease_seconds=self.lease_seconds,
            may_reclaim=self._may_reclaim(),
        )
        if job is not None:
            self.keeper.execute(Running(job, self.id, self.lease_seconds, self.stopping))
        # Fewer deliveries than a step may do: no event waits any more, and what comes now wakes us.
        return job is not None or delivered >= _EVENTS_AT_ONCE

    def _may_reclaim(self) -> bool:
        """Whether to look for jobs of dead workers: now and then, and not right after an absence of the database."""
        if time.monotonic() < self.reclaims_from:
            return False
        self.reclaims_from = time.monotonic() + _RECLAIM_EVERY_SECONDS
        return True

    def _idle_seconds(self) -> float:
        """How long nothing is due: at most two seconds, so that a lost notice does no harm."""
        moments = [leasing.next_due(self.queues)]
        if "now" in self.queues:
            moments.append(events.next_due())
        ahead = [(moment - clock.now()).total_seconds() for moment in moments if moment is not None]
        return max(0.05, min([IDLE_SECONDS, *ahead]))

    def _sit_out(self, error: Exception) -> None:
        """Wait a little longer each time; say it once."""
        if not self.pause_seconds and is_away(error):
            logger.warning("worker %s: the database is away, waiting for it: %s", self.id, reason(error))
        elif not self.pause_seconds:
            logger.error("worker %s: an unexpected failure, trying again", self.id, exc_info=error)
        self.pause_seconds = min(_LONGEST_PAUSE_SECONDS, max(_SHORTEST_PAUSE_SECONDS, self.pause_seconds * 2))
        # After an absence living workers need a moment to renew their leases: nobody is to be taken for dead.
        self.reclaims_from = time.monotonic() + self.lease_seconds
        drop_connection()
        self.stopping.wait(self.pause_seconds)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Finish what is in hand, then stop."""
        self.stopping.set()

    def _beat(self) -> None:
        """Say every ten seconds that this worker lives; when told to stop, see that it really does."""
        pause = 0.0
        while not self.stopping.wait(pause):
            pause = SEEN_EVERY_SECONDS
            try:
                self._show()
            except (DatabaseError, InterfaceError):
                drop_connection()
        time.sleep(STOP_GRACE_SECONDS)
        running = self.keeper.running
        if running is not None:
            logger.warning("worker %s: job %s handed back, the worker stops", self.id, running.job.id)
            self._hand_back(running)
            os._exit(0)

    def _hand_back(self, running: Running) -> None:
        """Let another worker have the job; if the database is away, its lease will lapse."""
        try:
            leasing.hand_back(job_id=running.job.id, worker_id=self.id)
            WorkerRow.objects.filter(id=self.id).delete()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("worker %s: the job could not be handed back: %s", self.id, reason(error))

    def _show(self) -> None:
        """Write the heartbeat; forget workers not heard of for a day."""
        now = database_now()
        about = {"queues": ",".join(self.queues), "host": socket.gethostname()[:200], "pid": os.getpid()}
        WorkerRow.objects.update_or_create(
            id=self.id, defaults={"seen_at": now}, create_defaults={**about, "started_at": now, "seen_at": now}
        )
        WorkerRow.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()

    def _say_goodbye(self) -> None:
        """Take the worker's row away."""
        try:
            WorkerRow.objects.filter(id=self.id).delete()
        except (DatabaseError, InterfaceError):
            drop_connection()
        logger.info("worker %s: stopped", self.id)
