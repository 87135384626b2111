"""What is sent and given: tiers. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Any, TypedDict


class TierFigures(TypedDict):
    """The pyramid, the ABC classes and the levels of the whole base, as last measured; amounts are decimal strings."""

    abc: list[dict[str, Any]]
    as_of: str | None
    currency: str
    left_out: list[dict[str, Any]]
    levels: list[dict[str, Any]]
    levels_by: str | None
    method: str | None
    period: dict[str, str | None]
    pyramid: list[dict[str, Any]]
