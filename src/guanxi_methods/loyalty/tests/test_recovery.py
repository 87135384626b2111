"""What data was made with lies in the interval as often as the interval promises."""

import math

import numpy as np
import pytest

from guanxi_methods.loyalty import (
    AttitudinalLoyalty,
    BehaviouralLoyalty,
    FourDegrees,
    LoyaltyMatrix,
    LoyaltyShare,
    NetPromoterScore,
    PriceSensitivity,
    RelationshipStage,
    SatisfactionLoyaltyChange,
    SatisfactionLoyaltyCurve,
    compare_nps,
    incident_tolerance,
    nps_interval,
)

RUNS = 400


def covers(interval, truth):
    """Whether a truth lies in an interval."""
    low, high = interval
    return low <= truth <= high


def holds(hits, runs=RUNS, level=0.95, over=0.0):
    """Whether a count of hits is what the level lets expect, three and a half errors either way.

    ``over``: how much more often than promised an interval may cover, where it is known to be cautious.
    """
    error = 3.5 * math.sqrt(level * (1 - level) / runs)
    return level - error <= hits / runs <= min(1.0, level + error + over)


@pytest.mark.parametrize(("n", "shares"), [(20, (0.2, 0.4, 0.4)), (50, (0.1, 0.3, 0.6)), (200, (0.45, 0.3, 0.25))])
@pytest.mark.parametrize("method", ["adjusted_wald", "score"])
def test_net_promoter_intervals(n, shares, method):
    rng = np.random.default_rng(n)
    runs = 2000 if method == "adjusted_wald" else 500
    truth = 100 * (shares[2] - shares[0])
    drawn = rng.multinomial(n, shares, size=runs)
    assert holds(sum(covers(nps_interval(counts, method=method), truth) for counts in drawn), runs, over=0.01)


def test_the_plain_wald_interval_covers_too_seldom_with_few_answers():
    """Which is why it is not the default (Rocks 2016)."""
    rng = np.random.default_rng(1)
    drawn = rng.multinomial(10, (0.05, 0.15, 0.8), size=2000)
    hits = {m: sum(covers(nps_interval(c, method=m), 75) for c in drawn) / 2000 for m in ("wald", "adjusted_wald")}
    assert hits["wald"] < 0.92 < 0.94 < hits["adjusted_wald"]


@pytest.mark.full
def test_difference_of_two_scores():
    rng = np.random.default_rng(2)
    hits = false_alarms = 0
    for _ in range(RUNS):
        one = NetPromoterScore().fit(rng.choice([3, 8, 10], 60, p=(0.3, 0.3, 0.4)))
        two = NetPromoterScore().fit(rng.choice([3, 8, 10], 80, p=(0.2, 0.3, 0.5)))
        same = NetPromoterScore().fit(rng.choice([3, 8, 10], 80, p=(0.3, 0.3, 0.4)))
        hits += covers(compare_nps(one, two).interval, 20)
        false_alarms += compare_nps(one, same).p_value < 0.05
    assert holds(hits, over=0.01)
    assert false_alarms / RUNS < 0.05 + 3.5 * math.sqrt(0.05 * 0.95 / RUNS)


@pytest.mark.full
def test_shares_of_wallet_and_measures_of_a_log():
    rng = np.random.default_rng(3)
    hits = dict.fromkeys(("share", "mean_share", "purchases", "repeat_rate"), 0)
    for _ in range(RUNS):
        total = rng.gamma(2, 100, 100)
        wallet = LoyaltyShare().fit(total * rng.beta(2, 3, 100), total)
        hits["share"] += covers(wallet.share_.interval, 0.4)
        hits["mean_share"] += covers(wallet.mean_share_.interval, 0.4)
        counts = rng.geometric(0.4, 100)
        customer = np.repeat(np.arange(100), counts)
        day = np.concatenate([np.arange(c) for c in counts])
        bought = BehaviouralLoyalty().fit(customer, day).measures_
        hits["purchases"] += covers(bought["purchases"].interval, 2.5)
        hits["repeat_rate"] += covers(bought["repeat_rate"].interval, 0.6)
    assert {name: count for name, count in hits.items() if not holds(count, over=0.01)} == {}


