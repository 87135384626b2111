"""The same figures by a second, plain implementation and by other routes."""

import numpy as np
import pytest

from guanxi_methods.value.lifetime import (
    BGBB,
    BGNBD,
    MBGNBD,
    GammaGamma,
    ParetoNBD,
    ShiftedBetaGeometric,
    buying_history,
    renewals_of,
    stopping,
)
from guanxi_methods.value.lifetime.pareto import _nodes
from guanxi_methods.value.lifetime.tests import plain, simulated
from guanxi_methods.value.lifetime.tests.test_published import HIGH_END, with_params

CONTINUOUS = [(BGNBD, plain.bgnbd, simulated.bgnbd), (MBGNBD, plain.mbgnbd, simulated.mbgnbd)]
LINES = [(0, 0.0, 30.0), (0, 0.0, 0.0), (1, 3.0, 30.0), (3, 29.5, 30.0), (12, 11.0, 40.0), (2, 8.0, 8.0)]


def log_likelihood(model_class, params, x, t_x, T):
    """The log-likelihood of given parameters, as the model computes it."""
    from guanxi_methods.value.lifetime.summaries import Lines

    columns = (np.array([x]), np.array([t_x]), np.array([T]), np.ones(1))
    return model_class()._objective(Lines(*columns))(np.log(params))[0]


@pytest.mark.parametrize(("model", "second", "draw"), CONTINUOUS, ids=["BGNBD", "MBGNBD"])
def test_likelihood_of_each_line(model, second, draw):
    for params in ((0.243, 4.4, 0.8, 2.4), (2.5, 30.0, 5.0, 0.3)):
        for line in LINES:
            if line[0]:
                assert log_likelihood(model, params, *line) == pytest.approx(second(params, *line), rel=1e-12), line


@pytest.mark.full
@pytest.mark.parametrize(("model", "second", "draw"), CONTINUOUS, ids=["BGNBD", "MBGNBD"])
def test_the_top_is_the_highest_that_a_search_without_derivatives_finds_from_many_starts(model, second, draw):
    rng = np.random.default_rng(5)
    x, t_x, T = draw(rng, 150)
    lines = list(zip(x.tolist(), t_x.tolist(), T.tolist(), strict=True))
    fitted = model().fit(x, t_x, T)
    starts = np.exp(rng.normal(0.5, 1, (4, 4))).tolist()
    best, _ = plain.highest(lambda params: sum(second(params, *line) for line in lines), starts)
    assert fitted.log_likelihood_ == pytest.approx(best, abs=1e-4)
    assert fitted.log_likelihood_ >= best - 1e-7


def test_pareto_likelihood_and_p_alive_by_integrating_over_the_rate_of_leaving():
    for params in ((0.55, 10.6, 0.6, 11.7), (1.4, 5.0, 2.0, 3.0)):
        model = with_params(ParetoNBD, *params)
        for line in LINES[2:5]:
            assert log_likelihood(ParetoNBD, params, *line) == pytest.approx(plain.pareto(params, *line), abs=1e-7)
            assert float(model.p_alive(*line)[0]) == pytest.approx(plain.pareto_alive(params, *line), abs=1e-7)


def test_pareto_integral_over_the_whole_range_of_parameters():
    """Gauss and Legendre with 32 nodes against 16 times as many pieces, from .001 to 1000 and up to x = 1000."""
    rng = np.random.default_rng(11)
    points, weights = np.polynomial.legendre.leggauss(24)
    for _ in range(80):
        r, alpha, s, beta = params = np.exp(rng.uniform(-7, 7, 4))
        x = int(rng.choice([0, 1, 3, 30, 1000]))
        T = float(np.exp(rng.uniform(-3, 6)))
        t_x = T * rng.random() if x else 0.0
        found = _nodes(params, np.array([x]), np.array([t_x]), np.array([T]))[0][0]
        least = min(alpha, beta)
        low, high = np.log(t_x + least), np.log(T + least)
        edges = low + (high - low) * np.concatenate(([0], np.logspace(-8, 0, 400)))
        half = np.diff(edges)[:, None] / 2
        u = edges[:-1, None] + half * (points + 1)
        tau = np.exp(u) - least
        height = u - (r + x) * np.log(alpha + tau) - (s + 1) * np.log(beta + tau)
        top = height.max()
        assert found == pytest.approx(top + np.log((np.exp(height - top) * weights * half).sum()), abs=1e-10), params


def test_expected_purchases_by_sum_and_by_quadrature():
    """Two routes to the same expectation: over purchases, and over the probability of leaving."""
    rng = np.random.default_rng(3)
    tried = 0
    for _ in range(80):
        a, b = np.exp(rng.uniform(-8, 6)), np.exp(rng.uniform(-5, 6, 1))
        shape, ratio = np.exp(rng.uniform(-3, 6, 1)), np.exp(rng.uniform(-6, 3, 1))
        mean, square = stopping._series(shape, ratio, a, b)
        if np.isfinite(mean[0]):
            tried += 1
            by_nodes, square_by_nodes = stopping._quadrature(shape, ratio, a, b)
            assert by_nodes[0] == pytest.approx(mean[0], rel=1e-9), (a, b, shape, ratio)
            assert square_by_nodes[0] == pytest.approx(square[0], rel=1e-3), (a, b, shape, ratio)
    assert tried > 40


