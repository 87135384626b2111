"""What is sent and given: work_items. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Literal, TypedDict


class PersonInput(TypedDict):
    """Who is to have it."""

    user: str


class QueueChoice(TypedDict):
    """Where it is to wait."""

    queue: str


class WorkItemData(TypedDict):
    """One work item; `record` is our id of the record that needs somebody."""

    accepted_at: str | None
    assigned_at: str | None
    assignee: str | None
    channel: str
    due_at: str | None
    ended_at: str | None
    entered_at: str
    id: str
    kind: str
    needs_answer: bool
    priority: Literal["low", "normal", "high", "urgent"]
    queue: str
    record: str | None
    state: Literal["waiting", "assigned", "ended"]
    weight: int


class WorkItemPage(TypedDict):
    """A page of work items; `next` goes on after it."""

    items: list[WorkItemData]
    next: str | None
