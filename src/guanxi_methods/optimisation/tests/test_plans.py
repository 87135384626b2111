"""Plans: the best by trying all, within every limit, never over the bound; demands that cannot be had are told."""

import math

import numpy as np
import pytest

from guanxi_methods.errors import MethodError
from guanxi_methods.optimisation import ContactPlan, InfeasibleError, NextBestOffer
from guanxi_methods.optimisation.tests import plain
from guanxi_methods.tests.battery import SEED


def kept_limits(found, cost, limits, capacity, minimum, budget, allowed, groups=None):
    chosen = found.chosen_
    counts = chosen.sum(axis=0)
    assert (chosen.sum(axis=1) <= limits).all()
    assert (counts <= capacity).all()
    assert (counts >= minimum).all()
    assert (chosen * cost).sum() <= budget * (1 + 1e-9)
    assert not (chosen & ~allowed).any()
    if groups is not None:
        for group in set(groups):
            assert (chosen[:, np.array(groups) == group].sum(axis=1) <= 1).all()


def problem(rng, n, m):
    """A random problem that can be solved: no demands that are too large for all customers together."""
    return {
        "value": rng.normal(8, 6, (n, m)).round(2),
        "cost": rng.uniform(0.5, 4, (n, m)).round(2),
        "allowed": rng.random((n, m)) < 0.85,
        "limit": rng.integers(0, 3, n),
        "capacity": rng.integers(1, n + 1, m).astype(float),
        "minimum": np.zeros(m),
        "budget": round(float(rng.uniform(2, 2.5 * n)), 1),
    }


@pytest.mark.parametrize("case", range(30))
def test_the_best_of_all_choices(case):
    rng = np.random.default_rng(SEED + case)
    n, m = (4, 3) if case % 2 else (6, 2)
    given = problem(rng, n, m)
    groups = [0, 0, 1][:m] if case % 3 == 0 else list(range(m))
    if case % 5 == 0:
        given["minimum"][0] = 1.0
    highest = plain.best(
        given["value"], given["cost"], given["allowed"], given["limit"], groups, given["minimum"], given["capacity"],
        given["budget"],
    )  # fmt: skip
    made = [
        NextBestOffer(
            [str(group) for group in groups], max_offers=2, budget=given["budget"], capacity=given["capacity"],
            minimum=given["minimum"], method=method,
        )
        for method in ("exact", "prices")
    ]  # fmt: skip
    words = {"cost": given["cost"], "limits": given["limit"], "allowed": given["allowed"].astype(int)}
    if highest is None:
        with pytest.raises(InfeasibleError):
            made[0].fit(given["value"], **words)
        return
    exact = made[0].fit(given["value"], **words)
    assert exact.value_ == pytest.approx(highest, abs=1e-9)
    assert exact.is_optimal_
    limits = (given["limit"], given["capacity"], given["minimum"], given["budget"], given["allowed"], groups)
    kept_limits(exact, given["cost"], *limits)
    try:
        near = made[1].fit(given["value"], **words)
    except MethodError:
        # Only where something is demanded may prices fail to give a choice.
        if not given["minimum"].any():
            raise
        return
    kept_limits(near, given["cost"], *limits)
    assert near.value_ <= highest + 1e-9 <= near.bound_ + 2e-9


@pytest.mark.full
@pytest.mark.parametrize("case", range(4))
def test_prices_come_near_the_best_plan(case):
    rng = np.random.default_rng(SEED + case)
    n, m = 600, 4
    given = problem(rng, n, m)
    given["budget"] = 400.0
    if case % 2:
        given["minimum"] = np.minimum(given["capacity"], [20, 0, 40, 0])
    one, other = (
        ContactPlan(
            budget=given["budget"], capacity=given["capacity"], minimum=given["minimum"], max_contacts=2, method=method
        ).fit(given["value"], given["cost"], given["limit"], given["allowed"].astype(int))
        for method in ("exact", "prices")
    )
    limits = (given["limit"], given["capacity"], given["minimum"], given["budget"], given["allowed"])
    kept_limits(one, given["cost"], *limits)
    kept_limits(other, given["cost"], *limits)
    assert one.gap_ < 1e-3
    assert other.gap_ < 5e-3
    # Neither exceeds the other's bound.
    assert other.value_ <= one.bound_ + 1e-6
    assert one.value_ <= other.bound_ + 1e-6
    assert other.budget_price_ == pytest.approx(one.budget_price_, rel=0.03)


