"""Back-test over rolling origins, drift, the kinds of loss."""

import numpy as np
import pytest

from guanxi_methods.churn import (
    DEFAULT_RULES,
    ChurnKinds,
    Drift,
    EarlyWarning,
    RollingBackTest,
    Rule,
    cost_of_poor_service,
    population_stability_index,
)
from guanxi_methods.errors import MethodError, TooFewError


def history(rng, periods=5, size=400, turn=None):
    """Customers by period; from the period `turn` on, what made them leave makes them stay."""
    period = np.repeat(np.arange(1, periods + 1), size)
    months, calls = rng.integers(1, 40, period.size), rng.poisson(2, period.size)
    effect = np.where(period >= (turn or periods + 1), -1, 1) * (0.5 * (calls - 2) - 0.05 * (months - 20))
    left = rng.random(period.size) < 1 / (1 + np.exp(1 - effect))
    return {"months": months, "calls": calls}, left, period


KNOWN = {"model": "logistic", "known_before": ("months", "calls")}


def test_each_origin_learns_from_what_lies_before_it_alone():
    table, left, period = history(np.random.default_rng(1))
    test = RollingBackTest(origins=3, **KNOWN).fit(table, left, period)
    assert [one.period for one in test.origins_] == ["3", "4", "5"]
    assert [one.trained_on for one in test.origins_] == [800, 1200, 1600]
    # The first origin by hand.
    before, inside = period < 3, period == 3
    model = EarlyWarning(**KNOWN).fit({k: v[before] for k, v in table.items()}, left[before])
    stated = model.predict({k: v[inside] for k, v in table.items()})
    assert test.origins_[0].mean_stated == pytest.approx(stated.mean())
    assert test.origins_[0].events == left[inside].sum()
    assert test.auc_.value > 0.65
    assert "1 periods were not tested" in test.notes_[0]
    waiting = RollingBackTest(origins=3, gap=1, **KNOWN).fit(table, left, period)
    assert [one.trained_on for one in waiting.origins_] == [400, 800, 1200]


def test_a_world_that_turned_shows_in_the_back_test_and_not_in_a_random_hold_out():
    table, left, period = history(np.random.default_rng(2), turn=5)
    test = RollingBackTest(**KNOWN).fit(table, left, period)
    assert test.origins_[-1].auc.value < 0.4
    assert test.origins_[0].auc.value > 0.65
    assert test.auc_spread_ > 0.1


def test_what_cannot_be_back_tested_is_said():
    table, left, period = history(np.random.default_rng(3), periods=2)
    with pytest.raises(TooFewError, match="no period can be tested"):
        RollingBackTest(**KNOWN).fit(table, left, np.ones(left.size))
    for wrong, told in (({"origins": 0}, "origins must be"), ({"gap": -1}, "gap must be")):
        with pytest.raises(MethodError, match=told):
            RollingBackTest(**wrong).fit(table, left, period)
    single = RollingBackTest(**KNOWN).fit(table, left, period)
    assert single.auc_spread_ is None
    assert any("one period was tested" in note for note in single.notes_)


def test_stability_index_by_hand():
    # (.3 - .2) ln 1.5 + 0 + (.4 - .5) ln .8
    assert population_stability_index([200, 300, 500], [300, 300, 400]) == pytest.approx(
        0.1 * np.log(1.5) - 0.1 * np.log(0.8)
    )
    assert population_stability_index([5, 5], [50, 50]) == 0
    assert population_stability_index([10, 0], [10, 10]) == pytest.approx(
        (10.5 / 21 - 10.5 / 11) * np.log((10.5 / 21) / (10.5 / 11)) + (0.5 - 0.5 / 11) * np.log(0.5 / (0.5 / 11))
    )
    for e, a, told in (([1], [1, 2], "cells"), ([-1], [1], "negative"), ([0], [1], "nothing is counted")):
        with pytest.raises(MethodError, match=told):
            population_stability_index(e, a)


def test_columns_that_moved_are_named_and_others_are_not():
    rng = np.random.default_rng(4)
    plans = np.array(["card", "cash", "loan"], dtype=object)

    def taken(shift, shares, gaps):
        """A table."""
        fee = rng.normal(50 + shift, 10, 800)
        fee[rng.random(800) < gaps] = np.nan
        return {"fee": fee, "plan": rng.choice(plans, 800, p=shares), "age": rng.normal(40, 9, 800)}

    same = Drift().fit(taken(0, [0.5, 0.3, 0.2], 0.1), taken(0, [0.5, 0.3, 0.2], 0.1))
    assert same.moved_ == ()
    moved = Drift().fit(taken(0, [0.5, 0.3, 0.2], 0.1), taken(8, [0.2, 0.3, 0.5], 0.1))
    assert moved.moved_ == ("fee", "plan") or moved.moved_ == ("plan", "fee")
    assert {one.column: one.test for one in moved.columns_} == {
        "fee": "kolmogorov-smirnov", "plan": "chi-square", "age": "kolmogorov-smirnov",
    }  # fmt: skip
    # Gaps that come up are a change of the index even where the numbers given are the same.
    gaps = Drift().fit(taken(0, [0.5, 0.3, 0.2], 0.0), taken(0, [0.5, 0.3, 0.2], 0.4))
    assert gaps.columns_[0].column == "fee"
    assert gaps.columns_[0].verdict == "large"


