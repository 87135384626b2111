"""Where a backup is restored to: the installation's own database when it is empty, or a scratch place thrown away after."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps as live_apps
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.utils import load_backend
from django.utils.translation import gettext as _

from guanxi.core.backup.errors import NotEmpty
from guanxi.core.backup.scope import tables_of
from guanxi.core.errors import Busy
from guanxi.core.leases import database_now
from guanxi.core.models.jobs import Worker

MARK = "guanxi_restore"
SCRATCH = "restoring-"
# Migrations put rows into these: they say nothing of whether somebody has begun to work.
SEEDED = {"core_role", "core_rolepermission", "core_parameter", "customers_purpose", "customers_legalparameter"}
SEEDED |= {"workflow_rule", "service_cause", "service_remedykind"}
SEEDED |= {"service_slapolicy", "service_slatarget", "service_escalationstep"}
WORKER_SILENT_SECONDS = 60
_FAST = (
    "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-131072; "
    "PRAGMA temp_store=FILE;"
)


@contextlib.contextmanager
def default_database(address: dict[str, Any]) -> Iterator[Any]:
    """Have this thread's default connection lead to another database for the block."""
    before = connections["default"]
    wrapper = load_backend(address["ENGINE"]).DatabaseWrapper(address, "default")
    connections["default"] = wrapper
    try:
        yield wrapper
    finally:
        wrapper.close()
        connections["default"] = before


def _sqlite_at(path: Path) -> dict[str, Any]:
    """The settings of a SQLite database in the making: fast, and not meant to survive a crash."""
    own = replace(settings.CONFIG, database_url="", direct_database_url="").django_database()
    options = dict(own["OPTIONS"]) | {"init_command": _FAST}  # type: ignore[call-overload]
    address = deepcopy(connections["default"].settings_dict)
    return address | {"ENGINE": own["ENGINE"], "NAME": str(path), "OPTIONS": options, "CONN_HEALTH_CHECKS": False}


def is_interrupted() -> bool:
    """Whether a restore into this database was begun and never ended (SQLite: it never shows)."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [MARK])
        return cursor.fetchone()[0] is not None


def refuse_unless_empty() -> None:
    """Raise NotEmpty when somebody has begun to work here, Busy when the program runs."""
    if is_interrupted():
        return
    with connection.cursor() as cursor:
        standing = set(connection.introspection.table_names(cursor))
        for table in tables_of(live_apps):
            if table.name in SEEDED or table.name not in standing:
                continue
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table.name}")')  # noqa: S608
            if cursor.fetchone()[0]:
                told = _("This Guanxi is not empty (%(table)s has rows). A backup is restored into an empty one only.")
                raise NotEmpty(told % {"table": table.name})
    if Worker._meta.db_table in standing:
        since = database_now() - timedelta(seconds=WORKER_SILENT_SECONDS)
        if Worker.objects.filter(seen_at__gte=since).exists():
            raise Busy(_("Guanxi is running on this database: stop it before a backup is restored."))


@contextlib.contextmanager
def own_database() -> Iterator[None]:
    """The installation's own database, to be filled: it stays what it was (SQLite) or is marked (PostgreSQL) on failure."""
    if connection.vendor == "sqlite":
        with _beside() as path, default_database(_sqlite_at(path)):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TABLE IF NOT EXISTS "{MARK}" (begun_at timestamptz NOT NULL DEFAULT now())')
    _drop_tables()
    yield
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE "{MARK}"')


def _drop_tables() -> None:
    """Take away the tables of an empty Guanxi, those of its schema and those of this program; no others."""
    loader = MigrationLoader(connection)
    known = [
        live_apps,
        loader.project_state([key for key in loader.applied_migrations if key in loader.graph.nodes]).apps,
    ]
    names = {model._meta.db_table for apps in known for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        standing = set(connection.introspection.table_names(cursor))
        for name in sorted((names | {"django_migrations"}) & standing):
            cursor.execute(f'DROP TABLE IF EXISTS "{name}" CASCADE')


@contextlib.contextmanager
def _beside() -> Iterator[Path]:
    """A file beside the SQLite database that takes its place when the block ends well."""
    target = Path(connection.settings_dict["NAME"])
    for old in target.parent.glob(f"{SCRATCH}*.sqlite3*"):
        old.unlink(missing_ok=True)  # left by a restore that died
    connection.close()
    _let_go(target)
    path = target.with_name(f"{SCRATCH}{os.getpid()}.sqlite3")
    try:
        path.touch(mode=0o600)
        yield path
        _settle(path)
        _let_go(target)
        os.replace(path, target)
    finally:
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink(missing_ok=True)


def _let_go(target: Path) -> None:
    """Make sure that no program has the database open, and that no log of it is left behind."""
    if not target.exists():
        return
    raw = sqlite3.connect(target, isolation_level=None, timeout=2)
    try:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        mode = raw.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError:
        mode = "wal"
    finally:
        raw.close()
    if mode == "wal":
        raise Busy(_("Another program has the database open: stop it before a backup is restored."))


def _settle(path: Path) -> None:
    """Have a finished database on the disk, in the mode that it is used in."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


@contextlib.contextmanager
def scratch() -> Iterator[str]:
    """A place of no consequence: a database on the same PostgreSQL where that is allowed, else a SQLite file; its name."""
    name = _scratch_on_server() if connection.vendor == "postgresql" else ""
    if name:
        address = deepcopy(connections["default"].settings_dict) | {"NAME": name}
        try:
            with default_database(address):
                yield "PostgreSQL"
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        return
    folder = Path(tempfile.mkdtemp(prefix="drill-", dir=settings.DATA_DIR))
    try:
        with default_database(_sqlite_at(folder / "scratch.sqlite3")):
            yield "SQLite"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _scratch_on_server() -> str:
    """Make a database for a drill; empty where we may not, or may not reach it."""
    name = f"guanxi_drill_{uuid4().hex[:12]}"
    if connection.in_atomic_block:
        return ""
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    except DatabaseError:
        return ""
    try:
        address = deepcopy(connections["default"].settings_dict) | {"NAME": name}
        with default_database(address) as other:
            other.ensure_connection()
    except DatabaseError:  # a pooler that knows its databases by name
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        return ""
    return name


def sweep_scratch(folder: Path) -> None:
    """Remove what drills that died left in the data folder."""
    for old in folder.glob("drill-*"):
        shutil.rmtree(old, ignore_errors=True)
