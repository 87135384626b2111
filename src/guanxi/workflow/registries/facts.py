"""What a condition can ask of a record: named, readable values with a type; and how records lead to others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.core import masking
from guanxi.core.compiled import Compiled
from guanxi.core.registry import Registry

# Between a link and the fact that is read at its end, in the key that a condition holds: `customer>customer.tier`.
THROUGH = ">"
Choices = Sequence[tuple[Any, str | Promise]]


class FactType(StrEnum):
    """What sort of value a fact has; it says which questions can be asked."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"  # a date or an aware moment
    BOOL = "bool"
    USER = "user"  # the number of a user
    MONEY = "money"  # core.money.Money
    TAG = "tag"  # several names or codes


@dataclass(frozen=True)
class Fact:
    """One readable value of records of one kind.

    `read(ids)` gives the values of many records at once; a record left out is not there (any more), None is an empty
    value. `column` is the field of the journal that tells earlier values, for dry runs; without it today's value
    counts. `guard` names the guarded field (kind, field) that the value comes from: it is then never kept in a log.
    Texts are not kept either unless `is_code` says that they are codes.
    """

    key: str
    kind: str
    label: str | Promise
    type: FactType
    read: Callable[[Sequence[int]], Mapping[int, Any]]
    choices: Choices | Callable[[], Choices] = ()
    column: str = ""
    from_journal: Callable[[Any], Any] | None = None
    guard: tuple[str, str] | None = None
    is_code: bool = False

    def options(self) -> list[tuple[Any, str]]:
        """The choices as they are now, with their words in the language of now."""
        given = self.choices() if callable(self.choices) else self.choices
        return [(value, str(label)) for value, label in given]

    @property
    def is_kept(self) -> bool:
        """Whether the value found may stand in the log of firings."""
        if self.guard is not None and f"{self.guard[0]}.{self.guard[1]}" in masking.guarded:
            return False
        return self.is_code or self.type != FactType.TEXT


@dataclass(frozen=True)
class Link:
    """How records of one kind lead to one record of another, so that rules reach its facts and actions.

    `label` names the other record: "the customer". `read(ids)` gives its number for each record that leads to one.
    """

    key: str
    kind: str
    to: str
    label: str | Promise
    read: Callable[[Sequence[int]], Mapping[int, int]]


facts: Registry[Fact] = Registry("facts")
links: Registry[Link] = Registry("links")

CHANGED = "changed"
"""The fact that a trigger's event brings along: which fields changed."""


def register_fact(fact: Fact, *, order: int = 100) -> Fact:
    """Let conditions ask this."""
    if THROUGH in fact.key or fact.key == CHANGED:
        raise RuntimeError(f"facts: {fact.key!r} cannot be a key")
    return facts.add(fact.key, fact, order=order)


def register_link(link: Link, *, order: int = 100) -> Link:
    """Let rules go this way from one record to another."""
    if THROUGH in link.key:
        raise RuntimeError(f"links: {link.key!r} cannot be a key")
    return links.add(link.key, link, order=order)


def read_column(model: type[models.Model], column: str, *, manager: str = "objects") -> Callable[..., dict[int, Any]]:
    """What reads one column (or a path to one) of many records in one statement."""

    of_one = Compiled(lambda number: getattr(model, manager).filter(pk=number).values_list("pk", column), int)

    def read(ids: Iterable[int]) -> dict[int, Any]:
        """The values by record."""
        numbers = list(ids)
        if len(numbers) == 1:
            return dict(of_one.rows(numbers[0]))
        rows: models.Manager[Any] = getattr(model, manager)
        return dict(rows.filter(pk__in=numbers).values_list("pk", column))

    return read


def read_key(model: type[models.Model], column: str, *, manager: str = "objects") -> Callable[..., dict[int, int]]:
    """What reads one key of many records in one statement, of those alone where it is set: what a `Link` asks for."""

    def read(ids: Iterable[int]) -> dict[int, int]:
        """Where each record leads."""
        rows: models.Manager[Any] = getattr(model, manager)
        set_there = rows.filter(pk__in=list(ids), **{f"{column}__isnull": False})
        return dict(set_there.values_list("pk", column))

    return read


@dataclass(frozen=True)
class Reachable:
    """A fact as it is open to rules about one kind: its own, or at the end of one link."""

    key: str
    fact: Fact
    link: Link | None = None

    @property
    def label(self) -> str:
        """Its name, with that of the record it belongs to where that is another one."""
        return f"{self.link.label}: {self.fact.label}" if self.link is not None else str(self.fact.label)


def reachable(kind: str) -> dict[str, Reachable]:
    """Every fact that rules about a kind can ask, by the key that a condition holds."""
    found = {fact.key: Reachable(fact.key, fact) for fact in facts if fact.kind == kind}
    for link in links:
        if link.kind == kind:
            for fact in facts:
                if fact.kind == link.to:
                    key = f"{link.key}{THROUGH}{fact.key}"
                    found[key] = Reachable(key, fact, link)
    return found


def changed_fact(field_labels: Mapping[str, str | Promise]) -> Reachable:
    """The fact which fields changed, of a trigger that tells it; the engine gives its value, nobody reads it."""
    fact = Fact(CHANGED, "", _("what was changed"), FactType.TAG, lambda _ids: {}, choices=tuple(field_labels.items()))
    return Reachable(CHANGED, fact)
