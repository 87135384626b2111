"""What is sent and given: consents. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class ConsentData(TypedDict):
    """One word of a customer."""

    at: str
    channel: str
    customer: str
    evidence: str
    expires_on: str | None
    id: int
    is_separate: bool
    notice_version: int | None
    purpose: str
    recorded_by: str
    source: str
    state: Literal["given", "refused", "withdrawn"]


class ConsentInput(TypedDict):
    """What a customer said; it is added, nothing on record is changed."""

    at: NotRequired[str | None]
    channels: NotRequired[list[Literal["", "phone", "mail", "sms", "message", "post", "visit"]]]
    customer: str
    evidence: NotRequired[str]
    expires_on: NotRequired[str | None]
    is_separate: NotRequired[bool]
    purpose: str
    source: NotRequired[str]
    state: Literal["given", "refused", "withdrawn"]


class ConsentItems(TypedDict):
    """What holds, and every word, the latest first."""

    items: list[ConsentData]
    standing: list[StandingData]


class StandingData(TypedDict):
    """What holds now for a purpose and a channel."""

    allowed: bool
    channel: str
    purpose: str
    reason: str
