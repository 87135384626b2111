"""Publishing: the event's row is written in the transaction of what happened."""

from contextlib import nullcontext

from django.db import transaction

from guanxi.core import clock
from guanxi.core.events.passing import everything_passed, hearing
from guanxi.core.events.types import Event, _check_fields, subscriptions
from guanxi.core.inserting import CompiledInsert
from guanxi.core.models.events import OutboxEvent
from guanxi.core.wake import wake_workers

_insert = CompiledInsert(OutboxEvent)


def publish(event: Event) -> None:
    """Write the event to the outbox with the caller's transaction and run its inline handlers."""
    _check_fields(type(event))
    inline = subscriptions(event.event_name, inline=True)
    is_heard = bool(subscriptions(event.event_name, inline=False))
    # Alone, the row needs no savepoint of its own.
    with transaction.atomic() if inline else nullcontext():
        carried = everything_passed()
        now = clock.now()
        row = _insert(
            OutboxEvent(
                name=event.event_name,
                payload=event.payload(),
                at=now,
                passed=carried,
                # What nobody hears later has been told.
                spread_at=None if is_heard else now,
            )
        )
        for entry in inline:
            with hearing(row.pk, carried):
                entry.handler(event)
        if is_heard:
            wake_workers()
