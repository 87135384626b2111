"""Fast writes of many rows: COPY on PostgreSQL (a few by one INSERT), executemany on SQLite; the caller's transaction holds them."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models, transaction

# So many rows cost less as one statement than what it takes to begin and end a COPY.
FEW = 20


def _columns(model: type[models.Model], names: Sequence[str]) -> list[models.Field[Any, Any]]:
    """The model's fields for the given names or attribute names."""
    by_name = {f.name: f for f in model._meta.concrete_fields} | {f.attname: f for f in model._meta.concrete_fields}
    return [by_name[name] for name in names]


def _quoted(fields: Sequence[models.Field[Any, Any]]) -> str:
    """A column list for SQL."""
    return ", ".join(connection.ops.quote_name(f.column) for f in fields)  # type: ignore[arg-type]


def _sqlite_value(value: Any) -> Any:
    """A Python value as Django's SQLite backend would store it."""
    if isinstance(value, datetime):
        return str((value.astimezone(UTC) if value.tzinfo else value).replace(tzinfo=None))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _sqlite_json(value: Any) -> str | None:
    """A value of a JSON column (a plain text too) as JSON; nothing stays nothing."""
    return None if value is None else json.dumps(value)


_CONVERTED = (models.DateField, models.DecimalField)  # DateTimeField is a DateField


def _sqlite_rows(fields: Sequence[models.Field[Any, Any]], rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    """Rows as SQLite takes them; only columns whose type needs it are converted, column by column."""
    columns = list(zip(*rows, strict=True))
    for place, field in enumerate(fields):
        if columns and isinstance(field, models.JSONField):
            columns[place] = tuple(map(_sqlite_json, columns[place]))
        elif columns and isinstance(field, _CONVERTED):
            # Dates and decimals repeat: equal ones are converted once.
            known = {value: _sqlite_value(value) for value in set(columns[place])}
            columns[place] = tuple(known[value] for value in columns[place])
    return zip(*columns, strict=True)


def _conflict(on_conflict: str | None, keys: Sequence[str], fields: Sequence[models.Field[Any, Any]]) -> str:
    """The ON CONFLICT clause."""
    quote = connection.ops.quote_name
    if on_conflict is None:
        return ""
    if on_conflict == "ignore":
        return " ON CONFLICT DO NOTHING"
    target = ", ".join(quote(k) for k in keys)
    assigned = ", ".join(f"{quote(f.column)} = excluded.{quote(f.column)}" for f in fields if f.column not in keys)  # type: ignore[arg-type]
    return f" ON CONFLICT ({target}) DO UPDATE SET {assigned}"


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    on_conflict: str | None = None,
    keys: Sequence[str] = (),
) -> int:
    """Write rows (Python values in the order of `columns`); the number that were really written.

    `on_conflict`: None raises, "ignore" leaves the standing row, "update" overwrites it (`keys`: conflict columns).
    Database defaults do not apply to columns left out unless the database itself has them.
    """
    fields = _columns(model, columns)
    table = connection.ops.quote_name(model._meta.db_table)
    if connection.vendor == "postgresql":
        return _copy(table, fields, rows, on_conflict, keys)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {table} ({_quoted(fields)}) VALUES ({marks}){_conflict(on_conflict, keys, fields)}"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT total_changes()")
        before = cursor.fetchone()[0]
        cursor.executemany(sql, _sqlite_rows(fields, rows))  # type: ignore[arg-type]
        cursor.execute("SELECT total_changes()")
        return cursor.fetchone()[0] - before


def _copy(
    table: str,
    fields: Sequence[models.Field[Any, Any]],
    rows: Iterable[Sequence[Any]],
    on_conflict: str | None,
    keys: Sequence[str],
) -> int:
    """COPY into the table, through a temporary table when conflicts must be settled."""
    from psycopg.types.json import Jsonb  # only where PostgreSQL serves

    is_json = [isinstance(f, models.JSONField) for f in fields]

    def convert(row: Sequence[Any]) -> Sequence[Any]:
        """Wrap JSON values, and only where the table has such columns."""
        return [Jsonb(v) if j and v is not None else v for v, j in zip(row, is_json, strict=True)]

    names = _quoted(fields)
    if isinstance(rows, list | tuple) and len(rows) <= FEW:
        marks = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(rows))
        values = [value for row in rows for value in convert(row)]
        with connection.cursor() as cursor:
            if rows:
                clause = _conflict(on_conflict, keys, fields)
                cursor.execute(f"INSERT INTO {table} ({names}) VALUES {marks}{clause}", values)  # noqa: S608
            return max(cursor.rowcount, 0) if rows else 0
    types = [f.rel_db_type(connection) if f.is_relation else f.db_type(connection) for f in fields]
    with transaction.atomic(), connection.cursor() as cursor:
        target = table
        if on_conflict is not None:
            target = '"pg_temp"."bulk_rows"'
            cursor.execute("DROP TABLE IF EXISTS pg_temp.bulk_rows")
            declared = ", ".join(
                f"{connection.ops.quote_name(f.column)} {str(t).split(' GENERATED')[0]}"  # type: ignore[arg-type]
                for f, t in zip(fields, (_plain_type(t) for t in types), strict=True)
            )
            cursor.execute(f"CREATE TEMPORARY TABLE bulk_rows ({declared}) ON COMMIT DROP")
        count = 0
        with cursor.copy(f"COPY {target} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(convert(row) if any(is_json) else row)
                count += 1
        if on_conflict is None:
            return count
        clause = _conflict(on_conflict, keys, fields)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM pg_temp.bulk_rows{clause}")  # noqa: S608
        written = cursor.rowcount
        cursor.execute("DROP TABLE pg_temp.bulk_rows")
        return written


def _plain_type(declared: Any) -> str:
    """A column type without identity or serial parts."""
    text = str(declared or "text")
    return {"bigserial": "bigint", "serial": "integer"}.get(text, text).split(" GENERATED")[0]


def next_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Reserve `count` primary keys in rising order, so that children can be written together with their parents.

    On SQLite the caller must be in a transaction (IMMEDIATE: no other writer gets in between).
    """
    table = model._meta.db_table
    if count <= 0:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{table}"'])
            sequence = cursor.fetchone()[0]
            cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        last = first + count - 1
        if row:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, table])
        else:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        return range(first, last + 1)
