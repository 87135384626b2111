"""The web form in a real browser, by its one line on a page of another origin: nothing of ours around it, as high as it is."""

import html
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from guanxi.conversations.adapters.form import guarding
from tests.installation import Server

pytestmark = pytest.mark.full


@pytest.fixture
def shop() -> Iterator[ThreadingHTTPServer]:
    """A site of somebody else; `shop.line` is what it shows and `shop.policy` its content policy."""

    class Handler(BaseHTTPRequestHandler):
        """Shows the page."""

        def do_GET(self) -> None:
            """One page for every address."""
            line = self.server.line  # type: ignore[attr-defined]
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", self.server.policy)  # type: ignore[attr-defined]
            self.end_headers()
            self.wfile.write(f'<!doctype html><html lang="zh-CN"><title>店</title><body>{line}</body></html>'.encode())

        def log_message(self, *_args: Any) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def height(page: Any, least: int, most: int) -> float:
    """How high the form stands in the page, once it lies between these; the page lets no script be evaluated."""
    for _try in range(100):
        found: float = page.locator("iframe").bounding_box()["height"]
        if least < found < most:
            break
        page.wait_for_timeout(50)
    return found


def test_one_line_puts_it_on_another_site(
    live_guanxi: Server, open_page: Any, browser: Any, shop: ThreadingHTTPServer
) -> None:
    """Set up on screen, filled in at 390 px, thanked for in the page's language; then it takes no more room than that."""
    page = open_page(live_guanxi, "/settings/channels/form/new")
    page.fill("[name=name]", "Contact")
    site = f"http://127.0.0.1:{shop.server_address[1]}"
    page.fill("[name=origins]", site)
    page.get_by_role("button", name="Set up").click()
    page.get_by_text("One line puts it on a page").wait_for()
    found = re.search(r"&lt;script src=.*?&lt;/script&gt;", page.content())
    assert found
    shop.line = html.unescape(found[0])  # type: ignore[attr-defined]
    shop.policy = (  # type: ignore[attr-defined]
        f"default-src 'none'; script-src {live_guanxi.url}; frame-src {live_guanxi.url}; style-src 'unsafe-inline'"
    )
    problems: list[str] = []
    context = browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844}, has_touch=True)
    try:
        context.set_default_timeout(15_000)
        visit = context.new_page()
        visit.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        visit.on("pageerror", lambda error: problems.append(str(error)))
        visit.goto(site)
        form = visit.frame_locator("iframe")
        form.get_by_label("您的姓名").fill("安")
        form.get_by_label("您的电子邮箱").fill("an@example.cn")
        form.get_by_label("您的来信").fill("水壶漏水")
        assert form.get_by_text("Guanxi").is_hidden()
        assert visit.evaluate("document.documentElement.scrollWidth") == 390
        assert height(visit, 400, 900) > 400
        # Whoever sends faster than a person can write is asked to wait.
        visit.wait_for_timeout(1000 * guarding.YOUNGEST.total_seconds() + 500)
        form.get_by_role("button", name="发送").click()
        form.get_by_role("heading", name="谢谢").wait_for(timeout=30_000)
        assert height(visit, 0, 250) < 250
        assert context.cookies() == []
    finally:
        context.close()
    assert not [each for each in problems if "favicon" not in each]
    page.goto("/desk/?view=open")
    page.get_by_text("水壶漏水").first.wait_for()
