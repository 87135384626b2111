"""Alpha and omega: what R prints of public data, a second way, intervals that hold the truth."""

import numpy as np
import pytest

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.satisfaction import Reliability, cronbach_alpha, feldt_interval, one_factor

# Covariance of the attitude data (Chatterjee & Price 1977; R's datasets package): rating, complaints, privileges,
# learning, raises, critical, advance; 30 departments. The sums of products, so that they are whole.
ATTITUDE = """4296.966667
3879.6 5141.2
1840.466667 2637.6 4341.466667
2584.033333 2704.4 2054.533333 3994.966667
2165.966667 2686.6 1643.466667 2266.033333 3134.966667
546.433333 717.2 516.933333 390.566667 1124.433333 2839.366667
563.266667 892.2 1253.266667 1861.733333 1781.266667 836.533333 3069.866667"""
# Covariance of the ability.cov data (Bartholomew 1987; R's datasets package), 112 people.
ABILITY = """24.641
5.991 6.700
33.520 18.137 149.831
6.023 1.782 19.424 12.711
20.755 4.936 31.430 4.757 52.604
29.701 7.204 50.753 9.075 66.762 135.292"""


def whole(lower):
    rows = [[float(cell) for cell in line.split()] for line in lower.splitlines()]
    made = np.array([row + [0.0] * (len(rows) - len(row)) for row in rows])
    return made + np.tril(made, -1).T


def test_alpha_of_the_attitude_data_as_psych_prints_it():
    # psych: alpha(attitude) prints raw_alpha 0.843, std.alpha 0.839, average_r 0.427, and the alphas without an item.
    covariance = whole(ATTITUDE) / 29
    deviations = np.sqrt(np.diag(covariance))
    assert round(cronbach_alpha(covariance), 3) == 0.843
    assert round(cronbach_alpha(covariance / np.outer(deviations, deviations)), 3) == 0.839
    answers = drawn_exactly(covariance, 30)
    found = Reliability().fit(answers)
    assert round(found.alpha_, 3) == 0.843
    assert round(found.standardised_alpha_, 3) == 0.839
    assert round(found.mean_correlation_, 3) == 0.427
    without = [round(value, 3) for value in found.alpha_without_.values()]
    assert without == [0.810, 0.797, 0.828, 0.803, 0.795, 0.864, 0.840]


def drawn_exactly(covariance, size):
    """Rows whose covariance is the one given."""
    rows = np.random.default_rng(0).normal(size=(size, len(covariance)))
    rows -= rows.mean(axis=0)
    rows = rows @ np.linalg.inv(np.linalg.cholesky(rows.T @ rows / (size - 1)).T)
    return rows @ np.linalg.cholesky(covariance).T


def test_feldts_interval_as_psych_prints_it():
    # psych: alpha.ci(.74, 100, n.var = 4) prints 0.65 0.74 0.81.
    assert tuple(round(end, 2) for end in feldt_interval(0.74, 100, 4)) == (0.65, 0.81)


def test_one_factor_of_the_ability_data_as_factanal_prints_it():
    # R's help page of ability.cov: factanal(factors = 1, covmat = ability.cov).
    covariance = whole(ABILITY)
    loadings, uniquenesses = one_factor(covariance)
    variances = np.diag(covariance)
    assert (loadings / np.sqrt(variances)).round(3).tolist() == [0.682, 0.384, 0.502, 0.300, 0.877, 0.849]
    assert (uniquenesses / variances).round(3).tolist() == [0.535, 0.853, 0.748, 0.910, 0.232, 0.280]


def test_three_items_are_solved_exactly():
    # With three items the factor fits exactly: a loading squared is s12 s13 / s23.
    correlation = np.array([[1, 0.6, 0.5], [0.6, 1, 0.4], [0.5, 0.4, 1]])
    loadings, uniquenesses = one_factor(correlation)
    expected = np.sqrt([0.6 * 0.5 / 0.4, 0.6 * 0.4 / 0.5, 0.5 * 0.4 / 0.6])
    assert loadings == pytest.approx(expected, rel=1e-6)
    assert uniquenesses == pytest.approx(1 - expected**2, rel=1e-6)
    found = Reliability().fit(drawn_exactly(correlation, 50))
    assert found.omega_ == pytest.approx(
        expected.sum() ** 2 / (expected.sum() ** 2 + (1 - expected**2).sum()), rel=1e-6
    )


def test_alpha_is_omega_where_loadings_are_equal():
    found = Reliability().fit(drawn_exactly(0.5 * np.eye(4) + 0.5, 60))
    assert found.alpha_ == pytest.approx(0.8)
    assert found.omega_ == pytest.approx(0.8, rel=1e-6)


def test_omegas_error_is_about_the_jackknifes():
    answers = one_factor_answers(np.random.default_rng(3), 80)
    found = Reliability().fit(answers)
    logs = [np.log(1 - Reliability().fit(np.delete(answers, row, axis=0)).omega_) for row in range(80)]
    error = np.sqrt(79 * np.var(logs))
    low, high = found.omega_interval_
    assert np.log((1 - low) / (1 - high)) / 2 / 1.959964 == pytest.approx(error, rel=0.12)


def one_factor_answers(rng, size, loadings=(0.9, 0.8, 0.7, 0.6)):
    factor = rng.normal(size=(size, 1))
    return factor * loadings + rng.normal(size=(size, 4)) * np.sqrt(1 - np.square(loadings))


@pytest.mark.full
def test_intervals_hold_the_truth_as_often_as_they_say():
    loadings = np.array([0.9, 0.8, 0.7, 0.6])
    omega = loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum())
    found = [Reliability().fit(one_factor_answers(np.random.default_rng(trial), 200)) for trial in range(300)]
    held = np.mean([low <= omega <= high for low, high in (one.omega_interval_ for one in found)])
    assert 0.912 <= held <= 0.988
    # Feldt's interval is exact where loadings are equal.
    equal = [
        Reliability().fit(one_factor_answers(np.random.default_rng(trial), 50, (0.7,) * 4)).alpha_interval_
        for trial in range(300)
    ]
    truth = 4 / 3 * (1 - 4 / (4 + 12 * 0.49))
    assert 0.912 <= np.mean([low <= truth <= high for low, high in equal]) <= 0.988


def test_what_cannot_be_had_is_said():
    with pytest.raises(MethodError, match="at least two items; a stands alone"):
        Reliability().fit({"a": [1, 2, 3]})
    with pytest.raises(MethodError, match="all gave b the same answer"):
        Reliability().fit({"a": [1, 2, 3, 4], "b": [5, 5, 5, 5]})
    with pytest.raises(TooFewError, match="2 respondents answered all 2 items; at least 3 must"):
        Reliability().fit({"a": [1, 2, None], "b": [2, 3, 4]})
    two = Reliability().fit({"a": [1, 2, 4, 5], "b": [1, 3, 4, 6]})
    assert (two.omega_, two.alpha_without_) == (None, {"a": None, "b": None})
    assert "at least three items" in two.notes_[0]
    turned = one_factor_answers(np.random.default_rng(1), 100) * [1, 1, 1, -1]
    assert "x4 runs against the other items" in Reliability().fit(turned).notes_[0]
