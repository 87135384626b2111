"""What is known of backups, for pages and for `guanxi check`."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from guanxi.core import access, clock
from guanxi.core.actor import Actor
from guanxi.core.backup import jobs
from guanxi.core.models.backups import BackupRun, RunKind, RunState
from guanxi.core.models.jobs import Job, JobStatus

SHOWN = 30
OLD_DAYS = 2


def latest_runs(actor: Actor) -> list[BackupRun]:
    """The latest backups, drills and restores."""
    access.require(actor, "backup", "manage")
    return list(BackupRun.objects.order_by("-started_at", "-pk")[:SHOWN])


def standing(actor: Actor) -> dict[str, Any]:
    """The last good backup, the last verified one, and whether something is wrong."""
    access.require(actor, "backup", "manage")
    done = BackupRun.objects.filter(kind=RunKind.BACKUP, state=RunState.DONE, is_masked=False).order_by("-started_at")
    last = done.first()
    newest = BackupRun.objects.exclude(state=RunState.RUNNING).order_by("-started_at").first()
    return {
        "last": last,
        "verified": done.filter(verified_at__isnull=False).first(),
        "is_old": last is not None and last.started_at < clock.now() - timedelta(days=OLD_DAYS),
        "failed": newest if newest is not None and newest.state == RunState.FAILED else None,
    }


def is_busy(runs: Iterable[BackupRun]) -> bool:
    """Whether one of these backups and drills is being made, or one waits for a worker."""
    waits = Job.objects.filter(unique_key=jobs.KEY, status__in=(JobStatus.READY, JobStatus.RUNNING))
    return any(run.state == RunState.RUNNING for run in runs) or waits.exists()
