"""Erlang's formulas against printed figures, the states one by one, and a simulated line."""

import math

import numpy as np
import pytest

from guanxi_methods.errors import MethodError
from guanxi_methods.queueing import agents_needed, erlang, erlang_a, erlang_b, erlang_c
from guanxi_methods.queueing.tests.plain import line, states

FIRST = {"calls": 100, "interval": 1800, "aht": 180, "target_seconds": 20}
SECOND = {"calls": 360, "interval": 1800, "aht": 240, "target_seconds": 15}


@pytest.mark.parametrize(
    ("given", "agents", "level", "waits", "asa"),
    [
        (FIRST, 14, 0.88835, 0.174132, 7.8359),
        (FIRST, 13, 0.795595, None, None),
        (FIRST, 12, 0.640158, None, None),
        (SECOND, 55, 0.845883, 0.238701, 8.184),
    ],
)
def test_erlang_c_as_printed(given: dict, agents: int, level: float, waits: float | None, asa: float | None) -> None:
    """The worked examples of the field."""
    fare = erlang_c(**given, agents=agents)
    assert fare.service_level == pytest.approx(level, abs=5e-7 if level != 0.88835 else 5e-6)
    if waits is not None:
        assert fare.wait_probability == pytest.approx(waits, abs=5e-7)
        assert fare.asa_seconds == pytest.approx(asa, abs=5e-4)


@pytest.mark.parametrize(("agents", "waits", "hung_up"), [(14, 0.14526, 0.013984), (13, 0.2258, 0.02496)])
def test_erlang_a_as_printed(agents: int, waits: float, hung_up: float) -> None:
    """The same load with a patience of five minutes."""
    fare = erlang_a(**FIRST, patience=300, agents=agents)
    assert fare.wait_probability == pytest.approx(waits, abs=5e-6 if agents == 14 else 5e-5)
    assert fare.abandonment == pytest.approx(hung_up, abs=5e-7 if agents == 14 else 5e-6)


def test_the_comparison_of_mandelbaum_and_zeltyn() -> None:
    """50 agents, 48 calls a minute of one minute, patience of two: their table of both models in the introduction.

    Without hanging up a mean wait of 20.8 s, 10% over 58.1 s, 96% busy; with it 3.1% hung up, 3.7 s, 93% busy.
    """
    given = {"calls": 48, "interval": 60, "aht": 60, "agents": 50}
    endless = erlang_c(**given, target_seconds=58.1)
    assert round(endless.asa_seconds, 1) == 20.8
    assert round(endless.service_level, 3) == 0.9
    assert round(endless.occupancy, 2) == 0.96
    hasty = erlang_a(**given, target_seconds=20, patience=120)
    assert round(100 * (hasty.abandonment or 0), 1) == 3.1
    assert round(hasty.asa_seconds, 1) == 3.7
    assert round(hasty.occupancy, 2) == 0.93


@pytest.mark.parametrize(("load", "agents"), [(0.3, 1), (10, 14), (10, 9), (48, 55), (400, 410)])
def test_against_the_states_one_by_one(load: float, agents: int) -> None:
    """Lost, waiting and hung up calls by the balance of flows."""
    lost = states(load, agents, most=agents + 1)
    assert erlang_b(load, agents) == pytest.approx(lost[agents], rel=1e-9)
    given = {"calls": load, "interval": 180, "aht": 180, "target_seconds": 20}
    if load < agents:
        assert erlang_c(**given, agents=agents).wait_probability == pytest.approx(
            states(load, agents)[agents:].sum(), rel=1e-9
        )
    hanging = 0.6
    shares = states(load, agents, hanging)
    fare = erlang_a(**given, patience=180 / hanging, agents=agents)
    assert fare.wait_probability == pytest.approx(shares[agents:].sum(), rel=1e-9)
    waiting = (np.arange(shares.size - agents) * shares[agents:]).sum()
    assert fare.abandonment == pytest.approx(waiting * hanging / load, rel=1e-7, abs=1e-12)
    assert fare.occupancy == pytest.approx(
        (np.minimum(np.arange(shares.size), agents) * shares).sum() / agents, rel=1e-9
    )


def test_a_simulated_line_fares_as_said() -> None:
    """Shares of 400,000 calls lie where the formula puts them."""
    fare = erlang_a(**FIRST, patience=300, agents=12)
    found = line(rate=100 / 1800, aht=180, patience=300, agents=12, target=20, calls=400_000, seed=11)
    for said, seen in zip((fare.service_level, fare.wait_probability, fare.abandonment), found, strict=True):
        # Neighbouring calls fare alike: some fifty to a hundred of them tell as much as one alone would.
        assert seen == pytest.approx(said, abs=4 * math.sqrt(said * (1 - said) / 400_000 * 60))


def test_long_patience_is_erlang_c_and_no_calls_wait_for_nobody() -> None:
    """The limits."""
    patient, endless = erlang_a(**FIRST, patience=1e9, agents=14), erlang_c(**FIRST, agents=14)
    assert patient.service_level == pytest.approx(endless.service_level, rel=1e-6)
    assert patient.wait_probability == pytest.approx(endless.wait_probability, rel=1e-6)
    assert patient.asa_seconds == pytest.approx(endless.asa_seconds, rel=1e-3)
    still = {**FIRST, "calls": 0}
    assert erlang_c(**still, agents=1).service_level == 1
    assert erlang_a(**still, patience=60, agents=1).abandonment == 0


