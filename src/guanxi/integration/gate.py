"""Who is let in to the API: decided by the address, the method and the headers, before anything of the body is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch, get_resolver

from guanxi.core.client_address import address_of
from guanxi.integration import limits, problems, scopes
from guanxi.integration.api import ANYBODY, Endpoint
from guanxi.integration.authentication import Caller, caller_of, refusal_of

ADDRESS = "/api/v1/"
URLCONF = "guanxi.integration.addresses"
BODIES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_BEARER = "bearer "


@dataclass(frozen=True)
class Admission:
    """A request that may go on to its handler."""

    match: ResolverMatch
    caller: Caller | None
    headers: Mapping[str, str]
    most_bytes: int | None
    """The longest body that is taken; None for files, which have a limit of their own."""


def headers_of(request: HttpRequest) -> dict[str, str]:
    """What the gate asks of a request."""
    meta = request.META
    return {
        "authorization": meta.get("HTTP_AUTHORIZATION", ""),
        "content-length": str(meta.get("CONTENT_LENGTH") or ""),
        "content-type": meta.get("CONTENT_TYPE", ""),
        "from": address_of(request),
    }


def admit(method: str, path: str, query: str, headers: Mapping[str, str]) -> Admission | HttpResponse:
    """Let a request in, or say why not: 404, 405, 401, 429, 403, 415 and 413 in this order.

    Of the headers it asks `authorization`, `content-type` and `content-length`; `from` is the address that the request came from.
    """
    try:
        return _admit(method, path, query, headers)
    except (DatabaseError, InterfaceError) as error:
        return problems.of_fault(None, error)


def _admit(method: str, path: str, query: str, headers: Mapping[str, str]) -> Admission | HttpResponse:
    """The same, while the database is there."""
    if "\x00" in path or "%00" in query:
        return problems.problem(400, "The address holds a NUL character.")
    try:
        match = get_resolver(getattr(settings, "API_URLCONF", URLCONF)).resolve(path)
    except Http404:
        return problems.problem(404, "There is nothing at this address.")
    endpoint: Any = match.func
    if not isinstance(endpoint, Endpoint):
        return Admission(match, None, {}, None)
    if method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": endpoint.methods})
    if method not in endpoint.operations:
        answer = problems.problem(405, "This address does not take this method.")
        answer["Allow"] = endpoint.methods
        return answer
    if endpoint.area == ANYBODY:
        return Admission(match, None, {}, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return _admit_caller(method, match, endpoint, headers)


def _admit_caller(
    method: str, match: ResolverMatch, endpoint: Endpoint, headers: Mapping[str, str]
) -> Admission | HttpResponse:
    """Let a program in that may call this."""
    given = headers.get("authorization", "")
    key = given[len(_BEARER) :].strip() if given[: len(_BEARER)].lower() == _BEARER else ""
    caller = caller_of(key, headers.get("from", ""))
    if caller is None:
        why = refusal_of(key) if key else "Give a valid token: Authorization: Bearer …"
        return problems.problem(401, why)
    allowance = limits.take(int(caller.token.digest[:15], 16), caller.token.per_minute)
    told = allowance.headers if allowance else {}
    if allowance and allowance.wait:
        answer = problems.problem(429, f"This token may make {allowance.limit} requests a minute.")
        return _with(answer, {"Retry-After": str(allowance.wait), **told})
    scope = scopes.needed(endpoint.area, method)
    if not _allowed(caller.scopes, scope):
        answer = problems.problem(403, f"This token does not have the scope {scope}.", scope=scope)
        return _with(answer, told)
    taken = endpoint.takes(method) if method in BODIES else ""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if taken and media_type and media_type != taken and headers.get("content-length") != "0":
        return _with(problems.problem(415, f"Send the body as {taken}."), told)
    most = None if method in BODIES and endpoint.takes_files(method) else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    length = headers.get("content-length", "")
    if most is not None and length.isdigit() and int(length) > most:
        return _with(problems.problem(413, "The body is too large."), told)
    return Admission(match, caller, told, most)


def _with(answer: HttpResponse, headers: Mapping[str, str]) -> HttpResponse:
    """An answer with these headers too."""
    for name, value in headers.items():
        answer.headers[name] = value
    return answer


@lru_cache(maxsize=1024)
def _allowed(held: frozenset[str], scope: str) -> bool:
    """Whether scopes allow what one asks for; few combinations come again and again."""
    return scopes.allows(held, scope)
