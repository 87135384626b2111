"""A provider of OAuth 2 tokens as strict as they come: each refresh token is good once, and a mail server can ask whose one is."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class TokenProvider:
    """What it has given out; `refresh` is the one token that it takes now."""

    def __init__(self, port: int, person: str) -> None:
        """For one person."""
        self.port, self.person = port, person
        self.given = 0
        self.valid: set[str] = set()

    @property
    def refresh(self) -> str:
        """The refresh token that is good now."""
        return f"refresh-{self.given}"

    @property
    def token_url(self) -> str:
        """Where tokens are asked for."""
        return f"http://127.0.0.1:{self.port}/token"

    def ask(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        """A token for the refresh token, which is then used up."""
        if form.get("grant_type") != ["refresh_token"] or form.get("refresh_token") != [self.refresh]:
            return 400, {"error": "invalid_grant", "error_description": "the refresh token was used before"}
        self.given += 1
        token = f"access-{self.given}"
        self.valid.add(token)
        return 200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer", "refresh_token": self.refresh}

    def whose(self, token: str) -> tuple[int, dict[str, Any]]:
        """Whom a token stands for, as the mail server asks."""
        if token not in self.valid:
            return 200, {"active": "false"}
        return 200, {"active": "true", "email": self.person}


@contextmanager
def providing(port: int, person: str) -> Iterator[TokenProvider]:
    """The provider, listening."""
    provider = TokenProvider(port, person)

    class Handler(BaseHTTPRequestHandler):
        """The two entrances."""

        def do_POST(self) -> None:
            """For us."""
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.tell(*provider.ask(parse_qs(body)))

        def do_GET(self) -> None:
            """For the mail server."""
            self.tell(*provider.whose(parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]))

        def tell(self, status: int, content: dict[str, Any]) -> None:
            """JSON."""
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
