"""What a role sees only a part of shows nowhere on a customer's page, and is shown in full by its eye, for a reason."""

import re
from typing import Any

import pytest
from django.test import Client

from guanxi.core.actor import system_actor
from guanxi.core.models import Change, CustomField, Operation, Role, RoleField, RolePermission, User
from guanxi.customers.models import Customer
from guanxi.customers.privacy import separate
from guanxi.customers.services import profiles
from guanxi.customers.services.customers import create_customer

pytestmark = pytest.mark.django_db
# A guarded field, what stands in it, and how those read it who see it in full.
FIELDS = {
    ("customer", "note"): ("Owes us <b>4,711</b>", "Owes us <b>4,711</b>"),
    ("customer", "custom.colour"): ("Zinnober", "Zinnober"),
    ("personprofile", "religion"): ("Quarzit", "Quarzit"),
    ("personprofile", "marital_status"): ("divorced", "Divorced"),
    ("personprofile", "birth_on"): ("1949-12-31", "31 Dec 1949"),
}
EYE = re.compile(r'href="(/customers/[^"]+/reveal/([^/"]+)/([^/"]+)/\d+)"')


@pytest.fixture
def customer() -> Customer:
    """A person with something in every field."""
    CustomField.objects.create(kind="customer", key="colour", label_en="Colour", label_zh="颜色", type="text")
    own = {field: value for (kind, field), (value, _read) in FIELDS.items() if kind == "customer"}
    made = create_customer(
        actor=system_actor(),
        values={"name": "Anna Li", "kind": "person", "note": own["note"], "custom_colour": own["custom.colour"]},
    )
    archive = {field: value for (kind, field), (value, _read) in FIELDS.items() if kind == "personprofile"}
    profiles.update_profile(actor=system_actor(), customer_id=made.pk, values=archive)
    return made


def browser(how: str, *, acts: tuple[str, ...] = ("view", "change")) -> Client:
    """Somebody of a role that sees all these fields so."""
    role = Role.objects.create(key="desk", name_en="Desk", name_zh="前台")
    for action in acts:
        RolePermission.objects.create(role=role, kind="customer", action=action, scope="all")
    for kind, field in FIELDS:
        RoleField.objects.create(role=role, kind=kind, field=field, visibility=how)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.create_user("desk", "moon-over-the-harbour", role=role))
    return client


def pages(client: Client, customer: Customer) -> str:
    """All that a customer's page fetches."""
    base = f"/customers/{customer.public_id}/"
    parts = ("", "overview", "archive", "edit", "archive/edit", "activity", "relations", "consents", "card")
    answers: list[Any] = [client.get(base + part) for part in parts]
    answers.append(client.get(f"/ui/list/customers/peek/{customer.pk}"))
    return "".join(answer.content.decode() for answer in answers)


@pytest.mark.parametrize("how", ["masked", "hidden"])
def test_it_shows_on_no_part_of_the_page(customer: Customer, how: str) -> None:
    seen = pages(browser(how), customer)
    assert "Anna Li" in seen
    for word in ("4,711", "Zinnober", "Quarzit", "31 Dec 1949", "<dd>Divorced"):
        assert word not in seen, word


def test_every_masked_field_has_an_eye_that_asks_for_a_reason_and_writes_it_down(customer: Customer) -> None:
    client = browser("masked")
    seen = pages(client, customer)
    eyes = {(kind, field): address for address, kind, field in EYE.findall(seen)}
    assert set(eyes) == set(FIELDS)
    for (kind, field), address in eyes.items():
        assert client.post(address, {"reason": ""}).status_code == 422
        told = client.post(address, {"reason": "They called back"}).context["value"]
        assert told == FIELDS[kind, field][1]
        look = Operation.objects.filter(name="customers.reveal").latest("pk")
        assert look.reason == "They called back"
        assert Change.objects.get(operation=look).field == field


def test_a_hidden_field_is_as_if_it_were_not_there(customer: Customer) -> None:
    client = browser("hidden")
    seen = client.get(f"/customers/{customer.public_id}/").content.decode()
    assert "<dt>City</dt>" in seen
    assert "<dt>Note</dt>" not in seen
    assert "<dt>Colour</dt>" not in seen
    assert not EYE.search(pages(client, customer))


def test_who_may_not_change_the_customer_gets_no_eye(customer: Customer) -> None:
    assert not EYE.search(pages(browser("masked", acts=("view",)), customer))


def test_a_masked_field_of_the_archive_does_not_open_an_input_that_is_refused(customer: Customer) -> None:
    archive = browser("masked").get(f"/customers/{customer.public_id}/archive").content.decode()
    assert "person-hobbies" in archive
    assert "person-religion" not in archive


def test_what_is_withheld_without_separate_consent_is_not_shown_for_a_reason_either(customer: Customer) -> None:
    client = browser("masked")
    eyes = {(kind, field): address for address, kind, field in EYE.findall(pages(client, customer))}
    separate.set_rule(actor=system_actor(), is_on=True)
    assert client.post(eyes["personprofile", "religion"], {"reason": "They called back"}).status_code == 404
    assert not Operation.objects.filter(name="customers.reveal").exists()
