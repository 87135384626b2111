"""What is sent and given: queues. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class CountsData(TypedDict):
    """How a queue stands at this moment."""

    assigned: int
    longest_wait_since: str | None
    online: int
    overdue: int
    waiting: int


class MemberData(TypedDict):
    """One member of a queue, with their state and load."""

    active: bool
    capacity: int
    level: int
    load: int
    name: str
    reason: str | None
    since: str | None
    state: Literal["online", "busy", "break", "away", "offline"]
    user: str


class MemberInput(TypedDict):
    """One member of a queue."""

    active: NotRequired[bool]
    level: NotRequired[int]
    user: str


class MemberItems(TypedDict):
    """The members of a queue."""

    items: list[MemberData]


class MembersInput(TypedDict):
    """All members of a queue; whoever is left out is a member no longer."""

    items: list[MemberInput]


class QueueChange(TypedDict):
    """Fields of a queue; those left out stay as they are."""

    accept_seconds: NotRequired[int | None]
    active: NotRequired[bool | None]
    code: NotRequired[str | None]
    department: NotRequired[str | None]
    description: NotRequired[str | None]
    level_seconds: NotRequired[int | None]
    name: NotRequired[str | None]
    order: NotRequired[int | None]
    overflow: NotRequired[str | None]
    overflow_seconds: NotRequired[int | None]
    preferred_seconds: NotRequired[int | None]
    strategy: NotRequired[str | None]


class QueueData(TypedDict):
    """One queue with its rules."""

    accept_seconds: int
    active: bool
    code: str
    department: str | None
    description: str
    id: str
    level_seconds: int
    name: str
    order: int
    overflow: str | None
    overflow_seconds: int
    preferred_seconds: int
    strategy: str


class QueueInput(TypedDict):
    """A new queue."""

    accept_seconds: NotRequired[int]
    active: NotRequired[bool]
    code: str
    department: NotRequired[str | None]
    description: NotRequired[str]
    level_seconds: NotRequired[int]
    name: str
    order: NotRequired[int]
    overflow: NotRequired[str | None]
    overflow_seconds: NotRequired[int]
    preferred_seconds: NotRequired[int]
    strategy: NotRequired[str]


class QueueItem(TypedDict):
    """A queue in a list, with its counts."""

    accept_seconds: int
    active: bool
    code: str
    counts: CountsData
    department: str | None
    description: str
    id: str
    level_seconds: int
    name: str
    order: int
    overflow: str | None
    overflow_seconds: int
    preferred_seconds: int
    strategy: str


class QueueItems(TypedDict):
    """Queues in their order."""

    items: list[QueueItem]
