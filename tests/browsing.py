"""A real Chromium for browser tests, and pages that fail a test when the browser reports an error."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.installation import Server
from tests.reporting import leave_out

# The headless build first: all of Chromium, run without a screen, now and then never answers when a profile is closed
# (version 156 on a busy machine: one of some ten; the headless build: none of 156).
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def chromium_path() -> str | None:
    """The Chromium of this machine."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.fixture(scope="module")
def browser(pytestconfig: pytest.Config) -> Iterator[Any]:
    """A Chromium for this test module, driven by Playwright (synchronous)."""
    path = chromium_path()
    if path is None:
        leave_out(pytestconfig, "Chromium", "no Chromium found (Debian and Ubuntu: apt-get install chromium)")
    from playwright.sync_api import sync_playwright  # starts a Node of its own: only when a browser test runs

    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
            yield chromium
            chromium.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Watch:
    """What the browser complained about on one page."""

    home: str
    problems: list[str] = field(default_factory=list)

    def attach(self, page: Any) -> None:
        """Listen to a page: console errors (content policy violations are among them), script errors, foreign hosts."""
        page.on("console", lambda message: self._console(message))
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:", "about:")):
            self.problems.append(f"asked a foreign host: {url}")

    def forget(self, part: str = "") -> None:
        """Drop the complaints that contain a text the test expects, or all."""
        self.problems = [problem for problem in self.problems if part not in problem]


@contextlib.contextmanager
def opening(browser: Any) -> Iterator[Callable[..., Any]]:
    """Pages that stand open until the end of the block, which fails on anything the browser reported of them."""
    with contextlib.ExitStack() as stack:
        watches: list[Watch] = []

        def open_page(
            server: Server,
            path: str = "/",
            *,
            language: str = "en-GB",
            width: int = 1280,
            height: int = 900,
            dark: bool = False,
            sign_in: bool = True,
        ) -> Any:
            context = browser.new_context(
                base_url=server.url,
                locale=language,
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
                has_touch=width < 600,
            )
            stack.callback(context.close)
            context.set_default_timeout(15_000)
            page = context.new_page()
            page.watch = Watch(server.url)
            watches.append(page.watch)
            page.watch.attach(page)
            if sign_in:
                enter(page, server)
            page.goto(path)
            return page

        yield open_page
        problems = [problem for watch in watches for problem in watch.problems]
    assert not problems, "the browser reported:\n" + "\n".join(problems)


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a page of a server in a fresh browser profile; at the end the test fails on anything the browser reported.

    `open_page(server, "/customers/", language="zh-CN", width=390, dark=True, sign_in=True)`; `page.watch.forget("404")`
    drops a complaint the test means to cause.
    """
    with opening(browser) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def open_lasting_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """The same for pages that stand open until the module is done: what takes long goes on beside its other tests."""
    with opening(browser) as open_page:
        yield open_page


def enter(page: Any, server: Server, user: dict[str, str] | None = None) -> None:
    """Sign in through the form, as the server's owner unless another user is given."""
    user = user or server.owner
    page.goto("/accounts/login/")
    page.fill("input[name=login]", user["name"])
    page.fill("input[name=password]", user["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
