"""What is sent and given: units. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class UnitChange(TypedDict):
    """Fields of a unit; those left out stay as they are. A department keeps its name."""

    active: NotRequired[bool | None]
    name: NotRequired[str | None]


class UnitData(TypedDict):
    """Who can be responsible; a department that was none so far has no number of a unit yet."""

    active: bool
    department: int | None
    id: int | None
    name: str
    outside: bool


class UnitInput(TypedDict):
    """A firm outside that can be responsible."""

    name: str


class UnitItems(TypedDict):
    """Units: our departments, then firms outside."""

    items: list[UnitData]
