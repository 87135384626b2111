"""The second implementation, the corners, and input that cannot be valued."""

import numpy as np
import pytest

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.tests.battery import SEED
from guanxi_methods.value.clv import (
    EventForecast,
    MigrationModel,
    RetentionModel,
    event_hazard,
    hazard_value,
    margin_multiple,
    markov_value,
    migration_buyers,
    migration_profit,
    migration_value,
    perpetual_value,
    profit_curve,
    retention_value,
    value_of_margins,
    value_of_profit_curve,
)
from guanxi_methods.value.clv.tests import plain

RNG = np.random.default_rng(20261130)


@pytest.mark.parametrize("_", range(20))
def test_values_equal_those_of_walking_through_the_periods(_):
    probabilities = RNG.random(RNG.integers(1, 7)) * 0.95
    figures = {"margin": RNG.random() * 100, "cost": RNG.random() * 5, "rate": RNG.random() * 0.5}
    periods = int(RNG.integers(0, 12))
    worth = migration_value(probabilities, periods=periods, **figures)
    assert worth.finite == pytest.approx(plain.value_by_walking(probabilities.tolist(), periods=periods, **figures))
    assert worth.infinite == pytest.approx(plain.value_by_walking(probabilities.tolist(), periods=4000, **figures))
    bought = migration_buyers(probabilities, buyers=500, periods=periods)
    assert bought == pytest.approx(plain.buyers_by_last_purchase(probabilities.tolist(), 500, periods))


def test_retention_equals_walking_through_the_years():
    for _ in range(20):
        gc, m, r, d = RNG.random(4) * (300, 60, 1, 0.4)
        n = int(RNG.integers(0, 15))
        assert retention_value(gc=gc, m=m, n=n, r=r, d=d) == pytest.approx(plain.retention(gc, m, n, r, d))


def test_with_one_state_migration_is_retention():
    worth = migration_value([0.75], margin=100, cost=0, rate=0.2, periods=10)
    assert worth.finite[0] == pytest.approx(retention_value(gc=100, m=0, n=10, r=0.75, d=0.2))
    assert worth.infinite[0] == pytest.approx(perpetual_value(margin=100, r=0.75, d=0.2, first_margin="at_once"))
    assert migration_profit([0.75], gc=260, m=50, d=0.2, n=10) == pytest.approx(
        retention_value(gc=260, m=50, n=10, r=0.75, d=0.2)
    )


def test_margins_that_change_and_the_curve_of_profit():
    assert value_of_margins([100] * 11, r=0.75, d=0.2) == pytest.approx(
        retention_value(gc=100, m=0, n=10, r=0.75, d=0.2)
    )
    curve = {"h": 4.0, "v": 20.0, "g": 2.5, "ceiling": 30.0}
    steps = np.linspace(0, 8, 200_001)
    trapezoid = np.trapezoid(profit_curve(steps, **curve) * (0.9 / 1.2) ** steps, steps)
    assert value_of_profit_curve(**curve, r=0.9, d=0.2, n=8, is_continuous=True) == pytest.approx(trapezoid, rel=1e-8)
    assert value_of_profit_curve(**curve, r=0.9, d=0.2, n=8) == pytest.approx(
        value_of_margins(profit_curve(np.arange(9), **curve), r=0.9, d=0.2)
    )
    assert np.diff(profit_curve([2.5 - 1e-9, 2.5 + 1e-9], **curve))[0] < 1e-6


def test_a_growing_multiple_equals_its_sum():
    assert margin_multiple(r=0.9, i=0.12, g=0.08) == pytest.approx(margin_multiple(r=0.9, i=0.12, g=0.08, n=900))
    assert margin_multiple(r=0.9, i=0.12, n=0) == 0


def test_without_discounting_a_chain_that_empties_has_a_value_and_one_that_does_not_has_none():
    assert migration_value([0.5], margin=10, cost=0, rate=0, periods=2).infinite == pytest.approx([20, 0])
    assert markov_value([[1.0]], [0], rate=0, periods=3).infinite.tolist() == [0]
    with pytest.raises(MethodError, match="does not end"):
        migration_value([1.0], margin=10, cost=0, rate=0, periods=2)


