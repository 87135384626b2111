"""What a path model cannot be fitted to is told in one sentence that says what to do."""

import numpy as np
import pytest

from guanxi_methods.errors import MethodError, NotFittedError, TooFewError
from guanxi_methods.satisfaction.paths import TEMPLATES, Construct, PathModel, StructuralModel, read_model
from guanxi_methods.satisfaction.paths.tests.surveys import SMALL, survey


def changed(**parts):
    """SMALL with other parts."""
    return {**SMALL, **parts}


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (changed(paths=[["Quality", "Value"], ["Value", "Loyalty"], ["Loyalty", "Quality"]]),
         "the paths run in a circle: Quality -> Value -> Loyalty -> Quality; leave one of them out"),
        (changed(paths=[["Quality", "Value"], ["Loyalty", "Loyalty"]]), "in a circle: Loyalty -> Loyalty"),
        (changed(paths=[["Quality", "Value"]]), "construct 'Loyalty' has no path"),
        (changed(paths=[["Quality", "Valeu"], ["Value", "Loyalty"]]), "'Valeu', which does not exist; did you mean 'Val"),
        (changed(paths=[["Quality", "Xyz"]]), "'Xyz', which does not exist; there are: Quality, Value, Loyalty"),
        (changed(paths=[["Quality", "Value"], ["Quality", "Value"], ["Value", "Loyalty"]]), "is there twice"),
        (changed(paths=["Quality"]), "a path must be [FROM, TO], not 'Quality'"),
        (changed(paths=[["Quality"]]), "a path must be [FROM, TO], not 'Quality'"),
        (changed(paths="Quality"), "must be a list of [FROM, TO]"),
        (changed(paths=[]), "the model has no paths"),
        (changed(constructs={}), "the model has no constructs"),
        (changed(constructs=["Quality"]), "must each have a name and items"),
        (changed(constructs={"Quality": ["q1"]}), "at least two constructs"),
        (changed(constructs={**SMALL["constructs"], "Value": ["v1", "q1"]}),
         "the item 'q1' belongs to two constructs, 'Quality' and 'Value'"),
        (changed(constructs={**SMALL["constructs"], "Value": ["v1", "v1"]}), "names the item 'v1' twice"),
        (changed(constructs={**SMALL["constructs"], "Value": []}), "construct 'Value' has no items"),
        (changed(constructs={**SMALL["constructs"], "Value": {"mode": "C", "items": ["v1"]}}), "mode A or B, not 'C'"),
        (changed(constructs={**SMALL["constructs"], "Value": {"item": ["v1"]}}), "no part 'item'"),
        (changed(constructs={**SMALL["constructs"], "Value": {"items": 3}}), "has no list of items"),
        (changed(scale=[10, 1]), "from its lowest to its highest"),
        (changed(scale=10), "must be two numbers"),
        (changed(scales=[1, 10]), "a model has no part 'scales'"),
        ("text", "must name its constructs and paths"),
        (StructuralModel((Construct("A", ("x",)), Construct("A", ("y",))), (("A", "A"),)), "two constructs 'A'"),
    ],
)  # fmt: skip
def test_a_model_that_cannot_be(model, words):
    with pytest.raises(MethodError) as refused:
        read_model(model)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        (["q1", "q4"], "construct 'Quality' asks for the item 'q4', which does not exist; did you mean 'q3'"),
        (["Q1"], "did you mean 'q1'"),
        (["customer"], "there are: q1, q2, q3, v1, v2, l1, l2"),
        (["z*"], "no column is named like that"),
        (["*"], "belongs to two constructs"),
    ],
)
def test_items_that_the_data_does_not_hold(items, words):
    model = changed(constructs={**SMALL["constructs"], "Quality": items})
    with pytest.raises(MethodError) as refused:
        PathModel(model).fit(survey(np.random.default_rng(1)))
    assert words in str(refused.value)


