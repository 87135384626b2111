"""Clocks in a real browser: they count, turn amber and then red by themselves, in both languages; a service level is made."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.full


@pytest.mark.parametrize(("language", "left", "late"), [("en-GB", "left", "overdue"), ("zh-CN", "剩余", "超时")])
def test_a_clock_turns_amber_and_red_without_being_loaded_anew(
    live_guanxi: Any, open_page: Callable[..., Any], language: str, left: str, late: str
) -> None:
    page = open_page(live_guanxi, "/cases/new", language=language)
    page.fill("input[name=subject]", "The kettle leaks")
    page.click("main form .btn-primary")
    page.wait_for_url("**/cases/cas_*/**")
    address = page.url
    page.clock.install()
    page.goto(address)
    clock = page.locator(".clock-list time.countdown").first
    clock.wait_for()
    assert left in clock.inner_text()
    assert "tone-none" in clock.get_attribute("class")
    assert ":" in clock.get_attribute("title")
    until_amber = "e => Date.parse(e.dataset.warn) - Date.now() + 60000"
    until_red = "e => Date.parse(e.dateTime) - Date.now() + 60000"
    page.clock.fast_forward(clock.evaluate(until_amber))
    page.wait_for_selector(".clock-list time.tone-warning")
    page.clock.fast_forward(clock.evaluate(until_red))
    page.wait_for_selector(".clock-list time.tone-danger")
    assert late in clock.inner_text()


def test_a_service_level_with_an_escalation_is_made(live_guanxi: Any, open_page: Callable[..., Any]) -> None:
    page = open_page(live_guanxi, "/settings/service-levels/new", width=390)
    page.fill("input[name=name]", "Repairs")
    page.check("input[name=ask_type][value=repair]")
    page.fill("input[name=amount_solution_0]", "2")
    page.select_option("select[name=unit_solution_0]", "working_hours")
    page.select_option("select[name=step_0_sort]", "solution")
    page.fill("input[name=step_0_number]", "80")
    page.click(".form-actions .btn-primary")
    page.wait_for_url("**/settings/service-levels")
    assert page.locator("text=Repairs").count()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("/settings/service-levels?type=repair#try")
    assert "Repairs" in page.locator("#try p[role=status]").inner_text()


def test_what_is_to_be_removed_may_be_drawn_anew_while_it_is_asked(
    live_guanxi: Any, open_page: Callable[..., Any]
) -> None:
    """The part of the page comes again with every change of the settings; the answer is for the form that stands then."""
    page = open_page(live_guanxi, "/settings/cases/category/new")
    page.fill("input[name=name]", "Kettles")
    page.uncheck("input[name=is_active]")
    page.click(".form-actions .btn-primary")
    page.wait_for_url("**/settings/cases")
    page.locator("#categories form button").click()
    page.wait_for_selector("dialog.gx-sure[open]")
    with page.expect_response("**/settings/cases"):
        page.evaluate("htmx.trigger('#categories', 'live')")
    page.wait_for_function("() => !document.querySelector('#categories.htmx-request, #categories.htmx-swapping')")
    page.locator("dialog.gx-sure[open] button[value=yes]").click()
    page.locator("#categories .nothing").wait_for()
