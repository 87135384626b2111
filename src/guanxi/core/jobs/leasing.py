"""Taking, keeping and giving back jobs; every step holds only while the lease is the worker's own."""

import logging
import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from guanxi.core.compiled import Compiled
from guanxi.core.jobs.policy import Policy
from guanxi.core.leases import database_now, lives_here
from guanxi.core.models.jobs import Job, JobStatus

logger = logging.getLogger("guanxi.jobs")

LEASE_SECONDS = 20.0
_KEPT_ERRORS = 5
_KEPT_WORKERS = 20


def claim(*, queues: Sequence[str], worker_id: str, lease_seconds: float, may_reclaim: bool = True) -> Job | None:
    """Take the most urgent job that is due, or one whose worker has died; None when there is none."""
    if may_reclaim:
        now = database_now()
        job = _take_over(queues, worker_id, now + timedelta(seconds=lease_seconds), now)
        if job is not None:
            return job
    if not _is_any_due(tuple(queues)):  # a look costs no write lock
        return None
    now = database_now()
    until = now + timedelta(seconds=lease_seconds)
    due = Job.objects.filter(status=JobStatus.READY, queue__in=queues, run_after__lte=now)
    with transaction.atomic():
        job = _unlocked(due.order_by("-priority", "run_after", "enqueued_at")).first()
        return _lease(job, worker_id, until, now) if job is not None else None


def _is_any_due(queues: tuple[str, ...]) -> bool:
    """Whether a job waits whose time has come, by the clock by which leases are given."""
    ready = _ready(queues)
    if connection.vendor == "postgresql":
        return bool(ready.due_there.rows())
    return bool(ready.due_by.rows(database_now()))


class _Ready:
    """Looks at the jobs that wait in some queues, each written once."""

    def __init__(self, queues: tuple[str, ...]) -> None:
        """Nothing is asked yet."""
        waiting = partial(Job.objects.filter, status=JobStatus.READY, queue__in=queues)
        self.due_there = Compiled(lambda: waiting(run_after__lte=Now()).values_list("pk")[:1])
        self.due_by = Compiled(lambda now: waiting(run_after__lte=now).values_list("pk")[:1], datetime)
        self.next = Compiled(lambda: waiting().order_by("run_after").values_list("run_after")[:1])


@cache
def _ready(queues: tuple[str, ...]) -> _Ready:
    """The looks at some queues."""
    return _Ready(queues)


def _take_over(queues: Sequence[str], worker_id: str, until: datetime, now: datetime) -> Job | None:
    """Take a job whose worker has not been heard of for a lease."""
    lapsed = Job.objects.filter(status=JobStatus.RUNNING, queue__in=queues, lease_until__lt=now)
    for job_id, holder, ended in lapsed.order_by("lease_until").values_list("id", "lease_by", "lease_until")[:20]:
        if ended is None or _still_lives(holder, silent=now - ended, lease=until - now):
            continue
        with transaction.atomic():
            job = _unlocked(lapsed.filter(id=job_id)).first()
            if job is None:
                continue
            logger.warning("job %s %s: worker %s is gone", job.id, job.task, job.lease_by)
            if job.tries < job.max_tries:
                return _lease(job, worker_id, until, now)
            text = f"The worker {job.lease_by} died in this job, which had no tries left."
            lost = {"exception_class_path": "guanxi.core.jobs.policy.WorkerLost", "traceback": text}
            _end(job, JobStatus.FAILED, now, error=lost)
    return None


def _still_lives(holder: str, *, silent: timedelta, lease: timedelta) -> bool:
    """Whether a silent worker is at work all the same: on SQLite a foreign lock may keep it from renewing its lease.

    There everybody is on one machine and can be looked for; a process that hangs for ten leases counts as dead.
    """
    if connection.vendor != "sqlite" or silent > 10 * lease:
        return False
    return lives_here(holder)


