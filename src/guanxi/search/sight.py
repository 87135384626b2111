"""What is found by values that the actor does not see in full: nothing.

The index is one for everybody. Where a role sees some fields masked or not at all, each hit is compared with the entry
that the record would have without them; so a change of a role counts at once, and no search tells a value by finding it.
The same holds for everybody while words that nobody is to find any more are being taken out of the index (`outdated`).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.core.actor import SHOWN, Actor
from guanxi.search import outdated
from guanxi.search.entry_tokens import entry_tokens
from guanxi.search.expressions import AllOf, AnyOf, Expression, Token, Without
from guanxi.search.kinds import kinds


@dataclass(frozen=True)
class Sight:
    """The tokens by which one actor finds one record."""

    tokens: frozenset[str]
    in_order: Sequence[str]

    def holds(self, expression: Expression) -> bool:
        """Whether they are what is looked for."""
        match expression:
            case Token(text, is_start):
                return self._begins(text) if is_start else text in self.tokens
            case AllOf(parts):
                return all(map(self.holds, parts))
            case AnyOf(parts):
                return any(map(self.holds, parts))
            case Without(found, missing):
                return self.holds(found) and not self.holds(missing)

    def _begins(self, text: str) -> bool:
        """Whether any of them begins so."""
        place = bisect_left(self.in_order, text)
        return place < len(self.in_order) and self.in_order[place].startswith(text)


def is_narrow(actor: Actor) -> bool:
    """Whether some of what records are found by in the index is not there for the actor to find them."""
    return _misses_fields(actor) or bool(outdated.kinds_with_any())


def _misses_fields(actor: Actor) -> bool:
    """Whether some field by which records are found is not seen in full."""
    if not actor.fields:
        return False
    unseen = {kind for (kind, _field), how in actor.fields.items() if how != SHOWN}
    return any(kind.guarded_kinds & unseen for kind in kinds if actor.can(kind.policy_kind, "view"))


def sees_numbers(actor: Actor) -> bool:
    """Whether any record may be found by a telephone number."""
    guards = [kind.numbers for kind in kinds if kind.is_indexed and actor.can(kind.policy_kind, "view")]
    return any(guard is None or actor.sees(*guard) == SHOWN for guard in guards if guard) or not any(guards)


def sights(actor: Actor, found: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Sight]:
    """The tokens that count for the actor, of these records (kind, number) whose kind may hold something unseen."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for kind, number in found:
        numbers[kind].append(number)
    seen: dict[tuple[str, int], Sight] = {}
    for kind, of_kind in numbers.items():
        read = kinds[kind].seen_entries
        for entry in read(of_kind, actor) if read else ():
            in_order = entry_tokens(kind, entry).split(" ")
            seen[(kind, entry.record_id)] = Sight(frozenset(in_order), in_order)
    return seen
