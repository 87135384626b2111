"""Shares and means compared: as published, as by another route, and right as often as they say."""

import itertools
import math

import numpy as np
import pytest

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.experiments import (
    Cuped,
    StratifiedEffect,
    compare_arms,
    compare_mean_summaries,
    compare_means,
    compare_proportions,
    sample_ratio_mismatch,
)
from guanxi_methods.experiments.tests import plain
from guanxi_methods.tests.battery import SEED

SLEEP = ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])


@pytest.mark.parametrize(
    ("method", "printed"),
    [
        # R. G. Newcombe 1998, Statistics in Medicine 17:873-890, table II, contrast (a) 56/70 - 48/80.
        ("wald", (0.0575, 0.3425)),
        ("score", (0.0533, 0.3377)),
        ("miettinen-nurminen", (0.0528, 0.3382)),
        ("newcombe", (0.0524, 0.3339)),
        # Agresti & Caffo's, as statsmodels 0.14 gives it.
        ("agresti-caffo", (0.0525, 0.3358)),
    ],
)
def test_intervals_as_published(method, printed):
    found = compare_proportions([48, 56], [80, 70], interval=method)
    assert tuple(round(limit, 4) for limit in found.interval) == printed
    assert round(found.difference, 4) == 0.2
    # The other way round the interval is mirrored.
    mirrored = compare_proportions([56, 48], [70, 80], interval=method).interval
    np.testing.assert_allclose(mirrored, [-printed[1], -printed[0]], atol=6e-5)


def test_fisher_as_published():
    # Perondi et al. 2004 in Fagerland, Lydersen & Laake 2015: 1 of 34 against 7 of 34; Fisher's exact p .054.
    assert round(compare_proportions([1, 7], [34, 34], test="fisher").p_value, 3) == 0.054
    # Agresti, "An Introduction to Categorical Data Analysis", tea tasting: two-sided .486.
    assert round(compare_proportions([1, 3], [4, 4], test="fisher").p_value, 3) == 0.486


def test_the_textbook_case():
    found = compare_proportions([120, 150], [1000, 1000])
    assert round(found.difference, 6) == 0.03
    assert round(found.p_value, 4) == 0.0496
    assert found.interval[0] > 0
    assert round(found.interval[1], 4) == 0.0601
    assert found.ratio == pytest.approx(1.25)
    assert found.notes == ()


def test_scores_and_fisher_by_another_route():
    rng = np.random.default_rng(SEED)
    for _ in range(12):
        n1, n2 = (int(n) for n in rng.integers(10, 60, 2))
        x1, x2 = int(rng.integers(1, n1)), int(rng.integers(1, n2))
        found = compare_proportions([x1, x2], [n1, n2])
        for limit in found.interval:
            if abs(limit) < 1:
                assert plain.score_p(x1, n1, x2, n2, limit) == pytest.approx(0.05, rel=2e-3)
        chi = plain.chi_square([[x1, n1 - x1], [x2, n2 - x2]])
        assert found.statistic**2 == pytest.approx(chi)
        assert found.p_value == pytest.approx(math.erfc(math.sqrt(chi / 2)))
        exact = compare_proportions([x1, x2], [n1, n2], test="fisher")
        assert exact.p_value == pytest.approx(plain.fisher(x1, n1, x2, n2), rel=1e-9)


def test_interval_and_p_value_agree():
    for x1, x2 in itertools.product(range(0, 21, 2), range(0, 26, 3)):
        found = compare_proportions([x1, x2], [20, 25])
        low, high = found.interval
        assert (low > 0 or high < 0) == (found.p_value < 0.05), (x1, x2)
        assert low <= found.difference <= high


def test_nobody_and_everybody():
    found = compare_proportions([0, 0], [50, 50])
    assert (found.difference, found.p_value, found.ratio) == (0.0, 1.0, None)
    assert found.interval[0] == pytest.approx(-found.interval[1])
    found = compare_proportions([0, 50], [50, 50])
    assert found.interval[1] == pytest.approx(1)
    assert 0.9 < found.interval[0] < 1
    assert compare_proportions([5, 0], [50, 50]).ratio_interval is None


