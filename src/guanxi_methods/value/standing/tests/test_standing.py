"""The second implementation, simulated customers, and input that cannot be measured."""

from dataclasses import replace

import numpy as np
import pytest

from guanxi_methods.errors import MethodError
from guanxi_methods.value.standing import (
    FOUR_TYPES,
    RELATIONSHIP_LEVELS,
    SERVICE_PORTFOLIO,
    CompatibilityMatrix,
    CostToServe,
    DeliveredValue,
    LoyaltyProfit,
    TwoAxisTypology,
    acquisition_or_retention,
    axis_score,
    combine_types,
    response_speed,
    separate,
)
from guanxi_methods.value.standing.tests import plain

VALUES, COSTS = ("product", "service"), ("money", "time")


def test_delivered_value_equals_adding_up_one_by_one():
    rng = np.random.default_rng(1)
    answers = {item: rng.integers(1, 8, 90).astype(float) for item in (*VALUES, *COSTS)}
    supplier = rng.choice(["we", "a", "b"], 90)
    weights = {"product": 3, "service": 1, "money": 1, "time": 1}
    found = DeliveredValue("we", VALUES, COSTS).fit(answers, supplier, importance=weights)
    rows = [(s, {item: column[i] for item, column in answers.items()}) for i, s in enumerate(supplier)]
    shares = {"product": 0.75, "service": 0.25, "money": 0.5, "time": 0.5}
    expected = plain.delivered(rows, VALUES, COSTS, shares)
    assert dict(zip(found.suppliers_, found.delivered_value_, strict=True)) == pytest.approx(expected)
    assert found.suppliers_[0] == "we"
    for name, gap in found.advantages_.items():
        assert gap == pytest.approx(expected["we"] - expected[name])
        assert sum(found.item_advantages_[name].values()) == pytest.approx(gap)


def test_amounts_of_money_are_added_as_they_are():
    # the tractor of Kotler's chapter: worth 20,000, price 19,000, so the buyer is left with 1,000
    answers = {"product": [20_000.0] * 2 + [18_000.0] * 2, "money": [19_000.0] * 2 + [17_500.0] * 2}
    found = DeliveredValue("caterpillar", ("product",), ("money",)).fit(
        answers, ["caterpillar"] * 2 + ["komatsu"] * 2, respondent=[1, 2, 1, 2]
    )
    assert found.delivered_value_.tolist() == [1000, 500]
    assert found.ratio_.round(3).tolist() == [1.053, 1.029]


@pytest.mark.full
@pytest.mark.parametrize("is_weighted", [False, True])
def test_intervals_of_delivered_value_hold_the_truth(is_weighted):
    rng, runs, inside, of_gap = np.random.default_rng(7), 400, 0, 0
    raw = np.array([4.0, 2.0, 3.0, 3.0])
    weights = np.array([4 / 6, 2 / 6, 0.5, 0.5]) if is_weighted else np.ones(4)
    ours, theirs = np.array([7.0, 6.0, 4.0, 3.0]), np.array([6.0, 6.0, 3.0, 3.0])
    signs = np.array([1, 1, -1, -1])
    truth, gap = (weights * signs) @ ours, (weights * signs) @ (ours - theirs)
    for _ in range(runs):
        mood = rng.normal(size=(80, 1))  # who is pleased with us is pleased with others
        answers = np.concatenate([ours + mood + rng.normal(size=(80, 4)), theirs + mood + rng.normal(size=(80, 4))])
        importance = np.tile(raw + rng.normal(size=(80, 4)) * 0.8 + 0.5 * mood, (2, 1)).clip(0.1)
        table = dict(zip((*VALUES, *COSTS), answers.T, strict=True))
        found = DeliveredValue("we", VALUES, COSTS).fit(
            table,
            ["we"] * 80 + ["they"] * 80,
            respondent=np.tile(np.arange(80), 2),
            importance=dict(zip(table, importance.T, strict=True)) if is_weighted else None,
        )
        inside += found.intervals_[0, 0] <= truth <= found.intervals_[0, 1]
        low, high = found.advantage_intervals_["they"]
        of_gap += low <= gap <= high
    allowed = 3.3 * np.sqrt(0.95 * 0.05 / runs)
    assert abs(inside / runs - 0.95) < allowed
    assert abs(of_gap / runs - 0.95) < allowed


def test_rows_with_a_gap_are_left_out_and_counted():
    answers = {"product": [5, 6, None, 4, 3], "money": [1, 2, 3, 4, 5]}
    found = DeliveredValue("we", ("product",), ("money",)).fit(answers, ["we", "we", "we", "they", "they"])
    assert found.n_.tolist() == [2, 2]
    assert found.notes_ == ("1 rows with a missing answer were left out",)


