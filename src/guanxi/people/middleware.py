"""Whoever holds a role that asks for a second factor sets one up before anything else."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from guanxi.core.sessions import ENTRY
from guanxi.core.signed_in import SignedIn

Handler = Callable[[HttpRequest], HttpResponse]
# What stays open meanwhile: setting one up, proving who one is, leaving, and how the page looks.
OPEN = frozenset(
    {
        "people:security",
        "people:new_app",
        "people:new_passkey",
        "people:passkey_options",
        "people:new_codes",
        "account_reauthenticate",
        "account_logout",
        "account_login",
        "ui:preferences",
    }
)


class SecondFactorMiddleware:
    """Leads to the set-up; answers parts of pages and programs' questions with a refusal."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Stop a view that is not open meanwhile."""
        if not request.user.is_authenticated:
            return None
        came: SignedIn | None = getattr(request.session, "came_with", None)
        if came is None or not came.lacks_second_factor or came.user.pk != request.user.pk:
            return None
        if request.session.get(ENTRY, {}).get("has_second_factor"):
            return None  # the provider has asked for one
        match = request.resolver_match
        if match is not None and match.view_name in OPEN:
            return None
        return _lead(request)


def _lead(request: HttpRequest) -> HttpResponse:
    """To the security page."""
    address = f"{reverse('people:security')}?needed=1"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=403)
        response["HX-Redirect"] = address
        return response
    if request.method not in {"GET", "HEAD"} or "text/html" not in request.headers.get("Accept", "text/html"):
        return HttpResponse("A second factor must be set up first.", status=403, content_type="text/plain")
    response = HttpResponse(status=302)
    response["Location"] = address
    return response
