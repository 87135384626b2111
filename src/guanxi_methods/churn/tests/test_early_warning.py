"""The early warning: real data, leaks in every dress, exact reasons, recovery, bad input."""

import csv
import datetime as dt
import gzip

import numpy as np
import pytest

from guanxi_methods.churn import EarlyWarning, pair_shapley
from guanxi_methods.churn.leakage import LeakSearch
from guanxi_methods.churn.predictors import Predictor
from guanxi_methods.churn.scorers import BOOSTING, Scorer
from guanxi_methods.churn.tests import plain
from guanxi_methods.errors import MethodError, NotFittedError, TooFewError


def read(path, delimiter=","):
    opening = gzip.open if str(path).endswith(".gz") else open
    with opening(path, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter=delimiter))
    return {name: np.array([row[name] for row in rows], dtype=object) for name in rows[0]}


def customers(rng, size=1500):
    """Honest columns and an outcome that they explain in part."""
    months, plan = rng.integers(1, 60, size), np.array(["card", "cash", "loan"], dtype=object)[rng.integers(0, 3, size)]
    calls, fee = rng.poisson(2, size), rng.gamma(3, 20, size).round(2)
    spend = rng.normal(size=size)
    odds = -0.6 - 0.03 * months + 0.5 * calls + 0.7 * (plan == "cash") - 0.4 * spend
    left = rng.random(size) < 1 / (1 + np.exp(-odds))
    return {"months": months, "plan": plan, "calls": calls, "fee": fee, "spend": spend}, left


def names(model):
    return {one.column for one in model.refused_columns_}


@pytest.mark.full
def test_telco(public_data):
    """SOURCES: 1,869 of 7,043 left, 26.54%; nothing leaks; the literature reports an AUC of .84 to .86."""
    table = read(public_data("telco_churn/Telco-Customer-Churn.csv", whole=True).path)
    target = table.pop("Churn")
    contract = table["Contract"]
    rates = [100 * np.mean(target[contract == kind] == "Yes") for kind in ("Month-to-month", "One year", "Two year")]
    assert [round(rate, 2) for rate in rates] == [42.71, 11.27, 2.83]
    model = EarlyWarning(model="logistic").fit(table, target, target_value="Yes")
    assert round(100 * model.base_rate_, 2) == 26.54
    assert model.refused_columns_ == ()
    assert 0.83 < model.auc_.value < 0.86
    assert "customerID" not in model.used_columns_
    assert {"tenure", "Contract", "TotalCharges"} < set(model.used_columns_)
    assert model.calibration_.error < 0.04
    assert 2.5 < model.lift_top_decile_ < 3.2


@pytest.mark.full
def test_bank_marketing_refuses_the_length_of_the_call(public_data):
    """SOURCES: 5,289 of 45,211 (11.70%) said yes; `duration` is known only after the call."""
    table = read(public_data("bank_marketing/bank-full.csv.gz", whole=True).path, ";")
    target = table.pop("y")
    model = EarlyWarning().fit(table, target, target_value="yes")
    assert (model.n_events_, model.n_customers_, round(100 * model.base_rate_, 2)) == (5289, 45211, 11.7)
    assert names(model) == {"duration"}
    assert 0.10 < model.refused_columns_[0].auc_drop < 0.16
    assert 0.785 < model.auc_.value < 0.815
    assert model.lift_top_decile_ > 4
    success = table["poutcome"] == "success"
    assert round(100 * np.mean(target[success] == "yes"), 3) == 64.725
    kept = EarlyWarning(model="logistic", known_before=["duration"]).fit(table, target, target_value="yes")
    assert kept.refused_columns_ == ()
    assert kept.auc_.value > 0.89


@pytest.mark.full
def test_copies_of_the_length_of_the_call_hide_one_another_in_vain(public_data):
    table = read(public_data("bank_marketing/bank-full.csv.gz", whole=True).path, ";")
    target = table.pop("y")
    seconds = table["duration"].astype(float)
    noise = np.random.default_rng(0).normal(0, 90, seconds.size)
    table |= {"minutes": seconds / 60, "tens": np.round(seconds / 10), "about": seconds + noise}
    model = EarlyWarning(model="logistic").fit(table, target, target_value="yes")
    assert names(model) == {"duration", "minutes", "tens", "about"}
    assert all(0.10 < one.auc_drop < 0.16 for one in model.refused_columns_)


