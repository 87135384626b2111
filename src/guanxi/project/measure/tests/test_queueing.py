"""Waiting lines on the command line."""

from pathlib import Path

import pytest

PAGES = Path(__file__).parents[5] / "docs" / "reference" / "methods" / "queueing"
LOAD = "--calls 100 --interval 1800 --aht 180 --target-seconds 20"
CENTRE = """
intervals: 40
call_types:
  orders: {calls: 40, aht: 180, patience: 120, service_level: .8}
  repairs: {calls: [{days: mon, from: 8:00, calls: [10, 20, 20, 10]}], aht: 300, handling: lognormal, cv: .9, patience: 200}
groups:
  desk: {skills: [orders], agents: 4}
  all: {skills: {repairs: 1, orders: 2}, agents: 2, shifts: [{days: mon, from: "08:00", to: 12:00, agents: 2}]}
costs: {all: 1.3}
"""


@pytest.fixture
def centre(tmp_path):
    path = tmp_path / "centre.yml"
    path.write_text(CENTRE, encoding="utf-8")
    return path


def test_erlang_c_as_printed(measure):
    """SOURCES: 14 agents .88835, .174132, 7.8359; 13 .795595; 55 agents of the second load."""
    found = measure("queueing.erlang-c", LOAD, "--agents 14 --shrinkage .3 --table 2")
    assert (found["agents"], found["paid_staff"]) == (14, 20)
    assert found["service_level"] == pytest.approx(0.88835, abs=5e-6)
    assert found["wait_probability"] == pytest.approx(0.174132, abs=5e-7)
    assert found["asa_seconds"] == pytest.approx(7.8359, abs=5e-5)
    assert found["occupancy"] == pytest.approx(10 / 14)
    assert [row["agents"] for row in found["table"]] == [12, 13, 14, 15, 16]
    assert found["table"][1]["service_level"] == pytest.approx(0.795595, abs=5e-7)
    assert found["calls_possible"] > 100
    assert measure("queueing.erlang-c", LOAD, "--service-level .8")["agents"] == 14
    assert measure("queueing.erlang-c", LOAD, "--service-level .8 --max-occupancy .7")["agents"] == 15
    second = measure("queueing.erlang-c --calls 360 --interval 1800 --aht 240 --target-seconds 15 --agents 55")
    assert second["service_level"] == pytest.approx(0.845883, abs=5e-7)


def test_erlang_a_as_printed(measure):
    """SOURCES: patience of five minutes: 14 agents .14526 and .013984, 13 agents .2258 and .02496."""
    found = measure("queueing.erlang-a", LOAD, "--patience 300 --agents 14")
    assert found["wait_probability"] == pytest.approx(0.14526, abs=5e-6)
    assert found["abandonment"] == pytest.approx(0.013984, abs=5e-7)
    found = measure("queueing.erlang-a", LOAD, "--patience 300 --max-abandonment .03")
    assert found["agents"] == 13
    assert found["abandonment"] == pytest.approx(0.02496, abs=5e-6)


def test_erlang_b(measure, refused):
    """Ten erlangs on 18 lines lose less than a hundredth; ten lines take 4.46 erlangs."""
    assert measure("queueing.erlang-b --calls 100 --interval 1800 --aht 180")["lines"] == 18
    assert measure("queueing.erlang-b --load 3 --lines 10")["load_possible"] == pytest.approx(4.461, abs=5e-4)
    assert measure("queueing.erlang-b --load 0 --blocking .5")["lines"] == 1
    assert "give the load" in refused("queueing.erlang-b --calls 5")


def test_a_line_of_one_kind_is_simulated_as_erlang_says(measure):
    found = measure("queueing.simulate --calls 100 --aht 180 --agents 14 --intervals 100 --replications 4 --warm-up 4")
    low, high = found["service_level_interval"]
    assert low - 0.01 < 0.88835 < high + 0.01
    assert found["groups"][0]["occupancy"] == pytest.approx(10 / 14, abs=0.02)


def test_a_centre_with_several_skills(measure, centre):
    found = measure("queueing.simulate", centre, "--replications 3 --by-interval")
    assert [one["call_type"] for one in found["call_types"]] == ["orders", "repairs"]
    assert found["call_types"][1]["calls"] == pytest.approx(60, abs=15)
    low, high = found["service_level_interval"]
    assert low <= found["service_level"] <= high
    assert len(found["intervals"]) == 80
    assert found["intervals"][40]["service_level"] is None
    again = measure("queueing.simulate", centre, "--replications 3 --by-interval")
    assert again == found


