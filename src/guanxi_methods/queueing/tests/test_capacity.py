"""Erlang's formulas asked the other way round."""

import math

import pytest

from guanxi_methods.errors import MethodError
from guanxi_methods.queueing import (
    agents_needed,
    agents_table,
    calls_possible,
    erlang_a,
    erlang_b,
    erlang_c,
    lines_needed,
    load_possible,
    paid_staff,
)

FIRST = {"calls": 100, "interval": 1800, "aht": 180, "target_seconds": 20}


def first(agents):
    return erlang_c(**FIRST, agents=agents)


def test_the_example_of_pyworkforce():
    """Its README: 100 calls in half an hour, 80% in 20 s, at most 85% busy, 30% shrinkage: 14 and 20 (pyworkforce 0.1)."""
    fare = agents_needed(first, 0.8, max_occupancy=0.85)
    assert (fare.agents, paid_staff(fare.agents, 0.3)) == (14, 20)
    assert fare.service_level == pytest.approx(0.8883500191794669, abs=1e-12)
    assert fare.wait_probability == pytest.approx(0.1741319335950498, abs=1e-12)
    assert fare.occupancy == pytest.approx(0.7142857142857143)


def test_the_example_of_call_center_tools():
    """1,000 calls an hour of 120 s, 80% in 20 s, at most 85% busy, 30% shrinkage (call-center-tools, its page)."""

    def fares(agents):
        return erlang_c(calls=1000, interval=3600, aht=120, target_seconds=20, agents=agents)

    fare = agents_needed(fares, 0.8, max_occupancy=0.85)
    assert (fare.agents, paid_staff(fare.agents, 0.3)) == (40, 58)
    assert round(100 * fare.wait_probability, 2) == 19.07
    assert round(100 * fare.service_level, 2) == 93.72
    assert round(fare.asa_seconds, 2) == 3.43
    assert round(100 * fare.occupancy, 2) == 83.33


def test_the_example_of_turbotab():
    """25 calls in ten minutes of 180 s, 80% in 20 s, 30% shrinkage: 11 and 16 (turbotab 0.5)."""

    def fares(agents):
        return erlang_c(calls=25, interval=600, aht=180, target_seconds=20, agents=agents)

    assert agents_needed(fares, 0.8).agents == 11
    assert paid_staff(11, 0.3) == 16


@pytest.mark.parametrize(
    ("lines", "blocking", "load"),
    [(1, 0.01, 0.010), (5, 0.01, 1.36), (10, 0.01, 4.46), (20, 0.01, 12.0), (30, 0.01, 20.3), (100, 0.01, 84.1)],
)
def test_the_printed_tables_of_erlang_b(lines, blocking, load):
    """As in every printed table, such as ITU-D, Teletraffic Engineering Handbook, table of Erlang's B formula."""
    found = load_possible(lines, blocking)
    digits = 3 if load < 1 else 2 if load < 10 else 1
    assert round(found, digits) == load
    assert erlang_b(found, lines) == pytest.approx(blocking, rel=1e-9)


@pytest.mark.parametrize("load", [0.2, 3.3, 48, 700])
def test_the_fewest_lines(load):
    lines = lines_needed(load, 0.02)
    assert erlang_b(load, lines) <= 0.02 < erlang_b(load, lines - 1)
    assert lines_needed(0, 0.02) == 1


@pytest.mark.parametrize("patience", [None, 90])
def test_the_most_calls_are_those_with_which_the_level_is_just_kept(patience):
    def fares(calls):
        given = {**FIRST, "calls": calls}
        return erlang_c(**given, agents=14) if patience is None else erlang_a(**given, patience=patience, agents=14)

    most = calls_possible(fares, 0.8)
    assert fares(most).service_level == pytest.approx(0.8, abs=1e-9)
    assert fares(most * 1.001).service_level < 0.8
    with pytest.raises(MethodError, match="any number"):
        calls_possible(lambda calls: fares(1), 0.8)


def test_no_caller_can_be_served_so_well():
    """One agent who takes ten minutes: the level at hardly any call is 1, so only a level beyond what is asked gives 0."""
    assert calls_possible(lambda calls: erlang_c(**{**FIRST, "calls": max(calls, 50)}, agents=2), 0.99) == 0


def test_every_target_is_kept_and_one_agent_fewer_breaks_one():
    def fares(agents):
        return erlang_a(**FIRST, patience=120, agents=agents)

    assert agents_needed(first, max_asa_seconds=5).agents == 15
    fare = agents_needed(fares, 0.5, max_abandonment=0.02, max_asa_seconds=30, max_occupancy=0.99)
    assert fare.abandonment <= 0.02 < fares(fare.agents - 1).abandonment
    with pytest.raises(MethodError, match="patience"):
        agents_needed(first, max_abandonment=0.05)
    with pytest.raises(MethodError, match="no target"):
        agents_needed(first)
    with pytest.raises(MethodError, match="do not reach"):
        agents_needed(lambda agents: first(1), 0.5)


def test_a_table_has_a_row_for_each_number():
    rows = agents_table(first, range(12, 15))
    assert [(row.agents, round(row.service_level, 6)) for row in rows] == [
        (12, 0.640158),
        (13, 0.795595),
        (14, 0.888350),
    ]
    with pytest.raises(MethodError, match="empty"):
        agents_table(first, [])


def test_paid_staff_is_not_one_too_many_for_a_rounded_float():
    assert [paid_staff(7, 0.3), paid_staff(0, 0.3), paid_staff(7.01, 0.3), paid_staff(70_000, 0.3)] == [
        10,
        0,
        11,
        100_000,
    ]
    for shrinkage in (1, 30, -0.1, math.nan):
        with pytest.raises(MethodError, match="shrinkage"):
            paid_staff(7, shrinkage)


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (lambda: lines_needed(-1, 0.01), "load"),
        (lambda: lines_needed(1, 0), "blocking"),
        (lambda: load_possible(0, 0.01), "agents"),
        (lambda: load_possible(3, 1), "blocking"),
        (lambda: agents_needed(first, 1.2), "service_level"),
        (lambda: agents_needed(first, max_occupancy=1.2), "max_occupancy"),
        (lambda: calls_possible(lambda calls: first(3), 80), "service_level"),
    ],
)
def test_what_cannot_be_is_named(ask, name):
    with pytest.raises(MethodError, match=name):
        ask()
