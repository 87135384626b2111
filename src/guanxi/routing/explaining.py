"""Why somebody got a work item: kept as figures, told as sentences in the reader's language, replayed to the same choice.

What is kept holds ids, codes and numbers only: everyone who came into question with load, capacity, idle time, level
and turn, everyone who was left out with the reason, and what decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from guanxi.routing.considering import Considered, decide
from guanxi.routing.strategies import Candidate, Choice, ItemView, Strategy, strategy_of

COLUMNS = ("user_id", "level", "load", "capacity", "idle_ms", "turn")
Why = dict[str, Any]


def by_strategy(item: ItemView, considered: Considered, strategy: Strategy, choice: Choice) -> Why:
    """What is kept of a choice that a strategy made."""
    why: Why = {
        "decided": choice.decided,
        "user": choice.user_id,
        "strategy": strategy.key,
        "item": asdict(item),
        "columns": list(COLUMNS),
        "candidates": [[getattr(one, name) for name in COLUMNS] for one in considered.candidates],
        "left_out": [list(pair) for pair in considered.left_out],
    }
    facts = {str(one.user_id): dict(one.facts) for one in considered.candidates if one.facts}
    return {**why, "facts": facts} if facts else why


def by_hand(decided: str, *, by: int | None, load: Mapping[str, int]) -> Why:
    """What is kept where a person decided."""
    return {"decided": decided, "by": by, **load}


def candidates_of(why: Mapping[str, Any]) -> list[Candidate]:
    """Everyone who came into question."""
    facts = why.get("facts", {})
    return [
        Candidate(**dict(zip(why["columns"], row, strict=True)), facts=facts.get(str(row[0]), {}))
        for row in why.get("candidates", ())
    ]


def left_out_of(why: Mapping[str, Any]) -> Sequence[tuple[int, str]]:
    """Everyone who was left out, with the code of the reason."""
    return [(user_id, code) for user_id, code in why.get("left_out", ())]


def replay(why: Mapping[str, Any]) -> Choice | None:
    """What the strategy says of the figures that were kept; None where a person decided."""
    if "candidates" not in why:
        return None
    return decide(ItemView(**why["item"]), candidates_of(why), strategy_of(why["strategy"]))
