"""What is sent and given: approvals. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class ApprovalData(TypedDict):
    """One request for approval."""

    about: str | None
    amount: str | None
    asked_by: str | None
    created_at: str
    currency: str | None
    decided_at: str | None
    decided_by: str | None
    id: str
    on_behalf_of: str | None
    reason: str
    sort: str
    state: Literal["waiting", "approved", "refused", "withdrawn", "lapsed"]
    steps: list[ApprovalStepData]
    words: str


class ApprovalPage(TypedDict):
    """Approvals, the newest first; `next` goes on after the page."""

    items: list[ApprovalData]
    next: str | None


class ApprovalStepData(TypedDict):
    """One word that an approval needs."""

    approver: Literal["role", "head", "user"]
    decided_at: str | None
    decided_by: str | None
    delegated_by: str | None
    delegated_to: str | None
    on_behalf_of: str | None
    role: str | None
    second: bool
    state: Literal["pending", "waiting", "approved", "refused", "closed"]
    user: str | None
    words: str


class Delegation(TypedDict):
    """Who is to decide in one's place; null: nobody after all."""

    to: str | None


class Word(TypedDict):
    """One's word on the step that waits; a refusal says why."""

    approved: bool
    words: NotRequired[str]
