"""Loyalty on the command line, on small files and on real data."""

import csv
from collections import Counter, defaultdict

import numpy as np
import pytest


@pytest.fixture
def file(tmp_path):
    """Writes columns as a file: file(score=[9, 10])."""

    def write(**columns):
        path = tmp_path / "table.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
        return path

    return write


def test_nps(measure, refused, file):
    found = measure("loyalty.nps", file(answer=[10, 9, 9, 8, 7, 7, 10, 3, 6, 9, ""]), "--score answer")
    assert found["nps"] == pytest.approx(30)
    assert found["n"] == 10
    assert found["interval"] == pytest.approx([-19.05, 65.20], abs=0.01)
    assert found["promoters_percent"] == pytest.approx(50)
    assert found["warnings"] == ["1 rows without an answer were left out"]
    wald = measure("loyalty.nps", file(answer=[10, 3] * 50), "--score answer --interval-method wald")
    assert (wald["nps"], wald["interval"]) == (0, pytest.approx([-19.6, 19.6], abs=0.01))
    assert "answer holds 11 in row 2" in refused("loyalty.nps", file(answer=[9, 11]), "--score answer")
    told = refused("loyalty.nps", file(answer=[9, 11]), "--score answer", language="zh_CN")
    assert "answer 第 2 行为 11：回答必须是 0 到 10 的整数" in told
    assert "did you mean 'answer'" in refused("loyalty.nps", file(answer=[9, 1]), "--score anwser")


def test_nps_of_groups(measure, refused, file):
    table = file(
        score=[9] * 40 + [8] * 30 + [5] * 30 + [9] * 55 + [8] * 30 + [5] * 15, quarter=["Q1"] * 100 + ["Q2"] * 100
    )
    found = measure("loyalty.nps-compare", table, "--score score --group quarter")
    assert [one["nps"] for one in found["groups"]] == pytest.approx([10, 40])
    assert found["comparisons"][0]["difference"] == pytest.approx(30)
    assert found["comparisons"][0]["p_value"] == pytest.approx(0.0076, abs=5e-5)
    three = measure("loyalty.nps-compare", file(a=[9, 8, 3] * 9, g=["x", "x", "x", "y", "z", "z", "z", "z", "z"] * 3),
                    "--score a --group g")["comparisons"]  # fmt: skip
    assert [(one["first"], one["second"]) for one in three] == [("x", "y"), ("x", "z"), ("y", "z")]
    assert all(one["adjusted_p_value"] >= one["p_value"] for one in three)
    least = min(three, key=lambda one: one["p_value"])
    assert least["adjusted_p_value"] == pytest.approx(min(1, 3 * least["p_value"]))
    assert "holds 1 groups" in refused("loyalty.nps-compare", file(a=[9, 1], g=["x", "x"]), "--score a --group g")


def test_matrices(measure, file):
    table = file(bought=[5, 1, 3, 1], likes=[9, 10, 4, 2])
    found = measure(
        "loyalty.matrix", table, "--behaviour bought --attitude likes --behaviour-cut 2 --attitude-cut mean"
    )
    assert {one["field"]: one["customers"] for one in found["fields"]} == dict.fromkeys(
        ("absolute", "latent", "inertia", "none"), 1
    )
    assert found["cuts"] == {"behaviour": 2, "attitude": 6.25}
    assert found["association"]["phi"] == 0
    other = measure("loyalty.satisfaction-matrix", table, "--satisfaction likes --loyalty bought --loyalty-cut 2")
    assert [one["field"] for one in other["fields"]] == ["apostle", "hostage", "mercenary", "defector"]


def test_types_with_evidence(measure, file):
    table = file(
        name=["a", "b", "c"],
        love=[9, 3, 4],
        bought=[12, 8, 9],
        others=[3, 0, 4],
        price=[0.1, 0.2, 0.3],
        promo=[0.1, 0, 0.8],
    )
    found = measure(
        "loyalty.types", table,
        "--attachment love --repeat bought --alternatives others --price price --promotion promo --customer name",
        "--attachment-cut 7 --repeat-cut 4 --price-cut .5 --promotion-cut .5",
    )  # fmt: skip
    assert [one["type"] for one in found["customers"]] == ["premium", "monopoly", "incentivised"]
    assert found["customers"][2]["evidence"][4] == {
        "measure": "promotion_response", "value": 0.8, "cut": 0.5, "is_high": True, "decides": True, "otherwise": "inertia",
    }  # fmt: skip


