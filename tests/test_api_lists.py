"""Lists of the API by one rule: signed places, no row twice, every order and `updated_since` by an index."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, get_args

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from guanxi.commerce.models import Order
from guanxi.core.actor import actor_of, console_actor, system_actor
from guanxi.core.models import Role, User
from guanxi.customers.api.listing import Sort
from guanxi.customers.models import Customer, DuplicatePair
from guanxi.customers.services.customers import create_customer
from guanxi.importing.services import uploads
from guanxi.integration.public import create_token
from guanxi.integration.webhooks.models import WebhookMessage
from guanxi.integration.webhooks.services import create_endpoint
from guanxi.tasks.models import Notification
from guanxi.tasks.services.tasks import create_task

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]


@pytest.fixture
def boss() -> User:
    """Somebody who may do everything."""
    return User.objects.create(username="boss", role=Role.objects.get(key="owner"))


@pytest.fixture
def ask(boss: User) -> Ask:
    """A function that reads from the API."""
    _token, key = create_token(actor=console_actor(), user=boss, scope="write")

    def asked(path: str, expect: int = 200) -> Any:
        answer = Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == expect, (path, answer.content[:300])
        return answer.json()

    return asked


def _fill(boss: User) -> dict[str, str]:
    """Seven rows of every list; the address of each list."""
    system, actor, now = system_actor(), actor_of(boss), timezone.now()
    people = [create_customer(actor=system, values={"name": f"王{n}", "city": "上海"}) for n in range(7)]
    for number, customer in enumerate(people):
        at = datetime(2024, 5, 1 + number // 2, 10, tzinfo=UTC)  # two at the same moment
        Order.objects.create(
            source="shop", number=f"N{number}", customer=people[0], customer_ref="1", ordered_at=at, ordered_on=at.date(),
            currency="CNY", amount_minor=1000, kind="return" if number == 3 else "sale",
        )  # fmt: skip
        create_task(actor=actor, values={"title": f"t{number}", "assignee": boss})
        Notification.objects.create(user=boss, sort="task.assigned", at=now - timedelta(minutes=number // 2))
        if number:
            DuplicatePair.objects.create(
                first=people[0], second=customer, score=0.9, bits=float(number // 2), found_at=now, findings=[]
            )
        file = BytesIO(f"name\nx{number}\n".encode())
        uploads.receive_upload(actor=actor, target_key="customers", file=file, file_name=f"{number}.csv")
    hook, _secret = create_endpoint(actor=actor, label="h", url="https://hook.invalid/x")
    for number in range(7):
        WebhookMessage.objects.create(
            endpoint=hook, message_id=f"msg_{number}", type="guanxi.test", happened_at=now, data={}, due_at=now
        )
    return {
        "customers": "customers?", "orders": "orders?", "tasks": "tasks?", "notifications": "tasks/notifications?",
        "duplicates": "customers/duplicates?min_score=0.1&", "imports": "imports?", "history": "history?",
        "messages": f"webhooks/{hook.public_id}/messages?", "oldest orders": "orders?sort=ordered_at&",
    }  # fmt: skip


def test_pages_add_up_and_places_are_of_one_list_alone(boss: User, ask: Ask) -> None:
    """Two by two gives what one page gives, in its order; a place of any other list, or a forged one, is refused."""
    lists, places = _fill(boss), dict[str, str]()
    for name, path in lists.items():
        whole = ask(f"{path}limit=200")
        seen: list[Any] = []
        after = ""
        while after is not None:
            page = ask(f"{path}limit=2&after={after}")
            seen += page["items"]
            after = page["next"]
            places.setdefault(name, after)
        assert len(whole["items"]) >= 6, name
        assert seen == whole["items"], name
        assert whole["next"] is None
    for name, path in lists.items():
        for other, place in places.items():
            if other != name:
                assert ask(f"{path}after={place}", 422)["type"] == "urn:guanxi:problem:cursor-invalid", (name, other)
        for forged in (
            "x",
            "王",
            places[name][:-2] + ("BB" if places[name].endswith("AA") else "AA"),
            places[name].swapcase(),
        ):
            ask(f"{path}after={forged}", 422)
    ask(f"orders?kind=sale&after={places['orders']}", 422)


def test_orders_are_narrowed(boss: User, ask: Ask) -> None:
    """By customer, number, kind and days; what cannot be one is refused."""
    _fill(boss)
    numbers = lambda query: [one["number"] for one in ask(f"orders?{query}")["items"]]  # noqa: E731
    assert numbers("kind=return") == numbers("number=N3") == ["N3"]
    assert numbers("since=2024-05-02&until=2024-05-02&sort=ordered_at") == ["N2", "N3"]
    assert numbers("customer=" + Customer.objects.get(name="王0").public_id)[:2] == ["N6", "N5"]
    assert numbers("customer=" + Customer.objects.get(name="王1").public_id) == []
    ask("orders?customer=cus_zzzzz", 404)
    for wrong in ("since=1", "kind=gift", "sort=amount", "limit=0"):
        ask(f"orders?{wrong}", 422)


def _plan_of(ask: Ask, path: str, table: str) -> str:
    """How the database gets the rows of a list, when it may not read the whole table or sort it."""
    made: list[tuple[str, Any]] = []

    def record(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        made.append((str(sql), params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        ask(path)
    sql, params = next(one for one in made if "ORDER BY" in one[0] and f'FROM "{table}"' in one[0])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
            cursor.execute(f"EXPLAIN {sql}", params)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
        if connection.vendor == "postgresql":
            for way in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = on")
    return plan


@pytest.mark.parametrize("sort", get_args(Sort))
def test_every_order_of_customers_walks_an_index(boss: User, ask: Ask, sort: str) -> None:
    """No sorting of a million rows for one page, with or without a place."""
    _fill(boss)
    for query in (
        f"sort={sort}&limit=2",
        f"sort={sort}&limit=2&after=" + ask(f"customers?sort={sort}&limit=2")["next"],
    ):
        plan = _plan_of(ask, f"customers?{query}", "customers_customer")
        assert "TEMP B-TREE FOR ORDER BY" not in plan, plan
        assert "Sort" not in plan, plan


def test_what_changed_since_is_an_index_read(boss: User, ask: Ask) -> None:
    """`updated_since` begins in the index of changes, on both databases."""
    _fill(boss)
    since = (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    plan = _plan_of(ask, f"customers?updated_since={since}", "customers_customer")
    assert "customer_updated" in plan, plan
    assert "Sort" not in plan, plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan, plan
    assert ask(f"customers?updated_since={since}")["items"][0]["name"] == "王0"
    later = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ask(f"customers?updated_since={later}")["items"] == []
    for wrong in ("yesterday", "0", "2026-05-01", "2026-05-01T10:00:00"):
        ask(f"customers?updated_since={wrong}", 422)


@pytest.mark.parametrize("asked", ["customers?updated_since=", "tasks?due_before="])
def test_a_moment_at_the_edge_of_time_is_no_fault(ask: Ask, asked: str) -> None:
    """An offset that PostgreSQL refuses, and moments that are out of the calendar in UTC."""
    ask(asked + "0201-03-28T16:52:37.20765%2B16:12")
    ask(asked + "2026-01-01T00:00:00-23:59")
    for outside in ("0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59"):
        ask(asked + outside, 422)


@pytest.mark.parametrize("query", ["", "sort=ordered_at", "customer={customer}", "number=N1"])
def test_orders_walk_an_index(boss: User, ask: Ask, query: str) -> None:
    """By moment, by customer, by number."""
    _fill(boss)
    number = Customer.objects.get(name="王0").public_id
    plan = _plan_of(ask, f"orders?limit=2&{query.format(customer=number)}", "commerce_order")
    assert ("order_ordered" in plan) or ("order_customer" in plan) or ("order_number" in plan), plan
    if not query.startswith("number"):
        assert "TEMP B-TREE FOR ORDER BY" not in plan, plan
        assert "Sort" not in plan, plan


def test_who_may_be_the_same_is_told_when_entering(boss: User) -> None:
    """The customer is entered all the same; the version told is that of the record."""
    _token, key = create_token(actor=console_actor(), user=boss, scope="write")
    headers = {"Authorization": f"Bearer {key}"}
    body = {"name": "王小明", "contact_points": [{"kind": "phone", "value": "13812345678"}]}
    enter = lambda: Client().post("/api/v1/customers", body, content_type="application/json", headers=headers)  # noqa: E731
    first, second = enter(), enter()
    assert first.json()["possible_duplicates"] == []
    (alike,) = second.json()["possible_duplicates"]
    assert (alike["id"], alike["name"]) == (first.json()["id"], "王小明")
    assert alike["score"] > 0.5
    assert alike["reasons"]
    read = Client().get(second["Location"], headers=headers)
    assert read["ETag"] == second["ETag"]
    assert "possible_duplicates" not in read.json()
