"""From every schema that was landed to today's: each row is carried, pages open, nothing is wrong with it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from guanxi.core.backup import places, reading, restoring, scope
from guanxi.core.backup.keys import Keys
from guanxi.core.backup.snapshot import chunks, taken
from guanxi.core.checkup.examining import examine
from guanxi.core.checkup.findings import Level
from guanxi.core.models import User
from guanxi.customers.models import Customer
from tests.schemas import landed

# What migrations since have changed on purpose: table and column, and why.
CHANGED: dict[tuple[str, str], str] = {}
PAGES = ("/", "/customers/", "/settings/users", "/settings/calendars", "/imports/", "/value")


def test_landed_migrations_are_as_they_were() -> None:
    """Somebody's database has them already; a change of one needs a migration of its own."""
    standing = landed.standing()
    for path, digest in landed.landed().items():
        assert path in standing, f"{path} was landed and is gone: put it back"
        assert standing[path] == digest, f"{path} was landed and has changed: put it back, and write another migration"


def test_there_is_a_dump_of_the_first_landed_schema() -> None:
    names = [path.name for path in landed.dumps()]
    assert "2026-11-29-394d521.guanxi" in names
    assert sum(path.stat().st_size for path in landed.dumps()) < 300_000 * len(names)


@contextmanager
def empty_place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """An empty installation on the database of this run."""
    if connection.vendor == "sqlite":
        with places.default_database(places._sqlite_at(tmp_path / "guanxi.sqlite3") | {"OPTIONS": {}}):
            yield
        return
    cluster, name = request.getfixturevalue("postgres_cluster"), f"upgrade_{os.getpid()}"
    cluster.create(name)
    with places.default_database(deepcopy(connections["default"].settings_dict) | {"NAME": name}):
        yield
    cluster.drop(name)


def rows_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of a dump by column."""
    found: dict[str, list[dict[str, Any]]] = {}
    with reading.opened(path, Keys()) as backup:
        columns = {table.name: [name for name, _kind in table.columns] for table in backup.manifest.tables}
        for entry in backup.entries():
            if entry.what == "rows":
                name = entry.words["table"]
                found.setdefault(name, []).extend(
                    dict(zip(columns[name], json.loads(line), strict=True)) for line in entry.content.splitlines()
                )
    return found


def rows_now() -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row as it stands by table and key."""
    _applied, tables, is_current = scope.schema_of(connection)
    assert is_current
    found: dict[str, dict[Any, dict[str, Any]]] = {}
    with taken(connection, is_watched=False) as snapshot:
        for table in tables:
            names = [name for name, _kind in table.columns]
            lines = [line for chunk in chunks(snapshot, table) for line in chunk.lines.splitlines()]
            rows = [dict(zip(names, json.loads(line), strict=True)) for line in lines]
            found[table.name] = {row[table.key]: row for row in rows}
    return found


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dump", landed.dumps(), ids=lambda path: path.stem)
def test_every_row_of_an_earlier_schema_is_carried(
    dump: Path, tmp_path: Path, request: pytest.FixtureRequest, settings
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o700)
    before = rows_of(dump)
    with empty_place(tmp_path, request):
        restoring.restore(dump, keys=Keys())
        now = rows_now()
        keys = {table.name: table.key for table in scope.schema_of(connection)[1]}
        for table, rows in before.items():
            assert len(now[table]) >= len(rows), table
            for row in rows:
                after = now[table][row[keys[table]]]
                kept = {name: value for name, value in row.items() if name in after and (table, name) not in CHANGED}
                assert kept == {name: after[name] for name in kept}, table
        problems = [
            one
            for one in examine(with_long=False)
            if one.level == Level.PROBLEM and one.check in {"database", "migrations"}
        ]
        assert problems == []
        open_pages()


def open_pages() -> None:
    """The pages of the restored company, as its owner sees them."""
    client = Client()
    client.force_login(User.objects.get(username="ann"))
    person = Customer.objects.get(name="欧阳修")
    for address in (*PAGES, person.get_absolute_url()):
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
    assert "欧阳修" in client.get(person.get_absolute_url()).content.decode()
