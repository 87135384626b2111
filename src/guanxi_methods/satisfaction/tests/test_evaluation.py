"""The four indices: printed figures, a plain second way, errors by the jackknife, intervals that hold the truth."""

import numpy as np
import pytest

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.satisfaction import (
    DualEvaluation,
    ImprovedDualEvaluation,
    RegressionEvaluation,
    SimpleEvaluation,
)
from guanxi_methods.satisfaction.tests import plain
from guanxi_methods.satisfaction.tests.cases import survey
from guanxi_methods.satisfaction.tests.kiosk import columns

SCALE = (1, 7)


@pytest.fixture(scope="module")
def kiosk(public_data):
    path = public_data("kiosk_survey/kiosk_survey_anonymised.csv", whole=True).path
    return columns(path, "ipa", "_satis"), columns(path, "ipa", "_import"), columns(path, "overall")


@pytest.mark.full
def test_the_kiosk_survey_comes_out_as_computed_independently(kiosk):
    # Figures computed with code independent of this project: the data folder's SOURCES.md, "Kiosk survey".
    satisfaction, importance, overall = kiosk
    assert round(SimpleEvaluation(SCALE).fit(satisfaction).index_, 5) == 5.01948
    dual = DualEvaluation(SCALE).fit(satisfaction, importance)
    assert (round(dual.index_, 5), round(dual.index_100_, 4)) == (5.07032, 67.8387)
    assert round(np.mean(list(dual.importance_.values())), 5) == 5.92185
    regression = RegressionEvaluation(SCALE).fit(satisfaction, overall)
    assert round(regression.r2_, 5) == 0.52194
    assert sum(value < 0 for value in regression.coefficients_.values()) == 8
    assert min(regression.weights_.values()) >= 0
    improved = ImprovedDualEvaluation(SCALE).fit(satisfaction, importance, overall)
    assert dual.index_ < improved.index_ < regression.index_


def test_the_worked_numbers_of_dual_evaluation():
    # The data folder's SOURCES.md, "Dual evaluation": weights 7,5,9,3,6, scores 8,4,8,3,4.
    found = DualEvaluation().fit([[8, 4, 8, 3, 4]], [[7, 5, 9, 3, 6]])
    assert round(found.index_, 4) == 6.0333
    assert found.interval_ is None
    assert "two respondents" in found.notes_[0]


def with_gaps(rng):
    made = survey(rng)
    made["satisfaction"][rng.random(made["satisfaction"].shape) < 0.1] = np.nan
    made["importance"][rng.random(made["importance"].shape) < 0.1] = np.nan
    return made


def test_with_gaps_the_plain_way_gives_the_same():
    made = with_gaps(np.random.default_rng(3))
    assert SimpleEvaluation().fit(made["satisfaction"]).index_ == pytest.approx(plain.simple(made["satisfaction"]))
    assert DualEvaluation().fit(made["satisfaction"], made["importance"]).index_ == pytest.approx(
        plain.dual(made["satisfaction"], made["importance"])
    )


def plain_derived(satisfaction, overall):
    shares = np.array(plain.lmg(satisfaction, overall))
    return shares / shares.sum()


def plain_regression(satisfaction, overall):
    return float(plain_derived(satisfaction, overall) @ np.mean(satisfaction, axis=0))


def plain_improved(satisfaction, importance, overall):
    weights = np.sqrt(plain_derived(satisfaction, overall) * np.mean(importance, axis=0))
    return float(weights @ np.mean(satisfaction, axis=0) / weights.sum())


def test_importance_from_every_order_gives_the_same_index_and_the_jackknife_nearly_the_same_error():
    made = {name: values[:50] for name, values in survey(np.random.default_rng(5)).items()}
    made["satisfaction"], made["importance"] = made["satisfaction"][:, :3], made["importance"][:, :3]
    pair = made["satisfaction"], made["overall"]
    found = RegressionEvaluation().fit(*pair)
    assert found.index_ == pytest.approx(plain_regression(*pair))
    assert found.standard_error_ == pytest.approx(plain.jackknife_error(plain_regression, *pair), rel=0.1)
    improved = ImprovedDualEvaluation().fit(**made)
    three = made["satisfaction"], made["importance"], made["overall"]
    assert improved.index_ == pytest.approx(plain_improved(*three))
    assert improved.standard_error_ == pytest.approx(plain.jackknife_error(plain_improved, *three), rel=0.1)
    dual = DualEvaluation().fit(*three[:2])
    assert dual.standard_error_ == pytest.approx(plain.jackknife_error(plain.dual, *three[:2]), rel=0.05)


