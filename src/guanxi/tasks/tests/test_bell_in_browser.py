"""The bell in a real browser: it stays open when news arrive, and its number is seen."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.full


def test_news_leave_the_open_bell_open_and_its_number_has_a_ground(
    live_guanxi: Any, open_page: Callable[..., Any]
) -> None:
    page = open_page(live_guanxi, "/")
    page.click("#bell-sign")
    page.wait_for_selector(".bell-panel .bell-head")
    page.evaluate("document.querySelector('#bell-sign').dataset.isOld = '1'")
    with page.expect_response("**/notifications/bell"):
        page.evaluate("htmx.trigger('#bell-sign', 'live')")
    page.wait_for_selector("#bell-sign:not([data-is-old])")
    assert page.locator("#bell").evaluate("e => e.open")
    assert page.locator(".bell-panel .bell-head").is_visible()
    ground = """e => {
      const count = Object.assign(document.createElement('span'), { className: 'bell-count', textContent: '3' });
      e.append(count);
      return getComputedStyle(count).backgroundColor;
    }"""
    assert page.locator("#bell-sign").evaluate(ground) == "rgb(180, 35, 24)"
