"""Rules as published, as plain loops find them, and as they were built into random baskets."""

import json
from fractions import Fraction

import numpy as np
import pytest

from guanxi_methods.basket import AssociationRules, chi_square, chi_square_p, fisher_p, lift_interval
from guanxi_methods.basket import mining as mining_module
from guanxi_methods.basket.tests import plain
from guanxi_methods.correction import adjust_p_values
from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.proportion import wilson_interval
from guanxi_methods.tests.battery import SEED

# J. Han & M. Kamber, "Data Mining: Concepts and Techniques", table 6.1 (AllElectronics).
ELECTRONICS = [
    ["I1", "I2", "I5"], ["I2", "I4"], ["I2", "I3"], ["I1", "I2", "I4"], ["I1", "I3"], ["I2", "I3"], ["I1", "I3"],
    ["I1", "I2", "I3", "I5"], ["I1", "I2", "I3"],
]  # fmt: skip


@pytest.fixture(scope="module")
def groceries(public_data):
    """The 9,835 baskets of Hahsler, Hornik & Reutterer 2006."""
    path = public_data("groceries/groceries_baskets.jsonl", whole=True).path
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def random_baskets(rng, n_baskets, n_items, share):
    return [np.flatnonzero(rng.random(n_items) < share).tolist() for _ in range(n_baskets)]


def found_rules(method):
    """What was found, in the form of the plain implementation."""
    columns = (method.counts_, method.antecedent_counts_, method.consequent_counts_, method.is_redundant_)
    return {
        (frozenset(left), frozenset(right)): tuple(values)
        for left, right, *values in zip(
            method.antecedents_, method.consequents_, *(column.tolist() for column in columns), strict=True
        )
    }


@pytest.mark.full
def test_groceries_as_published(groceries):
    # Hahsler, Hornik & Reutterer, "arules", JSS 14(15), 2005 and the package's vignette and summary(Groceries):
    # density and the most frequent item; the numbers of rules at each pair of thresholds, and the highest lift, are
    # printed in many courses that run apriori() on it (SOURCES). No item lies in half of the baskets, so that rules
    # with an empty left side, which arules allows, are none of the 410 and 5,668; the 463 are of two items or more.
    strict = AssociationRules(".001", ".8").fit_baskets(groceries)
    assert round(strict.density_, 8) == 0.02609146
    assert dict(strict.itemsets(1))[("whole milk",)] == 2513
    assert strict.n_rules_ == 410
    assert AssociationRules(0.001, 0.8).fit_baskets(groceries).n_rules_ == 410
    loose = AssociationRules(".001", ".5").fit_baskets(groceries)
    assert loose.n_rules_ == 5668
    assert (loose.antecedents_[0], loose.consequents_[0]) == (("Instant food products", "soda"), ("hamburger meat",))
    assert round(float(loose.lift_[0]), 5) == 18.99565
    # mlxtend 0.23.4 (fpgrowth, association_rules) on the same baskets: sets, and rules of any right side.
    assert loose.n_itemsets_ == 13492
    assert AssociationRules(".001", ".5", max_consequent=None).fit_baskets(groceries).n_rules_ == 5829
    assert AssociationRules(".006", ".25").fit_baskets(groceries).n_rules_ == 463


@pytest.mark.full
def test_groceries_as_plain_apriori_finds_them(groceries):
    part = groceries[:1500]
    method = AssociationRules(".01", ".3", max_consequent=None).fit_baskets(part)
    assert found_rules(method) == plain.rules(part, ".01", ".3", None)


def test_electronics_as_in_the_textbook():
    method = AssociationRules(Fraction(2, 9), ".7", max_consequent=None).fit_baskets(ELECTRONICS)
    assert method.itemsets_by_length_ == {1: 5, 2: 6, 3: 2}
    assert method.itemsets(3) == [(("I1", "I2", "I5"), 2), (("I1", "I2", "I3"), 2)]
    # Section 6.2.2: of the rules within {I1, I2, I5} three are sure at 70 %.
    sure = {
        (left, right)
        for left, right, confidence in zip(method.antecedents_, method.consequents_, method.confidence_, strict=True)
        if {*left, *right} == {"I1", "I2", "I5"} and confidence == 1
    }
    assert sure == {(("I1", "I5"), ("I2",)), (("I2", "I5"), ("I1",)), (("I5",), ("I1", "I2"))}