@pytest.mark.full
def test_attitude_price_incident_and_association():
    rng = np.random.default_rng(4)
    hits = dict.fromkeys(("index", "elasticity", "difference", "phi"), 0)
    for _ in range(RUNS):
        answers = rng.choice([1, 2, 3, 4, 5], (60, 3), p=(0.1, 0.1, 0.2, 0.3, 0.3))
        hits["index"] += covers(AttitudinalLoyalty(scale=(1, 5)).fit(answers).index_.interval, 65)
        customer = np.repeat(np.arange(40), 6)
        price = rng.uniform(8, 12, 240)
        size = np.repeat(rng.normal(4, 1, 40), 6)
        quantity = np.exp(size - 1.4 * np.log(price) + rng.normal(0, 0.2, 240))
        hits["elasticity"] += covers(PriceSensitivity().fit(price, quantity, customer).elasticity_.interval, -1.4)
        had = np.repeat([1, 0], 60)
        stayed = (rng.uniform(size=120) < np.where(had == 1, 0.6, 0.8)).astype(int)
        hits["difference"] += covers(incident_tolerance(had, stayed).difference.interval, -0.2)
        cell = rng.choice(4, 300, p=(0.35, 0.1, 0.15, 0.4))
        one, two = (cell == 0) | (cell == 2), cell < 2
        truth = (0.35 * 0.4 - 0.1 * 0.15) / math.sqrt(0.5 * 0.5 * 0.45 * 0.55)
        found = LoyaltyMatrix(1, 1).fit(one.astype(int), two.astype(int)).association_
        hits["phi"] += covers((found.low, found.high), truth)
    assert {name: count for name, count in hits.items() if not holds(count, over=0.015)} == {}


@pytest.mark.full
def test_curve_slopes_and_zones():
    rng = np.random.default_rng(5)
    runs, hits = 100, dict.fromkeys(("logit", "slope", "fitted"), 0)
    right = 0
    for _ in range(runs):
        x = rng.integers(1, 8, 400).astype(float)
        came_back = (rng.uniform(size=400) < 1 / (1 + np.exp(4 - 0.9 * x))).astype(float)
        curve = SatisfactionLoyaltyCurve(n_bootstrap=100).fit(x, came_back).curves_["all"]
        hits["logit"] += covers(curve.logit_slope.interval, 0.9)
        hits["fitted"] += covers((curve.points[3].fitted_low, curve.points[3].fitted_high), 1 / (1 + math.exp(0.4)))
        line = SatisfactionLoyaltyCurve(n_bootstrap=100).fit(x, 3 * x + rng.normal(0, x, 400)).curves_["all"]
        hits["slope"] += covers(line.slope.interval, 3)
        steps = np.where(x < 3, 0.1, np.where(x < 6, 0.5, 0.95))
        stepped = (rng.uniform(size=400) < steps).astype(float)
        zones = SatisfactionLoyaltyCurve(n_bootstrap=100).fit(x, stepped).curves_["all"].zones
        right += [(zone.low, zone.high) for zone in zones] == [(1, 2), (3, 5), (6, 7)]
    assert holds(hits["logit"], runs)
    assert holds(hits["slope"], runs)
    # the bootstrap of a rising curve is not exact: about the promised rate is what can be had
    assert hits["fitted"] / runs > 0.85
    assert right / runs > 0.93


def test_no_zones_where_there_are_none_and_the_bend_is_told():
    rng = np.random.default_rng(6)
    x = rng.integers(1, 6, 3000).astype(float)
    flat = SatisfactionLoyaltyCurve(n_bootstrap=100).fit(x, rng.normal(50, 10, 3000))
    assert flat.curves_["all"].zones == ()
    assert any("zones" in note for note in flat.notes_)
    market = np.where(np.arange(3000) % 2 == 0, "open", "held")
    bent = np.where(market == "open", (x - 1) ** 2 / 16, 1 - (5 - x) ** 2 / 16)
    came_back = (rng.uniform(size=3000) < bent * 0.8 + 0.1).astype(float)
    curves = SatisfactionLoyaltyCurve(n_bootstrap=100).fit(x, came_back, market).curves_
    assert curves["open"].curvature.low > 0
    assert curves["held"].curvature.high < 0


