"""Queues, work and presence as services and pages ask for them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum

from guanxi.core import ids, parameters
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled, CompiledRecords
from guanxi.core.models import Department, User
from guanxi.core.records import RecordRef
from guanxi.routing.channel_kinds import (
    MOST,
    TOTAL,
    USUAL_TOTAL,
    away_minutes,
    channel_kinds,
    offline_minutes,
    weight_of,
    when_gone,
)
from guanxi.routing.choices import PresenceState, WorkState
from guanxi.routing.considering import Member
from guanxi.routing.membership import Membership
from guanxi.routing.models import (
    AgentPresence,
    Assignment,
    Capacity,
    PresenceReason,
    Queue,
    QueueMember,
    Turn,
    WorkItem,
)
from guanxi.routing.models.work import OPEN

LATEST = 50
PRESSING_FIRST = (F("priority").desc(), F("due_at").asc(nulls_last=True), F("entered_at").asc(), F("pk").asc())


def item_of(actor: Actor, public_id: str, action: str = "view") -> WorkItem:
    """One work item by its public id; NotFound when it is missing or not for this actor."""
    rows = WorkItem.objects.select_related("queue", "assignee")
    found: WorkItem = rows.get_visible(actor, action, pk=ids.parse("wki", public_id) or 0)
    return found


def queue_of(actor: Actor, public_id: str, action: str = "view") -> Queue:
    """One queue by its public id; NotFound when it is missing or not for this actor."""
    rows = Queue.objects.select_related("department", "overflow")
    found: Queue = rows.get_visible(actor, action, pk=ids.parse("que", public_id) or 0)
    return found


_OPEN_ITEM = CompiledRecords(
    WorkItem,
    lambda kind, number: WorkItem.objects.filter(record_kind=kind, record_id=number, state__in=OPEN).order_by("pk")[:1],
    str, int, related=("queue", "assignee"),
)  # fmt: skip


def open_item_of(record: RecordRef) -> WorkItem | None:
    """The open work item of a record, None when it needs nobody."""
    return _OPEN_ITEM.first(record.kind, record.id)


def open_items_of(kind: str, record_ids: Iterable[int]) -> dict[int, WorkItem]:
    """The open work items of many records of a kind, by the record's number."""
    rows = WorkItem.objects.filter(record_kind=kind, record_id__in=list(record_ids), state__in=OPEN)
    return {row.record_id: row for row in rows.select_related("queue", "assignee")}


def everybody() -> list[int]:
    """The numbers of all who ever said whether they are there."""
    return list(AgentPresence.objects.values_list("pk", flat=True))


_LAST_ASSIGNEE = Compiled(
    lambda kind, number: Assignment.objects.filter(item__record_kind=kind, item__record_id=number)
    .order_by("-pk").values_list("user_id")[:1],
    str, int,
)  # fmt: skip


def last_assignee_of(record: RecordRef) -> int | None:
    """Who had a record last, None when nobody ever did."""
    row = _LAST_ASSIGNEE.first(record.kind, record.id)
    return row[0] if row is not None else None


def waiting(queue_id: int) -> QuerySet[WorkItem]:
    """What waits in a queue, the most pressing first."""
    return WorkItem.objects.filter(queue=queue_id, state=WorkState.WAITING).order_by(*PRESSING_FIRST)


_FIRST_QUEUE = CompiledRecords(Queue, lambda: Queue.objects.order_by("-is_active", "order", "pk")[:1])


def default_queue() -> Queue | None:
    """Where work goes for which nobody named a queue: the first in use, None while there is none at all."""
    return _FIRST_QUEUE.first()


@dataclass(frozen=True)
class Limits:
    """How much somebody can have in hand: weight in all, and items of each kind of channel."""

    total: int
    most: dict[str, int]


@dataclass
class Load:
    """What somebody has in hand."""

    weight: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def items(self) -> int:
        """How many items."""
        return sum(self.counts.values())


def usual_limits() -> Limits:
    """What holds for everybody without a capacity of their own."""
    held = parameters.get(MOST) or {}
    return Limits(
        int(parameters.get(TOTAL, USUAL_TOTAL)), {one.key: held.get(one.key, one.most) for one in channel_kinds}
    )


def limits_of(user_ids: Iterable[int]) -> dict[int, Limits]:
    """The limits of each."""
    usual = usual_limits()
    own = Capacity.objects.in_bulk(list(user_ids))
    found = {}
    for number in user_ids:
        row = own.get(number)
        found[number] = (
            Limits(usual.total if row.total is None else row.total, {**usual.most, **row.most}) if row else usual
        )
    return found