@pytest.mark.parametrize("case", range(12))
def test_the_same_as_plain_apriori(case, monkeypatch):
    rng = np.random.default_rng(SEED + case)
    if case % 2:
        monkeypatch.setattr(mining_module, "CHUNK_WORDS", 3)  # so that sets grow in many runs
        monkeypatch.setattr(mining_module, "CHUNK_BASKETS", 64)
    baskets = random_baskets(rng, int(rng.integers(20, 250)), int(rng.integers(4, 11)), rng.uniform(0.15, 0.5))
    baskets = [[f"i{item}" for item in basket] for basket in baskets]
    support, confidence = (("1/20", "2/5"), ("1/10", "1/2"), (".04", ".8"))[case % 3]
    method = AssociationRules(support, confidence, max_consequent=(None, 1, 2)[case % 3]).fit_baskets(baskets)
    assert {frozenset(items): count for items, count in method.itemsets()} == plain.itemsets(baskets, support)
    assert found_rules(method) == plain.rules(baskets, support, confidence, (None, 1, 2)[case % 3])


def test_sets_up_to_a_length():
    baskets = random_baskets(np.random.default_rng(SEED), 100, 8, 0.5)
    for length in (1, 2, 3):
        method = AssociationRules(".05", ".5", max_length=length).fit_baskets(baskets)
        assert max(method.itemsets_by_length_) == length
        assert method.n_itemsets_ == len(plain.itemsets(baskets, ".05", length))


def test_thresholds_are_read_as_written():
    # 4 of 5 is .8 exactly; in binary .8 * 5 may come out above 4, and .1 * 30 above 3.
    baskets = [["a", "b"]] * 4 + [["a"]] + [["c"]] * 45
    for confidence in ("0.8", 0.8, Fraction(4, 5)):
        method = AssociationRules("0.08", confidence).fit_baskets(baskets)
        assert (("a",), ("b",)) in zip(method.antecedents_, method.consequents_, strict=True)
    just_over = AssociationRules("0.08", "0.80000000000000000001").fit_baskets(baskets)
    assert (("a",), ("b",)) not in zip(just_over.antecedents_, just_over.consequents_, strict=True)
    for share in (0.1, 0.3, 0.7):
        count = round(share * 30)
        assert AssociationRules(share).fit_baskets([["a"]] * count + [[]] * (30 - count)).n_itemsets_ == 1
        assert AssociationRules(share).fit_baskets([["a"]] * (count - 1) + [[]] * (31 - count)).n_itemsets_ == 0


def test_the_measures_of_a_rule():
    # P. Tan, M. Steinbach & V. Kumar, "Introduction to Data Mining", table 6.7: 1,000 people, 150 drink tea and
    # coffee, 200 tea, 800 coffee: confidence 75 %, and yet a lift of .9375.
    baskets = [["tea", "coffee"]] * 150 + [["tea"]] * 50 + [["coffee"]] * 650 + [[]] * 150
    method = AssociationRules(".1", ".5").fit_baskets(baskets)
    place = method.antecedents_.index(("tea",))
    assert (method.support_[place], method.confidence_[place], method.lift_[place]) == (0.15, 0.75, 0.9375)
    assert method.leverage_[place] == pytest.approx(-0.01)
    assert method.conviction_[place] == pytest.approx(0.8)
    assert method.is_redundant_[place]  # 80 % drink coffee anyway
    np.testing.assert_allclose(method.confidence_interval_[place], wilson_interval([150], [200])[0])


def test_a_rule_that_never_fails():
    method = AssociationRules(".1", ".5").fit_baskets([["a", "b"]] * 3 + [["b"]] * 2)
    assert (method.antecedents_[0], float(method.conviction_[0]), float(method.lift_[0])) == (("a",), 1.0, 1.0)
    method = AssociationRules(".1", ".5").fit_baskets([["a", "b"]] * 3 + [["c"]] * 2)
    assert np.isinf(method.conviction_).all()


