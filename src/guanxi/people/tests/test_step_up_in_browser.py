"""The question who it is, in a real browser: what was entered goes on by itself; and a SAML provider there and back."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from urllib.request import urlopen

import pytest

from guanxi.people.tests import real_saml
from guanxi.people.tests.saml_provider import LEAVING_METADATA, SLO, SSO

pytestmark = pytest.mark.full
AGE = """
import django
django.setup()
from guanxi.core.models import Session
for row in Session.objects.all():
    data = row.get_decoded()
    if "guanxi_confirmed" in data:
        data["guanxi_confirmed"] -= 3600
        Session.objects.filter(pk=row.pk).update(session_data=Session.get_session_store_class()().encode(data))
"""


def grow_old(server: Any) -> None:
    """Let the proof of everybody be an hour old."""
    environment = server.installation.environment | {"DJANGO_SETTINGS_MODULE": "guanxi.project.settings"}
    subprocess.run([sys.executable, "-c", AGE], env=environment, check=True, timeout=120)


def test_forms_go_on_after_the_question(open_page: Any, live_guanxi: Any) -> None:
    page = open_page(live_guanxi, "/settings/teams/new")
    page.fill("input[name=name]", "华东 “East” & <b>")
    grow_old(live_guanxi)
    page.click(".form-actions button[type=submit]")
    page.wait_for_url("**/accounts/confirm/**")
    assert "is kept" in page.inner_text("body")
    page.fill("input[name=confirm-password]", "wrong")
    page.press("input[name=confirm-password]", "Enter")
    page.wait_for_selector(".field-error")
    page.watch.forget("422")
    page.fill("input[name=confirm-password]", live_guanxi.owner["password"])
    page.press("input[name=confirm-password]", "Enter")
    page.wait_for_url("**/settings/departments")
    assert "华东 “East” & <b>" in page.inner_text("body")


def test_a_secret_is_shown_after_the_question(open_page: Any, live_guanxi: Any) -> None:
    """What the form leads to is a page with a secret, not an address to go to."""
    page = open_page(live_guanxi, "/settings/webhooks/new", language="zh-CN", width=390)
    page.fill("input[name=label]", "仓库")
    page.fill("input[name=url]", "https://erp.example.org/hook")
    grow_old(live_guanxi)
    page.click(".form-actions button[type=submit]")
    page.wait_for_url("**/accounts/confirm/**")
    page.fill("input[name=confirm-password]", live_guanxi.owner["password"])
    page.press("input[name=confirm-password]", "Enter")
    page.wait_for_selector("[data-webhook-secret]")
    assert page.inner_text("[data-webhook-secret]").startswith("whsec_")


class Works:
    """A real provider (pysaml2) behind a port of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ours, self.server = folder, "", None
        self.asked: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Lets everybody in as Bob, and out again."""

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path == "/slo":
                    self.send_response(302)
                    self.send_header("Location", outer.left(parts.query))
                    self.end_headers()
                    return
                if parts.path != "/sso":
                    self.send_error(404)
                    return
                body = outer.form(self.path).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: Any) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def provider(self) -> Any:
        """The provider, once our metadata can be read."""
        if self.server is None:
            with urlopen(self.ours, timeout=30) as answer:
                ours = answer.read().decode()
            self.server = real_saml.made_provider(self.folder, ours, sso=f"{self.url}/sso", slo=f"{self.url}/slo")
        return self.server

    def form(self, address: str) -> str:
        """A page that posts the answer by itself, as providers do."""
        sent = real_saml.answered(self.provider(), f"{self.url}{address}")
        self.asked.append(parse_qs(urlsplit(address).query))
        fields = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in sent.items())
        target = self.ours.replace("metadata/", "acs/")
        return (
            f'<!doctype html><title>Works</title><link rel="icon" href="data:,"><form method="post" action="{target}">'
            f"{fields}</form><script>document.forms[0].submit()</script>"
        )

    def left(self, query: str) -> str:
        """The address at which somebody is told that they are signed out here."""
        from saml2 import BINDING_HTTP_REDIRECT, xmldsig

        given = dict(parse_qsl(query))
        server = self.provider()
        assert real_saml.has_signed(server, given, sp=self.ours)
        request = server.parse_logout_request(given["SAMLRequest"], BINDING_HTTP_REDIRECT)
        answer = server.create_logout_response(request.message, [BINDING_HTTP_REDIRECT], sign=False)
        target = self.ours.replace("metadata/", "slo/")
        http = server.apply_binding(
            BINDING_HTTP_REDIRECT, str(answer), target, response=True, sign=True, sigalg=xmldsig.SIG_RSA_SHA256
        )
        return str(dict(http["headers"])["Location"])


@pytest.fixture
def works(guanxi: Any, tmp_path: Path) -> Iterator[tuple[Works, Any]]:
    """A provider, and an installation whose environment names it."""
    found = Works(tmp_path)
    metadata = LEAVING_METADATA.replace(SSO, f"{found.url}/sso").replace(SLO, f"{found.url}/slo")
    (tmp_path / "works.xml").write_text(metadata)
    guanxi.settings |= {
        "GUANXI_PROVIDERS": "works",
        "GUANXI_PROVIDER_WORKS_PROTOCOL": "saml",
        "GUANXI_PROVIDER_WORKS_LABEL": "The works",
        "GUANXI_PROVIDER_WORKS_METADATA_FILE": str(tmp_path / "works.xml"),
        "GUANXI_PROVIDER_WORKS_MAKES_USERS": "yes",
        "GUANXI_PROVIDER_WORKS_DEFAULT_ROLE": "owner",
    }
    guanxi.run("user", "create", "boss", "--role", "owner")
    server = guanxi.serve()
    found.ours = f"{server.url}/accounts/saml/works/metadata/"
    yield found, server
    server.stop()
    found.http.shutdown()
    found.http.server_close()


def test_a_saml_provider_there_and_back_and_out_again(open_page: Any, works: tuple[Works, Any]) -> None:
    """Over two sites: the answer comes without our cookie, proof is given in a tab of its own, sign-out leads there too."""
    provider, server = works
    page = open_page(server, "/accounts/login/?next=/settings/teams/new", sign_in=False)
    page.click("text=Sign in through The works")
    page.wait_for_url("**/settings/teams/new")
    page.fill("input[name=name]", "East")
    grow_old(server)
    page.click(".form-actions button[type=submit]")
    page.wait_for_url("**/accounts/confirm/**")
    page.click("text=Confirm through The works")
    page.wait_for_url("**/settings/departments")
    assert "East" in page.inner_text("body")
    assert len(provider.asked) == 2
    grow_old(server)
    page.goto("/settings/sign-in-rules")
    assert "confirm" in page.url
    page.click("text=Confirm through The works")
    page.wait_for_url("**/settings/sign-in-rules")
    assert "set by the environment" in page.inner_text("body")
    page.eval_on_selector("form[action='/accounts/logout/']", "form => form.requestSubmit()")
    page.wait_for_url("**/accounts/login/?left=works**")
    assert "You are signed out here and at The works." in page.inner_text("body")
    page.watch.forget("asked a foreign host")
