"""Customers drawn as the models say: the truth lies in the stated intervals at the stated rate."""

import numpy as np
import pytest

from guanxi_methods.value.lifetime import (
    BGBB,
    BGNBD,
    MBGNBD,
    GammaGamma,
    ParetoNBD,
    ShiftedBetaGeometric,
    bgbb,
    renewals_of,
)
from guanxi_methods.value.lifetime.buying import BuyingModel
from guanxi_methods.value.lifetime.tests import simulated

RUNS = 200
# Of 200 intervals that cover 95 times in 100, from 178 to 198 cover, save once in a thousand.
FEWEST, MOST = 178, 198


def collapsed(x, t_x, T):
    """The time of the last purchase told in whole days, as a log of weeks tells it."""
    return x, np.minimum(np.where(x > 0, np.maximum(np.round(t_x * 7), 1) / 7, 0), T), T


DRAWS = {
    "BGNBD": (
        BGNBD,
        lambda rng: collapsed(*simulated.bgnbd(rng, 900, T=40)),
        {"r": 0.6, "alpha": 5.0, "a": 0.9, "b": 2.5},
    ),
    "MBGNBD": (
        MBGNBD,
        lambda rng: collapsed(*simulated.mbgnbd(rng, 1200, T=40)),
        {"r": 0.8, "alpha": 6.0, "a": 0.9, "b": 1.8},
    ),
    "ParetoNBD": (
        ParetoNBD,
        lambda rng: collapsed(*simulated.pareto(rng, 900, T=40)),
        {"r": 0.7, "alpha": 8.0, "s": 0.8, "beta": 12.0},
    ),
    "BGBB": (
        BGBB,
        lambda rng: simulated.bgbb(rng, 3000),
        {"alpha": 1.2, "beta": 0.75, "gamma": 0.65, "delta": 2.8},
    ),
    "GammaGamma": (GammaGamma, lambda rng: simulated.gammagamma(rng, 800), {"p": 6.0, "q": 4.0, "v": 15.0}),
    "ShiftedBetaGeometric": (
        ShiftedBetaGeometric,
        lambda rng: tuple(renewals_of(simulated.sbg(rng, 1500)).values()),
        {"alpha": 0.7, "beta": 2.5},
    ),
}  # fmt: skip


def start_at_the_truth(monkeypatch, model, truth):
    """Search from one start, for speed: that the top is the highest is tested elsewhere."""
    start = np.log(list(truth.values()))
    if issubclass(model, BuyingModel):
        # the search counts time in 32 weeks here
        monkeypatch.setattr(model, "_starts", lambda self, lines: [start - np.log(32) * np.array(self._TIME_POWERS)])
    elif model is BGBB:
        monkeypatch.setattr(bgbb, "STARTS", (tuple(truth.values()),))


@pytest.mark.full
@pytest.mark.parametrize("name", DRAWS)
def test_the_truth_lies_in_the_intervals_at_their_rate(name, monkeypatch):
    model, draw, truth = DRAWS[name]
    start_at_the_truth(monkeypatch, model, truth)
    rng = np.random.default_rng(20261130)
    covered, told = dict.fromkeys(truth, 0), 0
    for _ in range(RUNS):
        fitted = model().fit(*draw(rng))
        if fitted.at_edge_:
            continue
        told += 1
        for param, value in truth.items():
            low, high = fitted.intervals_[param]
            covered[param] += low <= value <= high
    assert told >= RUNS * 0.98
    for param, count in covered.items():
        assert FEWEST - (RUNS - told) <= count <= MOST, (param, count, told)