def test_ladder_of_the_sales_pipeline(measure, public_data, file):
    """Maven Analytics' CRM sales: accounts by their opportunities won and open (SOURCES: 4,238 won, 85 accounts)."""
    path = public_data("crm_sales/sales_pipeline.csv", whole=True).path
    won, asked = Counter(), Counter()
    with path.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            asked[row["account"]] += 1
            won[row["account"]] += row["deal_stage"] == "Won"
    accounts = sorted(name for name in asked if name)
    assert len(accounts) == 85
    table = file(won=[won[name] for name in accounts], asked=[asked[name] for name in accounts])
    found = measure("loyalty.ladder", table, "--purchases won --opportunities asked --client-purchases 50")
    rungs = {one["rung"]: one for one in found["rungs"]}
    clients = sum(won[name] >= 50 for name in accounts)
    assert rungs["client"]["customers"] == clients
    assert rungs["repeat"]["customers"] == 85 - clients
    assert rungs["client"]["conversion"] == pytest.approx(clients / 85)
    assert rungs["advocate"]["customers"] == 0
    assert any("referrals were not told" in said for said in found["warnings"])


def test_stages_and_measures_of_cdnow(measure, public_data):
    """Fader & Hardie: 2,357 customers; 946 bought again in 39 weeks; merged days; 8 orders of 0 in the sample."""
    path = public_data("cdnow/CDNOW_sample.txt", whole=True).path
    found = measure("loyalty.measures", path, "--customer 2 --date 3 --at 1997-09-30")
    assert found["customers"] == 2357
    assert found["measures"]["repeat_rate"]["value"] == pytest.approx(946 / 2357)
    stages = measure("loyalty.stage", path, "--customer 2 --date 3 --amount 5 --list")
    assert sum(one["customers"] for one in stages["stages"]) == stages["customers"] == len(stages["list"])
    assert stages["warnings"] == [
        "8 rows with an amount of 0 or less (returns, gifts) are no purchases and were left out"
    ]
    for one in stages["list"]:
        if one["reason"] == "silent":
            assert one["silence_probability"] < 0.1
        if one["reason"] == "few_purchases":
            assert one["purchases"] < 3


@pytest.mark.full
def test_measures_of_online_retail(measure, public_data, tmp_path):
    """SOURCES: 4,338 customers with purchases; cancellations are no purchases."""
    import pyarrow.parquet as pq

    lines = pq.read_table(public_data("online_retail/online_retail.parquet", whole=True).path)
    amounts = np.rint(lines["Quantity"].to_numpy() * lines["UnitPrice"].to_numpy() * 100) / 100
    path = tmp_path / "lines.parquet"
    pq.write_table(lines.append_column("Amount", [amounts]), path)
    options = "--customer CustomerID --date InvoiceDate --amount Amount"
    found = measure("loyalty.measures", path, options, "--product StockCode --window-days 90")
    assert found["customers"] == 4338
    bought = defaultdict(set)
    for customer, moment, amount in zip(
        lines["CustomerID"].to_pylist(), lines["InvoiceDate"].to_pylist(), amounts, strict=True
    ):
        if customer is not None and amount > 0:
            bought[customer].add(moment.date())
    again = sum(len(days) > 1 for days in bought.values())
    assert found["measures"]["repeat_rate"]["value"] == pytest.approx(again / 4338)
    stages = measure("loyalty.stage", path, options)
    assert stages["customers"] == 4338


def test_attitude_of_the_ecsi_survey(measure, public_data, refused):
    """ECSI mobile phone (Tenenhaus et al. 2005): loyalty items of 250 answers; CUSL2 hardly belongs to the others."""
    path = public_data("ecsi_mobi/mobi.csv", whole=True).path
    found = measure("loyalty.attitude", path, "--items CUSL* --scale 1,10")
    assert [one["item"] for one in found["items"]] == ["CUSL1", "CUSL2", "CUSL3"]
    assert found["n"] == 250
    assert found["interval"][0] < found["index_100"] < found["interval"][1]
    without = measure("loyalty.attitude", path, "--items CUSL1,CUSL3 --scale 1,10")
    assert found["alpha"] < 0.5 < without["alpha"]
    assert "answers must be from 1 to 5" in refused("loyalty.attitude", path, "--items CUSL* --scale 1,5")


