"""What every request passes: the actor, and a clear answer while the database is away."""

from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from guanxi.core.actor import actor_of

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
    """Answers 503 in the user's language when the database cannot be reached; recovers by itself."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and translate an unreachable database into a clear answer."""
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError):
            return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The same for errors raised in views, which Django would turn into a 500."""
        if isinstance(exception, OperationalError | InterfaceError):
            return self.answer(request)
        return None

    def answer(self, request: HttpRequest) -> HttpResponse:
        """503 as a page or as a problem document."""
        try:
            connection.close()
        except DatabaseError:
            connection.connection = None
        text = _("The database is not reachable at the moment. Nothing was lost; please try again in a few seconds.")
        if request.path.startswith("/api/"):
            problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": text}
            response: HttpResponse = JsonResponse(problem, status=503, content_type="application/problem+json")
        else:
            response = render(None, "ui/database_away.html", {"text": text}, status=503)  # type: ignore[arg-type]
        response["Retry-After"] = "5"
        return response
