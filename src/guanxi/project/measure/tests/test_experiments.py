"""Experiments on the command line."""

import numpy as np
import pytest


def test_two_arms(measure):
    found = measure("experiments.ab", "--successes 120,150 --trials 1000,1000")
    assert found["difference"] == pytest.approx(0.03)
    assert found["p_value"] == pytest.approx(0.0496, abs=5e-5)
    low, high = found["interval"]
    assert 0 < low < 0.0001
    assert high == pytest.approx(0.0601, abs=5e-5)
    assert (found["interval_method"], found["test"]) == ("score", "score")
    assert found["intervals"]["wald"] == pytest.approx([0.000076, 0.059924], abs=5e-7)
    assert found["equal_arms_p_value"] == 1


def test_other_intervals_and_tests_by_choice(measure):
    # Newcombe 1998, table II (a): 56/70 - 48/80.
    found = measure("experiments.ab", "--successes 48,56 --trials 80,70 --interval newcombe --test fisher")
    assert found["interval"] == pytest.approx([0.0524, 0.3339], abs=5e-5)
    assert found["p_value"] == found["p_value_fisher"]
    assert "may disagree" in found["warnings"][0]


def test_several_arms(measure):
    found = measure("experiments.ab", "--successes 120,150,165 --trials 1000,1000,1000")
    assert [round(arm["adjusted_p_value"], 4) for arm in found["arms"]] == [0.0496, 0.008]
    assert found["difference"] == pytest.approx(0.045)


def test_sizes(measure):
    assert measure("experiments.power", "--p1 .6 --p2 .7")["n1"] == 356
    assert measure("experiments.power", "--p1 .6 --p2 .7")["n1_continuity"] == 376
    assert measure("experiments.power", "--difference .5 --sd 1")["n1"] == 64
    assert measure("experiments.power", "--difference .5 --sd 1 --n1 64")["power"] > 0.8
    found = measure("experiments.power", "--p1 .1 --n1 1000 --p2 .14")
    assert found["detectable_p2"] == pytest.approx(0.1407, abs=5e-5)
    assert found["power"] < 0.8


@pytest.fixture
def campaign(tmp_path):
    """Four thousand customers, half of them treated, which moves the loyal ones."""
    rng = np.random.default_rng(20261130)
    loyal, treated = rng.integers(0, 2, 4000), rng.integers(0, 2, 4000)
    before = rng.gamma(2, 50, 4000)
    bought = rng.random(4000) < 0.1 + 0.2 * loyal * treated
    spent = before + 20 * treated + rng.normal(0, 20, 4000)
    lines = [
        f"{number},{('no', 'yes')[is_loyal]},{('letter', 'nothing')[1 - is_treated]},{int(buys)},{was:.2f},{pays:.2f}"
        for number, (is_loyal, is_treated, buys, was, pays) in enumerate(
            zip(loyal, treated, bought, before, spent, strict=True)
        )
    ]
    path = tmp_path / "campaign.csv"
    path.write_text("\n".join(["customer,loyal,arm,bought,before,spent", *lines]), encoding="utf-8")
    return path


def test_uplift_finds_whom_it_moves(measure, campaign):
    words = "--treated arm --treated-value letter --outcome bought --features loyal,before --bootstrap 50"
    found = measure("experiments.uplift", campaign, words)
    assert found["qini_interval"][0] > 0
    low, high = found["effect_interval"]
    assert low <= 0.1 <= high
    assert found["features"] == ["loyal=yes", "before"]
    assert found["groups"][0]["actual"] > found["groups"][-1]["actual"]
    assert found["treated"] + found["untreated"] == 4000


def test_means_with_what_was_known_before(measure, campaign):
    words = "--treated arm --treated-value letter --outcome spent"
    plain, freed = (
        measure("experiments.means", campaign, words),
        measure("experiments.means", campaign, words, "--covariate before"),
    )
    assert freed["interval"][0] <= 20 <= freed["interval"][1]
    assert freed["variance_reduction"] > 0.85
    assert freed["unadjusted"]["interval"] == plain["interval"]
    within = measure("experiments.means", campaign, words, "--stratum loyal")
    assert [stratum["stratum"] for stratum in within["strata"]] == ["no", "yes"]


def test_watching(measure, tmp_path):
    path = tmp_path / "looks.csv"
    path.write_text("x1,x2,n1,n2\n30,38,250,250\n60,75,500,500\n120,190,1000,1000\n", encoding="utf-8")
    found = measure("experiments.watch", path, "--successes x1,x2 --trials n1,n2 --planned 1000")
    assert found["first_significant"] == 3
    assert found["interval"][0] > 0
    assert found["looks"][0]["p_value"] == 1


