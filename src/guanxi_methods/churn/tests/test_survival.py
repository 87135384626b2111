"""How long customers stay: printed examples, the plain implementation, recovery, bad input."""

import csv

import numpy as np
import pytest

from guanxi_methods.churn import DiscreteTimeHazard, KaplanMeier, LifeTable, log_rank
from guanxi_methods.churn.tests import plain
from guanxi_methods.churn.tests.printed import (
    AML,
    ANGINA_DEATHS,
    ANGINA_LOST,
    FREIREICH,
    RATS,
    first_event,
)
from guanxi_methods.errors import MethodError, TooFewError


def test_remission_under_mercaptopurine_freireich_1963():
    # Survival, Greenwood and log-log limits as printed by Stata's "sts list"; Klein & Moeschberger, table 4.1.
    stay = KaplanMeier().fit(*FREIREICH)
    drug = stay.curves_["6-MP"]
    rows = np.flatnonzero(drug.events)
    assert drug.times[rows].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert drug.at_risk[rows].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert drug.survival[rows].round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert drug.standard_error[rows].round(4).tolist() == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert drug.lower[rows].round(4).tolist() == [0.6197, 0.5631, 0.5032, 0.4316, 0.3675, 0.2678, 0.1881]
    assert drug.upper[rows].round(4).tolist() == [0.9516, 0.9228, 0.8894, 0.8491, 0.8049, 0.7468, 0.6801]
    assert (drug.median, drug.median_interval) == (23, (13, None))
    assert (stay.curves_["placebo"].median, stay.curves_["placebo"].median_interval) == (8, (4, 11))
    # The test: 16.79; expected events 19.25 and 10.75; Gehan's 13.46.
    assert round(stay.log_rank_.chi2, 2) == 16.79
    assert {name: round(value, 2) for name, value in stay.log_rank_.expected.items()} == {
        "6-MP": 19.25,
        "placebo": 10.75,
    }
    assert round(log_rank(*FREIREICH, weights="gehan").chi2, 2) == 13.46


def test_rats_of_pike_in_kalbfleisch_and_prentice():
    test = log_rank(*RATS)
    assert (round(test.chi2, 2), round(test.p_value, 3), test.degrees_of_freedom) == (3.12, 0.077, 1)


def test_leukaemia_of_miller_1981_as_the_r_package_survival_prints_it():
    stay = KaplanMeier(interval="log").fit(*AML)
    kept = stay.curves_["maintained"]
    rows = np.flatnonzero(kept.events)
    assert kept.survival[rows].round(3).tolist() == [0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184]
    assert kept.standard_error[rows].round(4).tolist() == [0.0867, 0.1163, 0.1397, 0.1526, 0.1642, 0.1627, 0.1535]
    assert kept.lower[rows].round(4).tolist() == [0.7541, 0.6192, 0.4884, 0.3769, 0.2549, 0.1549, 0.0359]
    assert [kept.median, kept.median_interval] == [31, (18, None)]
    assert [stay.curves_["not"].median, stay.curves_["not"].median_interval] == [23, (8, None)]
    assert (round(stay.log_rank_.chi2, 1), round(stay.log_rank_.p_value, 4)) == (3.4, 0.0653)
    assert np.round(kept.restricted_mean(161), 2).tolist() == [52.65, 19.83]


def test_angina_pectoris_in_lee_and_wang_as_sas_lifetest_prints_it():
    middles = [year + 0.5 for year in range(16)]
    table = LifeTable(width=1).fit(middles * 2, [1] * 16 + [0] * 16, count=ANGINA_DEATHS + ANGINA_LOST)
    assert table.effective_[:7].tolist() == [2418, 1942.5, 1686, 1511.5, 1317, 1116.5, 871.5]
    assert table.survival_.round(4).tolist() == [
        1, 0.8114, 0.717, 0.6524, 0.5786, 0.5193, 0.4611, 0.4172, 0.3712, 0.3342, 0.2987, 0.2557, 0.2136, 0.1839, 0.1636,
        0.1429,
    ]  # fmt: skip
    assert table.survival_error_[1:5].round(4).tolist() == [0.008, 0.0092, 0.0097, 0.0101]
    assert table.probability_[:3].round(4).tolist() == [0.1886, 0.1163, 0.0902]
    assert table.hazard_[:3].round(4).tolist() == [0.2082, 0.1235, 0.0944]
    assert table.hazard_error_[:3].round(4).tolist() == [0.0097, 0.0082, 0.0076]
    assert np.round([table.median_residual_[0], table.median_residual_error_[0]], 4).tolist() == [5.3313, 0.1749]
    assert table.median_residual_[1:4].round(4).tolist() == [6.2499, 6.3432, 6.2262]


