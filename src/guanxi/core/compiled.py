"""Queries that every request asks, put together once: Django takes longer to write such a query than to run it.

    _names = Compiled(lambda role_id: Role.objects.filter(pk=role_id).values_list("key"), int)
    _names.rows(7)                                                     # [("agent",)]

The function gets a stand-in for each argument and builds a `.values_list()` queryset from them; its SQL is kept for
each connection, and later calls only put their arguments in the stand-ins' places. Arguments are of the types named
(int, str, datetime) and never None; the shape of the query must not depend on them.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
Row = tuple[Any, ...]
_STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda place: 2**60 + 7_919 * (place + 1),
    str: lambda place: f"\ue000stand-in {place}\ue000",
    datetime: lambda place: datetime(1903, 7, 14, 3, 2, 1, 13, tzinfo=UTC) + timedelta(days=place),
}


class Compiled:
    """One query, written once for each connection."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *types: type) -> None:
        """Keep how the query is built and of which types its arguments are."""
        self.build = build
        self.types = types

    def rows(self, *arguments: Any) -> list[Row]:
        """Run the query and return its rows."""
        # Kept on the connection: each thread has its own, and its database decides how the query is written.
        connection = connections[DEFAULT_DB_ALIAS]
        kept: dict[Compiled, _Written] = connection.__dict__.setdefault("guanxi_compiled", {})
        written = kept.get(self)
        if written is None:
            written = kept[self] = _Written(self, connection)
        return written.rows(arguments)

    def first(self, *arguments: Any) -> Row | None:
        """Run the query and return its first row, None when there is none."""
        found = self.rows(*arguments)
        return found[0] if found else None


class CompiledRecords(Generic[M]):
    """A query written once whose rows are records; `build` gives a plain queryset of the model, without joins."""

    def __init__(
        self, model: type[M], build: Callable[..., QuerySet[M]], *types: type, only: Sequence[str] = ()
    ) -> None:
        """Keep the model and its columns (or those named, the others being read when asked for)."""
        self.model = model
        # In the model's own order, as `from_db` expects them.
        self.columns = [f.attname for f in model._meta.concrete_fields if not only or f.attname in only]
        self.query = Compiled(lambda *arguments: build(*arguments).values_list(*self.columns), *types)

    def all(self, *arguments: Any) -> list[M]:
        """Run the query and return its records."""
        return [self.model.from_db(DEFAULT_DB_ALIAS, self.columns, row) for row in self.query.rows(*arguments)]

    def first(self, *arguments: Any) -> M | None:
        """Run the query and return its first record, None when there is none."""
        return next(iter(self.all(*arguments)), None)


class _Written:
    """The SQL of a query on one connection, and where its arguments go."""

    def __init__(self, query: Compiled, connection: BaseDatabaseWrapper) -> None:
        """Have Django write the query with stand-ins and find them among its parameters."""
        self.connection = connection
        stand_ins = [_STAND_INS[kind](place) for place, kind in enumerate(query.types)]
        self.compiler = query.build(*stand_ins).query.get_compiler(connection=connection)
        sql, params = self.compiler.as_sql()
        self.sql = sql
        self.params = list(params)
        adapted = [self._adapted(value) for value in stand_ins]
        self.places = [(index, adapted.index(value)) for index, value in enumerate(self.params) if value in adapted]
        if {place for _index, place in self.places} != set(range(len(stand_ins))):
            raise TypeError("every argument must reach the query as a parameter of its own")
        self.converters = self.compiler.get_converters([column for column, _sql, _alias in self.compiler.select])

    def rows(self, arguments: tuple[Any, ...]) -> list[Row]:
        """Put the arguments in and run it."""
        params = list(self.params)
        for index, place in self.places:
            params[index] = self._adapted(arguments[place])
        with self.connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found = cursor.fetchall()
        if self.converters:
            found = [tuple(row) for row in self.compiler.apply_converters(found, self.converters)]
        return found

    def _adapted(self, value: Any) -> Any:
        """Return a value as it stands among the parameters of this database."""
        return self.connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