def leak_of(left, rng):
    """Columns that only the outcome can tell, each a table of its own."""
    count = left.size
    told = np.where(left, "J", "N").astype(object)
    noisy = np.where(rng.random(count) < 0.97, left, rng.random(count) < 0.5).astype(int)
    other = np.where(rng.random(count) < 0.98, noisy, 1 - noisy)
    days = [dt.date(2025, 1, 1) + dt.timedelta(int(i) % 90) if gone else None for i, gone in enumerate(left)]
    return {
        "the outcome in another spelling": {"stage": told},
        "two spellings of it": {"stage": told, "flag": left.astype(int) * 7 + 2},
        "a noisy copy": {"noisy": noisy},
        "two noisy copies that differ": {"noisy": noisy, "other": other},
        "a reason in free words": {
            "why": np.array([f"case {i}" if gone else "" for i, gone in enumerate(left)], object)
        },
        "a day of leaving": {"ended": np.array(days, dtype=object)},
        "a day of leaving as a moment": {"ended": np.array(days, dtype="datetime64[s]")},
        "a copy that hides a graded one": {"flag": left.astype(int), "score": left + rng.normal(0, 0.3, count)},
        "three graded ones": {f"score {i}": left + rng.normal(0, 0.3, count) for i in range(3)},
    }


DRESSES = sorted(leak_of(np.zeros(3, bool), np.random.default_rng(0)))


@pytest.mark.parametrize(
    "dress", [pytest.param(one, marks=[] if "that differ" in one else pytest.mark.full) for one in DRESSES]
)
def test_leaks_are_refused_by_what_they_tell_and_honest_columns_are_not(dress):
    rng = np.random.default_rng(3)
    table, left = customers(rng)
    leaks = leak_of(left, rng)[dress]
    model = EarlyWarning(model="logistic").fit({**table, **leaks}, left)
    assert names(model) == set(leaks)
    assert all(one.auc_drop > 0.10 for one in model.refused_columns_)
    assert set(model.used_columns_) == set(table)


def test_an_honest_column_without_repeats_is_not_taken_for_a_copy_of_another():
    rng = np.random.default_rng(3)
    table, left = customers(rng, 700)
    search = LeakSearch(
        np.column_stack([rng.random(700), rng.random(700), table["spend"], -3 * table["spend"], table["calls"]]),
        tuple(Predictor(name, "number") for name in "abcde"),
        left,
        np.arange(700) < 175,
        0.1,
    )
    assert [sorted(unit) for unit in search._units()] == [["a"], ["b"], ["c", "d"], ["e"]]


@pytest.mark.full
def test_honest_columns_stay_and_an_override_keeps_what_was_known_before():
    rng = np.random.default_rng(4)
    table, left = customers(rng)
    honest = EarlyWarning(model="logistic").fit(table, left)
    assert honest.refused_columns_ == ()
    flag = {"flag": np.where(rng.random(left.size) < 0.9, left, ~left).astype(int)}
    refused = EarlyWarning(model="logistic").fit({**table, **flag}, left)
    assert names(refused) == {"flag"}
    assert any("flag is refused" in note for note in refused.notes_)
    kept = EarlyWarning(model="logistic", known_before=["flag"]).fit({**table, **flag}, left)
    assert kept.refused_columns_ == ()
    assert kept.auc_.value > refused.auc_.value + 0.1
    # The drop told is the drop measured: leaving the column out by hand costs about as much.
    assert refused.refused_columns_[0].auc_drop == pytest.approx(kept.auc_.value - refused.auc_.value, abs=0.03)


def test_what_carries_nothing_is_left_out_and_said():
    rng = np.random.default_rng(5)
    table, left = customers(rng, 400)
    table |= {
        "id": np.array([f"C{i:05d}" for i in range(400)], dtype=object),
        "same": np.full(400, "x", dtype=object),
        "since": np.array([str(np.datetime64("2024-01-01") + int(i)) for i in rng.integers(0, 300, 400)], dtype=object),
        "paid": np.array([f"{v:.2f}" if v > 20 else " " for v in table["fee"]], dtype=object),
    }
    model = EarlyWarning(model="logistic").fit(table, left)
    assert "id" not in model.used_columns_
    assert "same" not in model.used_columns_
    assert {"since", "paid"} < set(model.used_columns_)
    assert any(note.startswith("id holds a text of its own") for note in model.notes_)
    assert any(note.startswith("same is the same") for note in model.notes_)


@pytest.mark.parametrize("kind", ["logistic", pytest.param("boosting", marks=pytest.mark.full)])
def test_reasons_add_up_to_the_score_and_equal_shapley_by_definition(kind):
    rng = np.random.default_rng(6)
    table, left = customers(rng, 300)
    model = EarlyWarning(model=kind).fit(table, left)
    some = {name: column[:6] for name, column in table.items()}
    parts, level = model.contributions(some)
    chance = model.predict(some)
    assert level + parts.sum(axis=1) == pytest.approx(np.log(chance / (1 - chance)), abs=1e-9)
    assert model.predict(table) == pytest.approx(model.probabilities_, abs=1e-12)
    # Against Shapley's sum over all orders, with no assumption on how many columns act together.
    matrix, background = model._predictors.matrix(some)[:2], model._background[:5]
    values, base = pair_shapley(model._scorer.log_odds, matrix, background)
    for row in range(2):
        assert values[row] == pytest.approx(plain.shapley(model._scorer.log_odds, matrix[row], background), abs=1e-9)
    assert base == pytest.approx(model._scorer.log_odds(background).mean())


