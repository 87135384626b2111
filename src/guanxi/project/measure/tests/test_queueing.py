"""Waiting lines on the command line."""

import pytest

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
    bad = tmp_path / "bad.yml"
    bad.write_text(CENTRE.replace("skills: [orders]", "skills: [order]"), encoding="utf-8")
    assert "did you mean 'orders'" in refused("queueing.simulate", bad)
    bad.write_text("call_types: [", encoding="utf-8")
    assert "line 1" in refused("queueing.simulate", bad)
