"""Making seals: batch after batch of what is settled, until nothing is left."""

import logging
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max

from guanxi.core import bulk, clock, jobs, locks
from guanxi.core.models import Change, Operation
from guanxi.core.models.seals import Seal, SealedChange, SealedOperation
from guanxi.core.registry import Registry
from guanxi.core.sealing import anchors
from guanxi.core.sealing.digests import NOTHING, PARTS, SALT_BYTES, batch_digest, row_digest, values_digest
from guanxi.core.sealing.erasing import hold_still

logger = logging.getLogger("guanxi.history")

BATCH = 2000
SETTLING_SECONDS = 20.0
JUMP = timedelta(minutes=1)
LOCK = "history.seal"
# Operations written in several transactions, by name: when they are sealed changes of theirs may still follow.
in_parts: Registry[str] = Registry("operations in parts")


@dataclass(frozen=True)
class Horizon:
    """Up to which numbers every row is written for good: no transaction that is still open holds a lower one."""

    operations: int
    changes: int


def seal_now(*, at_most: int | None = None, patience: float = SETTLING_SECONDS) -> int:
    """Seal what is settled, at most so many batches; the number of batches made."""
    if not is_due():
        return 0
    with locks.hold(LOCK, about="history") as lock:
        horizon = settled(patience)
        made = 0
        while at_most is None or made < at_most:
            jobs.check()
            with transaction.atomic():
                lock.check()
                seal = _seal_batch(horizon)
            if seal is None:
                break
            made += 1
        if made:
            newest = anchors.newest()
            logger.info("history sealed: %s", newest)
            anchors.keep(newest)
    return made


def is_due() -> bool:
    """Whether the journal has rows that no seal covers."""
    last = Seal.objects.order_by("-number").first()
    operations, changes = (last.operations_to, last.changes_to) if last else (0, 0)
    return Operation.objects.filter(pk__gt=operations).exists() or Change.objects.filter(pk__gt=changes).exists()


def settled(patience: float) -> Horizon:
    """The horizon: what is highest now, once all that were writing then have ended; less when they do not end in time."""
    highest = Horizon(_highest(Operation), _highest(Change))
    if connection.vendor != "postgresql":  # one writer at a time: what can be seen has no open number below it
        return highest
    waiting = set(_writing())
    until = time.monotonic() + patience
    while waiting and time.monotonic() < until:
        time.sleep(0.05)
        waiting &= set(_writing())
    if not waiting:
        return highest
    logger.warning("history: a transaction has been writing to the journal for long; it is sealed when that ends")
    last = Seal.objects.order_by("-number").first()
    return Horizon(last.operations_to, last.changes_to) if last else Horizon(0, 0)


def _highest(model: type[Operation] | type[Change]) -> int:
    """The highest number that anybody can see."""
    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0


def _writing() -> list[str]:
    """The transactions on PostgreSQL that may have drawn numbers of the journal; they lock its tables before they do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND relation IN (%s::regclass, %s::regclass) AND pid <> pg_backend_pid()",
            [Operation._meta.db_table, Change._meta.db_table],
        )
        return [row[0] for row in cursor.fetchall()]


def _seal_batch(horizon: Horizon) -> Seal | None:
    """Seal the next rows up to the horizon; None when there are none."""
    hold_still()
    last = Seal.objects.order_by("-number").first()
    operations = list(_rows(Operation, last.operations_to if last else 0, horizon.operations))
    changes = list(_rows(Change, last.changes_to if last else 0, horizon.changes))
    if not operations and not changes:
        return None
    seal = Seal(
        number=last.number + 1 if last else 1,
        operations_to=operations[-1][0] if operations else last.operations_to if last else 0,
        changes_to=changes[-1][0] if changes else last.changes_to if last else 0,
        operation_count=len(operations),
        change_count=len(changes),
        sealed_at=clock.now(),
    )
    seal.jump_count, seal.latest_at = _jumps(operations, last.latest_at if last else None)
    digests: list[bytes] = []
    counts = change_counts(operations[0][0], operations[-1][0]) if operations else {}
    made = [_sealed(Operation, row, _final_count(row, counts)) for row in operations]
    bulk.insert(SealedOperation, ["row_id", "salt", "values_digest", "digest", "change_count"], made)
    digests += [row[3] for row in made]
    made = [_sealed(Change, row) for row in changes]
    bulk.insert(SealedChange, ["row_id", "salt", "values_digest", "digest"], [row[:4] for row in made])
    digests += [row[3] for row in made]
    seal.digest = batch_digest(bytes(last.digest) if last else b"", head(seal), digests)
    seal.save(force_insert=True)
    return seal


def head(seal: Seal) -> list[Any]:
    """What a seal says of itself, as its digest covers it."""
    counts = [seal.operation_count, seal.change_count, seal.jump_count]
    return [seal.number, seal.operations_to, seal.changes_to, *counts, seal.sealed_at, seal.latest_at]


def _rows(model: type[Operation] | type[Change], above: int, up_to: int) -> Iterator[tuple[Any, ...]]:
    """The next rows by number: what names them, what they say, whether that was erased."""
    names, values = PARTS[model]
    found = model._default_manager.filter(pk__gt=above, pk__lte=up_to).order_by("pk")
    yield from found.values_list(*names, *values, "erased_at")[:BATCH]


def change_counts(first: int, last: int) -> dict[int, int]:
    """How many changes operations have, of those between two numbers that have any."""
    found = Change.objects.filter(operation__gte=first, operation__lte=last).order_by()
    return dict(found.values_list("operation_id").annotate(Count("pk")))


def _final_count(row: tuple[Any, ...], counts: dict[int, int]) -> int | None:
    """The number of an operation's changes: its transaction is over, so there will be no more, unless it has several."""
    return None if row[PARTS[Operation][0].index("name")] in in_parts else counts.get(row[0], 0)


def _sealed(
    model: type[Operation] | type[Change], row: tuple[Any, ...], change_count: int | None = None
) -> tuple[int, bytes | None, bytes, bytes, int | None]:
    """The digest of one row with its salt; a row erased before has neither salt nor values."""
    count = len(PARTS[model][0])
    names, values, erased_at = row[:count], row[count:-1], row[-1]
    if erased_at is not None:
        return row[0], None, NOTHING, row_digest(names, NOTHING, change_count), change_count
    salt = secrets.token_bytes(SALT_BYTES)
    said = values_digest(salt, values)
    return row[0], salt, said, row_digest(names, said, change_count), change_count


def _jumps(operations: list[tuple[Any, ...]], latest: datetime | None) -> tuple[int, datetime | None]:
    """How many operations bear a time well before one written earlier, and the latest time so far."""
    place = PARTS[Operation][0].index("at")
    count = 0
    for row in operations:
        at: datetime = row[place]
        if latest is not None and at < latest - JUMP:
            count += 1
        latest = at if latest is None else max(latest, at)
    return count, latest
