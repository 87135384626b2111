"""What a person may do, told: on their page, to themselves, at the console, by the API; and no more than they may."""

import argparse
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import access, clock, ids
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.errors import NotFound
from guanxi.core.models import Department, Deputy, Role, RoleField, RolePermission, Team, User
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer
from guanxi.integration.services import create_token
from guanxi.people import commands, may_do
from guanxi.tasks.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    """A seller of a department with another below, in a team, who stands in for a head."""
    sales = Department.objects.create(name="Sales")
    Department.objects.filter(pk=sales.pk).update(path=f"/{sales.pk}/")
    south = Department.objects.create(name="South", parent=sales, path=f"/{sales.pk}/9/")
    role = Role.objects.create(key="seller", name_en="Seller", name_zh="销售", requires_mfa=True)
    rules = {
        ("customer", "view"): "department", ("customer", "change"): "team", ("customer", "merge"): "own",
        ("product", "view"): "own", ("*", "export"): "own", ("task", "*"): "all",
    }  # fmt: skip
    for (kind, action), scope in rules.items():
        RolePermission.objects.create(role=role, kind=kind, action=action, scope=scope)
    RoleField.objects.create(role=role, kind="contactpoint", field="value", visibility="masked")
    RoleField.objects.create(role=role, kind="customer", field="note", visibility="hidden")
    sales.refresh_from_db()
    user = User.objects.create_user("anna", "moon-over-the-harbour", name="Anna", role=role, department=sales)
    Team.objects.create(name="Key accounts").members.add(user)
    chief = Role.objects.create(key="chief", name_en="Chief", name_zh="主管")
    RolePermission.objects.create(role=chief, kind="customer", action="*", scope="department")
    head = User.objects.create_user("ben", "moon-over-the-harbour", name="Ben", role=chief, department=south)
    now = clock.now()
    Deputy.objects.create(
        user=head, deputy=user, from_at=now - timedelta(hours=1), to_at=now + timedelta(days=3), reason="on a journey"
    )
    return user


def told(user: User) -> dict[tuple[str, str], dict[str, object]]:
    """The rights as programs read them."""
    user.refresh_from_db()
    return {(row["kind"], row["act"]): row for row in may_do.as_json(may_do.of_user(user))["rights"]}


def test_kind_act_reach_and_where_each_comes_from(anna: User) -> None:
    rights = told(anna)
    view = rights["customer", "view"]
    assert (view["reach"], view["rule"]) == ("department", "customer.view")
    (standing,) = view["standing_in"]
    assert (standing["absent"], standing["reach"], standing["through"]) == ("Ben", "department", None)
    assert rights["customer", "merge"]["reach"] == "own"
    assert rights["customer", "export"]["rule"] == "*.export"
    assert rights["task", "delete"] | {"standing_in": []} == rights["task", "delete"]
    assert (rights["task", "delete"]["reach"], rights["task", "delete"]["rule"]) == ("all", "task.*")
    assert not rights["product", "view"]["holds_any"]
    assert ("customer", "delete") not in rights, "a deputy is given records, not acts"


def test_it_says_what_holds(anna: User) -> None:
    """Against the rights themselves: every act told is allowed so far, and every act not told is not."""
    actor, rights = actor_of(anna), told(anna)
    for kind, action in {*rights, *(("customer", a) for a in ("view", "create", "delete", "undo")), ("user", "manage")}:
        assert actor.scope(kind, action) == rights.get((kind, action), {}).get("reach"), (kind, action)
    made = create_customer(actor=system_actor(), values={"name": "Zinnober", "owner": anna.pk})
    assert Customer.objects.visible_to(actor, "merge").get() == made
    assert not access.policy_of(Task).filter(Task.objects.all(), actor, "view").exists()
    Deputy.objects.update(to_at=clock.now())
    assert told(anna)["customer", "view"]["standing_in"] == []


def test_the_page_of_a_user_and_ones_own(anna: User, client: Client) -> None:
    owner = User.objects.create_user("boss", "moon-over-the-harbour", name="Boss", role=Role.objects.get(key="owner"))
    client.force_login(owner)
    address = reverse("people:user_rights", args=[anna.pk])
    assert address in client.get(reverse("people:user", args=[anna.pk])).content.decode()
    page = client.get(address).content.decode()
    for words in (
        "By the role Seller", "department and below", "In the place of Ben until", "on a journey",
        "the records of their department and below", "“Department and below” is Sales with 1 department below it.",
        "“Team” is the records of all who are in Key accounts.", "The role asks for a second factor.",
        "Telephone, e-mail, WeChat, address: masked", "Note: hidden", "By “Everything: export”", "merge: own",
        "tasks that one does or has set", "these records have no owner",
    ):  # fmt: skip
        assert words in page, words
    assert "every act" not in client.get(reverse("people:my_rights")).content.decode().split("Fields not seen")[0][:50]
    own = client.get(reverse("people:my_rights")).content.decode()
    assert "What I may do" in own
    assert "Every field is seen in full." in own
    assert 'href="/settings/rights"' in client.get("/settings/profile").content.decode()
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert "may not sign in" in client.get(address).content.decode()


def test_only_those_who_manage_users_read_anothers(anna: User, client: Client) -> None:
    Role.objects.filter(key="seller").update(requires_mfa=False)
    other = User.objects.get(username="ben")
    address = reverse("people:user_rights", args=[other.pk])
    assert client.get(address).status_code == 302
    client.force_login(anna)
    assert client.get(address).status_code == 404
    assert "By the role Seller" in client.get(reverse("people:my_rights")).content.decode()
    _row, key = create_token(actor=system_actor(), user=anna, scope="read")
    api = {"Authorization": f"Bearer {key}"}
    mine = client.get("/api/v1/users/me/rights", headers=api).json()
    assert (mine["user"], mine["department"], mine["teams"]) == ("anna", "Sales", ["Key accounts"])
    assert {row["field"]: row["seen"] for row in mine["fields"]} == {"value": "masked", "note": "hidden"}
    assert client.get(f"/api/v1/users/{ids.public_id('usr', other.pk)}/rights", headers=api).status_code in {403, 404}


def test_while_looking_as_another_it_is_what_is_left_of_theirs(anna: User, client: Client) -> None:
    owner = User.objects.create_user("boss", "moon-over-the-harbour", name="Boss", role=Role.objects.get(key="owner"))
    client.force_login(owner)
    client.post(reverse("people:see_as_user", args=[anna.pk]))
    page = client.get(reverse("people:my_rights")).content.decode()
    assert "By the role Seller" in page
    assert "Note: hidden" in page


def test_the_console_tells_it(anna: User, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.run_rights(argparse.Namespace(name="anna", json=False)) == 0
    text = capsys.readouterr().out
    for words in (
        "Anna (anna): Seller", "Customers: view (department and below)", "In the place of Ben until", "Note: hidden"
    ):  # fmt: skip
        assert words.casefold() in text.casefold(), text
    assert commands.run_rights(argparse.Namespace(name="anna", json=True)) == 0
    assert json.loads(capsys.readouterr().out)["role"] == "seller"
    with pytest.raises(NotFound):
        commands.run_rights(argparse.Namespace(name="nobody", json=True))
