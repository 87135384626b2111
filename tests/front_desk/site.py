"""A site of somebody else, on an origin of its own: a page with the chat, and one with the form."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Site:
    """Serves `pages` by path under a strict policy that lets in what a page needs from one other origin."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self.pages: dict[str, str] = {}
        self.policy = ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            """Shows a page."""

            def do_GET(self) -> None:
                """The page at the path."""
                body = site.pages.get(self.path, "").encode()
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", site.policy)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                """Nothing to say."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        """Another host name and another port than ours."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def show(self, server_url: str, chat: str, form: str) -> None:
        """Put chat and form of a server on pages in both languages."""
        self.policy = (
            f"default-src 'none'; script-src {server_url}; connect-src {server_url}; img-src {server_url};"
            f" frame-src {server_url}"
        )
        for language in ("en", "zh"):
            head = f'<!doctype html><html lang="{language}"><title>Teas</title><body><h1>Teas</h1>'
            line = f'<script src="{server_url}/forms/{form}.js" async></script>'
            self.pages[f"/{language}/form"] = f"{head}{line}</body></html>"
            line = f'<script src="{server_url}/chat/{chat}.js" async></script>'
            self.pages[f"/{language}/chat"] = f"{head}{line}</body></html>"

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
