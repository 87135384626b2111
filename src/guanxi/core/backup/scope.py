"""What a backup holds: every table of every module but those that only mean something while the system runs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps as live_apps
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext_lazy as _

from guanxi.core.backup import codecs, errors
from guanxi.core.registry import Registry


@dataclass(frozen=True)
class LeftOut:
    """A table that is not carried, and why."""

    table: str
    why: Any


@dataclass(frozen=True)
class Narrowed:
    """A table of which some rows are carried, or some columns otherwise than they stand (SQL of both databases)."""

    table: str
    where: str
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Contents:
    """Bytes that lie beside the database: a column of a table names them by their SHA-256."""

    key: str
    table: str
    column: str
    path_of: Callable[[str], Path]


@dataclass(frozen=True)
class Table:
    """One table with the kinds of its columns."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: str

    def as_json(self) -> dict[str, Any]:
        """As the manifest tells it."""
        return {"table": self.name, "columns": [list(pair) for pair in self.columns], "key": self.key}


left_out: Registry[LeftOut] = Registry("tables left out of backups")
narrowed: Registry[Narrowed] = Registry("tables narrowed in backups")
contents: Registry[Contents] = Registry("contents in backups")


def leave_out(table: str, why: Any) -> None:
    """Say that a table is not carried; the reason is shown to whoever asks what a backup holds."""
    left_out.add(table, LeftOut(table, why))


def narrow(table: str, *, where: str, columns: Mapping[str, str] | None = None) -> None:
    """Say which rows of a table are carried, and which columns hold something else in the backup."""
    narrowed.add(table, Narrowed(table, where, columns or {}))


def add_contents(one: Contents) -> None:
    """Say that bytes beside the database belong to a table."""
    contents.add(one.key, one)


_RUNNING = _("It means something only while the system runs.")
for _name in ("core_lock", "core_worker", "core_livemessage", "core_schedule", "core_checkresult"):
    leave_out(_name, _RUNNING)
for _name in ("people_throttle", "people_usedassertion", "integration_keptanswer"):
    leave_out(_name, _RUNNING)
for _name in ("django_session", "core_session"):
    leave_out(_name, _("Everybody signs in anew."))
leave_out("core_customfieldindex", _("Indexes are built anew."))
leave_out("django_content_type", _("It is made anew by the program."))
for _name in ("auth_permission", "auth_group_permissions", "auth_group"):
    leave_out(_name, _("Guanxi does not use it."))
# Backups of a moment ago and their own traces say nothing in another place.
narrow("core_backuprun", where="state <> 'running'")
# Work in hand begins again, as after a crash: jobs are made to be done at least once.
narrow(
    "core_job",
    where="status IN ('READY', 'RUNNING') AND task NOT LIKE 'guanxi.core.backup.%'",
    columns={
        "status": "'READY'",
        "unique_key": "CASE WHEN status = 'READY' THEN unique_key END",
        "lease_by": "''",
        "lease_until": "NULL",
    },
)


def tables_of(apps: Any) -> list[Table]:
    """The carried tables of a set of models, those of today or of an earlier schema, by name."""
    found: dict[str, Table] = {}
    for model in apps.get_models(include_auto_created=True, include_swapped=False):
        meta = model._meta
        if not meta.managed or meta.proxy or meta.db_table in left_out or meta.db_table in found:
            continue
        fields = [one for one in meta.concrete_fields if not getattr(one, "generated", False)]
        columns = tuple((one.column, codecs.kind_of(one)) for one in fields)
        found[meta.db_table] = Table(meta.db_table, columns, meta.pk.column)
    return [found[name] for name in sorted(found)]


def schema_of(connection: Any) -> tuple[list[tuple[str, str]], list[Table], bool]:
    """The migrations a database has, its carried tables, and whether it is at the schema of this program."""
    loader = MigrationLoader(connection)
    if newer := migrations_of_newer(loader):
        raise errors.newer_database(newer)
    applied = sorted(key for key in loader.applied_migrations if key in loader.disk_migrations)
    is_current = set(loader.graph.leaf_nodes()) <= set(applied)
    apps = live_apps if is_current else loader.project_state(leaves_of(loader, applied)).apps
    return applied, tables_of(apps), is_current


def migrations_of_newer(loader: MigrationLoader) -> tuple[str, ...]:
    """The applied migrations of our apps that this program lacks: a newer one changed the tables."""
    ours = {app for app, _name in loader.disk_migrations}
    return tuple(
        f"{app}.{name}"
        for app, name in sorted(loader.applied_migrations)
        if app in ours and (app, name) not in loader.disk_migrations
    )


def leaves_of(loader: MigrationLoader, applied: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The applied migrations on which no other applied one rests."""
    standing = set(applied)
    nodes = loader.graph.node_map
    return [key for key in sorted(standing) if not any(child.key in standing for child in nodes[key].children)]
