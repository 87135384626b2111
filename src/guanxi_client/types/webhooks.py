"""What is sent and given: webhooks. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class EventType(TypedDict):
    """One type of event."""

    label: str
    type: str


class EventTypes(TypedDict):
    """What webhooks may be told of."""

    items: list[EventType]


class Message(TypedDict):
    """One message with its tries."""

    data: dict[str, Any]
    due_at: str | None
    happened_at: str
    id: str
    state: Literal["waiting", "delivered", "failed"]
    tries: list[Try]
    type: str


class MessageItems(TypedDict):
    """Messages, the newest first; `next` goes on after them."""

    items: list[Message]
    next: str | None


class Replay(TypedDict):
    """Which messages to send again: those named, or all that failed."""

    failed: NotRequired[bool]
    messages: NotRequired[list[str]]


class Replayed(TypedDict):
    """How many are sent again."""

    count: int


class Secret(TypedDict):
    """A new secret; the old one signs too for another day."""

    secret: str


class Try(TypedDict):
    """One try to deliver a message."""

    answer: str
    at: str
    problem: str | None
    status: int | None
    took_ms: int


class WebhookChange(TypedDict):
    """Fields of a webhook; those left out stay as they are."""

    active: NotRequired[bool | None]
    label: NotRequired[str | None]
    types: NotRequired[list[str] | None]
    url: NotRequired[str | None]
    with_details: NotRequired[bool | None]


class WebhookData(TypedDict):
    """One webhook and how it stands; its secret is told only when it is made or changed."""

    active: bool
    created_at: str
    failing_since: str | None
    id: str
    label: str
    last_delivered_at: str | None
    stopped_because: str | None
    types: list[str]
    url: str
    user: str
    with_details: bool


class WebhookInput(TypedDict):
    """A new webhook."""

    label: str
    types: NotRequired[list[str]]
    url: str
    with_details: NotRequired[bool]


class WebhookItems(TypedDict):
    """The webhooks that are open to the caller."""

    items: list[WebhookData]


class WebhookWithSecret(TypedDict):
    """A webhook right after it was made."""

    active: bool
    created_at: str
    failing_since: str | None
    id: str
    label: str
    last_delivered_at: str | None
    secret: str
    stopped_because: str | None
    types: list[str]
    url: str
    user: str
    with_details: bool