@pytest.mark.full
def test_expectations_by_integrating_over_rate_and_probability():
    for params, line in (((0.5, 5.0, 0.9, 2.5), (2, 20.0, 30.0)), ((1.5, 8.0, 1.0, 1.2), (0, 0.0, 25.0))):
        r, alpha, a, b = params
        x, _t_x, T = line
        for model, first in ((with_params(BGNBD, *params), 0), (with_params(MBGNBD, *params), 1)):
            ahead = plain.stopped(r + x, alpha + T, a, b + x + first, 15.0) * model.p_alive(*line)[0]
            assert float(model.expected_transactions(15, *line)[0]) == pytest.approx(ahead, rel=1e-5)
        new = plain.stopped(r, alpha, a, b + 1, 40.0) * b / (a + b)
        assert float(with_params(MBGNBD, *params).expected_new(40)[0]) == pytest.approx(new, rel=1e-5)


@pytest.mark.parametrize(
    ("model", "params"),
    [(BGNBD, (0.4, 5.0, 1.0, 2.5)), (MBGNBD, (0.4, 5.0, 0.7, 2.5)), (ParetoNBD, (0.5, 9.0, 1.0, 12.0))],
    ids=["BGNBD", "MBGNBD", "ParetoNBD"],
)
def test_expectation_is_the_sum_of_the_counts_chances_and_dert_its_discounted_growth(model, params):
    """Also where the closed forms divide 0 by 0, at a = 1 and s = 1."""
    fitted = with_params(model, *params)
    values, x, t_x, T = fitted._values(), np.array([3]), np.array([22.0]), np.array([30.0])
    alive = fitted._alive(values, x, t_x, T)[0]
    chances = [fitted._at_least_if_alive(values, np.array([20.0]), np.array([k]), x, T)[0] for k in range(1, 50)]
    expected = float(fitted.expected_transactions(20, x, t_x, T)[0])
    assert alive * sum(chances) == pytest.approx(expected, rel=1e-7)
    squares = fitted._moments_if_alive(values, np.array([20.0]), x, T)[1][0]
    assert sum((2 * k - 1) * chance for k, chance in enumerate(chances, start=1)) == pytest.approx(squares, rel=1e-6)
    points, weights = np.polynomial.laguerre.laggauss(40)
    ones = np.ones(points.size)
    growth = weights @ fitted.expected_transactions(points / 0.2, ones * 3, ones * 22, ones * 30)
    assert float(fitted.discounted_transactions(0.2, x, t_x, T)[0]) == pytest.approx(growth, rel=1e-6)
    low, high = fitted.prediction_interval(20, x, t_x, T)
    over = [1.0] + [alive * chance for chance in chances]
    assert int(high[0]) == next(k for k in range(50) if over[k + 1] <= 0.025 + 1e-12)
    assert int(low[0]) == next(k for k in range(50) if over[k + 1] <= 0.975)


def test_pareto_dert_by_the_closed_form():
    """Fader, Hardie & Lee 2005, JMR 42, eq. 2: with Tricomi's confluent hypergeometric function."""
    from scipy.special import gammaln, hyperu

    r, alpha, s, beta = params = (0.553, 10.578, 0.606, 11.669)
    delta, (x, t_x, T) = 0.0027, (3, 20.0, 38.0)
    likelihood = log_likelihood(ParetoNBD, params, x, t_x, T)
    closed = np.exp(
        r * np.log(alpha) + s * np.log(beta) + (s - 1) * np.log(delta) + gammaln(r + x + 1) - gammaln(r)
        - (r + x + 1) * np.log(alpha + T) - likelihood
    ) * hyperu(s, s, delta * (beta + T))  # fmt: skip
    found = with_params(ParetoNBD, *params).discounted_transactions(delta, x, t_x, T)
    assert float(found[0]) == pytest.approx(float(closed), rel=1e-7)


def test_bgbb_likelihood_expectation_and_dert():
    params = (1.2, 0.75, 0.66, 2.78)
    model = with_params(BGBB, *params)
    for row in ((0, 0, 6), (2, 4, 6), (6, 6, 6), (3, 5, 9)):
        ahead = float(model.expected_transactions(5, *row)[0])
        assert ahead == pytest.approx(plain.bgbb_ahead(params, *row, 5), rel=1e-10)
        totals = [float(model.expected_transactions(k, *row)[0]) for k in range(61)]
        whole = sum((totals[k] - totals[k - 1]) / 1.5**k for k in range(1, 61))
        assert float(model.discounted_transactions(0.5, *row)[0]) == pytest.approx(whole, rel=1e-9)
    rng = np.random.default_rng(2)
    x, t_x, n = simulated.bgbb(rng, 200)
    fitted = BGBB().fit(x, t_x, n)
    rows = list(zip(x.tolist(), t_x.tolist(), n.tolist(), strict=True))
    total = sum(plain.bgbb(list(fitted.params_.values()), *row) for row in rows)
    assert fitted.log_likelihood_ == pytest.approx(total, abs=1e-8)