def test_the_test_of_drift_agrees_with_scipy():
    from scipy.stats import chi2_contingency, ks_2samp

    rng = np.random.default_rng(5)
    before = {"x": rng.normal(size=300), "w": rng.choice(np.array(["a", "b", "c"], object), 300)}
    now = {"x": rng.normal(0.2, 1, 200), "w": rng.choice(np.array(["a", "b", "c"], object), 200, p=[0.5, 0.3, 0.2])}
    told = {one.column: one for one in Drift().fit(before, now).columns_}
    assert told["x"].statistic == pytest.approx(ks_2samp(before["x"], now["x"]).statistic)
    table = [[np.sum(t["w"] == word) for word in "abc"] for t in (before, now)]
    chi2 = chi2_contingency(table, correction=False)
    assert (told["w"].statistic, told["w"].p_value) == pytest.approx((chi2.statistic, chi2.pvalue))


@pytest.mark.full
def test_without_drift_the_index_and_the_tests_raise_false_alarms_as_often_as_they_say():
    rng = np.random.default_rng(6)
    above = alarms = 0
    for _ in range(400):
        drift = Drift().fit({"x": rng.normal(size=400), "y": rng.normal(size=400)},
                            {"x": rng.normal(size=300), "y": rng.normal(size=300)})  # fmt: skip
        above += sum(one.psi > one.psi_by_chance for one in drift.columns_)
        alarms += any(one.is_significant for one in drift.columns_)
    assert abs(above / 800 - 0.05) < 0.03
    assert alarms / 400 < 0.08


def test_what_cannot_be_compared_is_named():
    table = {"x": np.arange(30.0)}
    for method, before, now, told in (
        (Drift(bins=1), table, table, "bins must be"),
        (Drift(moderate=0.5), table, table, "moderate must be"),
        (Drift(significance=2), table, table, "significance must be"),
        (Drift(), table, {"y": np.arange(30.0)}, "there is no column 'x'"),
        (Drift(), table, {"x": np.arange(5.0)}, "the current table has 5 rows"),
    ):
        with pytest.raises(MethodError, match=told):
            method.fit(before, now)


def test_kinds_of_loss_by_their_signs():
    lost = {
        "reason": ["客户搬迁", "Fraud found", "Competitor made better offer", "服务态度差", None, "不知道"],
        "days_overdue": [0, 120, 0, 0, 200, None],
        "complaints": [0, 0, 3, 2, 0, 0],
    }
    kinds = ChurnKinds().fit(lost, worth=[10, 20, 30, 40, 50, 60])
    assert kinds.kinds_.tolist() == ["natural", "malicious", "competitive", "fault", "malicious", "undetermined"]
    assert kinds.points_[2].tolist() == [0, 0, 3, 1]
    assert kinds.certainty_[2] == 0.75
    assert kinds.evidence(2) == {"competitive": ("reason: Competitor made better offer",), "fault": ("complaints: 3",)}
    by_kind = {one.kind: one for one in kinds.shares_}
    assert (by_kind["malicious"].customers, by_kind["malicious"].worth) == (2, 70)
    assert sum(one.share for one in kinds.shares_) == pytest.approx(1)
    assert by_kind["malicious"].signs["days_overdue >= 90"] == 2
    assert ChurnKinds(rest="fault").fit(lost).kinds_[5] == "fault"
    assert {rule.kind for rule in DEFAULT_RULES} == {"natural", "malicious", "competitive", "fault"}


def test_ties_go_to_the_strongest_sign_or_stay_open():
    rules = (
        Rule("fault", "a", at_least=1, points=2),
        Rule("natural", "b", at_least=1),
        Rule("natural", "c", at_most=0),
        Rule("competitive", "d", at_least=1, points=2),
    )
    told = ChurnKinds(rules).fit({"a": [1, 1], "b": [1, 1], "c": [0, 0], "d": [0, 1]})
    assert told.kinds_.tolist() == ["fault", "undetermined"]
    assert "have no sign, or signs that balance" in told.notes_[0]


def test_rules_that_cannot_be_tried_are_named():
    table = {"a": [1, 2]}
    for rules, told in (
        ((Rule("bad", "a", at_least=1),), "rule 1 is for 'bad'"),
        ((Rule("fault", "a"),), "has no test"),
        ((Rule("fault", "a", at_least=1, points=0),), "points over 0"),
        ((Rule("fault", "b", at_least=1),), "the table has none of the columns b"),
    ):
        with pytest.raises(MethodError, match=told):
            ChurnKinds(rules).fit(table)
    with pytest.raises(MethodError, match="rest must be"):
        ChurnKinds(rest="none").fit(table)
    with pytest.raises(MethodError, match="a must hold numbers, but row 1 holds 'x'"):
        ChurnKinds((Rule("fault", "a", at_least=1),)).fit({"a": ["x"]})


def test_cost_of_poor_service_counts_the_silent():
    cost = cost_of_poor_service(100, complaint_share=0.04, leave_complaining=0.2, leave_silent=0.3, value=500)
    assert (cost.unhappy, cost.silent) == (2500, 2400)
    assert cost.cost == pytest.approx((100 * 0.2 + 2400 * 0.3) * 500)
    assert cost.cost_silent == pytest.approx(2400 * 0.3 * 500)
    for wrong in ({"complaint_share": 0}, {"leave_silent": 2}, {"value": np.inf}):
        with pytest.raises(MethodError):
            cost_of_poor_service(
                1, **{"complaint_share": 0.1, "leave_complaining": 0.1, "leave_silent": 0.1, "value": 1, **wrong}
            )
