"""Satisfaction on the command line: the kiosk survey (196 respondents, 1 to 7)."""

import pytest

PAIRS = "--importance 'ipa*_import' --satisfaction 'ipa*_satis'"


@pytest.fixture
def kiosk(public_data):
    return public_data("kiosk_survey/kiosk_survey_anonymised.csv", whole=True).path


def test_the_indices_of_the_kiosk_survey(measure, kiosk):
    """SOURCES: simple 5.01948; dual 5.07032 = 67.8387; R2 .52194 with 8 of 22 coefficients negative."""
    simple = measure("satisfaction.simple", kiosk, "--satisfaction 'ipa*_satis'")
    assert (round(simple["index"], 5), simple["index_100"], simple["n"]) == (5.01948, None, 196)
    dual = measure("satisfaction.dual", kiosk, PAIRS, "--scale 1,7")
    assert (round(dual["index"], 5), round(dual["index_100"], 4)) == (5.07032, 67.8387)
    assert dual["interval"][0] < dual["index"] < dual["interval"][1]
    assert list(dual["weights"]) == [f"ipa{number:02}_satis" for number in range(1, 23)]
    assert sum(dual["weights"].values()) == pytest.approx(1)


def test_derived_importance_of_the_kiosk_survey(measure, kiosk):
    asked = "--overall overall_sat1,overall_sat2 --scale 1,7"
    found = measure("satisfaction.regression", kiosk, "--satisfaction 'ipa*_satis'", asked)
    assert round(found["r2"], 5) == 0.52194
    assert sum(value < 0 for value in found["coefficients"].values()) == 8
    assert min(found["weights"].values()) >= 0
    improved = measure("satisfaction.dual-improved", kiosk, PAIRS, asked)
    assert 5.07032 < improved["index"] < found["index"]
    assert improved["derived"] == pytest.approx(found["weights"])


def test_gaps_of_the_kiosk_survey(measure, kiosk):
    """SOURCES: mean gap -1.02319, worst item 13 (-1.9388)."""
    found = measure("satisfaction.servqual", kiosk, "--expectation 'sq*_expect' --perception 'sq*_perceive'")
    assert round(found["mean_gap"], 5) == -1.02319
    worst = min(found["items"], key=lambda item: item["gap"])
    assert (worst["item"], worst["number"], round(worst["gap"], 4)) == ("sq13_perceive", 13, -1.9388)
    assert list(found["dimensions"]) == ["tangibles", "reliability", "responsiveness", "assurance", "empathy"]
    own = measure(
        "satisfaction.servqual", kiosk, "--expectation 'sq*_expect' --perception 'sq*_perceive'",
        "--dimensions 'first=1-2,sq13_perceive;rest=4' --points 3,1",
    )  # fmt: skip
    assert own["dimensions"]["first"]["items"] == ["sq01_perceive", "sq02_perceive", "sq13_perceive"]
    assert own["weighted_gap"] == pytest.approx(
        0.75 * own["dimensions"]["first"]["gap"] + 0.25 * own["dimensions"]["rest"]["gap"]
    )


def test_categories_of_the_kiosk_survey(measure, kiosk):
    """SOURCES: item 1 A39 O51 M86 I19 Q1, better .4615 worse -.7026."""
    found = measure("satisfaction.kano", kiosk, "--functional 'kano*_func' --dysfunctional 'kano*_dysf'")
    first = found["items"][0]
    assert first["counts"] == {"A": 39, "O": 51, "M": 86, "I": 19, "R": 0, "Q": 1}
    assert (first["class"], round(first["better"], 4), round(first["worse"], 4)) == ("M", 0.4615, -0.7026)
    classes = [item["class"] for item in found["items"]]
    assert [classes.count(letter) for letter in "MAOI"] == [9, 8, 6, 4]


def test_the_map_of_the_kiosk_survey(measure, kiosk):
    """SOURCES: 'concentrate here' items 4, 12, 13, 14, 15, 21."""
    found = measure("satisfaction.importance-performance", kiosk, PAIRS)
    assert [one["number"] for one in found["items"] if one["quadrant"] == "concentrate here"] == [4, 12, 13, 14, 15, 21]
    assert found["crosshairs"]["importance"] == pytest.approx(5.92185, abs=5e-6)
    fixed = measure("satisfaction.importance-performance", kiosk, PAIRS, "--crosshairs 4,4")
    assert {one["quadrant"] for one in fixed["items"]} <= {"keep up the good work", "possible overkill"}


def test_what_cannot_be_measured_is_told_in_one_sentence(refused, kiosk):
    said = refused("satisfaction.simple", kiosk, "--satisfaction 'ipa*_satis' --scale 1,5")
    assert "column ipa01_satis holds" in said
    assert "off the scale from 1 to 5" in said
    assert "ipa*_zufrieden" in refused("satisfaction.simple", kiosk, "--satisfaction 'ipa*_zufrieden'")
    said = refused("satisfaction.dual", kiosk, "--satisfaction 'ipa*_satis' --importance ipa01_import")
    assert "importance has 1 items where 22 are needed" in said
    assert "no dimension" in refused(
        "satisfaction.servqual", kiosk, "--expectation 'sq*_expect' --perception 'sq*_perceive' --dimensions all"
    )
    assert "two numbers" in refused("satisfaction.importance-performance", kiosk, PAIRS, "--crosshairs middle")


def test_errors_are_told_in_chinese_too(refused, kiosk):
    said = refused("satisfaction.simple", kiosk, "--satisfaction 'ipa*_satis' --scale 1,5", language="zh_CN")
    assert "超出量表 1 至 5" in said