@pytest.mark.full
def test_change_of_satisfaction_and_loyalty():
    rng = np.random.default_rng(7)
    hits = dict.fromkeys(("rise", "fall", "asymmetry"), 0)
    false_alarms = 0
    for _ in range(RUNS):
        moved = rng.integers(-3, 4, 120).astype(float)
        base = rng.normal(50, 10, 120)
        change = 2 * np.maximum(moved, 0) + 5 * np.minimum(moved, 0) + rng.normal(0, 3, 120)
        link = SatisfactionLoyaltyChange().fit(np.full(120, 5.0), 5 + moved, base, base + change)
        hits["rise"] += covers(link.rise_slope_.interval, 2)
        hits["fall"] += covers(link.fall_slope_.interval, 5)
        hits["asymmetry"] += covers(link.asymmetry_.interval, 3)
        even = SatisfactionLoyaltyChange().fit(np.zeros(120), moved, base, base + 3 * moved + rng.normal(0, 3, 120))
        false_alarms += even.asymmetry_p_ < 0.05
    assert {name: count for name, count in hits.items() if not holds(count, over=0.01)} == {}
    assert false_alarms / RUNS < 0.05 + 3.5 * math.sqrt(0.05 * 0.95 / RUNS)


def steady_log(rng, customers, rates, until):
    """Purchases at constant rates from day 0 to each customer's last day."""
    counts = rng.poisson(rates * until)
    return (
        np.concatenate([np.arange(customers), np.repeat(np.arange(customers), counts)]),
        np.concatenate([np.zeros(customers, int), rng.uniform(0, np.repeat(until, counts)).astype(int)]),
    )


def test_who_is_active_is_seldom_called_lost_and_who_left_is_found():
    rng = np.random.default_rng(8)
    size, end = 4000, 720
    rates = rng.gamma(6, 1 / 180, size)
    is_gone = np.arange(size) % 2 == 0
    customer, day = steady_log(rng, size, rates, np.where(is_gone, 360, end))
    found = RelationshipStage(alpha=0.1).fit(customer, day, at=end)
    silent = found.reasons_ == "silent"
    assert silent[~is_gone].mean() < 0.13
    assert silent[is_gone].mean() > 0.9
    fallen = found.reasons_[~is_gone] == "falling"
    assert fallen.mean() < 0.1


def test_growing_relations_are_in_build_up():
    rng = np.random.default_rng(9)
    customer, day = [], []
    for one in range(300):
        days = {0, *(720 * rng.beta(3, 1, 20)).astype(int).tolist()}
        customer += [one] * len(days)
        day += sorted(days)
    found = RelationshipStage().fit(customer, day, at=720)
    assert found.counts_["build_up"] > 270


@pytest.mark.full
def test_degrees():
    rng = np.random.default_rng(10)
    hits = dict.fromkeys(("satisfaction", "retention", "contribution", "rank"), 0)
    for _ in range(RUNS):
        group = rng.choice(["a", "b"], 200, p=(0.3, 0.7))
        profit = rng.gamma(3, np.where(group == "a", 200, 50), 200)
        pleased = rng.normal(50, 10, 200)
        loyal = 0.6 * pleased + rng.normal(20, 8, 200)
        stayed = (rng.uniform(size=200) < 0.8).astype(int)
        four = FourDegrees().fit(np.clip(pleased, 0, 100), np.clip(loyal, 0, 100), stayed, profit, group)
        everybody = four.degrees_["all"]
        hits["satisfaction"] += covers(everybody.satisfaction.interval, 50)
        hits["retention"] += covers(everybody.retention.interval, 80)
        hits["contribution"] += covers(four.degrees_["a"].contribution.interval, 100 * 0.3 * 600 / (180 + 105))
        # Spearman's correlation of a bivariate normal whose own is 0.6
        truth = 6 / math.pi * math.asin(0.6 / 2)
        hits["rank"] += covers(four.together_["satisfaction", "loyalty"].interval, truth)
    assert {name: count for name, count in hits.items() if not holds(count, over=0.01)} == {}