def test_the_fewest_agents_are_searched(measure, tmp_path):
    path = tmp_path / "centre.yml"
    path.write_text(
        CENTRE.replace(', shifts: [{days: mon, from: "08:00", to: 12:00, agents: 2}]', ""), encoding="utf-8"
    )
    found = measure("queueing.simulate", path, "--staff --replications 2")
    assert found["bound"] <= found["cost"]
    assert found["agents"] == sum(one["agents"] for one in found["staff"])
    assert found["call_types"][0]["service_level"] > 0.75
    line = measure("queueing.simulate --calls 30 --aht 180 --intervals 40 --patience 90 --staff --service-level .8")
    assert line["gap"] == 0


def test_what_cannot_be_is_one_sentence(refused, centre, tmp_path):
    assert "give a FILE" in refused("queueing.simulate --calls 5")
    assert "no target" in refused("queueing.simulate --calls 5 --aht 9 --staff")
    assert "at least 0" in refused("queueing.simulate --calls 5 --aht 9 --agents 2 --seed -1")
    assert "at most 1,000 rows" in refused("queueing.erlang-c", LOAD, "--agents 14 --table 100000000")
    bad = tmp_path / "bad.yml"
    bad.write_text(CENTRE.replace("skills: [orders]", "skills: [order]"), encoding="utf-8")
    assert "did you mean 'orders'" in refused("queueing.simulate", bad)
    bad.write_text("call_types: [", encoding="utf-8")
    assert "line 1" in refused("queueing.simulate", bad)


@pytest.mark.parametrize("page", ["simulation.md", "simulation.zh-CN.md"])
def test_the_file_of_the_page_is_simulated(page, measure, tmp_path):
    text = (PAGES / page).read_text(encoding="utf-8")
    (tmp_path / "centre.yml").write_text(text.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    found = measure("queueing.simulate", tmp_path / "centre.yml", "--replications 2")
    assert found["calls"] == pytest.approx(1017.5, rel=0.1)
    assert [one["group"] for one in found["groups"]] == ["sales", "both"]


def test_numbers_of_a_centre_are_numbers_and_names_are_words(measure, tmp_path):
    path = tmp_path / "centre.yml"
    path.write_text(
        "intervals: 4\ncall_types:\n  yes: {calls: 2e1, aht: +180.0, patience: null}\ngroups: {'no': {skills: ['yes'], agents: 4}}\n",
        encoding="utf-8",
    )
    found = measure("queueing.simulate", path, "--replications 2")
    assert [one["call_type"] for one in found["call_types"]] == ["yes"]


@pytest.mark.parametrize(
    "load",
    [
        "--calls 3000 --patience 60",
        "--calls 2000 --patience 60",
        "--calls 10 --patience 60 --agents 300",
        "--calls 100 --agents 10 --patience 1e12",
        "--calls 1e6 --agents 1 --patience 1e6",
    ],
)
def test_large_centres_and_long_patience_have_figures(measure, load):
    found = measure("queueing.erlang-a --interval 1800 --aht 180 --target-seconds 20", load)
    assert 0 <= found["occupancy"] <= 1
    assert found["asa_seconds"] == pytest.approx(found["abandonment"] * float(load.split("--patience ")[1].split()[0]))
    assert found["asa_seconds"] > 0 or "300" in load


def test_an_overload_without_patience_is_told(measure):
    found = measure("queueing.simulate --calls 100 --aht 180 --agents 3 --intervals 20 --replications 2")
    assert any("length of the simulation alone" in one for one in found["warnings"])
    for other in ("--agents 3 --patience 60", "--agents 14"):
        found = measure("queueing.simulate --calls 100 --aht 180 --intervals 20 --replications 2", other)
        assert not any("length of the simulation alone" in one for one in found["warnings"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("queueing.simulate --calls 5 --aht 9 --agents 2 --replications 100000", "at most 10,000"),
        ("queueing.simulate --calls 5000 --aht 9 --agents 2 --replications 10000", "take fewer replications"),
        ("queueing.simulate --calls 1e9 --aht 9 --agents 2 --replications 1 --intervals 1", "take fewer replications"),
        ("queueing.simulate --calls 5 --aht 9 --agents 2 --intervals 1000000000", "at most 100,000"),
        ("queueing.simulate --calls 5 --aht 9 --agents 2000000", "no centre"),
        ("queueing.simulate --calls 1000 --aht 9 --staff --service-level .8 --replications 100", "kept in memory"),
        (
            "queueing.erlang-a --calls 5 --interval 1800 --aht 9 --target-seconds 2 --patience 9 --agents 2000000",
            "no centre",
        ),
        ("queueing.erlang-c --calls 5 --interval 1800 --aht 9 --target-seconds 2 --agents 2000000", "no centre"),
        ("queueing.erlang-b --load 5 --lines 2000000", "no centre"),
        ("queueing.erlang-b --load 1e9", "up to a load of 1,000,000"),
    ],
)
def test_what_is_too_large_is_refused(refused, words, told):
    assert told in refused(words)
