"""Doing one job: its function, the lease kept alive beside it, its outcome written."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django_tasks import TaskContext
from django_tasks.base import Task
from django_tasks.utils import normalize_json

from guanxi.core import events
from guanxi.core.database_away import drop_connection, is_away
from guanxi.core.jobs import leasing
from guanxi.core.jobs.backend import result_of
from guanxi.core.jobs.policy import GiveUp, HandBack, Policy, policy_of
from guanxi.core.leases import holder_name
from guanxi.core.models.jobs import Job

logger = logging.getLogger("guanxi.jobs")

QUEUES = ("now", "default", "long")


class Running:
    """The job that a worker has in hand: still ours, and is the worker to stop?"""

    def __init__(self, job: Job, worker_id: str, lease_seconds: float, stopping: threading.Event | None = None) -> None:
        """Start with a fresh lease."""
        self.job = job
        self.worker_id = worker_id
        self.lease_seconds = lease_seconds
        self.stopping = stopping or threading.Event()
        self.over = threading.Event()
        self.is_lost = False

    def check(self) -> None:
        """Raise HandBack when the job is no longer ours or the worker is to stop."""
        if self.is_lost or self.stopping.is_set():
            raise HandBack(self.job.id)

    def keep(self) -> None:
        """Renew the lease until the job is over; runs in a thread with its own connection."""
        while not self.over.wait(self.lease_seconds / 4):
            try:
                renewed = leasing.renew(job_id=self.job.id, worker_id=self.worker_id, lease_seconds=self.lease_seconds)
            except Exception as error:
                if not is_away(error):
                    logger.exception("job %s: the lease could not be renewed", self.job.id)
                drop_connection()
                continue
            if not renewed and not self.over.is_set():
                logger.error("job %s %s: lost to another worker", self.job.id, self.job.task)
                self.is_lost = True
                break
        drop_connection()


_running: ContextVar[Running | None] = ContextVar("running", default=None)


def check() -> None:
    """Call this now and then in a long job: raises HandBack when it is to stop here and go on in another worker."""
    running = _running.get()
    if running is not None:
        running.check()


@contextmanager
def _kept(running: Running) -> Iterator[None]:
    """Keep the lease alive beside the block, and make the job known to `check`."""
    token = _running.set(running)
    # Inside a test's transaction no other connection can see the job.
    if not connection.in_atomic_block:
        threading.Thread(target=running.keep, name=f"lease {running.job.id[:8]}", daemon=True).start()
    try:
        yield
    finally:
        running.over.set()
        _running.reset(token)


def execute(running: Running) -> bool:
    """Do the job and write its outcome; whether it succeeded."""
    job, worker_id = running.job, running.worker_id
    policy = Policy()
    started = time.monotonic()
    with _kept(running):
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
            if not leasing.finish(job=job, worker_id=worker_id, return_value=value):
                raise HandBack(job.id)
        return True
    value = normalize_json(task.call(*args, **job.kwargs))
    return _insist(lambda: leasing.finish(job=job, worker_id=worker_id, return_value=value), running)


def _insist(write: Any, running: Running) -> bool:
    """Write a job's outcome however long the database is away: the work itself is done."""
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
    worker_id = holder_name()
    done = 0
    while limit is None or done < limit:
        delivered = events.deliver_pending() if queue in (None, "now") else 0
        job = leasing.claim(queues=queues, worker_id=worker_id, lease_seconds=leasing.LEASE_SECONDS)
        if job is None and not delivered:
            return done
        if job is not None:
            execute(Running(job, worker_id, leasing.LEASE_SECONDS))
            done += 1
    return done
