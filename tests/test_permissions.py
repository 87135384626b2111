"""Who may see and do what: everything the owner's pages offer, tried by people who may not."""

import hashlib
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from guanxi.core.actor import system_actor
from guanxi.demo.seeding.services import seed_base
from tests.crawling import crawl
from tests.visitors import Visitor

# Pages that are there for everybody.
OPEN_TO_ALL = ("/accounts/login/", "/api/v1/health", "/static/", "/favicon")
# What a visitor changes there is their own.
OWN_THINGS = ("/ui/preferences", "/settings/profile", "/accounts/", "/ui/list/")
RECORDS = ("customers", "catalog", "commerce", "importing", "insight", "files")


def patterns(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """Every address of the product, with something in the place of its arguments."""
    for item in resolver.url_patterns:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from patterns(item, route)
        elif isinstance(item, URLPattern) and "^" not in route:
            yield filled(route)


def filled(route: str) -> str:
    """A route with its arguments filled in."""
    parts = []
    for part in route.split("<"):
        if ">" in part:
            argument, _, rest = part.partition(">")
            part = ("1" if argument.startswith("int") else "x") + rest
        parts.append(part)
    return "".join(parts)


def digest_of_records() -> str:
    """One digest over every row of the records people work with."""
    digest = hashlib.sha256()
    for label in RECORDS:
        for model in sorted(apps.get_app_config(label).get_models(), key=lambda model: model.__name__):
            for row in model._base_manager.order_by("pk").values_list():
                digest.update(repr((model.__name__, row)).encode())
    return digest.hexdigest()


@pytest.fixture
def acts(db: None) -> set[tuple[str, str]]:
    """Everything the owner's pages offer: (method, address)."""
    seed_base(actor=system_actor(), customers=12, orders_per_customer=3, seed=1, say=lambda text: None)
    seen = crawl(Visitor("owner"), language="en")
    links = {("get", address) for group in seen.visited.values() for address in group}
    return {(m, a) for m, a in seen.acts | links if a.startswith("/") and "logout" not in a}


@pytest.mark.django_db
def test_a_stranger_sees_nothing_at_any_address() -> None:
    stranger = Visitor("")
    shown = []
    for address in sorted(set(patterns(get_resolver()))):
        answer = stranger(address)
        if answer.status_code < 300 and not address.startswith(OPEN_TO_ALL):
            shown.append(f"{address}: {answer.status_code}")
    assert not shown, "\n".join(shown)


def test_a_stranger_can_do_nothing_the_pages_offer(acts: set[tuple[str, str]]) -> None:
    stranger, before = Visitor(""), digest_of_records()
    answers = {(method, address): stranger.request(method, address) for method, address in sorted(acts)}
    let_in = [
        f"{method} {address}: {answer.status_code}"
        for (method, address), answer in answers.items()
        if not address.startswith(OPEN_TO_ALL)
        and not (answer.status_code in {401, 403, 404, 405} or "/accounts/login/" in answer.headers.get("location", ""))
    ]
    assert len(acts) > 30
    assert not let_in, "\n".join(let_in)
    assert digest_of_records() == before


def test_who_may_only_look_changes_nothing(acts: set[tuple[str, str]]) -> None:
    auditor, before = Visitor("auditor"), digest_of_records()
    for method, address in sorted(acts):
        if method != "get" and not address.startswith(OWN_THINGS):
            assert auditor.request(method, address).status_code != 500, address
    assert digest_of_records() == before


def test_an_agent_sees_no_customer_of_others(acts: set[tuple[str, str]]) -> None:
    """The seeded customers belong to nobody; an agent sees their own alone."""
    agent = Visitor("agent")
    customers = {address for _, address in acts if "/cus_" in address}
    assert customers
    shown = [address for address in sorted(customers) if agent(address).status_code == 200]
    assert not shown, "\n".join(shown)
