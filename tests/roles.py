"""Roles that every company starts with, for tests after one that emptied the tables."""

from importlib import import_module

import pytest
from django.apps import apps


@pytest.fixture(autouse=True)
def _built_in_roles(request: pytest.FixtureRequest) -> None:
    """Write the built-in roles again: tests with transactions of their own leave the database empty."""
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" not in request.fixturenames and not (marker and marker.kwargs.get("transaction")):
        return
    request.getfixturevalue("transactional_db")
    import_module("guanxi.core.migrations.0002_roles").make_roles(apps, None)
