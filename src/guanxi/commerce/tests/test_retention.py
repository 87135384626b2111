"""Retention of orders: they stay as figures and name nobody; they show that a customer deals with us."""

from datetime import timedelta

import pytest

from guanxi.commerce.models import Order
from guanxi.core import clock
from guanxi.core.actor import system_actor
from guanxi.customers.models import Customer
from guanxi.customers.privacy.retention import previewing, requesting, rules, running
from guanxi.customers.services.customers import create_customer

pytestmark = pytest.mark.django_db
BOSS = system_actor()


def customer(name: str) -> Customer:
    """A customer entered fifty years ago."""
    made = create_customer(actor=BOSS, values={"name": name, "kind": "person"})
    Customer.everything.filter(pk=made.pk).update(created_at=clock.now() - timedelta(days=18_000))
    return made


def order(number: str, days: int, buyer: Customer | None = None, ref: str = "") -> Order:
    """An order of some days ago."""
    at = clock.now() - timedelta(days=days)
    return Order.objects.create(
        source="shop", number=number, customer=buyer, customer_ref=ref, ordered_at=at, ordered_on=at.date(), currency="CNY"
    )  # fmt: skip


def ended(key: str, days: int) -> int:
    """Set the period, preview, end; how many went."""
    rules.set_rule(actor=BOSS, key=key, days=days, is_automatic=False)
    run = previewing.count(previewing.order(actor=BOSS, key=key))
    if run.expected_count:
        requesting.confirm(actor=BOSS, run_id=run.pk, typed=str(run.expected_count))
        while running.go_on(run.pk):
            pass
    run.refresh_from_db()
    assert run.error == ""
    return run.count


def test_old_orders_name_nobody_and_stay() -> None:
    """Equal numbers of two buyers stay two orders; an order of the thirty-first year stays as it is."""
    made = customer("甲")
    order("7", 12_500, made, "A-1")
    order("7", 12_500, None, "B-2")
    order("8", 12_500)
    young = order("9", 11_000, made, "A-1")
    assert ended("orders", rules.years_as_days(31)) == 2
    assert Order.objects.count() == 4
    refs = sorted(Order.objects.filter(number="7").values_list("customer_ref", "customer"))
    assert [ref.startswith("ended-") for ref, _customer in refs] == [True, True]
    assert {buyer for _ref, buyer in refs} == {None}
    young.refresh_from_db()
    assert (young.customer_id, young.customer_ref) == (made.pk, "A-1")
    assert ended("orders", rules.years_as_days(31)) == 0


def test_whoever_ordered_of_late_is_active() -> None:
    """An order keeps its customer; one without a buyer keeps nobody."""
    busy, idle = customer("甲"), customer("乙")
    order("1", 30, busy)
    order("2", 3_000, idle)
    order("3", 5)
    assert ended("inactive_people", rules.years_as_days(5)) == 1
    idle.refresh_from_db()
    busy.refresh_from_db()
    assert idle.erased_at is not None
    assert busy.erased_at is None
    assert Order.objects.count() == 3
