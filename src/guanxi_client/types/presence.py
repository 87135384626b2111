"""What is sent and given: presence. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class PresenceData(TypedDict):
    """Whether somebody is there for work, and what they have in hand."""

    capacity: int
    load: int
    name: str
    reason: str | None
    since: str | None
    state: Literal["online", "busy", "break", "away", "offline"]
    user: str


class PresenceInput(TypedDict):
    """The state to be in; `reason` is the number of one of the company's reasons for it."""

    reason: NotRequired[int | None]
    state: Literal["online", "busy", "break", "away", "offline"]


class PresenceItems(TypedDict):
    """The states of those who are in some queue."""

    items: list[PresenceData]
