"""Errors of the API as problem documents (RFC 9457)."""

import http
import logging

import orjson
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja.errors import AuthenticationError, HttpError, ValidationError

from guanxi.core import database_away
from guanxi.core.errors import GuanxiError, Incomplete, InvalidCursor

logger = logging.getLogger("guanxi.api")
MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:guanxi:problem:"
# What a status means where nothing more exact is said; programs may rely on these names.
NAMES = {
    400: "bad-request",
    401: "no-valid-token",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-taken",
    408: "too-slow",
    409: "conflict",
    410: "gone",
    412: "changed-meanwhile",
    413: "too-large",
    415: "unknown-media-type",
    422: "invalid",
    423: "busy",
    428: "version-needed",
    429: "too-many-requests",
    500: "fault",
    503: "unavailable",
    507: "no-room",
}
BODY = "data"
FURTHER = ("cursor-invalid", "key-reused", "in-hand", "scope-missing")


def problem(status: int, detail: str = "", *, name: str = "", **more: object) -> HttpResponse:
    """Return a problem document."""
    body: dict[str, object] = {
        "type": PREFIX + (name or NAMES.get(status, "bad-request")),
        "title": http.HTTPStatus(status).phrase,
        "status": status,
    }
    if detail:
        body["detail"] = detail
    response = HttpResponse(orjson.dumps(body | more), status=status, content_type=MEDIA_TYPE)
    if status == http.HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="guanxi"'
    return response


def of_error(request: HttpRequest | None, error: Exception) -> HttpResponse:
    """Return the problem for an error that a caller may see."""
    if isinstance(error, GuanxiError):
        name = "cursor-invalid" if isinstance(error, InvalidCursor) else ""
        more: dict[str, object] = {"field": error.column} if error.column else {}
        if isinstance(error, Incomplete):
            more["missing"] = error.missing
        answer = problem(error.status, str(error), name=name, **more)
        if error.status in {423, 503}:
            answer["Retry-After"] = "5"
        return answer
    if isinstance(error, AuthenticationError):
        return problem(401, "Give a valid token: Authorization: Bearer …")
    if isinstance(error, ValidationError):
        return problem(
            422, "The request does not have the form that is needed.", errors=[_fault(e) for e in error.errors]
        )
    if isinstance(error, HttpError):
        # The framework puts a sentence of its own in the place of what the parser of bodies says.
        error = error.__cause__ if isinstance(error.__cause__, HttpError) else error
        return problem(error.status_code, str(error))
    return of_fault(request, error)


def of_fault(request: HttpRequest | None, error: Exception) -> HttpResponse:
    """Return the problem for a body that cannot be read, a database that is away, or a mistake of ours (to the log)."""
    if isinstance(error, RequestDataTooBig):
        return problem(413, "The body is too large.")
    if isinstance(error, UnreadablePostError):
        return problem(400, "The body did not arrive.")
    if isinstance(error, MultiPartParserError | TooManyFilesSent | SuspiciousOperation | BadRequest):
        return problem(400, "The body is not a form.")
    if isinstance(error, OperationalError | InterfaceError) and database_away.is_away(error):
        database_away.drop_connection()
        response = problem(503, "The database is not reachable at the moment. Please try again in a few seconds.")
        response["Retry-After"] = "5"
        return response
    method, path = (request.method, request.path) if request is not None else ("", "")
    logger.error("%s %s failed", method, path, exc_info=error)
    return problem(500, "Something went wrong on our side.")


def _fault(error: dict[str, object]) -> dict[str, object]:
    """Return where one field of a request is wrong and why, without repeating what was sent."""
    place = [str(part) for part in error.get("loc", ())]  # type: ignore[attr-defined]
    if place[:2] == ["body", BODY]:  # the name that the body has in our code
        del place[1]
    return {"in": place[0] if place else "", "field": ".".join(place[1:]), "reason": str(error.get("msg", ""))}