def test_dealing(measure, refused, campaign):
    words = "--customer customer --experiment spring --arms control=.2,offer=.8"
    found = measure("experiments.assign", campaign, words)
    assert found["customers"] == sum(arm["customers"] for arm in found["arms"]) == 4000
    # The customer "0": SHA-256 of "spring", a zero byte and "0".
    import hashlib

    share = int(hashlib.sha256(b"spring\0" + b"0").hexdigest()[:16], 16) / 2**64
    assert found["assignment"]["0"] == ("control" if share < 0.2 else "offer")
    held = measure("experiments.assign", campaign, words, "--held-out .1 --stratum loyal")
    assert [arm["arm"] for arm in held["arms"]] == ["control", "offer", "held out"]
    assert "is no arm with its share" in refused(
        "experiments.assign", campaign, "--customer customer --experiment spring --arms control,offer"
    )


def test_ratio_as_published(measure):
    # Fabijan et al. 2019.
    found = measure("experiments.ratio", "--counts 821588,815482")
    assert found["is_mismatch"] is True
    assert f"{found['p_value']:.1e}" == "1.8e-06"


def test_what_cannot_be_done_is_told(refused, campaign):
    assert "arm 2 has 12 successes in 10 trials" in refused("experiments.ab", "--successes 5,12 --trials 10,10")
    assert "give --p1 and --p2" in refused("experiments.power", "--p2 .5")
    words = "--treated arm --outcome bought --treated-value"
    assert "no row has 'mail'" in refused("experiments.uplift", campaign, words, "mail")
    assert "give --covariate or --stratum" in refused(
        "experiments.means", campaign, words, "letter --covariate before --stratum loyal"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--arms control=.6,offer=.8", "must sum to 1, not to 1.4"),
        ("--arms control=.6,offer=.1", "must sum to 1, not to 0.7"),
        ("--arms =.5,offer=.5", "no name of an arm"),
        ("--arms a=.5,a=.5", "two arms 'a'"),
    ],
)
def test_arms_that_cannot_be_dealt_to(refused, campaign, words, told):
    assert told in refused("experiments.assign", campaign, "--customer customer --experiment spring", words)


def test_planned_shares_sum_to_one(measure, refused):
    assert "must sum to 1, not to 1.1" in refused("experiments.ratio --counts 5,6 --shares .5,.6")
    assert measure("experiments.ratio --counts 50,100,150 --shares .1,.2,.7")["expected"] == pytest.approx(
        [30, 60, 210]
    )


def test_intervals_that_cannot_be_had_are_null_with_a_warning(measure):
    found = measure("experiments.ab --successes 1000,1000 --trials 1000,1000")
    assert (found["ratio"], found["ratio_interval"], found["intervals"]["wald"]) == (1, None, None)
    assert found["interval"][0] < 0 < found["interval"][1]
    assert any("interval of the ratio cannot be had" in one for one in found["warnings"])
    found = measure("experiments.ab --successes 0,0 --trials 10,10 --interval wald")
    assert found["interval"] is None
    assert any("no width" in one for one in found["warnings"])


def test_huge_arms_are_compared_without_fisher(measure, refused):
    arms = "--successes 1000000000000000,2000000000000000 --trials 9000000000000000,9000000000000000"
    found = measure("experiments.ab", arms)
    assert found["p_value_fisher"] is None
    assert any("Fisher" in one and "left out" in one for one in found["warnings"])
    assert found["difference"] == pytest.approx(1 / 9)
    assert "too large for Fisher" in refused("experiments.ab", arms, "--test fisher")
    assert "counted exactly" in refused("experiments.ab", arms.replace("9000000000000000", "10000000000000000"))


def test_a_negative_number_is_named(refused):
    assert "“-1” is not a whole number" in refused("experiments.ab --successes -1,1 --trials 10,10")


def test_seeds_and_numbers_off_the_scale(refused, tmp_path):
    path = tmp_path / "huge.csv"
    path.write_text("y,t,s\n1e308,0,a\n1e308,0,a\n-1e308,1,a\n1e308,1,a\n", encoding="utf-8")
    assert "no measure is that large" in refused("experiments.means", path, "--outcome y --treated t --stratum s")
    assert "no measure is that large" in refused("experiments.means", path, "--outcome y --treated t")
    uplift = tmp_path / "uplift.csv"
    uplift.write_text(
        "x,t,y\n" + "".join(f"{row % 7},{row % 2},{row % 3 % 2}\n" for row in range(400)), encoding="utf-8"
    )
    assert "seed must be a whole number of at least 0" in refused(
        "experiments.uplift", uplift, "--outcome y --treated t --seed -1"
    )