def test_equal_lifts_come_by_support_then_length_then_alphabet():
    baskets = [["d", "c"]] * 2 + [["b", "a"]] * 2 + [["e"]] * 6
    method = AssociationRules(".1", ".5").fit_baskets(baskets)
    assert method.antecedents_ == [("a",), ("b",), ("c",), ("d",)]


def test_the_three_forms_of_baskets_are_one():
    lists = random_baskets(np.random.default_rng(SEED), 80, 6, 0.4)
    lists = [basket or [0] for basket in lists]
    method = AssociationRules(".1", ".3")
    from_lists = found_rules(method.fit_baskets(lists))
    pairs = [(row, item) for row, basket in enumerate(lists) for item in basket]
    assert found_rules(method.fit([row for row, _ in pairs], [item for _, item in pairs])) == from_lists
    assert found_rules(method.fit(np.array(pairs)[:, 0], np.array(pairs)[:, 1])) == from_lists
    table = {str(item): [int(item in basket) for basket in lists] for item in range(6)}
    assert found_rules(method.fit_table(table)) == from_lists


def test_fisher_as_published_and_as_counted():
    # R. A. Fisher 1935, the lady tasting tea: 1/70 and 17/70.
    np.testing.assert_allclose(fisher_p([4, 3], [4, 4], [4, 4], 8), [1 / 70, 17 / 70], rtol=1e-12)
    rng = np.random.default_rng(SEED)
    for total in (10, 60, 400):
        left, right = rng.integers(1, total, 60), rng.integers(1, total, 60)
        low = np.maximum(0, left + right - total)
        both = rng.integers(low, np.minimum(left, right) + 1)
        counted = [plain.fisher(*row, total) for row in zip(both.tolist(), left.tolist(), right.tolist(), strict=True)]
        np.testing.assert_allclose(fisher_p(both, left, right, total), counted, rtol=1e-9, atol=1e-13)


def test_chi_square_of_a_table_worked_by_hand():
    # Cells 20, 20, 30, 130 against 10, 30, 40, 120 expected: 100 (1/10 + 1/30 + 1/40 + 1/120) = 16 2/3.
    assert chi_square([20], [40], [50], 200)[0] == pytest.approx(50 / 3)
    assert chi_square_p([20], [40], [50], 200)[0] == pytest.approx(4.4561e-05, rel=1e-4)
    # What lies in every basket cannot depend on anything.
    assert chi_square([5], [5], [10], 10)[0] == 0


def test_corrections_as_published():
    # Benjamini & Hochberg 1995, section 4.1: fifteen p-values; their procedure finds four at .05, Bonferroni three.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
         0.7590, 1.0]  # fmt: skip
    assert (adjust_p_values(p, "bh") <= 0.05).sum() == 4
    assert (adjust_p_values(p, "bonferroni") <= 0.05).sum() == 3
    assert (adjust_p_values(p, "holm") <= 0.05).sum() == 3
    assert (adjust_p_values(p, "none") == p).all()
    harmonic = sum(1 / k for k in range(1, 16))
    np.testing.assert_allclose(adjust_p_values(p[:2], "by", n_tests=15), [0.0015 * harmonic, 0.003 * harmonic])


def test_wilson_as_published():
    # Newcombe 1998, Statistics in Medicine 17:857-872, table I.
    printed = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (x, n), limits in printed.items():
        assert wilson_interval([x], [n]).round(4).tolist() == [list(limits)]


def test_independent_items_give_no_finding_and_intervals_cover_the_lift():
    rng = np.random.default_rng(SEED)
    false_alarms, covered, tries = 0, 0, 300
    for _ in range(tries):
        left, right = rng.random(400) < 0.3, rng.random(400) < 0.4
        both = int((left & right).sum())
        counts = ([both], [int(left.sum())], [int(right.sum())], 400)
        false_alarms += fisher_p(*counts)[0] <= 0.05
        low, high = lift_interval(*counts)[0]
        covered += low <= 1 <= high
    assert false_alarms <= 0.05 * tries + 3 * np.sqrt(tries * 0.05 * 0.95)
    assert abs(covered - 0.95 * tries) <= 3.5 * np.sqrt(tries * 0.95 * 0.05)