def test_the_sources_of_loyal_profit_sum_to_it():
    rng = np.random.default_rng(3)
    tenure = np.repeat([1, 2, 3, 5], 50)
    columns = [rng.random(200) * 50 + 40 * scale for scale in (3, 3, 1, 0.5, 0.2)]
    found = LoyaltyProfit().fit(tenure, *columns)
    assert sum(found.sources_.values()) == pytest.approx(found.profit_)
    listed, paid, goods, served, referred = columns
    for place, year in enumerate((1, 2, 3, 5)):
        own = tenure == year
        profits = (paid - goods - served + referred)[own]
        assert found.profit_[place] == pytest.approx(profits.mean())
        half = 1.959964 * profits.std(ddof=1) / np.sqrt(50)
        assert found.intervals_[place, 1] - found.profit_[place] == pytest.approx(half)
    assert found.sources_["price"][0] == pytest.approx((paid - listed)[:50].mean())
    assert found.sources_["growth"][0] == pytest.approx(0)
    assert found.sources_["saved_cost"][0] == pytest.approx(0)


def test_the_fewest_groups_are_found():
    rng = np.random.default_rng(5)
    for _ in range(30):
        size = int(rng.integers(2, 7))
        segments = list("abcdefg"[:size])
        pairs = [(a, b) for i, a in enumerate(segments) for b in segments[i + 1 :] if rng.random() < 0.5]
        groups = separate(segments, pairs)
        assert len(groups) == plain.fewest_groups(segments, pairs)
        assert sorted(name for group in groups for name in group) == segments
        assert not [pair for pair in pairs for group in groups if set(pair) <= set(group)]


def test_many_segments_are_still_kept_apart():
    segments = [f"s{i}" for i in range(40)]
    pairs = [(a, b) for i, a in enumerate(segments) for b in segments[i + 1 :] if (i * 7 + int(b[1:])) % 3 == 0]
    groups = separate(segments, pairs)
    assert not [pair for pair in pairs for group in groups if set(pair) <= set(group)]


def test_verdicts_err_as_seldom_as_the_level_says():
    rng, wrong, runs = np.random.default_rng(9), 0, 400
    for _ in range(runs):  # all pairs exactly neutral: each of two sides is called a conflict in 2.5% of cases
        rater, met = ["a"] * 12 + ["b"] * 12, ["b"] * 12 + ["a"] * 12
        found = CompatibilityMatrix(neutral=3).fit(rater, met, 3 + rng.normal(size=24))
        wrong += found.verdicts_[("a", "b")] == "conflict"
    assert abs(wrong / runs - 0.05) < 3.3 * np.sqrt(0.05 * 0.95 / runs)


def test_pairs_that_nobody_rated_are_unknown_and_a_segment_may_not_bear_itself():
    found = CompatibilityMatrix(neutral=3).fit(
        ["a"] * 4 + ["b"] * 4 + ["c"], ["a"] * 4 + ["a"] * 4 + ["a"], [1, 2, 1, 2, 4, 5, 4, 5, 5]
    )
    assert found.verdicts_[("a", "a")] == "conflict"
    assert found.verdicts_[("a", "b")] == found.verdicts_[("b", "c")] == "unknown"
    assert "a" in found.notes_[0]
    assert found.groups_ == (("a", "b", "c"),)
    index, error = found.mix_index({"a": 0.5, "b": 0.5})
    assert index == pytest.approx((1.5 + 4.5) / 2)
    assert error > 0
    with pytest.raises(MethodError, match="no pair"):
        found.mix_index({"b": 1})
    with pytest.raises(MethodError, match="no segment 'x'"):
        found.mix_index({"x": 1})


def test_types_equal_going_up_the_levels_one_by_one():
    rng = np.random.default_rng(13)
    grid = replace(RELATIONSHIP_LEVELS, x_cuts=(20.0, 60.0), y_cuts=(5.0, 9.0))
    x, y = rng.integers(0, 100, 200).astype(float), rng.integers(0, 15, 200).astype(float)
    types = TwoAxisTypology(grid).fit(x, y)
    expected = [plain.cell(a, b, grid.x_cuts, grid.y_cuts, grid.cells) for a, b in zip(x, y, strict=True)]
    assert types.labels_.tolist() == expected
    assert sum(types.counts_.values()) == 200
    assert types.counts_["accountable"] == expected.count("accountable")


