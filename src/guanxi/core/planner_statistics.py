"""What the database's planner knows of the tables: brought up to date, since nothing else does it on SQLite.

SQLite counts only when asked, and a connection that stands open goes on with what it knew when it last read the
schema. PostgreSQL counts by itself within a minute or so; what it has not yet counted is counted here.
"""

import logging
import time

from django.db import DatabaseError, connection, transaction

logger = logging.getLogger("guanxi.planner_statistics")

# After so many new rows plans may have become bad ones.
MANY_ROWS = 10_000
# SQLite has one writer, who is kept out while one table is counted and let in before the next when that took longer.
PAUSE_SECONDS = 0.05
_BEHIND = (
    "SELECT relname FROM pg_stat_user_tables "
    "WHERE schemaname = current_schema() AND n_mod_since_analyze > 50 + n_live_tup / 10"
)
# A table that comes and goes: the change of the schema that makes open connections read what was found.
_SIGN = "core_planner_statistics"


def refresh(*tables: str, is_whole: bool = False) -> float:
    """Count these tables anew, else those that need it (all of them with `is_whole`); how many seconds it took."""
    started = time.monotonic()
    if connection.vendor == "sqlite":
        _refresh_sqlite(tables)
    else:
        _refresh_postgresql(tables, is_whole=is_whole)
    seconds = time.monotonic() - started
    logger.info("statistics for the planner took %.2f s", seconds)
    return seconds


def refresh_after(rows: int) -> None:
    """Count after so many new rows, if they are many; what was written stands whether this succeeds or not."""
    if rows >= MANY_ROWS:
        try:
            refresh()
        except DatabaseError:
            logger.warning("the planner's statistics could not be refreshed", exc_info=True)


def _refresh_sqlite(tables: tuple[str, ...]) -> None:
    """Count whole indexes, a table at a time, and tell the connections that stand open.

    Counting only the beginning of each index (`PRAGMA analysis_limit`) takes a moment, but tells tables of a million
    rows apart by a factor of eight that is not there, and a list is then sorted as a whole instead of read by an index.
    """
    with connection.cursor() as cursor:
        if not tables:
            cursor.execute("SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'index' ORDER BY tbl_name")
            tables = tuple(name for (name,) in cursor.fetchall())
        for table in tables:
            begun = time.monotonic()
            with transaction.atomic():
                cursor.execute(f'ANALYZE "{table}"')
                refuse_skipping()
            if time.monotonic() - begun > PAUSE_SECONDS and not connection.in_atomic_block:
                time.sleep(PAUSE_SECONDS)
    _tell_connections()


def refuse_skipping() -> None:
    """Have SQLite skip through no index whose first column tells little apart: beside a Bloom filter it loses rows.

    Seen with 3.40.1, on a join with customers whose index of a custom field held one value. Written beside the counts
    that stand; a connection knows it when it opens or reads the counts anew.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        if "sqlite_stat1" in connection.introspection.table_names(cursor):
            cursor.execute(
                "UPDATE sqlite_stat1 SET stat = stat || ' noskipscan' WHERE idx IS NOT NULL AND instr(stat, 'noskipscan') = 0"
            )


def _tell_connections() -> None:
    """Have this connection and the others that stand open read what is known now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {_SIGN} (at INTEGER)")
        cursor.execute(f"DROP TABLE {_SIGN}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sqlite_master")


def _refresh_postgresql(tables: tuple[str, ...], *, is_whole: bool) -> None:
    """Count the tables that changed much since they were counted."""
    with connection.cursor() as cursor:
        if is_whole:
            cursor.execute("ANALYZE")
            return
        if not tables:
            # What this connection has done is told to the others' counters a moment later, else.
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute(_BEHIND)
            tables = tuple(name for (name,) in cursor.fetchall())
        for table in tables:
            cursor.execute(f'ANALYZE "{table}"')
