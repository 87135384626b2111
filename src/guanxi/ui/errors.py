"""Error pages, in the reader's language: 403, 404, 500, 503 and every GuanxiError."""

import logging

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from guanxi.core.errors import Forbidden, GuanxiError, NotFound
from guanxi.ui import toasts
from guanxi.ui.context import bars
from guanxi.ui.together import kept

log = logging.getLogger(__name__)


def _words(status: int) -> tuple[str, str]:
    """A title and a sentence for a status."""
    known = {
        400: (gettext("This request cannot be understood"), gettext("Go back and try again.")),
        403: (
            gettext("Not for your role"),
            gettext("Your role does not allow this. Ask the owner of this installation."),
        ),
        404: (gettext("Nothing here"), gettext("There is no such page, or it is not open to you.")),
        409: (
            gettext("Something stands in the way"),
            gettext("It may have changed meanwhile. Go back, look at it once more and try again."),
        ),
        500: (
            gettext("Something went wrong"),
            gettext("The error was written to the log. Nothing you entered was half saved."),
        ),
        503: (gettext("Back in a moment"), gettext("A part of this installation is not reachable. Please try again.")),
    }
    return known.get(status, (gettext("This did not work"), gettext("Go back and try again.")))


def error_page(
    request: HttpRequest | None, status: int, sentence: str = "", *, heading: str = "", again: str = ""
) -> HttpResponse:
    """A page for an error; a toast for an htmx request; a problem document for the API."""
    title, text = _words(status)
    title, text = heading or title, sentence or text
    if request is not None and request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": text}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    if request is not None and request.headers.get("HX-Request"):
        return toasts.add(
            HttpResponse(text, status=status, content_type="text/plain; charset=utf-8"), text, tone="danger"
        )
    # Without the request no context processor runs, so that the page stands even when the database does not.
    context = {"status": status, "title": title, "text": text, "again": again, "bars_html": _bars(request, status)}
    page = render_to_string("ui/error.html", context)
    return HttpResponse(page, status=status)


def _bars(request: HttpRequest | None, status: int) -> str:
    """Who looks as another sees so on a page that is refused too; where something went wrong nothing more is asked."""
    if request is None or status >= 500 or not hasattr(request, "actor") or not request.user.is_authenticated:
        return ""
    return bars(request)


def _kept_page(request: HttpRequest) -> HttpResponse:
    """404 for a form whose record went away meanwhile, with everything that was typed."""
    is_dialog = request.headers.get("HX-Target") == "dialog-body"
    if request.headers.get("HX-Request") and not is_dialog:
        return error_page(request, 404)
    context = {"texts": kept.typed(request), "successor": kept.successor(request)}
    template = "ui/kept_dialog.html" if is_dialog else "ui/kept.html"
    response = render(request, template, context, status=404)
    response["Cache-Control"] = "no-store"
    if is_dialog:
        response["GX-Kept"] = "1"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was sent too late, or from elsewhere."""
    log.info("csrf: %s", reason)
    came_from = request.headers.get("Referer", "")
    return error_page(
        request,
        403,
        gettext("This page stood open for too long. Reload it and send the form again."),
        heading=gettext("The form was not accepted"),
        again=came_from if url_has_allowed_host_and_scheme(came_from, {request.get_host()}) else "",
    )


def explain(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The answer to an error that can be explained in one sentence; None for any other.

    What a role does not allow looks like what is not there: the sentence says both.
    """
    if isinstance(exception, Forbidden | PermissionDenied | NotFound | Http404) and kept.was_open(request):
        return _kept_page(request)
    if isinstance(exception, Forbidden | PermissionDenied):
        return error_page(request, 404)
    if isinstance(exception, GuanxiError):
        return error_page(request, exception.status, str(exception))
    if isinstance(exception, Http404) and request.headers.get("HX-Request"):
        return error_page(request, 404)
    return None
