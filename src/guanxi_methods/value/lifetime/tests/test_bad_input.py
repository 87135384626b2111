"""Input that cannot be used is refused in one sentence that names row and column; what is odd but usable is stated."""

import numpy as np
import pytest

from guanxi_methods.errors import MethodError, NotFittedError, TooFewError
from guanxi_methods.value.lifetime import (
    BGBB,
    BGNBD,
    MBGNBD,
    GammaGamma,
    ParetoNBD,
    ShiftedBetaGeometric,
    buying_history,
    renewals_of,
)
from guanxi_methods.value.lifetime.tests import simulated

BUYING = [BGNBD, MBGNBD, ParetoNBD]


def told(error, *parts):
    return all(part in str(error.value) for part in parts)


@pytest.mark.parametrize("model", BUYING)
@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (([1, 2.5], [3, 4], [9, 9]), ("x must hold whole numbers", "row 2 holds 2.5")),
        (([1, -1], [3, 4], [9, 9]), ("x must hold whole numbers", "row 2 holds -1")),
        (([1, 2], [3, 10], [9, 9]), ("row 2", "t_x must not exceed T")),
        (([1, 0], [3, 2], [9, 9]), ("row 2", "no repeat purchase")),
        (([1, 1], [3, -2], [9, 9]), ("t_x must not be negative", "row 2")),
        (([1, 1], [3, None], [9, 9]), ("t_x holds a missing value", "row 2")),
        (([1, 1], [3, 4], [9, np.inf]), ("T holds an infinite value", "row 2")),
        (([1, 1], [3], [9, 9]), ("t_x holds 1 values where 2 are needed",)),
        ((["one", 1], [3, 4], [9, 9]), ("x must hold numbers", "row 1")),
    ],
)
def test_lines_that_cannot_be(model, lines, parts):
    with pytest.raises(MethodError) as error:
        model().fit(*lines)
    assert told(error, *parts)


@pytest.mark.parametrize("model", BUYING)
def test_too_little_to_learn_from(model):
    for lines in (([0, 0], [0, 0], [9, 3]), ([], [], []), ([0], [0], [4])):
        with pytest.raises(TooFewError):
            model().fit(*lines)
    with pytest.raises(TooFewError) as error:
        model().fit([0, 3], [0, 2], [9, 9], count=[5, 0])
    assert told(error, "nobody bought again")
    with pytest.raises(MethodError) as error:
        model().fit([0, 3], [0, 2], [9, 9], count=[5, -1])
    assert told(error, "count must not be negative", "row 2")


def test_few_who_bought_again_are_stated():
    x, t_x, T = simulated.bgnbd(np.random.default_rng(1), 25)
    assert any("standard errors hold for many customers" in note for note in BGNBD().fit(x, t_x, T).notes_)


@pytest.mark.parametrize("model", BUYING)
def test_a_purchase_on_the_last_day_and_a_customer_of_the_last_day(model):
    """t_x may be T, and T may be 0: neither tells anything, neither breaks anything."""
    x, t_x, T = simulated.bgnbd(np.random.default_rng(3), 300)
    more = model().fit([*x, 0, 0], [*t_x, 0, 0], [*T, 0, 0])
    less = model().fit(x, t_x, T)
    if model is BGNBD:
        assert more.log_likelihood_ == pytest.approx(less.log_likelihood_, abs=1e-6)
    alive = less.p_alive([0, 2, 5], [0, 30, 30], [0, 30, 30])
    assert ((alive > 0) & (alive <= 1)).all()
    assert less.expected_transactions(0, [2], [3], [30])[0] == 0


def test_levels_and_times_that_are_none():
    lines = simulated.bgnbd(np.random.default_rng(1), 200)
    for level in (0, 1, 95, "high"):
        with pytest.raises(MethodError, match="level"):
            BGNBD(level=level).fit(*lines)
    fitted = BGNBD().fit(*lines)
    for call in (
        lambda: fitted.expected_transactions(-1, [1], [2], [3]),
        lambda: fitted.discounted_transactions(0, [1], [2], [3]),
        lambda: fitted.expected_new([np.nan]),
        lambda: fitted.expected_new([-2]),
        lambda: fitted.p_alive([1], [4], [3]),
    ):
        with pytest.raises(MethodError):
            call()
    with pytest.raises(NotFittedError):
        BGNBD().p_alive([1], [2], [3])


def test_a_wider_level_gives_wider_intervals():
    lines = simulated.bgnbd(np.random.default_rng(1), 500)
    narrow, wide = BGNBD(level=0.8).fit(*lines), BGNBD(level=0.99).fit(*lines)
    for name in BGNBD.PARAMS:
        assert wide.intervals_[name][0] < narrow.intervals_[name][0]
        assert narrow.intervals_[name][1] < wide.intervals_[name][1]


def test_occasions_that_cannot_be():
    for row, parts in (
        ((3, 2, 6), ("3 purchases up to occasion 2",)),
        ((1, 7, 6), ("after the last of its 6 occasions",)),
        ((0, 2, 6), ("no repeat purchase",)),
        ((1.5, 2, 6), ("x must hold whole numbers",)),
    ):
        with pytest.raises(MethodError) as error:
            BGBB().fit([0, row[0]], [0, row[1]], [6, row[2]])
        assert told(error, *parts), row
    with pytest.raises(TooFewError):
        BGBB().fit([0, 0], [0, 0], [6, 6])
    with pytest.raises(MethodError, match="ahead must be a whole number"):
        BGBB().fit(*simulated.bgbb(np.random.default_rng(2), 300)).expected_transactions(2.5, [1], [1], [6])


