"""Who is chosen: by each strategy alone, over made-up teams, and again from the figures that were kept."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as some

from guanxi.routing import explaining
from guanxi.routing.considering import Member, QueueRules, consider, decide
from guanxi.routing.strategies import ItemView, strategies, strategy_of

ITEM = ItemView(1, "conversation", 7, "chat", 2, 2, 0, "", None, None, 0)
USUAL = QueueRules()
AUTOMATIC = [key for key in strategies.keys() if strategies[key].is_automatic]  # noqa: SIM118
STATES = ("online", "online", "online", "busy", "break", "offline")
quick = settings(max_examples=60, derandomize=True, deadline=None)


def member(user_id: int, **values: object) -> Member:
    """Somebody online with nothing in hand."""
    usual = {"level": 1, "state": "online", "load": 0, "capacity": 6, "counts": {}, "most": {"chat": 3}, "idle_ms": 0}
    return Member(**{"user_id": user_id, "turn": 0, **usual, **values})


@some.composite
def teams(draw: some.DrawFn) -> list[Member]:
    """Any team."""
    return [
        member(
            number,
            level=draw(some.integers(1, 3)),
            state=draw(some.sampled_from(STATES)),
            load=draw(some.integers(0, 7)),
            capacity=draw(some.integers(0, 8)),
            counts={"chat": draw(some.integers(0, 4))},
            idle_ms=draw(some.integers(0, 3) | some.integers(0, 10**9)),
            turn=draw(some.integers(0, 3) | some.integers(0, 10**6)),
        )
        for number in range(1, draw(some.integers(0, 9)) + 1)
    ]


@given(teams(), some.sampled_from(AUTOMATIC), some.integers(0, 120), some.dictionaries(some.integers(1, 9), some.integers(1, 2)), some.none() | some.integers(1, 9))  # fmt: skip
@quick
def test_only_who_is_free_is_chosen_and_the_reason_says_so_again(team, key, waited, passed, preferred) -> None:
    """Nobody is over capacity, nobody is forgotten in the explanation, and its figures lead to the same choice."""
    item = replace(ITEM, waited_seconds=waited, preferred_id=preferred)
    rules = QueueRules(level_seconds=30, preferred_seconds=60)
    considered = consider(item, team, rules, passed)
    everybody = [one.user_id for one in considered.candidates] + [user_id for user_id, _code in considered.left_out]
    assert sorted(everybody) == [one.user_id for one in team]
    choice = decide(item, considered.candidates, strategies[key])
    assert (choice is None) == (not considered.candidates)
    if choice is None:
        return
    chosen = next(one for one in team if one.user_id == choice.user_id)
    assert chosen.state == "online"
    assert chosen.load + item.weight <= chosen.capacity
    assert chosen.counts["chat"] < chosen.most["chat"]
    why = json.loads(json.dumps(explaining.by_strategy(item, considered, strategies[key], choice)))
    assert explaining.replay(why) == choice
    shuffled = tuple(reversed(considered.candidates))
    assert decide(item, shuffled, strategies[key]) == choice


@given(some.integers(1, 7), some.integers(0, 60))
@quick
def test_in_turn_is_fair(people: int, items: int) -> None:
    """Among those who are always free no count is more than one ahead."""
    turns, counts = dict.fromkeys(range(1, people + 1), 0), dict.fromkeys(range(1, people + 1), 0)
    for number in range(1, items + 1):
        team = [member(user_id, turn=turn) for user_id, turn in turns.items()]
        choice = decide(ITEM, consider(ITEM, team, QueueRules()).candidates, strategy_of("round_robin"))
        turns[choice.user_id] = number
        counts[choice.user_id] += 1
    assert max(counts.values()) - min(counts.values()) <= 1


@given(
    some.lists(some.tuples(some.integers(0, 10**9), some.integers(0, 5), some.integers(1, 6)), min_size=1, max_size=9)
)
@quick
def test_longest_idle_and_least_load_are_exact(figures) -> None:
    """The one who is chosen has no one before them."""
    team = [
        member(number, idle_ms=idle, load=load, capacity=10 * capacity)
        for number, (idle, load, capacity) in enumerate(figures, 1)
    ]
    candidates = consider(ITEM, team, QueueRules()).candidates
    idle = decide(ITEM, candidates, strategy_of("longest_idle"))
    assert team[idle.user_id - 1].idle_ms == max(one.idle_ms for one in team)
    light = team[decide(ITEM, candidates, strategy_of("least_load")).user_id - 1]
    assert all(light.load * one.capacity <= one.load * light.capacity for one in team)


def test_levels_passes_and_whoever_had_it_before() -> None:
    """The next level is asked when time has come or nobody below is free; who let it pass comes last; the one before first."""
    team = [member(1), member(2, load=5), member(3, level=2), member(4, level=3)]

    def candidates(rules=USUAL, passed=None, **values):
        """Who comes into question."""
        return [one.user_id for one in consider(replace(ITEM, **values), team, rules, passed).candidates]

    assert candidates() == [1]
    assert candidates(passed={1: 1}) == [3]
    assert candidates(QueueRules(level_seconds=30), passed={1: 1}) == [1]
    assert candidates(QueueRules(level_seconds=30), passed={1: 1}, waited_seconds=30) == [3]
    assert candidates(passed={1: 1, 3: 1, 4: 1}) == [1]
    assert candidates(preferred_id=4) == [1, 4]
    item = replace(ITEM, preferred_id=2, waited_seconds=5)
    assert consider(item, team, QueueRules(preferred_seconds=10)).is_waiting_for_preferred
    assert not consider(item, team, QueueRules(preferred_seconds=5)).is_waiting_for_preferred
    assert decide(replace(ITEM, preferred_id=4), consider(replace(ITEM, preferred_id=4), team, QueueRules()).candidates,
                  strategy_of("round_robin")).decided == "preferred"  # fmt: skip
    assert strategy_of("manual").choose(ITEM, []) is None
    assert strategy_of("long gone").key == "manual"
