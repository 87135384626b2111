"""What is sent and given: shared. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class AssignmentData(TypedDict):
    """Who had a work item when, and why: in words, and as the figures that were weighed."""

    at: str
    by: str | None
    ended_because: str | None
    how: Literal["given", "taken", "handed"]
    item: str
    queue: str
    strategy: str | None
    text: str
    until: str | None
    user: str
    why: dict[str, Any]


class AssignmentItems(TypedDict):
    """Assignments, the newest first."""

    items: list[AssignmentData]


class MergeData(TypedDict):
    """One customer absorbed by another."""

    absorbed: str
    at: str
    by: str
    id: str
    moved: int
    set_aside: int
    survivor: str
    undone_at: str | None


class PartData(TypedDict):
    """One trigger, moment, fact or act that rules may use; `kind` is the kind of record it is about, '' for any."""

    key: str
    kind: str
    label: str


class Problem(TypedDict):
    """What went wrong (RFC 9457)."""

    detail: NotRequired[str]
    errors: NotRequired[list[dict[str, Any]]]
    field: NotRequired[str]
    scope: NotRequired[str]
    status: int
    title: str
    type: str


class RuleData(TypedDict):
    """One rule; `sentence` says it in the caller's language."""

    actions: list[StepData]
    active: bool
    conditions: dict[str, Any]
    from_at: str | None
    id: str
    limit: Literal["always", "day", "once"]
    name: str
    note: str
    offset_minutes: int
    order: int
    sentence: str
    stops_others: bool
    trigger: str
    until_at: str | None
    version: int


class StepData(TypedDict):
    """One act of a rule."""

    action: str
    parameters: dict[str, Any]
    via: str
