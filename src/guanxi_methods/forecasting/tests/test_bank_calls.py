"""A bank's calls by five minutes on 164 working days (Weinberg, Brown & Stroud 2007, JASA 102).

The first counts are printed in the file's description; total, bins and busiest hour were computed independently.
"""

import csv
import gzip

import numpy as np
import pytest

from guanxi_methods.forecasting import ArrivalForecast, hold_out
from guanxi_methods.forecasting.daybins import day_bins


@pytest.fixture(scope="module")
def calls(public_data):
    """Moments and counts."""
    found = public_data("bank_calls/bank_calls_5min.csv.gz", whole=True)
    with gzip.open(found.path, "rt") as opened:
        rows = list(csv.reader(opened))[1:]
    return [row[0] for row in rows], [float(row[1]) for row in rows]


def test_the_table_is_read_as_it_is(calls):
    """First bins 111 113 76 82 91; total 5,323,661; 169 bins a day; busiest hour 10:00; closed on holidays."""
    table = day_bins(*calls)
    assert table.counts[0, :5].tolist() == [111, 113, 76, 82, 91]
    assert table.counts.sum() == 5_323_661
    assert (table.counts.shape, table.bin_seconds, table.starts[0]) == ((164, 169), 300, 7 * 3600)
    by_hour = {hour: table.counts[:, table.starts // 3600 == hour].sum() for hour in range(7, 22)}
    assert max(by_hour, key=by_hour.get) == 10
    closed = table.closed.astype("datetime64[D]").astype(str).tolist()
    assert {"2003-05-26", "2003-07-04", "2003-09-01"} <= set(closed)
    assert table.usual.tolist() == [True] * 5 + [False] * 2


@pytest.mark.full
@pytest.mark.parametrize("horizon_days", [5, 10, 20, 30])
def test_the_forecast_is_clearly_better_than_the_naive(calls, horizon_days):
    """By a fifth at least, against either naive; and 95% intervals hold 90 to 99% of the bins."""
    found = hold_out(*calls, horizon_days=horizon_days)
    assert found.wape < 0.8 * found.wape_naive
    assert found.wape < 0.8 * found.wape_week_before
    assert found.wape_days < found.wape_days_naive
    assert 0.9 <= found.coverage <= 0.99
    assert abs(found.bias) < 0.05
    assert found.chosen.method == "svd"


def test_a_forecast_by_the_mean_is_quick_and_better_than_the_naive(calls):
    """Also by half hours, and with the holiday that follows left out."""
    found = hold_out(*calls, horizon_days=10, method="mean")
    assert found.wape < 0.85 * found.wape_naive
    ahead = ArrivalForecast(3, method="mean", bin_seconds=1800, closed=["2003-10-28"]).fit(*calls).forecast_
    assert ahead.days.astype(str).tolist() == ["2003-10-27", "2003-10-29", "2003-10-30"]
    assert ahead.mean.shape == (3, 29)
    assert np.all((ahead.low <= ahead.mean) & (ahead.mean <= ahead.high))
