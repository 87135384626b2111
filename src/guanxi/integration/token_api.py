"""What a token may ask about itself, whatever its scopes."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from guanxi.integration.authentication import Caller

router = Router()


class TokenData(Schema):
    """One token: for whom it acts, what it may be used for, until when it holds."""

    id: str
    label: str
    user: str
    scopes: list[str]
    expires_at: str | None


@router.get("", response=TokenData, summary="What this token may be used for")
def read_token(request: HttpRequest) -> dict[str, Any]:
    """Give the token that the call is made with; every token may, whatever its scopes."""
    caller: Caller = request.caller  # type: ignore[attr-defined]
    token = caller.token
    return {
        "id": token.public_id,
        "label": token.label,
        "user": caller.user.username,
        "scopes": token.scope.split(),
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
    }
