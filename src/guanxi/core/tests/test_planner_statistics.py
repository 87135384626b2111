"""The planner of the database knows what the tables hold, connections that stand open among those who ask it."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from guanxi.core import housekeeping, planner_statistics

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = "SELECT * FROM planned WHERE number = 3 AND colour = 4"


@pytest.fixture
def planned() -> Iterator[None]:
    """A table with an index that tells rows apart and, made later, one that does not; counted while it was empty."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE planned (id INTEGER PRIMARY KEY, number INTEGER, colour INTEGER)")
        cursor.execute("CREATE INDEX planned_number ON planned (number)")
        cursor.execute("CREATE INDEX planned_colour ON planned (colour)")
        cursor.execute("ANALYZE")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE planned")


def fill(rows: int = 20_000) -> None:
    """All rows have one colour and a number of their own."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO planned (id, number, colour) VALUES (%s, %s, 4)", [(n, n) for n in range(1, rows + 1)]
        )


def counted() -> int:
    """How many rows the planner believes the table to have."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'planned'")
        else:
            cursor.execute("SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = 'planned'")
        return int(cursor.fetchone()[0] or 0)


def test_a_connection_that_stands_open_plans_by_what_is_there_now(planned: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("connections of PostgreSQL share what is known")
    other: Any = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, cached_statements=0)

    def plan() -> str:
        """How it goes about the question, which it has just put: to explain alone does not look at the schema."""
        other.execute(ASKED).fetchall()
        return str(other.execute(f"EXPLAIN QUERY PLAN {ASKED}").fetchall())

    try:
        assert "planned_colour" in plan()
        fill()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        assert "planned_colour" in plan(), "it would have learned of it by itself"
        housekeeping.refresh_planner_statistics.call()
        assert "planned_number" in plan()
    finally:
        other.close()


def test_what_was_counted_when_it_was_empty_is_counted_again(planned: None) -> None:
    fill()
    assert counted() < 10_000
    housekeeping.refresh_planner_statistics.call()
    assert counted() >= 10_000


def test_many_new_rows_are_counted_at_once_and_few_are_not(planned: None) -> None:
    fill()
    planner_statistics.refresh_after(planner_statistics.MANY_ROWS - 1)
    assert counted() < 10_000
    planner_statistics.refresh_after(planner_statistics.MANY_ROWS)
    assert counted() >= 10_000
