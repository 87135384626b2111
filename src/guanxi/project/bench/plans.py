"""How the database goes about statements: what they go through, and how much of it they read."""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

# Instructions of SQLite's machine between two looks at how many there were.
STEP = 100
# About what one row that is looked at and passed over costs of them.
STEPS_A_ROW = 12
# Blocks in which PostgreSQL finds a row by its key, and those that may be needed to begin.
BLOCKS_A_ROW, SOME_BLOCKS = 8, 400
_ALIAS = r'"{table}" (?:AS )?"?((?!INNER\b|LEFT\b|WHERE\b|ORDER\b|ON\b|GROUP\b|LIMIT\b)\w+)"?'


@dataclass(frozen=True)
class Read:
    """One statement, as it was sent."""

    sql: str
    params: Any

    def names_of(self, tables: Collection[str]) -> set[str]:
        """What these tables are called in it."""
        named = {table for table in tables if table in self.sql}
        return named | {alias for table in named for alias in re.findall(_ALIAS.format(table=table), self.sql)}


@contextmanager
def statements() -> Iterator[list[Read]]:
    """The statements that are sent in the block."""
    from django.db import connection  # measuring starts without Django

    found: list[Read] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Note it and go on."""
        found.append(Read(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def scans(reads: Sequence[Read], tables: Collection[str], *, most: int, in_order: bool = False) -> list[str]:
    """What these statements, each once, go through of these tables, or read more than `most` rows of.

    With `in_order` an index may be walked from its beginning, where the rows come in the order asked for and the page
    ends the walk.
    """
    from django.db import connection

    found = []
    for read in {read.sql: read for read in reads}.values():
        names = read.names_of(tables)
        if names and read.sql.lstrip().startswith(("SELECT", "WITH")):
            ask = _of_sqlite if connection.vendor == "sqlite" else _of_postgresql
            found += ask(read, names, most, in_order)
    return found


def _of_sqlite(read: Read, names: set[str], most: int, in_order: bool) -> list[str]:
    """By the plan, and by what the statement does when it is run: the plan tells no numbers."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {read.sql}", read.params)
        plan = [row[3] for row in cursor.fetchall()]
        is_sorted = any("TEMP B-TREE FOR ORDER BY" in line for line in plan)
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'")
        indexed = dict(cursor.fetchall())
        found = []
        for line in plan:
            words = line.split()
            # Two sub-queries may call two tables the same; an index belongs to one.
            if words[0] != "SCAN" or words[1] not in names or indexed.get(words[-1], words[1]) not in names:
                continue
            if not in_order or is_sorted or "LIMIT" not in read.sql:
                found.append(line)
        steps = _steps(read)
    if in_order and steps > most * STEPS_A_ROW:
        found.append(f"{steps} steps: {plan}")
    return found


def _steps(read: Read) -> int:
    """How many instructions SQLite's machine takes for it."""
    from django.db import connection

    taken = 0

    def count() -> int:
        """So many more, and go on."""
        nonlocal taken
        taken += STEP
        return 0

    connection.connection.set_progress_handler(count, STEP)
    try:
        with connection.cursor() as cursor:
            cursor.execute(read.sql, read.params)
            cursor.fetchall()
    finally:
        connection.connection.set_progress_handler(None, STEP)
    return taken


def _of_postgresql(read: Read, names: set[str], most: int, in_order: bool) -> list[str]:
    """By what it did when it was run."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {read.sql}", read.params)
        return _too_much(cursor.fetchone()[0][0]["Plan"], names, most, in_order)


def _too_much(plan: dict[str, Any], names: set[str], most: int, in_order: bool) -> list[str]:
    """The nodes of a plan that read too much."""
    name, table = plan["Node Type"], plan.get("Relation Name", "")
    loops = plan.get("Actual Loops", 1)
    rows = plan.get("Rows Removed by Filter", 0) * loops
    is_too_much = name == "Seq Scan" or rows > most
    if in_order:
        rows += plan["Actual Rows"] * loops
        blocks = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        # An index that is gone through for a column that is not its first one gives few rows of many blocks.
        is_too_much = name == "Seq Scan" or rows > most or blocks > SOME_BLOCKS + BLOCKS_A_ROW * max(rows, loops)
    found = [f"{name} of {table}: {rows} rows"] if is_too_much and table in names and loops else []
    return found + [one for part in plan.get("Plans", []) for one in _too_much(part, names, most, in_order)]
