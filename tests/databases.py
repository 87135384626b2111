"""The database of the tests in one process: a copy of the one that is made once for the whole run.

Making it takes each process ten seconds. tests/plugin.py registers this after pytest-django, whose fixtures it replaces.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # pytest loads it, as a plugin
    from tests.installation import Maker


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """What stands in its place is the copy; it goes with the folder of the run."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, installations: "Maker") -> None:
    """Put the copy where Django looks for the tests' database; that every migration is in it, Django sees itself."""
    from django.db import connection  # only now: the settings must be in place

    installations.copy_database(connection.creation._get_test_db_name())


@pytest.fixture(scope="session")
def migrated_file(installations: "Maker", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The migrated SQLite database, without a log beside it."""
    path = tmp_path_factory.mktemp("migrated") / "migrated.sqlite3"
    shutil.copy2(installations.prepared_data("migrated") / "guanxi.sqlite3", path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    return path


@pytest.fixture
def schema_at_hand(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty database gets the schema of today as a copy, not in ten seconds of migrations.

    For tests of what is done once the schema stands; of how it comes to be there are others.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    vendor = connection.vendor
    copy = _copy_into_file if vendor == "sqlite" else _copy_on_server
    source = request.getfixturevalue("migrated_file" if vendor == "sqlite" else "installations")
    migrate = MigrationExecutor.migrate

    def copied(self: Any, targets: Any, *args: Any, **options: Any) -> Any:
        """Migrate only where something stands already, where another schema is asked for, and on the other database."""
        graph = self.loader.graph
        last = {key for key, node in graph.node_map.items() if not node.children}
        is_whole = last <= set(targets) <= set(graph.leaf_nodes())
        if self.loader.applied_migrations or not is_whole or self.connection.vendor != vendor:
            return migrate(self, targets, *args, **options)
        copy(source, self.connection)
        return None

    monkeypatch.setattr(MigrationExecutor, "migrate", copied)


def _copy_into_file(source: Path, connection: Any) -> None:
    """Fill an empty SQLite database."""
    connection.ensure_connection()
    with closing(sqlite3.connect(source)) as database:
        database.backup(connection.connection)


def _copy_on_server(installations: "Maker", connection: Any) -> None:
    """Put a copy in the place of an empty PostgreSQL database; the sign of a restore stays."""
    from guanxi.core.backup import places

    assert installations.cluster is not None
    with connection.cursor() as cursor:
        is_marked = places.MARK in connection.introspection.table_names(cursor)
    connection.close()
    name = connection.settings_dict["NAME"]
    installations.cluster.drop(name)
    installations.copy_database(name)
    if is_marked:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE TABLE "{places.MARK}" (begun_at timestamptz NOT NULL DEFAULT now())')
