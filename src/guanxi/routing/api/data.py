"""What the API says of queues, work and presence."""

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from guanxi.core.models import User
from guanxi.core.records import kinds
from guanxi.routing import telling_why
from guanxi.routing.choices import PresenceState, WorkPriority
from guanxi.routing.models import AgentPresence, Assignment, Queue, WorkItem
from guanxi.routing.queries import QueueCounts
from guanxi.routing.showing import PersonRow

PRIORITIES = {
    WorkPriority.LOW: "low",
    WorkPriority.NORMAL: "normal",
    WorkPriority.HIGH: "high",
    WorkPriority.URGENT: "urgent",
}
PriorityName = Literal["low", "normal", "high", "urgent"]
WorkStateName = Literal["waiting", "assigned", "ended"]
PresenceName = Literal["online", "busy", "break", "away", "offline"]


class QueueData(Schema):
    """One queue with its rules."""

    id: str
    name: str
    code: str
    description: str
    strategy: str
    department: str | None
    active: bool
    order: int
    accept_seconds: int
    preferred_seconds: int
    level_seconds: int
    overflow: str | None
    overflow_seconds: int


class CountsData(Schema):
    """How a queue stands at this moment."""

    waiting: int
    assigned: int
    overdue: int
    longest_wait_since: str | None
    online: int


class QueueItem(QueueData):
    """A queue in a list, with its counts."""

    counts: CountsData


class QueueItems(Schema):
    """Queues in their order."""

    items: list[QueueItem]


class MemberData(Schema):
    """One member of a queue, with their state and load."""

    user: str
    name: str
    level: int
    active: bool
    state: PresenceName
    reason: str | None
    since: str | None
    load: int
    capacity: int


class MemberItems(Schema):
    """The members of a queue."""

    items: list[MemberData]


class WorkItemData(Schema):
    """One work item; `record` is our id of the record that needs somebody."""

    id: str
    record: str | None
    kind: str
    queue: str
    channel: str
    weight: int
    priority: PriorityName
    state: WorkStateName
    assignee: str | None
    needs_answer: bool
    entered_at: str
    due_at: str | None
    assigned_at: str | None
    accepted_at: str | None
    ended_at: str | None


class WorkItemPage(Schema):
    """A page of work items; `next` goes on after it."""

    items: list[WorkItemData]
    next: str | None


class AssignmentData(Schema):
    """Who had a work item when, and why: in words, and as the figures that were weighed."""

    item: str
    queue: str
    user: str
    by: str | None
    how: Literal["given", "taken", "handed"]
    strategy: str | None
    at: str
    until: str | None
    ended_because: str | None
    text: str
    why: dict[str, Any] = Field(description="all who came into question with their figures, who was left out and why")


class AssignmentItems(Schema):
    """Assignments, the newest first."""

    items: list[AssignmentData]


class PresenceData(Schema):
    """Whether somebody is there for work, and what they have in hand."""

    user: str
    name: str
    state: PresenceName
    reason: str | None
    since: str | None
    load: int
    capacity: int


class PresenceItems(Schema):
    """The states of those who are in some queue."""

    items: list[PresenceData]


def _moment(value: datetime | None) -> str | None:
    """A moment as the API writes it."""
    return value.isoformat() if value else None


def queue_data(queue: Queue) -> dict[str, Any]:
    """A queue."""
    return {
        "id": queue.public_id,
        "name": queue.name,
        "code": queue.code,
        "description": queue.description,
        "strategy": queue.strategy,
        "department": queue.department.name if queue.department else None,
        "active": queue.is_active,
        "order": queue.order,
        "accept_seconds": queue.accept_seconds,
        "preferred_seconds": queue.preferred_seconds,
        "level_seconds": queue.level_seconds,
        "overflow": queue.overflow.public_id if queue.overflow else None,
        "overflow_seconds": queue.overflow_seconds,
    }


def counts_data(counts: QueueCounts, people: list[PersonRow]) -> dict[str, Any]:
    """The counts of a queue."""
    return {
        "waiting": counts.waiting,
        "assigned": counts.assigned,
        "overdue": counts.overdue,
        "longest_wait_since": _moment(counts.oldest_at),
        "online": sum(one.state == PresenceState.ONLINE and one.is_active for one in people),
    }


def member_data(row: PersonRow) -> dict[str, Any]:
    """A member of a queue."""
    return {
        "user": row.username,
        "name": row.name,
        "level": row.level,
        "active": row.is_active,
        "state": row.state,
        "reason": row.reason or None,
        "since": _moment(row.since),
        "load": row.load,
        "capacity": row.capacity,
    }


def item_data(item: WorkItem) -> dict[str, Any]:
    """A work item."""
    declared = kinds.get(item.record_kind)
    return {
        "id": item.public_id,
        "record": declared.public_id(item.record_id) if declared else None,
        "kind": item.record_kind,
        "queue": item.queue.public_id,
        "channel": item.channel_kind,
        "weight": item.weight,
        "priority": PRIORITIES[WorkPriority(item.priority)],
        "state": item.state,
        "assignee": item.assignee.username if item.assignee else None,
        "needs_answer": item.needs_answer,
        "entered_at": _moment(item.entered_at),
        "due_at": _moment(item.due_at),
        "assigned_at": _moment(item.assigned_at),
        "accepted_at": _moment(item.accepted_at),
        "ended_at": _moment(item.ended_at),
    }


def assignment_data(rows: list[Assignment]) -> list[dict[str, Any]]:
    """Assignments with their reasons in words."""
    names = telling_why.names_in(rows)
    return [
        {
            "item": row.item.public_id,
            "queue": row.queue.public_id,
            "user": row.user.username,
            "by": row.by.username if row.by else None,
            "how": row.how,
            "strategy": row.strategy or None,
            "at": _moment(row.at),
            "until": _moment(row.until),
            "ended_because": row.ended_because or None,
            "text": telling_why.told(row, names).text,
            "why": row.why,
        }
        for row in rows
    ]


def presence_data(user: User, row: AgentPresence | None, load: int, capacity: int) -> dict[str, Any]:
    """Somebody's state and load."""
    return {
        "user": user.username,
        "name": user.display_name,
        "state": row.state if row else PresenceState.OFFLINE.value,
        "reason": str(row.reason) if row and row.reason else None,
        "since": _moment(row.since) if row else None,
        "load": load,
        "capacity": capacity,
    }
