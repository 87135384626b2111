"""The migrations are what the models say, and the rows that they write stand again after a test that emptied the tables."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader

from tests import roles


@pytest.mark.django_db
def test_no_migration_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail(f"models and migrations differ:\n{capsys.readouterr().out}")


def writers() -> Iterator[tuple[str, str, str]]:
    """Every function that a migration of ours runs: app, module, name; in the order of the migrations."""
    loader = MigrationLoader(None)
    for app, name in sorted(loader.disk_migrations):
        migration = loader.disk_migrations[(app, name)]
        if type(migration).__module__.startswith("guanxi."):
            for operation in migration.operations:
                if isinstance(operation, RunPython):
                    yield app, type(migration).__module__, operation.code.__name__


def test_every_migration_that_writes_rows_is_known_to_the_tests() -> None:
    """Tests that empty the tables would leave out the rows of one that is not listed, and those after them would fail."""
    found = list(writers())
    assert len(found) > 5
    for app, module, name in found:
        listed = (*roles.WRITERS.get(app, ()), *roles.OF_WHAT_STANDS.get(app, ()))
        assert (module, name) in listed, f"{module}.{name} is not in tests/roles.py: WRITERS, or OF_WHAT_STANDS"
    for listing in (roles.WRITERS, roles.OF_WHAT_STANDS):
        for app, pairs in listing.items():
            in_order = [(module, name) for of, module, name in found if of == app and (module, name) in pairs]
            assert list(pairs) == in_order, f"tests/roles.py: {app} lists others than there are, or in another order"
