"""Queries that every request asks, put together once: Django takes longer to write such a query than to run it.

    _names = Compiled(lambda role_id: Role.objects.filter(pk=role_id).values_list("key"), int)
    _names.rows(7)                                                     # [("agent",)]

The function gets a stand-in for each argument and builds a `.values_list()` queryset from them; its SQL is kept for
each connection, and later calls only put their arguments in the stand-ins' places. Arguments are of the types named
(int, str, datetime) and never None; the shape of the query must not depend on them. PostgreSQL is given the query
once, as a prepared statement, and neither reads nor plans it again; through a pooler, which may answer each query over
another connection, it is sent whole.
"""

import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet

if TYPE_CHECKING:
    import psycopg
    from psycopg.adapt import Loader

M = TypeVar("M", bound=Model)
Row = tuple[Any, ...]
_STAND_INS: dict[type, Callable[[int], Any]] = {
    # Within 32 bits: a comparison with more than a column can hold is answered by Django itself.
    int: lambda place: 1_879_048_193 + 7_919 * (place + 1),
    str: lambda place: f"\ue000stand-in {place}\ue000",
    datetime: lambda place: datetime(1903, 7, 14, 3, 2, 1, 13, tzinfo=UTC) + timedelta(days=place),
}
_PLACE = re.compile("%s|%%")


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
        kept: WeakKeyDictionary[Compiled, _Written] | None = connection.__dict__.get("guanxi_compiled")
        if kept is None:
            kept = connection.__dict__["guanxi_compiled"] = WeakKeyDictionary()
        written = kept.get(self)
        if written is None:
            written = kept[self] = _Written(self, connection)
        return written.rows(arguments)

    def first(self, *arguments: Any) -> Row | None:
        """Run the query and return its first row, None when there is none."""
        found = self.rows(*arguments)
        return found[0] if found else None


class CompiledRecords(Generic[M]):
    """A query written once whose rows are records; `build` gives a plain queryset of the model, without joins.

    `related` names the records read along with each, as `select_related` does: forward keys and one-to-one relations.
    """

    def __init__(
        self, model: type[M], build: Callable[..., QuerySet[M]], *types: type, related: Sequence[str] = ()
    ) -> None:
        """Keep the model and its columns."""
        self.model = model
        # In the model's own order, as `from_db` expects them.
        self.columns = [f.attname for f in model._meta.concrete_fields]
        self.related = [_Related(model, name) for name in related]
        names = [*self.columns, *(f"{other.name}__{column}" for other in self.related for column in other.columns)]
        self.query = Compiled(lambda *arguments: build(*arguments).values_list(*names), *types)

    def all(self, *arguments: Any) -> list[M]:
        """Run the query and return its records."""
        return [self._record(row) for row in self.query.rows(*arguments)]

    def _record(self, row: Row) -> M:
        """The record of a row, those related to it at their places."""
        end = len(self.columns)
        record = self.model.from_db(DEFAULT_DB_ALIAS, self.columns, row[:end])
        for other in self.related:
            start, end = end, end + len(other.columns)
            other.attach(record, row[start:end])
        return record

    def first(self, *arguments: Any) -> M | None:
        """Run the query and return its first record, None when there is none."""
        return next(iter(self.all(*arguments)), None)


class _Related:
    """A record read along with another one."""

    def __init__(self, model: type[Model], name: str) -> None:
        """Find the relation and the columns at its other end."""
        self.name = name
        self.field: Any = model._meta.get_field(name)
        other: Any = self.field.related_model
        self.model: type[Model] = other
        self.columns = [f.attname for f in other._meta.concrete_fields]
        self.key = self.columns.index(other._meta.pk.attname)

    def attach(self, record: Model, row: Row) -> None:
        """Set the record as the related one, or that there is none."""
        found = None if row[self.key] is None else self.model.from_db(DEFAULT_DB_ALIAS, self.columns, row)
        self.field.set_cached_value(record, found)
        if found is not None and self.field.one_to_one:
            self.field.remote_field.set_cached_value(found, record)


