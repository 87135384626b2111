"""The page handler: uploads spooled, downloads streamed, a fixed number of threads."""

import asyncio
import io
import threading

import pytest
from django.db import OperationalError, connection
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path

from guanxi.project import pages
from guanxi.project.pages import PageHandler

closed = []


def upload(request):
    """How much came, and where it was kept."""
    file = request.FILES["file"]
    return HttpResponse(f"{file.size} {hasattr(request._stream, '_rolled') and request._stream._rolled}")


def rows(request):
    """A long answer made while it is sent."""

    def lines():
        try:
            for number in range(20_000):
                yield b"%06d,customer,order\n" % number
        finally:
            closed.append("rows")

    return StreamingHttpResponse(lines(), content_type="text/csv")


def small_file(request):
    """A short file, such as a script."""
    return FileResponse(io.BytesIO(b"x" * 1000), content_type="text/javascript")


def whoami(request):
    """The thread that answers and the cookies that came."""
    answer = HttpResponse(threading.current_thread().name)
    answer.set_cookie("a", "1")
    answer.set_cookie("b", request.COOKIES.get("b", "none"))
    return answer


def connected(request):
    """Which connection to the database this thread keeps."""
    connection.ensure_connection()
    return HttpResponse(f"{threading.current_thread().name} {id(connection.connection)}")


def away(request):
    """A view that finds the database locked."""
    raise OperationalError("database is locked")


def wrong(request):
    """A view with a mistake in it."""
    raise ZeroDivisionError


def broken_error_page(request):
    """An error page with a mistake in it."""
    raise ZeroDivisionError


handler500 = broken_error_page
urlpatterns = [path(view.__name__, view) for view in (upload, rows, small_file, whoami, connected, away, wrong)]


@pytest.fixture
def handler():
    """A page handler over the views above."""
    with override_settings(
        ROOT_URLCONF=__name__, MIDDLEWARE=["guanxi.core.middleware.DatabaseAwayMiddleware"], ALLOWED_HOSTS=["*"]
    ):
        made = PageHandler()
        yield made
        made.close()


class Exchange:
    """One request and its answer, without a server in between."""

    def __init__(self, body=(), headers=(), leaves_after=None):
        """What the browser sends, and after how many parts of the answer it goes away."""
        self.parts = list(body)
        self.headers = list(headers)
        self.leaves_after = leaves_after
        self.messages = []
        self.gone = asyncio.Event()

    async def receive(self):
        """The next part of the body, then nothing until the browser goes."""
        if self.parts:
            part = self.parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(self.parts)}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    def send(self, message):
        """Take a part of the answer; as with the server's own, the result can be awaited but is no coroutine."""
        return asyncio.ensure_future(self._take(message))

    async def _take(self, message):
        """Keep a part, and go away when it is time."""
        self.messages.append(message)
        if self.leaves_after and len(self.messages) >= self.leaves_after:
            self.gone.set()
            await asyncio.sleep(0)

    async def ask(self, handler, where, method="GET"):
        """Send the request; the status."""
        scope = {
            "type": "http",
            "method": method,
            "path": f"/{where}",
            "query_string": b"",
            "headers": [(b"host", b"localhost"), *self.headers],
            "http_version": "1.1",
        }
        await handler(scope, self.receive, self.send)
        return self.messages[0]["status"] if self.messages else None

    @property
    def body(self):
        """The answer's body."""
        return b"".join(message.get("body", b"") for message in self.messages)

    @property
    def header(self):
        """The answer's headers, as pairs."""
        return self.messages[0]["headers"]


def multipart(size):
    """A form with one file."""
    head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = head + b"x" * size + b"\r\n--B--\r\n"
    headers = [(b"content-type", b"multipart/form-data; boundary=B"), (b"content-length", b"%d" % len(body))]
    return [body[i : i + 500_000] for i in range(0, len(body), 500_000)], headers


@pytest.mark.parametrize(("size", "on_disk"), [(10, False), (6_000_000, True)])
def test_an_upload_arrives_whole_and_a_large_one_is_kept_on_disk(handler, size, on_disk):
    body, headers = multipart(size)
    exchange = Exchange(body, headers)
    assert asyncio.run(exchange.ask(handler, "upload", "POST")) == 200
    assert exchange.body.decode() == f"{size} {on_disk}"


