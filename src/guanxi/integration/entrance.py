"""The gate as the server asks it: before the body of a request is read."""

import io
from collections.abc import MutableMapping
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse

from guanxi.integration import gate, problems
from guanxi.integration.gate import ADDRESS
from guanxi.integration.middleware import ADMITTED

MOST_BYTES = "guanxi.most_bytes"


def api_refusal(path: str, status: int, text: str) -> HttpResponse | None:
    """What the server answers by itself to a request of the API (a body too large or too slow), as a problem."""
    if not path.startswith(ADDRESS):
        return None
    answer = problems.problem(status, text)
    answer.headers["Cache-Control"] = "no-store"
    if status in {423, 503}:
        answer.headers["Retry-After"] = "1"
    return answer


def api_gate(scope: MutableMapping[str, Any]) -> HttpResponse | None:
    """The answer to a request of the API that is not let in; None for one that is, which is remembered in its scope."""
    path: str = scope["path"]
    if not path.startswith(ADDRESS):
        return None
    query = scope.get("query_string", b"").decode("latin-1")
    headers = gate.headers_of(ASGIRequest(scope, io.BytesIO()))
    found = gate.admit(scope["method"], path, query, headers)
    if isinstance(found, HttpResponse):
        found.headers.setdefault("Cache-Control", "no-store")
        return found
    scope[ADMITTED] = found
    scope[MOST_BYTES] = found.most_bytes
    return None