@pytest.mark.full
def test_trees_never_join_over_two_columns():
    rng = np.random.default_rng(7)
    matrix = rng.normal(size=(800, 4))
    left = rng.random(800) < 1 / (1 + np.exp(-(matrix[:, 0] * matrix[:, 1] * matrix[:, 2])))
    scorer = Scorer(BOOSTING[1], tuple(Predictor(f"x{i}", "number") for i in range(4))).fit(matrix, left)
    trees = [tree.nodes for trees in scorer._model._predictors for tree in trees]
    assert max(int(nodes["depth"].max()) for nodes in trees) == 2


def test_who_how_sure_why_and_what_it_is_worth():
    rng = np.random.default_rng(8)
    table, left = customers(rng, 600)
    model = EarlyWarning(model="logistic").fit(table, left)
    worth = rng.gamma(2, 500, 600)
    told = model.warn(table, worth=worth, most=5, reasons=2)
    stake = model.probabilities_ * worth
    assert [one.row for one in told] == np.argsort(-stake)[:5].tolist()
    assert told[0].at_stake == pytest.approx(stake.max())
    assert all(len(one.reasons) == 2 and 0 <= one.interval[0] < one.interval[1] <= 1 for one in told)
    first = told[0].reasons[0]
    assert first.column in table
    assert first.value == str(table[first.column][told[0].row])
    assert [one.row for one in model.warn(table, most=3)] == np.argsort(-model.probabilities_, kind="stable")[
        :3
    ].tolist()


@pytest.mark.full
def test_probabilities_are_true_and_intervals_of_the_auc_hold_it():
    rng = np.random.default_rng(9)
    held, errors, runs = 0, [], 40
    fresh, outcome = customers(np.random.default_rng(10), 200_000)
    for _ in range(runs):
        table, left = customers(rng, 800)
        model = EarlyWarning(model="logistic", known_before=list(table)).fit(table, left)
        stated = model.predict(fresh)
        true = plain.fast_auc(stated, outcome)
        held += model.auc_.interval[0] <= true <= model.auc_.interval[1]
        errors.append(stated.mean() - outcome.mean())
    # Binomial: 95% of 40 is 38 with a standard error of 1.4.
    assert held >= 34
    assert abs(np.mean(errors)) < 0.012


def outcomes(events, rows=200):
    rng = np.random.default_rng(0)
    return {"x": rng.normal(size=rows), "y": rng.normal(size=rows)}, np.arange(rows) < events


def test_too_few_and_one_sided_outcomes():
    with pytest.raises(TooFewError, match="29 customers who left: 30 are needed"):
        EarlyWarning().fit(*outcomes(29))
    with pytest.raises(TooFewError, match="29 customers who stayed: 30 are needed"):
        EarlyWarning().fit(*outcomes(171))
    with pytest.raises(MethodError, match="nobody left"):
        EarlyWarning().fit(*outcomes(0))
    with pytest.raises(MethodError, match="everybody left"):
        EarlyWarning().fit(*outcomes(200))
    assert EarlyWarning(model="logistic").fit(*outcomes(30)).n_events_ == 30


@pytest.mark.parametrize(
    ("method", "change", "told"),
    [
        ({"model": "forest"}, {}, "model must be"),
        ({"hold_out": 0.9}, {}, "hold_out must be"),
        ({"most_drop": 0}, {}, "most_drop must be"),
        ({"random_state": -1}, {}, "random_state must be"),
        ({"exclude": ["z"]}, {}, "there is no column 'z'"),
        ({"known_before": ["xx"]}, {}, "there is no column 'xx'; did you mean 'x'"),
        ({"exclude": ["x", "y"]}, {}, "every column is excluded"),
        ({}, {"target_value": "Yes"}, "no outcome is 'Yes'; there are: False, True"),
        ({}, {"target": ["a", "b"] * 100}, "say which outcome means"),
        ({}, {"target": ["a", None] * 100, "target_value": "a"}, "the outcome of row 2 is missing"),
        ({}, {"target": [0, 1]}, "target holds 2 values where 200 are needed"),
        ({}, {"X": {"x": [np.inf] * 200}}, "x holds an infinite value, first in row 1"),
        ({}, {"X": {"x": [1] * 200}}, "no column that tells customers apart"),
        ({}, {"X": {"x": ([1] * 100) + ([0] * 100)}}, "every column is refused"),
    ],
)
def test_what_cannot_be_used_is_named(method, change, told):
    table, left = outcomes(100)
    with pytest.raises(MethodError, match=told):
        EarlyWarning(**method).fit(**{"X": table, "target": left, **change})


def test_nothing_is_predicted_before_fit():
    with pytest.raises(NotFittedError):
        EarlyWarning().predict({"x": [1]})
