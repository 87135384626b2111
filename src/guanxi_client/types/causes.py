"""What is sent and given: causes. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class CauseChange(TypedDict):
    """Fields of a cause; those left out stay as they are. Without a name one of ours is called as before."""

    active: NotRequired[bool | None]
    name: NotRequired[str | None]


class CauseData(TypedDict):
    """One cause, with the branch it stands on."""

    active: bool
    id: int
    name: str
    parent: int | None
    path: list[str]


class CauseInput(TypedDict):
    """A new cause, in a branch of the tree."""

    name: str
    parent: NotRequired[int | None]


class CauseItems(TypedDict):
    """Causes in the order of the tree."""

    items: list[CauseData]
