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


class Problem(TypedDict):
    """What went wrong (RFC 9457)."""

    detail: NotRequired[str]
    errors: NotRequired[list[dict[str, Any]]]
    field: NotRequired[str]
    missing: NotRequired[list[str]]
    scope: NotRequired[str]
    status: int
    title: str
    type: str
