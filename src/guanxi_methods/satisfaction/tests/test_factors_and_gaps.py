"""Five gaps, the two-factor model, layers and indicators: second ways, recovery, bad input."""

import numpy as np
import pytest

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.satisfaction import (
    FiveGaps,
    SatisfactionIndicators,
    SatisfactionLayers,
    SimpleEvaluation,
    TwoFactor,
    stack_questionnaires,
)
from guanxi_methods.satisfaction.tests.cases import QUESTIONS, contrasts, questionnaires


def groups(rng, customers=60, managers=20, staff=30):
    def answers(mean, size):
        return mean + rng.normal(size=(size, 2))

    return stack_questionnaires(
        {"expectation": answers(6, customers), "perception": answers(4, customers)},
        {"understood": answers(5.5, managers), "standard": answers(5.2, managers), "promised": answers(6, managers)},
        {"delivered": answers(4.6, staff)},
    )


def test_the_first_four_gaps_add_up_to_the_service_gap():
    found = FiveGaps().fit(**groups(np.random.default_rng(1)))
    four = ("understanding", "procedure", "behaviour", "perception")
    assert sum(found.gaps_[name].gap for name in four) == pytest.approx(found.service_gap_.gap)
    for item in ("x1", "x2"):
        assert sum(found.gaps_[name].items[item] for name in four) == pytest.approx(found.service_gap_.items[item])
    assert found.n_ == {
        "expectation": 60, "understood": 20, "standard": 20, "delivered": 30, "perception": 60, "promised": 20,
    }  # fmt: skip


def test_errors_are_those_of_the_paired_and_of_welchs_t_test():
    made = groups(np.random.default_rng(2))
    found = FiveGaps().fit(**made)
    mean = {name: made[name].mean(axis=1) for name in QUESTIONS}
    there = {name: values[~np.isnan(values)] for name, values in mean.items()}
    paired = there["perception"] - there["expectation"]
    assert found.service_gap_.standard_error == pytest.approx(np.std(paired, ddof=1) / np.sqrt(60))
    apart = [np.var(there[name], ddof=1) / len(there[name]) for name in ("understood", "expectation")]
    assert found.gaps_["understanding"].standard_error == pytest.approx(np.sqrt(sum(apart)))


def test_without_the_promise_there_is_no_promotion_gap():
    made = questionnaires(np.random.default_rng(3))
    del made["promised"]
    found = FiveGaps(scale=(1, 7)).fit(**made)
    assert list(found.gaps_) == ["understanding", "procedure", "behaviour", "perception"]
    assert "no promotion gap" in found.notes_[0]


@pytest.mark.full
def test_the_interval_of_a_gap_holds_the_truth_as_often_as_it_says():
    truths = {"understanding": -0.5, "procedure": -0.3, "behaviour": -0.6, "perception": -0.6, "promotion": -1.4}
    held = dict.fromkeys(truths, 0)
    for trial in range(300):
        for name, gap in FiveGaps().fit(**groups(np.random.default_rng(trial))).gaps_.items():
            held[name] += gap.interval[0] <= truths[name] <= gap.interval[1]
    assert all(0.912 <= count / 300 <= 0.988 for count in held.values()), held


def test_gaps_that_cannot_be_had():
    made = questionnaires(np.random.default_rng(3), size=2)
    made["delivered"][1] = np.nan
    found = FiveGaps().fit(**made)
    assert found.gaps_["perception"].interval is None
    assert "delivered comes in" in found.notes_[0]
    with pytest.raises(MethodError, match="standard has 1 items where 2 are needed"):
        FiveGaps().fit(**{**made, "standard": made["standard"][:, :1]})
    with pytest.raises(MethodError, match="the same people"):
        stack_questionnaires({"expectation": [[1], [2]], "perception": [[1]]})
    with pytest.raises(MethodError, match="perception: column x1 holds 9 in row 1"):
        FiveGaps(scale=(1, 7)).fit(**{**made, "perception": [[9, 1], [1, 1]]})


def test_contrasts_are_those_of_least_squares():
    made = contrasts(np.random.default_rng(4))
    found = TwoFactor(scale=(1, 5)).fit(**made)
    assert found.cuts_ == (2.0, 4.0)
    answers, overall = made["satisfaction"], made["overall"]
    design = np.column_stack([np.ones(len(answers)), answers <= 2, answers >= 4]).astype(float)
    effects, squares = np.linalg.lstsq(design, overall, rcond=None)[:2]
    errors = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * squares[0] / (len(answers) - 7))
    for place, item in enumerate(found.items_):
        assert (item.penalty, item.reward) == pytest.approx((effects[1 + place], effects[4 + place]))
        # 1.98118 is Student's quantile with 113 degrees of freedom.
        half = (item.reward_interval[1] - item.reward_interval[0]) / 2
        assert half == pytest.approx(1.98118 * errors[4 + place], rel=1e-5)
    assert found.r2_ == pytest.approx(1 - squares[0] / ((overall - overall.mean()) ** 2).sum())
    assert (found.factors_["hygiene"], found.factors_["motivator"]) == (("x1",), ("x2",))