def loads_of(user_ids: Iterable[int]) -> dict[int, Load]:
    """What each has in hand, in one statement; nothing for those who are not named in it.

    What waits for the other side weighs nothing, but where the other side is there all the time (chat, telephone).
    """
    weighs = Q(needs_answer=True) | Q(channel_kind__in=[kind.key for kind in channel_kinds if kind.is_live])
    rows = WorkItem.objects.filter(weighs, assignee__in=list(user_ids), state=WorkState.ASSIGNED).order_by()
    found: dict[int, Load] = defaultdict(Load)
    for user_id, kind, weight, count in rows.values_list("assignee", "channel_kind").annotate(
        Sum("weight"), Count("pk")
    ):
        load = found[user_id]
        load.weight += weight
        known = channel_kinds.of(kind).key
        load.counts[known] = load.counts.get(known, 0) + count
    return found


def members_of(queue_id: int, now: datetime) -> list[Member]:
    """The active members of a queue with their figures of now."""
    rows = list(
        QueueMember.objects.filter(queue=queue_id, is_active=True, user__is_active=True).values_list("user_id", "level")
    )
    people = [user_id for user_id, _level in rows]
    presences = AgentPresence.objects.in_bulk(people)
    limits, loads, worked = limits_of(people), loads_of(people), last_worked(people)
    turns = dict(Turn.objects.filter(queue=queue_id).values_list("user_id", "number"))
    found = []
    for user_id, level in rows:
        presence, load = presences.get(user_id), loads.get(user_id) or Load()
        idle_since = max(filter(None, (presence.since if presence else None, worked.get(user_id))), default=now)
        found.append(
            Member(
                user_id=user_id,
                level=level,
                state=presence.state if presence else PresenceState.OFFLINE,
                load=load.weight,
                capacity=limits[user_id].total,
                counts=load.counts,
                most=limits[user_id].most,
                idle_ms=max(0, int((now - idle_since).total_seconds() * 1000)),
                turn=turns.get(user_id, 0),
            )
        )
    return found


def last_worked(user_ids: Iterable[int]) -> dict[int, datetime]:
    """When each was last given work or ended some."""
    own = Assignment.objects.filter(user=OuterRef("pk"))
    rows = User.objects.filter(pk__in=list(user_ids)).values_list(
        "pk",
        Subquery(own.order_by("-at").values("at")[:1]),
        Subquery(own.filter(until__isnull=False).order_by("-until").values("until")[:1]),
    )
    return {number: max(filter(None, moments)) for number, *moments in rows if any(moments)}


