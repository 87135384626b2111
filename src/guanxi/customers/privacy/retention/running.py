"""The run itself: batch by batch, each with its place in one transaction, to be gone on with wherever it stopped."""

import time

from django.db import transaction
from django.db.models.deletion import ProtectedError
from django.utils.translation import gettext as _

from guanxi.core import changes, clock, jobs, locks
from guanxi.core.actor import system_actor
from guanxi.core.errors import Busy, Conflict, GuanxiError
from guanxi.core.ids import public_id
from guanxi.core.retention import Ending, Kind, Part
from guanxi.customers.choices import RetentionState, WorkState
from guanxi.customers.models import Customer, Erasure, RetentionRun
from guanxi.customers.privacy.erasing import acting
from guanxi.customers.privacy.retention import previewing, requesting, rules
from guanxi.importing.engine.pace import Pace

# A job goes on for so long, then lets other work have its turn.
SLICE_SECONDS = 15.0
PEOPLE_AT_ONCE = 20
NAMED = 100
GOING = (RetentionState.WAITING, RetentionState.RUNNING)


def go_on(run_id: int, slice_seconds: float = SLICE_SECONDS) -> bool:
    """Do a slice of a run, one batch at least; whether there is more to do."""
    row = RetentionRun.objects.filter(pk=run_id, state__in=GOING).first()
    if row is None:
        return False
    with locks.hold(f"retention:{row.kind}", about="retention") as lock:
        run = _start(run_id)
        if run is None:
            return False
        kind = rules.kind_of(run.kind)
        pace, began = Pace(), time.monotonic()
        try:
            while True:
                going = _people(run, lock) if kind.ending == Ending.ERASE else _rows(run, kind, pace, lock)
                if going is None:
                    return False
                run = going
                if time.monotonic() - began >= slice_seconds:
                    return True
        except Busy:
            raise
        except GuanxiError as error:
            _fail(run_id, str(error))
            return False


def _start(run_id: int) -> RetentionRun | None:
    """The run as it stands, marked as begun; None when it was stopped meanwhile."""
    with transaction.atomic():
        run = _mine(run_id)
        if run is not None and run.state == RetentionState.WAITING:
            run.state, run.started_at = RetentionState.RUNNING, clock.now()
            run.save(update_fields=["state", "started_at"])  # house: writes: how the work stands
        return run


def _mine(run_id: int) -> RetentionRun | None:
    """The run, kept from changing in this transaction, while it goes on."""
    return RetentionRun.objects.select_for_update().filter(pk=run_id, state__in=GOING).first()


def _rows(run: RetentionRun, kind: Kind, pace: Pace, lock: locks.HeldLock) -> RetentionRun | None:
    """One batch of rows that are deleted or stripped; None when there is nothing left or the run was stopped."""
    batch = pace.size
    with pace.chunk(lock, batch):
        row = _mine(run.pk)
        if row is None:
            return None
        requesting.refuse_early(row)
        if row.part >= len(kind.parts):
            _finish(row)
            return None
        part = kind.parts[row.part]
        numbers = _next(part, row, batch)
        if numbers:
            _end(part, row, numbers)
        else:
            row.part, row.last_id = row.part + 1, 0
        row.save(update_fields=["part", "last_id", "count", "counts"])  # house: writes: how the work stands
        previewing.tell(row)
        return row


def _next(part: Part, run: RetentionRun, size: int) -> list[int]:
    """The numbers of the next rows that end."""
    ends, _held = previewing.past(part, run)
    rows = ends.filter(pk__gt=run.last_id, pk__lte=previewing.upper(part, run)).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:size])


def _end(part: Part, run: RetentionRun, numbers: list[int]) -> None:
    """End some rows and note it, all of it part of the run's one operation."""
    if run.operation is None:
        raise RuntimeError("a run has its operation from when it was confirmed")
    in_hand = changes.going_on(run.operation)
    counts = part.finish(in_hand, numbers)
    in_hand.flush()
    run.last_id = numbers[-1]
    run.count += len(numbers)
    run.counts = {**run.counts, **{name: run.counts.get(name, 0) + number for name, number in counts.items()}}


