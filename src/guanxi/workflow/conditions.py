"""Conditions: a tree of all / any / not over facts, checked when it comes in, evaluated with the reasons.

    {"all": [{"fact": "task.priority", "is": "is", "value": 3}, {"not": [{"fact": "task.due", "is": "empty"}]}]}

`not` holds when none of its parts does. A part whose fact cannot be read or compared (amounts in two currencies) has no
answer; a tree without an answer is not met, and neither is its opposite.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guanxi.core.errors import InvalidInput
from guanxi.core.money import Money, check_currency
from guanxi.core.sentences import gettext as _
from guanxi.workflow.operators import OPERATORS, Answer, Operator
from guanxi.workflow.registries.facts import FactType, Reachable

DEEPEST, MOST_PARTS, LONGEST, MOST_VALUES, MOST_DAYS = 3, 50, 200, 50, 3660
GROUPS = ("all", "any", "not")
Facts = Mapping[str, Reachable]


@dataclass(frozen=True)
class Question:
    """One question about one fact."""

    fact: str
    operator: str
    value: Any = None


@dataclass(frozen=True)
class Group:
    """Several parts of which all, any or none must hold."""

    sort: str
    parts: tuple["Group | Question", ...]


Node = Group | Question


class Unknown:
    """Stands for a value that nobody could read."""


UNKNOWN = Unknown()


def parsed(raw: Any, facts: Facts) -> Group | None:
    """The tree out of what was sent, None for no condition; InvalidInput says what cannot be used."""
    if not raw:
        return None
    node = _node(raw, facts, 1)
    if sum(1 for _each in tests_of(node)) > MOST_PARTS:
        raise InvalidInput(_("A rule has at most %(limit)s conditions.") % {"limit": MOST_PARTS}, column="conditions")
    return node if isinstance(node, Group) else Group("all", (node,))


def stored(raw: Any) -> Group | None:
    """The tree of a stored rule, as it was checked then; facts that the code no longer has stay in it."""
    if not raw:
        return None
    node = _stored_node(raw)
    return node if isinstance(node, Group) else Group("all", (node,))


def as_json(node: Node | None) -> dict[str, Any]:
    """The tree as it is stored."""
    if node is None:
        return {}
    if isinstance(node, Group):
        return {node.sort: [as_json(part) for part in node.parts]}
    return {"fact": node.fact, "is": node.operator, "value": node.value}


def tests_of(node: Node | None) -> Iterator[Question]:
    """Every question in a tree."""
    if isinstance(node, Question):
        yield node
    elif node is not None:
        for part in node.parts:
            yield from tests_of(part)


def facts_of(node: Node | None) -> list[str]:
    """The keys of all facts that a tree asks, each once."""
    return list(dict.fromkeys(test.fact for test in tests_of(node)))


def _stored_node(raw: Mapping[str, Any]) -> Node:
    """One stored part."""
    for sort in GROUPS:
        if sort in raw:
            return Group(sort, tuple(_stored_node(part) for part in raw[sort]))
    return Question(str(raw.get("fact", "")), str(raw.get("is", "")), raw.get("value"))


def _refuse(words: str) -> InvalidInput:
    """The error of a condition."""
    return InvalidInput(words, column="conditions")


def _node(raw: Any, facts: Facts, depth: int) -> Node:
    """One part out of what was sent."""
    if not isinstance(raw, Mapping):
        raise _refuse(_("A condition is a question about a fact, or a group of conditions."))
    sorts = [sort for sort in GROUPS if sort in raw]
    if not sorts:
        return _test(raw, facts)
    parts = raw[sorts[0]]
    if len(raw) != 1 or not isinstance(parts, Sequence) or isinstance(parts, str) or not parts:
        raise _refuse(_("A group of conditions is “all”, “any” or “not” with a list of conditions."))
    if depth > DEEPEST:
        raise _refuse(_("Groups of conditions go at most %(limit)s levels deep.") % {"limit": DEEPEST})
    if len(parts) > MOST_PARTS:
        raise _refuse(_("A rule has at most %(limit)s conditions.") % {"limit": MOST_PARTS})
    return Group(sorts[0], tuple(_node(part, facts, depth + 1) for part in parts))


def _test(raw: Mapping[str, Any], facts: Facts) -> Question:
    """One question out of what was sent."""
    key, operator_key = str(raw.get("fact", "")), str(raw.get("is", ""))
    found = facts.get(key)
    if found is None:
        raise _refuse(_("There is no fact “%(fact)s” for this trigger.") % {"fact": key[:80]})
    operator = OPERATORS[found.fact.type].get(operator_key)
    if operator is None:
        raise _refuse(_("“%(fact)s” cannot be asked that way.") % {"fact": found.label})
    try:
        value = _value(raw.get("value"), operator, found)
    except InvalidInput:
        raise
    except (TypeError, ValueError, ArithmeticError, KeyError):
        raise _refuse(_("The value for “%(fact)s” cannot be used.") % {"fact": found.label}) from None
    return Question(key, operator_key, value)


def _value(given: Any, operator: Operator, found: Reachable) -> Any:
    """What a question compares with, as it is stored."""
    if operator.takes == "":
        return None
    if operator.takes == "days":
        days = int(given)
        if isinstance(given, bool) or not 0 < days <= MOST_DAYS:
            raise _refuse(_("Give a number of days between 1 and %(limit)s.") % {"limit": MOST_DAYS})
        return days
    if operator.takes == "several":
        if isinstance(given, str) and not found.fact.choices:
            given = [one for one in given.replace("，", ",").split(",") if one.strip()]
        values = [given] if isinstance(given, str) or not isinstance(given, Sequence) else list(given)
        if not 0 < len(values) <= MOST_VALUES:
            raise _refuse(_("Choose at least one value for “%(fact)s”.") % {"fact": found.label})
        return [_one(value, found) for value in values]
    return _one(given, found)


def _one(given: Any, found: Reachable) -> Any:
    """One value of a fact's type."""
    kind = found.fact.type
    if given is None or given == "":
        raise _refuse(_("Give a value for “%(fact)s”.") % {"fact": found.label})
    if kind == FactType.NUMBER:
        return _number(given)
    if kind == FactType.MONEY:
        return {"minor": int(given["minor"]), "currency": check_currency(str(given["currency"]))}
    if kind == FactType.DATE:
        return date.fromisoformat(str(given)[:10]).isoformat()
    if kind in (FactType.CHOICE, FactType.USER) or (kind == FactType.TAG and found.fact.choices):
        options = {str(value): value for value, _label in found.fact.options()}
        if str(given) not in options:
            raise _refuse(_("“%(value)s” is not one of the choices.") % {"value": str(given)[:40]})
        return options[str(given)]
    if not isinstance(given, str | int):
        raise ValueError
    text = " ".join(str(given).replace("\x00", "").split())
    if not text or len(text) > LONGEST:
        raise _refuse(_("Give a text of at most %(limit)s characters.") % {"limit": LONGEST})
    return text


