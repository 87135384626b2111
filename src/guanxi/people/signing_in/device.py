"""The sign of a browser that has signed in before."""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "guanxi_device"
_SALT = "guanxi.device"
DAYS = 180
MOST_USERS = 8


def _read(request: HttpRequest) -> tuple[str, list[int]]:
    """The browser's sign and who has signed in with it."""
    try:
        sign, users = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=DAYS * 86400)
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return str(sign), [int(user) for user in users]


def sign_for(request: HttpRequest, user_id: int | None) -> str:
    """The sign of a browser in which this user has signed in before, else ''."""
    sign, users = _read(request)
    return sign if user_id is not None and user_id in users else ""


def mark(response: Any, request: HttpRequest, user_id: int) -> None:
    """Give the browser the sign that this user has signed in with it."""
    sign, users = _read(request)
    known = [user for user in users if user != user_id][-(MOST_USERS - 1) :]
    text = signing.dumps([sign or secrets.token_urlsafe(18), [*known, user_id]], salt=_SALT)
    answer: HttpResponse = response
    answer.set_cookie(
        COOKIE,
        text,
        max_age=DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
