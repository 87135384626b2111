"""The state at the top of every page in a real browser: by keyboard, kept in view, and who is in no queue sees nothing."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.full


def test_the_state_is_chosen_by_keyboard_and_the_menu_gives_the_keyboard_back(
    live_guanxi: Any, open_page: Callable[..., Any]
) -> None:
    page = open_page(live_guanxi, "/")
    page.wait_for_load_state("networkidle")
    assert page.locator("#presence").count() == 0
    page.goto("/settings/queues/new")
    page.fill("[name=name]", "Desk")
    page.fill("[name=code]", "desk")
    me = page.evaluate("document.querySelector('select[name=level_1] option').value")
    page.evaluate("value => document.querySelector('select[name=level_1]').tomselect.addItem(value)", me)
    page.click(".form-actions .btn-primary")
    page.wait_for_selector(".plain-table")
    page.wait_for_selector("#presence-sign")
    assert "Offline" in page.locator("#presence-sign").inner_text()
    page.keyboard.press("g")
    page.keyboard.press("y")
    # The keyboard is at the first state as soon as they are there.
    page.wait_for_selector(".presence-panel [value=online]:focus")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "busy"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.value") == "online"
    page.keyboard.press("Enter")
    page.wait_for_selector("#presence-sign:has(.is-online)")
    assert not page.locator("#presence").evaluate("e => e.open")
    assert page.evaluate("document.activeElement.id") == "presence-sign"
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/queues/")
    page.wait_for_selector("#presence-sign")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
