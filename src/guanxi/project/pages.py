"""Django's pages behind ASGI: its handler on a fixed pool of threads, bodies spooled to disk, downloads streamed.

Django's own ASGI handler hops between loop and threads for every middleware; this one enters a thread once. Measured
on two cores it serves three to seven times as many pages beside idle event streams.
"""

import asyncio
import contextvars
import io
import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core import signals
from django.core.handlers.asgi import ASGIRequest, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse, HttpResponseServerError
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

logger = logging.getLogger("guanxi.server")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

PAGE_THREADS = 4
DOWNLOAD_THREADS = 32
MOST_WAITING = 1000
BODY_SECONDS = 60.0
STALL_SECONDS = 120.0
CHUNK_BYTES = 64 * 1024
WHOLE_FILE_BYTES = 1024 * 1024
LARGEST_BODY_BYTES = 8 * 1024**3
BODIES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MOST_BYTES = "guanxi.most_bytes"


class ClientGone(Exception):
    """The browser closed the connection."""


class Refused(Exception):
    """The request is answered without Django."""

    def __init__(self, status: int, text: str) -> None:
        """Keep the answer."""
        super().__init__(text)
        self.status = status
        self.text = text


@dataclass
class Answer:
    """What a page thread hands back: a whole body, or a response still to be streamed."""

    status: int
    headers: Headers
    body: bytes
    stream: HttpResponseBase | None = None


Gate = Callable[[Scope], HttpResponseBase | None]
# The words of a refusal in the form that an address wants: path, status, text; None for plain text.
Wording = Callable[[str, int, str], HttpResponseBase | None]


class PageHandler(BaseHandler):
    """An ASGI application around Django's synchronous handler."""

    def __init__(self, gate: Gate | None = None, wording: Wording | None = None) -> None:
        """Load the middleware; threads start when needed. The gate may answer a request before its body is read."""
        super().__init__()
        self.wording = wording
        self.gate = gate
        self.load_middleware(is_async=False)
        self.page_threads = ThreadPoolExecutor(PAGE_THREADS, "page")
        self.download_threads = ThreadPoolExecutor(DOWNLOAD_THREADS, "download")
        self.waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the request, have a thread answer it, send the answer."""
        try:
            if self.waiting >= MOST_WAITING:
                raise Refused(503, "The server is overloaded. Please try again in a moment.")
            if self.gate is not None and scope["method"] in BODIES:
                refusal = await self._in_thread(contextvars.Context(), self._ask_gate, scope)
                if refusal is not None:
                    await _send(send, refusal)
                    return
            body = await read_body(scope, receive)
        except ClientGone:
            return
        except Refused as refusal:
            await self._refuse(scope, send, refusal)
            return
        context = contextvars.Context()
        answer: Answer = await self._in_thread(context, self._answer, scope, body)
        await _send(send, answer)
        if answer.stream is not None:
            await self._stream(answer.stream, context, receive, send)

    async def _refuse(self, scope: Scope, send: Send, refusal: Refused) -> None:
        """Answer without Django; the rest of the body is not wanted, so the connection ends."""
        worded = self.wording(scope["path"], refusal.status, refusal.text) if self.wording is not None else None
        if worded is None:
            worded = HttpResponse(refusal.text, status=refusal.status, content_type="text/plain; charset=utf-8")
        headers = [*_headers_of(worded), (b"connection", b"close")]
        await _send(send, Answer(worded.status_code, headers, b"".join(worded)))

    async def _in_thread(self, context: contextvars.Context, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function in a page thread."""
        self.waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.page_threads, context.run, function, *arguments)
        finally:
            self.waiting -= 1

    def _ask_gate(self, scope: Scope) -> Answer | None:
        """Whether the gate answers a request whose body has not been read; in a page thread."""
        signals.request_started.send(sender=self.__class__, scope=scope)
        try:
            refusal = self.gate(scope) if self.gate is not None else None
        finally:
            signals.request_finished.send(sender=self.__class__)
        if refusal is None:
            return None
        # What is still on its way is not wanted: the connection cannot be used again.
        return Answer(refusal.status_code, [*_headers_of(refusal), (b"connection", b"close")], b"".join(refusal))

    def _answer(self, scope: Scope, body: IO[bytes]) -> Answer:
        """Run Django for one request; in a page thread."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        try:
            request = ASGIRequest(scope, body)
        except UnicodeDecodeError:
            body.close()
            signals.request_finished.send(sender=self.__class__)
            return Answer(400, [(b"content-type", b"text/plain")], b"The address is not valid.")
        try:
            response: HttpResponseBase = self.get_response(request)
        except Exception:
            # Django turns errors into pages; this one happened while it made such a page.
            logger.exception("the error page failed")
            response = HttpResponseServerError("Internal Server Error", content_type="text/plain")
            response._resource_closers.append(request.close)  # type: ignore[attr-defined]
        response._handler_class = self.__class__  # type: ignore[attr-defined]
        headers = _headers_of(response)
        is_head = scope["method"] == "HEAD"
        if response.streaming and not is_head and not _is_small(response):
            return Answer(response.status_code, headers, b"", response)
        try:
            content = b"" if is_head else b"".join(response)
        finally:
            response.close()
        return Answer(response.status_code, headers, content)

    async def _stream(
        self, response: HttpResponseBase, context: contextvars.Context, receive: Receive, send: Send
    ) -> None:
        """Send a long answer piece by piece from a thread of its own, as fast as the browser takes it."""
        loop = asyncio.get_running_loop()
        gone = asyncio.ensure_future(_gone(receive))

        async def send_piece(message: dict[str, object]) -> None:
            """Send one piece as a coroutine, which the server's own `send` need not give."""
            await send(message)

        def pump() -> None:
            """Read the pieces, each sent before the next is read; in a download thread."""
            try:
                for piece in _pieces(response):
                    if gone.done():
                        return
                    message = {"type": "http.response.body", "body": piece, "more_body": True}
                    asyncio.run_coroutine_threadsafe(send_piece(message), loop).result(STALL_SECONDS)
            finally:
                response.close()

        try:
            await loop.run_in_executor(self.download_threads, context.run, pump)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            logger.warning("a download was given up: the other side took nothing for %d s", STALL_SECONDS)
        finally:
            gone.cancel()

    def close(self) -> None:
        """Take no more requests; those in hand are finished."""
        self.page_threads.shutdown(wait=False)
        self.download_threads.shutdown(wait=False, cancel_futures=True)


