"""The API's own way through Django: no session, no cookie, no sign-in stands before it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from guanxi.integration import gate, idempotency
from guanxi.integration.gate import ADDRESS, Admission

Handler = Callable[[HttpRequest], HttpResponse]
ADMITTED = "guanxi.admission"


class ApiMiddleware:
    """Answers /api/v1 at once, passing over every middleware that comes after."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler for every other address."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Call the API's handler, or pass on."""
        if not request.path_info.startswith(ADDRESS):
            return self.get_response(request)
        with translation.override("en"):
            response = self._answer(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        """The answer of the handler, or of the gate."""
        scope: Any = getattr(request, "scope", {})
        admission = scope.get(ADMITTED) or gate.admit(
            request.method or "", request.path_info, request.META.get("QUERY_STRING", ""), gate.headers_of(request)
        )
        if isinstance(admission, HttpResponse):
            return admission
        request.resolver_match = admission.match
        response = _called(request, admission)
        for name, value in admission.headers.items():
            response.headers[name] = value
        return response


def _called(request: HttpRequest, admission: Admission) -> HttpResponse:
    """What the handler answers; a POST with an Idempotency-Key acts once however often it is sent."""
    match, caller = admission.match, admission.caller

    def handle() -> HttpResponse:
        """Call the handler."""
        answer: HttpResponse = match.func(request, **match.kwargs)
        return answer

    if caller is None:
        return handle()
    request.user = caller.user
    request.actor = caller.actor  # type: ignore[attr-defined]
    request.caller = caller  # type: ignore[attr-defined]
    if request.method == "POST" and "HTTP_IDEMPOTENCY_KEY" in request.META:
        return idempotency.answer_once(caller.token, request, handle)
    return handle()
