"""What goes in: single calls, absent bins, closed and outlying days, and what cannot be."""

import datetime as dt
import math

import numpy as np
import pytest

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.forecasting import ArrivalForecast, hold_out
from guanxi_methods.forecasting.daybins import day_bins, next_days
from guanxi_methods.forecasting.tests.simulated import MONDAY, centre


def quick(**given):
    return ArrivalForecast(**{"horizon_days": 5, "method": "mean", "n_origins": 2, **given})


@pytest.fixture(scope="module")
def working_days():
    moments, counts, _ = centre(np.random.default_rng(1), n_days=40, n_bins=4)
    return moments, counts


def test_single_calls_give_what_their_counts_give(working_days):
    """One row for each call, somewhere in its bin."""
    moments, counts = working_days
    chance = np.random.default_rng(2)
    single = np.repeat(moments.astype(np.int64), counts) + chance.integers(0, 3600, counts.sum())
    found = quick(bin_seconds=3600).fit(chance.permutation(single).astype("datetime64[s]"))
    said = quick().fit(moments, counts)
    np.testing.assert_array_equal(found.forecast_.mean, said.forecast_.mean)
    assert day_bins(single.astype("datetime64[s]")).bin_seconds == 1800


@pytest.mark.parametrize("form", ["text", "slashes", "datetime", "zone", "arrow"])
def test_moments_in_any_form(working_days, form):
    moments, counts = working_days
    texts = [str(moment).replace("T", " ") for moment in moments]
    if form == "text":
        given = texts
    elif form == "slashes":
        given = [text.replace("-0", "/").replace("-", "/").replace(" 0", " ")[:-3] for text in texts]
    elif form == "datetime":
        given = [dt.datetime.fromisoformat(text) for text in texts]
    elif form == "zone":
        given = [text.replace(" ", "T") + "+08:00" for text in texts]
    else:
        given = pytest.importorskip("pyarrow").array(moments)
    np.testing.assert_array_equal(day_bins(given, counts).counts, day_bins(moments, counts).counts)


def test_rows_of_one_bin_are_added_and_wider_bins_are_sums(working_days):
    moments, counts = working_days
    twice = day_bins(np.tile(moments, 2), np.tile(counts, 2))
    np.testing.assert_array_equal(twice.counts, 2 * day_bins(moments, counts).counts)
    wide = day_bins(moments, counts, bin_seconds=7200)
    assert wide.counts.shape == (40, 2)
    assert wide.counts.sum() == counts.sum()
    assert day_bins(moments + np.timedelta64(120, "s"), counts).starts[0] == 8 * 3600 + 120


def test_days_without_hours_are_one_bin(working_days):
    moments, counts = working_days
    days = moments.astype("datetime64[D]")
    table = day_bins(days, counts)
    assert table.bin_seconds == 86_400
    np.testing.assert_array_equal(table.counts[:, 0], counts.reshape(40, 4).sum(axis=1))
    ahead = quick().fit(days, counts).forecast_
    np.testing.assert_allclose(ahead.mean[:, 0], ahead.totals)


def test_an_absent_bin_is_no_zero_unless_the_bin_is_rare(working_days):
    """Where hundreds call, an absent row is a gap in the record; where hardly anybody does, it is a zero."""
    moments, counts = working_days
    kept = np.arange(counts.size) != 21
    table = day_bins(moments[kept], counts[kept])
    assert np.isnan(table.counts[5, 1])
    assert np.isnan(table.counts).sum() == 1
    assert "1 bins are absent" in table.notes[0]
    ahead = ArrivalForecast(5, method="svd", n_origins=2).fit(moments[kept], counts[kept]).forecast_
    whole = ArrivalForecast(5, method="svd", n_origins=2).fit(moments, counts).forecast_
    np.testing.assert_allclose(ahead.mean, whole.mean, rtol=0.05)
    rare = np.minimum(counts, 2)
    assert day_bins(moments[kept], rare[kept]).counts[5, 1] == 0


