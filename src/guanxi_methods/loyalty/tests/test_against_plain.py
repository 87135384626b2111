"""Each method gives what its plain second implementation gives, on random data."""

import math

import numpy as np
import pytest

from guanxi_methods.loyalty import (
    AttitudinalLoyalty,
    BehaviouralLoyalty,
    FourDegrees,
    LoyaltyLadder,
    LoyaltyMatrix,
    LoyaltyTypes,
    NetPromoterScore,
    PriceSensitivity,
    RelationshipStage,
    SatisfactionLoyaltyChange,
    SatisfactionLoyaltyCurve,
    SatisfactionLoyaltyMatrix,
    nps_interval,
    proportion,
)
from guanxi_methods.loyalty.levels import best_zones, fractional_logit, rising_fit
from guanxi_methods.loyalty.tests import plain

SEEDS = range(6)


@pytest.mark.parametrize("seed", SEEDS)
def test_net_promoter_score(seed):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 11, rng.integers(3, 60)).tolist()
    found = NetPromoterScore().fit(scores)
    assert (found.nps_, found.standard_error_) == pytest.approx(plain.nps(scores))
    assert found.interval_ == pytest.approx(plain.adjusted_wald(scores))
    counts = [sum(s <= 6 for s in scores), sum(6 < s < 9 for s in scores), sum(s >= 9 for s in scores)]
    for end, edge in zip(nps_interval(counts, method="score"), (1.959964, -1.959964), strict=True):
        if abs(end) < 100:
            assert plain.score_statistic(*counts, end / 100) == pytest.approx(edge, abs=1e-4)


def test_weighted_answers_count_as_often_as_they_weigh():
    scores, weights = [10, 9, 7, 3], [3, 2, 1, 2]
    weighted = NetPromoterScore().fit(scores, weights=weights)
    repeated = NetPromoterScore().fit(np.repeat(scores, weights))
    assert weighted.nps_ == pytest.approx(repeated.nps_)
    assert weighted.n_effective_ == pytest.approx(64 / 18)
    assert weighted.interval_[0] < repeated.interval_[0], "few answers, however weighted, say less"


@pytest.mark.parametrize(("successes", "trials"), [(0, 7), (3, 7), (7, 7), (25, 400)])
def test_wilson(successes, trials):
    assert proportion(successes, trials).interval == pytest.approx(plain.wilson(successes, trials))


@pytest.mark.parametrize("seed", SEEDS)
def test_behaviour(seed):
    rng = np.random.default_rng(seed)
    rows = [
        (int(c), int(d), int(p)) for c, d, p in zip(*rng.integers((0, 0, 0), (25, 400, 5), (150, 3)).T, strict=True)
    ]
    customer, day, product = (np.array(column) for column in zip(*rows, strict=True))
    found = BehaviouralLoyalty(window_days=100).fit(customer, day, product=product, at=400)
    assert {name: one.value for name, one in found.measures_.items()} == pytest.approx(plain.behaviour(rows, 100, 400))


def test_full_price_share_is_weighted_by_money():
    found = BehaviouralLoyalty().fit(["a", "a", "b"], [1, 2, 3], amount=[10, 30, 60], full_price=[1, 0, 1])
    assert found.measures_["full_price_share"].value == pytest.approx(0.7)
    assert found.customers_["full_price_share"].tolist() == [0.25, 1.0]


