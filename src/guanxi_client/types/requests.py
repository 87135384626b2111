"""What is sent and given: requests. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class DataRequestData(TypedDict):
    """One request about personal data."""

    answer: str
    asked_by: str
    channel: str
    closed_at: str | None
    closed_by: str
    created_at: str
    customer: str | None
    due_on: str
    erasure: str | None
    extension_reason: str
    first_due_on: str | None
    id: str
    identity_check: str
    in_charge: str | None
    is_overdue: bool
    kind: str
    law: str
    note: str
    received_on: str
    recorded_by: str
    state: str


class DataRequestItems(TypedDict):
    """A page of requests; `next` goes on after it."""

    items: list[DataRequestData]
    next: str | None


class ExtensionInput(TypedDict):
    """Why a request is put off, as the person is told."""

    reason: str


class RequestFields(TypedDict):
    """What is known of a request; fields that are left out stay as they are."""

    asked_by: NotRequired[str | None]
    channel: NotRequired[str | None]
    customer: NotRequired[str | None]
    identity_check: NotRequired[str | None]
    in_charge: NotRequired[str | None]
    kind: NotRequired[str | None]
    law: NotRequired[str | None]
    note: NotRequired[str | None]
    received_on: NotRequired[str | None]


class SettlementInput(TypedDict):
    """How a request ended."""

    answer: str
    state: Literal["done", "refused"]
