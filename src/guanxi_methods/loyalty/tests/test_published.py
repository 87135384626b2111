"""Figures that others printed."""

import numpy as np
import pytest

from guanxi_methods.loyalty import (
    BehaviouralLoyalty,
    NetPromoterScore,
    incident_tolerance,
    nps_interval,
    nps_of_counts,
    proportion,
)


def test_error_of_a_net_score_with_shares_of_a_half_a_third_and_a_sixth():
    """W. Huber, Cross Validated 18609 (2011): net score 1/3, variance 5/9, so 324 answers give an error of 4.1%."""
    nps, error = nps_of_counts([54, 108, 162])
    assert nps == pytest.approx(100 / 3)
    assert (error / 100) ** 2 * 324 == pytest.approx(5 / 9)
    assert round(error, 1) == 4.1


def test_wald_interval_of_a_net_change_of_approval():
    """Agresti, Categorical Data Analysis, 2nd ed. 2002, section 10.1: 150 against 86 of 1,600, -.06 to -.02."""
    counts = [150, 1600 - 150 - 86, 86]
    nps, error = nps_of_counts(counts)
    assert (round(nps / 100, 2), round(error / 100, 4)) == (-0.04, 0.0095)
    assert [round(end / 100, 2) for end in nps_interval(counts, method="wald")] == [-0.06, -0.02]


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals(successes, trials, low, high):
    """Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3."""
    found = proportion(successes, trials)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("one", "two", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_intervals_of_differences(one, two, low, high):
    """Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10."""
    had = [1] * one[1] + [0] * two[1]
    stayed = [1] * one[0] + [0] * (one[1] - one[0]) + [1] * two[0] + [0] * (two[1] - two[0])
    found = incident_tolerance(had, stayed).difference
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_net_promoter_score_by_its_definition():
    """Reichheld 2003: promoters 9-10, passively satisfied 7-8, detractors 0-6."""
    found = NetPromoterScore().fit(list(range(11)))
    assert found.counts_.tolist() == [7, 2, 2]
    assert found.nps_ == pytest.approx(100 * (2 - 7) / 11)


@pytest.mark.full
def test_repeat_buyers_of_cdnow(public_data):
    """Fader & Hardie's CDNOW sample: 2,357 customers, 946 of whom bought again within 39 weeks (Fader, Hardie & Lee 2005)."""
    found = public_data("cdnow/CDNOW_sample.txt", whole=True)
    rows = [line.split() for line in found.path.read_text(encoding="utf-8").splitlines() if line.strip()]
    dates = [f"{row[2][:4]}-{row[2][4:6]}-{row[2][6:]}" for row in rows]
    loyalty = BehaviouralLoyalty().fit([row[1] for row in rows], dates, at="1997-09-30")
    assert loyalty.n_customers_ == 2357
    assert loyalty.measures_["repeat_rate"].value * 2357 == pytest.approx(946)
    purchases = loyalty.customers_["purchases"] - 1
    assert np.bincount(np.minimum(purchases, 7)).tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]
