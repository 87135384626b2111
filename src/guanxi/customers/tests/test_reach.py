"""Whose customers a list shows follows teams and departments at once, however its rows are read."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client

from guanxi.core import reading_in_reach
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.models import Department, Role, RolePermission, Team, TeamMember, User
from guanxi.customers.lists import PAGE
from guanxi.customers.models import Customer
from guanxi.customers.presenting import customer_page
from guanxi.customers.services.customers import create_customer
from guanxi.ui.lists import counts
from guanxi.ui.lists.rows import fetch_batch
from guanxi.ui.lists.state import read_state

pytestmark = pytest.mark.django_db
NAMES = ("Achat", "Beryll", "Coelestin", "Diamant", "Epidot")


@pytest.fixture(autouse=True)
def _counted_anew() -> Iterator[None]:
    """What other tests counted is not known here, nor is there what these count."""
    reading_in_reach.forget()
    yield
    reading_in_reach.forget()


def seller(name: str, scope: str, department: Department | None = None) -> User:
    """Somebody whose role sees customers so far."""
    role, _made = Role.objects.get_or_create(key=f"sees-{scope}", defaults={"name_en": scope, "name_zh": scope})
    RolePermission.objects.get_or_create(role=role, kind="customer", action="view", defaults={"scope": scope})
    return User.objects.create_user(name, "secret-enough", role=role, department=department)


def enter(owner: User | None = None, department: Department | None = None) -> None:
    """Five customers of an owner or a department."""
    for name in NAMES:
        values = {"name": f"{name} {owner or department}", "owner": owner and owner.pk}
        create_customer(actor=system_actor(), values=values | {"department": department and department.pk})


@pytest.mark.parametrize("little", [0, 1_000])
def test_a_team_that_changes_changes_the_first_page_at_once(
    client: Client, monkeypatch: pytest.MonkeyPatch, little: int
) -> None:
    """The statement of a first page is kept: not for longer than it asks for the right people's customers."""
    monkeypatch.setattr(reading_in_reach, "LITTLE", little)
    anna, ben = seller("anna", "team"), seller("ben", "team")
    enter(anna)
    enter(ben)
    team = Team.objects.create(name="Export")
    TeamMember.objects.create(team=team, user=anna)
    client.force_login(anna)
    assert "Achat ben" not in client.get("/customers/").content.decode()
    place = TeamMember.objects.create(team=team, user=ben)
    assert "Achat ben" in client.get("/customers/").content.decode()
    place.delete()
    assert "Achat ben" not in client.get("/customers/").content.decode()


@pytest.mark.parametrize("scope", ["own", "team", "department"])
def test_rows_are_the_same_however_they_are_read(scope: str, monkeypatch: pytest.MonkeyPatch) -> None:
    north = Department.objects.create(name="North")
    Department.objects.filter(pk=north.pk).update(path=f"/{north.pk}/")
    anna, ben, cara = (
        seller("anna", scope, Department.objects.get(pk=north.pk)),
        seller("ben", scope, north),
        seller("cara", scope),
    )
    team = Team.objects.create(name="Export")
    TeamMember.objects.create(team=team, user=anna)
    TeamMember.objects.create(team=team, user=cara)
    for person in (anna, ben, cara):
        enter(person)
    enter(department=north)
    enter()
    seen = {"own": {anna}, "team": {anna, cara}, "department": {anna, ben}}[scope]
    expected = {f"{name} {person}" for name in NAMES for person in seen}
    expected |= {f"{name} {north}" for name in NAMES} if scope == "department" else set()
    orders = []
    for little in (0, 1_000):
        monkeypatch.setattr(reading_in_reach, "LITTLE", little)
        reading_in_reach.forget()
        actor = actor_of(User.objects.get(pk=anna.pk))
        assert set(Customer.objects.visible_to(actor).values_list("name", flat=True)) == expected
        found = []
        for query in ("sort=name", "sort=-name", "sort=-net_revenue", "sort=-last_order", "sort=city", "status=active"):
            scene = read_state(PAGE, actor, QueryDict(query))
            first = fetch_batch(scene, limit=3)
            rest = fetch_batch(scene, first.following) if first.following else first
            found.append([row["name"] for row in (*first.rows, *rest.rows)])
            assert set(found[-1]) == expected
            assert counts.capped(scene.narrowed()) == len(expected)
        page = customer_page(actor, limit=3, sort="name")
        found.append([row["name"] for row in page["items"]])
        orders.append(found)
    assert orders[0] == orders[1]


def test_few_rows_are_sorted_and_many_are_walked_past_on_both_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    anna = seller("anna", "own")
    enter(anna)
    is_sqlite = connection.vendor == "sqlite"
    for little, has_few in ((len(NAMES), True), (len(NAMES) - 1, False)):
        reading_in_reach.forget()
        monkeypatch.setattr(reading_in_reach, "LITTLE", little)
        rows, is_sorted = reading_in_reach.for_a_page(PAGE.queryset(actor_of(anna)))
        sql = str(rows.query)
        assert is_sorted is has_few
        assert ('"id" IN (SELECT' in sql) is (is_sqlite and has_few)
        assert ('+"customers_customer"."owner_id" IN' in sql) is (is_sqlite and not has_few)