def test_answers_that_cannot_be_used():
    table = survey(np.random.default_rng(1))
    off = {**table, "v1": np.where(np.arange(120) == 4, 11.0, table["v1"])}
    with pytest.raises(MethodError, match="the item 'v1' holds 11 in row 5, which lies off the scale from -10 to 10"):
        PathModel(SMALL).fit(off)
    with pytest.raises(MethodError, match="everybody answered the item 'l2' alike, with 7"):
        PathModel(SMALL).fit({**table, "l2": np.full(120, 7.0)})
    with pytest.raises(MethodError, match="nobody answered the item 'l2'"):
        PathModel(SMALL).fit({**table, "l2": np.full(120, np.nan)})
    of_b = changed(
        constructs={**SMALL["constructs"], "Quality": {"mode": "B", "items": ["q1", "q2", "q3", "q4", "q5"]}}
    )
    few = {name: column[:5] for name, column in {**table, "q4": table["q1"][::-1], "q5": table["q2"][::-1]}.items()}
    with pytest.raises(TooFewError, match="'Quality' has 5 items but there are only 5 rows"):
        PathModel(of_b).fit(few)
    with pytest.raises(TooFewError, match="3 rows are too few for this model: it needs at least 4"):
        PathModel(SMALL).fit({name: column[:3] for name, column in table.items()})
    again = changed(constructs={**SMALL["constructs"], "Quality": {"mode": "B", "items": ["q1", "q2", "q4"]}})
    with pytest.raises(MethodError, match="the items of construct 'Quality' repeat each other"):
        PathModel(again).fit({**table, "q4": table["q1"] * 2})
    same = changed(constructs={"Quality": ["q1"], "Value": ["v1"], "Loyalty": ["l1"]})
    with pytest.raises(MethodError, match=r"lead to 'Loyalty' \(Quality, Value\) repeat each other"):
        PathModel(same).fit({**table, "v1": table["q1"]})


def test_missing_answers_by_the_stated_rule():
    table = survey(np.random.default_rng(2))
    holed = {**table, "q1": np.where(np.arange(120) < 6, np.nan, table["q1"])}
    by_mean = PathModel(SMALL, bootstrap=0).fit(holed)
    assert by_mean.notes_[0].startswith("6 missing answers in 6 rows were replaced by the mean of their item")
    filled = {**table, "q1": np.where(np.isnan(holed["q1"]), np.nanmean(holed["q1"]), holed["q1"])}
    assert by_mean.paths_ == PathModel(SMALL, bootstrap=0).fit(filled).paths_
    dropped = PathModel(SMALL, bootstrap=0, missing="drop").fit(holed)
    assert dropped.n_ == 114
    assert dropped.notes_[0] == "6 rows that lack an answer were left out"
    with pytest.raises(MethodError, match="q1 holds a missing value, first in row 1"):
        PathModel(SMALL, missing="refuse").fit(holed)
    with pytest.raises(TooFewError, match="every row lacks an answer"):
        holes = {
            **table,
            "q1": np.where(np.arange(120) < 60, np.nan, 1.0),
            "v1": np.where(np.arange(120) < 60, 1.0, np.nan),
        }
        PathModel(SMALL, missing="drop").fit(holes)


def test_what_a_reader_must_know_is_noted():
    table = survey(np.random.default_rng(3))
    one_item = changed(constructs={**SMALL["constructs"], "Loyalty": ["l1"]})
    found = PathModel(one_item, bootstrap=0).fit(table)
    assert found.loadings_["l1"] == pytest.approx(1)
    assert np.isnan([found.alpha_["Loyalty"], found.rho_c_["Loyalty"], found.ave_["Loyalty"]]).all()
    assert found.notes_ == ("construct Loyalty has one item: it is that item, and its reliability is not known",)
    turned = PathModel(SMALL, bootstrap=0).fit({**table, "q3": -table["q3"]})
    assert turned.weights_["q3"] < 0
    assert "the weights of q3 in construct Quality are negative" in turned.notes_[0]