def test_a_rule_built_in_is_found_among_noise():
    rng = np.random.default_rng(SEED)
    table = (rng.random((2000, 12)) < 0.1).astype(int)
    table[:, 1] = np.where(table[:, 0] == 1, rng.random(2000) < 0.7, table[:, 1])
    method = AssociationRules(".005", ".05").fit_table(table)
    significant = method.adjusted_p_values_ < 0.01
    first = {method.antecedents_[0], method.consequents_[0]}
    assert first <= {("x1",), ("x2",)} or {"x1", "x2"} <= {*method.antecedents_[0], *method.consequents_[0]}
    place = [*zip(method.antecedents_, method.consequents_, strict=True)].index((("x1",), ("x2",)))
    low, high = method.confidence_interval_[place]
    assert low <= 0.7 <= high
    assert all(
        {"x1", "x2"} <= {*left, *right}
        for left, right, is_found in zip(method.antecedents_, method.consequents_, significant, strict=True)
        if is_found
    )


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: AssociationRules("0").fit_baskets([["a"]]), "min_support must be a share over 0 and at most 1"),
        (lambda: AssociationRules("many").fit_baskets([["a"]]), "not 'many'"),
        (lambda: AssociationRules(".1", 1.5).fit_baskets([["a"]]), "min_confidence must be"),
        (lambda: AssociationRules(max_length=0).fit_baskets([["a"]]), "max_length must be a whole number"),
        (lambda: AssociationRules(test="t").fit_baskets([["a"]]), "test must be"),
        (lambda: AssociationRules(correction="x").fit_baskets([["a"]]), "there is no correction 'x'"),
        (lambda: AssociationRules(level=95).fit_baskets([["a"]]), "level must lie"),
        (lambda: AssociationRules().fit_baskets([]), "there is no basket"),
        (lambda: AssociationRules().fit_baskets([[], []]), "no basket holds an item"),
        (lambda: AssociationRules().fit_baskets([["a"], "b"]), "basket 2 must be a list"),
        (lambda: AssociationRules().fit_baskets([["a"], ["b", None]]), "basket 2 holds an item without a name"),
        (lambda: AssociationRules().fit([1, None], ["a", "b"]), "transaction is missing in row 2"),
        (lambda: AssociationRules().fit([1, 2], ["a", ""]), "item is missing in row 2"),
        (lambda: AssociationRules().fit([1, 2], ["a"]), "transaction has 2 lines, item 1"),
        (lambda: AssociationRules().fit_table({"a": [0, 2]}), "a must hold 0 and 1 alone, but row 2 holds 2.0"),
        (lambda: fisher_p([3], [2], [5], 10), "the counts of rule 1 cannot be"),
        (lambda: fisher_p([3.5], [4], [5], 10), "whole numbers"),
    ],
)
def test_what_cannot_be_used_is_told(make, said):
    with pytest.raises(MethodError, match=said):
        make()


def test_too_many_sets_are_refused(monkeypatch):
    monkeypatch.setattr(mining_module, "MOST_ITEMSETS", 50)
    with pytest.raises(MethodError, match="more than 50 itemsets are frequent: raise min_support or set max_length"):
        AssociationRules(".1").fit_baskets([list("abcdefgh")] * 10)


def test_no_rule_is_said_so():
    method = AssociationRules(".5", ".9").fit_baskets([["a"], ["b"], ["c"]])
    assert (method.n_itemsets_, method.n_rules_) == (0, 0)
    assert str(method.notes_[0]) == "no rule reaches a support of .5 and a confidence of .9"
    assert (method.antecedents_, method.p_values_.size, method.confidence_interval_.shape) == ([], 0, (0, 2))
    with pytest.raises(TooFewError):
        AssociationRules().fit([], [])
