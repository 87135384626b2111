"""Worked examples and the corners of each method."""

import datetime as dt
import time
from decimal import Decimal

import numpy as np
import pytest

from guanxi_methods.value import (
    EIGHT_TYPES,
    RFM,
    SEGMENT_GRID,
    SEGMENTS,
    ABCAnalysis,
    CustomerPyramid,
    customers_to_reach,
    gini,
    movement_matrix,
    order_by_value,
    segment_codes,
    top_share,
    whale_curve,
)


def test_a_share_met_exactly_ends_the_class_there():
    # 0.8 * 1000 is 800.0000000000001 or 800 depending on how floats are added: the third must not slip into A
    assert "".join(ABCAnalysis(cuts=(0.8, 0.95)).fit([500, 300, 150, 50]).labels_) == "AABC"
    assert "".join(ABCAnalysis(cuts=(0.1, 0.3)).fit([1] * 10).labels_) == "ABBCCCCCCC"


def test_shares_hold_for_sums_that_floats_cannot_tell_apart():
    # 2**53 + 1 is no float: with floats the second would still belong to A
    values = [4 * (2**53 + 1), 2**53 + 1]
    assert ABCAnalysis().fit(values).labels_.tolist() == ["A", "B"]
    assert customers_to_reach(values, "0.8") == 1


def test_with_large_losses_the_base_decides_what_a_share_is_of():
    profit = [100, 100, -150]
    assert ABCAnalysis().fit(profit).labels_.tolist() == ["A", "C", "C"]
    assert ABCAnalysis(base="positive").fit(profit).labels_.tolist() == ["A", "A", "C"]
    assert ABCAnalysis().fit([100, -150]).labels_.tolist() == ["C", "C"]


def test_tiers_round_up_and_small_bases_still_have_a_vip():
    assert CustomerPyramid().fit(np.arange(1, 4373)).counts_.tolist() == [44, 175, 656, 3497]
    assert CustomerPyramid().fit(np.arange(1, 101)).counts_.tolist() == [1, 4, 15, 80]
    assert CustomerPyramid().fit([7]).counts_.tolist() == [1, 0, 0, 0]


def test_a_worthless_customer_is_small_however_high_it_ranks():
    pyramid = CustomerPyramid().fit([5, 0, -1, -2])
    assert pyramid.labels_.tolist() == ["vip", "small", "small", "small"]
    assert pyramid.step_up([5, 0, -1, -2]).tolist() == [0, 5, 6, 7]


def test_rfm_of_a_constant_base_tells_nobody_apart():
    rfm = RFM().fit(["2011-12-01"] * 4, [2] * 4, [500] * 4, as_of="2011-12-10")
    assert rfm.r_.tolist() == rfm.f_.tolist() == rfm.m_.tolist() == [1] * 4
    assert set(rfm.eight_types_) == {"general_retain"}


def test_rfm_scores_new_customers_by_the_cuts_it_learned():
    last = np.datetime64("2011-01-01") + np.arange(100)
    rfm = RFM().fit(last, np.arange(100), np.arange(100) * 50, as_of=dt.date(2011, 12, 31))
    assert np.bincount(rfm.r_).tolist() == [0, 20, 20, 20, 20, 20]
    again = rfm.score(rfm.recency_days_, np.arange(100), np.arange(100) * 50)
    assert [scores.tolist() for scores in again] == [rfm.r_.tolist(), rfm.f_.tolist(), rfm.m_.tolist()]
    assert [int(s[0]) for s in rfm.score([1], [999], [10**9])] == [5, 5, 5]
    assert rfm.grid().sum() == 100
    assert np.diag(rfm.grid()).tolist() == [20] * 5


def test_eight_types_compare_with_the_mean():
    rfm = RFM().fit(["2011-12-09", "2011-01-01"], [9, 1], [900, 100], as_of="2011-12-10")
    assert rfm.eight_types_.tolist() == ["important_value", "general_retain"]
    assert len(set(EIGHT_TYPES)) == 8


