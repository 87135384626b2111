"""Standings follow the orders in force."""

from datetime import date

import pytest
from django.test import RequestFactory

from guanxi.catalog.models import Product
from guanxi.commerce.models import Order, OrderLine
from guanxi.core import events, jobs, parameters
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.models import Change
from guanxi.customers.models import Customer, Standing, StandingChange
from guanxi.importing.choices import ImportState
from guanxi.importing.events import ImportCommitted
from guanxi.importing.models import Import
from guanxi.insight.commands import tiers
from guanxi.insight.models import PastTier, StandingRun
from guanxi.insight.panels import standing_panel
from guanxi.insight.value import services
from guanxi.insight.value.past import quarter_ends
from guanxi.insight.value.queries import latest_run

pytestmark = pytest.mark.django_db


def measure() -> StandingRun:
    """Measure, and expect figures."""
    run = services.bring_standings_up_to_date(reason="test")
    assert run is not None
    return run


def test_every_customer_gets_a_standing(company):
    run = measure()
    assert (run.period_from, run.period_to, run.as_of) == (date(2023, 11, 1), date(2024, 1, 20), date(2024, 1, 21))
    assert (run.customer_count, run.order_count, run.net_revenue_minor) == (20, 22, 21_110_00)
    best = Standing.objects.get(pk=company["c1"])
    assert (best.tier, best.abc, best.level, best.rank) == ("vip", "A", "platinum", 1)
    assert (best.net_revenue_minor, best.currency, best.order_count) == (2000_00, "CNY", 1)
    assert (best.recency_days, best.frequency, best.monetary_minor) == (20, 1, 2000_00)
    assert (best.first_on, best.last_on, best.as_of, best.run) == (date(2024, 1, 1),) * 2 + (date(2024, 1, 21), run.pk)
    tiers = [Standing.objects.get(pk=company[f"c{place}"]).tier for place in range(1, 21)]
    assert tiers == ["vip"] + ["ordinary"] * 3 + ["small"] * 16
    assert [entry["customers"] for entry in run.figures["pyramid"]] == [1, 0, 3, 16]


def test_returns_are_taken_off_and_are_no_purchases(company, sell):
    sell("c1", "2024-01-20", -2000, kind="return")
    sell("gone", "2024-01-02", 9000)
    sell("gone", "2024-01-02", -9000, kind="return")
    measure()
    for name, orders in (("c1", 2), ("gone", 2)):
        standing = Standing.objects.get(customer__external_ids__value=name)
        assert (standing.net_revenue_minor, standing.tier, standing.abc, standing.level) == (0, "small", "C", "lead")
        assert (standing.order_count, standing.frequency) == (orders, 1)
    assert Standing.objects.get(pk=company["c1"]).last_on == date(2024, 1, 1)
    assert Standing.objects.get(pk=company["c2"]).tier == "vip"


def test_what_an_import_holds_back_does_not_count(company, sell):
    held = Import.objects.create(
        target="orders", source="shop", state=ImportState.WRITING, file_name="x.csv", created_at="2024-01-01T00:00Z"
    )
    sell("late", "2024-02-01", 90_000)
    Order.everything.filter(customer_ref="late").update(import_run=held)
    assert measure().period_to == date(2024, 1, 20)
    assert Standing.objects.get(customer__external_ids__value="late").tier == ""
    Import.objects.filter(pk=held.pk).update(state=ImportState.IN_FORCE)
    assert measure().period_to == date(2024, 2, 1)
    assert Standing.objects.get(customer__external_ids__value="late").rank == 1


def test_nothing_is_written_when_nothing_changed(company, sell):
    first = measure()
    assert measure().pk == first.pk
    sell("c20", "2024-01-20", 5000)
    second = measure()
    assert second.pk != first.pk
    assert second.movement_count > 0
    change = StandingChange.objects.get(customer=company["c20"], run=second.pk)
    assert (change.from_tier, change.to_tier) == ("small", "vip")


def test_when_all_orders_go_standings_are_blank_again(company):
    measure()
    Order.everything.all().delete()
    run = services.bring_standings_up_to_date(reason="test")
    assert run is not None
    assert run.customer_count == 0
    assert set(Standing.objects.values_list("tier", "net_revenue_minor")) == {("", 0)}
    assert not StandingRun.objects.filter(kind=StandingRun.Kind.PAST).exists()
    assert services.bring_standings_up_to_date(reason="test").pk == run.pk


def test_without_orders_there_is_nothing_to_measure(db):
    assert services.bring_standings_up_to_date(reason="test") is None
    assert latest_run() is None


