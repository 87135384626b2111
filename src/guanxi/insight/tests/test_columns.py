"""Query results arrive as the numbers that the database holds."""

from datetime import date

import numpy as np
import pytest

from guanxi.commerce import facts
from guanxi.commerce.models import Order
from guanxi.insight.value.columns import DAY, INT, read_columns

pytestmark = pytest.mark.django_db


def test_columns_hold_numbers_and_days(company):
    found = read_columns(
        Order.objects.order_by("pk").values_list("amount_minor", "ordered_on"), {"amount": INT, "day": DAY}
    )
    assert found["amount"].tolist()[:3] == [6000, 5000, 200000]
    assert found["day"].astype("datetime64[D]").tolist()[:3] == [date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1)]
    assert found["day"].dtype == np.int64


def test_nothing_found_gives_empty_columns(db):
    found = read_columns(facts.customer_totals("CNY"), dict.fromkeys("abcd", INT) | {"e": DAY, "f": DAY})
    assert all(column.size == 0 and column.dtype == np.int64 for column in found.values())


def test_days_before_the_epoch_and_far_amounts(company):
    order = Order.objects.order_by("pk").first()
    Order.objects.filter(pk=order.pk).update(ordered_on=date(1899, 12, 31), amount_minor=-(2**61))
    found = read_columns(
        Order.objects.filter(pk=order.pk).values_list("amount_minor", "ordered_on"), {"amount": INT, "day": DAY}
    )
    assert found["amount"].tolist() == [-(2**61)]
    assert found["day"].astype("datetime64[D]").tolist() == [date(1899, 12, 31)]
