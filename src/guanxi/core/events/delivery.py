"""Delivering: every handler sees every event at least once, in one transaction with the mark that it did."""

import logging
import random
import traceback
from datetime import datetime, timedelta

from django.db import connection, transaction

from guanxi.core import clock
from guanxi.core.events.passing import hearing
from guanxi.core.events.types import event_class, subscriptions
from guanxi.core.models.events import EventDelivery, OutboxEvent

logger = logging.getLogger("guanxi.events")

MAX_TRIES = 12
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 3600.0
KEPT_DAYS = 14
_BATCH = 200


def deliver_pending(*, limit: int | None = None) -> int:
    """Deliver what is due, oldest first; the number of deliveries that succeeded.

    Events that a handler publishes are delivered too. A handler that fails is put off and does not hold up others.
    """
    done = 0
    while limit is None or done < limit:
        _spread_waiting()
        due = list(
            EventDelivery.objects.filter(due_at__lte=clock.now())
            .order_by("event_id", "id")
            .values_list("id", flat=True)[:_BATCH]
        )
        if not due:
            return done
        outcomes = [_deliver(delivery_id) for delivery_id in due]
        done += outcomes.count(True)
        if set(outcomes) == {None}:
            return done  # another process has them all in hand
    return done


def next_due() -> datetime | None:
    """When the next delivery that waits for another try is due."""
    return (
        EventDelivery.objects.filter(due_at__isnull=False).order_by("due_at").values_list("due_at", flat=True).first()
    )


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


def _spread_waiting() -> None:
    """Write a delivery row for every handler of every new event."""
    waiting = OutboxEvent.objects.filter(spread_at__isnull=True)
    while waiting.exists():  # without a write lock while there is nothing to do
        with transaction.atomic():
            chunk = waiting.order_by("id")
            if connection.vendor == "postgresql":
                chunk = chunk.select_for_update(skip_locked=True)
            events = list(chunk[:_BATCH])
            if not events:
                return  # another process has them in hand
            now = clock.now()
            EventDelivery.objects.bulk_create(
                EventDelivery(event=event, handler=entry.name, due_at=now)
                for event in events
                for entry in subscriptions(event.name, inline=False)
            )
            OutboxEvent.objects.filter(id__in=[event.id for event in events]).update(spread_at=now)


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
