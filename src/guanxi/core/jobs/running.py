"""Doing one job: its function, the lease kept alive beside it, its outcome written."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django_tasks import TaskContext
from django_tasks.base import Task
from django_tasks.utils import normalize_json

from guanxi.core import events, whereabouts
from guanxi.core.database_away import drop_connection, is_away
from guanxi.core.events.passing import carrying
from guanxi.core.jobs import leasing
from guanxi.core.jobs.backend import result_of
from guanxi.core.jobs.policy import GiveUp, HandBack, Policy, policy_of
from guanxi.core.leases import holder_name
from guanxi.core.models.jobs import Job

logger = logging.getLogger("guanxi.jobs")

# `outside` is for calls to other systems, which may be slow to answer and must hold up nothing of our own.
QUEUES = ("now", "default", "long", "outside")


class Running:
    """The job that a worker has in hand: still ours, and is the worker to stop?"""

    def __init__(self, job: Job, worker_id: str, lease_seconds: float, stopping: threading.Event | None = None) -> None:
        """Start with a fresh lease."""
        self.job = job
        self.worker_id = worker_id
        self.lease_seconds = lease_seconds
        self.stopping = stopping or threading.Event()
        self.is_over = False
        self.is_lost = False

    def check(self) -> None:
        """Raise HandBack when the job is no longer ours or the worker is to stop."""
        if self.is_lost or self.stopping.is_set():
            raise HandBack(self.job.id)

    def renew(self) -> None:
        """Keep the job for another lease, or learn that it was lost."""
        try:
            renewed = leasing.renew(job_id=self.job.id, worker_id=self.worker_id, lease_seconds=self.lease_seconds)
        except Exception as error:
            if not is_away(error):
                logger.exception("job %s: the lease could not be renewed", self.job.id)
            drop_connection()
            return
        # A job that ended a moment ago has no lease any more either.
        if not renewed and not self.is_over:
            logger.error("job %s %s: lost to another worker", self.job.id, self.job.task)
            self.is_lost = True


class Keeper:
    """A thread with its own connection that renews the lease of the job in hand."""

    def __init__(self, lease_seconds: float) -> None:
        """Nothing is in hand yet."""
        self.lease_seconds = lease_seconds
        self.running: Running | None = None
        self.stopping = threading.Event()

    def __enter__(self) -> Self:
        """Start the thread."""
        # Inside a test's transaction no other connection can see the job.
        if not connection.in_atomic_block:
            threading.Thread(target=self._keep, name="lease keeper", daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Let the thread end."""
        self.stopping.set()

    def execute(self, running: Running) -> bool:
        """Do a job while its lease is kept; whether it succeeded."""
        self.running = running
        try:
            return execute(running)
        finally:
            self.running = None

    def _keep(self) -> None:
        """Renew in time until stopped."""
        while not self.stopping.wait(self.lease_seconds / 4):
            running = self.running
            if running is not None and not running.is_over and not running.is_lost:
                running.renew()
        drop_connection()


_running: ContextVar[Running | None] = ContextVar("running", default=None)


def check() -> None:
    """Call this now and then in a long job: raises HandBack when it is to stop here and go on in another worker."""
    running = _running.get()
    if running is not None:
        running.check()


@contextmanager
def _known(running: Running) -> Iterator[None]:
    """Make the job known to `check` during the block."""
    token = _running.set(running)
    try:
        yield
    finally:
        running.is_over = True
        _running.reset(token)


def execute(running: Running) -> bool:
    """Do the job and write its outcome; whether it succeeded."""
    job, worker_id = running.job, running.worker_id
    policy = Policy()
    started = time.monotonic()
    with _known(running), whereabouts.in_job(job.task), carrying(job.passed):
        try:
            task: Task[Any, Any] = import_string(job.task)
            policy = policy_of(task.func)
            done = _call(task, running, is_atomic=policy.is_atomic)
        except HandBack:
            drop_connection()
            _insist(lambda: leasing.hand_back(job_id=job.id, worker_id=worker_id), running)
            logger.info("job %s %s: handed back", job.id, job.task)
            return False
        except Exception as failure:
            error = failure  # the name of an except clause is gone after it
            is_final = isinstance(error, GiveUp) or _is_missing(error, job)
            drop_connection()
            _insist(
                lambda: leasing.fail(job=job, worker_id=worker_id, error=error, policy=policy, is_final=is_final),
                running,
            )
            logger.exception("job %s %s: try %d of %d failed", job.id, job.task, job.tries, job.max_tries)
            return False
        if not done:
            logger.error("job %s %s: finished, but it had been taken over meanwhile", job.id, job.task)
            return False
    logger.info("job %s %s: done in %.2f s", job.id, job.task, time.monotonic() - started)
    return True


def _call(task: Task[Any, Any], running: Running, *, is_atomic: bool) -> bool:
    """Call the job's function and mark the job done, in one transaction where the policy says so."""
    job, worker_id = running.job, running.worker_id
    args = list(job.args)
    if task.takes_context:
        args.insert(0, TaskContext(task_result=result_of(job, task=task, backend=task.backend)))
    if is_atomic:
        with transaction.atomic():
            value = normalize_json(task.call(*args, **job.kwargs))
            running.is_over = True
            if not leasing.finish(job=job, worker_id=worker_id, return_value=value):
                raise HandBack(job.id)
        return True
    value = normalize_json(task.call(*args, **job.kwargs))
    return _insist(lambda: leasing.finish(job=job, worker_id=worker_id, return_value=value), running)


def _insist(write: Any, running: Running) -> bool:
    """Write a job's outcome however long the database is away: the work itself is done."""
    running.is_over = True
    while True:
        try:
            return bool(write())
        except Exception as error:
            if not is_away(error) or connection.in_atomic_block:
                raise
            logger.warning("job %s: the database is away, its outcome waits: %s", running.job.id, error)
            drop_connection()
            if running.stopping.wait(1):
                raise


def _is_missing(error: Exception, job: Job) -> bool:
    """Whether the job's function itself is no longer in the code."""
    if not isinstance(error, ImportError):
        return False
    return error.name is None or job.task.startswith(error.name)


def run_pending(queue: str | None = None, *, limit: int | None = None) -> int:
    """Do every job that is due, and deliver events, in this process; the number of jobs done."""
    queues: Sequence[str] = (queue,) if queue else tuple(settings.TASKS["default"].get("QUEUES", QUEUES))
    worker_id, lease_seconds = holder_name(), leasing.LEASE_SECONDS
    done = 0
    with Keeper(lease_seconds) as keeper:
        while limit is None or done < limit:
            job = leasing.claim(queues=queues, worker_id=worker_id, lease_seconds=lease_seconds, may_reclaim=not done)
            if job is not None:
                keeper.execute(Running(job, worker_id, lease_seconds))
                done += 1
            elif queue not in (None, "now") or not events.deliver_pending():
                return done
    return done
