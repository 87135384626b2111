"""What is sent and given: tasks. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class NotificationData(TypedDict):
    """One thing the caller was told."""

    about: str | None
    at: str
    count: int
    id: int
    read: bool
    sort: str
    text: str


class NotificationPage(TypedDict):
    """Notifications of the caller, the newest first, and how many are unread; `next` goes on after the page."""

    items: list[NotificationData]
    next: str | None
    unread: int


class TaskChange(TypedDict):
    """Fields of a task; those left out stay as they are. `state` ends a task or opens it again."""

    about: NotRequired[str | None]
    all_day: NotRequired[bool | None]
    assignee: NotRequired[str | None]
    due_at: NotRequired[str | None]
    note: NotRequired[str | None]
    priority: NotRequired[Literal["low", "normal", "high"] | None]
    remind_at: NotRequired[str | None]
    repeat: NotRequired[Literal["day", "workday", "week", "month", "year"] | None]
    state: NotRequired[Literal["open", "done", "dropped"] | None]
    title: NotRequired[str | None]


class TaskData(TypedDict):
    """One task."""

    about: str | None
    all_day: bool
    assignee: str
    author: str | None
    created_at: str
    due_at: str | None
    ended_at: str | None
    id: str
    note: str
    priority: Literal["low", "normal", "high"]
    remind_at: str | None
    repeat: str | None
    state: Literal["open", "done", "dropped"]
    title: str


class TaskInput(TypedDict):
    """A new task; without an assignee it is the caller's own."""

    about: NotRequired[str | None]
    all_day: NotRequired[bool]
    assignee: NotRequired[str | None]
    due_at: NotRequired[str | None]
    note: NotRequired[str]
    priority: NotRequired[Literal["low", "normal", "high"]]
    remind_at: NotRequired[str | None]
    repeat: NotRequired[Literal["day", "workday", "week", "month", "year"] | None]
    title: str


class TaskPage(TypedDict):
    """A page of tasks; `next` goes on after it."""

    items: list[TaskData]
    next: str | None
