"""What programs talk to: the API in this process in the place of the network, and a web server that is no Guanxi."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.test import Client as Browser

from guanxi_client import Response


class Wire:
    """The API in this process in the place of the network; answers may be lost or refused on their way."""

    def __init__(self, *faults: object) -> None:
        self.faults = list(faults)
        self.sent: list[tuple[str, str]] = []
        self.got: list[Response] = []

    def __call__(self, method: str, address: str, headers: Mapping[str, str], content: bytes | None) -> Response:
        self.sent.append((method, headers.get("Idempotency-Key", "")))
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Response):
            return fault
        if fault == "no connection":
            raise ConnectionError
        path = address.removeprefix("http://crm.test")
        media_type = headers.get("Content-Type", "application/json")
        answer = Browser().generic(method, path, content or b"", media_type, headers=dict(headers))
        if fault == "lost":
            raise ConnectionError
        self.got.append(Response(answer.status_code, {k.lower(): v for k, v in answer.items()}, answer.content))
        return self.got[-1]


@contextmanager
def web_server(status: int, location: str = "") -> Iterator[tuple[str, list[str]]]:
    """A server that answers everything alike; where it is, and the tokens that it was sent."""
    tokens: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        """Answers."""

        def do_GET(self) -> None:
            """Answer one call."""
            tokens.append(self.headers["Authorization"])
            self.send_response(status)
            self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", tokens
    finally:
        server.shutdown()
        server.server_close()
