"""What is sent and given: remedy_kinds. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class RemedyKindChange(TypedDict):
    """Fields of a kind of remedy; those left out stay as they are."""

    active: NotRequired[bool | None]
    has_amount: NotRequired[bool | None]
    name: NotRequired[str | None]


class RemedyKindData(TypedDict):
    """One way of making good."""

    active: bool
    has_amount: bool
    id: int
    name: str


class RemedyKindInput(TypedDict):
    """A new kind of remedy."""

    has_amount: NotRequired[bool]
    name: str


class RemedyKindItems(TypedDict):
    """Kinds of remedy in their order."""

    items: list[RemedyKindData]
