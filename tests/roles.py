"""The rows that every company starts with (roles, purposes, legal parameters) stand again after a test that emptied the tables."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

# Each module's migrations that write rows, in their order, and the function that does.
WRITERS = {
    "core": (
        ("guanxi.core.migrations.0002_roles", "make_roles"),
        ("guanxi.core.migrations.0004_compare_value", "let_compare"),
        ("guanxi.core.migrations.0009_history_indexes", "let_agents_read"),
    ),
    "customers": (
        ("guanxi.customers.migrations.0005_merging", "let_managers_merge"),
        ("guanxi.customers.migrations.0007_privacy_rows", "make_rows"),
        ("guanxi.customers.migrations.0010_data_request_rows", "make_rows"),
        ("guanxi.customers.migrations.0012_legal_sources", "say_more"),
    ),
    "tasks": (("guanxi.tasks.migrations.0002_roles_have_tasks", "give"),),
}


def pytest_configure() -> None:
    """Listen for tables being emptied."""
    post_migrate.connect(write_rows, dispatch_uid="tests.roles")


def write_rows(sender: AppConfig, **how: object) -> None:
    """Write the rows when Django says that it emptied the tables; a migration, which has a plan, writes its own."""
    if "plan" not in how:
        for module, name in WRITERS.get(sender.label, ()):
            getattr(import_module(module), name)(apps, None)