def test_each_preset_places_its_corners():
    corners = ([10, 90, 10, 90], [10, 10, 90, 90])
    assert TwoAxisTypology(FOUR_TYPES).fit(*corners).labels_.tolist() == [
        "indifferent", "compliant", "adaptive", "caring",
    ]  # fmt: skip
    assert TwoAxisTypology(SERVICE_PORTFOLIO).fit(*corners).labels_.tolist() == [
        "bargain_basement", "aggressive", "passive", "carriage_trade",
    ]  # fmt: skip
    assert set(FOUR_TYPES.strategies) == {name for row in FOUR_TYPES.cells for name in row}
    # on a cut point, above it
    assert TwoAxisTypology(FOUR_TYPES).fit([50.0], [50.0]).labels_.tolist() == ["caring"]


def test_how_sure_a_type_is_comes_true():
    rng = np.random.default_rng(21)
    x, y, error = rng.uniform(20, 80, 4000), rng.uniform(20, 80, 4000), rng.uniform(3, 15, 4000)
    types = TwoAxisTypology(FOUR_TYPES).fit(x, y, x_error=error, y_error=error)
    assert types.probabilities_.sum(axis=1) == pytest.approx(1)
    again = TwoAxisTypology(FOUR_TYPES).fit(x + rng.normal(size=4000) * error, y + rng.normal(size=4000) * error)
    expected = types.probabilities_[np.arange(4000), types.codes_]
    same = (again.codes_ == types.codes_).mean()
    assert abs(same - expected.mean()) < 3.3 * np.sqrt((expected * (1 - expected)).mean() / 4000)
    sure = TwoAxisTypology(FOUR_TYPES).fit([50, 49.9], [90, 90], x_error=[0, 0], y_error=[0, 0])
    assert sure.probabilities_.max(axis=1).tolist() == [1, 1]
    assert sure.probabilities_.argmax(axis=1).tolist() == sure.codes_.tolist()
    unknown = TwoAxisTypology(FOUR_TYPES).fit([80], [80], x_error=[None], y_error=[1])
    assert (unknown.n_unsure_, len(unknown.notes_)) == (1, 1)


def test_at_the_best_a_customer_costs_at_the_margin_what_it_is_worth():
    # P. E. Pfeifer 2005: marginal cost to win = marginal cost to keep = lifetime value
    acquisition, retention = (0.4, 0.1), (0.7, 0.05)
    figures = {"margin": 50, "d": 0.2, "acquisition": acquisition, "retention": retention}
    best = acquisition_or_retention(**figures)
    to_win = 1 / (acquisition[0] * acquisition[1] * np.exp(-acquisition[1] * best.acquisition_spend))
    to_keep = 1 / (retention[0] * retention[1] * np.exp(-retention[1] * best.retention_spend))
    assert to_win == pytest.approx(best.customer_value, rel=1e-6)
    assert to_keep == pytest.approx(best.customer_value, rel=1e-6)
    for a, r in np.random.default_rng(2).random((50, 2)) * (60, 60):
        tried = acquisition_or_retention(**figures, acquisition_spend=a, retention_spend=r)
        assert tried.equity <= best.equity + 1e-12
    speed = response_speed(rate=0.2, ceiling=0.4, spend=5)
    at_present = acquisition_or_retention(
        margin=50, d=0.2, acquisition=(0.4, speed), retention=retention, acquisition_spend=5
    )
    assert at_present.acquisition_rate == pytest.approx(0.2)
    assert (
        acquisition_or_retention(margin=1, d=0.2, acquisition=(0.1, 0.01), retention=retention).acquisition_spend == 0
    )


