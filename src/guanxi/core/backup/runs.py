"""Backups, drills and restores as acts: each leaves a row that says how it went, for the pages and `guanxi check`."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from guanxi.core import clock, locks
from guanxi.core.actor import Actor
from guanxi.core.backup import hooks, restoring, writing
from guanxi.core.backup.errors import AskedWrongly
from guanxi.core.backup.keys import Keys, Locks
from guanxi.core.backup.masked import MaskedCopy
from guanxi.core.backup.restoring import Outcome
from guanxi.core.backup.writing import Made, Say
from guanxi.core.checkup import checks, standing
from guanxi.core.jobs.policy import HandBack
from guanxi.core.models.backups import BackupRun, RunKind, RunReason, RunState

LOCK = "backup"


def back_up(
    path: Path,
    *,
    actor: Actor,
    locks_on: Locks,
    is_masked: bool = False,
    reason: RunReason = RunReason.BY_HAND,
    say: Say | None = None,
    check: Say | None = None,
) -> Made:
    """Make a backup and note it; the schema may be an earlier one, which has no place for notes."""
    masking: hooks.Masking | None = MaskedCopy() if is_masked else None
    with _noted(RunKind.BACKUP, reason, path, actor) as run, _alone(run):
        made = writing.make(path, locks=locks_on, masking=masking, say=say, check=check)
        if run is not None:
            run.made_at, run.size, run.row_count = made.made_at, made.size, made.rows
            run.is_encrypted, run.is_masked = made.is_encrypted, made.is_masked
    return made


def rehearse(
    path: Path,
    *,
    actor: Actor,
    keys: Keys,
    reason: RunReason = RunReason.BY_HAND,
    say: Say | None = None,
    check: Say | None = None,
) -> Outcome:
    """Restore a backup into a scratch place, compare, and note that it was verified."""
    with _noted(RunKind.DRILL, reason, path, actor) as run, _alone(run):
        outcome = restoring.drill(path, keys=keys, say=say, check_in=check)
        if run is not None:
            run.made_at, run.row_count, run.size = outcome.made_at, outcome.rows, path.stat().st_size
            run.verified_at = clock.now()
            BackupRun.objects.filter(kind=RunKind.BACKUP, state=RunState.DONE, path=str(path.absolute())).update(
                verified_at=run.verified_at
            )
    return outcome


def note_restore(path: Path, *, actor: Actor, outcome: Outcome) -> None:
    """Note, in the restored system, where its data come from."""
    now = clock.now()
    BackupRun.objects.create(
        kind=RunKind.RESTORE,
        reason=RunReason.BY_HAND,
        state=RunState.DONE,
        path=str(path.absolute())[:1000],
        by_name=actor.name[:150],
        started_at=now,
        ended_at=now,
        made_at=outcome.made_at,
        size=path.stat().st_size,
        row_count=outcome.rows,
    )


def has_place() -> bool:
    """Whether the database is recent enough to keep notes."""
    try:
        return ("core", "0008_backup_run") in MigrationExecutor(connection).loader.applied_migrations
    except (DatabaseError, InconsistentMigrationHistory):
        return False


def _told(error: BaseException) -> str:
    """What went wrong, for the page."""
    if isinstance(error, HandBack):
        return _("The worker was stopped; the backup is begun again.")
    return (str(error) or type(error).__name__)[:2000]


@contextmanager
def _noted(kind: RunKind, reason: RunReason, path: Path, actor: Actor) -> Iterator[BackupRun | None]:
    """A row for the act: running, then done or failed with the reason."""
    if not has_place():
        yield None
        return
    run = BackupRun.objects.create(
        kind=kind, reason=reason, path=str(path.absolute())[:1000], by_name=actor.name[:150], started_at=clock.now()
    )
    try:
        yield run
    except BaseException as error:
        # The database itself may be what is away; the error of the act is the one to tell.
        with suppress(DatabaseError):
            if isinstance(error, AskedWrongly) and actor.means != "job":
                run.delete()  # whoever asked is told, and asks otherwise
                raise
            BackupRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, ended_at=clock.now(), error=_told(error))
            if kind != RunKind.RESTORE and not isinstance(error, HandBack):
                standing.look(checks["backups"])  # has those who look after the installation told
        raise
    run.state, run.ended_at = RunState.DONE, clock.now()
    run.save()


@contextmanager
def _alone(run: BackupRun | None) -> Iterator[None]:
    """One backup or drill at a time."""
    if run is None or connection.in_atomic_block:
        yield
        return
    with locks.hold(LOCK, about=f"{run.get_kind_display()} {run.path}"):
        # Nobody else is at it: what is said to be running belongs to a program that ended in the middle.
        others = BackupRun.objects.filter(state=RunState.RUNNING).exclude(pk=run.pk)
        others.update(state=RunState.FAILED, ended_at=clock.now(), error=_("The program ended in the middle."))
        yield
