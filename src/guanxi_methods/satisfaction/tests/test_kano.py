"""Kano's method: the printed table, the kiosk survey, ties, tests of the category, words as answers."""

from collections import Counter

import numpy as np
import pytest

from guanxi_methods.errors import MethodError
from guanxi_methods.proportion import wilson
from guanxi_methods.satisfaction import Kano
from guanxi_methods.satisfaction.kano import ANSWERS
from guanxi_methods.satisfaction.tests import plain
from guanxi_methods.satisfaction.tests.kiosk import columns


def test_the_table_is_the_printed_one():
    # The data folder's SOURCES.md, "Kano table"; Berger et al. 1993, p. 6.
    printed = ["Q A A A O", "R I I I M", "R I I I M", "R I I I M", "R R R R Q"]
    for row, line in enumerate(printed):
        for column, letter in enumerate(line.split()):
            assert Kano().fit([[row + 1]], [[column + 1]]).items_[0].category == letter
            assert plain.kano(ANSWERS[row], ANSWERS[column]) == letter


@pytest.mark.full
def test_the_kiosk_survey_comes_out_as_computed_independently(public_data):
    # SOURCES.md, "Kiosk survey": modes M 9, A 8, O 6, I 4; item 1 A39 O51 M86 I19 Q1, better .4615 worse -.7026.
    path = public_data("kiosk_survey/kiosk_survey_anonymised.csv", whole=True).path
    found = Kano().fit(columns(path, "kano", "_func"), columns(path, "kano", "_dysf"))
    assert Counter(item.category for item in found.items_) == {"M": 9, "A": 8, "O": 6, "I": 4}
    first = found.items_[0]
    assert first.counts == {"A": 39, "O": 51, "M": 86, "I": 19, "R": 0, "Q": 1}
    assert (round(first.better, 4), round(first.worse, 4)) == (0.4615, -0.7026)


def of_counts(**counts):
    """The item whose answers fall into the categories so often."""
    pairs = {"A": (1, 3), "O": (1, 5), "M": (3, 5), "I": (3, 3), "R": (5, 1), "Q": (1, 1)}
    answers = [pairs[category] for category, count in counts.items() for _ in range(count)]
    return Kano().fit([[one] for one, _ in answers], [[other] for _, other in answers]).items_[0]


def test_counting_one_pair_after_the_other_gives_the_same():
    rng = np.random.default_rng(1)
    functional, dysfunctional = rng.integers(1, 6, (80, 3)), rng.integers(1, 6, (80, 3))
    for place, item in enumerate(Kano().fit(functional, dysfunctional).items_):
        counted = Counter(
            plain.kano(ANSWERS[one - 1], ANSWERS[other - 1])
            for one, other in zip(functional[:, place], dysfunctional[:, place], strict=True)
        )
        assert {key: count for key, count in item.counts.items() if count} == counted


def test_ties_go_to_what_does_most_harm_if_left_out():
    assert of_counts(A=3, O=3, M=3, I=3).category == "M"
    assert of_counts(A=3, O=3, M=2, I=3).category == "O"
    assert of_counts(A=3, I=3).category == "A"
    assert of_counts(A=3, I=3).p_value == 1.0


def test_the_tests_of_the_category():
    item = of_counts(A=10, O=30, M=50, I=10)
    # Lee & Newcomb 1997: strengths in shares of all answers.
    assert item.category_strength == pytest.approx(0.20)
    assert item.total_strength == pytest.approx(0.90)
    # Fong 1996: 50 - 30 = 20 against 1.65 sqrt(80 * 120 / 200) = 11.43.
    assert item.is_significant
    assert not item.is_mixed
    close = of_counts(O=36, M=40, I=24)
    assert close.is_mixed  # 4%
    assert not close.is_significant  # 4 against 1.65 sqrt(76 * 124 / 200) = 11.33
    # Two-sided sign test, 30 or fewer of 80 by a fair coin.
    tail = sum(np.exp(np.log(np.arange(80 - k + 1, 81)).sum() - np.log(np.arange(1, k + 1)).sum()) for k in range(31))
    assert item.p_value == pytest.approx(2 * tail / 2.0**80)


def test_only_reverse_and_questionable_answers_leave_no_better_and_worse():
    item = of_counts(R=4, Q=2)
    assert (item.category, item.better, item.worse, item.better_interval) == ("R", None, None, None)


def test_words_and_turned_codes_are_read():
    words = Kano().fit({"app": ["Like", "must-be", "喜欢"]}, {"none": ["dislike", "live with", "不喜欢"]})
    codes = Kano().fit([[1], [2], [1]], [[5], [4], [5]])
    turned = Kano(like=5).fit([[5], [4], [5]], [[1], [2], [1]])
    assert words.items_[0].counts == codes.items_[0].counts == turned.items_[0].counts
    gap = Kano().fit({"app": ["like", "", None]}, {"none": ["dislike"] * 3})
    assert gap.n_ == 1
    assert "2 of 3 pairs lack an answer" in gap.notes_[0]


def test_what_is_no_answer_is_named():
    with pytest.raises(MethodError, match="functional: column app holds '6' in row 2"):
        Kano().fit({"app": [1, 6]}, {"none": [1, 2]})
    with pytest.raises(MethodError, match="dysfunctional: column none holds 'maybe' in row 1"):
        Kano().fit({"app": [1]}, {"none": ["maybe"]})
    with pytest.raises(MethodError, match="functional has 1 questions and dysfunctional 2"):
        Kano().fit([[1]], [[1, 2]])
    with pytest.raises(MethodError, match="nobody answered both questions on app"):
        Kano().fit({"app": [1, None]}, {"none": [None, 2]})


@pytest.mark.full
def test_wilsons_interval_holds_the_truth_as_often_as_it_says():
    successes = np.random.default_rng(3).binomial(100, 0.3, 2000)
    held = [low <= 0.3 <= high for low, high in (wilson(int(count), 100) for count in successes)]
    assert 0.935 <= np.mean(held) <= 0.965
