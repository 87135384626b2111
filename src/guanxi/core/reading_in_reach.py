"""How a page of the rows in somebody's reach is read: neither all of a wide reach nor a whole table for fifty rows.

Where little is in reach, the indexes of owners and departments give it, and what they give is sorted. Where much is in
reach, the list's own index is walked in its order and rows that are out of reach are passed over until the page is full.
No database finds that out by itself: SQLite does not consider where a page ends, and PostgreSQL takes what an owner has
for spread evenly over the order (so do we, where much is in reach). So what is in reach is counted up to a limit, now and
then; the count decides how rows are read, never which ones.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db import connection, models
from django.db.models import F, Func, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

# Of a million rows, walking their order for fifty of so many costs what sorting so many does.
LITTLE = 5_000
KEPT_SECONDS = 300
MOST_KEPT = 2_000

_counted: dict[tuple[type[models.Model], "Reach"], tuple[float, bool]] = {}
_lock = Lock()


class ReachColumn(Func):
    """The column of an owner or a department; no index of it is used where a list's own order leads.

    Left to itself, SQLite takes such an index however much it names; PostgreSQL goes now by one, now by the other, and
    where what both would cost lies close together, small changes of its statistics decide.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """With a `+` before it, which changes nothing else."""
        return self._apart(compiler, "+{}")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """With nothing added to it, which makes it another expression than the index has."""
        return self._apart(compiler, "({} + 0)")

    def _apart(self, compiler: Any, form: str) -> tuple[str, Any]:
        sql, params = compiler.compile(self.source_expressions[0])
        return (form.format(sql) if getattr(compiler.query, "walks_its_order", False) else sql), params


@dataclass(frozen=True)
class Reach:
    """Owners and departments whose rows an act reaches, and the model's own columns that hold them.

    `further`: rows by number that are in reach for another reason; few.
    """

    owner: str
    department: str
    owners: tuple[int, ...]
    departments: tuple[int, ...]
    further: tuple[int, ...] = ()

    def parts(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The columns and what they may hold: a row with any of it is in reach."""
        if self.owners:
            yield self.owner, self.owners
        if self.department and self.departments:
            yield self.department, self.departments
        if self.further:
            yield "id", self.further

    def condition(self) -> Q:
        """The rows in reach."""
        found = Q()
        for column, numbers in self.parts():
            found |= Q(In(ReachColumn(F(column)), numbers))
        return found or Q(pk__in=[])

    def is_little(self, model: type[models.Model]) -> bool:
        """Whether few rows are in reach: counted at most so often, and by indexes alone."""
        known = _counted.get((model, self))
        now = time.monotonic()
        if known is not None and now - known[0] < KEPT_SECONDS:
            return known[1]
        found = self._count(model)
        with _lock:
            if len(_counted) >= MOST_KEPT:
                _counted.clear()
            _counted[model, self] = (now, found)
        return found

    def _count(self, model: type[models.Model]) -> bool:
        """Count them anew."""
        left = LITTLE
        for column, numbers in self.parts():
            rows = model._base_manager.filter(**{f"{column}__in": numbers}).order_by().values("pk")
            left -= rows[: left + 1].count()
            if left < 0:
                return False
        return True

    def by_indexes(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The same rows, on SQLite looked up by what the indexes of owners and departments name.

        It takes the owners' average for everybody's number, and reads the whole table where that is high.
        """
        if connection.vendor != "sqlite":
            return queryset
        every = queryset.model._base_manager.order_by()
        first, *others = (every.filter(**{f"{column}__in": numbers}).values("pk") for column, numbers in self.parts())
        return queryset.filter(pk__in=first.union(*others, all=True) if others else first)


def forget() -> None:
    """Count everything anew when it is asked for next."""
    with _lock:
        _counted.clear()


def reach_of(queryset: QuerySet[Any]) -> Reach | None:
    """What the rows of a queryset were narrowed to by rights; None where all are open, or rights go by other things."""
    return getattr(queryset, "reach", None)


def for_a_page(queryset: QuerySet[Any]) -> tuple[QuerySet[Any], bool]:
    """The same rows to read a page of, and whether the order's own index is to be left alone (`apart_from_indexes`)."""
    reach = reach_of(queryset)
    if reach is None:
        return queryset, False
    if reach.is_little(queryset.model):
        return reach.by_indexes(queryset), True
    found = queryset.all()
    found.query.walks_its_order = True  # type: ignore[attr-defined]
    return found, False


def for_a_count(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows to count or add up: few of them by the indexes of what is in reach."""
    reach = reach_of(queryset)
    return reach.by_indexes(queryset) if reach is not None and reach.is_little(queryset.model) else queryset


def apart_from_indexes(path: str) -> Combinable:
    """The value at a path, for an order that no index gives."""
    return Coalesce(F(path), F(path))
