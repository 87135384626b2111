"""The tables of an empty database are those that Django's own way makes, and so are the rows in them."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.installation import Maker

DJANGOS_WAY = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
"""


def told(path: Path) -> dict[str, object]:
    """Every table and index as SQLite has it, and the rows of every table without their moments."""
    with closing(sqlite3.connect(path)) as database:
        made = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()
        found: dict[str, object] = {"schema": made}
        for kind, name, _table, sql in made:
            if kind == "table" and not sql.startswith("CREATE VIRTUAL"):
                rows = database.execute(f'SELECT * FROM "{name}"').fetchall()
                found[name] = [[value for value in row if not str(value).startswith("20")] for row in rows]
    return found


@pytest.mark.full
def test_an_empty_database_gets_what_djangos_own_way_makes(
    installations: Maker, migrated_file: Path, tmp_path: Path
) -> None:
    plain = installations.empty(tmp_path / "plain")
    environment = plain.environment | {"DJANGO_SETTINGS_MODULE": "guanxi.project.settings"}
    subprocess.run([sys.executable, "-c", DJANGOS_WAY], env=environment, check=True)
    made, wanted = told(migrated_file), told(plain.data / "guanxi.sqlite3")
    assert len(made) > 100
    assert made == wanted
