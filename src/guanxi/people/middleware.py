"""What stands before every page: a second factor that has yet to be set up, and a look as another that only reads."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from guanxi.core.seeing_as import SEE_AS
from guanxi.people.signing_in.due import is_due
from guanxi.people.views.seeing import end_in
from guanxi.ui import forms, toasts
from guanxi.ui.errors import error_page

Handler = Callable[[HttpRequest], HttpResponse]
# What stays open meanwhile: setting one up, proving who one is, leaving, and how the page looks.
OPEN = frozenset(
    {
        "people:security",
        "people:new_app",
        "people:new_passkey",
        "people:passkey_options",
        "account_reauthenticate",
        "confirmed",
        "oidc_begin",
        "oidc_callback",
        "saml_begin",
        "saml_answer",
        "saml_finish",
        "account_logout",
        "account_login",
        "saml_logout",
        "ui:preferences",
    }
)


class SecondFactorMiddleware:
    """Leads whoever asks for anything else to the set-up; what a page asks for by itself gets a quiet answer."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Stop a view that is not open meanwhile."""
        if not request.user.is_authenticated or not is_due(request):
            return None
        match = request.resolver_match
        if match is not None and match.view_name in OPEN:
            return None
        return _lead(request)


def _lead(request: HttpRequest) -> HttpResponse:
    """To the security page; a part of a page that nobody has asked for leads nowhere, or it would do so again and again."""
    address = f"{reverse('people:security')}?needed=1"
    if request.headers.get("HX-Request"):
        if not request.headers.get("GX-Asked"):
            return HttpResponse(status=204)
        response = HttpResponse(status=403)
        response["HX-Redirect"] = address
        return response
    if request.method not in {"GET", "HEAD"} or "text/html" not in request.headers.get("Accept", "text/html"):
        return HttpResponse("A second factor must be set up first.", status=403, content_type="text/plain")
    response = HttpResponse(status=302)
    response["Location"] = address
    return response


# What is one person's alone: neither the other's nor one's own is shown meanwhile.
PERSONAL = (
    "/settings/profile",
    "/settings/security",
    "/settings/tokens",
    "/settings/notifications",
    "/settings/absences",
    "/notifications/",
)
STAYS_OPEN = frozenset({"people:see_as_stop", "account_logout", "ui:preferences"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class SeeingAsMiddleware:
    """Lets whoever looks with the rights of another read on screen, and nothing more; ends the look when it is over."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; a file to take away is held back, whichever page hands it out."""
        response = self.get_response(request)
        if response.headers.get("Content-Disposition", "").startswith("attachment") and _is_looking(request):
            # Not `response.close()`, which says that the request is over.
            file = getattr(response, "file_to_stream", None)
            if file is not None:
                file.close()
            return _refused(request, gettext("No files are handed out while you look as another."))
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Stop what would write, and what is personal."""
        if not _is_looking(request):
            return None
        if request.actor.looker is None:  # type: ignore[attr-defined]
            return _over(request)
        if request.resolver_match is not None and request.resolver_match.view_name in STAYS_OPEN:
            return None
        if request.path.startswith(PERSONAL):
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204)
            return _refused(request, gettext("Personal pages stay closed while you look as another."), status=404)
        if request.method not in READING:
            return _refused(request, gettext("You are looking with the rights of another: nothing can be changed."))
        return None


def _is_looking(request: HttpRequest) -> bool:
    """Whether this request comes from a session in which somebody looks as another."""
    session = getattr(request, "session", None)
    return session is not None and request.user.is_authenticated and SEE_AS in session


def _refused(request: HttpRequest, text: str, status: int = 403) -> HttpResponse:
    """Why it does not go; quiet where a page speaks by itself."""
    if request.resolver_match is not None and request.resolver_match.view_name == "ui:here":
        return HttpResponse(status=204)
    return error_page(request, status, text, heading=gettext("You are looking as another"))


def _over(request: HttpRequest) -> HttpResponse:
    """The time is up, or the other is gone: end it and begin at the first page; nothing asked for meanwhile is done."""
    end_in(request)
    toasts.message(request, gettext("You look with your own rights again."))
    return forms.done(request, reverse("home"))
