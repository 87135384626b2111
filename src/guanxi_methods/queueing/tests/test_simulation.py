"""The simulated centre: against Erlang's formulas, a balance of flows, the plain simulation, and what cannot be."""

import itertools
import math

import numpy as np
import pytest

from guanxi_methods.errors import MethodError
from guanxi_methods.queueing import AgentGroup, CallType, Centre, Shift, erlang_a, erlang_b, erlang_c, simulate
from guanxi_methods.queueing.eventloop import rules_of, run
from guanxi_methods.queueing.simulation import draw
from guanxi_methods.queueing.tests.plain import centre_step_by_step, n_design

FIRST = {"calls": 100, "interval": 1800, "aht": 180, "target_seconds": 20}


def one_line(agents, n_intervals=100, patience=None, lines=None, **more):
    return Centre(
        [CallType("all", 100, 180, patience=patience, **more)],
        [AgentGroup("agents", ["all"], agents)],
        n_intervals=n_intervals,
        lines=lines,
    )


def is_inside(estimate, truth, times=1.5):
    """Whether the truth lies within so many times the half width: 1.5 times of 95% is beyond three standard errors."""
    half = (estimate.high - estimate.low) / 2
    return abs(estimate.value - truth) <= times * half


def shifts(*spans):
    return [Shift(start, end, agents) for start, end, agents in spans]


def mixed(**more):
    """Three kinds of calls, three groups, shifts that overlap, calls that change with the hour."""
    given = {"interval": 900.0, "n_intervals": 8, **more}
    return Centre(
        [
            CallType("a", [10, 20, 30, 30, 20, 10, 5, 0], 200, "lognormal", 0.7, 150, priority=2),
            CallType("b", 12, 260, patience=90, priority=1),
            CallType("c", 5, 150, "constant", priority=3),
        ],
        [
            AgentGroup("ga", ["a"], 2, shifts((900, 5400, 2), (0, 3600, 1))),
            AgentGroup("gb", {"b": 1, "c": 2}, 3, aht_factor=1.1),
            AgentGroup("gc", {"a": 2, "b": 2, "c": 1}, 1, shifts((1800, None, 2), (0, 1800, 3))),
        ],
        **given,
    )


@pytest.mark.parametrize(
    ("choose_call", "choose_agent", "lines"),
    [
        *itertools.product(
            ("longest-waiting", "priority", "skill-priority"), ("skill-priority", "longest-idle"), (None,)
        ),
        ("longest-waiting", "skill-priority", 11),
        ("priority", "longest-idle", 9),
    ],
)
def test_every_call_is_answered_when_and_by_whom_the_plain_simulation_says(choose_call, choose_agent, lines):
    """The same calls, one by one."""
    centre = mixed(choose_call=choose_call, choose_agent=choose_agent, lines=lines)
    for draws in draw(centre, 5, 2):
        answered, by, _ = run(rules_of(centre), centre.staff_changes(), *draws.lists, lines)
        said, whom = centre_step_by_step(centre, draws)
        np.testing.assert_allclose(answered, said, rtol=1e-12)
        assert by == whom
        assert (np.array(by) == -1).any()
        assert lines is None or (np.array(by) == -2).any()


@pytest.mark.parametrize("patience", [None, 300])
def test_one_line_fares_as_erlang_says(patience):
    """The interval of every figure reaches the formula's."""
    found = simulate(one_line(14, 150, patience), replications=8, warm_up=6, random_state=1)
    said = erlang_c(**FIRST, agents=14) if patience is None else erlang_a(**FIRST, patience=patience, agents=14)
    assert is_inside(found.overall.service_level, said.service_level)
    assert is_inside(found.overall.wait_probability, said.wait_probability)
    assert is_inside(found.overall.asa_seconds, said.asa_seconds)
    assert is_inside(found.groups[0].occupancy, said.occupancy)
    assert is_inside(found.overall.abandonment, said.abandonment or 0.0)
    assert found.overall.service_level.high - found.overall.service_level.low < 0.03


