"""Sensitive acts ask whether it is still the same person: a recent sign-in, or proof given once more."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

CONFIRMED = "guanxi_confirmed"
SECONDS = 15 * 60
READING = frozenset({"GET", "HEAD"})
View = Callable[..., HttpResponse]


def note_confirmed(request: HttpRequest) -> None:
    """Keep in the session that the person has just shown who they are."""
    request.session[CONFIRMED] = time.time()


def note_shown_at(request: HttpRequest, at: datetime | None) -> None:
    """Keep when they showed a provider who they are; where it does not say, coming in through it proves nothing."""
    if at is not None:
        request.session[CONFIRMED] = min(time.time(), at.timestamp())
    else:
        request.session.pop(CONFIRMED, None)


def is_confirmed(request: HttpRequest) -> bool:
    """Whether they have within the last quarter of an hour; a clock that was set back proves nothing."""
    at = request.session.get(CONFIRMED)
    return isinstance(at, float | int) and 0 <= time.time() - at < SECONDS


def confirmed_recently(view: View) -> View:
    """Let a view run only when the person has shown lately who they are; otherwise ask, then lead back."""

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Run the view, or lead to the question."""
        if not request.user.is_authenticated or is_confirmed(request):
            return view(request, *args, **kwargs)
        return ask(request)

    return asking


def confirmed_to_write(view: View) -> View:
    """The same for a page that anybody entitled may read: only what it sends asks for proof."""
    guarded = confirmed_recently(view)

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Run the view as it is for reading."""
        return view(request, *args, **kwargs) if request.method in READING else guarded(request, *args, **kwargs)

    return asking


def unless_confirmed(request: HttpRequest) -> HttpResponse | None:
    """The way to the question where proof is missing; None where it is there. For parts that others draw."""
    return None if is_confirmed(request) else ask(request)


def ask(request: HttpRequest) -> HttpResponse:
    """Lead to the question, and from there back to what the person was doing.

    A form that was sent is handed on by the browser itself (307 repeats it): to the question, which carries what it
    holds, and from there to where it was sent. Nothing of it is kept here, and nothing has to be typed again.
    """
    page, is_part = _page_of(request), bool(request.headers.get("HX-Request"))
    if is_part or request.method in READING:
        response = HttpResponse(status=204 if is_part else 302)
        address = f"{reverse('account_reauthenticate')}?{urlencode({'next': page})}"
        response["HX-Redirect" if is_part else "Location"] = address
        return response
    query = urlencode({"next": request.get_full_path(), "back": page})
    return repeated_at(f"{reverse('account_reauthenticate')}?{query}")


def repeated_at(address: str) -> HttpResponse:
    """Have the browser send the same form to another address of ours."""
    response = HttpResponse(status=307)
    response["Location"] = address
    response["Cache-Control"] = "no-store"
    return response


def _page_of(request: HttpRequest) -> str:
    """The page to come back to: this one, or the one that a form or a part of a page was on."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    return safe_next(request, came_from, reverse("people:security"))


def safe_next(request: HttpRequest, address: str, default: str) -> str:
    """An address of ours to lead on to, without its host; the default for any other."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return default
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if path.startswith("/") and not path.startswith("//") else default
