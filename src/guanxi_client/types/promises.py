"""What is sent and given: promises. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class PromiseData(TypedDict):
    """One promise."""

    author: str | None
    case: str | None
    created_at: str
    customer: str | None
    due_at: str
    ended_at: str | None
    id: str
    note: str
    owner: str | None
    remedy: str | None
    state: Literal["open", "kept", "kept_late", "broken", "released"]
    text: str


class PromiseInput(TypedDict):
    """A promise to a customer, in a case or without one."""

    case: NotRequired[str | None]
    customer: NotRequired[str | None]
    due_at: str
    owner: NotRequired[str | None]
    remedy: NotRequired[str | None]
    text: str


class PromiseMove(TypedDict):
    """Another moment that the customer agreed to, and how we know."""

    due_at: str
    note: str


class PromiseNote(TypedDict):
    """What came of it."""

    note: NotRequired[str]


class PromisePage(TypedDict):
    """A page of promises; `next` goes on after it."""

    items: list[PromiseData]
    next: str | None


class PromiseReason(TypedDict):
    """How we know, or why."""

    note: str
