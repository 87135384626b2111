"""What is sent and given: cases. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class CaseChange(TypedDict):
    """Fields of a case; those left out stay as they are, and nothing is changed when one is refused. Closing is refused with what is missing."""

    category: NotRequired[int | None]
    conversation: NotRequired[str | None]
    custom: NotRequired[dict[str, Any] | None]
    customer: NotRequired[str | None]
    description: NotRequired[str | None]
    impact: NotRequired[Literal["low", "medium", "high"] | None]
    owner: NotRequired[str | None]
    parent: NotRequired[str | None]
    priority: NotRequired[Literal["urgent", "high", "normal", "low"] | None]
    state: NotRequired[Literal["open", "waiting", "held", "solved", "closed"] | None]
    subject: NotRequired[str | None]
    tags: NotRequired[list[str] | None]
    type: NotRequired[Literal["enquiry", "request", "repair", "complaint", "grievance", "suggestion", "praise", "order", "follow_up"] | None]
    urgency: NotRequired[Literal["low", "medium", "high"] | None]


class CaseData(TypedDict):
    """One case."""

    category: int | None
    channel: str | None
    closed_at: str | None
    conversation: str | None
    custom: dict[str, Any]
    customer: str | None
    description: str
    due_at: str | None
    first_answered_at: str | None
    id: str
    impact: Literal["low", "medium", "high"]
    opened_at: str
    owner: str | None
    parent: str | None
    priority: Literal["urgent", "high", "normal", "low"]
    reopened_count: int
    solved_at: str | None
    state: Literal["new", "open", "waiting", "held", "solved", "closed", "closed_elsewhere"]
    subject: str
    tags: list[str]
    tier: str | None
    type: Literal["enquiry", "request", "repair", "complaint", "grievance", "suggestion", "praise", "order", "follow_up"]
    urgency: Literal["low", "medium", "high"]
    waiting_since: str | None


class CaseInput(TypedDict):
    """A new case; without an owner it is the caller's own."""

    category: NotRequired[int | None]
    conversation: NotRequired[str | None]
    custom: NotRequired[dict[str, Any]]
    customer: NotRequired[str | None]
    description: NotRequired[str]
    impact: NotRequired[Literal["low", "medium", "high"]]
    owner: NotRequired[str | None]
    parent: NotRequired[str | None]
    priority: NotRequired[Literal["urgent", "high", "normal", "low"] | None]
    subject: str
    tags: NotRequired[list[str]]
    type: NotRequired[Literal["enquiry", "request", "repair", "complaint", "grievance", "suggestion", "praise", "order", "follow_up"]]
    urgency: NotRequired[Literal["low", "medium", "high"]]


class CaseLinkData(TypedDict):
    """A case concerns another record."""

    about: str
    number: int


class CaseLinkItems(TypedDict):
    """What a case concerns, as far as it is open to the caller."""

    items: list[CaseLinkData]


class CasePage(TypedDict):
    """A page of cases; `next` goes on after it."""

    items: list[CaseData]
    next: str | None


class LinkInput(TypedDict):
    """What a case concerns besides its customer: an order, a product, another case."""

    about: str