@pytest.mark.full
def test_a_hundred_thousand_customers():
    rng = np.random.default_rng(SEED)
    n = 100_000
    value = rng.gamma(1, 10, (n, 4)) * [3, 1, 0.8, 0.5]
    capacity, minimum = np.array([n // 20, n // 4, n, n // 2]), np.array([n // 40, 0, n // 10, 0])
    found = ContactPlan(budget=0.3 * n, capacity=capacity, minimum=minimum).fit(value, cost=[5, 1, 0.5, 0.1])
    assert found.gap_ < 1e-5
    kept_limits(found, np.array([5, 1, 0.5, 0.1]), np.ones(n), capacity, minimum, 0.3 * n, np.ones((n, 4), bool))


@pytest.mark.full
def test_many_equal_customers_are_no_trouble():
    # Values of a few levels leave whole crowds undecided at the best prices.
    rng = np.random.default_rng(SEED)
    value = rng.integers(1, 4, (30_000, 3)).astype(float)
    found = ContactPlan(budget=20_000, capacity=[5_000, 9_000, None]).fit(value, cost=[2, 1, 1])
    assert found.gap_ < 1e-3


def test_what_one_more_brings():
    # Ten customers worth 10, 9, ... 1 and a budget for four: the fifth would bring 6 for its cost of 1.
    found = ContactPlan(budget=4.5).fit(np.arange(10.0, 0, -1)[:, None], cost=[1])
    assert found.value_ == 34
    assert found.budget_price_ == pytest.approx(6)
    found = ContactPlan(capacity={"mail": 4}).fit({"mail": np.arange(10.0, 0, -1)})
    assert 6 <= found.prices_["mail"] <= 7
    assert found.counts_.tolist() == [4]


def test_nobody_is_contacted_for_nothing():
    found = ContactPlan().fit([[-1.0, -2.0], [0.0, -1.0]])
    assert (found.value_, found.bound_, found.gap_, found.chosen_.any()) == (0.0, 0.0, 0.0, np.False_)
    # Unless it is demanded.
    found = ContactPlan(minimum=[1, 0]).fit([[-1.0, -2.0], [-3.0, -1.0]])
    assert found.chosen_.tolist() == [[True, False], [False, False]]
    assert found.value_ == -1


@pytest.mark.parametrize(
    ("words", "fit", "said"),
    [
        ({"minimum": {"call": 3}, "capacity": {"call": 2}}, {}, "'call' must have at least 3 but its capacity is 2"),
        ({"minimum": {"call": 5}}, {}, "'call' must have at least 5 but only 4 customers may get it"),
        ({"minimum": {"call": 3}}, {"allowed": [[1, 1], [1, 1], [0, 1], [0, 1]]}, "only 2 customers may get it"),
        ({"minimum": {"call": 3, "mail": 2}}, {}, "5 are demanded in all, but the limits of the customers leave room for 4"),
        ({"minimum": {"call": 2, "mail": 1}, "budget": 10}, {}, "costs at least 11.00, more than the budget of 10.00"),
        ({"minimum": {"call": 2}, "budget": 9}, {"cost": [[5, 1], [5, 1], [9, 1], [2, 1]], "limits": [1, 1, 1, 0]},
         "costs at least 10.00"),
    ],
)  # fmt: skip
def test_demands_that_cannot_be_had_name_the_limit(words, fit, said):
    value = {"call": [30.0, 28, 9, 4], "mail": [12.0, 15, 8, 1]}
    for method in ("exact", "prices"):
        with pytest.raises(MethodError, match=said):
            ContactPlan(method=method, **words).fit(value, **{"cost": [5, 1], **fit})


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda v: ContactPlan(budget=-1).fit(v), "budget must be at least 0"),
        (lambda v: ContactPlan(max_contacts=0).fit(v), "the most for one customer must be a whole number"),
        (lambda v: ContactPlan(capacity={"phone": 1}).fit(v), "there is no column 'phone'"),
        (lambda v: ContactPlan(capacity=[1]).fit(v), "capacity names 1 limits for 2 columns"),
        (lambda v: ContactPlan(minimum=[1.5, 0]).fit(v), "minimum of 'call' must be a whole number"),
        (lambda v: ContactPlan(method="luck").fit(v), "method must be"),
        (lambda v: ContactPlan(time_limit=0).fit(v), "time_limit must be over 0"),
        (lambda v: ContactPlan().fit(v, cost=[1, -1]), "cost must not be negative"),
        (lambda v: ContactPlan().fit(v, cost=[1]), "cost holds 1 values where 2 are needed"),
        (lambda v: ContactPlan().fit(v, limits=[1, 0.5]), "limits must hold whole numbers, but row 2"),
        (lambda v: ContactPlan().fit(v, allowed=[[1, 2], [0, 1]]), "allowed must hold 0 and 1 alone"),
        (lambda v: ContactPlan().fit({"call": [1.0, math.nan]}), "call holds a missing value, first in row 2"),
        (lambda v: NextBestOffer({"loan": "x"}).fit(v), "there is no column 'loan'"),
        (lambda v: NextBestOffer(["x"]).fit(v), "groups names 1 for 2 offers"),
        (lambda v: NextBestOffer().fit({"a": [0.1], "b": [0.2]}, margin=[1]), "margin holds 1 values"),
    ],
)
def test_what_cannot_be_used_is_told(make, said):
    with pytest.raises(MethodError, match=said):
        make({"call": [3.0, 1.0], "mail": [2.0, 1.0]})


def test_a_plan_that_may_be_better_says_by_how_much():
    rng = np.random.default_rng(SEED)
    found = ContactPlan(budget=7, method="prices").fit(rng.uniform(1, 9, (12, 1)), cost=rng.uniform(1, 4, (12, 1)))
    if found.gap_ > 1e-9:
        assert str(found.notes_[-1]).startswith("the best choice may bring up to")
    assert found.is_optimal_ == (found.gap_ <= 1e-9)


@pytest.mark.full
def test_the_solver_writes_nothing_to_standard_output(capfd):
    # This problem made HiGHS write lines of its own.
    rng = np.random.default_rng(SEED + 1)
    given = problem(rng, 600, 4)
    minimum = np.minimum(given["capacity"], [20, 0, 40, 0])
    ContactPlan(budget=400, capacity=given["capacity"], minimum=minimum, max_contacts=2, method="exact").fit(
        given["value"], given["cost"], given["limit"], given["allowed"].astype(int)
    )
    print("still there")
    assert capfd.readouterr().out == "still there\n"