def test_gammagamma_density_by_integrating_over_the_rate():
    rng = np.random.default_rng(2)
    x, z = simulated.gammagamma(rng, 40)
    fitted = GammaGamma().fit(x, z)
    params = list(fitted.params_.values())
    total = sum(plain.gammagamma(params, *row) for row in zip(x.tolist(), z.tolist(), strict=True))
    assert fitted.log_likelihood_ == pytest.approx(total, abs=1e-6)


def test_sbg_likelihood_and_discounted_lifetime():
    """The likelihood by chances of leaving; the expected lifetime by its 2F1 (Fader & Hardie 2010)."""
    from scipy.special import hyp2f1

    fitted = ShiftedBetaGeometric().fit(**renewals_of(HIGH_END))
    alpha, beta = fitted.params_.values()
    assert fitted.log_likelihood_ == pytest.approx(plain.sbg((alpha, beta), HIGH_END), abs=1e-8)
    assert fitted.discounted_lifetime(0.1) == pytest.approx(hyp2f1(1, beta, alpha + beta, 1 / 1.1), rel=1e-10)
    residual = (beta + 3) / (alpha + beta + 3) * hyp2f1(1, beta + 4, alpha + beta + 4, 1 / 1.1)
    assert fitted.discounted_lifetime(0.1, renewals=3) == pytest.approx(residual, rel=1e-10)
    assert fitted.survival([4])[0] == pytest.approx(np.prod(fitted.retention([1, 2, 3, 4])))


@pytest.mark.parametrize("model", [BGNBD, MBGNBD, ParetoNBD, BGBB, GammaGamma, ShiftedBetaGeometric])
def test_slopes_and_bends_by_differences(model):
    """Gradient and second derivatives of every likelihood against central differences."""
    from guanxi_methods.value.lifetime import bgbb, gamma_gamma, retention
    from guanxi_methods.value.lifetime.summaries import as_lines

    rng = np.random.default_rng(4)
    if model is GammaGamma:
        x, z = simulated.gammagamma(rng, 30)
        objective = gamma_gamma._objective(*gamma_gamma._distinct(x, z, np.ones(30)))
    elif model is ShiftedBetaGeometric:
        objective = retention._objective(np.array([80.0, 60, 50]), np.array([20.0, 11, 3]))
    elif model is BGBB:
        objective = bgbb._objective(as_lines(*simulated.bgbb(rng, 60)))
    else:
        draw = {BGNBD: simulated.bgnbd, MBGNBD: simulated.mbgnbd, ParetoNBD: simulated.pareto}[model]
        objective = model()._objective(as_lines(*draw(rng, 60)))
    logs = rng.normal(0.3, 0.5, len(model.PARAMS))
    _, gradient, hessian = objective(logs)
    for place in range(logs.size):
        moved = np.zeros(logs.size)
        moved[place] = 1e-5
        above, below = objective(logs + moved), objective(logs - moved)
        assert gradient[place] == pytest.approx((above[0] - below[0]) / 2e-5, rel=1e-5, abs=1e-5)
        assert hessian[place] == pytest.approx((above[1] - below[1]) / 2e-5, rel=1e-5, abs=1e-5)


def test_history_by_a_plain_count():
    rng = np.random.default_rng(8)
    customers = rng.integers(0, 60, 500)
    days = 20000 + rng.integers(0, 300, 500)
    amounts = np.round(rng.normal(20, 15, 500), 2)
    found = buying_history(customers, days, amounts, unit="day", calibration_end=20180)
    expected = plain.history(zip(customers.tolist(), days.tolist(), amounts.tolist(), strict=True), 20180)
    assert found.customers.tolist() == list(expected)
    for place, (x, t_x, T, mean, later) in enumerate(expected.values()):
        assert (found.x[place], found.t_x[place], found.T[place], found.holdout_x[place]) == (x, t_x, T, later)
        assert (mean is None) == bool(np.isnan(found.mean_value[place]))
        assert mean is None or found.mean_value[place] == pytest.approx(mean)


@pytest.mark.parametrize("model", [BGNBD, MBGNBD, ParetoNBD])
def test_another_unit_of_time_changes_nothing_but_the_unit(model):
    draw = {BGNBD: simulated.bgnbd, MBGNBD: simulated.mbgnbd, ParetoNBD: simulated.pareto}[model]
    x, t_x, T = draw(np.random.default_rng(6), 200)
    weeks, days = model().fit(x, t_x, T), model().fit(x, 7 * t_x, 7 * T)
    for name, power in zip(model.PARAMS, model._TIME_POWERS, strict=True):
        assert days.params_[name] == pytest.approx(7**power * weeks.params_[name], rel=1e-6)
    assert days.log_likelihood_ == pytest.approx(weeks.log_likelihood_ - np.log(7) * x.sum(), rel=1e-12)
    assert days.expected_transactions(70, x, 7 * t_x, 7 * T) == pytest.approx(
        weeks.expected_transactions(10, x, t_x, T), rel=1e-5
    )