def passes_of(item_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """How often each let an item pass, by item and user."""
    rows = Assignment.objects.filter(item__in=list(item_ids), ended_because="not_accepted").order_by()
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for item_id, user_id, count in rows.values_list("item", "user").annotate(Count("pk")):
        found[item_id][user_id] = count
    return found


@dataclass(frozen=True)
class QueueCounts:
    """How a queue stands at this moment."""

    waiting: int = 0
    assigned: int = 0
    overdue: int = 0
    oldest_at: datetime | None = None
    due_at: datetime | None = None


def counts_of_queues(now: datetime, queue_ids: Iterable[int] | None = None) -> dict[int, QueueCounts]:
    """The counts of queues, in one statement; queues without work are left out."""
    rows = WorkItem.objects.filter(state__in=OPEN).order_by()
    if queue_ids is not None:
        rows = rows.filter(queue__in=list(queue_ids))
    waits, late = Q(state=WorkState.WAITING), Q(due_at__lt=now)
    found = rows.values("queue").annotate(
        waiting=Count("pk", filter=waits),
        assigned=Count("pk", filter=~waits),
        overdue=Count("pk", filter=late),
        oldest_at=Min("queued_at", filter=waits),
        next_due_at=Min("due_at", filter=waits),
    )
    return {
        row["queue"]: QueueCounts(row["waiting"], row["assigned"], row["overdue"], row["oldest_at"], row["next_due_at"])
        for row in found
    }


def next_turn(queue_id: int) -> int:
    """The number of the turn that comes next in a queue; asked while the queue is locked."""
    latest = Turn.objects.filter(queue=queue_id).aggregate(latest=Max("number"))["latest"]
    return (latest or 0) + 1


def queues_waiting_for(user_id: int) -> list[int]:
    """The queues of a person in which something waits."""
    return sorted(number for (number,) in _WAITING_FOR.rows(user_id))


_WAITING_FOR = Compiled(
    lambda user_id: (
        WorkItem.objects.filter(
            state=WorkState.WAITING,
            queue__in=QueueMember.objects.filter(user=user_id, is_active=True).values("queue"),
            queue__is_active=True,
        )
        .order_by()
        .values_list("queue")
        .distinct()
    ),
    int,
)


def queues_with_waiting() -> list[int]:
    """The queues in use in which something waits."""
    rows = WorkItem.objects.filter(state=WorkState.WAITING, queue__is_active=True)
    return sorted(rows.order_by().values_list("queue", flat=True).distinct())


def presence_of(user_id: int) -> AgentPresence | None:
    """The presence of one user, None when they never were there."""
    return AgentPresence.objects.select_related("reason").filter(pk=user_id).first()


def memberships(queue_id: int) -> list[Membership]:
    """Who is in a queue."""
    rows = QueueMember.objects.filter(queue=queue_id).order_by("level", "pk")
    return [Membership(row.user_id, row.level, row.is_active) for row in rows]


def people_for(queue_id: int | None) -> list[tuple[str, str]]:
    """People to choose from for a queue: active ones, and members whoever they are."""
    rows = User.objects.filter(is_active=True)
    if queue_id is not None:
        rows |= User.objects.filter(pk__in=QueueMember.objects.filter(queue=queue_id).values("user"))
    return [(str(user.pk), user.display_name) for user in rows.order_by("name", "username")[:2000]]


def people_without_capacity() -> list[tuple[str, str]]:
    """Members of queues whose capacity is the usual one."""
    members = QueueMember.objects.values("user")
    rows = User.objects.filter(is_active=True, pk__in=members).exclude(pk__in=Capacity.objects.values("pk"))
    return [(str(user.pk), user.display_name) for user in rows.order_by("name", "username")[:2000]]


def departments() -> list[tuple[int, str]]:
    """Open departments to choose from."""
    return list(Department.objects.filter(is_closed=False).order_by("path").values_list("pk", "name"))


def other_queues(queue_id: int | None) -> list[tuple[int, str]]:
    """The queues that one may flow over into."""
    return list(Queue.objects.exclude(pk=queue_id or 0).values_list("pk", "name"))


def all_queues(actor: Actor) -> QuerySet[Queue]:
    """The queues for the settings, with how many are in each."""
    rows = Queue.objects.visible_to(actor).select_related("department", "overflow")
    return rows.annotate(member_count=Count("members")).order_by("order", "name")


def rules() -> dict[str, Any]:
    """What holds for everybody, as the settings show it."""
    usual = usual_limits()
    return {
        "total": usual.total,
        "weights": {kind.key: weight_of(kind.key) for kind in channel_kinds},
        "most": usual.most,
        "gone": {kind.key: str(when_gone(kind.key)) for kind in channel_kinds},
        "away_minutes": away_minutes(),
        "offline_minutes": offline_minutes(),
    }


def own_capacities() -> list[Capacity]:
    """The capacities that differ from the usual."""
    return list(Capacity.objects.select_related("user").order_by("user__name", "user__username"))


def capacity_of(user_id: int) -> Capacity:
    """What differs for one person; nothing where the usual holds."""
    return Capacity.objects.filter(pk=user_id).first() or Capacity(user_id=user_id)


def person(user_id: int) -> User | None:
    """An active user."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def reasons(state: str = "") -> QuerySet[PresenceReason]:
    """The company's reasons; of one state only those in use."""
    rows = PresenceReason.objects.all()
    return rows.filter(state=state, is_active=True) if state else rows


def reason(reason_id: int) -> PresenceReason | None:
    """One reason."""
    return PresenceReason.objects.filter(pk=reason_id).first()


def somebody_is_there() -> bool | None:
    """Whether any colleague is there for work; None where nobody keeps a presence at all."""
    rows = AgentPresence.objects.all()
    there = rows.filter(state__in=[PresenceState.ONLINE, PresenceState.BUSY, PresenceState.BREAK]).exists()
    return True if there else (False if rows.exists() else None)


def people_named(usernames: Iterable[str]) -> dict[str, User]:
    """Active people by the names they sign in with."""
    return {user.username: user for user in User.objects.filter(username__in=list(usernames), is_active=True)}


def department_named(name: str) -> Department | None:
    """An open department by its name."""
    return Department.objects.filter(name=name, is_closed=False).first()


def item_by_number(item_id: int) -> WorkItem:
    """A work item as it stands after an act that may have taken it out of the actor's sight."""
    return WorkItem.objects.select_related("queue", "assignee").get(pk=item_id)


def latest_assignments(**of: int) -> list[Assignment]:
    """The latest assignments of an item or a queue."""
    rows = Assignment.objects.filter(**of).select_related("item", "queue", "user", "by").order_by("-pk")
    return list(rows[:LATEST])


Presence = tuple[User, AgentPresence | None, int, int]


def presence_row(user: User) -> Presence:
    """One person with their state, load and capacity."""
    load = loads_of([user.pk]).get(user.pk) or Load()
    return user, presence_of(user.pk), load.weight, limits_of([user.pk])[user.pk].total


def presence_rows(actor: Actor) -> list[Presence]:
    """The members of queues whose state is open to the actor, with load and capacity."""
    seen = {row.pk: row for row in AgentPresence.objects.visible_to(actor).select_related("reason")}
    members = User.objects.filter(pk__in=QueueMember.objects.values("user"), is_active=True)
    if actor.scope("presence", "view") != "all":
        members = members.filter(pk__in=seen)
    people = list(members.order_by("name", "username"))
    numbers = [user.pk for user in people]
    loads, limits = loads_of(numbers), limits_of(numbers)
    return [(user, seen.get(user.pk), (loads.get(user.pk) or Load()).weight, limits[user.pk].total) for user in people]
