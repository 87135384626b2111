"""What is sent and given: merges. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import TypedDict

from guanxi_client.types.shared import MergeData


class PartedData(TypedDict):
    """What taking a merge back did."""

    kept_fields: list[str]
    merge: MergeData
    rows_back: int
    rows_gone: int
    rows_stayed: int
    survivor: str