def test_hours_that_a_weekday_never_has_are_forecast_as_nothing(working_days):
    moments, counts = working_days
    is_friday = (moments.astype("datetime64[D]").astype(np.int64) + 3) % 7 == 4
    afternoon = moments.astype(np.int64) % 86_400 >= 10 * 3600
    kept = ~(is_friday & afternoon)
    ahead = ArrivalForecast(5, method="svd", n_origins=2).fit(moments[kept], counts[kept]).forecast_
    assert (ahead.high[4, 2:] == 0).all()
    assert (ahead.mean[3] > 50).all()
    assert (ahead.mean[4, :2] > 50).all()


def test_closed_days_are_recognised_or_given(working_days):
    """A working day that is missing, one on which hardly anybody called, one that is named."""
    moments, counts = working_days
    counts = counts.copy()
    counts[4 * 11 : 4 * 12] //= 50
    kept = np.arange(counts.size) // 4 != 20
    table = day_bins(moments[kept], counts[kept], closed=[dt.date(2025, 6, 5)])
    assert table.closed.tolist() == [MONDAY + 3, MONDAY + 15, MONDAY + 28]
    assert "hardly any calls" in table.notes[0]
    assert table.days.size == 37
    assert next_days(table, 3, ["2025-07-29"]).tolist() == [MONDAY + 56, MONDAY + 58, MONDAY + 59]


def test_an_outlying_day_is_damped_and_named(working_days):
    """Three times the calls on one day move the days to come by a few percent at most."""
    moments, counts = working_days
    loud = counts.copy()
    loud[4 * 30 : 4 * 31] *= 3
    calm, shaken = (ArrivalForecast(5, method="svd", n_origins=2).fit(moments, some) for some in (counts, loud))
    assert (MONDAY + 42) in shaken.outlier_days_.astype("datetime64[D]").astype(np.int64)
    assert any("stand far out" in note for note in shaken.notes_)
    np.testing.assert_allclose(shaken.forecast_.totals, calm.forecast_.totals, rtol=0.08)


def test_days_of_ones_own_choice_can_be_forecast(working_days):
    model = quick().fit(*working_days)
    with pytest.raises(MethodError, match="not after the last day"):
        model.predict(["2025-07-01"])
    with pytest.raises(MethodError, match="empty"):
        model.predict([])
    ahead = model.predict(["2025-07-30", "2025-08-02"])  # a Wednesday, and a Saturday as there was none before
    assert (ahead.mean > 0).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"horizon_days": 0}, "horizon_days"),
        ({"n_origins": 1.5}, "n_origins"),
        ({"method": "arima"}, "arima"),
        ({"level": 95}, "level"),
        ({"bin_seconds": 7}, "bin_seconds"),
        ({"bin_seconds": 1700}, "divides a day"),
    ],
)
def test_parameters_that_cannot_be_are_named(working_days, given, words):
    with pytest.raises(MethodError, match=words):
        quick(**given).fit(*working_days)


def test_data_that_cannot_be_used_are_refused_in_words(working_days):
    moments, counts = working_days
    bad = counts.astype(float)
    bad[7] = -1
    with pytest.raises(MethodError, match=r"negative number, first in row 8"):
        quick().fit(moments, bad)
    bad[7] = math.nan
    with pytest.raises(MethodError, match=r"count holds a missing value, first in row 8"):
        quick().fit(moments, bad)
    with pytest.raises(MethodError, match=r"row 2 holds 'yesterday'"):
        quick().fit(["2026-01-01", "yesterday"], [1, 2])
    with pytest.raises(MethodError, match=r"missing value, first in row 2"):
        quick().fit(["2026-01-01", None], [1, 2])
    with pytest.raises(MethodError, match="must hold moments"):
        quick().fit(counts, counts)
    with pytest.raises(MethodError, match="give bin_seconds"):
        day_bins(["2026-01-01 00:00:01", "2026-01-01 00:00:08"], [1, 1])
    with pytest.raises(TooFewError, match=r"there are 10 open days; at least 16 are needed"):
        quick().fit(moments[:40], counts[:40])
    with pytest.raises(TooFewError, match="not one is left"):
        hold_out(moments, counts, horizon_days=40)
    with pytest.raises(MethodError, match="not a single call"):
        quick().fit(moments, 0 * counts)
    with pytest.raises(TooFewError, match="empty"):
        quick().fit([], [])
    with pytest.raises(TooFewError, match="no open day"):
        day_bins(["2026-01-01"], [3], closed=["2026-01-01"])