def _number(given: Any) -> int | float:
    """A number, whole where it is."""
    number = float(given)
    if isinstance(given, bool) or not abs(number) < 1e15:
        raise ValueError
    return int(number) if number.is_integer() else number


def evaluate(node: Node | None, values: Mapping[str, Any], now: datetime, facts: Facts) -> tuple[bool, dict[str, Any]]:
    """Whether a tree holds for these values (UNKNOWN or left out: nobody could read it), and why, part by part."""
    if node is None:
        return True, {}
    answer, why = _answered(node, values, now, facts)
    return answer is True, why


def _answered(node: Node, values: Mapping[str, Any], now: datetime, facts: Facts) -> tuple[Answer, dict[str, Any]]:
    """The answer of one part with its reasons: yes, no, or none."""
    if isinstance(node, Question):
        return _tested(node, values, now, facts)
    answered = [_answered(part, values, now, facts) for part in node.parts]
    answer = _together(node.sort, [one for one, _why in answered])
    return answer, {node.sort: [why for _one, why in answered], "met": answer}


def _together(sort: str, answers: Sequence[Answer]) -> Answer:
    """The answer of a group: of those that have none, only where it would matter."""
    if sort == "all":
        return False if False in answers else None if None in answers else True
    any_of: Answer = True if True in answers else None if None in answers else False
    if sort == "any" or any_of is None:
        return any_of
    return not any_of


def _tested(test: Question, values: Mapping[str, Any], now: datetime, facts: Facts) -> tuple[Answer, dict[str, Any]]:
    """The answer to one question, with the value found where it may be kept."""
    why: dict[str, Any] = {"fact": test.fact, "is": test.operator, "value": test.value}
    found = values.get(test.fact, UNKNOWN)
    reached = facts.get(test.fact)
    operator = OPERATORS[reached.fact.type].get(test.operator) if reached is not None else None
    if isinstance(found, Unknown) or reached is None or operator is None:
        return None, {**why, "met": None, "is_unknown": True}
    try:
        answer = operator.asks(found, test.value, now)
    except (TypeError, ValueError):
        answer = None  # a fact gave something else than its type says
    why["met"] = answer
    if reached.fact.is_kept:
        why["found"] = kept_value(found)
    else:
        why["is_guarded"] = True
    return answer, why


def kept_value(value: Any) -> Any:
    """A value as the log holds it."""
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, set | frozenset | list | tuple):
        return sorted(str(one)[:80] for one in value)[:20]
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:LONGEST]
