"""What bringing the database up to this program will do: said before it is done, and backed up before if so set."""

import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.core import clock
from guanxi.core.actor import console_actor
from guanxi.core.backup.scope import migrations_of_newer
from guanxi.core.errors import Unavailable
from guanxi.core.models.backups import BackupRun, RunReason

logger = logging.getLogger("guanxi.upgrade")

VERIFIED_DAYS = 7
SPARE_BYTES = 100 << 20
FOLDER_VARIABLE = "GUANXI_BACKUP_BEFORE_UPGRADE"


class Effect(StrEnum):
    """What a step does to the rows that stand."""

    QUICK = "quick"
    READS = "reads"
    WRITES = "writes"
    REMOVES = "removes"


@dataclass(frozen=True)
class Step:
    """One operation of one migration."""

    migration: str
    what: str
    table: str
    rows: int
    effect: Effect

    @property
    def sentence(self) -> str:
        """What it does, in words."""
        if self.effect == Effect.QUICK:
            return ""
        if not self.table:
            return _("writes rows; how many, it does not say beforehand")
        told = {"table": self.table, "rows": self.rows}
        if self.effect == Effect.READS:
            return _("reads %(table)s (about %(rows)d rows); writers to it wait meanwhile") % told
        if self.effect == Effect.WRITES:
            return _("may write every row of %(table)s (about %(rows)d); others wait for it meanwhile") % told
        return _("removes what is in it (%(table)s, about %(rows)d rows)") % told


@dataclass(frozen=True)
class Plan:
    """Everything that an upgrade will do, and what stands in its way."""

    steps: tuple[Step, ...]
    migrations: tuple[str, ...]
    unknown: tuple[str, ...]
    needed_bytes: int
    free_bytes: int
    verified_at: Any
    is_empty: bool

    @property
    def obstacles(self) -> list[str]:
        """What should be seen to before."""
        found = []
        if self.unknown:
            text = _("The database was made by a newer version: it has %(names)s. Install that version.")
            found.append(text % {"names": ", ".join(self.unknown[:3])})
        if self.migrations and self.needed_bytes > self.free_bytes:
            told = {"needed": self.needed_bytes >> 20, "free": self.free_bytes >> 20}
            found.append(_("The disk has too little room: about %(needed)d MB are needed, %(free)d are free.") % told)
        if self.migrations and not self.is_empty and self.verified_at is None:
            text = _("No backup of the last %(days)d days was verified: run guanxi backup FILE --verify first.")
            found.append(text % {"days": VERIFIED_DAYS})
        return found


