"""What is sent and given: retention. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import TypedDict


class BeginInput(TypedDict):
    """That the caller knows what ends."""

    count: int


class MinimumData(TypedDict):
    """The least that the law asks."""

    parameter: str
    source: str
    unit: str
    value: int


class PartData(TypedDict):
    """What a preview found in one table."""

    all: int
    held: int
    newest: str | None
    oldest: str | None
    past: int


class RuleData(TypedDict):
    """How long one kind of data is kept."""

    basis: str
    counted_from: str
    days: int | None
    ending: str
    is_automatic: bool
    kind: str
    label: str
    minimums: list[MinimumData]
    notice_days: int | None
    set_at: str | None
    set_by: str
    what_happens: str


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