def test_curve_of_the_ecsi_and_the_kiosk_survey(measure, public_data):
    path = public_data("ecsi_mobi/mobi.csv", whole=True).path
    found = measure("loyalty.curve", path, "--satisfaction CUSA1 --loyalty CUSL3 --loyalty-scale 1,10 --bootstrap 100")
    assert sum(one["customers"] for one in found["levels"]) == 250
    fitted = [one["fitted"] for one in found["levels"]]
    assert fitted == sorted(fitted)
    lines = {one["line"]: one for one in found["lines"]}
    assert lines["slope"]["interval"][0] > 0
    assert lines["logit_slope"]["interval"][0] > 0
    assert [(zone["from"], zone["to"]) for zone in found["zones"]] == [(4, 6), (7, 8), (9, 10)]
    kiosk = public_data("kiosk_survey/kiosk_survey_anonymised.csv", whole=True).path
    again = measure("loyalty.curve", kiosk, "--satisfaction overall_sat1 --loyalty reuse1 --bootstrap 100")
    assert again["lines"][0]["interval"][0] > 0


def test_change_and_degrees(measure, file):
    rng = np.random.default_rng(3)
    moved = rng.integers(-2, 3, 60)
    table = file(s1=[5] * 60, s2=(5 + moved).tolist(), l1=[50] * 60, l2=(50 + 4 * moved).tolist())
    found = measure(
        "loyalty.change",
        table,
        "--satisfaction-before s1 --satisfaction-after s2 --loyalty-before l1 --loyalty-after l2",
    )
    assert found["slope"]["value"] == pytest.approx(4)
    assert found["asymmetry"]["value"] == pytest.approx(0, abs=1e-9)
    assert np.sum(found["table"]) == found["customers"] == 60
    table = file(s=[5, 4, 3, 2], l=[10, 8, 7, 3], r=[1, 1, 1, 0], c=[900, 50, 30, 20], g=["key", "x", "x", "x"])
    four = measure(
        "loyalty.degrees", table, "--satisfaction s --loyalty l --retained r --contribution c --group g",
        "--satisfaction-scale 1,5 --loyalty-scale 0,10",
    )  # fmt: skip
    assert [one["group"] for one in four["groups"]] == ["all", "key", "x"]
    told = {(one["group"], one["degree"]): one for one in four["degrees"]}
    assert (told["all", "satisfaction"]["value"], told["all", "retention"]["value"]) == (62.5, 75)
    assert told["all", "satisfaction"]["interval"][1] <= 100
    assert told["key", "contribution"]["value"] == pytest.approx(90)
    assert told["key", "satisfaction"]["interval"] is None


def test_shares_prices_and_incidents(measure, refused, file):
    wallet = measure("loyalty.share", file(us=[30, 20, 50], all=[60, 40, 60]), "--ours us --total all")
    assert (wallet["share"], wallet["customers"]) == (0.625, 3)
    assert "more than the total in row 1" in refused("loyalty.share", file(us=[70], all=[60]), "--ours us --total all")
    sold = file(c=["a", "a", "b", "b", "c", "c"], p=[10, 12, 10, 12, 9, 12], q=[100, 80, 50, 42, 30, 20])
    assert measure("loyalty.price-sensitivity", sold, "--customer c --price p --quantity q")[
        "elasticity"
    ] == pytest.approx(-1.267, abs=5e-4)
    stay = measure("loyalty.price-tolerance", file(rise=[0, 5, 10, 10, 20]), "--accepted rise --rises 5,10")
    assert [one["share"] for one in stay["stay"]] == [0.8, 0.6]
    had = file(i=[1] * 70 + [0] * 80, s=[1] * 56 + [0] * 14 + [1] * 48 + [0] * 32)
    found = measure("loyalty.incidents", had, "--incident i --stayed s")
    assert found["difference"]["interval"] == pytest.approx([0.0524, 0.3339], abs=5e-5)


def test_the_interval_of_a_score_holds_the_score(measure, tmp_path):
    path = tmp_path / "answers.csv"
    for answer, score in ((0, -100), (10, 100)):
        path.write_text(f"score\n{answer}\n", encoding="utf-8")
        found = measure("loyalty.nps", path, "--score score")
        assert found["nps"] == score
        assert found["interval"][0] <= score <= found["interval"][1]


def test_a_score_is_reckoned_from_whole_numbers(measure, public_data):
    found = measure("loyalty.nps", public_data("ecsi_mobi/mobi.csv", whole=True).path, "--score CUSL1")
    assert found["nps"] == 14.8
