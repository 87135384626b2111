"""Calling the API for an assistant: in this process, or another installation over HTTPS."""

import http.client
import io
import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import unquote

import orjson
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections, connection
from django.http import HttpResponse
from django.utils.translation import gettext as _

from guanxi.core.errors import InvalidInput
from guanxi.integration import gate, problems
from guanxi.integration.middleware import ADMITTED, ApiMiddleware

DESCRIPTION = "/api/v1/openapi.json"
SECONDS = 60
MOST_BYTES = 8_000_000
# In the place of a status: nobody answered.
UNREACHED = 0


@dataclass(frozen=True)
class Answer:
    """What the API answered."""

    status: int
    body: bytes

    @property
    def is_good(self) -> bool:
        """Whether the call did what it should."""
        return 200 <= self.status < 300

    def data(self) -> Any:
        """The body as data, None where there is none, or only a part of it."""
        try:
            return orjson.loads(self.body) if self.body else None
        except orjson.JSONDecodeError:
            return None


class Caller(Protocol):
    """Whatever calls the API with a token."""

    def call(self, method: str, path: str, query: str = "", body: Any = None) -> Answer:
        """Call one operation."""


class HereCaller:
    """Calls the API of this installation in this process, through the same gate, rights and limits."""

    def __init__(self, token: str) -> None:
        """Keep the token."""
        self.token = token
        self.middleware = ApiMiddleware(lambda _request: HttpResponse(status=404))

    def call(self, method: str, path: str, query: str = "", body: Any = None) -> Answer:
        """Call one operation; the journal has `mcp` as the means."""
        if not connection.in_atomic_block:
            close_old_connections()
        content = orjson.dumps(body) if body is not None else b""
        headers = [(b"authorization", f"Bearer {self.token}".encode()), (b"content-length", str(len(content)).encode())]
        if body is not None:
            headers.append((b"content-type", b"application/json"))
        scope: dict[str, Any] = {
            "type": "http", "method": method, "path": _decoded(path), "raw_path": path.encode(), "root_path": "",
            "query_string": query.encode(), "headers": headers, "client": None, "server": ("localhost", 80),
        }  # fmt: skip
        request = ASGIRequest(scope, io.BytesIO(content))
        admission = gate.admit(method, request.path_info, query, gate.headers_of(request))
        if isinstance(admission, HttpResponse):
            return Answer(admission.status_code, admission.content)
        if admission.caller is not None:
            caller = replace(admission.caller, actor=replace(admission.caller.actor, means="mcp"))
            admission = replace(admission, caller=caller)
        scope[ADMITTED] = admission
        response = self.middleware(request)
        return Answer(response.status_code, response.content)


def _decoded(path: str) -> str:
    """A path as servers hand it on: in plain letters, but for a slash that is part of an id."""
    return "%2F".join(unquote(part) for part in re.split("%2F", path, flags=re.IGNORECASE))


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token goes to the address that was given and nowhere else."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Do not follow."""
        return None


class ThereCaller:
    """Calls the API of an installation elsewhere."""

    def __init__(self, address: str, token: str) -> None:
        """Keep where and with what."""
        self.address = address.rstrip("/")
        self.token = token
        self.opener = urllib.request.build_opener(_NoRedirects())

    def call(self, method: str, path: str, query: str = "", body: Any = None) -> Answer:
        """Call one operation."""
        url = f"{self.address}{path}" + (f"?{query}" if query else "")
        data = orjson.dumps(body) if body is not None else None
        headers = {"Authorization": f"Bearer {self.token}", "User-Agent": "Guanxi-MCP/1"}
        if data is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(url, data=data, headers=headers, method=method)
        try:
            with self.opener.open(request, timeout=SECONDS) as response:
                return Answer(response.status, response.read(MOST_BYTES))
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read(MOST_BYTES))
        except (OSError, ValueError, http.client.HTTPException) as error:
            why = str(getattr(error, "reason", error)) or type(error).__name__
            return Answer(UNREACHED, json.dumps({"title": "Unreachable", "detail": why}).encode())


def scopes_there(url: str, answer: Answer) -> frozenset[str]:
    """What a token may be used for elsewhere; InvalidInput says what stands in the way."""
    told = answer.data()
    told = told if isinstance(told, dict) else {}
    if answer.status == UNREACHED:
        raise InvalidInput(_("%(url)s cannot be reached: %(why)s.") % {"url": url, "why": told["detail"]})
    if answer.is_good and isinstance(told.get("scopes"), list):
        return frozenset(map(str, told["scopes"]))
    if str(told.get("type", "")).startswith(problems.PREFIX) and answer.status != 404:
        raise InvalidInput(
            _("%(url)s does not take this token: %(why)s") % {"url": url, "why": told.get("detail", answer.status)}
        )
    raise InvalidInput(
        _("%(url)s does not answer as a Guanxi of this version does (status %(status)s).")
        % {"url": url, "status": answer.status}
    )
