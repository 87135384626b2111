"""Delivered value, cost to serve, loyal profit, compatibility, typologies and customer equity on the command line."""

import pytest


def test_delivered_value(measure, refused, tmp_path):
    path = tmp_path / "survey.csv"
    rows = ["who,supplier,product,service,money,i1,i2,i3"]
    for i in range(20):
        rows += [f"{i},we,{7 + i % 3},6,{3 + i % 2},5,3,4", f"{i},they,{6 + i % 2},{5 + i % 3},4,5,3,4"]
    path.write_text("\n".join(rows), encoding="utf-8")
    asked = "--supplier supplier --us we --value product,service --cost money --respondent who"
    found = measure("value.delivered", path, asked)
    assert [one["supplier"] for one in found["suppliers"]] == ["we", "they"]
    (advantage,) = found["advantages"]
    assert advantage["advantage"] == pytest.approx(sum(advantage["items"].values()))
    assert advantage["interval"][0] < advantage["advantage"] < advantage["interval"][1]
    weighted = measure("value.delivered", path, asked, "--importance i1,i2,i3")
    assert weighted["weights"] == {"product": 0.625, "service": 0.375, "money": 1}
    assert "3 columns" in refused("value.delivered", path, asked, "--importance i1,i2")
    assert "nobody judged us" in refused("value.delivered", path, asked.replace("--us we", "--us me"))


def test_cost_to_serve_of_spring_distribution(measure, tmp_path):
    """Horngren's exercise: 2,012, 11,545, 38,720, 41,856 and a loss of 3,346."""
    path = tmp_path / "customers.csv"
    path.write_text(
        "customer,margin,cases,orders,visits,miles,expedited\n"
        "P,4992,2080,15,2,140,0\nQ,18900,8750,25,3,120,0\nR,72960,60800,30,6,180,0\n"
        "S,61056,31800,25,2,320,0\nT,3744,3900,30,3,800,1\n",
        encoding="utf-8",
    )
    asked = "--customer customer --margin margin --rates orders=100,visits=80,miles=2,cases=.5,expedited=300"
    found = measure("value.cost-to-serve", path, asked)
    assert {one["customer"]: one["profit"] for one in found["worst_and_best"]} == {
        "P": 2012, "Q": 11545, "R": 38720, "S": 41856, "T": -3346,
    }  # fmt: skip
    assert (found["unprofitable"], found["loss"], found["profit"]) == (1, -3346, 90787)
    assert (found["whale_curve"]["peak_customers"], found["whale_curve"]["peak_profit"]) == (4, 94133)
    assert len(measure("value.cost-to-serve", path, asked, "--each")["each"]) == 5


def test_loyal_profit(measure, tmp_path):
    path = tmp_path / "years.csv"
    path.write_text(
        "year,list,paid,goods,service,referral\n1,100,95,50,20,0\n1,100,105,50,20,0\n2,140,150,70,24,10\n2,160,160,80,24,0\n",
        encoding="utf-8",
    )
    found = measure(
        "value.loyalty-profit", path,
        "--tenure year --list-revenue list --paid-revenue paid --goods-cost goods --service-cost service "
        "--referral-margin referral",
    )["years"]  # fmt: skip
    assert [one["profit"] for one in found] == [30, 61]
    parts = {name: found[1][name] for name in ("base", "growth", "saved_cost", "referral", "price")}
    assert parts == {"base": 30, "growth": 15, "saved_cost": 6, "referral": 5, "price": 5}


def test_compatibility(measure, tmp_path):
    path = tmp_path / "ratings.csv"
    rows = ["rater,met,rating"] + [
        f"family,party,{1 + i % 2}\nparty,family,{3 + i % 2}\nquiet,family,4" for i in range(6)
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    found = measure(
        "value.portfolio", path, "--rater rater --met met --rating rating --neutral 3 --mix family=.5,party=.5"
    )
    assert found["conflicts"] == [["family", "party"]]
    assert sorted(map(sorted, found["groups"])) in ([["family"], ["party", "quiet"]], [["family", "quiet"], ["party"]])
    assert found["mix_index"] == pytest.approx(2.5)


def test_typologies(measure, refused, tmp_path):
    path = tmp_path / "types.csv"
    path.write_text("id,a,b,c,d\n1,5,5,5,4\n2,5,4,1,1\n3,1,2,5,5\n4,2,1,1,2\n", encoding="utf-8")
    found = measure("value.typology", path, "--x a,b --y c,d --scale 1,5 --customer id")
    assert [one["type"] for one in found["each"]] == ["caring", "compliant", "adaptive", "indifferent"]
    assert found["unsure"] is not None
    own = measure("value.typology", path, "--x a --y c --x-cuts median --y-cuts 3 --cells low,high;LOW,HIGH")
    assert {one["type"]: one["customers"] for one in own["types"]} == {"low": 1, "high": 1, "LOW": 1, "HIGH": 1}
    assert own["unsure"] is None
    assert "need 2 cut points" in refused("value.typology", path, "--x a --y c --grid relationship-levels")
    assert "--scale" in refused("value.typology", path, "--x a,b --y c")
    assert "no cut points" in refused("value.typology", path, "--x a --y c --x-cuts some")


def test_a_real_survey_by_two_axes(measure, public_data):
    """196 respondents: what they expect against what they got, each axis the mean of 22 answers from 1 to 7."""
    found = measure(
        "value.typology", public_data("kiosk_survey/kiosk_survey_anonymised.csv", whole=True).path,
        "--x *_expect --y *_perceive --scale 1,7 --x-cuts median --y-cuts median",
    )  # fmt: skip
    assert found["customers"] == 196
    assert sum(one["customers"] for one in found["types"]) == 196
    assert 0 < found["unsure"] <= 196


def test_customer_equity(measure):
    found = measure(
        "value.customer-equity --margin 50 --d .2 --acquisition-rate .2 --acquisition-spend 5 --acquisition-ceiling .4 "
        "--retention-rate .5 --retention-spend 10 --retention-ceiling .7"
    )
    assert found["present"]["acquisition_rate"] == pytest.approx(0.2)
    assert found["present"]["retention_rate"] == pytest.approx(0.5)
    assert found["best"]["equity"] > found["present"]["equity"]
