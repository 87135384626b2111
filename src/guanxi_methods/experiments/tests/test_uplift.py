"""Uplift: the curves by another route, the models by another route, and effects that were built in."""

import math

import numpy as np
import pytest

from guanxi_methods.errors import MethodError
from guanxi_methods.experiments import Uplift, uplift_curve
from guanxi_methods.experiments.tests import plain
from guanxi_methods.experiments.uplift import _logistic
from guanxi_methods.tests.battery import SEED


def campaign(rng, size):
    """A third is moved by .2, a third not at all, a third put off by .1; the first feature says which, the second nothing."""
    kind = rng.integers(-1, 2, size)
    treated = rng.integers(0, 2, size)
    chance = 0.3 + treated * np.where(kind == 1, 0.2, np.where(kind == -1, -0.1, 0.0))
    outcome = (rng.random(size) < chance).astype(float)
    return np.column_stack([kind, rng.normal(size=size)]), treated, outcome


def test_curves_point_by_point():
    rng = np.random.default_rng(SEED)
    for size, decimals in ((40, 0), (80, 8), (200, 1)):
        uplift, treated, outcome = rng.normal(size=size).round(decimals), rng.integers(0, 2, size), rng.random(size)
        found = uplift_curve(uplift, treated, outcome)
        qini, gain = plain.curve_areas(uplift, treated, outcome)
        assert found.qini_coefficient == pytest.approx(qini - found.effect / 2)
        assert found.auuc == pytest.approx(gain)
        assert found.qini[-1] == pytest.approx(found.gain[-1])


def test_curves_as_scikit_uplift_gives_them():
    # scikit-uplift 0.5.1, areas under qini_curve and uplift_curve over customers and over treated, of this draw.
    rng = np.random.default_rng(5)
    score, treated, outcome = rng.normal(size=60), rng.integers(0, 2, 60), rng.integers(0, 2, 60)
    found = uplift_curve(score, treated, outcome)
    assert found.qini_coefficient + found.effect / 2 == pytest.approx(-0.052954006467774234)
    assert found.auuc == pytest.approx(-0.054783604477008765)


def test_a_perfect_ranking_worked_by_hand():
    # Two persuadable (treated buys, untreated does not), then two lost causes: Q rises to 1/2 and stays.
    found = uplift_curve([2, 2, 1, 1], [1, 0, 1, 0], [1, 0, 0, 0])
    assert found.share.tolist() == [0, 0.5, 1]
    assert found.qini.tolist() == [0, 0.5, 0.5]
    assert found.gain.tolist() == [0, 0.5, 0.5]
    assert (found.qini_coefficient, found.auuc) == (0.125, 0.375)


def test_logistic_by_plain_descent():
    rng = np.random.default_rng(SEED)
    z = np.column_stack([np.ones(150), rng.normal(size=(150, 2))])
    y = (rng.random(150) < 1 / (1 + np.exp(-z @ [0.3, 1.0, -0.5]))).astype(float)
    np.testing.assert_allclose(_logistic(z, y, 2.0), plain.logistic_by_steps(z, y, 2.0, steps=4000), atol=1e-6)


@pytest.mark.parametrize("method", ["two-model", "transformed-outcome"])
def test_effects_built_in_are_found(method):
    features, treated, outcome = campaign(np.random.default_rng(SEED), 6000)
    found = Uplift(method, n_bootstrap=100).fit({"kind": features[:, 0], "noise": features[:, 1]}, treated, outcome)
    assert found.qini_interval_[0] > 0
    assert found.qini_interval_[0] <= found.qini_ <= found.qini_interval_[1]
    # Linear in kind: -.1, 0, .2 are met within what a line through them can.
    np.testing.assert_allclose(found.predict([[-1, 0], [0, 0], [1, 0]]), [-0.117, 0.033, 0.183], atol=0.06)
    low, high = found.effect_interval_
    assert low <= 1 / 30 <= high
    best, worst = found.groups_[0], found.groups_[-1]
    assert best[2] > worst[2]
    assert best[3] <= 0.2 <= best[4]
    assert sum(group[0] for group in found.groups_) == 6000
    assert found.n_ == (int((treated == 0).sum()), int(treated.sum()))


@pytest.mark.full
def test_intervals_of_a_ranking_cover_its_true_areas():
    # The ranking is given by the first feature: its true curve has Q(1/3) = .2/3, Q(2/3) the same, Q(1) = .1/3.
    rng = np.random.default_rng(SEED)
    true = 0.2 / 3 * (1 / 6 + 1 / 3 + 1 / 6) + 0.1 / 3 / 6 - 0.1 / 6
    kept, tries = 0, 120
    for _ in range(tries):
        features, treated, outcome = campaign(rng, 1500)
        score = features[:, 0]
        found = uplift_curve(score, treated, outcome)
        again = np.empty(60)
        for draw in range(60):
            rows = rng.integers(0, 1500, 1500)
            again[draw] = uplift_curve(score[rows], treated[rows], outcome[rows]).qini_coefficient
        low, high = np.quantile(again, [0.025, 0.975])
        kept += low <= true <= high
        assert found.effect == pytest.approx(outcome[treated == 1].mean() - outcome[treated == 0].mean())
    assert abs(kept - 0.95 * tries) <= 5 * math.sqrt(tries * 0.95 * 0.05)


def test_features_that_tell_nothing_are_said_to():
    rng = np.random.default_rng(SEED)
    found = Uplift(n_bootstrap=20).fit(np.ones((200, 1)), np.arange(200) % 2, rng.integers(0, 2, 200))
    assert found.qini_interval_[0] <= 0 <= found.qini_interval_[1] or abs(found.qini_) < 0.01


@pytest.mark.full
def test_noise_has_no_qini():
    rng = np.random.default_rng(SEED)
    found = [
        Uplift(n_bootstrap=60, random_state=draw).fit(
            rng.normal(size=(300, 3)), rng.integers(0, 2, 300), rng.integers(0, 2, 300)
        )
        for draw in range(60)
    ]
    false = sum(one.qini_interval_[0] > 0 for one in found)
    assert false <= 60 * 0.025 + 3 * math.sqrt(60 * 0.025)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda x, t, y: Uplift("best").fit(x, t, y), "method must be 'two-model' or"),
        (lambda x, t, y: Uplift(penalty=-1).fit(x, t, y), "penalty must be"),
        (lambda x, t, y: Uplift(folds=1).fit(x, t, y), "folds must be a whole number of at least 2"),
        (lambda x, t, y: Uplift().fit(x, np.arange(100) < 20, y), "20 customers are treated: at least 30 are needed"),
        (lambda x, t, y: Uplift().fit(x, t, np.arange(100) < 9), "9 customers have the outcome 1: at least 30"),
        (lambda x, t, y: Uplift().fit(x, t, y[:50]), "outcome holds 50 values where 100 are needed"),
        (lambda x, t, y: Uplift(n_bootstrap=20).fit(x, t, y).predict([[1.0]]), "features has 1 columns where 2"),
    ],
)
def test_what_cannot_be_learned_is_told(make, said):
    rng = np.random.default_rng(SEED)
    with pytest.raises(MethodError, match=said):
        make(rng.normal(size=(100, 2)), np.arange(100) % 2, rng.integers(0, 2, 100).astype(float))