def test_the_score_interval_covers_where_wald_does_not():
    # Exactly, over all outcomes of small arms with shares near the edge.
    def coverage(method, n1, p1, n2, p2):
        chances = {
            (x1, x2): math.comb(n1, x1)
            * p1**x1
            * (1 - p1) ** (n1 - x1)
            * math.comb(n2, x2)
            * p2**x2
            * (1 - p2) ** (n2 - x2)
            for x1 in range(n1 + 1)
            for x2 in range(n2 + 1)
        }
        kept = 0.0
        for (x1, x2), chance in chances.items():
            if chance > 1e-5:
                low, high = compare_proportions([x1, x2], [n1, n2], interval=method).interval or (0, 0)
                kept += chance * (low <= p2 - p1 <= high)
        return kept

    for case in ((10, 0.95, 10, 0.5), (15, 0.1, 25, 0.3), (12, 0.9, 12, 0.95)):
        assert coverage("wald", *case) < 0.936 < coverage("score", *case)
        assert coverage("newcombe", *case) > 0.936


def test_welch_as_published():
    # R, t.test(extra ~ group, data = sleep): t = 1.8608, df = 17.776, p = .07939, -3.3654832 to 0.2054832.
    found = compare_means(*SLEEP)
    assert round(found.difference, 2) == 1.58
    assert (round(found.statistic, 4), round(found.degrees_of_freedom, 3)) == (1.8608, 17.776)
    assert round(found.p_value, 5) == 0.07939
    np.testing.assert_allclose(found.interval, (-0.2054832, 3.3654832), atol=5e-8)


def test_several_arms():
    found = compare_arms([120, 150, 165], [1000, 1000, 1000])
    pairs = [compare_proportions([120, other], [1000, 1000]) for other in (150, 165)]
    assert found.adjusted_p_values == pytest.approx((pairs[0].p_value, 2 * pairs[1].p_value))
    chi = plain.chi_square([[120, 880], [150, 850], [165, 835]])
    assert found.overall_p_value == pytest.approx(math.exp(-chi / 2))  # two degrees of freedom
    wide = compare_proportions([120, 150], [1000, 1000], level=0.975)
    assert found.comparisons[0].interval == wide.interval
    assert compare_arms([165, 120], [1000, 1000], control=1).arms == (0,)


def test_several_arms_without_effect_raise_few_alarms():
    rng = np.random.default_rng(SEED)
    tries = 300
    alarms = sum(min(compare_arms(rng.binomial(400, 0.2, 5), [400] * 5).adjusted_p_values) < 0.05 for _ in range(tries))
    assert alarms <= 0.05 * tries + 3 * math.sqrt(tries * 0.05 * 0.95)


def test_ratio_as_published_and_customer_by_customer():
    # Fabijan et al. 2019: 821,588 against 815,482 is p = 1.8e-6.
    check = sample_ratio_mismatch([821588, 815482])
    assert f"{check.p_value:.1e}" == "1.8e-06"
    assert check.is_mismatch
    check = sample_ratio_mismatch([60, 30, 20], [2, 1, 1])
    assert check.always_valid_p_value == pytest.approx(
        min(1.0, math.exp(-plain.multinomial_evidence([60, 30, 20], [0.5, 0.25, 0.25])))
    )
    check = sample_ratio_mismatch([160, 30, 20], [2, 1, 1])
    assert check.always_valid_p_value == pytest.approx(
        math.exp(-plain.multinomial_evidence([160, 30, 20], [0.5, 0.25, 0.25]))
    )
    assert check.expected == (105, 52.5, 52.5)


def test_cuped_takes_off_what_was_known_and_keeps_the_effect():
    rng = np.random.default_rng(SEED)
    kept, tries, reductions = 0, 200, []
    for _ in range(tries):
        before = rng.normal(100, 20, 300)
        treated = rng.permutation(np.arange(300) % 2)
        after = 0.9 * before + 5 * treated + rng.normal(0, 10, 300)
        found = Cuped().fit(after, treated, before)
        kept += found.interval_[0] <= 5 <= found.interval_[1]
        reductions.append(found.variance_reduction_)
    assert abs(kept - 0.95 * tries) <= 3.5 * math.sqrt(tries * 0.95 * 0.05)
    # Deng et al. 2013, equation 5: what is left is 1 - correlation squared; here .9 x 20 against a noise of 10.
    assert np.mean(reductions) == pytest.approx(18**2 / (18**2 + 10**2), abs=0.02)


def test_cuped_without_anything_known_changes_nothing():
    rng = np.random.default_rng(SEED)
    outcome, treated = rng.normal(size=60), np.arange(60) % 2
    found = Cuped().fit(outcome, treated, np.full(60, 3.0))
    assert found.interval_ == pytest.approx(found.unadjusted_.interval)
    assert str(found.notes_[0]).startswith("covariate is the same for everybody")
    before = np.where(np.arange(60) < 10, np.nan, outcome + rng.normal(size=60))
    found = Cuped().fit(outcome, treated, before)
    assert str(found.notes_[0]) == "10 customers have no covariate and stay as they are"
    assert found.variance_reduction_ > 0


def test_strata_set_right_what_the_plain_difference_gets_wrong():
    rng = np.random.default_rng(SEED)
    kept, wrong, tries = 0, 0, 200
    for _ in range(tries):
        stratum = rng.integers(0, 2, 500)
        treated = (rng.random(500) < np.where(stratum == 1, 0.9, 0.4)).astype(int)
        outcome = 50 * stratum + 3 * treated + rng.normal(0, 5, 500)
        found = StratifiedEffect().fit(outcome, treated, stratum)
        kept += found.interval_[0] <= 3 <= found.interval_[1]
        wrong += compare_means(outcome[treated == 0], outcome[treated == 1]).interval[0] > 3
    assert abs(kept - 0.95 * tries) <= 3.5 * math.sqrt(tries * 0.95 * 0.05)
    assert wrong > 0.9 * tries


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: compare_proportions([5, 12], [10, 10]), "arm 2 has 12 successes in 10 trials"),
        (lambda: compare_proportions([5, 1, 2], [10, 10, 10]), "2 arms are compared, but 3 are given"),
        (lambda: compare_proportions([5, 1.5], [10, 10]), "successes must hold whole numbers"),
        (lambda: compare_proportions([5, 1], [10]), "2 numbers of successes and 1 of trials"),
        (lambda: compare_proportions([0, 0], [10, 0]), "arm 2 has no trial"),
        (lambda: compare_proportions([5, 1], [10, 10], level=1), "level must lie"),
        (lambda: compare_proportions([5, 1], [10, 10], interval="z"), "interval must be one of score"),
        (lambda: compare_arms([5], [10]), "at least 2 arms"),
        (lambda: compare_arms([5, 6], [10, 10], control=2), "control must be an arm from 0 to 1"),
        (lambda: compare_means([1, 2], [3]), "treatment holds 1 value"),
        (lambda: compare_means([1, 1], [3, 3]), "neither arm varies"),
        (lambda: compare_mean_summaries([1, 2], [1, -1], [9, 9]), "sds must not be negative"),
        (lambda: sample_ratio_mismatch([5, 5], [1, 0]), "shares must be over 0"),
        (lambda: sample_ratio_mismatch([0, 0]), "nobody is in any arm"),
        (lambda: Cuped().fit([1, 2, 3], [0, 1, 2], [1, 1, 1]), "treated must hold 0 and 1 alone, but row 3"),
        (lambda: Cuped().fit([1, 2, 3], [1, 1, 1], [1, 1, 1]), "nobody is untreated"),
        (
            lambda: StratifiedEffect().fit([1, 2, 3, 4], [0, 1, 0, 1], ["a", "a", "b", "b"]),
            "stratum 'a' has 1 untreated",
        ),
    ],
)
def test_what_cannot_be_compared_is_told(call, said):
    with pytest.raises(MethodError, match=said):
        call()


def test_few_successes_are_said_to_be_few():
    (note,) = compare_proportions([1, 4], [100, 100]).notes
    assert "only 2.5 successes or failures are expected" in note
    assert issubclass(TooFewError, MethodError)
