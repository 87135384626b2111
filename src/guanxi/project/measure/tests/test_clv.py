"""Lifetime value on the command line."""

import pytest


def test_retention_of_berger_and_nasr(measure):
    """SOURCES: 568.78."""
    found = measure("value.clv-retention --gc 260 --m 50 --n 10 --r .75 --d .2")
    assert round(found["clv"], 2) == 568.78


def test_retention_counted_on_a_file(measure, refused, tmp_path):
    path = tmp_path / "stayed.csv"
    path.write_text("customer,stayed\n" + "".join(f"{i},{int(i % 4 > 0)}\n" for i in range(400)), encoding="utf-8")
    found = measure("value.clv-retention", path, "--gc 260 --m 50 --n 10 --d .2 --retained stayed")
    assert found["r"] == 0.75
    assert round(found["clv"], 2) == 568.78
    assert found["interval"][0] < found["clv"] < found["interval"][1]
    assert "--retained" in refused("value.clv-retention --gc 260 --n 10 --d .2")


def test_migration_of_pfeifer_and_carraway(measure):
    """SOURCES: t = 0..4, without end, and Dwyer's buyers."""
    asked = "value.clv-migration --probabilities .3,.2,.15,.05 --margin 40 --cost 4 --rate .2"
    found = measure(asked + " --periods 4")
    assert [round(value, 3) for value in found["finite"]] == [50.115, 4.220, 0.592, -1.980, 0]
    assert [round(value, 3) for value in found["infinite"]] == [52.320, 5.554, 1.251, -1.820, 0]
    bought = measure(asked + " --periods 5 --buyers 1000")["buyers"]
    assert [round(value, 2) for value in bought] == [1000, 300, 230, 195, 139.7, 95.67]


def test_migration_counted_on_cdnow(measure, public_data):
    """The CDNOW log: columns 2 customer, 3 date, 5 amount; its 8 orders of nothing are no purchases."""
    found = measure(
        "value.clv-migration", public_data("cdnow/CDNOW_sample.txt", whole=True).path,
        "--customer 1 --date 3 --amount 5 --rate .01 --periods 12 --states 6 --period-days 30 --margin-rate .3",
    )  # fmt: skip
    assert found["customers"] <= 2357
    assert len(found["finite"]) == 7
    assert all(low < p < high for p, (low, high) in zip(found["probabilities"], found["intervals"], strict=True))
    # the longer ago, the less likely, and the less a customer is worth
    assert found["probabilities"] == sorted(found["probabilities"], reverse=True)
    assert found["infinite"] == sorted(found["infinite"], reverse=True)
    assert sum(found["customers_by_state"].values()) == found["customers"]
    assert 0 < found["share_returned"] < 1
    assert any(told.startswith("8 rows of 0") for told in found["warnings"])


def test_events(measure, tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(
        "customer,event,p,revenue,cost,years\nA,renewal,.9,100,20,0\nA,upgrade,.5,400,100,1\nB,repair,.2,0,150,2\n",
        encoding="utf-8",
    )
    found = measure(
        "value.clv-events", path,
        "--probability p --revenue revenue --cost cost --time years --customer customer --event event --rate .1",
    )  # fmt: skip
    assert found["clv"] == pytest.approx(0.9 * 80 + 0.5 * 300 / 1.1 - 0.2 * 150 / 1.21)
    assert [one["customer"] for one in found["customers"]] == ["A", "B"]
    assert sum(one["value"] for one in found["events"]) == pytest.approx(found["clv"])


def test_margin_multiple_of_gupta_and_lehmann(measure, refused):
    """SOURCES: 2.5."""
    found = measure("value.margin-multiple --i .12 --r .8 --margin 100")
    assert found["multiple"] == pytest.approx(2.5)
    assert found["clv"] == pytest.approx(250)
    assert found["by_first_margin"] == pytest.approx({"at_once": 350, "if_retained": 250, "after_one_period": 312.5})
    assert "does not end" in refused("value.margin-multiple --i .05 --r 1 --g .06")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("value.clv-retention --gc 260 --m 50 --n 10 --r 75 --d .2", "write 75% as .75"),
        ("value.clv-migration --probabilities .3,1.2 --margin 1 --rate .2 --periods 4", "between 0 and 1"),
        ("value.clv-migration --rate .2 --periods 4", "--probabilities"),
        ("value.clv-migration --probabilities .3 --rate .2 --periods 4", "--margin"),
    ],
)
def test_what_cannot_be_valued_is_one_sentence(refused, words, told):
    assert told in refused(words)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("value.margin-multiple --r .9 --i .1 --g .5 --n 100000", "beyond any number"),
        ("value.margin-multiple --r .9 --i .1 --n 100000000", "n must be at most 100,000"),
        ("value.clv-retention --gc 1 --n 1000000000 --d .1 --r .9", "n must be at most 100,000"),
        ("value.clv-retention --gc 1 --n 90000 --d .1 --r .9 --cycles-per-year 365", "n times cycles_per_year"),
        (
            "value.clv-migration --probabilities .3,.2 --margin 4 --rate .1 --periods 100000000",
            "periods must be at most",
        ),
    ],
)
def test_counts_beyond_all_use_are_refused(refused, words, told):
    assert told in refused(words)


def test_renewals_beyond_all_use_are_refused(refused, tmp_path):
    path = tmp_path / "survivors.csv"
    path.write_text("alive\n1000\n869\n743\n653\n", encoding="utf-8")
    assert "renewal must be at most 100000" in refused("value.sbg", path, "--survivors alive --periods 20000000")
