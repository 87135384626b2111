"""Makes the database what it should be: one process at a time, and a killed one is finished by the next."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from guanxi.core import planner_statistics
from guanxi.core.backup import places
from guanxi.core.errors import Unavailable
from guanxi.core.fresh_schema import new_models_alone


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; the system lets go of it when the process dies."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def alone() -> Iterator[None]:
    """No other process makes, upgrades or restores the database meanwhile."""
    with _file_lock(settings.DATA_DIR / "database.lock"):
        yield


def pending_migrations() -> list[str]:
    """Names of the migrations that the database still lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def ensure() -> bool:
    """Make or upgrade the database if need be; whether anything was done."""
    if places.is_interrupted():
        raise Unavailable(_("A restore was begun here and did not end: run guanxi restore again."))
    if not pending_migrations():
        return False
    with alone():
        if not pending_migrations():
            return False
        is_new = not MigrationRecorder(connection).has_table()
        with new_models_alone() if is_new else nullcontext():
            call_command("migrate", interactive=False, verbosity=0)
        if connection.vendor == "postgresql" and not is_new:
            # Of a column that a migration has just made the planner knows nothing, and would read whole tables.
            # Not of a new database: told that every table is empty, it would read whole ones as they fill.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        # What an earlier version counted.
        planner_statistics.refuse_skipping()
    make_private()
    return True


def make_private() -> None:
    """Only the owner may read the SQLite files."""
    for path in settings.DATA_DIR.glob("guanxi.sqlite3*"):
        path.chmod(0o600)
