"""AUC, lift and calibration: printed examples, the plain implementation, intervals that hold."""

import numpy as np
import pytest

from guanxi_methods.churn import auc, auc_difference, calibration, lift_by_decile
from guanxi_methods.churn.tests import plain
from guanxi_methods.errors import MethodError

# J. A. Hanley & B. J. McNeil, Radiology 143, 1982, table 1: 109 CT images rated 1 to 5.
NORMAL, ABNORMAL = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)


def images():
    scores = np.repeat([1, 2, 3, 4, 5] * 2, NORMAL + ABNORMAL)
    return scores, np.repeat([0, 1], [sum(NORMAL), sum(ABNORMAL)])


def test_images_of_hanley_and_mcneil_as_stata_roctab_prints_them():
    # Stata Reference Manual, [R] roctab, example 1: area .8932, standard error (DeLong) .0307, .83295 to .95339.
    area = auc(*images())
    assert (round(area.value, 4), round(area.standard_error, 4)) == (0.8932, 0.0307)
    assert [round(limit, 5) for limit in area.interval] == [0.83295, 0.95339]


@pytest.mark.parametrize("seed", range(3))
def test_auc_equals_the_plain_implementation(seed):
    rng = np.random.default_rng(seed)
    event, score = rng.random(50) < 0.4, rng.integers(0, 12, 50)
    area = auc(score, event)
    assert (area.value, area.standard_error) == pytest.approx(plain.auc_and_error(score, event), rel=1e-12)


def test_two_scores_on_the_same_customers():
    rng = np.random.default_rng(1)
    event = rng.random(300) < 0.4
    good, poor = event + rng.normal(0, 1, 300), event + rng.normal(0, 3, 300)
    difference, error, interval, p = auc_difference(good, poor, event)
    assert difference == pytest.approx(auc(good, event).value - auc(poor, event).value)
    assert interval[0] < difference < interval[1]
    assert p < 0.001
    assert auc_difference(good, good, event) == (0.0, 0.0, (0.0, 0.0), 1.0)
    assert auc_difference(poor, good, event)[0] == pytest.approx(-difference)
    assert error > 0


@pytest.mark.full
def test_the_interval_of_the_auc_holds_the_truth():
    rng = np.random.default_rng(2)
    held, runs = 0, 600
    for _ in range(runs):
        score = np.concatenate([rng.normal(1, 1, 60), rng.normal(0, 1, 120)])
        low, high = auc(score, np.arange(180) < 60).interval
        # P(X > Y) for normal scores one apart: the normal distribution at 1 / sqrt(2).
        held += low <= 0.7602499 <= high
    assert abs(held / runs - 0.95) < 0.03


def test_lift_shares_ties_and_borders_out():
    rng = np.random.default_rng(3)
    event = rng.random(95) < 0.3
    assert [part.lift for part in lift_by_decile(np.zeros(95), event)] == pytest.approx([1.0] * 10)
    parts = lift_by_decile(rng.random(95), event)
    assert sum(part.events for part in parts) == pytest.approx(event.sum())
    assert parts[-1].cumulative_share == pytest.approx(1)
    assert parts[-1].cumulative_lift == pytest.approx(1)
    perfect = lift_by_decile(event.astype(float), event)
    assert perfect[0].rate == pytest.approx(1)
    by_hand = lift_by_decile([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], [1, 1, 0, 1, 0, 0, 0, 0, 0, 0], parts=5)
    assert [part.lift for part in by_hand] == pytest.approx([10 / 3, 5 / 3, 0, 0, 0])


def test_calibration_by_hand_and_by_chance():
    stated, happened = [0.2] * 10 + [0.7] * 10, [1] * 3 + [0] * 7 + [1] * 6 + [0] * 4
    told = calibration(stated, happened, bins=2)
    assert told.error == pytest.approx(0.1)
    assert told.brier == pytest.approx((3 * 0.64 + 7 * 0.04 + 6 * 0.09 + 4 * 0.49) / 20)
    assert [one.observed for one in told.bins] == [0.3, 0.6]
    # Wilson's interval of 3 in 10, as in Newcombe 1998.
    assert [round(limit, 4) for limit in told.bins[0].interval] == [0.1078, 0.6032]
    rng = np.random.default_rng(4)
    errors = []
    for _ in range(200):
        chance = rng.beta(2, 6, 500)
        told = calibration(chance, rng.random(500) < chance)
        errors.append(told.error - told.error_by_chance)
    assert abs(np.mean(errors)) < 0.002
    assert sum(one.customers for one in told.bins) == 500


def test_bad_input_is_named():
    for call, told in (
        (lambda: auc([1, 2, 3], [1, 0, 0]), "1 customers left"),
        (lambda: auc([1, 2, 3, 4], [1, 1, 0, 0], level=2), "level"),
        (lambda: auc([1, np.nan, 3, 4], [1, 1, 0, 0]), "score holds a missing value, first in row 2"),
        (lambda: lift_by_decile([1, 2, 3, 4], [1, 1, 0, 0]), "parts must be"),
        (lambda: calibration([1.2, 0.1], [1, 0]), "probability must be from 0 to 1, but row 1 holds 1.2"),
        (lambda: calibration([0.2, 0.1], [1, 0], bins=0), "bins must be"),
        (lambda: auc_difference([1, 2, 3, 4], [1, 2, 3, 4, 5], [1, 1, 0, 0]), "event holds|one length"),
    ):
        with pytest.raises(MethodError, match=told):
            call()
