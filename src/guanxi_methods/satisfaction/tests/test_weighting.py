"""Weights for who did not answer: what R's survey package prints, a second way, and the truth they bring back."""

import numpy as np
import pytest

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.satisfaction import PostStratification, Raking, ResponsePropensity, effective_sample_size

# The apiclus1 sample of the Californian Academic Performance Index (R's survey package) summed up to cells:
# type of school, met its school-wide target, met its comparable target: schools, sum of the index in 2000.
API = [
    ("E", "No", "No", 12, 7156), ("E", "Yes", "No", 20, 13075), ("E", "Yes", "Yes", 112, 73206),
    ("H", "No", "No", 3, 1978), ("H", "Yes", "No", 4, 2484), ("H", "Yes", "Yes", 7, 4198),
    ("M", "No", "No", 8, 4851), ("M", "Yes", "No", 3, 2101), ("M", "Yes", "Yes", 14, 8834),
]  # fmt: skip
TYPES = {"E": 4421, "H": 755, "M": 1018}
SCHOOL_WIDE = {"No": 1072, "Yes": 5122}
BOTH = {"E No": 472, "E Yes": 3949, "H No": 334, "H Yes": 421, "M No": 266, "M Yes": 752}
COMPARABLE = {"No": 1712, "Yes": 4482}


def schools():
    rows = [
        (kind, wide, comparable, total / count) for kind, wide, comparable, count, total in API for _ in range(count)
    ]
    kinds, wide, comparable, index = zip(*rows, strict=True)
    return {"stype": kinds, "sch.wide": wide, "comp.imp": comparable}, np.array(index)


def test_raking_gives_the_means_that_the_survey_package_prints():
    # survey: tests/rakecheck.Rout.save: svymean(~api00, rake(...)) = 641.23; with the joint margin 642.61.
    traits, index = schools()
    found = Raking({"stype": TYPES, "sch.wide": SCHOOL_WIDE}).fit(traits)
    assert round(float(found.weights_ @ index / found.weights_.sum()), 2) == 641.23
    assert found.margins_["stype"]["H"] == pytest.approx(755 / 6194)
    assert found.margins_["sch.wide"]["No"] == pytest.approx(1072 / 6194)
    joint = [f"{kind} {wide}" for kind, wide in zip(traits["stype"], traits["sch.wide"], strict=True)]
    partial = Raking({"both": BOTH, "comp.imp": COMPARABLE}).fit({"both": joint, "comp.imp": traits["comp.imp"]})
    assert round(float(partial.weights_ @ index / partial.weights_.sum()), 2) == 642.61


def test_row_by_row_raking_gives_the_same():
    rng = np.random.default_rng(1)
    sex, age = rng.choice(["f", "m"], 80), rng.choice(["a", "b", "c"], 80)
    start = rng.random(80) + 0.5
    due = {"sex": {"f": 0.55, "m": 0.45}, "age": {"a": 2, "b": 3, "c": 5}}
    found = Raking(due).fit({"sex": sex, "age": age}, weights=start)
    plain = start / start.sum()
    for _ in range(300):
        for column, shares in ((sex, due["sex"]), (age, due["age"])):
            total = sum(shares.values())
            plain = plain * [shares[kind] / total / plain[column == kind].sum() for kind in column]
    assert found.weights_ / 80 == pytest.approx(plain)
    assert found.weights_.mean() == pytest.approx(1)


def test_post_stratification_is_share_over_share():
    traits, _ = schools()
    found = PostStratification({key.replace(" ", " / "): count for key, count in BOTH.items()}).fit(
        {name: traits[name] for name in ("stype", "sch.wide")}
    )
    place = traits["stype"].index("H")
    assert found.cells_["H / No"] == 3
    assert found.weights_[place] == pytest.approx((334 / 6194) / (3 / 183))
    few = Raking({"sex": {"f": 1, "m": 1}}).fit({"sex": ["m"] * 9 + ["f"]})
    assert "the largest weight is 9.0 times the median" in few.notes_[0]


