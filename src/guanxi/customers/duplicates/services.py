"""Scans of the whole base, pairs kept current, and what people decided."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guanxi.core import access, bulk, changes, clock, jobs, live, locks
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, GuanxiError, InvalidInput
from guanxi.customers.duplicates import engine, reading
from guanxi.customers.duplicates.engine import Pair
from guanxi.customers.models import Customer, DuplicateDecision, DuplicatePair, DuplicateScan, ScanState

logger = logging.getLogger("guanxi.duplicates")

# Pairs below this are not kept; lists begin at DEFAULT_SCORE unless told otherwise.
KEPT_SCORE = 0.3
DEFAULT_SCORE = 0.5
LOCK = "customers:duplicates"
REASON_LIMIT = 300
_COLUMNS = ("first_id", "second_id", "score", "bits", "findings", "scan_number", "found_at")
_KEYS = ("first_id", "second_id")


class ScanStopped(GuanxiError):
    """Somebody stopped the scan."""


# Scans ---------------------------------------------------------------------------------------------------------------
def ask_for_scan(*, actor: Actor) -> DuplicateScan:
    """Let a worker look over the whole base; the one that waits or runs already where there is one."""
    access.require(actor, "customer", "merge")
    with transaction.atomic():
        open_one = (
            DuplicateScan.objects.filter(state__in=(ScanState.WAITING, ScanState.RUNNING)).order_by("-pk").first()
        )
        if open_one is not None:
            return open_one
        return DuplicateScan.objects.create(asked_at=clock.now(), by_name=actor.name[:150])


def enter_scan(scan: DuplicateScan) -> DuplicateScan:
    """Put a scan on record that is about to run in this process."""
    scan.save(force_insert=True)
    return scan


def withdraw_scan(scan: DuplicateScan) -> None:
    """Take a scan off the record that never began."""
    DuplicateScan.objects.filter(pk=scan.pk, state=ScanState.WAITING).delete()


def stop_scan(*, actor: Actor, scan_id: int) -> None:
    """Stop a scan that waits or runs; what it found so far stays."""
    access.require(actor, "customer", "merge")
    open_ones = DuplicateScan.objects.filter(pk=scan_id, state__in=(ScanState.WAITING, ScanState.RUNNING))
    open_ones.update(state=ScanState.STOPPED, finished_at=clock.now())
    live.notify("duplicates")


def run_scan(
    *, scan: DuplicateScan, min_score: float = KEPT_SCORE, tell: engine.Progress | None = None
) -> DuplicateScan:
    """Look over the whole base and keep the pairs found; only one scan runs at a time."""
    with locks.hold(LOCK, about=_("search for duplicates")) as lock:
        started = clock.now()
        _close_the_killed(scan)
        DuplicateScan.objects.filter(pk=scan.pk).update(
            state=ScanState.RUNNING, started_at=started, phase="reading", done=0, total=0, error=""
        )
        try:
            _scan(scan, min(min_score, KEPT_SCORE), started, _Progress(scan, lock, tell))
        except ScanStopped:
            logger.info("scan %s was stopped", scan.pk)
        except jobs.HandBack:
            DuplicateScan.objects.filter(pk=scan.pk).update(state=ScanState.WAITING)
            raise
        except Exception as error:
            told = str(error)[:300] if isinstance(error, GuanxiError) else type(error).__name__
            DuplicateScan.objects.filter(pk=scan.pk).update(state=ScanState.FAILED, error=told, finished_at=clock.now())
            live.notify("duplicates")
            raise
    scan.refresh_from_db()
    return scan


def _close_the_killed(scan: DuplicateScan) -> None:
    """Scans that run by their row while this one holds the lock were killed."""
    killed = DuplicateScan.objects.filter(state=ScanState.RUNNING).exclude(pk=scan.pk)
    if killed.update(state=ScanState.FAILED, error=_("Its process ended before it was done."), finished_at=clock.now()):
        logger.warning("searches for duplicates that were killed are closed; scan %s begins anew", scan.pk)


class _Progress:
    """Keeps the scan's row and whoever watches up to date; stops where somebody said so."""

    def __init__(self, scan: DuplicateScan, lock: locks.HeldLock, tell: engine.Progress | None) -> None:
        """Nothing is done yet."""
        self.scan, self.lock, self.tell = scan, lock, tell

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Note where the scan is."""
        jobs.check()
        self.lock.check()
        running = DuplicateScan.objects.filter(pk=self.scan.pk, state=ScanState.RUNNING)
        if not running.update(phase=phase, done=done, total=total):
            raise ScanStopped(_("The search was stopped."))
        live.notify("duplicates")
        if self.tell is not None:
            self.tell(phase, done, total)


def _scan(scan: DuplicateScan, min_score: float, started: datetime, progress: engine.Progress) -> None:
    """Find pairs and write them; those that an earlier scan found and this one did not are gone."""
    made, chunks = engine.scan(
        reading.all_records(), min_score=min_score, progress=progress, expected=Customer.objects.count()
    )
    count = 0
    for found in chunks:
        count += len(found)
        _write(found, scan.pk)
    # Also what this scan wrote before it was killed and begun again.
    DuplicatePair.objects.filter(scan_number__lte=scan.pk, found_at__lt=started).delete()
    for side in ("first", "second"):
        erased = Customer.everything.filter(erased_at__isnull=False).values("pk")
        DuplicatePair.objects.filter(**{f"{side}__in": erased}).delete()
    DuplicateScan.objects.filter(pk=scan.pk).update(
        state=ScanState.DONE,
        phase="",
        finished_at=clock.now(),
        customers=len(made.ids),
        candidates=made.candidates,
        pairs=count,
    )
    live.notify("duplicates")


def _write(found: Sequence[Pair], scan_number: int) -> None:
    """Keep pairs, over what is known of them."""
    now = clock.now()
    rows = [(p.a, p.b, p.score, p.bits, [list(one) for one in p.found], scan_number, now) for p in found]
    if rows:
        bulk.insert(DuplicatePair, _COLUMNS, rows, on_conflict="update", keys=_KEYS)


def replace_pairs(*, customer_id: int, found: Iterable[Pair]) -> int:
    """What is known of one customer now: these pairs and no others; how many."""
    kept = [pair for pair in found if pair.score >= KEPT_SCORE]
    with transaction.atomic():
        of_customer = DuplicatePair.objects.filter(Q(first=customer_id) | Q(second=customer_id))
        of_customer.exclude(_any_of(kept)).delete() if kept else of_customer.delete()
        last = DuplicateScan.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        _write(kept, last)
    return len(kept)


def _any_of(pairs: Sequence[Pair]) -> Q:
    """Any of some pairs."""
    condition = Q(pk__in=[])
    for pair in pairs:
        condition |= Q(first=pair.a, second=pair.b)
    return condition


# Decisions -----------------------------------------------------------------------------------------------------------
def of_pair(one: int, other: int) -> Q:
    """The decision on two customers, whichever way round."""
    return Q(customer=one, other=other) | Q(customer=other, other=one)


def decide_different(*, actor: Actor, one_id: int, other_id: int, reason: str = "") -> int | None:
    """Note that two customers are not the same; the operation, None where that was noted before."""
    return decide_many_different(actor=actor, pairs=[(one_id, other_id)], reason=reason)[1]


def decide_many_different(
    *, actor: Actor, pairs: Iterable[tuple[int, int]], reason: str = ""
) -> tuple[int, int | None]:
    """Note of several pairs that they are not the same, in one operation; how many were new, and the operation."""
    reason = reason.replace("\x00", "").strip()
    if len(reason) > REASON_LIMIT:
        raise InvalidInput(
            _("At most %(limit)s characters can be kept here.") % {"limit": REASON_LIMIT}, column="reason"
        )
    wanted = sorted({(min(pair), max(pair)) for pair in pairs})
    if any(one == other for one, other in wanted):
        raise Conflict(_("A customer is always the same as itself."))
    sides = [tuple(Customer.objects.get_visible(actor, "change", pk=number) for number in pair) for pair in wanted]
    with changes.operation(actor=actor, name="customers.decide_different") as op:
        made = sum(_decide(op, actor, first, second, reason) for first, second in sides)
        operation_id = op.id
    if not made:
        op.row.delete()
        return 0, None
    live.notify("duplicates")
    return made, operation_id


def _decide(op: changes.OperationInHand, actor: Actor, one: Customer, other: Customer, reason: str) -> int:
    """Note one pair, unless it is noted."""
    if DuplicateDecision.objects.filter(of_pair(one.pk, other.pk)).exists():
        return 0
    row = DuplicateDecision(
        customer=one, other=other, reason=reason, by_id=actor.user_id, by_name=actor.name[:150], at=clock.now()
    )
    try:
        with transaction.atomic():
            op.create(row)
    except IntegrityError:
        return 0
    return 1


def withdraw_decision(*, actor: Actor, one_id: int, other_id: int) -> int | None:
    """Take a decision back: the pair is shown again; the operation, None where there was none."""
    for number in (one_id, other_id):
        Customer.objects.get_visible(actor, "change", pk=number)
    rows = list(DuplicateDecision.objects.filter(of_pair(one_id, other_id)))
    if not rows:
        return None
    with changes.operation(actor=actor, name="customers.withdraw_decision") as op:
        for row in rows:
            op.delete(row)
        operation_id = op.id
    live.notify("duplicates")
    return operation_id
