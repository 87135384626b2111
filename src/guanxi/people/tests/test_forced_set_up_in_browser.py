"""A role that asks for a second factor, in a real browser: from signing in to work, by application and by passkey."""

import re
import time
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

pytestmark = pytest.mark.full
DUE = "Set one up; everything else opens after that."


@pytest.fixture
def begun(open_page: Any, live_guanxi: Any) -> Any:
    """A page with a passkey device of its own, and what it has asked the server for; somebody has just signed in on it."""

    def begun(name: str, *, with_role: bool = True) -> Any:
        user = live_guanxi.json("user", "create", name, "--role", "manager")
        server = SimpleNamespace(url=live_guanxi.url.replace("127.0.0.1", "localhost"))
        page = open_page(server, "/accounts/login/", sign_in=False, width=390)
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.fill("input[name=login]", user["name"])
        page.fill("input[name=password]", user["password"])
        page.click("form button[type=submit]")
        return page, user

    return begun


def asks_for_factors(server: Any, open_page: Any, *, wanted: bool) -> None:
    """Have an owner say on screen whether managers need a second factor."""
    page = open_page(server, "/settings/sign-in-rules")
    box = page.locator("label.form-check", has_text=re.compile(r"^\s*(Manager|Head)")).locator("input")
    box.set_checked(wanted)
    page.click(".settings-card button[type=submit]")
    page.wait_for_load_state()


def rests(page: Any) -> None:
    """The page of the set-up stands still: it asks for nothing by itself."""
    page.wait_for_url("**/settings/security?needed=1")
    page.wait_for_load_state("networkidle")
    before = len(page.asked)
    page.wait_for_timeout(2500)
    assert page.asked[before:] == []
    assert DUE in page.inner_text("main")


def goes_to_work(page: Any) -> None:
    """After the codes were kept, everything is open."""
    page.wait_for_selector("#codes li")
    page.click("text=I have kept them")
    page.wait_for_selector(".gx-topbar")
    page.goto("/customers/")
    page.wait_for_selector("h1")
    assert "/customers/" in page.url


def test_the_set_up_that_a_role_asks_for_leads_from_sign_in_to_work(
    begun: Any, open_page: Any, live_guanxi: Any
) -> None:
    asks_for_factors(live_guanxi, open_page, wanted=True)
    page, _user = begun("mia")
    rests(page)
    page.locator("a[href='/settings/security/app']").click()
    secret = "".join(page.inner_text(".secret-small").split())
    page.fill("input[name=code]", str(format_hotp_value(hotp_value(secret, int(time.time()) // 30))))
    page.press("input[name=code]", "Enter")
    page.wait_for_selector("#codes li")
    codes = page.locator("#codes li").all_inner_texts()
    page.reload()
    page.wait_for_selector("text=They were shown once")
    assert page.locator("#codes").count() == 0
    page.go_back()
    page.goto("/customers/")
    page.wait_for_selector(".gx-topbar")
    assert len(codes) == 10

    page, _user = begun("noa")
    rests(page)
    page.locator("a[href='/settings/security/passkeys/new']").click()
    page.click("button[name=alone][value='1']")
    goes_to_work(page)


def test_a_page_that_stood_open_leads_to_the_set_up_once_somebody_asks(
    begun: Any, open_page: Any, live_guanxi: Any
) -> None:
    asks_for_factors(live_guanxi, open_page, wanted=False)
    page, _user = begun("ole")
    page.wait_for_selector(".gx-topbar")
    page.goto("/customers/")
    page.wait_for_selector("#bell")
    asks_for_factors(live_guanxi, open_page, wanted=True)
    page.evaluate("htmx.trigger('#bell-sign', 'live')")
    page.wait_for_timeout(1500)
    assert page.url.endswith("/customers/"), "what the page asks for by itself leads nowhere"
    page.click("#bell-sign")
    rests(page)
    page.watch.forget("403")
