"""Giving out what waits: under a lock on the queue and on those who may get it, so that any number of workers may try.

Whoever is a member of several queues is given work of one at a time: the figures that a strategy sees are those of now.
Among queues the more pressing item goes first, as it does within one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

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


# How pressing an item is: the smaller, the sooner it is given out, in whichever queue it waits.
Pressing = tuple[int, datetime, datetime, int]
_NEVER = datetime.max.replace(tzinfo=UTC)


def distribute(queue_id: int) -> list[int]:
    """Give out what waits in a queue to those who are free, as its strategy says; the numbers of the assignments."""
    return distribute_queues([queue_id])


def distribute_queues(queue_ids: Iterable[int]) -> list[int]:
    """Give out what waits in several queues; whoever is in more than one gets the most pressing item of all of them."""
    made: list[int] = []
    heads = {number: _first_of(number) for number in set(queue_ids)}
    left = {number: key for number, key in heads.items() if key is not None}
    while left:
        number = min(left, key=lambda one: left[one])
        others = min((key for one, key in left.items() if one != number), default=None)
        with transaction.atomic():
            found, following = _round(number, others)
        made += found
        if following is None:
            del left[number]
        else:
            left[number] = following
    return made


def pressing(item: WorkItem) -> Pressing:
    """How pressing an item is, as `queries.waiting` orders them."""
    return (-item.priority, item.due_at or _NEVER, item.entered_at, item.pk)


def _first_of(queue_id: int) -> Pressing | None:
    """How pressing the first item of a queue is; None when nothing waits."""
    first = queries.waiting(queue_id).first()
    return pressing(first) if first is not None else None


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


def _round(queue_id: int, stop: Pressing | None) -> tuple[list[int], Pressing | None]:
    """Give out a number of items, none less pressing than `stop`: that is another queue's turn.

    Also how pressing the item is with which to go on; None when no more can be given out now.
    """
    queue = Queue.objects.select_for_update(no_key=True).filter(pk=queue_id, is_active=True).first()
    if queue is None or not strategy_of(queue.strategy).is_automatic:
        return [], None
    people = QueueMember.objects.filter(queue=queue, is_active=True).values("user")
    # In the order of their numbers, as everybody locks them.
    list(AgentPresence.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    now = clock.now()
    table = _Table(queue, strategy_of(queue.strategy), queries.members_of(queue_id, now), queries.next_turn(queue_id))
    made: list[int] = []
    for item in _looked_at(table):
        if len(made) >= AT_ONCE or (stop is not None and pressing(item) > stop):
            return made, pressing(item)
        assignment = _try(table, item, now)
        if assignment is not None:
            made.append(assignment.pk)
        if not table.has_room():
            break
    return made, None


def _looked_at(table: _Table) -> Iterator[WorkItem]:
    """What waits and fits somebody, the most pressing first, some at a time; how often each let it pass along with it."""
    tried: list[int] = []
    if not table.has_room():
        return
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