def test_weights_do_what_repeating_respondents_does():
    made = survey(np.random.default_rng(8))
    times = np.random.default_rng(9).integers(1, 4, 60)
    repeated = {name: np.repeat(values, times, axis=0) for name, values in made.items()}
    for method in (ImprovedDualEvaluation, RegressionEvaluation):
        rows = made if method is ImprovedDualEvaluation else {k: made[k] for k in ("satisfaction", "overall")}
        again = {name: repeated[name] for name in rows}
        assert method().fit(**rows, weights=times).index_ == pytest.approx(method().fit(**again).index_)


@pytest.mark.full
@pytest.mark.parametrize("method", [SimpleEvaluation, DualEvaluation, ImprovedDualEvaluation, RegressionEvaluation])
def test_the_interval_holds_the_truth_as_often_as_it_says(method):
    names = {
        SimpleEvaluation: ("satisfaction",),
        DualEvaluation: ("satisfaction", "importance"),
        RegressionEvaluation: ("satisfaction", "overall"),
    }.get(method, ("satisfaction", "importance", "overall"))

    def fitted(rng, size):
        made = survey(rng, size=size)
        return method(SCALE).fit(**{name: made[name] for name in names})

    truth = fitted(np.random.default_rng(0), 200_000).index_
    found = [fitted(np.random.default_rng(100 + trial), 150).interval_ for trial in range(250)]
    held = np.mean([low <= truth <= high for low, high in found])
    # 95% of 250, less or more three binomial standard errors.
    assert 0.908 <= held <= 0.992


def test_answers_off_the_scale_are_named():
    with pytest.raises(MethodError, match="satisfaction: column price holds 9 in row 2, off the scale from 1 to 7"):
        SimpleEvaluation(SCALE).fit({"speed": [1, 7], "price": [3, 9]})
    with pytest.raises(MethodError, match="importance: column b holds 0 in row 1, off the scale from 1 to 7"):
        DualEvaluation(SCALE).fit({"a": [1, 7]}, {"b": [0, 3]})
    assert DualEvaluation(SCALE, importance_scale=(0, 10)).fit({"a": [1, 7]}, {"b": [0, 9]}).index_ == 4


def test_what_cannot_be_measured_is_refused_in_words():
    with pytest.raises(MethodError, match="nobody answered price"):
        SimpleEvaluation().fit({"speed": [1, 7], "price": [None, None]})
    with pytest.raises(MethodError, match="importance has 1 items where 2 are needed"):
        DualEvaluation().fit({"a": [1, 7], "b": [2, 3]}, {"c": [5, 3]})
    with pytest.raises(MethodError, match="weights must be above zero"):
        DualEvaluation().fit({"a": [1, 7]}, {"b": [0, 0]})
    with pytest.raises(MethodError, match="the overall answer is the same for all"):
        RegressionEvaluation().fit({"a": [1, 7, 3, 4]}, [5, 5, 5, 5])
    with pytest.raises(TooFewError, match=r"2 respondents answered all 1 items .* at least 3 must"):
        RegressionEvaluation().fit({"a": [1, 7, None]}, [5, 4, 3])
    with pytest.raises(MethodError, match="scale must rise"):
        SimpleEvaluation((7, 1)).fit({"a": [1]})
    with pytest.raises(MethodError, match="explain nothing"):
        RegressionEvaluation().fit({"a": [4, 4, 4, 4]}, [5, 4, 3, 5])


def test_all_the_same_and_missing_answers_are_spoken_of():
    same = SimpleEvaluation(SCALE).fit({"a": [5, 5, 5], "b": [5, 5, 5]})
    assert (same.index_, same.interval_) == (5.0, (5.0, 5.0))
    assert "answered alike" in same.notes_[-1]
    gaps = SimpleEvaluation(SCALE).fit({"a": [5, 6, 7], "b": [5, None, None]})
    assert (gaps.index_, gaps.n_, gaps.interval_) == (5.5, 3, None)
    assert "2 of 6 answers are missing" in gaps.notes_[0]
    assert "only one respondent answered b" in gaps.notes_[1]


def test_an_item_without_variation_has_no_importance_and_a_repeated_one_shares():
    rng = np.random.default_rng(2)
    speed, price = rng.integers(1, 8, 50), rng.integers(1, 8, 50)
    overall = speed + 0.5 * price + rng.normal(size=50)
    found = RegressionEvaluation().fit({"speed": speed, "again": speed, "price": price, "flat": [4] * 50}, overall)
    assert found.weights_["flat"] == 0
    assert found.weights_["speed"] == pytest.approx(found.weights_["again"])
    alone = RegressionEvaluation().fit({"speed": speed, "price": price}, overall)
    assert found.r2_ == pytest.approx(alone.r2_)