def log_of(rng, customers=300, heterogeneous=False, probabilities=(0.4, 0.25, 0.1), periods=14, length=30):
    """Customers who buy by the model, on some day of a period, their first purchase in period 0, 1 or 2."""
    rows = []
    for customer in range(customers):
        scale = rng.uniform(0.4, 1.6) if heterogeneous else 1.0
        start = int(rng.integers(0, 3))
        away = 0
        for period in range(start, periods):
            buys = period == start or (away <= len(probabilities) and rng.random() < probabilities[away - 1] * scale)
            if buys:
                rows.append((customer, period * length + int(rng.integers(0, length))))
                away = 1
            else:
                away += 1
    return rows, periods * length - 1


def test_counts_equal_those_of_going_through_the_log_period_by_period():
    rng = np.random.default_rng(3)
    rows = [(int(c), int(d)) for c, d in zip(rng.integers(0, 80, 700), rng.integers(0, 400, 700), strict=True)]
    customer, date = (np.array(column) for column in zip(*rows, strict=True))
    model = MigrationModel(n_states=3, period_days=17, margin=40, cost=4).fit(customer, date, end=380)
    trials, bought, by_customer = plain.counts(rows, 380, 17, 3)
    assert model.trials_.tolist() == trials
    assert model.purchases_.tolist() == bought
    assert model.states_.tolist() == [by_customer[c][2] for c in model.customers_.tolist()]
    pulls = np.array(
        [[(k - p * n) / t for k, n, p, t in zip(mine[1], mine[0], model.probabilities_, trials, strict=True)]
         for mine in by_customer.values()]
    )  # fmt: skip
    assert model.standard_errors_ == pytest.approx(np.sqrt((pulls**2).sum(axis=0)))


def test_standard_errors_of_value_follow_the_derivatives():
    rows, end = log_of(np.random.default_rng(5))
    customer, date = (np.array(column) for column in zip(*rows, strict=True))
    amount = 20 + np.random.default_rng(6).random(len(rows)) * 60
    model = MigrationModel(n_states=3, cost=2, rate=0.02, periods=6).fit(customer, date, amount, end=end)
    figures = np.append(model.probabilities_, model.margin_)

    def worth(x):
        return migration_value(x[:-1], margin=x[-1], cost=2, rate=0.02, periods=6)

    for name in ("finite", "infinite"):
        slopes = np.array(
            [
                (getattr(worth(figures + step), name) - getattr(worth(figures - step), name)) / 2e-5
                for step in np.eye(figures.size) * 1e-5
            ]
        ).T
        expected = np.sqrt(np.diag(slopes @ model._covariance @ slopes.T))
        assert getattr(model, f"{name}_standard_errors_") == pytest.approx(expected, rel=1e-5, abs=1e-9)


def test_expected_buyers_are_those_who_come():
    rng = np.random.default_rng(8)
    rows, end = log_of(rng, customers=20_000, periods=9)
    customer, date = (np.array(column) for column in zip(*rows, strict=True))
    cut = end - 2 * 30
    model = MigrationModel(n_states=3, margin=1).fit(customer, date, end=cut)
    came = [np.unique(customer[(date > cut + 30 * t) & (date <= cut + 30 * (t + 1))]).size for t in range(2)]
    expected = model.expected_buyers(2)
    assert abs(expected - came).max() < 3.3 * np.sqrt(expected.max())


