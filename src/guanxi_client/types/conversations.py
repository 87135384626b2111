"""What is sent and given: conversations. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class ConversationChange(TypedDict):
    """Fields of a conversation; those left out stay as they are."""

    assignee: NotRequired[str | None]
    customer: NotRequired[str | None]
    language: NotRequired[Literal["en", "zh-hans"] | None]
    state: NotRequired[Literal["open", "done"] | None]
    subject: NotRequired[str | None]


class ConversationData(TypedDict):
    """One conversation."""

    assignee: str | None
    channel: str | None
    channel_kind: str | None
    contact_name: str
    created_at: str
    customer: str | None
    done_at: str | None
    due_at: str | None
    id: str
    language: str | None
    last_message_at: str
    match: str
    messages: int
    queue: str | None
    state: Literal["open", "done"]
    subject: str
    waiting_since: str | None


class ConversationPage(TypedDict):
    """A page of conversations; `next` goes on after it."""

    items: list[ConversationData]
    next: str | None


class MessageData(TypedDict):
    """One entry of a conversation: a message in or out, or a note."""

    at: str
    author: str
    cc: list[str]
    channel_kind: str | None
    delivery: str
    direction: Literal["in", "out", "internal"]
    error: str | None
    id: str
    kind: Literal["message", "note", "event"]
    new_text: str
    sort: str
    subject: str
    text: str
    to: list[str]


class MessagePage(TypedDict):
    """A page of entries, the oldest first; `next` goes on after it."""

    items: list[MessageData]
    next: str | None


class NoteInput(TypedDict):
    """A note that only colleagues see; people named with @ are told."""

    key: NotRequired[str]
    text: str


class ReplyInput(TypedDict):
    """An answer. Addresses left out, it goes to the counterpart; it can be taken back for some seconds on the desk."""

    cc: NotRequired[list[str]]
    channel: NotRequired[str | None]
    key: NotRequired[str]
    subject: NotRequired[str]
    text: str
    then: NotRequired[Literal["open", "done"]]
    to: NotRequired[list[str]]
