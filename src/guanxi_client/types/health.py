"""What is sent and given: health. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class Health(TypedDict):
    """Whether the installation serves."""

    reason: NotRequired[str | None]
    status: Literal["ok", "unavailable"]
    version: str
