"""An address given from outside never leads away from here, wherever it is put."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from guanxi.core.models import Role, User

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    " https://evil.example/",
    "/\t/evil.example/",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
)
NAMES = ("next", "back", "return", "return_to", "redirect", "redirect_uri", "url", "to", "target", "RelayState")
# All are tried at each change that lands; this one at every quick run.
QUICK = ELSEWHERE[:1]


def plain_addresses() -> list[str]:
    """Every address of the product without a part that varies."""
    found: list[str] = []

    def walk(resolver: URLResolver, prefix: str) -> None:
        for item in resolver.url_patterns:
            route = prefix + str(item.pattern)
            if isinstance(item, URLResolver):
                walk(item, route)
            elif isinstance(item, URLPattern) and not set("<^(") & set(route):
                found.append("/" + route)

    walk(get_resolver(), "")
    return sorted(set(found))


def leads_away(location: str) -> bool:
    """Whether a browser would leave for another host, or run what is written there."""
    cleaned = location.strip().replace("\t", "").replace("\n", "").replace("\\", "/")
    parts = urlsplit(cleaned)
    return (
        cleaned.startswith("//") or parts.scheme not in {"", "http", "https"} or parts.netloc not in {"", "testserver"}
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "elsewhere", [pytest.param(each, marks=() if each in QUICK else pytest.mark.full) for each in ELSEWHERE]
)
def test_no_page_leads_away(elsewhere: str) -> None:
    """Each address is tried signed in and not, read and sent to, with the address under every usual name."""
    owner = User.objects.create_user("owner", "secret-password", role=Role.objects.get(key="owner"))
    given = dict.fromkeys(NAMES, elsewhere)
    wrong: list[str] = []
    for address in plain_addresses():
        for signed_in in (False, True):
            visitor = Client(raise_request_exception=False)
            if signed_in:
                visitor.force_login(owner)
            for method in ("get", "post"):
                headers = {"HTTP_REFERER": elsewhere, "HTTP_HX_CURRENT_URL": elsewhere}
                answer = getattr(visitor, method)(address, given, **headers)
                for name in ("Location", "HX-Redirect", "HX-Location", "Refresh", "Link"):
                    if leads_away(answer.headers.get(name, "")):
                        wrong.append(f"{method} {address} {name}: {answer.headers[name]}")
    assert not wrong


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_signing_in_leads_home_instead(client: Client, elsewhere: str) -> None:
    User.objects.create_user("ann", "secret-password", role=Role.objects.get(key="agent"))
    answer = client.post(reverse("account_login"), {"login": "ann", "password": "secret-password", "next": elsewhere})
    assert answer.status_code == 302
    assert not leads_away(answer["Location"])


def test_what_leads_away_is_told() -> None:
    assert all(leads_away(address) for address in ELSEWHERE if ":evil" not in address and ":///" not in address)
    assert not any(leads_away(address) for address in ("", "/", "/customers/?q=//x", "http://testserver/x"))
