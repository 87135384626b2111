"""Lists of the API: narrowed, sorted, by places that lead nowhere but in their own list, as the caller may see them."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guanxi.core import clock
from guanxi.core.actor import console_actor
from guanxi.core.models import CustomField, Department, Role, RoleField, RolePermission, User
from guanxi.customers.models import Customer, Standing
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.integration.public import create_token

pytestmark = pytest.mark.django_db
Get = Callable[..., Any]


def getting(user: User) -> Get:
    """A function that reads with a fresh token of a user."""
    _token, key = create_token(actor=console_actor(), user=user, scope="read")

    def get(path: str, expect: int = 200, **query: Any) -> Any:
        answer = Client().get(f"/api/v1/{path}", query, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == expect, (answer.status_code, answer.content[:400])
        return answer.json()

    return get


@pytest.fixture
def boss() -> User:
    """Somebody who sees everything."""
    return User.objects.create(username="boss", role=Role.objects.get(key="manager"))


@pytest.fixture
def people(boss: User) -> list[Customer]:
    """Twelve customers: some organisations, some with a tier, each with another value."""
    made = []
    for number in range(12):
        values = {
            "name": f"王{'甲乙丙丁戊己庚辛壬癸子丑'[number]}",
            "kind": "organisation" if number % 3 == 0 else "person",
        }
        values |= {"city": "上海" if number % 2 else "北京", "owner": boss.pk if number < 5 else None}
        made.append(create_customer(actor=console_actor(), values=values))
        tier = "vip" if number < 4 else ""
        Standing.objects.filter(pk=made[-1].pk).update(
            net_revenue_minor=1000 * (number // 2), currency="CNY", tier=tier
        )
    return made


def through(get: Get, limit: int, **query: Any) -> list[str]:
    """The ids of every page of a list."""
    found: list[str] = []
    after = ""
    while after is not None:
        page = get("customers", limit=limit, after=after, **query)
        found += [item["id"] for item in page["items"]]
        after = page["next"]
    return found


@pytest.mark.parametrize("sort", ["name", "-name", "city", "-city", "net_revenue", "-net_revenue", "orders", "created_at",
                                  "-updated_at", "last_order_on", "-last_order_on"])  # fmt: skip
def test_every_order_goes_through_everything_once(people: list[Customer], boss: User, sort: str) -> None:
    """Equal values among them; five a page or all at once give the same order."""
    Standing.objects.filter(pk__in=[c.pk for c in people[:7]]).update(last_on="2026-05-01")
    get = getting(boss)
    paged = through(get, 5, sort=sort)
    assert sorted(paged) == sorted(c.public_id for c in people)
    assert paged == through(get, 200, sort=sort)


def test_filters_narrow(people: list[Customer], boss: User) -> None:
    """Each alone and together; a search; who owns."""
    get = getting(boss)
    assert set(through(get, 3, kind="organisation")) == {c.public_id for c in people[::3]}
    assert set(through(get, 3, tier="vip", kind="person")) == {people[1].public_id, people[2].public_id}
    for owner in ("me", "boss"):
        assert set(through(get, 2, owner=owner)) == {c.public_id for c in people[:5]}
    assert len(through(get, 50, owner="none")) == 7
    assert through(get, 50, owner="nobody-of-this-name") == []
    assert through(get, 50, q="王丙") == [people[2].public_id]
    assert through(get, 50, status="archived") == []
    since = (clock.now() + timedelta(hours=1)).isoformat()
    assert through(get, 50, updated_since=since) == []
    Customer.objects.filter(pk=people[3].pk).update(updated_at=clock.now() + timedelta(hours=2))
    assert through(get, 50, updated_since=since) == [people[3].public_id]
    for wrong in ({"kind": "planet"}, {"sort": "colour"}, {"updated_since": "yesterday"}, {"updated_since": "2026-01-01T00:00:00"}, {"limit": 0}, {"limit": 201}):  # fmt: skip
        get("customers", expect=422, **wrong)


def test_own_fields_filter(people: list[Customer], boss: User) -> None:
    """Those that are filterable, by value or by a span; others are told."""
    for key, kind in (("colour", "text"), ("visits", "number"), ("since", "date"), ("budget", "money")):
        CustomField.objects.create(kind="customer", key=key, label_en=key, label_zh=key, type=kind, is_filterable=True)
    CustomField.objects.create(kind="customer", key="secret", label_en="s", label_zh="s", type="text")
    given = {"custom_colour": "red", "custom_visits": "12", "custom_since": "2026-05-05", "custom_budget": "CNY 10.50"}
    update_customer(actor=console_actor(), customer_id=people[0].pk, values=given)
    update_customer(
        actor=console_actor(), customer_id=people[1].pk, values={"custom_colour": "red", "custom_visits": "3"}
    )
    get = getting(boss)
    first, second = people[0].public_id, people[1].public_id
    for query, found in (
        ({"custom[colour]": "red"}, {first, second}),
        ({"custom[colour]": "red", "custom[visits]": "5.."}, {first}),
        ({"custom[visits]": "..5"}, {second}),
        ({"custom[visits]": "3"}, {second}),
        ({"custom[since]": "2026-05-01..2026-05-31"}, {first}),
        ({"custom[budget]": "10.50"}, {first}),
        ({"custom[colour]": "blue"}, set()),
    ):
        assert set(through(get, 1, **query)) == found, query
    for wrong in ({"custom[secret]": "x"}, {"custom[nothing]": "x"}, {"custom[visits]": "many"}, {"custom[visits]": ""}, {"custom[colour": "x"}):  # fmt: skip
        get("customers", expect=422, **wrong)


def test_a_place_leads_nowhere_but_in_its_own_list(people: list[Customer], boss: User) -> None:
    """Another order, other filters, another kind of record, one letter changed, made up: 422 each."""
    get = getting(boss)
    place = get("customers", limit=3)["next"]
    assert get("customers", limit=3, after=place)["items"]
    assert get("customers", limit=2, after=place)["items"]
    made_up = base64.urlsafe_b64encode(b"x" * 12 + b"[0,1]").decode().rstrip("=")
    changed = ("A" if place[5] != "A" else "B").join((place[:5], place[6:]))
    for query in ({"after": place, "sort": "name"}, {"after": place, "tier": "vip"}, {"after": place, "q": "王"},
                  {"after": changed}, {"after": place[:-4]}, {"after": made_up}, {"after": "令"}, {"after": "x"}):  # fmt: skip
        assert get("customers", expect=422, **query)["type"] == "urn:guanxi:problem:cursor-invalid"


def test_each_sees_their_own(people: list[Customer], boss: User) -> None:
    """A narrow scope lists, reads and finds only its rows, however the statements are kept."""
    sales = Department.objects.create(name="Sales")
    Department.objects.filter(pk=sales.pk).update(path=f"/{sales.pk}/")
    role = Role.objects.create(key="narrow", name_en="N", name_zh="窄")
    RolePermission.objects.create(role=role, kind="customer", action="view", scope="department")
    clerks = [
        User.objects.create(username=f"clerk{n}", role=role, department_id=sales.pk if n else None) for n in (0, 1)
    ]
    Customer.objects.filter(pk=people[5].pk).update(department=sales)
    Customer.objects.filter(pk=people[6].pk).update(owner=clerks[0])
    alone, of_sales = (getting(clerk) for clerk in clerks)
    for _time in (1, 2):
        assert through(alone, 1) == [people[6].public_id]
        assert through(of_sales, 1) == [people[5].public_id]
        of_sales(f"customers/{people[6].public_id}", expect=404)
        assert alone(f"customers/{people[6].public_id}")["name"] == people[6].name
        assert len(through(getting(boss), 50)) == 12
    User.objects.filter(pk=clerks[0].pk).update(department=sales)
    assert set(through(alone, 1)) == {people[5].public_id, people[6].public_id}
    RolePermission.objects.all().filter(role=role).delete()
    assert through(alone, 1) == []


def test_who_is_reached(boss: User) -> None:
    """By phone as people write it, by mail; kind and value as before; nothing to find for whom sees no contact points."""
    points = [{"kind": "phone", "value": "138 1234 5678"}, {"kind": "email", "value": "Wang@example.cn"}]
    made = create_customer(actor=console_actor(), values={"name": "王小明"}, contact_points=points)
    get = getting(boss)
    for query in ({"phone": "+8613812345678"}, {"phone": "138-1234-5678"}, {"email": "wang@example.cn"}, {"kind": "phone", "value": "13812345678"}):  # fmt: skip
        assert [item["id"] for item in get("customers/lookup", **query)["items"]] == [made.public_id], query
    assert get("customers/lookup", phone="13912345678")["items"] == []
    for wrong in ({}, {"phone": "1", "email": "x@y.cn"}, {"phone": "not a number"}, {"kind": "phone"}):
        get("customers/lookup", expect=422, **wrong)
    seen = get(f"customers/{made.public_id}")["contact_points"][0]["value"]
    assert seen == "138 1234 5678"
    RoleField.objects.create(role=boss.role, kind="contactpoint", field="value", visibility="masked")
    point = get(f"customers/{made.public_id}")["contact_points"][0]
    assert (point["value"], point["normalised"]) == ("138****5678", "138****5678")
    assert get("customers/lookup", phone="13812345678")["items"] == []
    RoleField.objects.update(visibility="hidden")
    assert "value" not in get(f"customers/{made.public_id}")["contact_points"][0]
