"""The API's own way through Django: no session, no cookie, no sign-in stands before it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import translation

from guanxi.integration import problems

Handler = Callable[[HttpRequest], HttpResponse]
ADDRESS = "/api/v1/"


class ApiMiddleware:
    """Answers /api/v1 at once, passing over every middleware that comes after."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler for every other address."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Call the API's handler, or pass on."""
        if not request.path_info.startswith(ADDRESS):
            return self.get_response(request)
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return problems.problem(400, "The address holds a NUL character.")
        try:
            match = resolve(request.path_info)
        except Http404:
            return problems.problem(404, "There is nothing at this address.")
        request.resolver_match = match
        with translation.override("en"):
            response = match.func(request, *match.args, **match.kwargs)
        if response.status_code == 405:
            response = _with_headers(problems.problem(405, "This address does not take this method."), response)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response


def _with_headers(answer: HttpResponse, original: HttpResponse) -> HttpResponse:
    """Keep what the original said in headers (which methods are taken)."""
    if "Allow" in original:
        answer["Allow"] = original["Allow"]
    return answer
