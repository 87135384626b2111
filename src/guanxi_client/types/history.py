"""What is sent and given: history. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Any, TypedDict


class HistoryAct(TypedDict):
    """One operation: everything in it was written together."""

    actor: HistoryActor
    address: str
    at: str
    changes: list[HistoryChange]
    deputising_for: str | None
    has_more_changes: bool
    id: str
    means: str
    name: str
    reason: str
    undoes: str | None
    undone_at: str | None


class HistoryActor(TypedDict):
    """Who did it: a user, or nobody's user for the console and Guanxi itself."""

    id: str | None
    name: str


class HistoryChange(TypedDict):
    """One field before and after, as far as the caller may see; `field` is '' for a record that came or went."""

    act: str
    after: Any
    before: Any
    customer: str | None
    erased_at: str | None
    field: str
    kind: str
    record: str


class HistoryPage(TypedDict):
    """A page of the history, newest first; `next` goes on after it, and may do so although `items` is empty."""

    items: list[HistoryAct]
    next: str | None
