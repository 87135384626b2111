"""Writing standings in bulk: a million in one go, each movement between tiers kept."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from time import sleep
from typing import Any, NamedTuple

from django.db import connection, transaction

from guanxi.core import clock
from guanxi.customers.choices import Tier
from guanxi.customers.models import Standing, StandingChange

CHUNK = 20_000
SQLITE_CHUNK = 4_000
PAUSE_SECONDS = 0.02


class StandingRow(NamedTuple):
    """The measured standing of one customer."""

    customer_id: int
    net_revenue_minor: int
    order_count: int = 0
    first_on: date | None = None
    last_on: date | None = None
    tier: str = ""
    abc: str = ""
    level: str = ""
    rank: int | None = None
    r: int | None = None
    f: int | None = None
    m: int | None = None
    recency_days: int | None = None
    frequency: int | None = None
    monetary_minor: int | None = None
    margin_minor: int | None = None


class Measure(NamedTuple):
    """What all rows of one measurement share."""

    currency: str
    as_of: date
    period_from: date | None
    period_to: date | None
    method: str
    run: int | None = None


_SHARED = Measure._fields
_MOVING = ("tier", "abc", "level")
_TYPES = {"first_on": "date", "last_on": "date", "tier": "varchar(10)", "abc": "varchar(1)", "level": "varchar(10)"}
_BLANK = {
    "net_revenue_minor": "0",
    "order_count": "0",
    "tier": "''",
    "abc": "''",
    "level": "''",
}
_TABLE = Standing._meta.db_table
_HISTORY = StandingChange._meta.db_table
_INCOMING = "standing_incoming"


def record(rows: Iterable[Sequence[Any]], measure: Measure, *, complete: bool) -> int:
    """Write standings and their movements; with `complete`, customers not among the rows become blank.

    Rows are `StandingRow` or sequences in its order. Returns how many movements were kept.
    """
    try:
        _take_in(rows)
        if connection.vendor == "postgresql" or connection.in_atomic_block:
            # With their indexes: taking a foreign key off would lock out who reads customers meanwhile.
            with transaction.atomic():
                return _write_all(measure, complete)
        return _write_in_chunks(measure, complete)
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS {_INCOMING}")


def _take_in(rows: Iterable[Sequence[Any]]) -> None:
    """Put the rows into a temporary table, which no other connection waits for."""
    names = StandingRow._fields
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_INCOMING}")
        declared = ", ".join(f"{n} {_TYPES.get(n, 'bigint')}" for n in names[1:])
        cursor.execute(f"CREATE TEMPORARY TABLE {_INCOMING} (customer_id bigint PRIMARY KEY, {declared})")
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {_INCOMING} ({', '.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"ANALYZE {_INCOMING}")
            return
        marks = ", ".join(["%s"] * len(names))
        for chunk in _chunks(rows, CHUNK):
            plain = [tuple(v.isoformat() if isinstance(v, date) else v for v in row) for row in chunk]
            cursor.executemany(f"INSERT INTO {_INCOMING} VALUES ({marks})", plain)  # noqa: S608


def _chunks(rows: Iterable[Sequence[Any]], size: int) -> Iterator[list[Sequence[Any]]]:
    """Lists of at most `size` rows."""
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk


def _write_all(measure: Measure, complete: bool) -> int:
    """Movements first, then the standings, in one statement each."""
    has_others = Standing.objects.exists()
    moved = _keep_movements(measure, None)
    _upsert(measure, None)
    return moved + (_blank_others(measure, None) if complete and has_others else 0)


def _write_in_chunks(measure: Measure, complete: bool) -> int:
    """The same in short transactions, so that other writers get in between."""
    moved = 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT customer_id FROM {_INCOMING} ORDER BY customer_id")  # noqa: S608
        ids = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(ids), SQLITE_CHUNK):
        span = (ids[start], ids[min(start + SQLITE_CHUNK, len(ids)) - 1])
        with transaction.atomic():
            moved += _keep_movements(measure, span)
            _upsert(measure, span)
        sleep(PAUSE_SECONDS)
    if not complete:
        return moved
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.customer_id FROM {_TABLE} s LEFT JOIN {_INCOMING} i ON i.customer_id = s.customer_id "  # noqa: S608
            "WHERE i.customer_id IS NULL AND (s.order_count <> 0 OR s.net_revenue_minor <> 0 OR s.tier <> '') "
            "ORDER BY s.customer_id"
        )
        gone = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(gone), SQLITE_CHUNK):
        span = (gone[start], gone[min(start + SQLITE_CHUNK, len(gone)) - 1])
        with transaction.atomic():
            moved += _blank_others(measure, span)
        sleep(PAUSE_SECONDS)
    return moved


def _between(alias: str, span: tuple[int, int] | None) -> tuple[str, list[int]]:
    """The condition that keeps a statement to a span of customers."""
    return (f" AND {alias}.customer_id BETWEEN %s AND %s", list(span)) if span else ("", [])


def _keep_movements(measure: Measure, span: tuple[int, int] | None) -> int:
    """A history row for each customer whose tier, class or level differs from the last one.

    Everybody begins as a small customer, so the first measurement of one is no movement.
    """
    within, bounds = _between("i", span)
    differs = " OR ".join(f"i.{name} <> COALESCE(s.{name}, '')" for name in _MOVING)
    pairs = ", ".join(f"COALESCE(s.{name}, ''), i.{name}" for name in _MOVING)
    sql = (
        f"INSERT INTO {_HISTORY} (customer_id, at, as_of, from_tier, to_tier, from_abc, to_abc, from_level, to_level, "  # noqa: S608
        "from_net_minor, to_net_minor, run) "
        f"SELECT i.customer_id, %s, %s, {pairs}, COALESCE(s.net_revenue_minor, 0), i.net_revenue_minor, %s "
        f"FROM {_INCOMING} i LEFT JOIN {_TABLE} s ON s.customer_id = i.customer_id WHERE ({differs}) "
        f"AND NOT (i.tier = '{Tier.SMALL}' AND COALESCE(s.tier, '') = ''){within}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [_moment(), measure.as_of, measure.run, *bounds])
        return max(cursor.rowcount, 0)


def _upsert(measure: Measure, span: tuple[int, int] | None) -> None:
    """Write the standings, the best first (three indexes then grow in order); one that would not change is left alone."""
    own = StandingRow._fields
    names = [*own, *_SHARED]
    within, bounds = _between("i", span)
    changing = [name for name in names if name != "customer_id"]
    assigned = ", ".join(f"{name} = excluded.{name}" for name in changing)
    compared = [name for name in changing if name != "run"]
    differs = " OR ".join(f"{_TABLE}.{name} IS DISTINCT FROM excluded.{name}" for name in compared)
    casts = ("varchar", "date", "date", "date", "varchar", "bigint")
    marks = ", ".join(f"CAST(%s AS {kind})" if connection.vendor == "postgresql" else "%s" for kind in casts)
    sql = (
        f"INSERT INTO {_TABLE} ({', '.join(names)}) "  # noqa: S608
        f"SELECT {', '.join(f'i.{name}' for name in own)}, {marks} FROM {_INCOMING} i WHERE 1 = 1{within} ORDER BY i.rank "
        f"ON CONFLICT (customer_id) DO UPDATE SET {assigned} WHERE {differs}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*measure, *bounds])


def _blank_others(measure: Measure, span: tuple[int, int] | None) -> int:
    """Blank the standing of customers without a row in this measurement and keep that as a movement."""
    within, bounds = _between("s", span)
    missing = (
        f"NOT EXISTS (SELECT 1 FROM {_INCOMING} i WHERE i.customer_id = s.customer_id) "  # noqa: S608
        f"AND (s.order_count <> 0 OR s.net_revenue_minor <> 0 OR s.tier <> ''){within}"
    )
    emptied = ", ".join(f"{name} = {_BLANK.get(name, 'NULL')}" for name in StandingRow._fields[1:])
    shared = ", ".join(f"{name} = %s" for name in _SHARED)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_HISTORY} (customer_id, at, as_of, from_tier, to_tier, from_abc, to_abc, from_level, "  # noqa: S608
            "to_level, from_net_minor, to_net_minor, run) SELECT s.customer_id, %s, %s, s.tier, '', s.abc, '', "
            f"s.level, '', s.net_revenue_minor, 0, %s FROM {_TABLE} s WHERE {missing}",
            [_moment(), measure.as_of, measure.run, *bounds],
        )
        moved = max(cursor.rowcount, 0)
        cursor.execute(
            f"UPDATE {_TABLE} AS s SET {emptied}, {shared} WHERE {missing}",  # noqa: S608
            [*measure, *bounds],
        )
    return moved


def _moment() -> Any:
    """The time as the database adapter takes it in plain SQL."""
    return connection.ops.adapt_datetimefield_value(clock.now())
