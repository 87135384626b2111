"""What every request passes: the actor, and a clear answer while the database is away."""

import sys
from collections.abc import Callable

from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from guanxi.core.actor import actor_of
from guanxi.core.database_away import drop_connection, is_away

Handler = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Gives a signed-in request its actor, computed when first asked for."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor."""
        request.actor = SimpleLazyObject(lambda: actor_of(request.user))  # type: ignore[attr-defined,arg-type]
        return self.get_response(request)


class DatabaseAwayMiddleware:
    """Answers 503 in the reader's language while the database cannot be used; recovers by itself."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; an error outside the view, which Django has turned into a 500 by now, gets the clear answer too."""
        response = self.get_response(request)
        if response.status_code == 500 and getattr(request, "found_database_away", False):
            return self.answer(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The same for errors raised in views."""
        return self.answer(request) if is_away(exception) else None

    def answer(self, request: HttpRequest) -> HttpResponse:
        """503 as a page, as a line for a part of a page, or as a problem document."""
        drop_connection()
        language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)
        with translation.override(language):
            text = _(
                "The database is not reachable at the moment. Nothing was lost; please try again in a few seconds."
            )
            if request.path.startswith("/api/"):
                problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": text}
                response: HttpResponse = JsonResponse(problem, status=503, content_type="application/problem+json")
            elif request.headers.get("HX-Request"):
                response = HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
            else:
                # Without the request no context processor runs: none of them could ask the database.
                response = render(None, "ui/database_away.html", {"text": text}, status=503)
        response["Retry-After"] = "5"
        response["Content-Language"] = language
        return response


@receiver(got_request_exception)
def _remember_database_away(request: HttpRequest | None = None, **_signal: object) -> None:
    """Note on the request that the error Django is about to answer was the database's absence."""
    error = sys.exc_info()[1]
    if request is not None and error is not None and is_away(error):
        request.found_database_away = True  # type: ignore[attr-defined]
