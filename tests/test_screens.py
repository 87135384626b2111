"""The main screens in a real browser: both languages, wide and narrow, light and dark; nothing reported by the
browser, nothing wider than the window.

With GUANXI_SCREENSHOTS=FOLDER every screen is kept there as a picture; `script/screenshots` makes those of the README.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.installation import Server

LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
WIDTHS = {"wide": 1280, "narrow": 390}
THEMES = ("light", "dark")
# Every chart has its picture, every family of letters is there, nothing is left to do, and what was done is painted.
DRAWN = """async () => {
  const after = (wait) => new Promise((next) => wait(next));
  const isDrawn = (chart) => chart.querySelector("canvas");
  for (let tries = 0; tries < 500 && ![...document.querySelectorAll(".chart-canvas")].every(isDrawn); tries += 1) {
    await after((next) => setTimeout(next, 20));
  }
  await document.fonts.ready;
  await after((next) => requestIdleCallback(next, { timeout: 500 }));
  await after(requestAnimationFrame);
  await after(requestAnimationFrame);
}"""
NARROWER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SCREENS = {
    "home": "home",
    "customers": "customers:list",
    "orders": "commerce:orders",
    "products": "catalog:products",
    "value": "insight:value",
    "imports": "importing:list",
    "users": "people:users",
    "fields": "customers:fields",
    "profile": "people:profile",
    "tasks": "tasks:list",
    "task-new": "tasks:create",
    "notifications": "tasks:notifications",
    "duplicates": "customers:duplicates",
    "history": "people:history",
    "roles": "people:roles",
    "role-new": "people:role_create",
    "departments": "people:departments",
    "absences": "people:absences",
    "security": "people:security",
    "sign-ins": "people:sign_ins",
    "sign-in-rules": "people:sign_in_rules",
    "privacy": "customers:privacy",
    "erasures": "customers:erasures",
    "access-log": "customers:access_log",
    "backups": "people:backups",
    "calendars": "people:calendars",
    "tokens": "integration:tokens",
    "webhooks": "integration:webhooks",
    "mappings": "importing:mappings",
    "settings": "ui:settings",
}
# Of the desk, the conversation that its picture shows, and of the complaints one.
TALKS = {"en": "Hinges of the sugar tins", "zh": "蛋糕架的螺杆短了"}
COMPLAINTS = {"en": "Charged twice", "zh": "购物袋提手断裂，12315 转办"}
# Further pages of a customer.
OF_A_CUSTOMER = {
    "customer-consents": "?tab=consents",
    "customer-history": "?tab=history",
    "customer-new-consent": "/consents/add",
}


def settle(page: Any) -> None:
    """Wait until the page asks for nothing any more; not for silence, which a live page never falls into."""
    page.wait_for_load_state("load")
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.evaluate(DRAWN)


def look(page: Any, name: str) -> None:
    """Wait until a screen has settled, keep its picture if asked, and see that it fits its window."""
    settle(page)
    if name.endswith("-light-en"):
        page.wait_for_timeout(500)  # what begins later complains in every shape of the screen: one is enough
    folder = os.environ.get("GUANXI_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))
    assert page.evaluate(NARROWER) <= 1, f"{name} is wider than its window"
    assert page.locator("h1").count() >= 1, f"{name} has no heading"


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_screens_fit_and_the_browser_is_content(
    demo_guanxi: Server, open_page: Callable[..., Any], language: str, width: str, theme: str
) -> None:
    page = open_page(
        demo_guanxi, "/", language=LANGUAGES[language], width=WIDTHS[width], height=800, dark=theme == "dark"
    )
    end = f"{theme}-{language}" + ("" if width == "wide" else "-narrow")
    for name, url_name in SCREENS.items():
        page.goto(reverse(url_name))
        look(page, f"{name}-{end}")
    page.goto(reverse("customers:duplicates"))
    page.goto(page.locator("main tbody a").first.get_attribute("href"))
    look(page, f"pair-{end}")
    page.goto(reverse("people:roles"))
    page.goto(page.locator("main a[href$='/2']").first.get_attribute("href"))
    look(page, f"role-{end}")
    page.goto(reverse("conversations:desk") + "?view=open")
    page.goto(page.locator("main a[href*='/cnv_']", has_text=TALKS[language]).first.get_attribute("href"))
    look(page, f"desk-{end}")
    page.goto(reverse("complaints:list"))
    page.goto(page.locator("main a[href*='/cas_']", has_text=COMPLAINTS[language]).first.get_attribute("href"))
    look(page, f"complaint-{end}")
    page.goto(reverse("customers:list"))
    customer = page.locator("main a[href*='/cus_']").first.get_attribute("href")
    page.goto(customer)
    look(page, f"customer-{end}")
    for name, below in OF_A_CUSTOMER.items():
        page.goto(customer.partition("?")[0].rstrip("/") + below)
        look(page, f"{name}-{end}")


def test_signing_in_finding_a_customer_and_leaving(live_guanxi: Server, open_page: Callable[..., Any]) -> None:
    """What everybody does on the first day, with the keyboard."""
    live_guanxi.run("seed", "--customers", 20, "--orders-per-customer", 2)
    name = live_guanxi.json("customers", "list", "--limit", 1)["items"][0]["name"]
    page = open_page(live_guanxi, "/", language="zh-CN")
    page.keyboard.press("Control+k")
    page.keyboard.type(name[:2])
    page.get_by_text(name).first.wait_for()
    page.keyboard.press("Escape")
    page.goto(reverse("customers:list"))
    page.get_by_text(name).first.click()
    settle(page)
    assert page.get_by_text(name).count() >= 1
