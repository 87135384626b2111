"""The database: does it answer, has it all tables, would it lose data, is it whole."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.core.checkup.findings import Finding, Level
from guanxi.core.checkup.registry import Check, Facts, register
from guanxi.core.database_away import reason

OLDEST_POSTGRESQL = 150000
WRAPAROUND = 1_500_000_000
NAMED = 5


def look_at_database() -> Facts:
    """Whether the database answers, and its version."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError) as error:
        return {"where": _where(), "error": reason(error)}
    return {"where": _where(), "error": "", "version": _version(), "lacks": _lacks()}


def _where() -> str:
    """The database's place, without user or password."""
    if connection.vendor == "sqlite":
        return str(settings.DATABASES["default"]["NAME"])
    parts = urlsplit(settings.CONFIG.database_url)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"


def _version() -> str:
    """The database's name and version."""
    if connection.vendor == "sqlite":
        from sqlite3 import sqlite_version  # the other database needs none of it

        return f"SQLite {sqlite_version}"
    return f"PostgreSQL {connection.pg_version // 10000}.{connection.pg_version % 10000}"  # type: ignore[attr-defined]


def _lacks() -> str:
    """What the database cannot do: `old`, `fts5`, `encoding`, or ''."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            if connection.pg_version < OLDEST_POSTGRESQL:  # type: ignore[attr-defined]
                return "old"
            cursor.execute("SHOW server_encoding")
            return "" if cursor.fetchone()[0] == "UTF8" else "encoding"
        cursor.execute("SELECT COUNT(*) FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'")
        return "" if cursor.fetchone()[0] else "fts5"


def tell_of_database(facts: Facts) -> Iterator[Finding]:
    """Does the database answer, can it do all we need?"""
    if facts["error"]:
        about = {"where": facts["where"], "reason": facts["error"]}
        text = _("The database at %(where)s does not answer: %(reason)s") % about
        remedy = _("Start it, or correct DATABASE_URL. Guanxi goes on by itself when it is back.")
        yield Finding("database", Level.PROBLEM, text, _("Nobody can work meanwhile; nothing is lost."), remedy)
        return
    version = {"version": facts["version"]}
    lacking = {
        "old": _("This PostgreSQL is too old: %(version)s; 15 or newer is needed."),
        "fts5": _("This Python's SQLite lacks full-text search (FTS5); use another build of Python or PostgreSQL."),
        "encoding": _(
            "This PostgreSQL database is not in UTF-8: make one with ENCODING 'UTF8' and restore a backup into it."
        ),
    }.get(facts["lacks"])
    if lacking:
        yield Finding("database", Level.PROBLEM, lacking % version)
    else:
        yield Finding("database", Level.OK, _("The database answers: %(database)s.") % {"database": facts["version"]})


def look_at_migrations() -> Facts:
    """How many changes of the tables are still to be made."""
    executor = MigrationExecutor(connection)
    return {"pending": len(executor.migration_plan(executor.loader.graph.leaf_nodes()))}


def tell_of_migrations(facts: Facts) -> Iterator[Finding]:
    """Has the database all tables?"""
    count = facts["pending"]
    if not count:
        yield Finding("migrations", Level.OK, _("The database has all its tables."))
        return
    text = ngettext(
        "%(count)d change of the database's tables is missing: stop the program and run guanxi up.",
        "%(count)d changes of the database's tables are missing: stop the program and run guanxi up.",
        count,
    ) % {"count": count}
    why = _("This version of Guanxi expects them; pages may fail.")
    yield Finding("migrations", Level.PROBLEM, text, why, "guanxi check --upgrade")


def look_at_durability() -> Facts:
    """Settings of the database under which what was saved can be lost."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            mode = str(cursor.fetchone()[0])
            return {"off": [] if mode in {"wal", "memory"} else [f"journal_mode={mode}"], "collation": False, "age": 0}
        cursor.execute(
            "SELECT name, setting FROM pg_settings"
            " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'autovacuum') AND setting = 'off'"
        )
        off = [f"{name}=off" for name, _setting in cursor.fetchall()]
        cursor.execute(
            "SELECT datcollversion IS NOT NULL AND datcollversion <> pg_database_collation_actual_version(oid),"
            " age(datfrozenxid) FROM pg_database WHERE datname = current_database()"
        )
        differs, age = cursor.fetchone()
    return {"off": sorted(off), "collation": bool(differs), "age": int(age)}