def test_spending_that_cannot_be():
    with pytest.raises(MethodError, match="negative, but row 2 holds -3"):
        GammaGamma().fit([1, 2, 3], [4, -3, 5])
    with pytest.raises(MethodError, match="missing value, first in row 3"):
        GammaGamma().fit([1, 2, 3], [4, 3, np.nan])
    with pytest.raises(TooFewError, match="nobody bought again"):
        GammaGamma().fit([0, 0], [np.nan, np.nan])
    with pytest.raises(TooFewError, match="not the same"):
        GammaGamma().fit([1, 1, 2], [5, 5, 5])
    x, z = simulated.gammagamma(np.random.default_rng(1), 60)
    fitted = GammaGamma().fit([*x, 2, 0], [*z, 0, -1])
    assert fitted.n_customers_ == 60
    assert "1 customers whose purchases were worth nothing were left out" in fitted.notes_[0]


def test_renewals_that_cannot_be():
    with pytest.raises(MethodError, match="must fall or stay"):
        renewals_of([100, 80, 90])
    with pytest.raises(TooFewError, match="at least two figures"):
        renewals_of([100])
    with pytest.raises(MethodError, match="row 2 has 90 renewed of 80 due"):
        ShiftedBetaGeometric().fit([1, 2], [100, 80], [80, 90])
    with pytest.raises(MethodError, match="renewal must be at least 1"):
        ShiftedBetaGeometric().fit([0, 1], [100, 80], [80, 70])
    with pytest.raises(TooFewError, match="nobody left"):
        ShiftedBetaGeometric().fit([1, 2], [100, 100], [100, 100])
    with pytest.raises(TooFewError, match="everybody left"):
        ShiftedBetaGeometric().fit([1], [100], [0])
    once = ShiftedBetaGeometric().fit([1], [100], [80])
    assert once.at_edge_ == ("alpha", "beta")
    assert "only one renewal was seen" in once.notes_[0]
    # all alike: the rate of retention does not rise, and the beta distribution shrinks to a point
    alike = ShiftedBetaGeometric().fit(**renewals_of([10000, 8000, 6400, 5120, 4096]))
    assert alike.at_edge_ == ("alpha", "beta")
    assert alike.retention([1, 4]).round(3).tolist() == [0.8, 0.8]


def test_logs_that_cannot_be():
    with pytest.raises(TooFewError, match="on or before 2025-12-31"):
        buying_history(["a"], ["2026-01-01"], calibration_end="2025-12-31")
    with pytest.raises(TooFewError, match="every amount is negative"):
        buying_history(["a"], ["2026-01-01"], [-3.0])
    with pytest.raises(MethodError, match="unit must be day or week"):
        buying_history(["a"], ["2026-01-01"], unit="month")
    with pytest.raises(MethodError, match="missing"):
        buying_history(["a", "b"], ["2026-01-01", None])
    with pytest.raises(MethodError, match="missing"):
        buying_history(["a", None], ["2026-01-01", "2026-01-02"])
    with pytest.raises(MethodError, match="amounts holds a missing value, first in row 2"):
        buying_history(["a", "b"], ["2026-01-01", "2026-01-02"], [1.0, np.nan])


def test_what_a_log_says_of_returns_late_customers_and_worthless_orders():
    found = buying_history(
        ["a", "a", "a", "a", "b", "b", "c", "d", "d"],
        [
            "2026-01-01",
            "2026-01-03",
            "2026-01-03",
            "2026-01-09",
            "2026-01-02",
            "2026-01-04",
            "2026-01-31",
            "2026-01-05",
            "2026-01-05",
        ],
        [10.0, 500.0, -500.0, 0.0, 5.0, -5.0, 7.0, 20.0, -8.0],
        unit="day",
        calibration_end="2026-01-20",
    )
    # a: the order of the 3rd was given back whole, that of the 9th was worth nothing and counts; b: only a return
    assert found.customers.tolist() == ["a", "b", "d"]
    assert found.x.tolist() == [1, 0, 0]
    assert found.t_x.tolist() == [8, 0, 0]
    assert found.T.tolist() == [19, 18, 15]
    assert found.mean_value[0] == 0
    assert found.holdout_t == 11
    assert [note.values.get("count") for note in found.notes] == [3, 1, 1]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("model", BUYING)
def test_heavy_buyers_and_long_horizons_stay_finite(model):
    x, t_x, T = simulated.bgnbd(np.random.default_rng(5), 400)
    fitted = model().fit([*x, 4000, 900], [*t_x, 39.99, 2.0], [*T, 40.0, 40.0])
    alive = fitted.p_alive([4000, 900], [39.99, 2.0], [40, 40])
    assert alive[0] > 0.5
    assert alive[1] < 1e-100
    for ahead in (1e-6, 10, 1e4):
        expected = fitted.expected_transactions(ahead, [4000, 900, 0], [39.99, 2.0, 0], [40, 40, 40])
        assert np.isfinite(expected).all()
        assert (expected >= 0).all()
    low, high = fitted.prediction_interval(10, [4000, 0], [39.99, 0], [40, 40])
    assert (low <= high).all()