def test_an_upload_that_is_too_large_or_breaks_off_is_not_handed_on(handler, monkeypatch):
    monkeypatch.setattr(pages, "LARGEST_BODY_BYTES", 1000)
    body, headers = multipart(6_000)
    told = Exchange(body, headers)
    assert asyncio.run(told.ask(handler, "upload", "POST")) == 413
    untold = Exchange(body, [headers[0], (b"transfer-encoding", b"chunked")])
    assert asyncio.run(untold.ask(handler, "upload", "POST")) == 413

    async def broken_off():
        exchange = Exchange([], [(b"content-length", b"100")])
        exchange.gone.set()
        return await exchange.ask(handler, "upload", "POST")

    assert asyncio.run(broken_off()) is None
    monkeypatch.setattr(pages, "BODY_SECONDS", 0.05)
    stalled = Exchange([], [(b"content-length", b"100")])
    assert asyncio.run(stalled.ask(handler, "upload", "POST")) == 408


def test_a_long_answer_is_sent_in_pieces_while_it_is_made(handler):
    closed.clear()
    exchange = Exchange()
    assert asyncio.run(exchange.ask(handler, "rows")) == 200
    assert exchange.body.count(b"\n") == 20_000
    sizes = [len(message["body"]) for message in exchange.messages[1:-1]]
    assert len(sizes) > 3
    assert max(sizes) < 2 * pages.CHUNK_BYTES
    assert closed == ["rows"]


def test_a_download_ends_when_the_browser_goes_away(handler):
    closed.clear()
    exchange = Exchange(leaves_after=2)
    asyncio.run(exchange.ask(handler, "rows"))
    assert exchange.body.count(b"\n") < 15_000
    assert closed == ["rows"]


def test_a_short_file_is_sent_whole_and_a_head_request_gets_no_body(handler):
    exchange = Exchange()
    assert asyncio.run(exchange.ask(handler, "small_file")) == 200
    assert [len(message["body"]) for message in exchange.messages[1:]] == [1000]
    head = Exchange()
    assert asyncio.run(head.ask(handler, "small_file", "HEAD")) == 200
    assert head.body == b""
    assert (b"Content-Length", b"1000") in head.header


def test_every_cookie_is_sent_and_the_pool_stays_small(handler):
    async def many():
        exchanges = [Exchange(headers=[(b"cookie", b"b=2")]) for _ in range(50)]
        await asyncio.gather(*(exchange.ask(handler, "whoami") for exchange in exchanges))
        return exchanges

    exchanges = asyncio.run(many())
    cookies = [value for name, value in exchanges[0].header if name == b"set-cookie"]
    assert [cookie.split(b";")[0] for cookie in cookies] == [b"a=1", b"b=2"]
    assert len({exchange.body for exchange in exchanges}) <= pages.PAGE_THREADS


@pytest.mark.django_db(transaction=True)
def test_a_page_thread_keeps_its_connection_from_request_to_request(handler):
    async def several():
        bodies = []
        for _ in range(8):
            exchange = Exchange()
            await exchange.ask(handler, "connected")
            bodies.append(exchange.body)
        return bodies

    bodies = asyncio.run(several())
    assert len(set(bodies)) == len({body.split()[0] for body in bodies})
    every_thread = threading.Barrier(pages.PAGE_THREADS)

    def close():
        every_thread.wait(5)
        connection.close()

    for closing in [handler.page_threads.submit(close) for _ in range(pages.PAGE_THREADS)]:
        closing.result()


def test_an_absent_database_is_a_clear_503(handler):
    exchange = Exchange()
    assert asyncio.run(exchange.ask(handler, "away")) == 503
    assert b"not reachable" in exchange.body


def test_a_mistake_in_the_error_page_itself_still_gets_an_answer(handler):
    exchange = Exchange()
    assert asyncio.run(exchange.ask(handler, "wrong")) == 500
    assert exchange.body == b"Internal Server Error"


def test_a_flood_is_turned_away_at_once(handler, monkeypatch):
    monkeypatch.setattr(pages, "MOST_WAITING", 0)
    exchange = Exchange()
    assert asyncio.run(exchange.ask(handler, "whoami")) == 503