async def read_body(scope: Scope, receive: Receive) -> IO[bytes]:
    """The request's body: a small one in memory, a large one in a file."""
    headers = dict(scope.get("headers", ()))
    length = headers.get(b"content-length")
    if length is None and b"transfer-encoding" not in headers and scope.get("http_version", "1.1") < "2":
        return io.BytesIO()
    most = scope.get(MOST_BYTES) or LARGEST_BODY_BYTES
    if length is not None and length.isdigit() and int(length) > most:
        raise Refused(413, "The upload is too large.")
    body = tempfile.SpooledTemporaryFile(  # noqa: SIM115  closed with the request
        max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE, dir=settings.FILE_UPLOAD_TEMP_DIR
    )
    try:
        size = 0
        while True:
            message = await asyncio.wait_for(receive(), BODY_SECONDS)
            if message["type"] == "http.disconnect":
                raise ClientGone
            size += len(message.get("body", b""))
            if size > most:
                raise Refused(413, "The upload is too large.")
            body.write(message.get("body", b""))
            if not message.get("more_body", False):
                break
        body.seek(0)
    except TimeoutError:
        body.close()
        raise Refused(408, "The upload stopped before its end.") from None
    except OSError as error:
        body.close()
        logger.error("an upload could not be kept: %s", error)
        raise Refused(507, "The server has no room for the upload.") from None
    except BaseException:
        body.close()
        raise
    return body


def _headers_of(response: HttpResponseBase) -> Headers:
    """The response's headers and cookies as ASGI wants them."""
    headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
    headers += [
        (b"set-cookie", cookie.output(header="").strip().encode("ascii")) for cookie in response.cookies.values()
    ]
    return headers


def _is_small(response: HttpResponseBase) -> bool:
    """Whether a streamed response is a short file, such as a script or a font, best sent whole."""
    length = response.headers.get("Content-Length", "")
    return length.isdigit() and int(length) <= WHOLE_FILE_BYTES


def _pieces(response: Any) -> Iterator[bytes]:
    """The content in pieces neither tiny nor huge."""
    held = bytearray()
    for piece in response:
        held += piece
        if len(held) >= CHUNK_BYTES:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


async def _gone(receive: Receive) -> None:
    """Wait for the browser to go."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, answer: Answer) -> None:
    """Send the head of an answer, and its body unless that is streamed."""
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    if answer.stream is None:
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})