def plan() -> Plan:
    """Look at what is still to be done."""
    executor = MigrationExecutor(connection)
    todo = [migration for migration, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    is_empty = not any(app == "core" for app, _name in executor.loader.applied_migrations)
    steps = () if is_empty else tuple(_steps(executor, todo))
    return Plan(
        steps=steps,
        migrations=tuple(f"{one.app_label}.{one.name}" for one in todo),
        unknown=migrations_of_newer(executor.loader),
        needed_bytes=SPARE_BYTES + _size_of({step.table for step in steps if step.effect == Effect.WRITES}),
        free_bytes=shutil.disk_usage(settings.DATA_DIR).free,
        verified_at=None if is_empty else _verified_at(),
        is_empty=is_empty,
    )


def _steps(executor: MigrationExecutor, todo: list[Migration]) -> Iterator[Step]:
    """Every operation in order, with the tables as they are named then."""
    if not todo:
        return
    state = executor.loader.project_state(
        [key for key in executor.loader.applied_migrations if key in executor.loader.graph.nodes]
    )
    standing = set(connection.introspection.table_names())
    for migration in todo:
        name = f"{migration.app_label}.{migration.name}"
        for outer in migration.operations:
            for operation in _flat([outer]):
                table = _table_of(operation, state, migration.app_label)
                rows = _rows_of(table) if table in standing else 0
                effect = _effect(operation) if table in standing or not table else Effect.QUICK
                yield Step(name, _described(operation), table, rows, effect)
            outer.state_forwards(migration.app_label, state)


def _flat(operations: list[Operation]) -> Iterator[Operation]:
    """Operations that touch the database; those inside a separation stand for it."""
    for operation in operations:
        if type(operation).__name__ == "SeparateDatabaseAndState":
            yield from _flat(operation.database_operations)  # type: ignore[attr-defined]
        else:
            yield operation


def _described(operation: Operation) -> str:
    """An operation in a few words: Django's own, or the first line of what the code says of itself."""
    code = getattr(operation, "code", None)
    if code is not None and code.__doc__:
        return code.__doc__.strip().partition("\n")[0].rstrip(".")
    sql = getattr(operation, "sql", None)
    if isinstance(sql, str):
        return " ".join(sql.split())[:100]
    return operation.describe()


def _table_of(operation: Operation, state: Any, app: str) -> str:
    """The table an operation is about; '' when it does not say."""
    name = getattr(operation, "model_name", None) or getattr(operation, "name", None)
    model = state.models.get((app, str(name).lower())) if name else None
    if model is not None:
        return str(model.options.get("db_table") or f"{app}_{str(name).lower()}")
    return ""


def _effect(operation: Operation) -> Effect:
    """How an operation touches the rows of its table."""
    kind, is_sqlite = type(operation).__name__, connection.vendor == "sqlite"
    if kind in {"DeleteModel", "RemoveField"}:
        return Effect.REMOVES
    if kind in {"AddIndex", "AddIndexConcurrently"}:
        return Effect.READS
    if kind in {"AddConstraint", "RemoveConstraint"}:
        return Effect.WRITES if is_sqlite else Effect.READS
    if kind == "AddField":
        field = operation.field  # type: ignore[attr-defined]
        is_plain = field.null and not field.has_default() and not field.unique and not field.is_relation
        return Effect.WRITES if is_sqlite and not is_plain else Effect.QUICK
    if kind in {"AlterField", "AlterUniqueTogether", "RunPython", "RenameField"}:
        return Effect.WRITES
    return Effect.QUICK


def _rows_of(table: str) -> int:
    """About how many rows a table has."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT GREATEST(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass(%s)", [f'"{table}"']
            )
        else:
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _size_of(tables: set[str]) -> int:
    """The room that tables take once more while they are written anew."""
    if not tables:
        return 0
    if connection.vendor == "sqlite":
        # The new table and the log both hold it; which part of the file it is, not every SQLite can say.
        return 2 * Path(str(settings.DATABASES["default"]["NAME"])).stat().st_size
    with connection.cursor() as cursor:
        names = [f'"{table}"' for table in tables if table]
        cursor.execute(
            "SELECT COALESCE(SUM(pg_total_relation_size(to_regclass(name))), 0) FROM unnest(%s::text[]) AS name",
            [names],
        )
        return int(cursor.fetchone()[0])


def _verified_at() -> Any:
    """When a recent backup was verified; None when none was, or the schema is too old to know."""
    if BackupRun._meta.db_table not in connection.introspection.table_names():
        return None
    since = clock.now() - timedelta(days=VERIFIED_DAYS)
    found = BackupRun.objects.filter(made_at__gte=since, verified_at__isnull=False, is_masked=False)
    return found.order_by("-verified_at").values_list("verified_at", flat=True).first()


def told(todo: Plan) -> list[str]:
    """The plan in words."""
    if not todo.migrations:
        return [_("The database is up to date: nothing is to be done."), *todo.obstacles]
    count = len(todo.migrations)
    text = ngettext(
        "%(count)d change of the tables is to be made:", "%(count)d changes of the tables are to be made:", count
    )
    lines = [text % {"count": count}]
    for migration in todo.migrations:
        steps = [step for step in todo.steps if step.migration == migration]
        quick = sum(step.effect == Effect.QUICK for step in steps)
        text = ngettext(
            "%(count)d quick step, for which nobody waits", "%(count)d quick steps, for which nobody waits", quick
        )
        lines.append(f"  {migration}" + (f": {text % {'count': quick}}" if quick else ""))
        lines += [f"    {step.what}: {step.sentence}" for step in steps if step.effect != Effect.QUICK]
    if todo.verified_at is not None:
        at = todo.verified_at.astimezone(clock.company_zone()).strftime("%Y-%m-%d %H:%M")
        lines.append(_("A recent backup was verified at %(at)s.") % {"at": at})
    return [*lines, *todo.obstacles]


def as_json(todo: Plan) -> dict[str, Any]:
    """The plan for programs."""
    return {
        "ok": not todo.obstacles,
        "migrations": list(todo.migrations),
        "steps": [
            {"migration": one.migration, "what": one.what, "table": one.table, "rows": one.rows, "effect": one.effect}
            for one in todo.steps
        ],
        "needed_bytes": todo.needed_bytes,
        "free_bytes": todo.free_bytes,
        "verified_at": todo.verified_at.isoformat() if todo.verified_at else None,
        "obstacles": todo.obstacles,
    }


def announce_and_back_up() -> None:
    """Before new code changes an older database: say what it will do, and make a backup where that is set."""
    todo = plan()
    if todo.unknown:
        raise Unavailable(todo.obstacles[0])
    if not todo.migrations or todo.is_empty:
        return
    for line in told(todo):
        logger.warning(line)
    folder = os.environ.get(FOLDER_VARIABLE, "").strip()
    if not folder:
        return
    from guanxi.core.backup import given_keys, runs  # slow to load, and seldom needed
    from guanxi.core.backup.keys import Locks

    path = Path(folder) / f"guanxi-before-upgrade-{clock.now():%Y%m%d-%H%M%S}.guanxi"
    locks = Locks(passphrase=given_keys.passphrase(None))
    made = runs.back_up(path, actor=console_actor(), locks_on=locks, reason=RunReason.UPGRADE)
    told_rows = {"path": path, "rows": made.rows}
    logger.warning(_("Backed up before the upgrade: %(path)s (%(rows)d rows).") % told_rows)