@pytest.mark.full
def test_on_cdnow_a_model_of_recency_alone_expects_too_few(public_data):
    """Customers of CDNOW differ: to the end of September 1997, then nine times thirty days ahead."""
    lines = [line.split() for line in public_data("cdnow/CDNOW_sample.txt", whole=True).path.read_text().splitlines()]
    customer = np.array([int(line[0]) for line in lines])
    days = np.array([f"{day[:4]}-{day[4:6]}-{day[6:]}" for _, _, day, *_ in lines], dtype="datetime64[D]")
    amount = np.array([float(line[4]) for line in lines])
    end = np.datetime64("1997-09-30")
    model = MigrationModel(n_states=8).fit(customer, days, amount, end=end)
    after = (days > end) & (amount > 0) & np.isin(customer, model.customers_)
    months = (days - end).astype(int)[after] - 1
    kept = months < 270
    came = np.unique(customer[after][kept] * 9 + months[kept] // 30).size
    assert came == 1476
    assert round(model.expected_buyers(9).sum()) == 391


@pytest.mark.full
@pytest.mark.parametrize("heterogeneous", [False, True])
def test_intervals_hold_the_truth_as_often_as_they_say(heterogeneous):
    rng, runs = np.random.default_rng(SEED), 250
    truth = np.array((0.4, 0.25, 0.1))
    if heterogeneous:  # what a very large base of the same kind of customers shows
        rows, end = log_of(rng, customers=50_000, heterogeneous=True)
        customer, date = (np.array(column) for column in zip(*rows, strict=True))
        truth = MigrationModel(n_states=3, margin=40).fit(customer, date, end=end).probabilities_
    value = migration_value(truth, margin=40, cost=2, rate=0.02, periods=6).finite[0]
    inside = np.zeros(4)
    for _ in range(runs):
        rows, end = log_of(rng, customers=250, heterogeneous=heterogeneous)
        customer, date = (np.array(column) for column in zip(*rows, strict=True))
        model = MigrationModel(n_states=3, margin=40, cost=2, rate=0.02, periods=6).fit(customer, date, end=end)
        inside[:3] += (model.intervals_[:, 0] <= truth) & (truth <= model.intervals_[:, 1])
        low, high = model.finite_intervals_[0]
        inside[3] += low <= value <= high
    # 95% of 250, give or take 3.3 standard deviations of such a count
    assert (inside / runs > 0.95 - 3.3 * np.sqrt(0.95 * 0.05 / runs)).all(), inside / runs


def test_the_interval_of_retention_holds_the_truth_as_often_as_it_says():
    rng, truth = np.random.default_rng(17), retention_value(gc=260, m=50, n=10, r=0.75, d=0.2)
    inside = 0
    for _ in range(300):
        low, high = RetentionModel(gc=260, m=50, n=10, d=0.2).fit(rng.random(300) < 0.75).clv_interval_
        inside += low <= truth <= high
    assert abs(inside / 300 - 0.95) < 3.3 * np.sqrt(0.95 * 0.05 / 300)


def test_the_spread_of_events_is_that_of_what_happens():
    rng = np.random.default_rng(19)
    chance, revenue, time = rng.random(12), rng.random(12) * 400, rng.random(12) * 4
    forecast = EventForecast(rate=0.1).fit(chance, revenue, np.full(12, 30.0), time)
    happened = rng.random((40_000, 12)) < chance
    drawn = (happened * (revenue - 30) / 1.1**time).sum(axis=1)
    assert forecast.value_ == pytest.approx(drawn.mean(), abs=4 * forecast.spread_ / 200)
    assert forecast.spread_ == pytest.approx(drawn.std(), rel=0.03)


def test_a_hazard_is_the_limit_of_many_small_chances():
    steps = np.arange(0, 3, 1e-4) + 5e-5
    again = (80 * 0.5 * 1e-4 / 1.1**steps).sum()
    once = (80 * 0.5 * np.exp(-0.5 * steps) * 1e-4 / 1.1**steps).sum()
    figures = {"revenue": 100, "cost": 20, "rate": 0.1, "horizon": 3}
    assert hazard_value(0.5, **figures) == pytest.approx(again, rel=1e-6)
    assert hazard_value(0.5, **figures, is_once=True) == pytest.approx(once, rel=1e-6)
    assert hazard_value(0.5, revenue=100, cost=20, rate=0, horizon=3) == pytest.approx(120)
    assert hazard_value(0.5, revenue=100, cost=20, rate=0, horizon=np.inf, is_once=True) == pytest.approx(80)


def test_the_interval_of_a_hazard_is_garwoods():
    # F. Garwood 1936: of 10 events 4.795 to 18.39, of none 0 to 3.689
    assert [round(bound, 2) for bound in event_hazard(10, 1).interval] == [4.80, 18.39]
    assert [round(bound, 3) for bound in event_hazard(0, 1).interval] == [0, 3.689]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: retention_value(gc=260, m=50, n=10, r=75, d=0.2), "r must lie between 0 and 1"),
        (lambda: retention_value(gc=260, m=-50, n=10, r=0.75, d=0.2), "m must be at least 0"),
        (lambda: retention_value(gc=260, m=50, n=2.5, r=0.75, d=0.2), "n must be a whole number"),
        (lambda: retention_value(gc=float("nan"), m=50, n=2, r=0.75, d=0.2), "gc must be a finite"),
        (lambda: retention_value(gc=1, m=0, n=10, r=0.75, d=0.2, years_per_cycle=3), "multiple of years_per_cycle"),
        (
            lambda: retention_value(gc=1, m=0, n=9, r=0.75, d=0.2, years_per_cycle=3, cycles_per_year=2),
            "not both",
        ),
        (lambda: perpetual_value(margin=1, r=0.8, d=0.1, first_margin="soon"), "first_margin must be one of at_once"),
        (lambda: perpetual_value(margin=1, r=1, d=0, first_margin="at_once"), "does not end"),
        (lambda: margin_multiple(r=1, i=0.05, g=0.06), "does not end"),
        (lambda: migration_value([0.3, 1.2], margin=1, cost=0, rate=0.1, periods=2), "between 0 and 1"),
        (lambda: migration_value([], margin=1, cost=0, rate=0.1, periods=2), "probabilities is empty"),
        (lambda: migration_value([0.3], margin=1, cost=0, rate=0.1, periods=-1), "periods must be a whole"),
        (lambda: markov_value([[0.5, 0.4], [0, 1]], [1, 0], rate=0.1, periods=1), "row 1 of transitions"),
        (lambda: markov_value([[1.0]], [1, 0], rate=0.1, periods=1), "for each of the 2 rewards"),
        (lambda: value_of_margins([1, 2], r=[0.5, 0.5], d=0.1), "one share for each of the 1 years"),
        (lambda: RetentionModel(1, 0, 3, 0.1).fit([1, 0]), "at least 30"),
        (lambda: RetentionModel(1, 0, 3, 0.1).fit([2] * 40), "1 .stayed. or 0"),
        (lambda: EventForecast(0.1).fit([1.5], [1], [1], [1]), "probability must lie between 0 and 1, but row 1"),
        (lambda: EventForecast(0.1).fit([0.5], [1], [1], [-1]), "time must not be under 0"),
        (lambda: EventForecast(0.1).fit([0.5], [1], [1], [1], customer=["a", "b"]), "customer holds 2"),
        (lambda: EventForecast(0.1, level=95).fit([0.5], [1], [1], [1]), "such as .95, not 95"),
        (lambda: hazard_value(0.5, revenue=1, cost=0, rate=0, horizon=np.inf), "finite horizon"),
        (lambda: event_hazard(3, 0), "nobody was watched"),
        (lambda: MigrationModel().fit([1, 2], [1, 2]), "the amounts of the purchases or the margin"),
        (lambda: MigrationModel(margin=1).fit([1, 2], ["soon", "later"]), "must hold dates"),
        (lambda: MigrationModel(margin=1).fit([1, 2], [1, 2]), "take fewer states"),
        (lambda: MigrationModel().fit([1, 2], [1, 2], [-1, 0]), "no purchase of a known customer"),
        (lambda: MigrationModel(margin=1).fit([1, 2], [1, 2], end=0), "no purchase of a known customer"),
    ],
)
def test_what_cannot_be_valued_is_said_in_words(call, words):
    with pytest.raises(MethodError, match=words):
        call()


def test_everybody_stayed_is_no_certainty():
    model = RetentionModel(gc=260, m=50, n=10, d=0.2).fit([1] * 40)
    assert model.clv_interval_[0] < model.clv_ == pytest.approx(model.clv_interval_[1])
    assert model.notes_


def test_returns_unnamed_rows_and_rows_after_the_end_are_told():
    rows, end = log_of(np.random.default_rng(5))
    customer = [f"c{c}" for c, _ in rows] + ["", "c1", "c2"]
    date = [d for _, d in rows] + [5, end + 9, 40]
    amount = [10.0] * len(rows) + [10, 10, -4]
    model = MigrationModel(n_states=3).fit(customer, date, amount, end=end)
    told = " ".join(model.notes_)
    assert "1 rows without a customer" in told
    assert "1 rows after the end" in told
    assert "1 rows of 0 or less" in told
    assert model.margin_ == pytest.approx((10 * len(rows) - 4) / len(rows))
    assert model.share_returned_ == 0
    with pytest.raises(TooFewError):
        MigrationModel(n_states=12, period_days=30, margin=1).fit(customer[:90], date[:90], end=end)
