"""The search for the fewest agents."""

import itertools

import pytest

from guanxi_methods.errors import MethodError
from guanxi_methods.queueing import (
    AgentGroup,
    CallType,
    Centre,
    Shift,
    agents_needed,
    erlang_a,
    fewest_agents,
    simulate,
)


def two_kinds(level=0.8, **more):
    kinds = [CallType(name, calls, 150, patience=200, service_level=level) for name, calls in (("a", 30), ("b", 20))]
    groups = [AgentGroup("one", ["a"]), AgentGroup("two", ["b"]), AgentGroup("both", {"a": 2, "b": 2})]
    return Centre(kinds, groups, n_intervals=30, **more)


def test_one_line_needs_what_erlang_says():
    """The same number as Erlang A, which the bound proves."""
    kind = CallType("all", 100, 180, patience=120, service_level=0.8)
    found = fewest_agents(Centre([kind], [AgentGroup("agents", ["all"])], n_intervals=60), replications=3)
    said = agents_needed(
        lambda n: erlang_a(calls=100, interval=1800, aht=180, target_seconds=20, patience=120, agents=n), 0.8
    )
    assert (found.total, found.bound, found.gap) == (said.agents, said.agents, 0)
    assert found.agents == {("agents", ""): said.agents}


@pytest.mark.full
def test_nothing_cheaper_is_found_by_trying_all():
    """Every staffing that costs less fails, on the same callers."""
    centre, costs = two_kinds(), {"both": 1.2}
    found = fewest_agents(centre, costs=costs, replications=2)
    assert found.bound <= found.cost
    for numbers in itertools.product(range(9), range(9), range(9)):
        cost = numbers[0] + numbers[1] + 1.2 * numbers[2]
        if not found.bound - 1e-9 <= cost < found.cost - 1e-9:
            continue
        groups = [AgentGroup(group.name, group.skills, n) for group, n in zip(centre.groups, numbers, strict=True)]
        fares = simulate(Centre(centre.call_types, groups, n_intervals=30), replications=2)
        assert min(kind.service_level.value for kind in fares.call_types) < 0.8


def test_targets_are_kept_on_the_callers_met_and_nearly_on_fresh_ones():
    found = fewest_agents(two_kinds(), costs={"both": 1.2}, replications=2)
    assert min(kind.service_level.value for kind in found.met.call_types) >= 0.8
    assert min(kind.service_level.high for kind in found.checked.call_types) >= 0.8
    assert found.met.overall.service_level != found.checked.overall.service_level
    assert found.cost == pytest.approx(found.total + 0.2 * found.agents["both", ""])
    assert 0 <= found.gap < 0.15


def test_a_target_of_all_together():
    kinds = [CallType("a", 30, 150, patience=200), CallType("b", 20, 150, patience=200)]
    centre = Centre(kinds, [AgentGroup("one", ["a"]), AgentGroup("both", ["a", "b"])], n_intervals=20)
    found = fewest_agents(centre, service_level=0.7, replications=2)
    assert found.met.overall.service_level.value >= 0.7
    assert found.gap == 0


def test_shifts_are_staffed_by_name():
    """The same early shift on both days, a late one; the bound is that of the work."""
    day = 8 * 3600.0
    early = [Shift(start, start + day / 2, 0, "early") for start in (0.0, day)]
    late = [Shift(start + day / 2, start + day, 0, "late") for start in (0.0, day)]
    kind = CallType("a", [10] * 8 + [25] * 8 + [10] * 8 + [25] * 8, 150, patience=200, service_level=0.75)
    found = fewest_agents(Centre([kind], [AgentGroup("g", ["a"], 0, early + late)], n_intervals=32), replications=3)
    assert set(found.agents) == {("g", "early"), ("g", "late")}
    assert found.agents["g", "early"] < found.agents["g", "late"]
    assert found.bound <= found.total
    assert "work alone" in found.notes[0]


def test_what_cannot_be_is_told_in_words():
    with pytest.raises(MethodError, match="no target"):
        fewest_agents(Centre([CallType("a", 9, 9)], [AgentGroup("g", ["a"])]))
    with pytest.raises(MethodError, match="cost is given for 'three'"):
        fewest_agents(two_kinds(), costs={"three": 2})
    with pytest.raises(MethodError, match="cost of 'both'"):
        fewest_agents(two_kinds(), costs={"both": 0})
    with pytest.raises(MethodError, match="service_level"):
        fewest_agents(two_kinds(), service_level=80)
    with pytest.raises(MethodError, match="not reached in 1 simulated"):
        fewest_agents(two_kinds(0.97), replications=1, most_runs=1, costs={"both": 1.4})
