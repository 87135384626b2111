"""Rows that every act writes (events, journal, messages to pages), by a statement put together once.

    _insert = CompiledInsert(OutboxEvent)
    row = _insert(OutboxEvent(name="...", payload={}, at=now))     # with its number, as after `save(force_insert=True)`

Django takes longer to write such a statement than the database to do it. For models whose key the database counts up,
and that nothing hooks into when they are saved: no signals are sent, `save` is not called.
"""

from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

M = TypeVar("M", bound=Model)


class CompiledInsert(Generic[M]):
    """Inserts rows of one model."""

    def __init__(self, model: type[M], *, ignores_conflicts: bool = False) -> None:
        """Keep the model and its columns, all but the key; `ignores_conflicts`: a row that stands already stays."""
        self.model, self.ignores_conflicts = model, ignores_conflicts
        self.key: Any = model._meta.pk
        self.fields = [field for field in model._meta.concrete_fields if field is not self.key]
        self.written: dict[str, str] = {}

    def __call__(self, record: M) -> M:
        """Insert one row; the record, with its number."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql = self.written.get(connection.vendor)
        if sql is None:
            sql = self.written[connection.vendor] = self._sql(connection)
        values = [field.get_db_prep_save(field.pre_save(record, True), connection) for field in self.fields]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            row = cursor.fetchone()
        if row is None and self.ignores_conflicts:
            return record
        setattr(record, self.key.attname, row[0])
        record._state.adding, record._state.db = False, DEFAULT_DB_ALIAS
        return record

    def _sql(self, connection: Any) -> str:
        """The statement as one kind of database takes it."""
        quote = connection.ops.quote_name
        names = ", ".join(quote(field.column) for field in self.fields)
        marks = ", ".join(["%s"] * len(self.fields))
        table, key = quote(self.model._meta.db_table), quote(self.key.column)
        clause = " ON CONFLICT DO NOTHING" if self.ignores_conflicts else ""
        return f"INSERT INTO {table} ({names}) VALUES ({marks}){clause} RETURNING {key}"  # noqa: S608
