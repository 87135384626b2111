"""Strategies: who of those who are free gets a work item. Pure and deterministic: the same figures, the same choice.

    class BySkill(Strategy):
        key, label, hint = "skills", _("By skill"), _("...")

        def facts(self, item, user_ids):                  # what it needs to know of each, read before it chooses
            return {user_id: {"fit": 0.8} for user_id in user_ids}

        def choose(self, item, candidates):               # no database, no clock, no chance
            best = max(candidates, key=lambda one: (one.facts["fit"], -one.user_id), default=None)
            return Choice(best.user_id, "skills") if best else None

    strategies.add("skills", BySkill(), order=50)         # in the registrations of a module above

What `facts` gives is kept with the assignment, so that its explanation replays to the same choice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.core.registry import Registry

Facts = Mapping[str, Any]
MANUAL = "manual"


@dataclass(frozen=True)
class ItemView:
    """What a strategy may know of a work item."""

    id: int
    record_kind: str
    record_id: int
    channel_kind: str
    weight: int
    priority: int
    tier_rank: int
    language: str
    customer_id: int | None
    preferred_id: int | None
    waited_seconds: int


@dataclass(frozen=True)
class Candidate:
    """Somebody who is online, has room for the item and is not left out for any other reason."""

    user_id: int
    level: int
    load: int
    capacity: int
    idle_ms: int
    # The number of the turn in which they were last given work of this queue; 0 for never.
    turn: int
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """Who gets it, and the code of what decided."""

    user_id: int
    decided: str


class Strategy:
    """How one of the candidates is chosen."""

    key = ""
    label: Promise | str = ""
    hint: Promise | str = ""
    # Whether work is given out by itself; without it people take it by hand.
    is_automatic = True

    def facts(self, item: ItemView, user_ids: Iterable[int]) -> Mapping[int, Facts]:
        """What else it needs to know of each, by user; plain values that JSON can hold. Mostly nothing."""
        return {}

    def choose(self, item: ItemView, candidates: Sequence[Candidate]) -> Choice | None:
        """Who gets the item; None for nobody, so that it goes on waiting."""
        raise NotImplementedError


class Manual(Strategy):
    """Nobody is given anything: people take what waits."""

    key = MANUAL
    label = _("Taken by hand")
    hint = _("Nobody is given anything; members take what waits.")
    is_automatic = False

    def choose(self, item: ItemView, candidates: Sequence[Candidate]) -> Choice | None:
        """Nobody."""
        return None


class RoundRobin(Strategy):
    """Whoever was given work of this queue longest ago."""

    key = "round_robin"
    label = _("In turn")
    hint = _("Whoever was given work of this queue longest ago is next.")

    def choose(self, item: ItemView, candidates: Sequence[Candidate]) -> Choice | None:
        """The earliest turn, those first who never had one."""
        found = min(candidates, key=lambda one: (one.turn, one.user_id), default=None)
        return Choice(found.user_id, self.key) if found else None


class LeastLoad(Strategy):
    """Whoever has the least in hand, measured by what they can have."""

    key = "least_load"
    label = _("Least load")
    hint = _("Whoever has the smallest part of their capacity in hand is next.")

    def choose(self, item: ItemView, candidates: Sequence[Candidate]) -> Choice | None:
        """The smallest share; among equals the earliest turn."""
        found = min(
            candidates,
            key=lambda one: (Fraction(one.load, max(one.capacity, 1)), one.turn, one.user_id),
            default=None,
        )
        return Choice(found.user_id, self.key) if found else None


class LongestIdle(Strategy):
    """Whoever was neither given work nor ended any for longest."""

    key = "longest_idle"
    label = _("Longest idle")
    hint = _("Whoever came online, was given work and ended work longest ago is next.")

    def choose(self, item: ItemView, candidates: Sequence[Candidate]) -> Choice | None:
        """The longest; among equals the earliest turn."""
        found = min(candidates, key=lambda one: (-one.idle_ms, one.turn, one.user_id), default=None)
        return Choice(found.user_id, self.key) if found else None


strategies: Registry[Strategy] = Registry("strategies")
for _strategy in (Manual(), RoundRobin(), LeastLoad(), LongestIdle()):
    strategies.add(_strategy.key, _strategy, order=10 * (len(strategies) + 1))


def strategy_of(key: str) -> Strategy:
    """The strategy of that name; taking by hand where the code no longer has it."""
    return strategies.get(key) or strategies[MANUAL]
