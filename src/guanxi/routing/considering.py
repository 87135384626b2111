"""Who comes into question for a work item and who is left out, and who gets it: pure, so that it can be replayed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guanxi.routing.choices import PresenceState
from guanxi.routing.strategies import Candidate, Choice, Facts, ItemView, Strategy

PREFERRED = "preferred"
# Why somebody is left out; besides these the states of presence other than online.
FULL, CHANNEL_FULL, PASSED, LEVEL = "full", "channel_full", "passed", "level"


@dataclass(frozen=True)
class Member:
    """A member of a queue with their figures of now."""

    user_id: int
    level: int
    state: str
    load: int
    capacity: int
    counts: Facts
    most: Facts
    idle_ms: int
    turn: int

    def obstacle(self, channel_kind: str, weight: int) -> str:
        """Why they cannot have another item of a kind, '' when they can."""
        if self.state != PresenceState.ONLINE:
            return self.state
        if self.load + weight > self.capacity:
            return FULL
        if self.counts.get(channel_kind, 0) >= self.most.get(channel_kind, 0):
            return CHANNEL_FULL
        return ""


@dataclass(frozen=True)
class QueueRules:
    """What a queue says of levels and of whoever had it before."""

    level_seconds: int = 0
    preferred_seconds: int = 0


@dataclass(frozen=True)
class Considered:
    """Those who come into question, and whom something kept out: (user, code)."""

    candidates: tuple[Candidate, ...]
    left_out: tuple[tuple[int, str], ...] = ()
    # The one who had it before is there and is waited for.
    is_waiting_for_preferred: bool = False


def consider(
    item: ItemView,
    members: Sequence[Member],
    rules: QueueRules,
    passed: Mapping[int, int] | None = None,
    facts: Mapping[int, Facts] | None = None,
) -> Considered:
    """Sort the members into candidates and those left out, each with the reason that kept them out.

    `passed` says how often each let the item pass since it waits: whoever did so least is asked first.
    """
    times = passed or {}
    left_out: list[tuple[int, str]] = []
    free: list[Member] = []
    for one in sorted(members, key=lambda member: member.user_id):
        obstacle = one.obstacle(item.channel_kind, item.weight)
        if obstacle:
            left_out.append((one.user_id, obstacle))
        else:
            free.append(one)
    open_up_to = 1 + item.waited_seconds // rules.level_seconds if rules.level_seconds else None
    asked = [one for one in free if open_up_to is None or one.level <= open_up_to]
    fewest = min((times.get(one.user_id, 0) for one in asked), default=0)
    patient = [one for one in asked if times.get(one.user_id, 0) == fewest]
    lowest = min((one.level for one in patient), default=0)
    chosen = {one.user_id for one in patient if one.level == lowest}
    # Whoever had it before is asked whatever their level.
    chosen |= {one.user_id for one in free if one.user_id == item.preferred_id and not times.get(one.user_id)}
    late = {one.user_id for one in asked if one not in patient}
    left_out += [(one.user_id, PASSED if one.user_id in late else LEVEL) for one in free if one.user_id not in chosen]
    known = facts or {}
    candidates = tuple(
        Candidate(one.user_id, one.level, one.load, one.capacity, one.idle_ms, one.turn, known.get(one.user_id, {}))
        for one in free
        if one.user_id in chosen
    )
    return Considered(candidates, tuple(left_out), _waits_for_preferred(item, members, chosen, rules))


def _waits_for_preferred(item: ItemView, members: Sequence[Member], chosen: set[int], rules: QueueRules) -> bool:
    """Whether the item is kept for whoever had it before: they are there and only lack room."""
    if item.preferred_id is None or item.preferred_id in chosen or item.waited_seconds >= rules.preferred_seconds:
        return False
    return any(
        one.user_id == item.preferred_id and one.obstacle(item.channel_kind, item.weight) in {FULL, CHANNEL_FULL}
        for one in members
    )


def decide(item: ItemView, candidates: Sequence[Candidate], strategy: Strategy) -> Choice | None:
    """Whoever had it before, if they come into question; else whom the strategy chooses."""
    if any(one.user_id == item.preferred_id for one in candidates):
        return Choice(item.preferred_id or 0, PREFERRED)
    return strategy.choose(item, candidates)
