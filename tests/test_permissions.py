"""Who may see and do what: everything the owner's pages offer, tried by people who may not."""

import hashlib
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from guanxi.core.actor import system_actor
from guanxi.core.models import Role, RolePermission
from guanxi.demo.seeding.services import seed_base
from tests.crawling import crawl
from tests.visitors import Visitor

# Pages that are there for everybody.
OPEN_TO_ALL = ("/accounts/login/", "/accounts/inactive/", "/api/v1/health", "/api/v1/openapi.json", "/static/")
# A challenge for a passkey says nothing of anybody.
OPEN_TO_ALL += ("/ui/preferences", "/accounts/passkey/options/")
# The widget of the chat is the same script for every site; what it asks for then is refused without a channel.
OPEN_TO_ALL += ("/chat/x.js",)
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


@pytest.mark.django_db
def test_a_stranger_sees_nothing_at_any_address() -> None:
    stranger = Visitor("")
    shown = []
    for address in sorted(set(patterns(get_resolver()))):
        answer = stranger(address)
        if answer.status_code < 300 and not address.startswith(OPEN_TO_ALL):
            shown.append(f"{address}: {answer.status_code}")
    assert not shown, "\n".join(shown)


@pytest.mark.full
@pytest.mark.django_db
def test_what_the_owners_pages_offer_is_refused_to_others() -> None:
    """One test for three people: finding out what the pages offer takes longer than trying it."""
    seed_base(actor=system_actor(), customers=12, orders_per_customer=3, seed=1, say=lambda text: None)
    seen = crawl(Visitor("owner"), language="en")
    links = {("get", address) for group in seen.visited.values() for address in group}
    found = {(method, address.partition("#")[0]) for method, address in seen.acts | links}
    acts = sorted((method, address) for method, address in found if address.startswith("/") and "logout" not in address)
    assert len(acts) > 30
    before = digest_of_records()
    for problems in (let_in(acts), failed_for_the_auditor(acts), shown_to_who_sees_their_own(acts)):
        assert not problems, "\n".join(problems)
        assert digest_of_records() == before


def let_in(acts: list[tuple[str, str]]) -> list[str]:
    """Where a stranger gets an answer other than the sign-in page or a refusal."""
    stranger, problems = Visitor(""), []
    for method, address in acts:
        answer = stranger.request(method, address)
        is_refused = answer.status_code in {401, 403, 404, 405} or "/accounts/login/" in answer.headers.get(
            "location", ""
        )
        if not is_refused and not address.startswith(OPEN_TO_ALL):
            problems.append(f"a stranger: {method} {address}: {answer.status_code}")
    return problems


def failed_for_the_auditor(acts: list[tuple[str, str]]) -> list[str]:
    """Where somebody who may only look, and tries everything else, meets an error instead of a refusal."""
    auditor = Visitor("auditor")
    tried = [act for act in acts if act[0] != "get" and not act[1].startswith(OWN_THINGS)]
    answers = {f"{method} {address}": auditor.request(method, address).status_code for method, address in tried}
    return [f"the auditor: {act}: {status}" for act, status in answers.items() if status >= 500]


def shown_to_who_sees_their_own(acts: list[tuple[str, str]]) -> list[str]:
    """Where somebody who may see their own customers alone sees one of the seeded, which belong to nobody."""
    role = Role.objects.create(key="own", name_en="Own", name_zh="本人")
    for action in ("view", "change", "delete", "export"):
        RolePermission.objects.create(role=role, kind="customer", action=action, scope="own")
    visitor = Visitor("own")
    of_others = [act for act in acts if "/cus_" in act[1]]
    assert of_others
    answers = {f"{method} {address}": visitor.request(method, address).status_code for method, address in of_others}
    return [f"their own alone: {act}: {status}" for act, status in answers.items() if status not in {403, 404, 405}]
