"""Passkeys in a real browser with a virtual authenticator: made, used alone, used besides a password, confirmed with."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from tests.browsing import enter

pytestmark = pytest.mark.full


@pytest.fixture
def key(open_page: Any, live_guanxi: Any) -> Any:
    """A page whose browser holds an authenticator, on localhost, signed in as a user of its own."""

    def key(name: str, *, verified: bool = True, width: int = 1280) -> Any:
        user = live_guanxi.json("user", "create", name, "--role", "agent")
        server = SimpleNamespace(url=live_guanxi.url.replace("127.0.0.1", "localhost"))
        page = open_page(server, "/accounts/login/", sign_in=False, width=width)
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": verified,
                    "isUserVerified": verified,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        page.devtools = devtools
        enter(page, server, user)
        return page, user

    return key


def leave(page: Any) -> None:
    """Sign out."""
    page.context.clear_cookies(name="guanxi_session")
    page.goto("/accounts/login/")


def test_a_passkey_signs_in_alone(key: Any, live_guanxi: Any) -> None:
    page, user = key("vera", width=390)
    page.goto("/settings/security/passkeys/new")
    page.fill("input[name=name]", "Telephone of Vera")
    page.click("button[name=alone][value='1']")
    page.wait_for_selector("#codes li")
    assert page.locator("#codes li").count() == 10
    with page.expect_download() as download:
        page.click("[data-save]")
    lines = download.value.path().read_text().split()
    assert lines[0].startswith("localhost")
    assert len([line for line in lines if re.fullmatch(r"[\d-]{14}", line)]) == 10
    page.click("text=I have kept them")
    assert page.input_value(".rename input[name=name]") == "Telephone of Vera"
    leave(page)
    page.goto("/accounts/login/?next=/customers/")
    page.click("text=Sign in with a passkey")
    page.wait_for_url("**/customers/")
    listed = live_guanxi.json("user", "sign-ins", "vera")["items"]
    assert (listed[0]["outcome"], listed[0]["means"]) == ("signed_in", "passkey")
    live_guanxi.run("user", "disable", "vera")
    page.goto("/accounts/login/")
    page.click("text=Sign in with a passkey")
    page.wait_for_url("**passkey=refused")
    assert "not accepted" in page.inner_text(".alert-gx")
    assert live_guanxi.json("user", "sign-ins", "vera")["items"][0]["outcome"] == "disabled"
    assert user["name"] == "vera"


def test_a_security_key_is_asked_for_besides_the_password_and_confirms(key: Any, live_guanxi: Any) -> None:
    page, user = key("kai", verified=False)
    page.goto("/settings/security/passkeys/new")
    page.click("button[name=alone][value='0']")
    page.wait_for_selector("#codes li")
    code = page.locator("#codes li").first.inner_text()
    leave(page)
    page.fill("input[name=login]", user["name"])
    page.fill("input[name=password]", user["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/accounts/second-step/")
    page.click("text=Use a passkey or security key")
    page.wait_for_url(lambda url: "accounts" not in url)
    assert live_guanxi.json("user", "sign-ins", "kai")["items"][0]["second"] == "webauthn"
    page.goto("/accounts/confirm/?next=/settings/security")
    page.click("text=Use a passkey or security key")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.devtools.send("WebAuthn.disable")
    leave(page)
    page.fill("input[name=login]", user["name"])
    page.fill("input[name=password]", user["password"])
    page.press("input[name=password]", "Enter")
    page.fill("input[name=code]", code)
    page.press("input[name=code]", "Enter")
    page.wait_for_url(lambda url: "accounts" not in url)
    assert live_guanxi.json("user", "sign-ins", "kai")["items"][0]["second"] == "recovery_codes"
