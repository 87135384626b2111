"""Transactions summed up to customers: against a plain second way, exact, whatever the ids are."""

from collections import defaultdict

import numpy as np
import pytest

from guanxi_methods.errors import MethodError
from guanxi_methods.value import summarise_purchases, total_by_customer


def plain_summary(customers, days, amounts, transactions):
    """Customer -> last day, purchases, money: with dictionaries, one row after the other."""
    money, bought = defaultdict(int), defaultdict(lambda: [0, None])
    for customer, day, amount, transaction in zip(customers, days, amounts, transactions, strict=True):
        money[customer] += amount
        entry = bought[customer, transaction]
        entry[0] += amount
        entry[1] = day if entry[1] is None else max(entry[1], day)
    found = {}
    for customer in sorted(money):
        own = [entry for (who, _), entry in bought.items() if who == customer]
        kept = [day for total, day in own if total >= 0]
        found[customer] = (max(kept or [day for _, day in own]), len(kept), money[customer])
    return found


IDS = {
    "dense": lambda rng, n: rng.integers(5, 60, n),
    "far apart": lambda rng, n: rng.integers(5, 60, n) * 10**12,
    "texts": lambda rng, n: np.array([f"客户{i}" for i in rng.integers(5, 60, n)], dtype=object),
}


@pytest.mark.parametrize("ids", IDS)
@pytest.mark.parametrize("is_grouped", [False, True])
def test_the_summary_is_that_of_a_plain_count(ids, is_grouped):
    rng = np.random.default_rng(3)
    customers = IDS[ids](rng, 500)
    days, amounts = rng.integers(100, 200, 500), rng.integers(-3000, 9000, 500)
    transactions = rng.integers(0, 40, 500) if is_grouped else np.arange(500)
    found = summarise_purchases(customers, days, amounts, transactions=transactions if is_grouped else None)
    plain = plain_summary(customers.tolist(), days.tolist(), amounts.tolist(), transactions.tolist())
    assert found.customers.tolist() == list(plain)
    assert list(zip(found.last.tolist(), found.frequency.tolist(), found.monetary.tolist(), strict=True)) == list(
        plain.values()
    )
    who, totals = total_by_customer(customers, amounts)
    assert who.tolist() == list(plain)
    assert totals.tolist() == [entry[2] for entry in plain.values()]


def test_sums_beyond_what_floats_hold_are_exact():
    _, totals = total_by_customer([1, 1, 2], [2**60, 1, 2**53 + 1])
    assert totals.tolist() == [2**60 + 1, 2**53 + 1]


def test_who_only_returned_counts_by_the_last_return_with_no_purchase():
    found = summarise_purchases([1, 1, 2], [10, 12, 11], [-5, -7, 0])
    assert found.last.tolist() == [12, 11]
    assert found.frequency.tolist() == [0, 1]
    assert found.monetary.tolist() == [-12, 0]


@pytest.mark.parametrize(
    ("customers", "words"),
    [
        ([], "empty"),
        ([1.0, float("nan")], "row 2"),
        (np.array(["a", None], dtype=object), "row 2"),
        ([1, 2, 3], "for 3"),
    ],
)
def test_what_cannot_be_summed_is_refused_in_words(customers, words):
    with pytest.raises(MethodError, match=words):
        total_by_customer(customers, [1, 2])
