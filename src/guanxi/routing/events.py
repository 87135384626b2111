"""What happens to work and to who is there for it; `record_kind` and `record_id` name the record that an item points to."""

from dataclasses import dataclass

from guanxi.core.events import Event


@dataclass(frozen=True)
class WorkWaiting(Event):
    """A record waits in a queue: it has just entered, was put back, or came from another queue."""

    item_id: int
    queue_id: int
    record_kind: str
    record_id: int


@dataclass(frozen=True)
class WorkAssigned(Event):
    """Somebody has a record now: it was given to them, they took it, or it was handed over to them."""

    item_id: int
    queue_id: int
    record_kind: str
    record_id: int
    user_id: int
    assignment_id: int


@dataclass(frozen=True)
class WorkReleased(Event):
    """Somebody has a record no longer; what became of it is told by the event that follows."""

    item_id: int
    queue_id: int
    record_kind: str
    record_id: int
    user_id: int
    because: str


@dataclass(frozen=True)
class WorkEnded(Event):
    """A record needs nobody any more."""

    item_id: int
    queue_id: int
    record_kind: str
    record_id: int


@dataclass(frozen=True)
class LoadChanged(Event):
    """What somebody has in hand may weigh less than before: it was answered, or given another weight."""

    user_id: int


@dataclass(frozen=True)
class PresenceChanged(Event):
    """Somebody is in another state."""

    user_id: int
    state: str


@dataclass(frozen=True)
class CapacityChanged(Event):
    """One user, or with None the company, can have more or less in hand."""

    user_id: int | None


@dataclass(frozen=True)
class QueueChanged(Event):
    """A queue was made, or its rules or members changed."""

    queue_id: int
