"""The database of the tests in one process: a copy of the one that is made once for the whole run.

Making it takes each process ten seconds. tests/plugin.py registers this after pytest-django, whose fixtures it replaces.
"""

from typing import TYPE_CHECKING

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
