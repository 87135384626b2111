"""The questions that can be asked of a value, by its type: pure functions, answered yes, no, or None for unanswerable."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from guanxi.core import clock
from guanxi.core.money import Money
from guanxi.workflow.registries.facts import FactType

Answer = bool | None


@dataclass(frozen=True)
class Operator:
    """One question: `asks` gets the value found, the value given and the moment of now; `takes` says what is given.

    takes: "" nothing, "one" a value of the fact's type, "several" a list of them, "days" a whole number of days.
    """

    key: str
    label: str | Promise
    takes: str
    asks: Callable[[Any, Any, datetime], Answer]


def folded(text: Any) -> str:
    """A text as comparisons read it: width, form and case of letters do not count."""
    return unicodedata.normalize("NFKC", str(text)).casefold().strip()


def is_empty(found: Any) -> bool:
    """Whether there is no value."""
    return found is None or found == "" or found in ((), [], frozenset(), set())


def _same(found: Any, given: Any) -> bool:
    """Whether two codes are the same, written as number or as text."""
    return found is not None and str(found) == str(given)


def _positive(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any, datetime], Answer]:
    """A comparison that an empty value never passes."""
    return lambda found, given, _now: False if is_empty(found) else compare(found, given)


def _negative(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any, datetime], Answer]:
    """The opposite of a comparison; an empty value passes."""
    return lambda found, given, _now: True if is_empty(found) else not compare(found, given)


def _amounts(compare: Callable[[int, int], bool]) -> Callable[[Any, Any, datetime], Answer]:
    """A comparison of amounts: of two currencies it has no answer."""

    def ask(found: Any, given: Any, _now: datetime) -> Answer:
        """Compare minor units."""
        if found is None:
            return False
        if not isinstance(found, Money) or found.currency != given["currency"]:
            return None
        return compare(found.minor, given["minor"])

    return ask


def moment_of(value: Any, zone: tzinfo) -> datetime:
    """A date as the moment at which it begins for the company; a moment as it is."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(), tzinfo=zone)


def _dates(compare: Callable[[datetime, Any, datetime], bool]) -> Callable[[Any, Any, datetime], Answer]:
    """A comparison of moments; an empty date never passes."""

    def ask(found: Any, given: Any, now: datetime) -> Answer:
        """Compare in the company's time."""
        if not isinstance(found, date):
            return False if is_empty(found) else None
        return compare(moment_of(found, clock.company_zone()), given, now)

    return ask


def _day(given: Any) -> datetime:
    """When a day that was given begins for the company."""
    return moment_of(date.fromisoformat(str(given)), clock.company_zone())


def _has(found: Any, given: Any) -> bool:
    """Whether a value is among several."""
    return folded(given) in {folded(one) for one in found}


EMPTY = Operator("empty", pgettext_lazy("condition", "is empty"), "", lambda found, _given, _now: is_empty(found))
FILLED = Operator(
    "filled", pgettext_lazy("condition", "is filled in"), "", lambda found, _given, _now: not is_empty(found)
)
_IS, _IS_NOT = pgettext_lazy("condition", "is"), pgettext_lazy("condition", "is not")
_IN, _NOT_IN = pgettext_lazy("condition", "is one of"), pgettext_lazy("condition", "is none of")

