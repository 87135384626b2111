"""Delivering: every handler sees every event at least once, in one transaction with the mark that it did.

The handlers of one event run in one transaction, which marks the event as told. When one of them fails, nothing of it
stands: a delivery row is written for each, and each runs in a transaction of its own, as often as it takes.
"""

import logging
import random
import traceback
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from guanxi.core import clock
from guanxi.core.compiled import Compiled
from guanxi.core.database_away import is_away, reason
from guanxi.core.events.passing import hearing
from guanxi.core.events.types import event_class, subscriptions
from guanxi.core.models.events import EventDelivery, OutboxEvent

logger = logging.getLogger("guanxi.events")

MAX_TRIES = 12
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 3600.0
KEPT_DAYS = 14
_BATCH = 200
_FRESH = Compiled(
    lambda: (
        OutboxEvent.objects.filter(spread_at__isnull=True)
        .order_by("id")
        .values_list("id", "name", "payload", "passed")[:_BATCH]
    )
)
_DUE = Compiled(
    lambda now: EventDelivery.objects.filter(due_at__lte=now).order_by("event_id", "id").values_list("id")[:_BATCH],
    datetime,
)
_NEXT = Compiled(
    lambda: EventDelivery.objects.filter(due_at__isnull=False).order_by("due_at").values_list("due_at")[:1]
)
# Whoever has an event in hand holds its row; nobody waits for it.
_MARK = "UPDATE core_outboxevent SET spread_at = %s WHERE id = %s AND spread_at IS NULL"
_MARK_UNHELD = (
    "UPDATE core_outboxevent SET spread_at = %s WHERE id = "
    "(SELECT id FROM core_outboxevent WHERE id = %s AND spread_at IS NULL FOR UPDATE SKIP LOCKED)"
)


def deliver_pending(*, limit: int | None = None) -> int:
    """Deliver what is due, oldest first; the number of deliveries that succeeded.

    Events that a handler publishes are delivered too. A handler that fails is put off and does not hold up others.
    """
    done = _deliver_due(limit)
    while limit is None or done < limit:
        outcomes = [_tell(*row) for row in _FRESH.rows()]
        done += sum(outcome or 0 for outcome in outcomes)
        if all(outcome is None for outcome in outcomes):
            return done  # there is none, or another process has them all in hand
    return done


def _deliver_due(limit: int | None) -> int:
    """Deliver one by one what failed before and is due again; the number of deliveries that succeeded."""
    done = 0
    while limit is None or done < limit:
        outcomes = [_deliver(delivery_id) for (delivery_id,) in _DUE.rows(clock.now())]
        done += outcomes.count(True)
        if all(outcome is None for outcome in outcomes):
            return done
    return done


def next_due() -> datetime | None:
    """When the next delivery that waits for another try is due."""
    row = _NEXT.first()
    return row[0] if row is not None else None


def given_up(*, since: datetime | None = None) -> int:
    """How many deliveries failed until no more tries were left."""
    found = EventDelivery.objects.filter(due_at__isnull=True, delivered_at__isnull=True)
    return (found.filter(event__at__gte=since) if since else found).count()


def forget_old() -> int:
    """Drop events older than two weeks whose deliveries are all over, a chunk at a time; how many went."""
    gone = 0
    while True:
        busy = EventDelivery.objects.filter(due_at__isnull=False).values("event_id")
        ids = list(
            OutboxEvent.objects.filter(at__lt=clock.now() - timedelta(days=KEPT_DAYS), spread_at__isnull=False)
            .exclude(id__in=busy)
            .values_list("id", flat=True)[:500]
        )
        if not ids:
            return gone
        OutboxEvent.objects.filter(id__in=ids).delete()
        gone += len(ids)


def pause_before_try(tries: int) -> timedelta:
    """How long to wait after that many failures: twice as long each time, with some chance in it."""
    seconds = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (tries - 1))
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))


def _tell(event_id: int, name: str, payload: dict[str, Any], passed: Mapping[str, Any] | None) -> int | None:
    """Tell an event to all its handlers; how many heard it, None when another process has it in hand."""
    entries, kind = subscriptions(name, inline=False), event_class(name)
    try:
        with transaction.atomic():
            if not _mark(event_id):
                return None
            if kind is not None:
                with hearing(event_id, passed):
                    for entry in entries:
                        entry.handler(kind.from_payload(payload))
    except Exception as error:
        if is_away(error):
            raise  # the worker waits for it
        logger.info("event %s %s: told to one handler after the other: %s", event_id, name, reason(error))
        return _tell_apart(event_id, [entry.name for entry in entries])
    return len(entries)


def _tell_apart(event_id: int, handlers: list[str]) -> int | None:
    """Write a delivery row for every handler and deliver each; how many succeeded, None when another process has it."""
    with transaction.atomic():
        if not _mark(event_id):
            return None
        now = clock.now()
        rows = EventDelivery.objects.bulk_create(
            EventDelivery(event_id=event_id, handler=name, due_at=now) for name in handlers
        )
    return [_deliver(row.pk) for row in rows].count(True)


def _mark(event_id: int) -> bool:
    """Mark an event as told, in the transaction that tells it; False when it was, or is in another process's hands."""
    now = connection.ops.adapt_datetimefield_value(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(_MARK_UNHELD if connection.vendor == "postgresql" else _MARK, [now, event_id])
        return bool(cursor.rowcount)


def _deliver(delivery_id: int) -> bool | None:
    """Run one handler in one transaction with its mark; whether it succeeded, None when another process had it."""
    try:
        with transaction.atomic():
            found = EventDelivery.objects.filter(id=delivery_id, due_at__isnull=False)
            if connection.vendor == "postgresql":
                found = found.select_for_update(skip_locked=True, of=("self",))
            delivery = found.select_related("event").first()
            if delivery is None or delivery.due_at is None or delivery.due_at > clock.now():
                return None
            _run_handler(delivery)
            EventDelivery.objects.filter(id=delivery_id).update(due_at=None, delivered_at=clock.now(), error="")
    except Exception as error:  # noqa: BLE001  recorded with its traceback, logged and tried again
        # When the database is away this fails too, and the worker waits for it.
        _put_off(delivery_id, error)
        return False
    return True


def _run_handler(delivery: EventDelivery) -> None:
    """Call the handler, unless the code no longer has it or its event."""
    entries = subscriptions(delivery.event.name, inline=False)
    entry = next((entry for entry in entries if entry.name == delivery.handler), None)
    kind = event_class(delivery.event.name)
    if entry is None or kind is None:
        logger.warning("event %s: handler %s is gone; left out", delivery.event_id, delivery.handler)
        return
    with hearing(delivery.event_id, delivery.event.passed):
        entry.handler(kind.from_payload(delivery.event.payload))


def _put_off(delivery_id: int, error: Exception) -> None:
    """Record the failure and when to try again, or that no more tries are left."""
    with transaction.atomic():
        delivery = EventDelivery.objects.select_for_update().select_related("event").get(id=delivery_id)
        delivery.tries += 1
        delivery.error = "".join(traceback.format_exception(error))[-4000:]
        is_last = delivery.tries >= MAX_TRIES
        delivery.due_at = None if is_last else clock.now() + pause_before_try(delivery.tries)
        delivery.save(update_fields=["tries", "error", "due_at"])
    logger.error(
        "event %s %s: handler %s failed (try %d of %d): %s",
        delivery.event_id,
        delivery.event.name,
        delivery.handler,
        delivery.tries,
        MAX_TRIES,
        error,
    )
