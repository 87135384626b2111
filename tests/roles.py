"""The roles every company starts with stand again after a test that emptied the tables."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


def pytest_configure() -> None:
    """Listen for tables being emptied."""
    post_migrate.connect(write_roles, dispatch_uid="tests.roles")


def write_roles(sender: AppConfig, **how: object) -> None:
    """Write the roles when Django says that it emptied the tables; a migration, which has a plan, writes its own."""
    if sender.label == "core" and "plan" not in how:
        import_module("guanxi.core.migrations.0002_roles").make_roles(apps, None)
        import_module("guanxi.core.migrations.0004_compare_value").let_compare(apps, None)