_TEXT = (
    Operator("is", _IS, "one", _positive(lambda found, given: folded(found) == folded(given))),
    Operator("is_not", _IS_NOT, "one", _negative(lambda found, given: folded(found) == folded(given))),
    Operator(
        "contains", pgettext_lazy("condition", "contains"), "one",
        _positive(lambda found, given: folded(given) in folded(found)),
    ),
    Operator(
        "contains_not", pgettext_lazy("condition", "does not contain"), "one",
        _negative(lambda found, given: folded(given) in folded(found)),
    ),
    Operator(
        "begins", pgettext_lazy("condition", "begins with"), "one",
        _positive(lambda found, given: folded(found).startswith(folded(given))),
    ),
    EMPTY,
    FILLED,
)  # fmt: skip
_NUMBER = (
    Operator("eq", pgettext_lazy("condition", "equals"), "one", _positive(lambda found, given: found == given)),
    Operator("ne", pgettext_lazy("condition", "does not equal"), "one", _negative(lambda found, given: found == given)),
    Operator("lt", pgettext_lazy("condition", "is less than"), "one", _positive(lambda found, given: found < given)),
    Operator("le", pgettext_lazy("condition", "is at most"), "one", _positive(lambda found, given: found <= given)),
    Operator("gt", pgettext_lazy("condition", "is more than"), "one", _positive(lambda found, given: found > given)),
    Operator("ge", pgettext_lazy("condition", "is at least"), "one", _positive(lambda found, given: found >= given)),
    EMPTY,
    FILLED,
)
_MONEY = (
    Operator("eq", pgettext_lazy("condition", "equals"), "one", _amounts(lambda found, given: found == given)),
    Operator("lt", pgettext_lazy("condition", "is less than"), "one", _amounts(lambda found, given: found < given)),
    Operator("le", pgettext_lazy("condition", "is at most"), "one", _amounts(lambda found, given: found <= given)),
    Operator("gt", pgettext_lazy("condition", "is more than"), "one", _amounts(lambda found, given: found > given)),
    Operator("ge", pgettext_lazy("condition", "is at least"), "one", _amounts(lambda found, given: found >= given)),
    EMPTY,
    FILLED,
)
_CHOICE = (
    Operator("is", _IS, "one", _positive(_same)),
    Operator("is_not", _IS_NOT, "one", _negative(_same)),
    Operator("in", _IN, "several", _positive(lambda found, given: any(_same(found, one) for one in given))),
    Operator("not_in", _NOT_IN, "several", _negative(lambda found, given: any(_same(found, one) for one in given))),
    EMPTY,
    FILLED,
)
_BOOL = (
    Operator("yes", pgettext_lazy("condition", "is so"), "", lambda found, _given, _now: bool(found)),
    Operator("no", pgettext_lazy("condition", "is not so"), "", lambda found, _given, _now: not found),
)
_DATE = (
    Operator(
        "before", pgettext_lazy("condition", "is before"), "one", _dates(lambda found, given, _now: found < _day(given))
    ),
    Operator(
        "from", pgettext_lazy("condition", "is on or after"), "one",
        _dates(lambda found, given, _now: found >= _day(given)),
    ),
    Operator("past", pgettext_lazy("condition", "is past"), "", _dates(lambda found, _given, now: found < now)),
    Operator("coming", pgettext_lazy("condition", "is to come"), "", _dates(lambda found, _given, now: found >= now)),
    Operator(
        "last", pgettext_lazy("condition", "was within the last days:"), "days",
        _dates(lambda found, given, now: now - timedelta(days=given) <= found <= now),
    ),
    Operator(
        "older", pgettext_lazy("condition", "is longer ago than days:"), "days",
        _dates(lambda found, given, now: found < now - timedelta(days=given)),
    ),
    Operator(
        "next", pgettext_lazy("condition", "is within the next days:"), "days",
        _dates(lambda found, given, now: now <= found <= now + timedelta(days=given)),
    ),
    EMPTY,
    FILLED,
)  # fmt: skip
_TAG = (
    Operator("has", pgettext_lazy("condition", "has"), "one", _positive(_has)),
    Operator("has_not", pgettext_lazy("condition", "has not"), "one", _negative(_has)),
    Operator(
        "has_any", pgettext_lazy("condition", "has any of"), "several",
        _positive(lambda found, given: any(_has(found, one) for one in given)),
    ),
    EMPTY,
    FILLED,
)  # fmt: skip
OPERATORS: Mapping[FactType, Mapping[str, Operator]] = {
    kind: {operator.key: operator for operator in row}
    for kind, row in {
        FactType.TEXT: _TEXT,
        FactType.NUMBER: _NUMBER,
        FactType.MONEY: _MONEY,
        FactType.CHOICE: _CHOICE,
        FactType.USER: _CHOICE,
        FactType.BOOL: _BOOL,
        FactType.DATE: _DATE,
        FactType.TAG: _TAG,
    }.items()
}
