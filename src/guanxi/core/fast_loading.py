"""Filling empty tables on PostgreSQL: indexes and foreign keys are taken off and made again over everything at once.

Only for tables that hold nothing yet and in one transaction, which keeps others out of them until it ends. Elsewhere
(SQLite, tables with rows) nothing is taken off.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models

MAINTENANCE_MEMORY = "512MB"


@contextmanager
def without_indexes(tables: Sequence[type[models.Model]], *, keep: Sequence[str] = ()) -> Iterator[None]:
    """Write into empty tables without their indexes (primary keys and those named stay); they stand again afterwards."""
    names = [model._meta.db_table for model in tables]
    if connection.vendor != "postgresql" or any(_has_rows(name) for name in names):
        yield
        return
    with _off_postgresql(names, keep):
        yield


@contextmanager
def constraints_off(names: Sequence[str]) -> Iterator[None]:
    """The same for tables by name, on both databases; the caller knows that they are empty, and that nobody else is there."""
    if connection.vendor == "postgresql":
        with _off_postgresql(names, ()):
            yield
        return
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(names))
        cursor.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",  # noqa: S608
            list(names),
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        for _name, definition in indexes:
            cursor.execute(definition)


@contextmanager
def _off_postgresql(names: Sequence[str], keep: Sequence[str]) -> Iterator[None]:
    """Drop foreign keys, unique constraints and indexes, and make them again."""
    keys = _foreign_keys(names)
    indexes = [pair for pair in _indexes(names) if pair[0] not in keep]
    uniques = _unique_constraints(names)
    unique_names = {name for _table, name, _definition in uniques}
    with connection.cursor() as cursor:
        for table, name, _definition in (*keys, *uniques):
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            if name not in unique_names:
                cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{MAINTENANCE_MEMORY}'")
        for name, definition in indexes:
            if name not in unique_names:
                cursor.execute(definition)
        for table, name, definition in (*uniques, *keys):
            cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')


def _has_rows(table: str) -> bool:
    """Whether a table holds anything."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')  # noqa: S608
        return bool(cursor.fetchone()[0])


def _foreign_keys(tables: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return (table, name, definition) of the foreign keys that tables have."""
    return _constraints(tables, "f")


def _unique_constraints(tables: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return (table, name, definition) of the unique constraints of tables."""
    return _constraints(tables, "u")


def _constraints(tables: Sequence[str], kind: str) -> list[tuple[str, str, str]]:
    """Return (table, name, definition) of the constraints of one kind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c "
            "JOIN pg_class r ON r.oid = c.conrelid WHERE c.contype = %s AND r.relname = ANY(%s) "
            "AND r.relnamespace = current_schema()::regnamespace ORDER BY c.conname",
            [kind, list(tables)],
        )
        return cursor.fetchall()


def _indexes(tables: Sequence[str]) -> list[tuple[str, str]]:
    """Return (name, definition) of every index of tables but the primary keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.relname, pg_get_indexdef(x.indexrelid) FROM pg_index x "
            "JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid "
            "WHERE NOT x.indisprimary AND t.relname = ANY(%s) "
            "AND t.relnamespace = current_schema()::regnamespace ORDER BY i.relname",
            [list(tables)],
        )
        return cursor.fetchall()