@pytest.mark.parametrize("seed", SEEDS)
def test_attitude(seed):
    rng = np.random.default_rng(seed)
    answers = np.where(rng.uniform(size=(40, 3)) < 0.1, np.nan, rng.integers(1, 8, (40, 3)).astype(float))
    found = AttitudinalLoyalty(scale=(1, 7), reverse=("x2",)).fit(answers)
    scores = []
    for row in answers:
        told = [100 * ((7 - v) if at == 1 else (v - 1)) / 6 for at, v in enumerate(row) if v == v]
        scores.append(sum(told) / len(told) if told else math.nan)
    assert found.score_ == pytest.approx(scores, nan_ok=True)
    assert found.index_.value == pytest.approx(np.nanmean(scores))
    for at, item in enumerate(found.items_):
        told = [v for v in answers[:, at] if v == v]
        assert item.mean.value == pytest.approx(sum(told) / len(told))
        assert item.top_box.value == pytest.approx(sum(v <= 2 if at == 1 else v >= 6 for v in told) / len(told))
    whole = answers[~np.isnan(answers).any(axis=1)] * np.array([1, -1, 1])
    assert found.alpha_ == pytest.approx(
        3 / 2 * (1 - sum(np.var(whole[:, k], ddof=1) for k in range(3)) / np.var(whole.sum(axis=1), ddof=1))
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_price_sensitivity_equals_a_regression_with_a_column_for_each_customer(seed):
    rng = np.random.default_rng(seed)
    customer = np.repeat(np.arange(8), 5)
    price = rng.uniform(5, 9, 40)
    quantity = rng.lognormal(2, 0.3, 40) * price**-0.8
    design = np.column_stack([np.log(price), *(customer == c for c in range(8))])
    beta, *_ = np.linalg.lstsq(design, np.log(quantity), rcond=None)
    residual = np.log(quantity) - design @ beta
    x = np.log(price) - np.array([np.log(price[customer == c]).mean() for c in customer])
    sums = [sum(x[customer == c] * residual[customer == c]) for c in range(8)]
    found = PriceSensitivity().fit(price, quantity, customer).elasticity_
    assert found.value == pytest.approx(beta[0])
    assert found.standard_error == pytest.approx(math.sqrt(8 / 7 * sum(s * s for s in sums)) / sum(x * x))


@pytest.mark.parametrize("seed", SEEDS)
def test_matrices(seed):
    rng = np.random.default_rng(seed)
    one, two = rng.integers(0, 9, 50), rng.integers(0, 9, 50)
    found = LoyaltyMatrix(behaviour_cut=4, attitude_cut="mean").fit(one, two)
    names = {(True, True): "absolute", (False, True): "latent", (True, False): "inertia", (False, False): "none"}
    assert found.labels_.tolist() == [names[bool(a >= 4), bool(b >= two.mean())] for a, b in zip(one, two, strict=True)]
    assert found.association_.phi == pytest.approx(np.corrcoef(one >= 4, two >= two.mean())[0, 1])
    other = SatisfactionLoyaltyMatrix(4, 5).fit(one, two)
    names = {(True, True): "apostle", (False, True): "hostage", (True, False): "mercenary", (False, False): "defector"}
    assert other.labels_.tolist() == [names[bool(a >= 4), bool(b >= 5)] for a, b in zip(one, two, strict=True)]


@pytest.mark.parametrize("seed", SEEDS)
def test_types_and_what_they_would_be_with_what_is_missing(seed):
    rng = np.random.default_rng(seed)
    figures = rng.integers(0, 6, (60, 5)).astype(float)
    figures[rng.uniform(size=figures.shape) < 0.08] = np.nan
    cuts = (3, 3, 1, 3, 3)
    found = LoyaltyTypes(*cuts).fit(*figures.T)
    for row, told in enumerate(figures):
        possible = {()}
        for value, cut in zip(told, cuts, strict=True):
            sides = (True, False) if value != value else (bool(value >= cut),)
            possible = {(*before, side) for before in possible for side in sides}
        types = {plain.loyalty_type(*sides) for sides in possible}
        assert found.labels_[row] == (types.pop() if len(types) == 1 else "unknown")
        for place, evidence in enumerate(found.evidence(row)):
            if evidence.decides:
                sides = [bool(v >= c) for v, c in zip(told, cuts, strict=True)]
                sides[place] = not sides[place]
                assert plain.loyalty_type(*sides) == evidence.otherwise != found.labels_[row]


@pytest.mark.parametrize("seed", SEEDS)
def test_ladder(seed):
    rng = np.random.default_rng(seed)
    counts = rng.integers((0, 0, 0, 0, 0), (7, 2, 2, 2, 2), (80, 5))
    share = rng.uniform(0, 1, 80)
    found = LoyaltyLadder().fit(counts[:, 0], counts[:, 1], counts[:, 2], share, counts[:, 3], counts[:, 4])
    told = [plain.rung(c[0], c[1], c[2], s, c[3], c[4], 4, 0.5) for c, s in zip(counts.tolist(), share, strict=True)]
    assert found.labels_.tolist() == told
    assert found.counts_ == {name: told.count(name) for name in found.counts_}


@pytest.mark.parametrize("seed", SEEDS)
def test_stages(seed):
    rng = np.random.default_rng(seed)
    customer, day = rng.integers(0, 40, 220), (400 * rng.beta(1, rng.uniform(0.7, 1.5), 220)).astype(int)
    found = RelationshipStage().fit(customer, day, at=420)
    days = {c: day[customer == c].tolist() for c in sorted(set(customer.tolist()))}
    spans = [(len(set(d)) - 1, max(d) - min(d)) for d in days.values()]
    interval = sum(span for _, span in spans) / sum(n for n, _ in spans)
    assert found.mean_interval_days_ == pytest.approx(interval)
    assert found.labels_.tolist() == [plain.stage(d, 420, interval, 0.1, 3, 5, 2.0) for d in days.values()]
    assert len(set(found.labels_.tolist())) > 2


@pytest.mark.parametrize("seed", SEEDS)
def test_rising_fit_and_zones(seed):
    rng = np.random.default_rng(seed)
    x = np.repeat(np.arange(7), rng.integers(5, 20, 7)).astype(float)
    y = np.where(x < 2, 1.0, np.where(x < 5, 2.0, 4.0)) + rng.normal(0, rng.uniform(0.3, 3), x.size)
    weights = np.bincount(x.astype(int)).astype(float)
    means = np.bincount(x.astype(int), weights=y) / weights
    within = float(((y - means[x.astype(int)]) ** 2).sum())
    assert rising_fit(means, weights).tolist() == pytest.approx(plain.rising(means.tolist(), weights.tolist()))
    assert best_zones(means, weights, within) == plain.zones(x.tolist(), y.tolist())


@pytest.mark.parametrize("seed", SEEDS)
def test_logistic_slope_is_where_the_likelihood_is_highest(seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 8, 90).astype(float)
    y = (rng.uniform(size=90) < 1 / (1 + np.exp(3 - 0.7 * x))).astype(float)
    (a, b), covariance = fractional_logit(x, y)

    def likelihood(a, b):
        return float(sum(v * (a + b * u) - math.log1p(math.exp(a + b * u)) for u, v in zip(x, y, strict=True)))

    for step in (1e-3, -1e-3):
        assert likelihood(a, b) > likelihood(a + step, b)
        assert likelihood(a, b) > likelihood(a, b + step)
    fitted = 1 / (1 + np.exp(-a - b * x))
    design = np.column_stack([np.ones(90), x])
    bread = np.linalg.inv(design.T @ (design * (fitted * (1 - fitted))[:, None]))
    score = design * (y - fitted)[:, None]
    assert covariance == pytest.approx(bread @ score.T @ score @ bread)


@pytest.mark.parametrize("seed", SEEDS)
def test_curve_and_change_equal_least_squares_by_hand(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(1, 6, 50).astype(float), rng.normal(0, 1, 50)
    y += 0.4 * x
    curve = SatisfactionLoyaltyCurve(n_bootstrap=100).fit(x, y).curves_["all"]
    (_, slope), (_, error) = plain.least_squares([[1.0, v] for v in x], y.tolist())
    assert (curve.slope.value, curve.slope.standard_error) == pytest.approx((slope, error))
    centre = x.mean()
    beta, errors = plain.least_squares([[1.0, v - centre, (v - centre) ** 2] for v in x], y.tolist())
    assert (curve.curvature.value, curve.curvature.standard_error) == pytest.approx((beta[2], errors[2]))
    for point in curve.points:
        assert point.loyalty.value == pytest.approx(y[x == point.satisfaction].mean())
    moved = rng.integers(-3, 4, 50).astype(float)
    link = SatisfactionLoyaltyChange().fit(np.zeros(50), moved, np.zeros(50), y)
    beta, errors = plain.least_squares([[1.0, max(m, 0.0), min(m, 0.0)] for m in moved], y.tolist())
    assert (link.rise_slope_.value, link.fall_slope_.value) == pytest.approx((beta[1], beta[2]))
    assert (link.rise_slope_.standard_error, link.fall_slope_.standard_error) == pytest.approx((errors[1], errors[2]))
    assert link.asymmetry_.value == pytest.approx(beta[2] - beta[1])
    assert link.table_.sum() == 50
    assert link.table_[0, 2] == sum((moved < 0) & (y > 0))
    assert link.by_direction_["rose"].value == pytest.approx(y[moved > 0].mean())


@pytest.mark.parametrize("seed", SEEDS)
def test_degrees(seed):
    rng = np.random.default_rng(seed)
    pleased, loyal = rng.integers(1, 6, 40).astype(float), rng.integers(0, 11, 40).astype(float)
    stayed, profit, group = rng.integers(0, 2, 40), rng.normal(100, 60, 40), rng.integers(0, 3, 40)
    found = FourDegrees((1, 5), (0, 10)).fit(pleased, loyal, stayed, profit, group)
    for name, rows in [("all", group >= 0), *((str(g), group == g) for g in range(3))]:
        one = found.degrees_[name]
        assert one.satisfaction.value == pytest.approx(np.mean([25 * (v - 1) for v in pleased[rows]]))
        assert one.loyalty.value == pytest.approx(np.mean([10 * v for v in loyal[rows]]))
        assert one.retention.value == pytest.approx(100 * stayed[rows].mean())
        assert one.contribution.value == pytest.approx(100 * profit[rows].sum() / profit.sum())
    ranks = [np.array([sum(o < v for o in c) + (sum(o == v for o in c) + 1) / 2 for v in c]) for c in (pleased, loyal)]
    assert found.together_["satisfaction", "loyalty"].value == pytest.approx(np.corrcoef(*ranks)[0, 1])
