"""A customer from entry to core card in a real browser; the browser reports no error and no breach of the policy."""

import re

import pytest

from tests.browsing import enter


def open_new_customer(page, name, kind="organisation"):
    """Enter a customer through the form."""
    page.goto("/customers/new")
    page.select_option("select[name=kind]", kind)
    page.fill("input[name=name]", name)
    page.fill("input[name=phone]", "138 0013 8000")
    page.click(".form-actions button[type=submit]")
    page.wait_for_url(re.compile(r"/customers/cus_\w+/"))


def test_a_customer_in_the_browser(live_guanxi, open_page):
    page = open_page(live_guanxi, "/customers/")
    open_new_customer(page, "王小明", "person")
    open_new_customer(page, "尉迟礼品有限公司")
    address = page.url
    page.wait_for_selector("#contacts li")

    page.click("dd[data-edit-url$='/city']")
    page.fill("dd[data-edit-url$='/city'] input", "上海")
    page.keyboard.press("Enter")
    page.click(".toasts >> text=Undo")
    page.wait_for_selector("dd[data-edit-url$='/city'] .nothing")

    page.click("[data-tab=activity]")
    page.fill("#composer-text", "喜欢绿茶")
    page.click("text=Write note")
    page.wait_for_selector(".stream >> text=喜欢绿茶")

    page.click("[data-tab=relations]")
    page.click(".relations header a[data-dialog]")
    page.fill("#pick-text", "wxm")
    page.wait_for_selector("#picked input")
    page.select_option("#dialog select[name=direction]", "in:works_for")
    page.select_option("#dialog select[name=buying_role]", "decision_maker")
    page.click("#dialog button[type=submit]")
    page.wait_for_selector("svg.buying-map .map-name:has-text('王小明')")

    page.goto(address + "card/edit")
    page.fill("textarea[name=needs]", "按时交货")
    page.click(".form-actions button[type=submit]")
    page.wait_for_selector(".core-card >> text=按时交货")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


@pytest.mark.parametrize("width", [1440, 390])
def test_a_word_without_end_makes_no_page_wider(live_guanxi, open_page, width):
    page = open_page(live_guanxi, "/customers/new?kind=organisation", width=width)
    page.fill("input[name=name]", "W" * 200)
    page.fill("textarea[name=note]", "x" * 5000)
    page.click(".form-actions button[type=submit]")
    page.wait_for_url(re.compile(r"/customers/cus_\w+/"))
    page.wait_for_selector(".overview")
    addresses = [page.url, page.url.partition("?")[0] + "?tab=history"]
    page.goto("/tasks/new")
    page.fill("input[name=title]", "T" * 200)
    page.fill("textarea[name=note]", "x" * 2000)
    page.click(".form-actions button[type=submit]")
    page.wait_for_url(re.compile(r"/tasks/tsk_\w+/"))
    for address in (*addresses, page.url, "/tasks/", "/history/", "/"):
        page.goto(address)
        page.wait_for_timeout(400)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.goto("/settings/notifications")
    page.click("#feed form button >> nth=0")
    page.wait_for_selector("[data-feed]")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_bar_of_who_looks_as_another_says_as_whom_on_a_narrow_screen(live_guanxi, open_page):
    page = open_page(live_guanxi, "/settings/roles", width=390)
    page.click("form[action$='/see-as'] button >> nth=1")
    page.wait_for_selector(".gx-bar.is-looking")
    cut = "() => { const p = document.querySelector('.gx-bar p'); return [p.scrollWidth - p.clientWidth, p.scrollHeight - p.clientHeight] }"
    assert max(page.evaluate(cut)) <= 1
    page.click(".gx-bar button")
    page.wait_for_selector(".gx-bar", state="detached")


def test_what_another_user_changes_shows_while_one_goes_on_writing(live_guanxi, open_page):
    page = open_page(live_guanxi, "/customers/")
    open_new_customer(page, "百里商行有限公司")
    address = page.url.partition("?")[0]
    page.goto(address + "?tab=activity")
    page.fill("#composer-text", "还没写完")
    page.click("dd[data-edit-url$='/country']")
    page.fill("dd[data-edit-url$='/country'] input", "中")
    page.wait_for_timeout(1500)

    made = live_guanxi.json("user", "create", "colleague", "--role", "manager")
    other = open_page(live_guanxi, sign_in=False)
    enter(other, live_guanxi, made)
    other.goto(address)
    page.wait_for_selector(".record-here .here-person:has-text('colleague')", timeout=8_000)
    other.wait_for_selector(".record-here .here-person", timeout=8_000)
    other.click("dd[data-edit-url$='/city']")
    other.fill("dd[data-edit-url$='/city'] input", "昆明")
    other.keyboard.press("Enter")
    page.wait_for_selector("dd[data-edit-url$='/city']:has-text('昆明')", timeout=4_000)
    assert page.input_value("dd[data-edit-url$='/country'] input") == "中"
    assert page.input_value("#composer-text") == "还没写完"
    # What was left alone while one wrote follows when one has done.
    page.click("dd[data-edit-url$='/country'] [data-inline-cancel]")
    page.fill("#composer-text", "")
    page.locator("#composer-text").blur()
    page.wait_for_selector(".activity .stream >> text=昆明", timeout=6_000)

    other.goto("/customers/")
    page.wait_for_selector(".record-here:empty", state="attached", timeout=4_000)


@pytest.mark.parametrize(("language", "dark"), [("zh-CN", False), ("en-GB", True)])
def test_pages_fit_a_narrow_screen(live_guanxi, open_page, language, dark):
    page = open_page(live_guanxi, "/customers/", language=language, width=390, dark=dark)
    open_new_customer(page, "阿依古丽·买买提的一家名字很长很长的贸易有限责任公司")
    address = page.url.partition("?")[0]
    for path in ("", "?tab=archive", "?tab=relations", "?tab=activity", "edit", "archive/edit", "card"):
        page.goto(address + path)
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
