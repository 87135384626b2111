"""One port for everything: pages on a pool of threads, `/live` and the health check beside them as bare ASGI."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

import django
import orjson

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")
django.setup()

from guanxi.conversations.adapters.chat.entrance import chat_gate  # noqa: E402
from guanxi.core import health  # noqa: E402  Django must be set up first
from guanxi.core.live.stream import LiveApp  # noqa: E402
from guanxi.integration.public import api_gate, api_refusal, keep_callers  # noqa: E402
from guanxi.project.pages import PageHandler, Receive, Scope, Send  # noqa: E402
from guanxi.ui.middleware import POLICY  # noqa: E402

HEALTH_PATH = "/api/v1/health"
HEALTH_SECONDS = 4.0


class Application:
    """Sends each request where it belongs."""

    def __init__(self) -> None:
        """Make the parts; a thread of its own answers the health check however busy the pages are."""
        self.pages = PageHandler(lambda scope: chat_gate(scope) or api_gate(scope), api_refusal)
        self.live = LiveApp()
        self.health_thread = ThreadPoolExecutor(1, "health")
        self.asking: asyncio.Future[str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entrance."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["path"] == "/live" and scope["method"] == "GET":
            await self.live(scope, receive, _with_policy(send))
        elif scope["path"] == HEALTH_PATH and scope["method"] in {"GET", "HEAD"}:
            await self._health(_with_policy(send))
        else:
            await self.pages(scope, receive, send)

    async def _health(self, send: Send) -> None:
        """Answer whether the database does; a look that hangs counts as no."""
        if self.asking is None or self.asking.done():
            loop = asyncio.get_running_loop()
            self.asking = asyncio.ensure_future(loop.run_in_executor(self.health_thread, health.problem))
        try:
            trouble = await asyncio.wait_for(asyncio.shield(self.asking), HEALTH_SECONDS)
        except TimeoutError:
            trouble = health.AWAY
        status, report = health.report(trouble)
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": orjson.dumps(report), "more_body": False})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        """Start and stop with a server that says so."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                keep_callers()
                await send({"type": "lifespan.startup.complete"})
            else:
                self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def close(self) -> None:
        """End the streams and take no more requests."""
        self.live.close()
        self.pages.close()
        self.health_thread.shutdown(wait=False, cancel_futures=True)


def _with_policy(send: Send) -> Send:
    """Put the content security policy on answers that no middleware sees."""

    async def sending(message: dict[str, object]) -> None:
        """Add the header to the start of the answer."""
        if message["type"] == "http.response.start":
            headers = [*message["headers"], (b"content-security-policy", POLICY.encode())]  # type: ignore[misc]
            message = {**message, "headers": headers}
        await send(message)

    return sending  # type: ignore[return-value]


application = Application()