def test_every_cell_of_the_grid_has_a_segment_and_every_segment_a_cell():
    named = {name for row in SEGMENT_GRID for name in row}
    assert named == set(SEGMENTS)
    r, f = np.divmod(np.arange(25), 5)
    assert [SEGMENTS[c] for c in segment_codes(r + 1, f + 1)] == [name for row in SEGMENT_GRID for name in row]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((["2011-12-11"], [1], [1]), "after as_of"),
        ((["2011-12-09"], [-1], [1]), "negative"),
        ((["2011-12-09"], [1, 2], [1]), "frequency has 2"),
        ((["2011-12-09", "NaT"], [1, 2], [1, 1]), "missing date, first at position 1"),
        ((["2011-12-09"] * 3, [1, 2], [1, 1]), "one date for each"),
        ((["yesterday"], [1], [1]), "must hold dates"),
        (([], [], []), "empty"),
    ],
)
def test_rfm_refuses_what_it_cannot_count(arguments, words):
    with pytest.raises(ValueError, match=words):
        RFM().fit(*arguments, as_of="2011-12-10")


def test_rfm_refuses_scores_without_a_map():
    with pytest.raises(ValueError, match="from 2 to 9"):
        RFM(n_scores=1).fit(["2011-12-09"], [1], [1], as_of="2011-12-10")
    with pytest.raises(ValueError, match="five scores"):
        _ = RFM(n_scores=3).fit(["2011-12-09"], [1], [1], as_of="2011-12-10").segments_
    with pytest.raises(ValueError, match="outside 1 to 5"):
        segment_codes([6], [1])


def test_the_whale_keeps_its_peak_when_thinned():
    values = np.concatenate([np.arange(997, 0, -1), -np.arange(1, 304)])
    curve = whale_curve(values, n_points=21)
    assert curve.customers.size <= 22
    assert (curve.peak_customers, curve.peak_amount) == (997, 997 * 998 // 2)
    assert curve.peak_customers in curve.customers
    assert curve.amounts[-1] == curve.total == int(values.sum())
    assert curve.customer_shares[-1] == 1.0


def test_shares_of_nothing_are_refused():
    for call in (lambda: top_share([1, -1], 0.2), lambda: customers_to_reach([0], 0.8), lambda: gini([0, 0])):
        with pytest.raises(ValueError, match=r"not positive|all values are 0"):
            call()
    with pytest.raises(ValueError, match="negative"):
        gini([3, -1])
    with pytest.raises(ValueError, match="no meaning"):
        _ = whale_curve([-5]).amount_shares
    with pytest.raises(ValueError, match="2 points"):
        whale_curve([1], n_points=1)


def test_movements_count_everyone_once():
    before, after = [0, 0, 1, 2, -1], [0, 1, 0, -1, 2]
    matrix = movement_matrix(before, after, 3)
    assert matrix.sum() == 5
    assert matrix[0].tolist() == [1, 1, 0, 0]
    assert matrix[3, 2] == 1
    assert matrix[2, 3] == 1
    with pytest.raises(ValueError, match="outside"):
        movement_matrix([3], [0], 3)
    with pytest.raises(ValueError, match="same customers"):
        movement_matrix([0, 1], [0], 3)


def test_decimals_are_asked_for_in_minor_units():
    with pytest.raises(ValueError, match="minor units"):
        order_by_value([Decimal("1.10"), Decimal("2.20")])
    with pytest.raises(ValueError, match="one id for each"):
        order_by_value([1, 2], ids=[1])


def test_a_million_customers_take_seconds():
    generator = np.random.default_rng(0)
    values = generator.pareto(1.2, 1_000_000).clip(0, 1e8) * 1000
    amounts = values.astype(np.int64) - 200
    last = generator.integers(0, 3650, amounts.size)
    began = time.perf_counter()
    ABCAnalysis().fit(amounts, last=last)
    CustomerPyramid().fit(amounts, last=last)
    RFM().fit(last, generator.integers(0, 90, amounts.size), amounts, as_of=3651)
    whale_curve(amounts, n_points=200)
    gini(amounts[amounts >= 0])
    assert time.perf_counter() - began < 10
