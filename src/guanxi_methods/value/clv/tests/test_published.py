"""Figures that were printed, to their printed precision; where one is recalled rather than read, it says so."""

import numpy as np
import pytest

from guanxi_methods.value.clv import (
    FIRST_MARGINS,
    margin_multiple,
    markov_value,
    migration_buyers,
    migration_value,
    perpetual_value,
    retention_value,
)

DWYER = (0.30, 0.20, 0.15, 0.05)


def test_case_1_of_berger_and_nasr():
    # P. D. Berger, N. I. Nasr, Journal of Interactive Marketing 12(1), 1998, case 1
    assert round(retention_value(gc=260, m=50, n=10, r=0.75, d=0.20), 2) == 568.78


def test_cases_2a_and_2b_of_berger_and_nasr():
    # the same, cases 2a (twice a year) and 2b (every three years); recalled from the paper, the arithmetic redone
    assert round(retention_value(gc=125, m=25, n=4, r=0.80, d=0.20, cycles_per_year=2), 2) == 354.69
    assert round(retention_value(gc=7000, m=95, n=12, r=0.30, d=0.20, years_per_cycle=3)) == 8273


def test_dwyers_buyers():
    # F. R. Dwyer, Journal of Direct Marketing 11(4), 1997; Berger & Nasr 1998, case 5
    bought = migration_buyers(DWYER, buyers=1000, periods=5)
    assert bought.round(2).tolist() == [1000, 300, 230, 195, 139.7, 95.67]


def test_pfeifer_and_carraways_values():
    # P. E. Pfeifer, R. L. Carraway, Journal of Interactive Marketing 14(2), 2000
    worth = migration_value(DWYER, margin=40, cost=4, rate=0.2, periods=4)
    assert worth.finite.round(3).tolist() == [50.115, 4.220, 0.592, -1.980, 0]
    assert worth.infinite.round(3).tolist() == [52.320, 5.554, 1.251, -1.820, 0]


def test_periods_are_those_that_follow_the_present_one():
    # the printed list is that of t = 0..4: with t = 0..3 or 0..5 the first figure is another
    firsts = [migration_value(DWYER, margin=40, cost=4, rate=0.2, periods=t).finite[0] for t in (3, 4, 5)]
    assert [round(first, 3) for first in firsts] != [50.115] * 3
    assert migration_value(DWYER, margin=40, cost=4, rate=0.2, periods=0).finite.tolist() == [36, -4, -4, -4, 0]


def test_the_markov_value_of_the_printed_matrix():
    # Pfeifer & Carraway 2000: P and R as printed there, not built from the probabilities
    moves = [
        [0.30, 0.70, 0, 0, 0],
        [0.20, 0, 0.80, 0, 0],
        [0.15, 0, 0, 0.85, 0],
        [0.05, 0, 0, 0, 0.95],
        [0, 0, 0, 0, 1],
    ]
    worth = markov_value(moves, [36, -4, -4, -4, 0], rate=0.2, periods=4)
    assert worth.finite.round(3).tolist() == [50.115, 4.220, 0.592, -1.980, 0]
    assert worth.infinite.round(3).tolist() == [52.320, 5.554, 1.251, -1.820, 0]


@pytest.mark.parametrize(
    ("r", "printed"),
    [
        (0.60, [1.20, 1.15, 1.11, 1.07]),
        (0.70, [1.75, 1.67, 1.59, 1.52]),
        (0.80, [2.67, 2.50, 2.35, 2.22]),
        (0.90, [4.50, 4.09, 3.75, 3.46]),
    ],
)
def test_gupta_and_lehmanns_table_of_margin_multiples(r, printed):
    # S. Gupta, D. R. Lehmann, Journal of Interactive Marketing 17(1), 2003, at 10, 12, 14 and 16%; recalled, redone
    assert [round(margin_multiple(r=r, i=i) + 1e-9, 2) for i in (0.10, 0.12, 0.14, 0.16)] == printed


def test_gupta_and_lehmanns_worked_figure():
    # the same: i = 12%, r = 80%
    assert margin_multiple(r=0.8, i=0.12) == pytest.approx(2.5, abs=1e-12)


def test_the_three_first_margins_differ_by_what_they_count():
    at_once, if_retained, after_one = (
        perpetual_value(margin=100, r=0.8, d=0.12, first_margin=name) for name in FIRST_MARGINS
    )
    assert if_retained == pytest.approx(100 * margin_multiple(r=0.8, i=0.12))
    assert at_once == pytest.approx(if_retained + 100)
    assert after_one == pytest.approx(at_once / 1.12)
    # and by adding up, three hundred years of it
    years = np.arange(300)
    assert at_once == pytest.approx((100 * 0.8**years / 1.12**years).sum())
    assert after_one == pytest.approx((100 * 0.8**years / 1.12 ** (years + 1)).sum())
