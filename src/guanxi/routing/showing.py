"""What pages read: queues with their counts and people, what the settings show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef
from guanxi.routing import queries, telling_why
from guanxi.routing.channel_kinds import channel_kinds
from guanxi.routing.choices import PresenceState
from guanxi.routing.models import AgentPresence, Assignment, Queue, QueueMember, WorkItem
from guanxi.routing.queries import Load, QueueCounts
from guanxi.routing.strategies import strategy_of
from guanxi.tasks.public import Subject, subjects

TONES = {
    PresenceState.ONLINE: "success",
    PresenceState.BUSY: "warning",
    PresenceState.BREAK: "info",
    PresenceState.AWAY: "warning",
    PresenceState.OFFLINE: "neutral",
}
LATEST = 15
WAITING_SHOWN = 50


@dataclass(frozen=True)
class PersonRow:
    """One member of a queue as pages show them."""

    user_id: int
    username: str
    name: str
    state: str
    state_label: str
    tone: str
    reason: str
    since: datetime | None
    load: int
    items: int
    capacity: int
    level: int
    is_active: bool

    @property
    def is_here(self) -> bool:
        """Whether they are there, working or not."""
        return self.state != PresenceState.OFFLINE


@dataclass(frozen=True)
class AssignmentRow:
    """One assignment with its reason in words."""

    row: Assignment
    subject: Subject | None
    channel: str
    why: telling_why.Told


@dataclass(frozen=True)
class QueueRow:
    """One queue as the page of queues shows it."""

    queue: Queue
    strategy: str
    is_automatic: bool
    counts: QueueCounts
    longest: str
    people: tuple[PersonRow, ...]
    last: AssignmentRow | None
    is_member: bool

    @property
    def here(self) -> list[PersonRow]:
        """Who is there."""
        return [one for one in self.people if one.is_here]

    @property
    def online(self) -> int:
        """How many could be given work."""
        return sum(one.state == PresenceState.ONLINE and one.is_active for one in self.people)


def queue_rows(actor: Actor) -> list[QueueRow]:
    """The queues that are open to the actor, with what goes on in each; a handful of statements for all of them."""
    queues = list(Queue.objects.visible_to(actor).filter(is_active=True).select_related("department"))
    now = clock.now()
    numbers = [queue.pk for queue in queues]
    counts = queries.counts_of_queues(now, numbers)
    people = people_of(numbers)
    newest = Assignment.objects.filter(queue=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    last_ids = Queue.objects.filter(pk__in=numbers).annotate(last=Subquery(newest)).values_list("last", flat=True)
    last = {one.row.queue_id: one for one in assignment_rows(actor, [pk for pk in last_ids if pk])}
    return [
        _queue_row(actor, queue, counts.get(queue.pk, QueueCounts()), people.get(queue.pk, []), last.get(queue.pk), now)
        for queue in queues
    ]


def queue_row(actor: Actor, queue: Queue) -> QueueRow:
    """One queue with what goes on in it."""
    now = clock.now()
    counts = queries.counts_of_queues(now, [queue.pk]).get(queue.pk, QueueCounts())
    return _queue_row(actor, queue, counts, people_of([queue.pk]).get(queue.pk, []), None, now)


def _queue_row(
    actor: Actor, queue: Queue, counts: QueueCounts, people: list[PersonRow], last: AssignmentRow | None, now: datetime
) -> QueueRow:
    """Put one together."""
    strategy = strategy_of(queue.strategy)
    return QueueRow(
        queue=queue,
        strategy=str(strategy.label),
        is_automatic=strategy.is_automatic,
        counts=counts,
        longest=telling_why.duration((now - counts.oldest_at).total_seconds()) if counts.oldest_at else "",
        people=tuple(people),
        last=last,
        is_member=any(one.user_id == actor.user_id for one in people),
    )


def people_of(queue_ids: Iterable[int]) -> dict[int, list[PersonRow]]:
    """The members of some queues, those who are there first."""
    rows = list(
        QueueMember.objects.filter(queue__in=list(queue_ids), user__is_active=True).select_related("user").order_by("level", "user__name", "pk")
    )  # fmt: skip
    numbers = {row.user_id for row in rows}
    presences = {one.pk: one for one in AgentPresence.objects.filter(pk__in=numbers).select_related("reason")}
    loads, limits = queries.loads_of(numbers), queries.limits_of(numbers)
    found: dict[int, list[PersonRow]] = {}
    for row in rows:
        load = loads.get(row.user_id) or Load()
        presence = presences.get(row.user_id)
        state = PresenceState(presence.state if presence else PresenceState.OFFLINE)
        found.setdefault(row.queue_id, []).append(
            PersonRow(
                user_id=row.user_id,
                username=row.user.username,
                name=row.user.display_name,
                state=state,
                state_label=str(state.label),
                tone=TONES[state],
                reason=str(presence.reason) if presence and presence.reason else "",
                since=presence.since if presence else None,
                load=load.weight,
                items=load.items,
                capacity=limits[row.user_id].total,
                level=row.level,
                is_active=row.is_active,
            )
        )
    for people in found.values():
        people.sort(key=lambda one: (not one.is_here, one.state != PresenceState.ONLINE))
    return found


def assignment_rows(actor: Actor, assignment_ids: Iterable[int]) -> list[AssignmentRow]:
    """Assignments with their reasons in words, the newest first; what the actor may not see is not named."""
    rows = list(
        Assignment.objects.filter(pk__in=list(assignment_ids)).select_related("item", "user", "by", "queue").order_by("-pk")
    )  # fmt: skip
    names = telling_why.names_in(rows)
    known = subjects(actor, [row.item.record for row in rows])
    return [
        AssignmentRow(
            row,
            known.get(row.item.record),
            str(channel_kinds.of(row.item.channel_kind).label),
            telling_why.told(row, names),
        )
        for row in rows
    ]


def latest_of_queue(actor: Actor, queue_id: int) -> list[AssignmentRow]:
    """The latest assignments of a queue."""
    newest = Assignment.objects.filter(queue=queue_id).order_by("-pk").values_list("pk", flat=True)[:LATEST]
    return assignment_rows(actor, newest)


@dataclass(frozen=True)
class WaitingRow:
    """One work item that waits, as pages show it."""

    item: WorkItem
    subject: Subject | None
    channel: str
    waits: str
    is_late: bool


def waiting_rows(actor: Actor, queue_id: int) -> list[WaitingRow]:
    """What waits in a queue, the most pressing first."""
    now = clock.now()
    items = list(queries.waiting(queue_id)[:WAITING_SHOWN])
    known: dict[RecordRef, Subject] = subjects(actor, [item.record for item in items])
    return [
        WaitingRow(
            item,
            known.get(item.record),
            str(channel_kinds.of(item.channel_kind).label),
            telling_why.duration((now - item.queued_at).total_seconds()),
            item.due_at is not None and item.due_at < now,
        )
        for item in items
    ]


def own_state(user_id: int) -> dict[str, Any] | None:
    """One's own state and load as the bar at the top shows them; None for whoever is in no queue."""
    if not QueueMember.objects.filter(user=user_id).exists():
        return None
    presence = queries.presence_of(user_id)
    state = PresenceState(presence.state if presence else PresenceState.OFFLINE)
    load = queries.loads_of([user_id]).get(user_id) or Load()
    return {
        "state": state,
        "label": str(state.label),
        "tone": TONES[state],
        "reason": str(presence.reason) if presence and presence.reason else "",
        "since": presence.since if presence else None,
        "cause": presence.cause if presence else "",
        "load": load.weight,
        "items": load.items,
        "capacity": queries.limits_of([user_id])[user_id].total,
    }
