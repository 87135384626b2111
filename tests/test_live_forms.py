"""Open forms about a record or a setting: each is told that somebody else changed the same, and what by whom."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from guanxi.conversations.models import Macro
from guanxi.core import clock, live
from guanxi.core.actor import actor_of
from guanxi.core.live import changed
from guanxi.core.models import Role, User
from guanxi.people.models import IdentityProvider
from guanxi.people.signing_in.services import providers
from guanxi.service.models import Cause, RemedyKind, ResponsibleUnit, SlaPolicy
from tests.forms import browser_of, opened
from tests.matrix.rows import pages
from tests.matrix.trying import Tryer
from tests.matrix.world import build

pytestmark = pytest.mark.django_db
CARRIED = re.compile(r'<input[^>]*name="_opened" value="{[^>]*>')
TOPICS = re.compile(r'data-live-topic="([^"]+)" data-live-form')


@pytest.fixture
def owners(db: None) -> tuple[User, User]:
    """Two owners."""
    owner = Role.objects.get(key="owner")
    made = (User.objects.create_user(name, "moon-over-the-harbour", role=owner, name=name) for name in ("anna", "ben"))
    first, second = made
    return first, second


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The topics that the journal tells."""
    heard: set[str] = set()
    notify = changed.notify

    def noting(topic: str, data: Any = None) -> None:
        heard.add(topic)
        notify(topic, data)

    monkeypatch.setattr(changed, "notify", noting)
    return heard


def topics_of(page: str) -> list[str]:
    """What the forms of a page listen to."""
    return [topic for found in TOPICS.findall(page) for topic in found.split()]


@pytest.mark.full
def test_every_form_that_says_how_it_was_opened_listens_to_what_its_reader_may_hear() -> None:
    world = build()
    tryer = Tryer(world, "owner")
    reader = actor_of(world.users["owner"])
    silent, tried = [], 0
    for page in pages():
        if page.untried or page.get is None:
            continue
        answer = tryer.page("get", world.fill(page.address), headers=page.headers)
        for form in CARRIED.findall(answer.text) if answer.status == 200 else ():
            tried += 1
            topics = topics_of(form)
            if not topics or not all(live.may_listen(reader, topic) for topic in topics):
                silent.append(f"{page.address}: {topics}")
    assert not silent, "\n".join(silent)
    assert tried > 20


def provider(_anna: User) -> str:
    """The page of a provider."""
    row = IdentityProvider.objects.create(
        label="Works", slug="works", protocol="oidc", secret_sealed=providers.seal("first-secret"),
        settings={"issuer": "https://id.example.org", "client_id": "one", "scopes": "openid"},
    )  # fmt: skip
    return reverse("people:provider", args=[row.pk])


def rules_with_a_provider(anna: User) -> str:
    """The page of the rules, with a provider to sign in through."""
    provider(anna)
    return reverse("people:sign_in_rules")


def named(name: str, *args: str) -> Callable[[User], str]:
    """A page by its name."""
    return lambda _anna: reverse(name, args=args)


def one_of(model: type[Model], what: str) -> Callable[[User], str]:
    """The page of the first of the rows that complaints are arranged by."""
    return lambda _anna: reverse("complaints:setting", args=[what, model._default_manager.earliest("pk").pk])


def outside(_anna: User) -> str:
    """The page of a responsible unit outside the company."""
    row = ResponsibleUnit.objects.create(name="A carrier", is_outside=True)
    return reverse("complaints:setting", args=["unit", row.pk])


def macro(anna: User) -> str:
    """The page of a macro for everybody."""
    row = Macro.objects.create(
        name="Thanks", audience="all", owner=anna, texts={"en": "Thanks"}, created_at=clock.now()
    )
    return reverse("conversations:macro", args=[row.public_id])


def level(anna: User) -> str:
    """The page of a service level."""
    return reverse("service:service_level", args=[SlaPolicy.objects.earliest("pk").public_id])


PAGES: dict[str, tuple[Callable[[User], str], dict[str, Any], str]] = {
    "backups": (named("people:backups"), {"keep_daily": "9"}, "keep_daily"),
    "retention": (named("customers:retention_rule", "notes"), {"period": "900", "unit": "days"}, "period"),
    "a number of the law": (
        named("customers:legal_parameter", "minor.age"),
        {"value": "15", "source": "art. 1", "valid_from": "2024-01-02"},
        "value",
    ),
    "rules of signing in": (rules_with_a_provider, {"only_providers": "on"}, "only_providers"),
    "roles that ask for a second factor": (named("people:sign_in_rules"), {"roles": ["agent"]}, "roles"),
    "a role": (
        lambda _anna: reverse("people:role", args=[Role.objects.get(key="agent").pk]),
        {"name_en": "A"},
        "name_en",
    ),
    "a provider": (provider, {"client_id": "two"}, "client_id"),
    "a cause of complaints": (one_of(Cause, "cause"), {"name": "B"}, "name"),
    "a kind of remedy": (one_of(RemedyKind, "remedy"), {"name": "B"}, "name"),
    "a unit outside": (outside, {"name": "B"}, "name"),
    "a step of complaints": (named("complaints:setting", "step", "1"), {"hours": "7"}, "hours"),
    "a macro": (macro, {"name": "B"}, "name"),
    "a service level": (level, {"name": "B"}, "name"),
    "the secret of a provider": (provider, {"secret": "second-secret"}, "secret"),
}


@pytest.mark.parametrize("name", PAGES)
def test_an_open_form_of_settings_hears_of_the_other_hand(name: str, owners: tuple[User, User], told: set[str]) -> None:
    anna, ben = owners
    where, change, field = PAGES[name]
    address = where(anna)
    change = {
        key: [str(Role.objects.get(key=value[0]).pk)] if key == "roles" else value for key, value in change.items()
    }
    mine, theirs = browser_of(anna), browser_of(ben)
    listens = topics_of(mine.get(address).content.decode())
    assert listens
    before = news(mine, address)
    told.clear()
    assert theirs.post(address, opened(theirs, address) | change).status_code in {200, 302}
    assert told & set(listens), (told, listens)
    after = news(mine, address)
    assert {key for key in after if after[key]["mark"] != before[key]["mark"]} >= {field}
    assert "ben" in after[field]["said"]
    assert "second-secret" not in str(after)


def news(client: Client, address: str) -> dict[str, Any]:
    """What the page of an open form is told when it asks."""
    told: dict[str, Any] = client.get(address, headers={"GX-Form-News": "1"}).json()["fields"]
    return told


def test_ones_own_choices_are_heard_by_oneself_alone(owners: tuple[User, User], told: set[str]) -> None:
    anna, _ben = owners
    desk, phone = browser_of(anna), browser_of(anna)
    for address, change in (
        (reverse("tasks:choices"), {"digest": "off"}),
        (reverse("people:profile"), {"name": "Anna Lund"}),
    ):
        listens = topics_of(desk.get(address).content.decode())
        assert all(live.may_listen(actor_of(anna), topic) for topic in listens)
        told.clear()
        assert phone.post(address, opened(phone, address) | change).status_code == 302
        assert told & set(listens), address
    agent = User.objects.create_user("agent", "moon-over-the-harbour", role=Role.objects.get(key="agent"))
    assert not live.may_listen(actor_of(agent), f"notificationchoice:{anna.pk}")
    assert not live.may_listen(actor_of(agent), f"user:{anna.pk}")
    for topic in ("parameter", "role", "identity_provider", "legalparameter", "data_request", "customfield"):
        assert not live.may_listen(actor_of(agent), topic), topic
