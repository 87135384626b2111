"""Sending requests, trying again, and going through pages."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guanxi_client import types
from guanxi_client.operations import Operations

AGAIN = frozenset({429, 503})
LONGEST_WAIT_SECONDS = 60.0
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Response:
    """What came back: the status, the headers by lower-case name, the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Upload:
    """A file to send, with the fields that go along."""

    name: str
    content: bytes
    fields: Mapping[str, str]

    def encoded(self) -> tuple[str, bytes]:
        """The content type and the body of a form."""
        border = uuid.uuid4().hex
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in self.fields.items()
        ]
        name = "".join(letter for letter in self.name if letter.isprintable() and letter not in '"\\')
        head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + self.content)
        return f"multipart/form-data; boundary={border}", b"".join(parts) + f"\r\n--{border}--\r\n".encode()


Send = Callable[[str, str, Mapping[str, str], bytes | None], Response]


class Problem(Exception):
    """An error of the API (RFC 9457); programs may rely on `type` and `status`."""

    def __init__(self, response: Response) -> None:
        """Read the problem document, if it is one."""
        try:
            told = json.loads(response.body)
        except ValueError:
            told = {}
        self.document: dict[str, Any] = told if isinstance(told, dict) else {}
        self.status = response.status
        self.type = str(self.document.get("type", ""))
        self.retry_after = response.headers.get("retry-after", "")
        super().__init__(" ".join([str(response.status), *self._reasons(response)]))

    def _reasons(self, response: Response) -> Iterator[str]:
        """What is said of the error, and of each field that is at fault."""
        if said := self.document.get("detail") or self.document.get("title"):
            yield str(said)
        elif 300 <= response.status < 400:
            yield f"leads to {response.headers.get('location', 'another address')}, which is not followed"
        if field := self.document.get("field"):
            yield f"({field})"
        faults = self.document.get("errors")
        for fault in faults if isinstance(faults, list) else ():
            if isinstance(fault, dict):
                yield f"{fault.get('field') or fault.get('in', '')}: {fault.get('reason', '')}"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token goes to the address that was given and nowhere else."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Do not follow."""
        return None


class Client(Operations):
    """The API of one installation, for one token; safe to use from several threads.

    The token is sent with encryption alone (but to this very machine), unless `allow_http` says otherwise.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        tries: int = 4,
        timeout: float = 30.0,
        allow_http: bool = False,
        send: Send | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Keep where and as whom to ask; `send` replaces the network, for tests and other transports."""
        self.url = url.rstrip("/")
        self.token = token
        self.tries = tries
        self.timeout = timeout
        self.allow_http = allow_http
        self.opener = urllib.request.build_opener(_NoRedirects())
        self.send = send or self._send
        self.sleep = sleep

    def call(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        if_match: str | None = None,
    ) -> Any:
        """Make one call and return what it gives; Problem when it is refused."""
        response = self.request(method, path, query, body, if_match)
        return json.loads(response.body) if response.body else None

    def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        if_match: str | None = None,
    ) -> Response:
        """Make one call and return the whole response, its ETag among the headers."""
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        address = f"{self.url}{path}" + (f"?{urllib.parse.urlencode(asked)}" if asked else "")
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        content = None
        if isinstance(body, Upload):
            headers["Content-Type"], content = body.encoded()
        elif body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        if if_match is not None:
            headers["If-Match"] = if_match
        if method == "POST":
            # The same key each time: whichever try arrives first acts, the others get its answer.
            headers["Idempotency-Key"] = uuid.uuid4().hex
        return self._tried(method, address, headers, content)

    def _tried(self, method: str, address: str, headers: Mapping[str, str], content: bytes | None) -> Response:
        """Send, and again where that helps and does no harm."""
        for number in range(1, self.tries + 1):
            is_last = number == self.tries or method not in {"GET", "POST"}
            try:
                response = self.send(method, address, headers, content)
            except OSError:
                if is_last:
                    raise
                self.sleep(min(2.0**number / 4, LONGEST_WAIT_SECONDS))
                continue
            if response.status < 300:
                return response
            is_in_hand = response.status == 409 and b"urn:guanxi:problem:in-hand" in response.body
            if is_last or not (response.status in AGAIN or is_in_hand):
                raise Problem(response)
            self.sleep(_wait(response, number))
        raise AssertionError("the last try returns or raises")

    def imports_upload(self, name: str, content: bytes, *, target: str, mapping: str = "") -> types.ImportData:
        """Upload a file to import."""
        fields = {"target": target, **({"mapping": mapping} if mapping else {})}
        return self.call("POST", "/api/v1/imports", None, Upload(name, content, fields))

    def pages(self, operation: Callable[..., Any], *arguments: Any, **query: Any) -> Iterator[Any]:
        """Every item of a list, page after page."""
        after: str | None = query.pop("after", None)
        while True:
            page = operation(*arguments, **query, **({"after": after} if after else {}))
            yield from page["items"]
            after = page.get("next")
            if not after:
                return

    def _send(self, method: str, address: str, headers: Mapping[str, str], content: bytes | None) -> Response:
        """Send over the network."""
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in {"https", "http"}:
            raise ValueError(f"{address!r} is no web address")
        if parts.scheme == "http" and parts.hostname not in THIS_MACHINE and not self.allow_http:
            raise ValueError(
                f"{self.url!r} would be sent the token without encryption: use https://, or allow_http=True"
            )
        asked = urllib.request.Request(address, content, dict(headers), method=method)
        try:
            with self.opener.open(asked, timeout=self.timeout) as answer:
                return Response(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Response(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


def _wait(response: Response, number: int) -> float:
    """How long to wait: as the answer says, else twice as long each time."""
    said = response.headers.get("retry-after", "")
    return min(float(said) if said.isdigit() else 2.0**number / 4, LONGEST_WAIT_SECONDS)