def tell_of_durability(facts: Facts) -> Iterator[Finding]:
    """Would the database lose what was saved?"""
    losing = [name for name in facts["off"] if name.partition("=")[0] != "autovacuum"]
    if losing:
        text = _("The database is set so that a power cut can lose or destroy data: %(settings)s.")
        # Without synchronous_commit the last moments go, and nothing else.
        level = Level.WARNING if losing == ["synchronous_commit=off"] else Level.PROBLEM
        why = _("What people have saved may be gone after the next power cut.")
        remedy = _("Switch these settings on again in the database's configuration.")
        yield Finding("durability", level, text % {"settings": ", ".join(losing)}, why, remedy)
    if "autovacuum=off" in facts["off"] or facts["age"] > WRAPAROUND:
        text = _("The database does not clean up after itself (autovacuum).")
        why = _("It grows and slows down, and stops one day.")
        level = Level.PROBLEM if facts["age"] > WRAPAROUND else Level.WARNING
        yield Finding("durability", level, text, why, "ALTER SYSTEM SET autovacuum = on; VACUUM")
    if facts["collation"]:
        text = _("The database's system sorts text otherwise than when its indexes were made.")
        why = _("Look-ups by text may miss rows that are there.")
        remedy = "REINDEX DATABASE; ALTER DATABASE ... REFRESH COLLATION VERSION"
        yield Finding("durability", Level.PROBLEM, text, why, remedy)
    if not facts["off"] and not facts["collation"] and facts["age"] <= WRAPAROUND:
        yield Finding("durability", Level.OK, _("What is saved stays saved, by the database's settings."))


def look_at_integrity() -> Facts:
    """What is broken inside the database; on SQLite every page of it is read."""
    broken = _broken_in_sqlite() if connection.vendor == "sqlite" else _broken_in_postgresql()
    return {name: [str(one)[:200] for one in rows[:NAMED]] for name, rows in broken.items()}


def _broken_in_sqlite() -> dict[str, list[Any]]:
    """Pages and indexes that do not fit together, rows that point at rows that are gone."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA quick_check({NAMED})")
        damage = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        loose = [f"{table} {number} → {parent}" for table, number, parent, _key in cursor.fetchmany(NAMED)]
    return {"damage": damage, "loose": loose, "indexes": []}


def _broken_in_postgresql() -> dict[str, list[Any]]:
    """Checksums that failed, keys that were never proved, indexes that are not used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()")
        failures = (cursor.fetchone() or [0])[0] or 0
        cursor.execute(
            "SELECT conrelid::regclass::text || ' ' || conname FROM pg_constraint WHERE NOT convalidated ORDER BY 1"
        )
        loose = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid OR NOT indisready ORDER BY 1"
        )
        indexes = [row[0] for row in cursor.fetchall()]
    return {"damage": [f"checksum failures: {failures}"] if failures else [], "loose": loose, "indexes": indexes}


def tell_of_integrity(facts: Facts) -> Iterator[Finding]:
    """Is the database whole?"""
    if facts["damage"]:
        text = _("The database is damaged: %(what)s") % {"what": "; ".join(facts["damage"])}
        remedy = _("Stop Guanxi, copy the database aside, restore the last good backup, and look at the disk.")
        yield Finding("integrity", Level.PROBLEM, text, _("Data are lost already, and more may be."), remedy)
    if facts["loose"]:
        text = _("Rows point at rows that are not there: %(what)s") % {"what": "; ".join(facts["loose"])}
        remedy = _("Somebody wrote to the database past Guanxi: restore what was removed, or a backup.")
        yield Finding("integrity", Level.PROBLEM, text, _("Pages that show them fail."), remedy)
    if facts["indexes"]:
        text = _("Indexes that do not work: %(what)s") % {"what": ", ".join(facts["indexes"])}
        why = _("Pages are slow, and double entries may come in.")
        yield Finding("integrity", Level.WARNING, text, why, "REINDEX INDEX CONCURRENTLY ...")
    if not any(facts.values()):
        yield Finding("integrity", Level.OK, _("The database is whole."))


register(
    Check("database", gettext_lazy("Database"), look_at_database, tell_of_database, needs_database=False), order=60
)
register(Check("migrations", gettext_lazy("Tables"), look_at_migrations, tell_of_migrations), order=61)
register(Check("durability", gettext_lazy("Safe saving"), look_at_durability, tell_of_durability), order=62)
register(
    Check(
        "integrity",
        gettext_lazy("Wholeness of the database"),
        look_at_integrity,
        tell_of_integrity,
        queue="long",
        every=timedelta(hours=23),
    ),
    order=63,
)