def test_the_error_of_a_score_is_that_of_cronbachs_alpha():
    rng = np.random.default_rng(31)
    answers = (rng.normal(size=(300, 1)) + rng.normal(size=(300, 4)) + 5).clip(1, 9)
    scores, errors = axis_score(answers, scale=(1, 9))
    alpha = 4 / 3 * (1 - answers.var(axis=0, ddof=1).sum() / answers.sum(axis=1).var(ddof=1))
    assert errors == pytest.approx(scores.std(ddof=1) * np.sqrt(1 - alpha))
    gaps = answers.copy()
    gaps[0, 0] = np.nan
    again = axis_score(gaps, scale=(1, 9))[1]
    assert again[0] == pytest.approx(errors[0] * np.sqrt(4 / 3), rel=0.01)
    assert np.isnan(axis_score(answers[:, :1], scale=(1, 9))[1]).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: DeliveredValue("us", ("a",), ("b",)).fit({"a": [1, 2], "b": [1, 2]}, ["x", "y"]), "nobody judged us"),
        (lambda: DeliveredValue("x", ("a",), ("b",)).fit({"a": [1, 2], "b": [1, 2]}, ["x", "x"]), "no competitor"),
        (lambda: DeliveredValue("x", ("a",), ("b",)).fit({"a": [1, 2], "b": [1, 2]}, ["x", "y"]), "judged by 1 resp"),
        (lambda: DeliveredValue("x", ("a",), ("c",)).fit({"a": [1, 2], "b": [1, 2]}, ["x", "y"]), "no column 'c'"),
        (lambda: DeliveredValue("x", ("a",), ("a",)).fit({"a": [1, 2]}, ["x", "y"]), "named twice"),
        (
            lambda: DeliveredValue("x", ("a",), ("b",)).fit(
                {"a": [1, 2], "b": [1, 2]}, ["x", "y"], importance={"a": 1}
            ),
            "no weight for 'b'",
        ),
        (
            lambda: DeliveredValue("x", ("a",), ("b",)).fit(
                {"a": [1, 2], "b": [1, 2]}, ["x", "y"], importance={"a": -1, "b": 1}
            ),
            "must not be negative",
        ),
        (lambda: CostToServe().fit({"a": [1]}, [1]), "give the rates"),
        (lambda: CostToServe({"a": 1}, {"a": 2}).fit({"a": [1]}, [1]), "both a rate and a pool"),
        (lambda: CostToServe({"a": -1}).fit({"a": [1]}, [1]), "rate of a must be at least 0"),
        (lambda: CostToServe({"b": 1}).fit({"a": [1]}, [1]), "no column 'b'"),
        (lambda: CostToServe({"a": 1}).fit({"a": [-1]}, [1]), "a is negative in row 1"),
        (lambda: CostToServe(pools={"a": 1}).fit({"a": [0]}, [1]), "nobody used it"),
        (lambda: CostToServe({"a": 1}, capacity={"a": 1}).fit({"a": [0]}, [1]), "no pool of cost"),
        (lambda: LoyaltyProfit().fit([0], [1], [1], [1], [1], [1]), "whole years from 1"),
        (lambda: LoyaltyProfit().fit([2, 2], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1]), "tenure year 1 needs"),
        (lambda: CompatibilityMatrix(3).fit(["a"], ["b", "c"], [1]), "met holds 2"),
        (lambda: CompatibilityMatrix(3).fit(["a", None], ["b", "c"], [1, 2]), "rater names no segment in row 2"),
        (lambda: separate(["a"], [("a", "b")]), "no segment 'b'"),
        (lambda: separate(["a"], [("a", "a")]), "conflicts with itself"),
        (lambda: TwoAxisTypology(RELATIONSHIP_LEVELS).fit([1], [1]), "3 levels of x need 2 cut points"),
        (lambda: TwoAxisTypology(replace(FOUR_TYPES, x_cuts="mode")).fit([1], [1]), "'median' or 'mean'"),
        (lambda: TwoAxisTypology(FOUR_TYPES).fit([1], [1], x_error=[1]), "both axes or of neither"),
        (lambda: TwoAxisTypology(FOUR_TYPES).fit([1], [1], x_error=[-1], y_error=[1]), "x_error is negative"),
        (lambda: TwoAxisTypology(replace(FOUR_TYPES, cells=(("a",), ("b", "c")))).fit([1], [1]), "in every row"),
        (
            lambda: TwoAxisTypology(replace(RELATIONSHIP_LEVELS, x_cuts=(2, 1), y_cuts=(1, 2))).fit([1], [1]),
            "must rise",
        ),
        (lambda: combine_types(["a"], ["b", "c"]), "second holds 2"),
        (lambda: combine_types(["a", None], ["b", "c"]), "first has no type in row 2"),
        (lambda: axis_score({"q": [6]}, scale=(1, 5)), "q holds 6 in row 1, off the scale"),
        (lambda: axis_score({"q": [1, None]}, scale=(1, 5)), "row 2 holds no answer"),
        (lambda: axis_score({"q": [1]}, scale=(1, 5), reversed_items=["p"]), "no column 'p'"),
        (lambda: axis_score({"q": [1]}, scale=(5, 1)), "lowest answer and then the highest"),
        (lambda: response_speed(rate=0.5, ceiling=0.5, spend=1), "under its ceiling"),
        (lambda: response_speed(rate=0.2, ceiling=0.5, spend=0), "spend must be over 0"),
        (lambda: acquisition_or_retention(margin=0, d=0.1, acquisition=(0.4, 1), retention=(0.4, 1)), "margin must be"),
        (lambda: acquisition_or_retention(margin=1, d=0, acquisition=(0.4, 1), retention=(1, 1)), "has no end"),
    ],
)
def test_what_cannot_be_measured_is_said_in_words(call, words):
    with pytest.raises(MethodError, match=words):
        call()
