"""Values of facts, read in bulk for the records of one happening, over links where a fact belongs to another record."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from guanxi.core.money import Money
from guanxi.workflow.conditions import UNKNOWN
from guanxi.workflow.registries.facts import CHANGED, Link, Reachable


def linked(link: Link, ids: Sequence[int]) -> Mapping[int, int]:
    """Where a link leads from each record, for those from which it leads anywhere."""
    return {number: int(to) for number, to in link.read(ids).items() if to is not None}


def read(reached: Reachable, ids: Sequence[int]) -> dict[int, Any]:
    """One fact of many records; UNKNOWN where the record is not there, None where a link leads nowhere."""
    if reached.link is None:
        values = reached.fact.read(ids)
        return {number: values.get(number, UNKNOWN) for number in ids}
    ends = linked(reached.link, ids)
    values = reached.fact.read(list(dict.fromkeys(ends.values())))
    return {number: values.get(ends[number], UNKNOWN) if number in ends else None for number in ids}


class FactReader:
    """The facts of the records in hand, each fact read once for all of them until something was done."""

    def __init__(self, ids: Iterable[int], facts: Mapping[str, Reachable], given: Mapping[str, Any]) -> None:
        """Keep what can be asked; `given` are values that came along with what happened."""
        self._ids = list(ids)
        self._facts = facts
        self._given = given
        self._known: dict[str, dict[int, Any]] = {}
        self._is_settled = True

    def values(self, record_id: int, keys: Iterable[str]) -> dict[str, Any]:
        """The values of some facts of one record."""
        return {key: self._value(key, record_id) for key in keys}

    def forget(self) -> None:
        """Something was done: values may differ now, of the other records too, which are then read one by one."""
        self._known.clear()
        self._is_settled = False

    def _value(self, key: str, record_id: int) -> Any:
        """One value, UNKNOWN for a fact that is no longer there."""
        if key in self._given:
            return self._given[key]
        reached = self._facts.get(key)
        if reached is None or key == CHANGED:
            return UNKNOWN
        known = self._known.setdefault(key, {})
        if record_id not in known:
            known.update(read(reached, self._ids if self._is_settled else [record_id]))
        return known[record_id]


def shown_value(value: Any) -> Any:
    """A value for a page: amounts as people write them."""
    return str(value) if isinstance(value, Money) else value
