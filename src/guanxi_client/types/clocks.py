"""What is sent and given: clocks. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class ClockData(TypedDict):
    """One clock of a case. `due_at` is null while a paused clock could still be kept."""

    amount: int
    case: str
    due_at: str | None
    ended_at: str | None
    id: str
    number: int
    paused_by: str | None
    paused_since: str | None
    service_level: str
    sort: Literal["first_answer", "next_answer", "solution"]
    started_at: str
    state: Literal["running", "paused", "met", "met_late", "broken", "stopped"]
    unit: Literal["working_minutes", "minutes", "working_days", "days", "days_rolled"]
    warn_at: str | None


class ClockHappened(TypedDict):
    """One thing that happened to a clock, with what brought it about in codes."""

    at: str
    because: dict[str, Any]
    due_after: str | None
    due_before: str | None
    what: str


class ClockPage(TypedDict):
    """A page of clocks; `next` goes on after it."""

    items: list[ClockData]
    next: str | None


class ClockWithHistory(TypedDict):
    """One clock with its history, the latest first."""

    amount: int
    case: str
    due_at: str | None
    ended_at: str | None
    history: list[ClockHappened]
    id: str
    number: int
    paused_by: str | None
    paused_since: str | None
    service_level: str
    sort: Literal["first_answer", "next_answer", "solution"]
    started_at: str
    state: Literal["running", "paused", "met", "met_late", "broken", "stopped"]
    unit: Literal["working_minutes", "minutes", "working_days", "days", "days_rolled"]
    warn_at: str | None
