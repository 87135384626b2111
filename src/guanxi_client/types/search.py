"""What is sent and given: search. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import TypedDict


class HitData(TypedDict):
    """One record found; `rank` 1 is the best of four, `match` says how it was found."""

    id: str
    kind: str
    match: str
    rank: int
    subtitle: str
    title: str


class HitItems(TypedDict):
    """What was found, best first."""

    items: list[HitData]
