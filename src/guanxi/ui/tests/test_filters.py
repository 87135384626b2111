"""Filters: what an address may say, what it means, and how a chip puts it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation

from guanxi.core.actor import console_actor
from guanxi.core.models import CustomField, User
from guanxi.ui import filters
from guanxi.ui.filters.ranges import relative_days

ACTOR = console_actor()
COLOURS = filters.Choice("colour", "Colour", "theme", choices=(("red", "Red"), ("green", "Green"), ("blue", "Blue")))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (["red,blue"], "red,blue"),
        (["blue", "red"], "red,blue"),
        (["purple"], ""),
        (["-", "red", "red"], "red,-"),
        ([], ""),
    ],
)
def test_choices_come_in_their_own_order_and_unknown_ones_fall_away(raw: list[str], clean: str) -> None:
    assert COLOURS.clean(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean", "words"),
    [
        (["10..20"], "10..20", "10 – 20"),
        (["10", ""], "10..", "≥ 10"),
        (["", "1,200.50"], "..1200.5", "≤ 1,200.5"),
        (["7"], "7..7", "7"),
        (["x..y"], "", None),
        (["1e40"], "", None),
        (["NaN"], "", None),
    ],
)
def test_ranges_of_numbers(raw: list[str], clean: str, words: str | None) -> None:
    orders = filters.Number("orders", "Orders", "id")
    assert orders.clean(raw) == clean
    if words is not None:
        assert orders.describe(clean, ACTOR) == words


def test_money_is_written_in_whole_units_and_compared_in_minor_ones() -> None:
    revenue = filters.Money("revenue", "Revenue", "net_minor", currency="JPY")
    assert revenue.condition(revenue.clean(["1000..2000"])).children == [
        ("net_minor__gte", 1000),
        ("net_minor__lte", 2000),
    ]
    pounds = filters.Money("revenue", "Revenue", "net_minor", currency=lambda: "GBP")
    assert pounds.condition("12.5..").children == [("net_minor__gte", 1250)]
    assert pounds.describe("12.5..", ACTOR) == "≥ £12.50"


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("last7d", date(2026, 2, 26), date(2026, 3, 4)),
        ("this_month", date(2026, 3, 1), date(2026, 3, 31)),
        ("last_month", date(2026, 2, 1), date(2026, 2, 28)),
        ("this_quarter", date(2026, 1, 1), date(2026, 3, 31)),
        ("last_year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_periods_named_relative_to_today(name: str, first: date, last: date) -> None:
    assert relative_days(name, date(2026, 3, 4)) == (first, last)
    assert filters.Date("seen", "Seen", "last_login").clean([name]) == name


def test_last_month_in_january_is_december() -> None:
    assert relative_days("last_month", date(2026, 1, 15)) == (date(2025, 12, 1), date(2025, 12, 31))


def test_days_in_both_languages() -> None:
    seen = filters.Date("seen", "Seen", "last_login")
    text = seen.clean(["2011-12-01..2011-12-09"])
    assert seen.describe(text, ACTOR) == "1 Dec 2011 – 9 Dec 2011"
    with translation.override("zh-hans"):
        assert seen.describe(text, ACTOR) == "2011年12月1日 – 2011年12月9日"
        assert seen.describe("last7d", ACTOR) == "最近 7 天"
    assert seen.clean(["2011-13-01..nonsense"]) == ""


@pytest.mark.django_db
def test_days_of_moments_count_in_the_readers_zone(make_rows: Any) -> None:
    """23:30 UTC on the 8th is already the 9th in Shanghai."""
    make_rows([{"name": "late", "last_login": datetime(2011, 12, 8, 23, 30, tzinfo=UTC)}])
    seen = filters.Date("seen", "Seen", "last_login", is_moment=True)
    rows = User.objects.filter(username__startswith="row-")
    assert seen.narrow(rows, "2011-12-09..2011-12-09").count() == 1
    assert seen.narrow(rows, "2011-12-08..2011-12-08").count() == 0


@pytest.mark.django_db
def test_a_filter_on_several_custom_choices_finds_chinese_text() -> None:
    """The list lies in JSON, which the two databases write down differently."""
    field = CustomField(
        kind="operation", key="tags", label_en="Tags", label_zh="标签", type="multi_choice", choices=["华为", "Haier"]
    )
    field.is_filterable = True
    (item,) = filters.custom_filters([field])
    # Any model with a JSON column called `custom` would do; the journal's `after` stands in for one.
    from django.db.models import F, JSONField
    from django.db.models.functions import Cast

    from guanxi.core.models import Change, Operation

    operation = Operation.objects.create(name="t", actor_name="t", means="cli", at=datetime(2026, 1, 1, tzinfo=UTC))
    for tags in (["华为"], ["Haier"], ["华为", "Haier"], []):
        Change.objects.create(operation=operation, kind="x", record_id=1, act="update", field="x", after={"tags": tags})
    rows = Change.objects.annotate(custom=Cast(F("after"), JSONField()))
    assert item.narrow(rows, item.clean(["华为"])).count() == 2
    assert item.narrow(rows, item.clean(["华为,Haier"])).count() == 3


def test_what_a_reader_types_is_escaped_in_the_inputs() -> None:
    text = filters.Text("name", "<b>Name</b>", "name")
    drawn = text.inputs('"><script>', ACTOR)
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn
