"""Experiments that are watched, dealt and planned: errors kept, assignments stable, sizes as in the tables."""

import math

import numpy as np
import pytest

from guanxi_methods.errors import MethodError
from guanxi_methods.experiments import (
    always_valid,
    always_valid_proportions,
    assign,
    detectable_proportion,
    hash_share,
    mixture_ratio,
    power_for_means,
    power_for_proportions,
    simulate_optional_stopping,
    size_for_arcsine,
    size_for_chi_square,
    size_for_means,
    size_for_proportions,
)
from guanxi_methods.experiments.tests import plain
from guanxi_methods.tests.battery import SEED


def test_the_mixture_by_integration():
    # The always-valid p is one over the mixture likelihood ratio; the interval holds what it does not reject.
    for difference, variance, size in ((0.03, 0.015**2, 1000), (0.5, 0.04, 300), (-0.1, 0.01, 50)):
        ratio = mixture_ratio() / 400
        found = always_valid([difference], [variance], [size], planned=400)
        mixed = plain.mixture_martingale(difference, variance, ratio * size * variance)
        assert found.p_value[0] == pytest.approx(min(1.0, 1 / mixed), rel=1e-6)
        for limit in found.interval[0]:
            at_limit = plain.mixture_martingale(difference - limit, variance, ratio * size * variance)
            assert at_limit == pytest.approx(20, rel=1e-6)


def test_the_margin_as_published():
    # Waudby-Smith et al. 2024, equation 10: sqrt(2 (t rho^2 + 1) / (t^2 rho^2) log(sqrt(t rho^2 + 1) / alpha)).
    t, rho2 = np.array([100.0, 1000.0, 5000.0]), mixture_ratio() / 1000
    margin = np.sqrt(2 * (t * rho2 + 1) / (t**2 * rho2) * np.log(np.sqrt(t * rho2 + 1) / 0.05))
    found = always_valid(np.zeros(3), 1 / t, t, planned=1000)
    np.testing.assert_allclose(found.interval[:, 1], margin)
    # Narrowest, relative to a single look, where it was planned.
    wider = [always_valid([0.0], [1 / 1000], [1000], planned=planned).interval[0, 1] for planned in (500, 1000, 2000)]
    assert wider[1] < min(wider[0], wider[2])


def test_looking_often_keeps_the_error_rate():
    found = simulate_optional_stopping(0.1, per_look=100, looks=100, n_simulations=300, random_state=SEED)
    assert found.always_valid <= 0.05
    assert found.repeated_test > 0.25
    low, high = found.repeated_test_interval
    assert low < found.repeated_test < high


@pytest.mark.full
def test_intervals_hold_at_all_looks_together():
    rng = np.random.default_rng(SEED)
    tries, kept = 1000, 0
    trials = np.repeat(np.arange(1, 201)[:, None] * 50, 2, axis=1)
    for _ in range(tries):
        won = np.cumsum(rng.binomial(50, [0.08, 0.1], size=(200, 2)), axis=0)
        found = always_valid_proportions(won, trials, planned=5000)
        kept += bool(((found.interval[:, 0] <= 0.02) & (found.interval[:, 1] >= 0.02)).all())
    assert kept >= 0.95 * tries - 3 * math.sqrt(tries * 0.95 * 0.05)


def test_an_effect_is_found_and_stays_found():
    rng = np.random.default_rng(SEED)
    won = np.cumsum(rng.binomial(500, [0.1, 0.13], size=(20, 2)), axis=0)
    found = always_valid_proportions(won, np.arange(1, 21)[:, None] * [500, 500], planned=5000)
    assert found.first_significant is not None
    assert (np.diff(found.p_value) <= 0).all()
    assert found.interval[-1, 0] > 0


def test_nothing_is_said_before_there_is_enough():
    found = always_valid_proportions([[0, 9], [9, 40]], [[50, 50], [200, 200]], planned=1000)
    assert found.p_value.tolist() == [1.0, 1.0]
    assert found.interval.tolist() == [[-1.0, 1.0]] * 2


def test_an_assignment_is_always_the_same():
    customers = [f"客户-{number}" for number in range(4000)]
    shares = {"control": 0.2, "offer": 0.8}
    made = assign(customers, "spring", shares)
    order = np.random.default_rng(SEED).permutation(4000)[:1500]
    again = assign(np.array(customers, dtype=object)[order], "spring", shares)
    assert (made[order] == again).all()
    assert assign(customers[7:8], "spring", shares)[0] == made[7]
    # SHA-256 of experiment, zero byte, customer: what any other program gets.
    import hashlib

    digest = hashlib.sha256("spring\0客户-0".encode()).digest()
    assert hash_share(["客户-0"], "spring")[0] == int(digest.hex()[:16], 16) // 2**11 / 2**53
    assert abs((made == "control").mean() - 0.2) < 4 * math.sqrt(0.16 / 4000)


def test_two_experiments_have_nothing_to_do_with_each_other():
    customers = np.arange(20000)
    one, two = (assign(customers, name, {"a": 1, "b": 1}) == "a" for name in ("first", "second"))
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / math.sqrt(20000)
    # Shares of hashes are even: Kolmogorov's distance at the 1 in 1000 point.
    drawn = np.sort(hash_share(customers, "first"))
    assert np.abs(drawn - (np.arange(20000) + 0.5) / 20000).max() < 1.95 / math.sqrt(20000)


def test_the_held_out_are_held_out_of_everything():
    customers = np.arange(5000)
    one, two = (assign(customers, name, {"control": 1, "offer": 1}, held_out=0.1) for name in ("first", "second"))
    assert ((one == "held out") == (two == "held out")).all()
    assert abs((one == "held out").mean() - 0.1) < 4 * math.sqrt(0.09 / 5000)
    rest = one != "held out"
    assert abs((one[rest] == "control").mean() - 0.5) < 4 * math.sqrt(0.25 / rest.sum())


def test_strata_get_their_shares_to_within_one():
    rng = np.random.default_rng(SEED)
    strata = np.array(["vip", "major", "small"])[rng.choice(3, 997, p=[0.02, 0.18, 0.8])]
    made = assign(np.arange(997), "spring", {"control": 0.3, "offer": 0.5, "letter": 0.2}, strata=strata)
    for stratum in set(strata.tolist()):
        rows = strata == stratum
        for arm, share in (("control", 0.3), ("offer", 0.5), ("letter", 0.2)):
            assert abs((made[rows] == arm).sum() - share * rows.sum()) <= 1
    # Strata of one customer do not all go to the same arm.
    alone = assign(np.arange(2000), "spring", {"a": 1, "b": 1}, strata=np.arange(2000))
    assert abs((alone == "a").mean() - 0.5) < 4 * math.sqrt(0.25 / 2000)


def test_sizes_for_means_as_in_cohens_table():
    # J. Cohen 1992, "A power primer", table 2, test 1, power .80, to the nearest customer.
    printed = {0.01: (586, 95, 38), 0.05: (393, 64, 26), 0.10: (310, 50, 20)}
    for alpha, row in printed.items():
        for effect, size in zip((0.2, 0.5, 0.8), row, strict=True):
            assert size_for_means(effect, 1, alpha=alpha)[0] - size in (0, 1)
            assert power_for_means(effect, 1, n1=size, alpha=alpha) == pytest.approx(0.8, abs=0.01)


def test_sizes_for_shares_as_in_cohens_table():
    # The same, test 4 (shares, h).
    printed = {0.01: (584, 93, 36), 0.05: (392, 63, 25), 0.10: (309, 49, 19)}
    for alpha, row in printed.items():
        for effect, size in zip((0.2, 0.5, 0.8), row, strict=True):
            assert size_for_arcsine(effect, alpha=alpha) - size in (0, 1)


def test_sizes_for_chi_square_as_in_cohens_table():
    # The same, test 6 (chi-square, w), for 1 to 3 degrees of freedom.
    printed = {(1, 0.1): 785, (1, 0.3): 87, (2, 0.1): 964, (2, 0.3): 107, (2, 0.5): 39, (3, 0.1): 1090, (3, 0.3): 121}
    for (freedom, effect), size in printed.items():
        assert size_for_chi_square(effect, freedom) - size in (0, 1)


def test_sizes_as_in_fleiss():
    # J. L. Fleiss 1981, table A.3 and equations 3.14 and 3.15, as calculators that print both give them.
    assert size_for_proportions(0.6, 0.7) == (356, 356)
    assert size_for_proportions(0.6, 0.7, continuity=True) == (376, 376)
    assert size_for_proportions(0.05, 0.1) == (435, 435)
    assert size_for_proportions(0.05, 0.1, continuity=True) == (474, 474)
    assert power_for_proportions(0.6, 0.7, n1=356) >= 0.8 > power_for_proportions(0.6, 0.7, n1=355)


def test_power_by_simulation():
    rng = np.random.default_rng(SEED)
    assert power_for_means(0.5, 1, n1=64) == pytest.approx(plain.simulated_power_of_means(rng, 0.5, 64), abs=0.012)
    assert power_for_means(0.9, 1, n1=20) == pytest.approx(plain.simulated_power_of_means(rng, 0.9, 20), abs=0.012)
    won = rng.binomial(356, [[0.6], [0.7]], size=(2, 20000))
    pooled = won.sum(axis=0) / 712
    z = (won[1] - won[0]) / 356 / np.sqrt(pooled * (1 - pooled) * 2 / 356)
    assert (np.abs(z) > 1.959964).mean() == pytest.approx(0.8, abs=0.02)


def test_what_can_be_found_and_what_is_needed_are_one():
    share = detectable_proportion(0.1, n1=1000, ratio=2.0)
    n1, n2 = size_for_proportions(0.1, share, ratio=2.0)
    assert (n1, n2) == (1000, 2000)
    assert power_for_means(5, 1, n1=1000) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: always_valid([0.1], [-1], [10], planned=100), "variance must not be negative"),
        (lambda: always_valid([0.1, 0.2], [1, 1], [10, 5], planned=100), "size must not fall"),
        (lambda: always_valid([0.1], [1], [10], planned=0), "planned must be at least 1"),
        (lambda: always_valid_proportions([1, 2], [3, 4], planned=9), "a row for each look"),
        (lambda: always_valid_proportions([[5, 5]], [[3, 9]], planned=9), "look 1 has more successes than trials"),
        (lambda: always_valid_proportions([[5, 5], [4, 6]], [[9, 9], [19, 19]], planned=9), "successes must not fall"),
        (lambda: simulate_optional_stopping(0, per_look=1, looks=1), "rate must lie"),
        (lambda: assign(["a", "a"], "x", {"a": 1, "b": 1}), "some come twice"),
        (lambda: assign(["a", ""], "x", {"a": 1, "b": 1}), "customers is missing in row 2"),
        (lambda: assign(["a"], "", {"a": 1, "b": 1}), "experiment must have a name"),
        (lambda: assign(["a"], "x", {"a": 1}), "at least two arms"),
        (lambda: assign(["a"], "x", {"a": 1, "b": 0}), "the share of arm 'b' must be over 0"),
        (lambda: assign(["a"], "x", {"a": 1, "b": 1}, held_out=1), "held_out must be"),
        (lambda: size_for_proportions(0.1, 0.1), "no number of customers tells them apart"),
        (lambda: size_for_proportions(0.1, 1.2), "p2 must lie from 0 to 1"),
        (lambda: size_for_proportions(0.1, 0.2, power=0.01), "power 0.01 must be over alpha"),
        (lambda: size_for_means(0, 1), "difference must be a number other than 0"),
        (lambda: size_for_means(1, 0), "sd must be a number over 0"),
        (lambda: size_for_chi_square(0.1, 0), "freedom must be a whole number"),
        (lambda: detectable_proportion(0.9, n1=5), "find no share over 0.9 at all"),
    ],
)
def test_what_cannot_be_is_told(call, said):
    with pytest.raises(MethodError, match=said):
        call()