def test_items_that_cancel_out_at_the_start_are_no_hindrance():
    table = survey(np.random.default_rng(3))
    straight = PathModel(SMALL, bootstrap=0).fit({**table, "v2": table["v1"]})
    turned = PathModel(SMALL, bootstrap=0).fit({**table, "v2": -table["v1"]})
    assert turned.r2_ == pytest.approx(straight.r2_)
    assert turned.loadings_["v1"] == pytest.approx(1)
    assert turned.loadings_["v2"] == pytest.approx(-1)
    assert np.isnan(turned.index_["Value"])
    assert "there is no index for Value: the weights of its items cancel out" in turned.notes_
    assert turned.index_["Quality"] == pytest.approx(straight.index_["Quality"])


def test_resamples_in_which_an_item_is_constant_are_left_out_and_counted():
    table = survey(np.random.default_rng(3), 30)
    table["l2"] = np.where(np.arange(30) < 2, 5.0, 4.0)
    found = PathModel(SMALL, bootstrap=100).fit(table)
    assert any("of 100 resamples gave no estimate" in note for note in found.notes_)
    assert np.isfinite(list(found.intervals_["paths"].values())).all()


def test_too_few_resamples_with_an_estimate_give_no_intervals_and_say_so():
    table = {name: column[:4] for name, column in survey(np.random.default_rng(5)).items()}
    table["l1"] = np.array([1.0, 1.0, 1.0, 2.0])
    table["v1"] = np.array([2.0, 1.0, 1.0, 1.0])
    found = PathModel(SMALL).fit(table)
    assert found.intervals_ == {}
    assert "there are no intervals: only" in found.notes_[-1]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"scheme": "pca"}, "scheme must be one of centroid, factorial, path"),
        ({"missing": "zero"}, "missing must be one of"),
        ({"interval": "normal"}, "interval must be one of"),
        ({"bootstrap": 1}, "bootstrap must be 0 or a whole number of at least 2"),
        ({"bootstrap": 2.5}, "bootstrap must be"),
        ({"level": 1}, "level must lie between 0 and 1"),
        ({"tolerance": 0}, "tolerance must exceed 0"),
        ({"max_iterations": 1}, "did not come to rest within 1 rounds"),
    ],
)
def test_parameters_out_of_range(given, words):
    with pytest.raises(MethodError) as refused:
        PathModel(SMALL, **given).fit(survey(np.random.default_rng(1)))
    assert words in str(refused.value)


def test_blindfolding_out_of_range():
    found = PathModel(SMALL, bootstrap=0)
    with pytest.raises(NotFittedError):
        found.blindfold()
    found.fit(survey(np.random.default_rng(1)))
    with pytest.raises(MethodError, match="omission distance must be a whole number"):
        found.blindfold(omission=1)
    with pytest.raises(MethodError, match="order must be answers or file"):
        found.blindfold(order="size")
    assert found.blindfold(omission=6).omission == 7
    assert "the omission distance is 7 instead of 6, which divides the 120 rows" in found.blindfold(omission=6).notes[0]


def test_correlations_that_cannot_be():
    names = ("q1", "q2", "q3", "v1", "v2", "l1", "l2")
    table = np.corrcoef([survey(np.random.default_rng(1))[name] for name in names])
    found = PathModel(SMALL).fit_correlations(table, names, 120)
    assert found.paths_ == pytest.approx(PathModel(SMALL, bootstrap=0).fit(survey(np.random.default_rng(1))).paths_)
    with pytest.raises(MethodError, match="must be 7 x 7"):
        PathModel(SMALL).fit_correlations(table[:5], names, 120)
    with pytest.raises(MethodError, match="symmetric"):
        PathModel(SMALL).fit_correlations(table * 2, names, 120)
    with pytest.raises(MethodError, match="without deviations"):
        PathModel(SMALL, scaled=False).fit_correlations(table, names, 120)
    with pytest.raises(MethodError, match="blindfolding needs the answers"):
        found.blindfold()


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_are_models(name):
    model = read_model(TEMPLATES[name])
    assert model.scale == (1, 10)
    assert (len(model.constructs), len(model.paths)) == {"acsi": (6, 9), "ecsi": (7, 12), "ccsi": (6, 11)}[name]
