"""The forecasts against the plain second implementation, and known truth against its interval."""

import numpy as np
import pytest

from guanxi_methods.forecasting import ArrivalForecast, hold_out
from guanxi_methods.forecasting.arrivals import _all_ahead
from guanxi_methods.forecasting.candidates import Candidate
from guanxi_methods.forecasting.daybins import day_bins
from guanxi_methods.forecasting.tests import plain
from guanxi_methods.forecasting.tests.simulated import LEVELS, MONDAY, centre, profile


@pytest.mark.parametrize(
    ("n_factors", "half_life", "keeps_level"), [(1, 20.0, False), (2, float("inf"), True), (3, 60.0, False)]
)
def test_factors_scores_and_calendar(n_factors, half_life, keeps_level):
    chance = np.random.default_rng(7)
    moments, counts, _ = centre(chance, n_days=50, n_bins=7)
    counts[3] *= 9  # a cell and a day far out
    counts[70:77] *= 2
    kept = np.ones(counts.size, dtype=bool)
    kept[7 * 23 : 7 * 24] = False  # a closed Thursday
    table = day_bins(moments[kept], counts[kept])
    coming = table.days[-1] + np.array([3, 4, 6, 7, 10])  # the Wednesday is closed
    closed = {*table.closed.tolist(), int(table.days[-1]) + 5}
    tried = Candidate("svd", n_factors, "month", half_life, keeps_level=keeps_level)
    found = _all_ahead(table, [tried], coming)[0]
    said = plain.by_factors(
        np.sqrt(table.counts + 0.25),
        table.days.tolist(),
        coming.tolist(),
        closed,
        range(5),
        n_factors,
        half_life,
        keeps_level,
    )
    assert closed == {MONDAY + 31, int(table.days[-1]) + 5}
    np.testing.assert_allclose(found, said, rtol=1e-8)


@pytest.mark.parametrize("weeks", [1, 4])
def test_means_of_the_same_weekday(weeks):
    moments, counts, _ = centre(np.random.default_rng(8), n_days=30, n_bins=3)
    table = day_bins(moments, counts)
    coming = table.days[-5:] + 7
    found = _all_ahead(table, [Candidate("mean", weeks=weeks)], coming)[0]
    said = plain.mean_of_weeks(table.counts.tolist(), table.days.tolist(), coming.tolist(), weeks)
    np.testing.assert_allclose(found**2 - 0.25, said, rtol=1e-12)


def test_the_error_and_the_naive_one_by_one():
    """WAPE of the forecast and both naive ones, by loops over the days kept back."""
    moments, counts, _ = centre(np.random.default_rng(9), n_days=45, n_bins=4)
    found = hold_out(moments, counts, horizon_days=10, method="mean")
    table = counts.reshape(45, 4).astype(float)
    naive = sum(abs(table[i, j] - table[30 + i % 5, j]) for i in range(35, 45) for j in range(4))
    fresh = sum(abs(table[i, j] - table[i - 5, j]) for i in range(35, 45) for j in range(4))
    ours = sum(abs(table[35 + i, j] - found.forecast.mean[i, j]) for i in range(10) for j in range(4))
    assert found.wape_naive == pytest.approx(naive / table[35:].sum(), rel=1e-12)
    assert found.wape_week_before == pytest.approx(fresh / table[35:].sum(), rel=1e-12)
    assert found.wape == pytest.approx(ours / table[35:].sum(), rel=1e-12)
    inside = (found.forecast.low <= table[35:]) & (table[35:] <= found.forecast.high)
    assert found.coverage == pytest.approx(inside.mean())


def test_nothing_of_the_days_kept_back_is_used():
    """Other counts in the days kept back leave the forecast and the choice as they are."""
    moments, counts, _ = centre(np.random.default_rng(10), n_days=40, n_bins=3)
    other = counts.copy()
    other[-15:] = 7 * other[-15:] + 3
    one, two = (hold_out(moments, some, horizon_days=5, n_origins=2) for some in (counts, other))
    np.testing.assert_array_equal(one.forecast.mean, two.forecast.mean)
    np.testing.assert_array_equal(one.forecast.high, two.forecast.high)
    assert one.chosen == two.chosen
    assert one.trained_days == 35


@pytest.mark.full
@pytest.mark.parametrize(("method", "repeats"), [("svd", 15), ("mean", 120)])
def test_the_truth_is_found_and_intervals_hold_what_they_promise(method, repeats):
    """Means within their error over many simulated centres; 90% intervals hold 90% of bins, of which days differ."""
    held, held_days, apart = [], [], []
    for seed in range(repeats):
        chance = np.random.default_rng(1000 + seed)
        moments, counts, expected = centre(chance, n_days=70)
        found = hold_out(moments, counts, horizon_days=5, method=method, level=0.9, n_origins=8)
        held.append(found.coverage)
        held_days.append(found.coverage_days)
        apart.append(found.forecast.mean.sum() / expected[-5:].sum() - 1)
    # Thirty bins of five days in each; the days' own size makes bins of a day alike, so each day counts as one.
    error = np.sqrt(0.09 / (5 * repeats))
    assert abs(np.mean(held) - 0.9) < 3 * error + 0.01
    assert abs(np.mean(held_days) - 0.9) < 3 * error + 0.03
    assert abs(np.mean(apart)) < 4 * np.std(apart) / np.sqrt(repeats) + 0.002


def test_the_shape_and_the_weekdays_come_back():
    """With little noise the forecast is the truth to a percent or so."""
    moments, counts, _ = centre(np.random.default_rng(11), n_days=60, size=200_000, spread=0.002)
    ahead = ArrivalForecast(5, method="svd", n_origins=2).fit(moments, counts).forecast_
    truth = 200_000 * LEVELS[:, None] * profile(6)
    np.testing.assert_allclose(ahead.mean, truth, rtol=0.012)
    assert ((ahead.low < truth) & (truth < ahead.high)).mean() > 0.9


def test_a_level_that_has_moved_is_followed():
    """Calls that rose by a half three weeks ago are forecast at their new level, not drawn back to the old."""
    moments, counts, expected = centre(np.random.default_rng(12), n_days=80)
    counts[6 * 65 :] = np.round(1.5 * counts[6 * 65 :])
    ahead = ArrivalForecast(5).fit(moments, counts).forecast_
    assert ahead.mean.sum() == pytest.approx(1.5 * expected[-5:].sum(), rel=0.06)
