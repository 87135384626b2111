"""Brings one import from a staged file into force, or back out of the archive when that fails."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext_noop

from guanxi.core import clock, events, locks, planner_statistics
from guanxi.core.errors import Busy, GuanxiError, InvalidInput
from guanxi.core.models import Operation
from guanxi.core.sentences import gettext as _
from guanxi.core.sentences import kept
from guanxi.importing import claims, erased
from guanxi.importing.choices import ImportState
from guanxi.importing.engine import faults, uploaded
from guanxi.importing.engine.journal import journal_updates
from guanxi.importing.engine.pace import Pace, in_steps, modest_memory
from guanxi.importing.engine.staging import Progress, Staging
from guanxi.importing.events import ImportCommitted
from guanxi.importing.models import Import
from guanxi.importing.targets import ImportTarget, Writer, targets

logger = logging.getLogger("guanxi.importing")

CUT_SHORT = {"code": gettext_noop("The import was cut short; nothing of it counts.")}

# One lock for all imports: they all make customers, and an undo must not meet an import.
LOCK = "import"
LEASE_SECONDS = 10.0
# A little longer than the lease, so that a rerun waits for the lock of a run that was killed.
PATIENCE_SECONDS = 14.0


@contextmanager
def held_lock(about: str) -> Iterator[locks.HeldLock]:
    """The lock under which imports write; a dead holder is waited for, a living one is not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        manager = locks.hold(LOCK, lease_seconds=LEASE_SECONDS, about=about)
        try:
            lock = manager.__enter__()
            break
        except Busy:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.25)
    try:
        yield lock
    except BaseException as error:
        if not manager.__exit__(type(error), error, error.__traceback__):
            raise
    else:
        manager.__exit__(None, None, None)


def write(*, run: Import, target: ImportTarget, staging: Staging, lock: locks.HeldLock, progress: Progress) -> None:
    """Write the staged rows and put them in force; what fails on the way is taken out again."""
    writer = target.writer(run)
    if run.state != ImportState.WRITING:
        _update(run, erased_rows=erased.rows_naming(run, target, staging.rows))
    staging.rows, left_out_minor = erased.left_out_of(run, target, staging.rows)
    staging.amount_minor -= left_out_minor
    if not staging.rows.count:
        raise InvalidInput(_("Every row names somebody who was erased: nothing is left to import."))
    try:
        with faults.told(), modest_memory():
            _write_rows(run, writer, staging, lock, progress)
            _put_in_force(run, target, writer, staging, lock)
    except faults.DiskFull:
        # Deleting needs room too: the rows stay, held back, until a rerun goes on or another import clears them.
        _note_error(run)
        raise
    except GuanxiError as error:
        if not isinstance(error, locks.LostLock):
            roll_back(run, lock, fault=kept(error))
        raise
    uploaded.forget_rows(run)
    planner_statistics.refresh_after(staging.rows.count)


def _write_rows(run: Import, writer: Writer, staging: Staging, lock: locks.HeldLock, progress: Progress) -> None:
    """Every staged row that was not written before, in chunks."""
    pace = Pace()
    total = staging.rows.count
    writer.prepare(staging.rows)
    done = run.rows_done if run.state == ImportState.WRITING else 0
    with pace.chunk(lock):
        _update(run, state=ImportState.WRITING, rows_total=total, rows_done=done, error="", fault=None)
    for chunk in pace.slices(staging.rows.batches(), skip=done):
        count = len(chunk["row"])
        writer.ready(chunk)
        with pace.chunk(lock, count):
            writer.write(chunk)
            _update(run, rows_done=done + count)
        done += count
        progress("writing", done, total)
    in_steps(writer.settle(), pace, lock)


def _put_in_force(run: Import, target: ImportTarget, writer: Writer, staging: Staging, lock: locks.HeldLock) -> None:
    """The one short step after which the rows count."""
    counts = writer.counts()
    with transaction.atomic():
        lock.check()
        operation = Operation.objects.create(
            name=f"importing.import_{target.key}",
            actor=run.by,
            actor_name=run.by_name,
            means="import",
            at=clock.now(),
        )
        writer.put_in_force()
        journal_updates(run, operation)
        writer.journal(operation)
        _update(
            run,
            state=ImportState.IN_FORCE,
            operation=operation,
            committed_at=clock.now(),
            counts=counts,
            rows_stored=staging.rows.count,
            amount_minor=staging.amount_minor,
            error="",
            fault=None,
        )
        events.publish(ImportCommitted(import_id=run.pk, target=target.key))


def roll_back(run: Import, lock: locks.HeldLock, *, fault: dict[str, Any]) -> None:
    """Take what an unfinished import wrote out of the archive; it never counted."""
    undoer = targets[run.target].undoer(run)
    in_steps(undoer.remove(), Pace(), lock, worker=undoer)
    in_steps(claims.forget(run), Pace(), lock)
    with transaction.atomic():
        run.updates.all().delete()
        _update(run, state=ImportState.FAILED, error="", fault=fault, rows_done=0)
    uploaded.forget_rows(run)


def clear_unfinished(lock: locks.HeldLock, *, but: Import | None = None) -> None:
    """Roll back imports whose process died, and finish undos that were cut short; we hold the lock, so none lives."""
    from guanxi.importing.engine.undoing import finish_removal  # undoing builds on this module

    dead = Import.objects.filter(state=ImportState.CHECKING, means="cli").exclude(pk=but.pk if but else 0)
    if dead.exists():
        dead.update(state=ImportState.FAILED, fault=CUT_SHORT)
    unfinished = Import.objects.filter(state__in=[ImportState.WRITING, ImportState.UNDOING]).order_by("id")
    for run in unfinished.exclude(pk=but.pk if but else 0):
        if run.target not in targets:
            continue
        if run.state == ImportState.UNDOING:
            finish_removal(run, lock)
        else:
            logger.warning("import %s was cut short and is taken out of the archive", run.pk)
            roll_back(run, lock, fault=run.fault or CUT_SHORT)


def _note_error(run: Import) -> None:
    """Leave a word on the import, if there is room for one."""
    try:
        Import.objects.filter(pk=run.pk).update(fault=kept(faults.DiskFull()))
    except (DatabaseError, OSError):
        logger.warning("import %s: not even the error could be noted", run.pk)


def _update(run: Import, **values: object) -> None:
    """Set fields of the import, here and in the database."""
    for name, value in values.items():
        setattr(run, name, value)
    Import.objects.filter(pk=run.pk).update(**values)
