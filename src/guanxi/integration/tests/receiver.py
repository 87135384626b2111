"""A receiver of webhooks on this machine that behaves as it is told: well, slowly, wrongly."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """What was received, and how the next calls are answered."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        """Answers well until told otherwise."""
        self.server = server
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[Any] = []
        self.answer: Any = 204

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    @property
    def told(self) -> list[dict[str, Any]]:
        """The bodies it has received."""
        return [json.loads(body) for _headers, body in self.calls]

    def next_answer(self) -> Any:
        """How to answer this call."""
        return self.answers.pop(0) if self.answers else self.answer


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """The check a receiver makes, written down from the scheme's text without our code."""
    key = base64.b64decode(secret.split("_", 1)[1])
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return any(part == f"v1,{wanted}" for part in headers["webhook-signature"].split(" "))


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens during the block."""

    class Handler(BaseHTTPRequestHandler):
        """Keeps what comes, answers as told."""

        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Receive one call."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.calls.append(({k.lower(): v for k, v in self.headers.items()}, body))
            answer = receiver.next_answer()
            if callable(answer):
                answer(self)
                return
            self.send_response(answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(server)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


def hang(handler: BaseHTTPRequestHandler) -> None:
    """Never answer."""
    time.sleep(3)


def trickle(handler: BaseHTTPRequestHandler) -> None:
    """Begin to answer, a byte at a time, for ever."""
    try:
        for _number in range(300):
            handler.wfile.write(b"H")
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        return


def redirect_inside(handler: BaseHTTPRequestHandler) -> None:
    """Send the caller to a machine of its own network."""
    handler.send_response(302)
    handler.send_header("Location", "http://169.254.169.254/latest/meta-data/")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def ten_megabytes(handler: BaseHTTPRequestHandler) -> None:
    """Answer well, with far too much."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(10_000_000))
    handler.end_headers()
    try:
        for _number in range(100):
            handler.wfile.write(b"x" * 100_000)
    except OSError:
        return


def endless(handler: BaseHTTPRequestHandler) -> None:
    """Answer well, and go on for as long as anybody listens; how much was taken stands on the server."""
    handler.send_response(200)
    handler.end_headers()
    taken = 0
    try:
        while taken < 500_000_000:
            handler.wfile.write(b"x" * 100_000)
            taken += 100_000
    except OSError:
        pass
    handler.server.taken = taken  # type: ignore[attr-defined]
    handler.close_connection = True


def ask_for_rest(handler: BaseHTTPRequestHandler) -> None:
    """Say that it is too much, and when to come again."""
    handler.send_response(429)
    handler.send_header("Retry-After", "900")
    handler.send_header("Content-Length", "0")
    handler.end_headers()