def _unlocked(rows: QuerySet[Job]) -> QuerySet[Job]:
    """Rows that no other worker is about to take."""
    return rows.select_for_update(skip_locked=True) if connection.vendor == "postgresql" else rows


def _lease(job: Job, worker_id: str, until: datetime, now: datetime) -> Job:
    """Give the job to a worker."""
    job.status = JobStatus.RUNNING
    job.started_at = job.started_at or now
    job.last_attempted_at = now
    job.tries += 1
    job.worker_ids = [*job.worker_ids, worker_id][-_KEPT_WORKERS:]
    job.lease_by = worker_id
    job.lease_until = until
    job.save(
        update_fields=["status", "started_at", "last_attempted_at", "tries", "worker_ids", "lease_by", "lease_until"]
    )
    return job


def renew(*, job_id: str, worker_id: str, lease_seconds: float) -> bool:
    """Keep a job for another lease; False when it is no longer ours."""
    until = database_now() + timedelta(seconds=lease_seconds)
    return _mine(job_id, worker_id).update(lease_until=until) == 1


def finish(*, job: Job, worker_id: str, return_value: Any) -> bool:
    """Mark a job done; False when it is no longer ours."""
    ended = {"status": JobStatus.SUCCESSFUL, "finished_at": database_now(), "lease_by": "", "lease_until": None}
    return _mine(job.id, worker_id).update(return_value=return_value, **ended) == 1


def fail(*, job: Job, worker_id: str, error: BaseException, policy: Policy, is_final: bool) -> bool:
    """Put a failed job off for another try, or mark it failed; False when it is no longer ours."""
    with transaction.atomic():
        held = _mine(job.id, worker_id).select_for_update().first()
        if held is None:
            return False
        kept = _error(error)
        now = database_now()
        if is_final or held.tries >= held.max_tries:
            _end(held, JobStatus.FAILED, now, error=kept)
        else:
            held.errors = [*held.errors, kept][-_KEPT_ERRORS:]
            _back_to_ready(held, now + policy.pause_before_try(held.tries))
    return True


def hand_back(*, job_id: str, worker_id: str) -> bool:
    """Let another worker start the job at once; the try does not count. False when it is no longer ours."""
    with transaction.atomic():
        held = _mine(job_id, worker_id).select_for_update().first()
        if held is None:
            return False
        held.tries = max(0, held.tries - 1)
        _back_to_ready(held, database_now())
    return True


def next_due(queues: Sequence[str]) -> datetime | None:
    """When the next waiting job of these queues is due."""
    row = _ready(tuple(queues)).next.first()
    return row[0] if row is not None else None


def _mine(job_id: str, worker_id: str) -> QuerySet[Job]:
    """The job, as long as this worker holds it."""
    return Job.objects.filter(id=job_id, lease_by=worker_id, status=JobStatus.RUNNING)


def _back_to_ready(job: Job, run_after: datetime) -> None:
    """Let the job wait again; when another waits under its unique key by now, this one gives up the key."""
    waits = Job.objects.filter(unique_key=job.unique_key, status=JobStatus.READY)
    if job.unique_key is not None and waits.exists():
        job.unique_key = None
    job.status = JobStatus.READY
    job.run_after = run_after
    job.lease_by = ""
    job.lease_until = None
    job.save()


def _end(job: Job, status: JobStatus, now: datetime, *, error: dict[str, str] | None = None) -> None:
    """Write the job's end."""
    job.status = status
    job.finished_at = now
    job.lease_by = ""
    job.lease_until = None
    if error:
        job.errors = [*job.errors, error][-_KEPT_ERRORS:]
    job.save()


def _error(error: BaseException) -> dict[str, str]:
    """An exception as the job's row keeps it."""
    kind = type(error)
    text = "".join(traceback.format_exception(error))
    return {"exception_class_path": f"{kind.__module__}.{kind.__qualname__}", "traceback": text[-8000:]}
