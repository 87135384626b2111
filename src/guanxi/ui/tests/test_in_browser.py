"""Lists and records in a real browser: the side panel, changes in place with Undo, filters, views, bulk, boards, keys."""

from collections.abc import Callable
from typing import Any

import pytest

ROW = "#rows tr[data-id]"


@pytest.fixture
def page(live_guanxi: Any, open_page: Callable[..., Any]) -> Any:
    """The list of customers of a small invented base."""
    if len(live_guanxi.json("customers", "list", "--limit", 1)["items"]) == 0:
        live_guanxi.run("seed", "--customers", 120, "--orders-per-customer", 2)
    page = open_page(live_guanxi, "/customers/", width=1440, height=900)
    page.wait_for_selector(ROW)
    return page


@pytest.mark.full
def test_a_row_is_looked_at_then_opened_with_the_keyboard_alone(page: Any) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    page.wait_for_selector("#peek .peek-content")
    second = page.locator(ROW).nth(1).locator(".c-main").inner_text().strip()
    assert second in page.inner_text("#peek")
    assert "#peek=" in page.url
    page.keyboard.press("Escape")
    assert page.is_hidden("#peek")
    page.keyboard.press("Enter")
    page.wait_for_selector("#record")
    assert second in page.inner_text("#record h1")
    page.go_back()
    page.wait_for_selector(ROW)


@pytest.mark.full
def test_a_field_is_changed_in_place_and_taken_back(page: Any) -> None:
    cell = page.locator("#rows td[data-edit]").first
    before = cell.inner_text()
    cell.click()
    field = page.locator(".inline-form [name=value]")
    field.wait_for()
    if field.evaluate("e => e.tagName") == "SELECT":
        other = field.evaluate("e => [...e.options].find(o => !o.selected && o.value).value")
        field.select_option(other)
    else:
        field.fill("Changed here")
        page.keyboard.press("Enter")
    page.wait_for_selector(".toast-undo")
    assert page.locator("#rows td[data-edit]").first.inner_text() != before
    page.keyboard.press("Control+z")
    page.wait_for_function("b => document.querySelector('#rows td[data-edit]').innerText === b", arg=before)


@pytest.mark.full
def test_a_filter_becomes_a_view_and_the_view_a_tab(page: Any) -> None:
    page.keyboard.press("f")
    page.locator("#filter-menu .menu-item").first.click()
    form = page.locator(".filter-form")
    form.wait_for()
    box = form.locator("input[type=checkbox]").first
    if box.count():
        box.check()
    else:
        form.locator("input.form-control").first.fill("a")
    form.locator("button[type=submit]").click()
    page.wait_for_selector(".chip")
    address = page.url
    page.reload()
    assert page.locator(".chip").count() == 1, "the filter is in the address"
    page.locator(".view-changed button").last.click()
    page.fill("#view-name", "Mine")
    page.keyboard.press("Enter")
    page.wait_for_selector(".view-tabs [aria-current]:has-text('Mine')")
    assert page.url != address
    assert page.locator(".view-changed").count() == 0


@pytest.mark.full
def test_all_results_are_selected_not_only_those_shown(page: Any) -> None:
    page.wait_for_selector("#list-footer [data-count]")
    page.check("[data-select-page]")
    count = page.get_attribute("#list-footer [data-count]", "data-count")
    page.click("[data-bulk-all]")
    assert count in page.inner_text("[data-bulk-count]")
    page.keyboard.press("Escape")
    assert page.is_hidden("#bulk-bar")


@pytest.mark.full
def test_rows_follow_while_one_scrolls(page: Any) -> None:
    assert page.locator(ROW).count() == 50
    page.evaluate("document.querySelector('.list-scroll').scrollTo(0, 1e6)")
    page.locator(ROW).nth(99).wait_for()
    assert page.locator(ROW).count() == 100
    ids = page.locator(ROW).evaluate_all("rows => rows.map(r => r.dataset.id)")
    assert len(set(ids)) == 100


@pytest.mark.full
def test_the_palette_goes_anywhere_and_leads_back(page: Any) -> None:
    page.focus("#list-search")
    page.keyboard.press("Control+k")
    assert page.locator("#palette-list [role=option]").count() > 3
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "list-search"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.wait_for_selector("#shortcuts[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/")


@pytest.mark.full
def test_the_theme_and_the_sidebar_are_remembered(page: Any) -> None:
    page.keyboard.press("[")
    page.locator("[data-theme-choice=dark]").evaluate("e => e.click()")
    page.wait_for_timeout(300)
    page.reload()
    assert page.get_attribute("html", "data-sidebar") == "closed"
    assert page.get_attribute("html", "data-bs-theme") == "dark"


@pytest.mark.full
def test_a_group_of_the_menu_folds_away_but_for_the_page_one_is_on_and_stays_so(page: Any) -> None:
    current = page.locator("#sidebar [data-section]:has(a[aria-current=page])")
    group = page.locator(f"#sidebar [data-section={current.get_attribute('data-section')}]")
    shown, button = group.locator("li:visible"), group.locator("[data-act=fold]")
    many = shown.count()
    assert many > 1
    button.click()
    assert shown.count() == 1
    assert shown.locator("a[aria-current=page]").count() == 1
    page.goto("/tasks/")
    assert button.get_attribute("aria-expanded") == "false"
    page.goto("/customers/")
    assert (shown.count(), button.get_attribute("aria-expanded")) == (1, "false")
    button.press("Enter")
    assert (shown.count(), button.get_attribute("aria-expanded")) == (many, "true")