@pytest.mark.parametrize(
    ("model", "draw"),
    [(BGNBD, simulated.bgnbd), (MBGNBD, simulated.mbgnbd), (ParetoNBD, simulated.pareto)],
    ids=["BGNBD", "MBGNBD", "ParetoNBD"],
)
def test_purchases_ahead_lie_where_they_are_predicted(model, draw):
    """Of 4,000 customers at least 95% in their own intervals; the sum in its; the mean by groups of x."""
    rng = np.random.default_rng(77)
    x, t_x, T, later = draw(rng, 4000, T=40, ahead=30.0)
    fitted = model().fit(*collapsed(x, t_x, T))
    found = fitted.holdout(later, 30.0, x, t_x, T)
    assert found.actual == later.sum()
    assert found.low < found.actual < found.high
    some = slice(0, 400)
    low, high = fitted.prediction_interval(30.0, x[some], t_x[some], T[some])
    assert np.mean((low <= later[some]) & (later[some] <= high)) >= 0.93
    ahead = fitted.expected_transactions(30.0, x, t_x, T)
    for group in (x == 0, x == 1, (x > 1) & (x < 6), x >= 6):
        error = later[group] - ahead[group]
        assert abs(error.mean()) < 4 * error.std() / np.sqrt(group.sum())
    # whoever bought in the time ahead was alive
    alive = fitted.p_alive(x, t_x, T)
    assert alive[later > 0].mean() > alive[later == 0].mean()


@pytest.mark.full
def test_the_interval_of_an_expectation_covers_it_at_its_rate(monkeypatch):
    """The expectation and P(alive) of one customer under the true parameters."""
    start_at_the_truth(monkeypatch, BGNBD, DRAWS["BGNBD"][2])
    truth = BGNBD()
    truth.params_, truth.at_edge_ = DRAWS["BGNBD"][2], ()
    line = ([3], [25.0], [40.0])
    ahead, alive = truth.expected_transactions(20, *line)[0], truth.p_alive(*line)[0]
    new = truth.expected_new(15)[0]
    rng = np.random.default_rng(9)
    covered = np.zeros(3, dtype=int)
    for _ in range(RUNS):
        fitted = BGNBD().fit(*DRAWS["BGNBD"][1](rng))
        for place, (value, (low, high)) in enumerate(
            (
                (ahead, fitted.expected_transactions_interval(20, *line)),
                (alive, fitted.p_alive_interval(*line)),
                (new, fitted.expected_new_interval(15)),
            )
        ):
            covered[place] += low[0] <= value <= high[0]
    assert (covered >= FEWEST).all()
    assert (covered <= MOST).all()


@pytest.mark.parametrize("q", [0.25, 0.6])
def test_spending_of_which_a_few_carry_nearly_all_is_learned_too(q):
    """With q under 1 the mean is infinite: the figures are found all the same, and it is said."""
    x, z = simulated.gammagamma(np.random.default_rng(4), 900, p=1.2, q=q, v=2.0)
    fitted = GammaGamma().fit(x, z)
    assert fitted.at_edge_ == ()
    assert abs(fitted.params_["q"] - q) < 3 * fitted.standard_errors_["q"]
    assert "infinite" in fitted.notes_[-1]
    assert np.isnan(fitted.population_mean())
    assert np.isfinite(fitted.expected_value([3], [10.0])).all()


@pytest.mark.parametrize(("model", "name"), [(BGNBD, "a"), (MBGNBD, "a"), (ParetoNBD, "s")])
def test_customers_of_whom_none_leaves_are_no_estimate_of_leaving(model, name):
    rng = np.random.default_rng(12)
    rate = rng.gamma(1.5, 0.1, 600)
    x = rng.poisson(rate * 40)
    # the last of x purchases spread evenly over the time
    t_x = np.where(x > 0, 40 * rng.random(600) ** (1 / np.maximum(x, 1)), 0.0)
    fitted = model().fit(x, t_x, np.full(600, 40.0))
    if model is BGNBD or fitted.at_edge_:
        assert name in fitted.at_edge_ or "b" in fitted.at_edge_
    assert fitted.at_edge_
    assert np.isnan(list(fitted.standard_errors_.values())).all()
    assert np.isnan(fitted.intervals_[name]).all()
    assert "at its edge" in fitted.notes_[-1]
    low, high = fitted.expected_transactions_interval(10, x[:3], t_x[:3], [40.0] * 3)
    assert np.isnan(low).all()
    assert np.isnan(high).all()
    assert np.isfinite(fitted.expected_transactions(10, x[:3], t_x[:3], [40.0] * 3)).all()
