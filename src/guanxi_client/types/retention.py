"""What is sent and given: retention. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import TypedDict

from guanxi_client.types.shared import PartData, RuleData


class BeginInput(TypedDict):
    """That the caller knows what ends."""

    count: int


class RuleItems(TypedDict):
    """Every kind of data that has a period or may have one."""

    items: list[RuleData]


class RunData(TypedDict):
    """One ending of data past its period, from its preview on."""

    before: str
    by: str
    confirmed_at: str | None
    confirmed_by: str
    days: int
    due_at: str | None
    ended: dict[str, int]
    ended_at: str | None
    error: str
    held: int
    id: str
    kind: str
    left: int
    parts: dict[str, PartData]
    past: int
    previewed_at: str | None
    started_at: str | None
    state: str


class RunItems(TypedDict):
    """A page of runs, the newest first; `next` goes on after it."""

    items: list[RunData]
    next: str | None
