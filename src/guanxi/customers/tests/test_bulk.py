"""Customers and standings by the thousand."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.core import clock
from guanxi.customers.models import Customer, ExternalId, Standing, StandingChange
from guanxi.customers.presenting import customer_page, details
from guanxi.customers.public import StandingRow, ensure_customers, record_standings
from guanxi.importing.choices import ImportState
from guanxi.importing.models import Import

MEASURE = {"currency": "GBP", "as_of": date(2011, 12, 9), "period_from": date(2010, 12, 1), "method": "net revenue"}


def run_of(state: str = ImportState.WRITING) -> Import:
    """An import on its way."""
    return Import.objects.create(target="orders", source="shop", state=state, file_name="f", created_at=clock.now())


@pytest.mark.django_db
def test_customers_are_made_once_and_seen_when_their_import_is_in_force():
    run = run_of()
    values = [str(n) for n in range(5_000)] + ["0", "4.0128e+10"]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        first = ensure_customers(source="shop", values=values, import_run=run)
    assert len(first) == 5_001
    assert len(queries) < 30
    assert ensure_customers(source="shop", values=values, import_run=run) == first
    assert Customer.everything.count() == 5_001
    assert Customer.objects.count() == 0
    run.state = ImportState.IN_FORCE
    run.save()
    assert Customer.objects.count() == 5_001
    assert Standing.objects.count() == 5_001
    assert ExternalId.objects.get(value="4.0128e+10").customer_id == first["4.0128e+10"]
    assert ensure_customers(source="erp", values=["0"], import_run=None)["0"] != first["0"]


@pytest.mark.django_db
def test_a_customer_that_a_dead_import_holds_back_is_taken_over():
    dead, run = run_of(), run_of()
    first = ensure_customers(source="shop", values=["1", "2"], import_run=dead)
    ensure_customers(source="shop", values=["1"], import_run=run)
    Import.objects.filter(pk=run.pk).update(state=ImportState.IN_FORCE)
    assert list(Customer.objects.values_list("pk", flat=True)) == [first["1"]]


def rows_of(ids, amounts, tiers):
    """Standings for customers."""
    return [
        StandingRow(
            number, amount, 1, date(2011, 1, 1), date(2011, 2, 2), tier, "A", "gold", place, 5, 4, 3, 10, 1, amount
        )
        for place, (number, amount, tier) in enumerate(zip(ids, amounts, tiers, strict=True), 1)
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_transaction", [False, True])
def test_standings_are_written_and_movements_kept(in_transaction):
    from django.db import transaction

    ids = list(ensure_customers(source="shop", values=["1", "2", "3"], import_run=None).values())

    def record(rows, run):
        if in_transaction:
            with transaction.atomic():
                return record_standings(rows, period_to=date(2011, 12, 9), run=run, **MEASURE)
        return record_standings(iter(rows), period_to=date(2011, 12, 9), run=run, **MEASURE)

    assert record(rows_of(ids[:2], [500, 300], ["vip", "small"]), 1) == 1
    assert record(rows_of(ids[:2], [500, 300], ["vip", "small"]), 2) == 0
    assert record(rows_of(ids[1:], [900, 10], ["vip", "small"]), 3) == 2
    first, second, third = (Standing.objects.get(pk=number) for number in ids)
    assert (first.tier, first.net_revenue_minor, first.last_on, first.currency) == ("", 0, None, "GBP")
    assert (second.tier, second.net_revenue_minor, second.r, second.period_from) == ("vip", 900, 5, date(2010, 12, 1))
    assert third.tier == "small"
    moves = StandingChange.objects.filter(run=3).order_by("customer").values_list("customer", "from_tier", "to_tier")
    assert list(moves) == [(ids[0], "vip", ""), (ids[1], "small", "vip")]
    change = StandingChange.objects.get(run=3, customer=ids[1])
    assert (change.from_net_minor, change.to_net_minor, change.as_of) == (300, 900, date(2011, 12, 9))
    assert (clock.now() - change.at).total_seconds() < 60


@pytest.mark.django_db
def test_pages_for_programs_go_on_by_key_and_lose_nobody(owner):
    ids = list(ensure_customers(source="shop", values=[str(n) for n in range(25)], import_run=None).values())
    amounts = [n // 3 * 100 for n in range(25)]
    record_standings(rows_of(ids, amounts, ["small"] * 25), period_to=None, run=1, **MEASURE)
    seen, after = [], ""
    while True:
        page = customer_page(owner, limit=7, after=after)
        seen += page["items"]
        if not page["next"]:
            break
        after = page["next"]
    assert [item["net_revenue"] for item in seen] == sorted((i["net_revenue"] for i in seen), key=float, reverse=True)
    assert len({item["id"] for item in seen}) == 25
    shown = details(Customer.objects.get(pk=ids[24]))
    assert shown["net_revenue"] == "8.00"
    assert shown["rfm"] == {"r": 5, "f": 4, "m": 3, "recency_days": 10, "frequency": 1, "monetary": "8.00"}
    assert shown["external_ids"] == [{"source": "shop", "value": "24"}]
