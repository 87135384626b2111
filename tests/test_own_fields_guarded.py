"""A field that the company added is hidden or masked by role wherever its value could show."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import masking
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.changes import undo_operation
from guanxi.core.errors import Forbidden, InvalidInput
from guanxi.core.models import Change, CustomField, Role, RoleField, RolePermission, User
from guanxi.customers import exporting
from guanxi.customers.models import Customer
from guanxi.customers.services import own_fields
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.integration.services import create_token
from guanxi.people import roles
from guanxi.search import outdated
from guanxi.search.jobs import take_out_outdated
from guanxi.search.models import SearchEntry
from guanxi.search.public import search
from guanxi.search.services import end_outdated

pytestmark = pytest.mark.django_db
SECRET, OTHER = "Ultramarin", "Karmesin"
Look = Callable[[str], tuple[Client, Actor]]


@pytest.fixture
def customer() -> Customer:
    """A customer with a colour that was another one before."""
    CustomField.objects.create(
        kind="customer", key="colour", label_en="Colour", label_zh="颜色", type="text", is_filterable=True
    )
    found = create_customer(actor=system_actor(), values={"name": "Zinnober", "custom_colour": OTHER})
    update_customer(actor=system_actor(), customer_id=found.pk, values={"custom_colour": SECRET})
    found.refresh_from_db()
    return found


@pytest.fixture
def look(client: Client) -> Look:
    """A browser and the actor of somebody who sees the colour so."""

    def looking(how: str) -> tuple[Client, Actor]:
        role = Role.objects.create(key="seller", name_en="Seller", name_zh="销售")
        for kind, action in (
            ("customer", "view"),
            ("customer", "change"),
            ("customer", "export"),
            ("customer", "merge"),
            ("history", "view"),
        ):
            RolePermission.objects.create(role=role, kind=kind, action=action, scope="all")
        if how != "shown":
            RoleField.objects.create(role=role, kind="customer", field="custom.colour", visibility=how)
        user = User.objects.create_user("anna", "moon-over-the-harbour", role=role)
        client.force_login(user)
        return client, actor_of(user)

    return looking


def texts(client: Client, actor: Actor, customer: Customer) -> dict[str, str]:
    """Every place where a value of an own field could show."""
    _row, key = create_token(actor=system_actor(), user=User.objects.get(username="anna"), scope="write")
    api = {"Authorization": f"Bearer {key}"}
    twin = create_customer(actor=system_actor(), values={"name": "Zinnober B", "custom_colour": OTHER})
    pages = {
        "list": "/customers/?cols=name,custom_colour",
        "record": f"/customers/{customer.public_id}/",
        "form": f"/customers/{customer.public_id}/edit",
        "history": reverse("people:history_of", args=["customer", customer.pk]),
        "histories": "/history/",
        "file of the list": "/ui/list/customers/export?cols=name,custom_colour",
        "file of the history": "/history/export",
        "merge": f"/customers/merge?ids={customer.pk},{twin.pk}",
        "merge by ids": f"/customers/merge?ids={customer.public_id}&ids={twin.public_id}",
    }
    found = {}
    for name, address in pages.items():
        response: Any = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found[name] = body.decode()
    found["API"] = client.get(f"/api/v1/customers/{customer.public_id}", headers=api).content.decode()
    found["list of the API"] = client.get("/api/v1/customers", headers=api).content.decode()
    found["history of the API"] = client.get("/api/v1/history", headers=api).content.decode()
    found["export"] = repr(list(exporting.rows(actor)))
    return found


@pytest.mark.parametrize("how", ["masked", "hidden"])
def test_it_shows_nowhere(look: Look, customer: Customer, how: str) -> None:
    client, actor = look(how)
    leaks = [name for name, text in texts(client, actor, customer).items() if SECRET in text or OTHER in text]
    assert not leaks


def test_those_who_see_it_see_it_in_all_these_places(look: Look, customer: Customer) -> None:
    """Otherwise the test above would prove nothing."""
    client, actor = look("shown")
    found = {name for name, text in texts(client, actor, customer).items() if SECRET in text or OTHER in text}
    assert found >= {"list", "record", "form", "history", "file of the list", "API", "export"}, found


@pytest.mark.parametrize("how", ["masked", "hidden"])
def test_lists_neither_filter_nor_sort_by_it_and_nobody_changes_what_they_do_not_see(
    look: Look, customer: Customer, how: str
) -> None:
    client, _actor = look(how)
    create_customer(actor=system_actor(), values={"name": "Quarzit"})
    _row, key = create_token(actor=system_actor(), user=User.objects.get(username="anna"), scope="write")
    page = client.get(f"/customers/?custom_colour={SECRET}").content.decode()
    assert "Quarzit" in page
    api = {"Authorization": f"Bearer {key}"}
    assert client.get(f"/api/v1/customers?custom[colour]={SECRET}", headers=api).status_code == 422
    field = f"/ui/edit/customer/{customer.pk}/custom_colour"
    assert client.get(field).status_code == 404
    client.post(
        f"/customers/{customer.public_id}/edit", {"name": "Zinnober", "kind": "person", "custom_colour": "grey"}
    )
    customer.refresh_from_db()
    assert customer.custom["colour"] == SECRET


def test_it_is_offered_on_the_page_of_roles_and_counts(client: Client, customer: Customer) -> None:
    owner = User.objects.create_user("boss", "moon-over-the-harbour", role=Role.objects.get(key="owner"))
    client.force_login(owner)
    assert 'name="sees:customer:custom.colour"' in client.get(reverse("people:role_create")).content.decode()
    role = roles.save_role(
        actor=actor_of(owner), role_id=None, name_en="Seller", name_zh="销售",
        permissions={("customer", "view"): "all"}, fields={("customer", "custom.colour"): "masked"},
    )  # fmt: skip
    anna = actor_of(User.objects.create_user("anna", "moon-over-the-harbour", role=role))
    assert masking.shown(anna, "customer", "custom", {"colour": SECRET, "size": "4"}) == {"colour": "•••", "size": "4"}
    assert "Colour: masked" in client.get(reverse("people:roles")).content.decode()
    with pytest.raises(InvalidInput):
        roles.save_role(
            actor=actor_of(owner), role_id=None, name_en="X", name_zh="X", permissions={},
            fields={("customer", "custom.nonesuch"): "masked"},
        )  # fmt: skip
    chief = Role.objects.create(key="chief", name_en="Chief", name_zh="主管")
    for kind in ("role", "customer"):
        RolePermission.objects.create(role=chief, kind=kind, action="*", scope="all")
    RoleField.objects.create(role=chief, kind="customer", field="custom.colour", visibility="hidden")
    with pytest.raises(Forbidden):
        roles.save_role(
            actor=actor_of(User.objects.create_user("ben", "moon-over-the-harbour", role=chief)), role_id=None,
            name_en="Y", name_zh="Y", permissions={("customer", "view"): "all"}, fields={},
        )  # fmt: skip


def test_by_a_retired_field_nobody_is_found_from_that_moment_on(look: Look, customer: Customer) -> None:
    client, _actor = look("shown")
    _row, key = create_token(actor=system_actor(), user=User.objects.get(username="anna"), scope="write")
    api = {"Authorization": f"Bearer {key}"}
    field = CustomField.objects.get(key="colour")
    create_customer(actor=system_actor(), values={"name": "Quarzit"})

    def found() -> set[str]:
        """The places where the customer is found by the value."""
        answers = {
            "list": client.get("/customers/", {"q": SECRET}),
            "search page": client.get("/search", {"q": SECRET}),
            "palette": client.get("/search/hits", {"q": SECRET}),
            "API list": client.get("/api/v1/customers", {"q": SECRET}, headers=api),
            "API search": client.get("/api/v1/search", {"q": SECRET}, headers=api),
        }
        places = {name for name, answer in answers.items() if "Zinnober" in answer.content.decode()}
        return places | ({"search"} if search(actor=system_actor(), text=SECRET) else set())

    def in_index() -> bool:
        """Whether the words stand in the index."""
        return SECRET.lower() in SearchEntry.objects.get(kind="customer", record_id=customer.pk).tokens

    def filtered() -> tuple[bool, int]:
        """Whether the filter of the list narrows it, and how the API answers to it."""
        page = client.get(f"/customers/?custom_colour={SECRET}").content.decode()
        return "Quarzit" not in page, client.get(f"/api/v1/customers?custom[colour]={SECRET}", headers=api).status_code

    assert (len(found()), filtered(), in_index()) == (6, (True, 200), True)
    own_fields.set_in_use(actor=system_actor(), field_id=field.pk, is_active=False)
    assert (found(), filtered(), in_index()) == (set(), (False, 422), True)
    assert search(actor=system_actor(), text="Zinnober"), "by its name it is found all the while"
    take_out_outdated.call("customer")
    assert (found(), outdated.kinds_with_any(), in_index()) == (set(), frozenset(), False)
    retired = Change.objects.filter(kind="customfield").latest("pk").operation_id
    undo_operation(actor=system_actor(), operation_id=retired)
    take_out_outdated.call("customer")
    assert (len(found()), filtered(), in_index()) == (6, (True, 200), True)
    undo_operation(actor=system_actor(), operation_id=Change.objects.latest("pk").operation_id)
    assert (found(), filtered(), in_index()) == (set(), (False, 422), True)


def test_a_field_retired_again_while_its_words_go_is_not_forgotten(customer: Customer) -> None:
    """What a job takes out is what was outdated when it began."""
    field = CustomField.objects.get(key="colour")
    own_fields.set_in_use(actor=system_actor(), field_id=field.pk, is_active=False)
    ((about, since),) = outdated.pending("customer")
    own_fields.set_in_use(actor=system_actor(), field_id=field.pk, is_active=True)
    own_fields.set_in_use(actor=system_actor(), field_id=field.pk, is_active=False)
    end_outdated("customer", about, since)
    assert outdated.kinds_with_any() == {"customer"}
    assert not search(actor=system_actor(), text=SECRET)
