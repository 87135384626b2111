"""What is sent and given: token. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import TypedDict


class TokenData(TypedDict):
    """One token: for whom it acts, what it may be used for, until when it holds."""

    expires_at: str | None
    id: str
    label: str
    scopes: list[str]
    user: str