def test_orders_in_another_currency_are_left_out_and_counted(company, sell, boss):
    sell("c1", "2024-03-01", 70_000, currency="USD")
    sell("tourist", "2024-03-02", 10, currency="USD")
    run = measure()
    assert run.left_out == [{"currency": "USD", "orders": 2, "customers": 2}]
    assert tiers(run)["left_out"] == run.left_out
    assert run.period_to == date(2024, 1, 20)
    assert Standing.objects.get(pk=company["c1"]).net_revenue_minor == 2000_00
    tourist = Standing.objects.get(customer__external_ids__value="tourist")
    assert tourist.tier == ""
    request = RequestFactory().get("/")
    request.actor = actor_of(boss, means="web")
    card = standing_panel(request, tourist.pk)
    assert "1 order (US$10.00) counts in no figure" in card
    assert "No orders yet" not in card


def test_the_reporting_currency_is_that_of_the_first_orders(db, sell):
    sell("a", "2024-01-01", 5, currency="EUR")
    sell("a", "2024-01-02", 7, currency="USD")
    assert measure().currency == "EUR"
    assert parameters.get("reporting_currency") == "EUR"
    Order.everything.filter(currency="EUR").delete()
    assert measure().currency == "USD"
    told = Change.objects.filter(kind="parameter", field="reporting_currency").order_by("pk")
    assert [(row.before, row.after) for row in told] == [(None, "EUR"), ("EUR", "USD")]
    parameters.change(actor=system_actor(), key="reporting_currency", value="GBP")
    sell("a", "2024-01-02", 3, currency="GBP")
    assert measure().currency == "GBP"


def test_unidentified_buyers_count_apart(company, sell):
    sell(None, "2024-02-28", 321)
    run = measure()
    assert (run.unidentified_count, run.unidentified_minor) == (1, 321_00)
    assert run.period_to == date(2024, 2, 28)
    assert run.customer_count == 20


def test_levels_follow_the_margin_once_all_costs_are_known(company):
    tea = Product.everything.create(source="shop", code="T", name="Tea", unit_cost_minor=1000_00, currency="CNY")
    salt = Product.everything.create(source="shop", code="S", name="Salt", currency="CNY")
    for order in Order.everything.all():
        OrderLine.everything.create(
            order=order,
            product=tea if order.customer_id == company["c1"] else salt,
            quantity=2,
            amount_minor=order.amount_minor,
            line_key=1,
        )
    assert measure().level_basis == "net_revenue"
    assert Standing.objects.get(pk=company["c1"]).margin_minor is None
    Product.everything.filter(pk=salt.pk).update(unit_cost_minor=10_00)
    run = measure()
    assert run.level_basis == "margin"
    first, second = (Standing.objects.get(pk=company[name]) for name in ("c1", "c2"))
    assert (first.margin_minor, first.level, first.tier) == (0, "lead", "vip")
    assert (second.margin_minor, second.level) == (1880_00, "platinum")


def test_a_committed_import_is_measured_by_a_job(company, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        events.publish(ImportCommitted(import_id=7, target="orders"))
        events.publish(ImportCommitted(import_id=8, target="orders"))
    jobs.run_pending()
    run = latest_run()
    assert run is not None
    assert run.reason == "import 7"
    assert StandingRun.objects.filter(kind=StandingRun.Kind.CURRENT).count() == 1


def test_quarter_ends_lie_within_the_record():
    ends = quarter_ends(date(2023, 11, 1), date(2024, 1, 20))
    assert ends == [date(2023, 12, 31)]
    assert quarter_ends(date(2010, 12, 1), date(2011, 12, 9))[0] == date(2010, 12, 31)
    assert quarter_ends(date(2011, 1, 1), date(2011, 3, 31)) == []
    assert len(quarter_ends(date(1999, 1, 1), date(2011, 3, 31))) == 4


def test_earlier_dates_are_kept_and_renewed(company, sell):
    measure()
    past = StandingRun.objects.get(kind=StandingRun.Kind.PAST)
    assert (past.period_to, past.customer_count) == (date(2023, 12, 31), 2)
    assert list(PastTier.objects.values_list("customer_id", "tier")) == [(company["c20"], "vip")]
    services.add_earlier_date(day=date(2024, 1, 5))
    sell("early", "2023-12-24", 500)
    measure()
    assert {str(run.period_to): run.customer_count for run in StandingRun.objects.filter(kind="past")} == {
        "2023-12-31": 3,
        "2024-01-05": 8,
    }
    vip = PastTier.objects.get(run__period_to="2023-12-31", tier="vip")
    assert Customer.objects.get(pk=vip.customer_id).name == "early"
