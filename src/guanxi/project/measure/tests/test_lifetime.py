"""The models of customer lifetime on the command line."""

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from guanxi_methods.value.lifetime.tests import donations

LOG = "--customer 2 --date 3 --amount 5 --unit week --calibration-end 1997-09-30"


@pytest.fixture
def cdnow(public_data):
    """CDNOW's sample: columns apart by blanks, no header."""
    return public_data("cdnow/CDNOW_sample.txt", whole=True).path


@pytest.fixture
def summary(public_data):
    """CDNOW's summary, rounded to two digits."""
    return public_data("cdnow/cdnow_customers_summary.csv", whole=True).path


def write(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("method", "params", "log_likelihood", "expected"),
    [
        ("value.bgnbd", {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, -9582.4, 1653.4),
        ("value.mbgnbd", {"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614}, -9582.1, 1576.7),
        ("value.paretonbd", {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}, -9595.0, 1665.5),
    ],
)
def test_buying_models_on_the_log_of_cdnow(measure, cdnow, method, params, log_likelihood, expected):
    """SOURCES: Fader, Hardie & Lee 2005; the hold-out sums are this project's, checked against CLVTools' expectations."""
    found = measure(method, cdnow, LOG)
    assert {name: round(value, 3) for name, value in found["params"].items()} == params
    assert round(found["log_likelihood"], 1) == log_likelihood
    assert found["customers"] == 2357
    assert found["holdout"]["actual"] == 1882
    assert found["holdout"]["expected"] == pytest.approx(expected, abs=0.1)
    assert found["holdout"]["interval"][0] < expected < found["holdout"]["interval"][1]
    assert found["at_edge"] == found["warnings"] == []
    assert found["intervals"]["r"][0] < params["r"] < found["intervals"]["r"][1]


def test_buying_models_on_the_summary_of_cdnow(measure, summary):
    found = measure("value.bgnbd", summary, "--x frequency --tx recency --t T")
    assert [round(value, 3) for value in found["params"].values()] == [0.243, 4.414, 0.793, 2.426]
    assert found["customers"] == 2357
    assert found["holdout"] == {"actual": None, "expected": None, "interval": None}
    assert 1411 < found["alive"] < 2357


def test_without_an_end_of_calibration_all_is_learned_from_and_nothing_held_out(measure, cdnow):
    found = measure("value.bgnbd", cdnow, "--customer 2 --date 3 --unit day")
    assert found["holdout"]["actual"] is None
    assert found["params"]["alpha"] > 20


def test_a_likelihood_at_its_edge_is_said(measure, public_data, tmp_path):
    """SOURCES: BG/NBD on Online Retail degenerates, a near 0."""
    lines = pq.read_table(public_data("online_retail/online_retail.parquet", whole=True).path)
    lines = lines.filter((pc.field("Quantity") > 0) & (pc.field("UnitPrice") > 0))
    pq.write_table(lines, tmp_path / "lines.parquet")
    found = measure("value.bgnbd", tmp_path / "lines.parquet", "--customer CustomerID --date InvoiceDate --unit week")
    assert found["customers"] == 4338
    assert "a" in found["at_edge"]
    assert found["standard_errors"]["a"] is None
    assert found["intervals"]["a"] == [None, None]
    assert "at its edge" in found["warnings"][-1]


def test_bgbb_on_the_donors(measure, tmp_path):
    """Fader, Hardie & Shang 2010."""
    rows = "\n".join(",".join(map(str, row)) for row in donations.ROWS)
    found = measure("value.bgbb", write(tmp_path, f"x,tx,n,donors\n{rows}\n"), "--x x --tx tx --n n --count donors")
    assert [round(value, 3) for value in found["params"].values()] == [1.204, 0.75, 0.657, 2.783]
    assert round(found["log_likelihood"], 1) == -33225.6
    assert found["customers"] == 11104


def test_gammagamma_on_the_log_and_on_a_summary(measure, cdnow, tmp_path):
    """Fader & Hardie 2013: p 6.25 q 3.74 v 15.44 on 946 customers."""
    found = measure("value.gammagamma", cdnow, "--customer 2 --date 3 --amount 5 --calibration-end 1997-09-30")
    assert [round(value, 2) for value in found["params"].values()] == [6.25, 3.74, 15.44]
    assert found["customers"] == 946
    table = write(
        tmp_path,
        "x,z\n0,\n4,62\n3,30\n1,5\n4,24\n4,83\n3,31\n5,16\n3,9\n3,16\n4,17\n3,30\n3,41\n3,17\n2,59\n1,51\n1,21\n",
    )
    found = measure("value.gammagamma", table, "--x x --mean-value z")
    assert found["params"]["p"] == pytest.approx(1.902, abs=1e-3)
    assert found["customers"] == 16


def test_sbg_of_the_paper(measure, tmp_path):
    """Fader & Hardie 2007: high-end customers."""
    table = write(tmp_path, "alive\n1000\n869\n743\n653\n593\n551\n517\n491\n")
    found = measure("value.sbg", table, "--survivors alive --periods 12")
    assert {name: round(value, 3) for name, value in found["params"].items()} == {"alpha": 0.668, "beta": 3.806}
    last = found["projection"][-1]
    assert last["renewal"] == 12
    assert last["low"] < last["survival"] < last["high"]
    rows = write(
        tmp_path, "t,due,renewed\n1,1000,869\n2,869,743\n3,743,653\n4,653,593\n5,593,551\n6,551,517\n7,517,491\n"
    )
    again = measure("value.sbg", rows, "--renewal t --due due --renewed renewed")
    assert again["log_likelihood"] == pytest.approx(found["log_likelihood"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("--x frequency --tx recency", "either a log"),
        ("--x frequency --tx recency --t T --customer ID", "either a log"),
        ("--x frequency --tx T --t recency", "row 1 has its last purchase at 38.86"),
        ("--x frequency --tx recency --t Tee", "no column 'Tee'"),
        ("--x recency --tx recency --t T", "x must hold whole numbers"),
        ("--customer ID --date T", "is not a date"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(refused, summary, arguments, told):
    assert told in refused("value.bgnbd", summary, arguments)


def test_a_log_that_teaches_nothing_is_refused_and_returns_are_told(measure, refused, tmp_path):
    once = write(tmp_path, "who,day,paid\na,2026-01-01,5\nb,2026-01-02,5\nc,2026-01-02,7\n")
    assert "nobody bought again" in refused("value.bgnbd", once, "--customer who --date day")
    assert "on or before 2025-12-31" in refused(
        "value.bgnbd", once, "--customer who --date day --calibration-end 2025-12-31"
    )
    rows = ["who,day,paid"]
    for number in range(60):
        for purchase in range(1 + number % 4):
            rows.append(f"c{number},2026-{1 + purchase * (1 + number % 3):02d}-{1 + number % 28:02d},{10 + number}")
    rows += ["c1,2026-01-20,-12", "c2,2026-11-05,30", "late,2026-11-30,4", ",2026-02-02,3"]
    found = measure(
        "value.mbgnbd",
        write(tmp_path, "\n".join(rows)),
        "--customer who --date day --amount paid --calibration-end 2026-10-31",
    )
    assert found["customers"] == 60
    assert found["holdout"]["actual"] == 1
    assert [text.split(" ", 1)[0] for text in found["warnings"][:3]] == ["1", "1", "1"]