class _Written:
    """The SQL of a query on one connection, and where its arguments go."""

    def __init__(self, query: Compiled, connection: BaseDatabaseWrapper) -> None:
        """Have Django write the query with stand-ins and find them among its parameters."""
        self.connection = connection
        stand_ins = [_STAND_INS[kind](place) for place, kind in enumerate(query.types)]
        compiler = query.build(*stand_ins).query.get_compiler(connection=connection)
        self.sql, params = compiler.as_sql()
        self.params: list[Any] = list(params)
        adapted = [self._adapted(value) for value in stand_ins]
        self.places = [(index, adapted.index(value)) for index, value in enumerate(self.params) if value in adapted]
        if {place for _index, place in self.places} != set(range(len(stand_ins))):
            raise TypeError("every argument must reach the query as a parameter of its own")
        self.apply_converters = compiler.apply_converters
        self.converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        is_pooled = bool(connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"))
        self.is_prepared = connection.vendor == "postgresql" and not is_pooled
        if self.is_prepared:
            self._spell_out_constants()

    def rows(self, arguments: tuple[Any, ...]) -> list[Row]:
        """Put the arguments in and run it."""
        params = list(self.params)
        for index, place in self.places:
            params[index] = self._adapted(arguments[place])
        found = self._found(params)
        if self.converters:
            found = [tuple(row) for row in self.apply_converters(found, self.converters)]
        return found

    def _found(self, params: list[Any]) -> list[Row]:
        """The rows as the driver gives them."""
        if not self.is_prepared:
            with self.connection.cursor() as cursor:
                cursor.execute(self.sql, params)
                return cursor.fetchall()
        try:
            return self._prepared_rows(params)
        except NotSupportedError:
            # A migration has changed a column's type since the statement was prepared; a new connection knows it.
            if self.connection.in_atomic_block:
                raise
            self.connection.close()
            return self._prepared_rows(params)

    def _prepared_rows(self, params: list[Any]) -> list[Row]:
        """The rows of a prepared statement: what `connection.cursor()` does, around another cursor of the driver's."""
        connection: Any = self.connection
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors:
            # Django switches preparing off; this lets those be prepared that ask for it, and no others.
            connection.connection.prepare_threshold = sys.maxsize
            _expect_json_as_text(connection)
            cursor: Any = _preparing_cursor()(connection.connection)
            if connection.execute_wrappers or connection.queries_logged:
                cursor = connection._prepare_cursor(cursor)  # its statements are counted or timed
            cursor.execute(self.sql, params)
            found: list[Row] = cursor.fetchall()
        return found

    def _spell_out_constants(self) -> None:
        """Write what never changes into the SQL: the plan of a prepared statement may count on it (partial indexes)."""
        from psycopg import sql  # only with PostgreSQL

        self.connection.ensure_connection()
        given = iter(enumerate(self.params))
        changing = {index for index, _place in self.places}

        def spelt(match: re.Match[str]) -> str:
            """A constant in place of its mark."""
            if match[0] == "%%":
                return match[0]
            index, value = next(given)
            if index in changing:
                return match[0]
            return sql.Literal(value).as_string(self.connection.connection).replace("%", "%%")

        self.sql = _PLACE.sub(spelt, self.sql)
        self.params = [self.params[index] for index, _place in self.places]
        self.places = [(index, place) for index, (_old, place) in enumerate(self.places)]

    def _adapted(self, value: Any) -> Any:
        """Return a value as it stands among the parameters of this database."""
        return self.connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


@cache
def _preparing_cursor() -> "type[psycopg.Cursor[Row]]":
    """The driver's cursor that binds at the server, preparing each statement when first used on a connection."""
    import psycopg  # only with PostgreSQL

    class PreparingCursor(psycopg.Cursor[Row]):
        """Prepares what it executes; what is found comes in binary, which costs both sides less than text."""

        def execute(self, query: Any, params: Any = None, **_options: Any) -> Any:
            """Execute as a prepared statement."""
            return super().execute(query, params, prepare=True, binary=True)

    return PreparingCursor


def _expect_json_as_text(connection: Any) -> None:
    """Have a connection read JSON that comes in binary as Django has it read JSON that comes as text."""
    if connection.__dict__.get("guanxi_reads_json") is not connection.connection:
        connection.connection.adapters.register_loader("jsonb", _json_as_text())
        connection.__dict__["guanxi_reads_json"] = connection.connection


@cache
def _json_as_text() -> "type[Loader]":
    """The driver's loader of JSON in binary that gives it as written."""
    from psycopg.adapt import Loader  # only with PostgreSQL
    from psycopg.pq import Format

    class JsonAsText(Loader):
        """JSON as text."""

        format = Format.BINARY

        def load(self, data: Any) -> str:
            """What follows the byte that tells the version."""
            return bytes(data)[1:].decode()

    return JsonAsText
