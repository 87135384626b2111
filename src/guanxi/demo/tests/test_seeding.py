"""A seeded base: as large as asked for, the same each time, true to what the archive itself would make."""

import pytest
from django.db import transaction
from django.db.models import Count, Sum

from guanxi.commerce.models import Order, OrderLine
from guanxi.core.actor import console_actor, system_actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Change
from guanxi.customers import names
from guanxi.customers.models import ContactPoint, Customer, ExternalId, Standing
from guanxi.demo.seeding.services import seed_base
from guanxi.search.models import SearchEntry
from guanxi.search.public import rebuild, search

pytestmark = pytest.mark.django_db(transaction=True)


def test_everything_asked_for_is_there_and_consistent() -> None:
    """Counts, sums, standings, readings, numbers, the journal, and search as if the archive had made it."""
    made = seed_base(actor=console_actor(), customers=400, orders_per_customer=3)
    assert (made.customers, Customer.objects.count(), Standing.objects.count()) == (400, 400, 400)
    assert (made.orders, Order.objects.count()) == (1200, 1200)
    assert OrderLine.objects.count() == made.lines == Order.objects.aggregate(n=Sum("line_count"))["n"]
    sums = OrderLine.objects.values_list("order").annotate(Sum("amount_minor"), Count("pk"))
    stated = {
        pk: (amount, lines) for pk, amount, lines in Order.objects.values_list("pk", "amount_minor", "line_count")
    }
    assert {pk: (amount, lines) for pk, amount, lines in sums} == stated
    assert Order.objects.filter(kind="return").exists()
    assert not Order.objects.filter(kind="return", amount_minor__gte=0).exists()
    assert Standing.objects.filter(tier="vip").count() == 4
    for customer in Customer.objects.all():
        assert customer.sort_key == names.sort_key(customer.name, customer.kind)
        assert customer.initials == names.initials(customer.name, customer.kind)
        assert customer.stroke_key == names.stroke_key(customer.name)
        assert customer.custom == {}
    assert ContactPoint.objects.filter(kind="phone").values("normalised").distinct().count() > 300
    assert Change.objects.filter(operation=made.operation_id, kind="seed").count() == 1
    assert SearchEntry.objects.filter(kind="customer").count() == 400
    assert rebuild("customer") == 0


@pytest.mark.full
def test_the_same_number_makes_the_same_customers_and_a_second_seed_adds() -> None:
    """Names follow from the seed alone; sources stay apart."""
    for _again in range(2):
        seed_base(actor=console_actor(), customers=50, orders_per_customer=1, seed=7)
    ordered = list(Customer.objects.order_by("pk").values_list("name", flat=True))
    assert ordered[:50] == ordered[50:]
    assert ExternalId.objects.values("source").distinct().count() == 2
    assert Order.objects.count() == 100


def test_customers_without_orders() -> None:
    """They have an empty standing and are found."""
    seed_base(actor=console_actor(), customers=20, orders_per_customer=0)
    assert Standing.objects.filter(order_count=0, tier="").count() == 20
    name = Customer.objects.values_list("name", flat=True).first()
    assert search(actor=system_actor(), text=name or "")[0].title == name


def test_a_seed_in_a_transaction_comes_to_nothing_with_it() -> None:
    """Customers and the entries that they are found by alike."""
    with transaction.atomic():
        seed_base(actor=console_actor(), customers=20, orders_per_customer=0)
        assert SearchEntry.objects.filter(kind="customer").count() == 20
        assert rebuild("customer") == 0
        transaction.set_rollback(True)
    assert not Customer.objects.exists()
    assert not SearchEntry.objects.filter(kind="customer").exists()


@pytest.mark.parametrize(("customers", "each"), [(0, 1), (-5, 1), (1, -1), (1, 10_000)])
def test_senseless_sizes_are_refused(customers: int, each: int) -> None:
    """With a sentence, and nothing written."""
    with pytest.raises(InvalidInput):
        seed_base(actor=console_actor(), customers=customers, orders_per_customer=each)
    assert not Customer.objects.exists()
