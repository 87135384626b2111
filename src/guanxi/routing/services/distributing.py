"""Giving out what waits: under a lock on the queue and on those who may get it, so that any number of workers may try.

Whoever is a member of several queues is given work of one at a time: the figures that a strategy sees are those of now.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from guanxi.core import clock
from guanxi.routing import explaining, queries
from guanxi.routing.channel_kinds import OTHER, channel_kinds
from guanxi.routing.choices import How, PresenceState, WorkState
from guanxi.routing.considering import Member, QueueRules, consider, decide
from guanxi.routing.models import AgentPresence, Assignment, Queue, QueueMember, Turn, WorkItem
from guanxi.routing.services.work import give
from guanxi.routing.strategies import ItemView, Strategy, strategy_of

# How many are given out in one transaction, and how many items that nobody may have yet are looked past.
AT_ONCE = 50
LOOKED_AT = 200
MOST_LOOKED_AT = 2_000


def distribute(queue_id: int) -> list[int]:
    """Give out what waits in a queue to those who are free, as its strategy says; the numbers of the assignments."""
    made: list[int] = []
    while True:
        with transaction.atomic():
            found = _round(queue_id)
        made += found
        if len(found) < AT_ONCE:
            return made


@dataclass
class _Table:
    """The members of a queue with their figures, kept up while work is given out."""

    queue: Queue
    strategy: Strategy
    members: list[Member]
    turn: int

    @property
    def rules(self) -> QueueRules:
        """What the queue says."""
        return QueueRules(self.queue.level_seconds, self.queue.preferred_seconds)

    def free_ids(self, item: ItemView) -> list[int]:
        """Who could have an item."""
        return [one.user_id for one in self.members if not one.obstacle(item.channel_kind, item.weight)]

    def has_room(self) -> bool:
        """Whether anybody could have anything at all."""
        return any(one.state == PresenceState.ONLINE and one.load < one.capacity for one in self.members)

    def narrow(self, rows: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
        """Of what waits, only that for which somebody has room."""
        free = [one for one in self.members if one.state == PresenceState.ONLINE]
        most = max((one.capacity - one.load for one in free), default=0)
        closed = {
            key for key in channel_kinds.keys()  # noqa: SIM118
            if not any(one.counts.get(key, 0) < one.most.get(key, 0) for one in free)
        }  # fmt: skip
        rows = rows.filter(weight__lte=most).exclude(channel_kind__in=closed)
        return rows.filter(channel_kind__in=channel_kinds.keys()) if OTHER in closed else rows

    def given(self, user_id: int, item: ItemView) -> None:
        """Count what somebody was given."""
        at = next(place for place, one in enumerate(self.members) if one.user_id == user_id)
        one = self.members[at]
        counts = {**one.counts, item.channel_kind: one.counts.get(item.channel_kind, 0) + 1}
        self.members[at] = replace(one, load=one.load + item.weight, counts=counts, idle_ms=0, turn=self.turn)
        self.turn += 1


def _round(queue_id: int) -> list[int]:
    """Give out a number of items; fewer than `AT_ONCE` when no more can be given out now."""
    queue = Queue.objects.select_for_update(no_key=True).filter(pk=queue_id, is_active=True).first()
    if queue is None or not strategy_of(queue.strategy).is_automatic or not queries.waiting(queue_id).exists():
        return []
    people = QueueMember.objects.filter(queue=queue, is_active=True).values("user")
    # In the order of their numbers, as everybody locks them.
    list(AgentPresence.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    now = clock.now()
    table = _Table(queue, strategy_of(queue.strategy), queries.members_of(queue_id, now), queries.next_turn(queue_id))
    made: list[int] = []
    if not table.has_room():
        return made
    for item in _looked_at(table):
        assignment = _try(table, item, now)
        if assignment is not None:
            made.append(assignment.pk)
        if len(made) >= AT_ONCE or not table.has_room():
            break
    return made


def _looked_at(table: _Table) -> Iterator[WorkItem]:
    """What waits and fits somebody, the most pressing first, some at a time; how often each let it pass along with it."""
    tried: list[int] = []
    while len(tried) < MOST_LOOKED_AT:
        chunk = list(table.narrow(queries.waiting(table.queue.pk)).exclude(pk__in=tried)[:LOOKED_AT])
        passes = queries.passes_of([item.pk for item in chunk])
        for item in chunk:
            item.passes = passes.get(item.pk, {})  # type: ignore[attr-defined]
            yield item
        if len(chunk) < LOOKED_AT:
            return
        tried += [item.pk for item in chunk]


def _try(table: _Table, item: WorkItem, now: datetime) -> Assignment | None:
    """Give one item to whom the strategy chooses; None when nobody may have it yet, or it is gone."""
    view = view_of(item, now)
    free = table.free_ids(view)
    if not free:
        return None
    facts = table.strategy.facts(view, free)
    considered = consider(view, table.members, table.rules, item.passes, facts)  # type: ignore[attr-defined]
    choice = None if considered.is_waiting_for_preferred else decide(view, considered.candidates, table.strategy)
    if choice is None:
        return None
    if not any(one.user_id == choice.user_id for one in considered.candidates):
        raise RuntimeError(f"the strategy {table.strategy.key} chose somebody who was no candidate")
    held = WorkItem.objects.select_for_update(no_key=True, skip_locked=True)
    locked = held.filter(pk=item.pk, state=WorkState.WAITING, queue=table.queue).first()
    if locked is None:
        return None
    why = explaining.by_strategy(view, considered, table.strategy, choice)
    made = give(
        item=locked, user_id=choice.user_id, by=None, how=How.GIVEN, why=why, strategy=table.strategy.key,
        is_accepted=not table.queue.accept_seconds,
    )  # fmt: skip
    Turn.objects.update_or_create(queue=table.queue, user_id=choice.user_id, defaults={"number": table.turn})
    table.given(choice.user_id, view)
    return made


def view_of(item: WorkItem, now: datetime) -> ItemView:
    """What a strategy may know of an item."""
    return ItemView(
        id=item.pk,
        record_kind=item.record_kind,
        record_id=item.record_id,
        channel_kind=channel_kinds.of(item.channel_kind).key,
        weight=item.weight,
        priority=item.priority,
        tier_rank=item.tier_rank,
        language=item.language,
        customer_id=item.customer_id,
        preferred_id=item.preferred_id,
        waited_seconds=max(0, int((now - item.queued_at).total_seconds())),
    )