def test_calls_lost_without_a_free_line_are_as_erlang_b_says():
    """As many lines as agents: nobody waits; the law of handling does not matter (insensitivity)."""
    for handling in ("exponential", "constant", "lognormal"):
        found = simulate(one_line(11, 120, lines=11, handling=handling, cv=1.5), replications=6, warm_up=4)
        assert is_inside(found.overall.blocked, erlang_b(10, 11))
        assert found.overall.wait_probability.value == 0


def test_two_kinds_that_share_agents_fare_as_the_balance_of_flows_says():
    """The N-design with priority, exactly solved."""
    rates, aht, patience = (0.02, 0.012), 100.0, 120.0
    waits, hung_up = n_design(rates=rates, aht=aht, patience=patience, only_first=2, both=2)
    centre = Centre(
        [
            CallType("first", rates[0] * 1800, aht, patience=patience, priority=1),
            CallType("second", rates[1] * 1800, aht, patience=patience, priority=2),
        ],
        [AgentGroup("own", ["first"], 2), AgentGroup("both", {"first": 2, "second": 1}, 2)],
        n_intervals=400,
        choose_call="priority",
    )
    found = simulate(centre, replications=8, warm_up=4)
    for kind in (0, 1):
        assert is_inside(found.call_types[kind].wait_probability, waits[kind])
        assert is_inside(found.call_types[kind].abandonment, hung_up[kind])


@pytest.mark.full
@pytest.mark.parametrize("batches", [1, 10])
def test_intervals_hold_what_they_promise(batches):
    """95% intervals, by replications and by batch means, reach Erlang A's figures in 95% of 100 simulations."""
    said = erlang_a(**FIRST, patience=200, agents=12)
    given = {"replications": 10, "warm_up": 2} if batches == 1 else {"replications": 1, "warm_up": 4, "batches": 10}
    centre = one_line(12, 14 if batches == 1 else 104, 200)
    reached = np.zeros((100, 4))
    for seed in range(100):
        found = simulate(centre, random_state=seed, **given)
        figures = (
            (found.overall.service_level, said.service_level),
            (found.overall.abandonment, said.abandonment),
            (found.overall.asa_seconds, said.asa_seconds),
            (found.overall.wait_probability, said.wait_probability),
        )
        reached[seed] = [one.low <= truth <= one.high for one, truth in figures]
    # Binomial error of 100 trials, and half a percent for a ratio of sums of few replications.
    assert np.all(np.abs(reached.mean(axis=0) - 0.95) < 3 * math.sqrt(0.95 * 0.05 / 100) + 0.005)


@pytest.mark.full
def test_the_simple_centre_of_contactcenters():
    """Three kinds, two groups, three periods of two hours, days of several busyness: ContactCenters, SimpleMSK.res.

    Printed there over 1,000 days: answered 4,297.305 (standard deviation 437.605), hung up 910.335 (551.164), and calls
    in time by kind and period. Kind 1 goes to the first group if it can; agents take who waits longest.
    """
    minutes = 60.0
    printed = np.array([[170.154, 599.334, 15.490], [262.936, 511.648, 34.697], [259.806, 613.732, 24.888]])
    spread = np.array([[93.722, 83.392, 27.520], [134.377, 86.571, 55.230], [155.150, 99.046, 44.327]])
    rates = ((4.2, 5.3, 3.2), (5.1, 4.3, 4.8), (6.3, 5.2, 4.8))
    aht = [minutes / rate for rate in (0.5, 0.6, 0.4)]
    patience = [minutes / rate for rate in (0.3, 0.4, 0.2)]
    kinds = [
        CallType(str(place), [120 * rate for rate in row], aht, patience=patience, target_seconds=20)
        for place, row in enumerate(rates)
    ]
    groups = [
        AgentGroup(
            name, skills, 0, [Shift(7200.0 * at, 7200.0 * (at + 1) if at < 2 else None, staff[at]) for at in range(3)]
        )
        for name, skills, staff in (
            ("first", {"0": 1, "1": 1}, (12, 18, 9)),
            ("second", {"2": 1, "1": 2}, (15, 20, 11)),
        )
    ]
    days = 200
    centre = Centre(kinds, groups, interval=7200.0, n_intervals=3, busyness_cv=28.7**-0.5)
    found = simulate(centre, replications=days, random_state=2)
    in_time = found.service_level_by_interval * found.calls_by_interval
    # Both sides have their error: theirs over 1,000 days, ours over 200.
    error = np.sqrt(1 / 1000 + 1 / days)
    assert np.all(np.abs(in_time - printed) < 3.5 * error * spread)
    level = found.overall.service_level_without_early
    # Printed as .501 (.494 to .509).
    assert abs(level.value - 0.501) < 3.5 / 1.96 * math.hypot((level.high - level.low) / 2, 0.0075)
    answered = sum(sum(group.calls.values()) for group in found.groups)
    assert abs(answered - 4297.305) < 3.5 * error * 437.605
    assert abs(found.overall.abandonment.value * found.overall.calls - 910.335) < 3.5 * error * 551.164