def test_kishs_effective_sample_size():
    assert effective_sample_size([2, 2, 2]) == 3
    # Kish 1992: half weigh 1, half 3: 1 + squared coefficient of variation = 1.25.
    assert 100 / effective_sample_size([1, 3] * 50) == pytest.approx(1.25)
    found = Raking({"sex": {"f": 3, "m": 1}}).fit({"sex": ["f", "m"] * 50})
    assert found.design_effect_ == pytest.approx(1.25)


def logistic_truth(rng, size):
    """People who answer the more readily the more content they are."""
    trait = rng.normal(size=size)
    content = 5 + trait + rng.normal(size=size)
    responded = rng.random(size) < 1 / (1 + np.exp(-(-0.3 + 0.8 * trait)))
    return trait, content, responded.astype(float)


def test_propensity_solves_the_likelihood_and_brings_the_mean_back():
    trait, content, responded = logistic_truth(np.random.default_rng(5), 20_000)
    for classes in (None, 5):
        found = ResponsePropensity(classes).fit({"trait": trait}, responded)
        raw = content[responded == 1].mean()
        weighted = found.weights_ @ content / found.weights_.sum()
        assert raw > 5.25
        assert abs(weighted - 5) < (0.05 if classes is None else 0.1)
    # At the maximum, what was observed is what is expected, in sum and by trait.
    assert found.propensities_.sum() == pytest.approx(responded.sum())
    assert found.propensities_ @ trait == pytest.approx(responded @ trait)
    assert found.weights_[responded == 0].max() == 0
    assert 0 < found.r_indicator_ < 1


@pytest.mark.full
def test_coefficients_lie_as_far_off_as_their_errors_say():
    off = []
    for trial in range(300):
        trait, _, responded = logistic_truth(np.random.default_rng(trial), 300)
        found = ResponsePropensity().fit({"trait": trait}, responded)
        off.append(abs(found.coefficients_["trait"] - 0.8) < 1.96 * found.standard_errors_["trait"])
    assert 0.912 <= np.mean(off) <= 0.988


def test_traits_in_words_are_compared_with_the_first():
    found = ResponsePropensity().fit({"city": ["a"] * 4 + ["b"] * 4}, [1, 1, 1, 0, 1, 0, 0, 0])
    assert found.coefficients_["city=b"] == pytest.approx(np.log(1 / 3) - np.log(3))


def test_what_cannot_be_weighted_is_named():
    people = {"sex": ["f", "f", "m"], "age": ["old", "old", "young"]}
    with pytest.raises(MethodError, match="sex holds 'm', of which the population says nothing"):
        Raking({"sex": {"f": 1}}).fit(people)
    with pytest.raises(MethodError, match="nobody with sex 'x' answered"):
        Raking({"sex": {"f": 1, "m": 1, "x": 1}}).fit(people)
    with pytest.raises(MethodError, match="cannot be reached together"):
        Raking({"sex": {"f": 1, "m": 1}, "age": {"old": 0.7, "young": 0.3}}).fit(people)
    with pytest.raises(MethodError, match="sex is missing in row 2"):
        Raking({"sex": {"f": 1}}).fit({"sex": ["f", None]})
    with pytest.raises(MethodError, match="there is no column 'sax'; did you mean 'sex'"):
        Raking({"sax": {"f": 1}}).fit(people)
    with pytest.raises(MethodError, match="everybody answered, or nobody did"):
        ResponsePropensity().fit({"x": [1, 2, 3]}, [1, 1, 1])
    with pytest.raises(MethodError, match="exactly whether they answer"):
        ResponsePropensity().fit({"x": [1, 2, 3, 4, 5, 6]}, [0, 0, 0, 1, 1, 1])
    with pytest.raises(MethodError, match="twice follows from the other traits"):
        ResponsePropensity().fit({"x": [1, 2, 3, 4], "twice": [2, 4, 6, 8]}, [0, 1, 0, 1])
    with pytest.raises(TooFewError, match="2 traits need"):
        ResponsePropensity().fit({"x": [1, 2, 3, 4], "y": [2, 1, 6, 8]}, [0, 1, 0, 0])