def _people(run: RetentionRun, lock: locks.HeldLock) -> RetentionRun | None:
    """Some people erased, each with a certificate of their own; None when there is nobody left."""
    kind = rules.kind_of(run.kind)
    if run.part >= len(kind.parts):
        with transaction.atomic():
            row = _mine(run.pk)
            if row is not None:
                _finish(row)
        return None
    part = kind.parts[run.part]
    requesting.refuse_early(run)
    numbers = _next(part, run, PEOPLE_AT_ONCE)
    for number in numbers:
        lock.check()
        jobs.check()
        reason = _erase(run, part, number)
        noted = _note_person(run.pk, number, reason)
        if noted is None:
            return None
        run = noted
    with transaction.atomic():
        row = _mine(run.pk)
        if row is None:
            return None
        # From the certificates, so that nobody is counted twice when the work was interrupted.
        row.count = row.erasures.filter(state=WorkState.DONE).count()
        row.counts = {"customers.Customer": row.count}
        row.save(update_fields=["count", "counts"])  # house: writes: how the work stands
        run = row
    if not numbers:
        with transaction.atomic():
            row = _mine(run.pk)
            if row is None:
                return None
            row.part, row.last_id = row.part + 1, 0
            row.save(update_fields=["part", "last_id"])  # house: writes: how the work stands
            run = row
    return run


def _erase(run: RetentionRun, part: Part, number: int) -> str:
    """Erase one person, or go on with it; why it could not be done, '' when it was."""
    customer = Customer.everything.filter(pk=number, erased_at__isnull=True).first()
    if customer is None:
        return ""
    try:
        unfinished = Erasure.objects.filter(customer_id=number).exclude(state=WorkState.DONE).first()
        if unfinished is None:
            with transaction.atomic():
                acting.refuse_held(number)
                if not part.rows(run.before).filter(pk=number).exists():
                    return _("There was activity meanwhile.")
                unfinished = acting.begin(
                    system_actor("job", run.confirmed_by_name or run.by_name),
                    customer,
                    _("The period of retention is over: run %(number)d.") % {"number": run.pk},
                    "company",
                )
                unfinished.retention_run = run
                unfinished.save(update_fields=["retention_run"])  # house: writes: a row made a line above
        acting.carry_out(unfinished.pk)
    except Busy:
        return _("Somebody else is erasing this person.")
    except ProtectedError:
        return _("Other records depend on it.")
    except Conflict as error:
        return str(error)
    return ""


def _note_person(run_id: int, number: int, reason: str) -> RetentionRun | None:
    """Note that somebody was gone through."""
    with transaction.atomic():
        run = _mine(run_id)
        if run is None:
            return None
        run.last_id = number
        run.count += not reason
        run.counts = {"customers.Customer": run.count}
        if reason:
            run.left_count += 1
            run.left = [*run.left, {"id": public_id("cus", number), "why": reason[:200]}][:NAMED]
        run.save(  # house: writes: how the work stands
            update_fields=["last_id", "count", "counts", "left", "left_count"]
        )
        previewing.tell(run)
        return run


def _finish(run: RetentionRun) -> None:
    """The run is done, and the journal says how much went."""
    _close(run, RetentionState.DONE, "")


def _fail(run_id: int, error: str) -> None:
    """The run cannot go on."""
    with transaction.atomic():
        run = _mine(run_id)
        if run is not None:
            _close(run, RetentionState.FAILED, error)


def _close(run: RetentionRun, state: RetentionState, error: str) -> None:
    """Note the end of a run."""
    with changes.operation(actor=system_actor("job"), name="privacy.retention_ended") as op:
        op.update(run, state=state, ended_at=clock.now(), error=error[:500])
        op.record(kind="retentionrun", record_id=run.pk, field="count", before=0, after=run.count)
    previewing.tell(run)
