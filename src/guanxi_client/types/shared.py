"""What is sent and given: shared. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


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
    scope: NotRequired[str]
    status: int
    title: str
    type: str
