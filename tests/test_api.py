"""The API as programs meet it: shapes as promised, rights kept, errors told; its description is a snapshot."""

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from ninja import Schema

from guanxi.core.actor import console_actor
from guanxi.core.models import Role, RolePermission, User
from guanxi.customers.api.schemas import CustomerDetails, CustomerPage
from guanxi.customers.models import Customer
from guanxi.demo.seeding.services import seed_base
from guanxi.integration.public import create_token

SNAPSHOT = Path(__file__).parent / "openapi.json"
Call = Callable[..., Any]


def caller(user: User, scope: str) -> Call:
    """A function that calls the API with a fresh token of a user."""
    _token, key = create_token(actor=console_actor(), user=user, scope=scope)

    def call(method: str, path: str, data: Any = None, *, expect: int = 200) -> Any:
        body = None if data is None else json.dumps(data)
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        response = getattr(Client(), method)(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"}, **given)
        assert response.status_code == expect, (response.status_code, response.content[:500])
        assert not response.cookies
        expected = "application/json" if expect < 400 else "application/problem+json"
        assert response["Content-Type"].split(";")[0] == expected
        return response.json()

    return call


@pytest.fixture
def manager(db: None) -> User:
    """Somebody who sees everything."""
    return User.objects.create(username="manager", role=Role.objects.get(key="manager"))


@pytest.fixture
def call(manager: User) -> Call:
    """Calls with a token that may write."""
    return caller(manager, "write")


def test_the_description_is_as_agreed(db: None) -> None:
    """A change of the API shows as a change of tests/openapi.json; write it anew on purpose with what this prints."""
    described = Client().get("/api/v1/openapi.json").json()
    described["info"]["version"] = "0"
    text = json.dumps(described, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if not SNAPSHOT.exists() or SNAPSHOT.read_text(encoding="utf-8") != text:
        fresh = SNAPSHOT.with_suffix(".new.json")
        fresh.write_text(text, encoding="utf-8")
        pytest.fail(
            f"The API differs from {SNAPSHOT.name}. If that is meant: mv tests/{fresh.name} tests/{SNAPSHOT.name}"
        )


def test_no_two_shapes_of_answers_and_requests_share_a_name() -> None:
    """Of two with one name the description tells only one, and the client promises the wrong fields."""
    told = json.loads(SNAPSHOT.read_text(encoding="utf-8"))["components"]["schemas"].keys()
    waiting, found = [Schema], defaultdict(set)
    while waiting:
        for shape in waiting.pop().__subclasses__():
            waiting.append(shape)
            if shape.__name__ in told and shape.__module__.startswith("guanxi."):
                found[shape.__name__].add(shape.__module__)
    assert found
    assert not {name: modules for name, modules in found.items() if len(modules) > 1}


def test_a_customer_is_entered_read_changed_and_found(call: Call) -> None:
    """From creation to look-up and search, in Chinese."""
    made = call(
        "post",
        "customers",
        {
            "name": "王小明",
            "kind": "person",
            "city": "上海",
            "tags": ["老客户"],
            "contact_points": [{"kind": "phone", "value": "138 1234 5678"}],
            "external_ids": [{"source": "shop", "value": "4.0128e+10"}],
        },
        expect=201,
    )
    assert made.pop("possible_duplicates") == []
    CustomerDetails.model_validate(made)
    assert (made["name"], made["tags"], made["net_revenue"]) == ("王小明", ["老客户"], "0.00")
    assert call("get", f"customers/{made['id']}") == made
    assert call("get", "customers/4.0128e+10") == made
    changed = call("patch", f"customers/{made['id']}", {"city": "北京"})
    assert (changed["city"], changed["name"]) == ("北京", "王小明")
    for value in ("13812345678", "+86 138-1234-5678"):
        found = call("get", f"customers/lookup?kind=phone&value={value.replace('+', '%2B')}")
        assert [item["id"] for item in found["items"]] == [made["id"]]
    assert [hit["id"] for hit in call("get", "search?q=王")["items"]] == [made["id"]]


def test_what_cannot_be_used_is_told_with_its_place(call: Call) -> None:
    """422 names the field; nothing is written."""
    for data, field in (
        ({"name": "x", "nmae": "y"}, "nmae"),
        ({"city": "x"}, "name"),
        ({"name": "x", "kind": "planet"}, "kind"),
    ):
        assert call("post", "customers", data, expect=422)["errors"][0]["field"] == field
    refused = call("post", "customers", {"name": "x", "tax_id": "123"}, expect=422)
    assert (refused["status"], bool(refused["detail"])) == (422, True)
    bad_phone = {"name": "x", "contact_points": [{"kind": "phone", "value": "not a number"}]}
    call("post", "customers", bad_phone, expect=422)
    assert not Customer.objects.exists()
    call("get", "customers?limit=100000", expect=422)
    refused = call("get", "customers?limt=5&limit=2", expect=422)
    assert [(error["in"], error["field"]) for error in refused["errors"]] == [("query", "limt")]
    for path in ("orders", "imports", "search", "customers/lookup", "customers/cus_nonsense"):
        address = {"search": "search?q=x&", "customers/lookup": "customers/lookup?kind=phone&value=1&"}.get(
            path, f"{path}?"
        )
        assert call("get", f"{address}colour=red", expect=422)["errors"][0]["field"] == "colour"
    assert call("post", "customers?dry_run=1", {"name": "x"}, expect=422)["errors"][0]["field"] == "dry_run"
    call("get", "customers?after=cus_nonsense", expect=422)
    call("get", "customers/cus_nonsense", expect=404)
    call("get", "imports/imp_nonsense", expect=404)
    call("get", "orders/ord_nonsense", expect=404)


@pytest.mark.django_db(transaction=True)
def test_lists_go_through_everything_once(call: Call) -> None:
    """Pages follow one another by key, whatever their size, and add up to all."""
    seed_base(actor=console_actor(), customers=60, orders_per_customer=3)
    for path, size, total in (("customers", 7, 60), ("orders", 50, 180)):
        seen: list[str] = []
        after = ""
        while after is not None:
            page = call("get", f"{path}?limit={size}&after={after}")
            seen += [item["id"] for item in page["items"]]
            after = page["next"]
        assert (len(seen), len(set(seen))) == (total, total)
    first = call("get", "customers?limit=5")
    CustomerPage.model_validate(first)
    amounts = [float(item["net_revenue"]) for item in first["items"]]
    assert amounts == sorted(amounts, reverse=True)
    best = first["items"][0]
    orders = call("get", f"orders?customer={best['id']}&limit=200")["items"]
    assert len(orders) == best["orders"]
    assert f"{sum(round(float(o['amount']) * 100) for o in orders) / 100:.2f}" == best["net_revenue"]
    lines = call("get", f"orders/{orders[0]['id']}")["order_lines"]
    assert len(lines) == orders[0]["lines"]
    assert call("get", "imports")["items"] == []


def test_rights_are_those_of_the_user(manager: User, call: Call) -> None:
    """A token sees and does no more than its user; missing and forbidden look the same."""
    role = Role.objects.create(key="own", name_en="Own", name_zh="自己")
    for action in ("view", "create", "change"):
        RolePermission.objects.create(role=role, kind="customer", action=action, scope="own")
    clerk = User.objects.create(username="clerk", role=role)
    reading, writing = caller(clerk, "read"), caller(clerk, "write")
    foreign = call("post", "customers", {"name": "王外"}, expect=201)["id"]
    mine = writing("post", "customers", {"name": "王内"}, expect=201)["id"]
    reading("post", "customers", {"name": "王三"}, expect=403)
    reading("patch", f"customers/{mine}", {"name": "王三"}, expect=403)
    writing("patch", f"customers/{foreign}", {"name": "王三"}, expect=404)
    reading("get", f"customers/{foreign}", expect=404)
    assert [item["id"] for item in reading("get", "customers")["items"]] == [mine]
    assert [item["id"] for item in reading("get", "search?q=王")["items"]] == [mine]
    assert reading("get", "orders")["items"] == []
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["王内", "王外"]