def test_first_event_by_grade_in_singer_and_willett():
    duration, event, transition = first_event()
    whole = DiscreteTimeHazard().fit(duration, event)
    # Table 10.1 and, for the deviances and coefficients, table 11.3.
    assert whole.hazard_.round(4).tolist() == [0.0833, 0.0424, 0.1519, 0.2164, 0.2381, 0.325]
    assert whole.survival_.round(4).tolist() == [0.9167, 0.8778, 0.7444, 0.5833, 0.4444, 0.3]
    assert round(-2 * whole.log_likelihood_, 2) == 651.96
    model = DiscreteTimeHazard().fit(duration, event, {"PT": transition})
    assert model.baseline_.round(4).tolist() == [-2.9943, -3.7001, -2.2811, -1.8226, -1.6542, -1.1791]
    effect = model.coefficients_["PT"]
    assert (round(effect.estimate, 4), round(effect.standard_error, 4)) == (0.8736, 0.2174)
    assert round(-2 * model.log_likelihood_, 2) == 634.66
    assert model.predict_hazard({"PT": [0]})[0, 0] == pytest.approx(1 / (1 + np.exp(2.9943)), abs=1e-5)


def telco(public_data):
    with open(public_data("telco_churn/Telco-Customer-Churn.csv", whole=True).path, encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_telco(public_data):
    rows = telco(public_data)
    tenure, left = [int(row["tenure"]) for row in rows], [row["Churn"] == "Yes" for row in rows]
    contract = [row["Contract"] for row in rows]
    stay = KaplanMeier().fit(tenure, left, contract)
    assert stay.curve_.at([12, 24, 48, 72]).round(5).tolist() == [0.8432, 0.78874, 0.70884, 0.59279]
    assert stay.median_ is None
    assert (stay.n_events_, stay.n_customers_) == (1869, 7043)
    assert stay.log_rank_.degrees_of_freedom == 2
    assert stay.log_rank_.p_value < 1e-100
    # Tenure in whole months: the discrete hazard without covariates multiplies to the same curve.
    months = DiscreteTimeHazard().fit(tenure, left)
    assert months.survival_[[11, 23, 47, 71]].round(5).tolist() == [0.8432, 0.78874, 0.70884, 0.59279]
    assert "11 customers were never at risk" in months.notes_[0]


@pytest.mark.parametrize("seed", range(3))
def test_curves_and_tests_equal_the_plain_implementation(seed):
    rng = np.random.default_rng(seed)
    duration, event, group = rng.integers(0, 15, 60), rng.random(60) < 0.6, rng.integers(0, 3, 60)
    stay = KaplanMeier().fit(duration, event, group)
    expected = plain.kaplan_meier(duration.tolist(), event.tolist())
    rows = np.flatnonzero(stay.curve_.events)
    assert stay.times_[rows].tolist() == [row[0] for row in expected]
    assert stay.survival_[rows] == pytest.approx([row[1] for row in expected], rel=1e-12)
    assert stay.standard_error_[rows] == pytest.approx([row[2] for row in expected], rel=1e-12)
    assert stay.log_rank_.chi2 == pytest.approx(plain.log_rank(duration.tolist(), event.tolist(), group.tolist()))


def test_the_hazard_equals_a_logistic_regression_over_written_out_periods():
    rng = np.random.default_rng(5)
    x = rng.normal(3, 2, 150)
    duration, event = rng.integers(1, 6, 150), rng.random(150) < 0.5
    model = DiscreteTimeHazard().fit(duration, event, {"x": x})
    rows = np.array(plain.person_periods(duration, event, x))
    design = np.column_stack([rows[:, 0] == period for period in range(1, 6)] + [rows[:, 2]])
    beta, covariance = plain.logistic(design, rows[:, 1])
    assert model.baseline_ == pytest.approx(beta[:5], abs=1e-7)
    effect = model.coefficients_["x"]
    assert (effect.estimate, effect.standard_error) == pytest.approx((beta[5], covariance[5, 5] ** 0.5), abs=1e-7)
    average = np.column_stack([np.eye(5), np.full(5, x.mean())])
    errors = np.sqrt(np.diag(average @ covariance @ average.T))
    assert model.hazard_lower_ == pytest.approx(1 / (1 + np.exp(-(average @ beta - 1.959964 * errors))), abs=1e-6)


def test_words_stand_against_the_most_frequent_and_periods_without_events_have_no_hazard():
    duration = [1, 1, 1, 3, 3, 3, 3, 3, 3, 3]
    model = DiscreteTimeHazard().fit(duration, [1, 1, 0, 1, 1, 0, 0, 0, 1, 0], {"plan": list("aabbbbabba")})
    assert model.references_ == {"plan": "b"}
    assert list(model.coefficients_) == ["plan=a"]
    assert model.hazard_[1] == 0
    assert model.baseline_[1] == -np.inf
    assert "nobody left" in model.notes_[0]
    assert model.predict_survival({"plan": ["a", "b"]}).shape == (2, 3)


def test_quantiles_steps_and_horizons():
    stay = KaplanMeier().fit([1, 2, 3, 4], [1, 1, 1, 1]).curve_
    assert [stay.quantile(0.25), stay.quantile(0.5), stay.quantile(0.9)] == [1, 2, 4]
    assert stay.at([0, 1, 2.5, 9]).tolist() == [1, 0.75, 0.5, 0]
    assert stay.restricted_mean(4)[0] == 2.5
    assert np.isnan(KaplanMeier().fit([1, 2], [1, 0]).curve_.at([3])).all()
    for wrong in (0, 5):
        with pytest.raises(MethodError, match="until must be"):
            stay.restricted_mean(wrong)


@pytest.mark.full
def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(11)
    runs, held, medians = 600, 0, 0
    for _ in range(runs):
        true, seen = rng.exponential(10, 120), rng.uniform(0, 30, 120)
        stay = KaplanMeier().fit(np.minimum(true, seen), true <= seen)
        place = np.searchsorted(stay.times_, 8, side="right") - 1
        held += stay.lower_[place] <= np.exp(-0.8) <= stay.upper_[place]
        low, high = stay.median_interval_
        medians += low <= 10 * np.log(2) and (high is None or 10 * np.log(2) <= high)
    # Within three standard errors of 95%: sqrt(.95 * .05 / 600) = .0089.
    assert abs(held / runs - 0.95) < 0.027
    assert abs(medians / runs - 0.95) < 0.03


@pytest.mark.full
def test_the_hazard_recovers_the_effects_it_was_drawn_from():
    rng = np.random.default_rng(12)
    runs, held, false_alarms = 300, 0, 0
    for _ in range(runs):
        x, other = rng.normal(size=400), rng.normal(size=400)
        duration, event = np.full(400, 8), np.zeros(400, bool)
        for period in range(1, 9):
            leaves = (rng.random(400) < 1 / (1 + np.exp(2.5 - 0.5 * x))) & ~event
            duration[leaves], event[leaves] = period, True
        model = DiscreteTimeHazard().fit(duration, event, {"x": x, "other": other})
        held += model.coefficients_["x"].lower <= 0.5 <= model.coefficients_["x"].upper
        false_alarms += model.coefficients_["other"].p_value < 0.05
    assert abs(held / runs - 0.95) < 0.04
    assert abs(false_alarms / runs - 0.05) < 0.04


@pytest.mark.parametrize(
    ("method", "arguments", "told"),
    [
        (KaplanMeier(), ([1, -2], [1, 0]), "duration is negative in row 2: -2.0"),
        (KaplanMeier(), ([1, 2], [1, 2]), "event must be 0 or 1, but row 2 holds 2.0"),
        (KaplanMeier(), ([1, 2], [1]), "event holds 1 values where 2 are needed"),
        (KaplanMeier(), ([1, 2], [1, 0], ["a", None]), "group holds a missing value, first in row 2"),
        (KaplanMeier(level=95), ([1], [1]), "level must lie over 0 and under 1"),
        (KaplanMeier(interval="wald"), ([1], [1]), "interval must be"),
        (LifeTable(width=0), ([1], [1]), "width must be over 0"),
        (LifeTable(edges=[1, 2]), ([1], [1]), "edges must begin with 0"),
        (LifeTable(width=1, edges=[0, 2]), ([1], [1]), "either a width or edges"),
        (LifeTable(width=1e-9), ([1], [1]), "take a larger one"),
        (LifeTable(), ([1], [1], [-1]), "count is negative in row 1"),
        (DiscreteTimeHazard(), ([1, 2], [0, 0]), "nobody left"),
        (DiscreteTimeHazard(), ([0, 2], [1, 0]), "row 1 left at time 0"),
        (DiscreteTimeHazard(), ([1, 2], [1, 0], {"x": [3, 3]}), "x is the same in every row"),
        (DiscreteTimeHazard(), ([1, 2], [1, 0], {"x": ["a", "a"]}), "x is the same in every row"),
        (DiscreteTimeHazard(), ([1, 2], [1, 0], {"x": ["a", None]}), "x holds a missing value, first in row 2"),
        (DiscreteTimeHazard(), ([1, 2, 3], [1, 0, 1], {"x": [1, 2, 4], "y": [2, 4, 8]}), "y is determined by"),
        (DiscreteTimeHazard(), ([1, 1, 1, 1], [0, 0, 1, 1], {"x": [1, 2, 3, 4]}), "x parts those who leave"),
    ],
)
def test_what_cannot_be_used_is_named(method, arguments, told):
    with pytest.raises(MethodError, match=told):
        method.fit(*arguments)


def test_empty_and_single_groups():
    with pytest.raises(TooFewError, match="duration is empty"):
        KaplanMeier().fit([], [])
    with pytest.raises(MethodError, match="at least two groups"):
        log_rank([1, 2], [1, 1], ["a", "a"])
    with pytest.raises(MethodError, match="no event in any group"):
        log_rank([1, 2], [0, 0], ["a", "b"])
    with pytest.raises(MethodError, match="only one group"):
        log_rank([1, 5, 6], [0, 1, 1], ["a", "b", "b"])
    nobody = KaplanMeier().fit([1, 2], [0, 0], ["a", "b"])
    assert nobody.log_rank_ is None
    assert nobody.survival_.tolist() == [1, 1]
    assert any("nobody left" in note for note in nobody.notes_)
