"""Hearing events: what happened is noted for dry runs, then the rules run; a great many records go into jobs."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from guanxi.core import clock
from guanxi.core.events import Event, heard_event_id, passed
from guanxi.core.inserting import CompiledInsert
from guanxi.core.jobs import policy, task
from guanxi.workflow.engine.running import CHAIN, Happened, run
from guanxi.workflow.models import Happening
from guanxi.workflow.registries.triggers import Trigger, kind_of, of_event

AT_ONCE = 200
_insert = CompiledInsert(Happening, ignores_conflicts=True)


def hear(event: Event) -> None:
    """Hear an event that a worker delivers."""
    _hear(event, inline=False)


def hear_inline(event: Event) -> None:
    """Hear an event in the transaction of what happened."""
    _hear(event, inline=True)


def _hear(event: Event, *, inline: bool) -> None:
    """Run the rules of every trigger that hears the event."""
    event_id = heard_event_id()
    if event_id is None:
        return
    for trigger in of_event(type(event), inline=inline):
        _hear_as(trigger, event, event_id)


def _hear_as(trigger: Trigger, event: Event, event_id: int) -> None:
    """Run the rules of one trigger, in jobs where it is about many records."""
    ids, fields = trigger.record_ids(event), trigger.changed_fields(event)
    if len(ids) <= AT_ONCE:
        work_off(trigger.key, ids, event_id, fields)
        return
    for start in range(0, len(ids), AT_ONCE):
        run_later.enqueue(trigger.key, ids[start : start + AT_ONCE], event_id, fields)


@task(queue_name="long")
@policy(is_atomic=True)
def run_later(trigger: str, ids: list[int], event_id: int, fields: list[str]) -> int:
    """Run the rules over a part of the records of one event; how many fired."""
    return work_off(trigger, ids, event_id, fields)


def work_off(trigger: str, ids: Sequence[int], event_id: int, fields: Sequence[str]) -> int:
    """Note what happened to these records and run the rules; how many firings were written down."""
    now, kind = clock.now(), kind_of(trigger) or ""
    rows = [
        Happening(trigger=trigger, record_kind=kind, record_id=number, at=now, event_id=event_id, fields=list(fields))
        for number in ids
    ]
    with transaction.atomic(savepoint=False):
        if len(rows) == 1:
            _insert(rows[0])
        else:
            Happening.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
        chain = _chain(passed(CHAIN, ()))
        # An event is heard in one transaction with the mark that it was told: nothing was done for it before.
        return len(run(Happened(trigger, list(ids), f"e{event_id}", now, tuple(fields), chain, is_first=True)))


def _chain(raw: Sequence[Any]) -> tuple[int, ...]:
    """The chain as it came along."""
    return tuple(int(one) for one in raw)
