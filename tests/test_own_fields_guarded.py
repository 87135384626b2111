"""A field that the company added is hidden or masked by role wherever its value could show."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import masking
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.errors import Forbidden, InvalidInput
from guanxi.core.models import CustomField, Role, RoleField, RolePermission, User
from guanxi.customers import exporting, search_entries
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.integration.services import create_token
from guanxi.people import roles

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


def test_words_of_a_field_that_some_role_does_not_see_find_nothing(look: Look, customer: Customer) -> None:
    assert "colour" in search_entries._text_keys()
    look("masked")
    assert "colour" not in search_entries._text_keys()


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