def test_some_days_are_busier_than_others():
    """Calls of a replication vary by the busyness beside chance."""
    numbers = [one.arrivals.size for one in draw(Centre([KIND], [GROUP], n_intervals=100, busyness_cv=0.2), 1, 400)]
    assert np.std(numbers) / np.mean(numbers) == pytest.approx(np.hypot(0.2, 1000**-0.5), rel=0.12)
    assert np.mean(numbers) == pytest.approx(1000, rel=0.04)


def test_the_longer_the_spread_of_handling_the_longer_the_wait():
    """And the mean is kept: occupancy is the same."""
    steady, wild = (
        simulate(one_line(12, 100, handling="lognormal", cv=cv), replications=4, warm_up=4) for cv in (0.2, 2.0)
    )
    assert steady.overall.asa_seconds.value < wild.overall.asa_seconds.value
    assert steady.groups[0].occupancy.value == pytest.approx(10 / 12, abs=0.02)
    assert wild.groups[0].occupancy.value == pytest.approx(10 / 12, abs=0.04)


def test_counts_add_up_and_intervals_are_told_apart():
    """Every call ends in one way; what an interval without calls brings is not a number, and not told as one."""
    found = simulate(mixed(), replications=3)
    for kind in (*found.call_types, found.overall):
        answered = 1 - kind.abandonment.value - kind.blocked.value - kind.unserved.value
        assert kind.answered.value == pytest.approx(answered)
        assert kind.service_level.value <= kind.service_level_without_early.value
        by_groups = sum(
            group.calls[kind.name] if kind.name != "all" else sum(group.calls.values()) for group in found.groups
        )
        assert by_groups == pytest.approx(answered * kind.calls)
    assert found.calls_by_interval.shape == (3, 8)
    assert np.isnan(found.service_level_by_interval[0, 7])
    assert found.calls_by_interval.sum() == pytest.approx(found.overall.calls)
    levels = np.nan_to_num(found.service_level_by_interval)
    assert (levels * found.calls_by_interval).sum() == pytest.approx(
        found.overall.service_level.value * found.overall.calls
    )
    assert np.isfinite(found.half_width_by_interval[1:]).all()


def test_hours_of_shifts_are_counted_with_the_time_after_their_end():
    """Agents end their call: hours are those of the shifts and a little more, as far as the end of all."""
    centre = Centre([CallType("all", 30, 300)], [AgentGroup("early", ["all"], 0, shifts((0, 3600, 12)))], n_intervals=4)
    found = simulate(centre, replications=3)
    assert 12 < found.groups[0].agent_hours < 13
    assert found.overall.unserved.value > 0.3
    assert any("last agent had gone" in note for note in found.notes)


def test_the_same_seed_gives_the_same_callers_whatever_the_staff():
    few, many = (list(draw(one_line(agents, 20, 60), 3, 2)) for agents in (3, 30))
    np.testing.assert_array_equal(few[1].handling, many[1].handling)
    np.testing.assert_array_equal(few[1].limits, many[1].limits)
    assert simulate(one_line(9, 20), replications=2) != simulate(one_line(9, 20), replications=2, random_state=1)
    assert simulate(one_line(9, 20), replications=2).overall == simulate(one_line(9, 20), replications=2).overall


