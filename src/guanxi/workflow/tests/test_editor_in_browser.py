"""The editor of rules in a real browser: rows come and go, the focus stays, nothing that was written is lost."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.full
IN_MOTION = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"


def test_a_rule_is_written_row_by_row(live_guanxi: Any, open_page: Callable[..., Any]) -> None:
    """By mouse and by keyboard; tried before it is saved, read as a sentence afterwards."""
    page = open_page(live_guanxi, "/settings/rules/new")

    def edit(act: Callable[[], object]) -> None:
        """One edit that draws the form anew."""
        with page.expect_response("**/settings/rules/new"):
            act()
        page.wait_for_selector(IN_MOTION, state="detached")

    def choose(name: str, value: str) -> None:
        """Choose something that the rest of the form depends on."""
        edit(lambda: page.select_option(f'[name="{name}"]', value))

    def press(command: str) -> None:
        """Press a button that changes the shape."""
        edit(lambda: page.click(f'button[value="{command}"]'))

    page.fill("#rule-name", "Calls of big customers")
    choose("trigger", "customer.created")
    press("add:c")
    page.focus('[name="c.0:fact"]')
    choose("c.0:fact", "customer.kind")
    assert page.evaluate("document.activeElement.name") == "c.0:fact"
    page.select_option('[name="c.0:value"]', "organisation")
    press("group:c")
    choose("c.1.0:fact", "customer.net_revenue")
    choose("c.1.0:is", "gt")
    page.fill('[name="c.1.0:value"]', "5000")
    choose("s.0:do", "customer.tag")
    page.fill('[name="s.0:p:tags"]', "big, 新客户")
    press("add-act")
    press("remove-act:1")
    assert page.locator('[name="s.1:do"]').count() == 0
    press("try")
    assert page.locator("#tried").count() == 1
    assert page.input_value("#rule-name") == "Calls of big customers"
    assert page.input_value('[name="c.1.0:value"]') == "5000"
    assert page.input_value('[name="s.0:p:tags"]') == "big, 新客户"
    page.press("#rule-name", "Enter")
    page.wait_for_url("**/settings/rules/rul_*/")
    sentence = page.locator(".rule-sentence").inner_text()
    assert sentence.startswith("When a customer is entered, if Kind is Organisation and Net revenue is more than")
    assert sentence.endswith("then put tags on the customer (Tags: big, 新客户).")
    page.click("text=Switch on")
    page.wait_for_selector("text=Switch off")