@pytest.mark.full
def test_the_interval_of_a_penalty_holds_the_truth_as_often_as_it_says():
    held = 0
    for trial in range(300):
        low, high = TwoFactor(scale=(1, 5)).fit(**contrasts(np.random.default_rng(trial))).items_[0].penalty_interval
        held += low <= -2 <= high
    assert 0.912 <= held / 300 <= 0.988


def test_a_side_that_few_chose_has_no_effect():
    made = contrasts(np.random.default_rng(4))
    made["satisfaction"][:, 2] = np.where(made["satisfaction"][:, 2] <= 2, 3, made["satisfaction"][:, 2])
    made["satisfaction"][:3, 2] = 1
    item = TwoFactor(scale=(1, 5)).fit(**made).items_[2]
    assert (item.penalty, item.penalty_interval, item.n_low) == (None, None, 3)
    assert item.reward is not None


def test_factors_that_cannot_be_had():
    made = contrasts(np.random.default_rng(4))
    with pytest.raises(MethodError, match="the low or high answers to b go exactly"):
        TwoFactor(scale=(1, 5)).fit({"a": made["satisfaction"][:, 0], "b": made["satisfaction"][:, 0]}, made["overall"])
    with pytest.raises(MethodError, match="low must be below high"):
        TwoFactor().fit([[3], [3], [3]], [1, 2, 3])
    with pytest.raises(TooFewError, match="many more"):
        TwoFactor().fit([[3], [4]], [1, 2])
    with pytest.raises(MethodError, match="off the scale"):
        TwoFactor(scale=(1, 4)).fit(**made)


def test_a_layer_of_all_items_is_the_simple_evaluation():
    answers = {"a": [1, 5, 3, None], "b": [2, 4, 4, 5], "c": [5, 5, 4, 2]}
    found = SatisfactionLayers({"across": {"mind": ["a", "b", "c"]}, "down": {"social": ["c"]}}, (1, 5)).fit(answers)
    simple = SimpleEvaluation((1, 5)).fit(answers)
    assert found.indices_["across"]["mind"].index == pytest.approx(simple.index_)
    assert found.indices_["across"]["mind"].interval == pytest.approx(simple.interval_)
    assert found.indices_["down"]["social"].index == 4
    with pytest.raises(MethodError, match="across: b stands in 'mind' and in 'visual'"):
        SatisfactionLayers({"across": {"mind": ["a", "b"], "visual": ["b"]}}).fit(answers)
    with pytest.raises(MethodError, match="there is no column 'd'"):
        SatisfactionLayers({"across": {"mind": ["d"]}}).fit(answers)


def test_indicators_count_among_whom_they_say():
    found = SatisfactionIndicators().fit(
        aware=[1, 1, 1, 1, 0],
        named_first=[1, 0, 0, None, 0],
        favourable=[1, 1, 0, None, None],
        bought=[1, 1, 1, 0, 0],
        returned=[1, 0, 0, None, None],
        aggrieved=[0, 1, 1, None, None],
        complained=[0, 1, 0, None, None],
    )
    rates = {name: (one.count, one.among) for name, one in found.rates_.items()}
    assert rates == {
        "awareness": (4, 5), "first_named": (1, 4), "reputation": (2, 3), "return_rate": (1, 3),
        "grievance_rate": (2, 3), "complaint_rate": (1, 3), "silent_grievance_rate": (1, 2), "sales_power": (3, 4),
    }  # fmt: skip
    with pytest.raises(MethodError, match="aware holds 2 in row 1"):
        SatisfactionIndicators().fit(aware=[2])
    with pytest.raises(MethodError, match="bought holds 1 values where 2 are needed"):
        SatisfactionIndicators().fit(aware=[1, 0], bought=[1])
    with pytest.raises(MethodError, match="no indicator can be made of favourable"):
        SatisfactionIndicators().fit(favourable=[1])
    none = SatisfactionIndicators().fit(aware=[0, 0], favourable=[None, 1])
    assert "reputation cannot be had" in none.notes_[0]