def test_one_replication_has_no_interval_and_says_so():
    found = simulate(one_line(12, 20), replications=1)
    assert math.isnan(found.overall.service_level.low)
    assert "cannot be had" in found.notes[0]
    assert not math.isnan(simulate(one_line(12, 20), replications=1, batches=5).overall.service_level.low)


KIND = CallType("a", 10, 100)
GROUP = AgentGroup("g", ["a"], 2)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Centre([], [GROUP]), "no call type"),
        (lambda: Centre([KIND, KIND], [GROUP]), "two of call type 'a'"),
        (lambda: Centre([KIND], []), "no group"),
        (lambda: Centre([KIND, CallType("b", 1, 1)], [GROUP]), "no group of agents has the skill 'b'"),
        (lambda: Centre([CallType("billing", 1, 1)], [AgentGroup("g", ["biling"])]), "did you mean 'billing'"),
        (lambda: Centre([KIND], [AgentGroup("g", "a")]), "must be a list"),
        (lambda: Centre([KIND], [AgentGroup("g", {"a": 0})]), "level of 'a' in 'g'"),
        (lambda: Centre([KIND], [AgentGroup("g", ["a"], -1)]), "agents must be"),
        (lambda: Centre([KIND], [AgentGroup("g", ["a"], 1, aht_factor=0)]), "aht_factor of 'g'"),
        (lambda: Centre([KIND], [AgentGroup("g", ["a"], 0, [Shift(5, 5, 1)])]), "end after it begins"),
        (lambda: Centre([KIND], [AgentGroup("g", ["a"], 0, [Shift(0, 1e9, 1)])]), "end after it begins"),
        (
            lambda: Centre([KIND], [AgentGroup("g", ["a"], 0, [Shift(0, 9, 1, "x"), Shift(9, 18, 2, "x")])]),
            "several numbers",
        ),
        (lambda: Centre([CallType("a", [1, 2], 9)], [GROUP], n_intervals=3), "each of the 3 intervals, not 2"),
        (lambda: Centre([CallType("a", [1, -2], 9)], [GROUP], n_intervals=2), "calls of 'a'"),
        (lambda: Centre([CallType("a", 1, 0)], [GROUP]), "aht of 'a'"),
        (lambda: Centre([CallType("a", 1, 9, "weibull")], [GROUP]), "handling of 'a'"),
        (lambda: Centre([CallType("a", 1, 9, patience=0)], [GROUP]), "patience of 'a'"),
        (lambda: Centre([CallType("a", 1, 9, service_level=80)], [GROUP]), "service_level of 'a'"),
        (lambda: Centre([KIND], [GROUP], choose_call="random"), "choose_call"),
        (lambda: Centre([KIND], [GROUP], choose_agent="random"), "choose_agent"),
        (lambda: Centre([KIND], [GROUP], lines=0), "lines"),
        (lambda: Centre([KIND], [GROUP], busyness_cv=-1), "busyness_cv"),
        (lambda: Centre([CallType("a", 1, [9, 9])], [GROUP], n_intervals=3), "aht of 'a' must be one number"),
        (lambda: Centre([KIND], [GROUP], interval=0), "interval"),
        (lambda: simulate(Centre([KIND], [GROUP]), replications=0), "replications"),
        (lambda: simulate(Centre([KIND], [GROUP]), level=95), "level"),
        (lambda: simulate(Centre([KIND], [GROUP]), batches=5), "cut into 5 batches"),
        (lambda: simulate(Centre([KIND], [GROUP]), warm_up=336), "cannot be cut"),
        (lambda: simulate(Centre([CallType("a", 0, 9)], [GROUP])), "no call is expected"),
    ],
)
def test_what_cannot_be_is_told_in_words(make, words):
    with pytest.raises(MethodError, match=words):
        make()
