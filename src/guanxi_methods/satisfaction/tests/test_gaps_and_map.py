"""SERVQUAL and the importance-performance map: the kiosk survey, a plain second way, lines, bad input."""

import numpy as np
import pytest
from scipy.special import betainc, stdtrit

from guanxi_methods.errors import MethodError
from guanxi_methods.satisfaction import ImportancePerformance, Servqual
from guanxi_methods.satisfaction.tests import plain
from guanxi_methods.satisfaction.tests.cases import expected
from guanxi_methods.satisfaction.tests.kiosk import columns


@pytest.fixture
def kiosk(public_data):
    return public_data("kiosk_survey/kiosk_survey_anonymised.csv", whole=True).path


@pytest.mark.full
def test_the_gaps_of_the_kiosk_survey_come_out_as_computed_independently(kiosk):
    # SOURCES.md, "Kiosk survey": mean gap -1.02319, worst item 13 (-1.9388).
    found = Servqual(scale=(1, 7)).fit(columns(kiosk, "sq", "_expect"), columns(kiosk, "sq", "_perceive"))
    assert round(found.mean_gap_, 5) == -1.02319
    worst = min(found.items_, key=lambda item: item.gap)
    assert (worst.number, round(worst.gap, 4)) == (13, -1.9388)
    assert list(found.dimensions_) == ["tangibles", "reliability", "responsiveness", "assurance", "empathy"]
    assert [len(one.items) for one in found.dimensions_.values()] == [4, 5, 4, 4, 5]


@pytest.mark.full
def test_the_map_of_the_kiosk_survey_comes_out_as_computed_independently(kiosk):
    # SOURCES.md, "Kiosk survey": 'concentrate here' items 4, 12, 13, 14, 15, 21.
    found = ImportancePerformance(scale=(1, 7)).fit(columns(kiosk, "ipa", "_import"), columns(kiosk, "ipa", "_satis"))
    assert [item.number for item in found.items_ if item.quadrant == "concentrate here"] == [4, 12, 13, 14, 15, 21]


def test_the_plain_way_and_the_paired_t_test_give_the_same_gaps():
    made = expected(np.random.default_rng(2))
    made["perception"][3, 1] = made["expectation"][7, 1] = np.nan
    found = Servqual({"all": [1, 2, 3, 4]}).fit(**made)
    for place, item in enumerate(found.items_):
        pair = np.column_stack([made["perception"][:, place], made["expectation"][:, place]])
        pair = pair[~np.isnan(pair).any(axis=1)]
        assert item.gap == pytest.approx(plain.mean(pair[:, 0] - pair[:, 1]))
        differences = pair[:, 0] - pair[:, 1]
        degrees = len(differences) - 1
        error = np.std(differences, ddof=1) / np.sqrt(len(differences))
        # The t test from the incomplete beta function, of which Student's distribution is made.
        assert item.p_value == pytest.approx(
            betainc(degrees / 2, 0.5, degrees / (degrees + (item.gap / error) ** 2)), rel=1e-6
        )
        half = error * stdtrit(degrees, 0.975)
        assert item.interval == pytest.approx((item.gap - half, item.gap + half))
        assert item.perception - item.expectation == pytest.approx(item.gap)
    assert found.mean_gap_ == found.dimensions_["all"].gap
    assert "2 of 200 pairs lack a half" in found.notes_[0]


def test_points_weigh_the_dimensions():
    made = expected(np.random.default_rng(2))
    found = Servqual({"first": [1], "rest": [2, 3, 4]}, {"first": 75, "rest": 25}).fit(**made)
    gaps = [found.dimensions_[name].gap for name in ("first", "rest")]
    assert found.weighted_gap_ == pytest.approx(0.75 * gaps[0] + 0.25 * gaps[1])


def test_dimensions_that_do_not_fit_are_named():
    pair = [[7, 6]], [[5, 5]]
    with pytest.raises(MethodError, match="'speed' names item 3, but there are items 1 to 2"):
        Servqual({"speed": [3]}).fit(*pair)
    with pytest.raises(MethodError, match="there is no column 'x9'"):
        Servqual({"speed": ["x9"]}).fit(*pair)
    with pytest.raises(MethodError, match="no such dimension"):
        Servqual({"speed": [1]}, points={"speeed": 1}).fit(*pair)
    with pytest.raises(MethodError, match="both halves of the pair of x1"):
        Servqual().fit([[7], [None]], [[None], [3]])
    assert "not 2" in Servqual().fit(*pair).notes_[0]


def test_the_lines_stand_where_the_rule_says():
    importance, satisfaction = [[7, 6, 2], [6, 6, 3]], [[3, 6, 6], [2, 5, 7]]
    assert ImportancePerformance().fit(importance, satisfaction).crosshairs_ == pytest.approx((5.0, 29 / 6))
    assert ImportancePerformance("median").fit(importance, satisfaction).crosshairs_ == (6.0, 5.5)
    middle = ImportancePerformance("midpoint", scale=(1, 7)).fit(importance, satisfaction)
    assert middle.crosshairs_ == (4.0, 4.0)
    assert [item.quadrant for item in middle.items_] == [
        "concentrate here",
        "keep up the good work",
        "possible overkill",
    ]
    given = ImportancePerformance((6.5, 5.5)).fit(importance, satisfaction)
    # Exactly on a line counts as high, and is not settled.
    assert [item.quadrant for item in given.items_] == ["concentrate here", "possible overkill", "possible overkill"]
    assert given.items_[1].is_settled is False
    for wrong, words in (("middle", "crosshairs must be"), ("midpoint", "need the scale"), ((1, 2, 3), "two numbers")):
        with pytest.raises(MethodError, match=words):
            ImportancePerformance(wrong).fit(importance, satisfaction)


def test_items_alike_all_stand_on_the_lines():
    found = ImportancePerformance().fit([[0.1, 0.1, 0.1]] * 7, [[0.7, 0.7, 0.7]] * 7)
    assert {item.quadrant for item in found.items_} == {"keep up the good work"}
    assert {item.is_settled for item in found.items_} == {False}


@pytest.mark.full
def test_settled_items_change_their_side_as_seldom_as_the_interval_says():
    truth = ImportancePerformance().fit(*_three(np.random.default_rng(0), 200_000)).items_[1]
    wrong = 0
    for trial in range(400):
        item = ImportancePerformance().fit(*_three(np.random.default_rng(10 + trial), 100)).items_[1]
        wrong += item.is_settled and item.quadrant != truth.quadrant
    assert wrong <= 0.05 * 400


def _three(rng, size):
    """Three items, the second close to the lines."""
    common = rng.normal(size=(size, 1))
    means = np.array([5, 4.05, 3]), np.array([3, 3.95, 5])
    return tuple(mean + common + rng.normal(size=(size, 3)) for mean in means)
