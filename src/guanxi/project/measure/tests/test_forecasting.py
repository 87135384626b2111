"""Arrivals on the command line."""

import gzip

import pytest


@pytest.fixture
def bank_calls(public_data):
    return public_data("bank_calls/bank_calls_5min.csv.gz", whole=True).path


@pytest.mark.full
@pytest.mark.parametrize("days", [5, 14, 30])
def test_calls_of_the_bank(measure, bank_calls, days):
    """SOURCES: 5,323,661 calls, 169 bins a day; the error is clearly below that of the naive."""
    found = measure("forecasting.arrivals", bank_calls, f"--time DateTime --count Calls --horizon-days {days}")
    assert found["wape"] < 0.8 * found["wape_naive"]
    assert found["wape"] < 0.8 * found["wape_week_before"]
    assert found["calls"] == 5_323_661
    assert (found["bins_a_day"], found["bin_minutes"], found["days"]) == (169, 5, 164)
    assert found["hold_out"]["days_before"] == 164 - days
    assert len(found["forecast"]) == days
    assert found["forecast"][0]["day"] == "2003-10-27"


def test_single_calls_and_a_holiday(measure, bank_calls, tmp_path):
    """One row for a call; a day that will be closed is left out; bins by the half hour."""
    path = tmp_path / "calls.csv"
    with gzip.open(bank_calls, "rt") as rows, path.open("w") as out:
        next(rows)
        out.write("when\n")
        for row in rows:
            moment, _, count = row.strip().partition(",")
            out.write(f"{moment}\n" * (int(float(count)) // 40))
    words = "--time when --horizon-days 3 --closed 2003-10-28 --method mean --bins"
    found = measure("forecasting.arrivals", path, words)
    assert [one["day"] for one in found["forecast"]] == ["2003-10-27", "2003-10-29", "2003-10-30"]
    assert found["bin_minutes"] == 30
    assert found["bins"][0]["time"] == "2003-10-27T07:00:00"
    assert sum(one["calls"] for one in found["bins"][:29]) == pytest.approx(found["forecast"][0]["calls"])
    assert found["wape"] < found["wape_naive"]


def test_what_cannot_be_is_one_sentence(refused, tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text("time,count\n2026-11-02 08:00,5\n2026-11-03 08:00,6\n2026-11-04 08:00,7\n", encoding="utf-8")
    words = "--time time --count count --horizon-days"
    assert "at least 11 are needed" in refused("forecasting.arrivals", path, f"{words} 1")
    assert "not one is left" in refused("forecasting.arrivals", path, f"{words} 3")
    assert "did you mean 'count'" in refused("forecasting.arrivals", path, "--time time --count cuont --horizon-days 1")
