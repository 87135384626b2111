"""What an upgrade will do is said before, and backed up before where that is set."""

import shutil
from pathlib import Path

import pytest
from django.db import connection

from guanxi.core.backup import places, reading, restoring
from guanxi.core.backup.keys import Keys
from guanxi.core.errors import Unavailable
from guanxi.project import upgrading
from tests.installation import Installation
from tests.schemas import landed

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_up_to_date_database_has_nothing_to_do() -> None:
    todo = upgrading.plan()
    assert todo.migrations == ()
    assert todo.obstacles == []
    assert upgrading.told(todo) == ["The database is up to date: nothing is to be done."]


def test_what_is_missing_is_told_with_what_it_touches_and_what_stands_in_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without a verified backup, and without room."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'customers' AND name = '0004_stroke_key'")
    try:
        monkeypatch.setattr(upgrading.MigrationExecutor, "migration_plan", _only_stroke_key)
        monkeypatch.setattr(upgrading.shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(1, 1, 1))
        todo = upgrading.plan()
        text = "\n".join(upgrading.told(todo))
        assert "customers.0004_stroke_key" in text
        assert "customers_customer" in text
        assert any("too little room" in one for one in todo.obstacles)
        assert any("No backup" in one for one in todo.obstacles)
        assert upgrading.as_json(todo)["ok"] is False
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('customers', '0004_stroke_key', %s)",
                ["2026-01-01 00:00:00+00:00"],
            )


def _only_stroke_key(self, _targets):
    """The plan of a database that lacks one migration."""
    return [(self.loader.graph.nodes["customers", "0004_stroke_key"], False)]


def test_a_database_of_a_newer_version_is_not_touched() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '0999_later', %s)",
            ["2026-01-01 00:00:00+00:00"],
        )
    try:
        assert any("newer version" in one for one in upgrading.plan().obstacles)
        with pytest.raises(Unavailable, match="newer version"):
            upgrading.announce_and_back_up()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '0999_later'")


@pytest.mark.full
def test_new_code_on_an_older_database_says_what_it_does_and_backs_up_first(
    empty_guanxi: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first landed schema: `check --upgrade` tells, `up` backs up, then upgrades, then serves."""
    dump = landed.dumps()[0]
    if empty_guanxi.database_url:
        pytest.skip("the way of an older database into place is shown on SQLite")
    monkeypatch.setattr(restoring, "call_command", lambda *_words, **_options: None)
    monkeypatch.setattr(restoring, "_derive", lambda: None)
    monkeypatch.setattr(restoring.after_restore, "_items", {})
    with places.default_database(places._sqlite_at(empty_guanxi.data / "guanxi.sqlite3") | {"OPTIONS": {}}):
        restoring.restore(dump, keys=Keys())
    found = empty_guanxi.run("check", "--upgrade", expect=1)
    assert "core.0005_history" in found.out
    assert "No backup" in found.out
    folder = tmp_path / "before"
    folder.mkdir()
    empty_guanxi.settings["GUANXI_BACKUP_BEFORE_UPGRADE"] = str(folder)
    server = empty_guanxi.serve()
    try:
        assert "core.0005_history" in server.log
        assert "Backed up before the upgrade" in server.log
    finally:
        server.stop()
    (made,) = folder.iterdir()
    with reading.opened(made, Keys()) as backup:
        assert ("core", "0005_history") not in backup.manifest.migrations
    assert empty_guanxi.json("check", "--upgrade", expect=0)["migrations"] == []
