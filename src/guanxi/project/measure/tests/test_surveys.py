"""What stands behind a satisfaction index, on the command line."""

import pytest

GAPS = "--expectation 'e*' --understood 'u*' --standard 's*' --delivered 'd*' --perception 'p*'"


@pytest.fixture
def kiosk(public_data):
    return public_data("kiosk_survey/kiosk_survey_anonymised.csv", whole=True).path


def test_gaps_from_one_file_of_three_groups(measure, refused, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(
        "e1,p1,u1,s1,d1,a1\n7,4,,,,\n6,5,,,,\n7,4,,,,\n,,6,6,,7\n,,6,5,,7\n,,,,5,\n,,,,5,\n,,,,4,\n,,,,5,\n"
    )
    found = measure("satisfaction.gaps", path, GAPS, "--promised a1 --scale 1,7")
    told = {name: round(one["gap"], 3) for name, one in found["gaps"].items()}
    assert told == {
        "promotion": -2.25, "understanding": -0.667, "procedure": -0.5, "behaviour": -0.75, "perception": -0.417,
    }  # fmt: skip
    assert round(found["service_gap"]["gap"], 3) == -2.333
    assert found["largest"] == "promotion"
    assert "off the scale from 1 to 5" in refused("satisfaction.gaps", path, GAPS, "--scale 1,5")


def test_factors_of_the_kiosk_survey(measure, kiosk):
    found = measure(
        "satisfaction.two-factor", kiosk, "--satisfaction ipa04_satis,ipa12_satis,ipa22_satis",
        "--overall overall_sat1,overall_sat2 --scale 1,7",
    )  # fmt: skip
    assert (found["low"], found["high"], found["n"]) == (2.5, 5.5, 196)
    assert sorted(item for items in found["factors"].values() for item in items) == [
        "ipa04_satis", "ipa12_satis", "ipa22_satis",
    ]  # fmt: skip


def test_reliability_of_the_kiosk_survey(measure, kiosk):
    found = measure("satisfaction.reliability", kiosk, "--items 'sq1?_perceive'")
    assert found["n"] == 196
    assert found["alpha_interval"][0] < found["alpha"] < found["alpha_interval"][1]
    assert found["omega"] > found["alpha"] - 0.01
    assert len(found["items"]) == 10


def test_weights_by_margins_and_by_propensity(measure, refused, tmp_path):
    path = tmp_path / "people.csv"
    rows = ["f,old,1,1", "f,old,2,0", "f,young,1,1", "m,old,3,1", "m,young,2,0", "m,young,3,1"]
    path.write_text("\n".join(["sex,age,spent,answered", *rows]))
    out = tmp_path / "weights.csv"
    raked = measure("satisfaction.weighting", path, "--margin sex=f:.6,m:.4 --margin age=old:50,young:50 --out", out)
    assert raked["method"] == "raking"
    assert raked["margins"]["sex"] == pytest.approx({"f": 0.6, "m": 0.4})
    lines = out.read_text().splitlines()
    assert lines[0] == "row,weight"
    assert sum(float(line.split(",")[1]) for line in lines[1:]) == pytest.approx(6)
    likely = measure("satisfaction.weighting", path, "--responded answered --traits spent,sex")
    assert (likely["n"], likely["method"]) == (4, "response propensity")
    assert likely["response_rate"] == pytest.approx(4 / 6)
    assert 1 < likely["effective_n"] <= 4
    assert "give --margin" in refused("satisfaction.weighting", path)
    assert "no margin" in refused("satisfaction.weighting", path, "--margin sex")
    assert "says nothing" in refused("satisfaction.weighting", path, "--margin sex=f:1")


def test_layers_of_the_kiosk_survey(measure, refused, kiosk):
    found = measure(
        "satisfaction.layers", kiosk, "--group 'down:material=ipa0?_satis' --group down:social=ipa22_satis --scale 1,7"
    )
    material, social = found["groups"]
    assert len(material["items"]) == 9
    assert social["index"] == pytest.approx(5.07143, abs=5e-6)
    assert found["weakest"] == {"down": "social" if social["index"] < material["index"] else "material"}
    assert "is no group" in refused("satisfaction.layers", kiosk, "--group material")


def test_indicators(measure, refused, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("knows,buys,sad\n1,1,1\n1,1,0\n1,0,\n0,0,\n")
    found = measure("satisfaction.indicators", path, "--aware knows --bought buys --aggrieved sad")["rates"]
    assert found["awareness"]["rate"] == 0.75
    assert (found["grievance_rate"]["count"], found["grievance_rate"]["among"]) == (1, 2)
    assert "at least one of" in refused("satisfaction.indicators", path)