def test_a_line_that_grows_without_end_says_so() -> None:
    """With the load or less of agents."""
    for agents in (9, 10):
        fare = erlang_c(**FIRST, agents=agents)
        assert (fare.service_level, fare.wait_probability, fare.asa_seconds) == (0, 1, math.inf)
    assert 0 < erlang_a(**FIRST, patience=60, agents=5).service_level < 0.5


@pytest.mark.parametrize("patience", [None, 60, 600])
def test_the_fewest_agents_are_found(patience: float | None) -> None:
    """One fewer would not do, and more agents are never worse."""

    def fares(agents: int) -> erlang.QueuePerformance:
        if patience is None:
            return erlang_c(**SECOND, agents=agents)
        return erlang_a(**SECOND, patience=patience, agents=agents)

    needed = agents_needed(fares, 0.8)
    assert needed.service_level >= 0.8 > fares(needed.agents - 1).service_level
    levels = np.array([fares(agents).service_level for agents in range(1, 90)])
    assert np.diff(levels).min() > -1e-12


@pytest.mark.parametrize(
    ("load", "agents", "patience"), [(10, 14, 1e4), (10, 10, 1e5), (10, 9, 1e5), (300, 280, 600), (10, 3, 1)]
)
def test_the_balance_of_flows_gives_the_same(load: float, agents: int, patience: float) -> None:
    """Birth and death, state by state, outward from the likeliest: nothing of the formula."""
    aht, hurry = 180.0, 180.0 / patience
    most = agents + int(5 * load / hurry) + 500
    states = np.arange(1, most + 1)
    leaving = np.minimum(states, agents) + np.maximum(states - agents, 0) * hurry
    logs = np.concatenate([[0.0], np.cumsum(np.log(load / leaving))])
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    waiting = np.maximum(np.arange(most + 1) - agents, 0)
    fare = erlang_a(calls=load, interval=aht, aht=aht, target_seconds=20, patience=patience, agents=agents)
    assert fare.wait_probability == pytest.approx(chances[agents:].sum(), rel=1e-9)
    assert fare.abandonment == pytest.approx(hurry * (chances @ waiting) / load, rel=1e-9)
    assert fare.occupancy == pytest.approx(chances @ np.minimum(np.arange(most + 1), agents) / agents, rel=1e-9)


def test_endless_patience_is_erlang_c() -> None:
    """And with no more agents than the load as many hang up as cannot be served."""
    patient, endless = erlang_a(**FIRST, patience=1e15, agents=12), erlang_c(**FIRST, agents=12)
    assert patient.service_level == pytest.approx(endless.service_level, rel=1e-9)
    assert patient.asa_seconds == pytest.approx(endless.asa_seconds, rel=1e-9)
    assert erlang_a(**FIRST, patience=1e12, agents=9).abandonment == pytest.approx(0.1, rel=1e-12)
    assert erlang_a(**FIRST, patience=1e12, agents=10).asa_seconds == pytest.approx(3.385e6, rel=1e-3)
    assert erlang_a(**FIRST, patience=1e-9, agents=10).asa_seconds == pytest.approx(0, abs=1e-9)


def test_a_share_lost_that_is_no_number_still_counts() -> None:
    """Very many agents: nobody waits, and nothing breaks."""
    fare = erlang_a(calls=10, interval=1800, aht=180, target_seconds=20, patience=60, agents=300)
    assert (fare.service_level, fare.wait_probability, fare.abandonment) == (1, 0, 0)
    many = erlang_a(calls=2_000, interval=1800, aht=180, target_seconds=20, patience=60, agents=700)
    assert many.service_level == pytest.approx(1)


def test_a_large_centre_neither_overflows_nor_loses_its_digits() -> None:
    """Thousands of agents."""
    fare = erlang_a(calls=60_000, interval=1800, aht=240, target_seconds=20, patience=90, agents=8_050)
    assert 0.9 < fare.service_level <= 1
    assert 0 <= fare.abandonment < 0.02
    assert erlang_b(5_000, 10_000) == pytest.approx(0, abs=1e-300)


@pytest.mark.parametrize(
    "given",
    [
        {"calls": -1},
        {"calls": "many"},
        {"interval": 0},
        {"aht": math.nan},
        {"target_seconds": math.inf},
        {"agents": 0},
        {"calls": 1e300},
        {"target_seconds": 1e300},
        {"agents": 10**7},
        {"agents": 2.5},
        {"agents": True},
    ],
)
def test_what_cannot_be_is_named(given: dict) -> None:
    """One sentence with the name of the argument."""
    with pytest.raises(MethodError, match=next(iter(given))):
        erlang_c(**{**FIRST, "agents": 14, **given})


def test_levels_and_patience_that_cannot_be_are_named() -> None:
    """At either end."""
    with pytest.raises(MethodError, match="service_level"):
        agents_needed(lambda agents: erlang_c(**FIRST, agents=agents), 1.0)
    with pytest.raises(MethodError, match="patience must be at most"):
        erlang_a(**FIRST, patience=1e16, agents=3)
    with pytest.raises(MethodError, match="load must be at most"):
        erlang_a(**{**FIRST, "interval": 1e-300}, patience=60, agents=3)
    with pytest.raises(MethodError, match="patience"):
        erlang_a(**FIRST, patience=0, agents=3)
