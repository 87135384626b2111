"""The rows that every company starts with (roles, purposes, legal parameters) stand again after a test that emptied the tables."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
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
    "routing": (("guanxi.routing.migrations.0002_roles_have_queues", "give"),),
    "workflow": (("guanxi.workflow.migrations.0002_roles_see_their_approvals", "give"),),
    "conversations": (
        ("guanxi.conversations.migrations.0002_agents_have_conversations", "give"),
        ("guanxi.conversations.migrations.0003_agents_have_macros", "give"),
    ),
    "service": (
        ("guanxi.service.migrations.0002_agents_have_cases", "give"),
        ("guanxi.service.migrations.0003_messages_open_cases", "bring"),
        ("guanxi.service.migrations.0004_usual_causes_and_remedies", "give"),
        ("guanxi.service.migrations.0005_first_service_level", "make"),
    ),
}

# Those that write no rows into an empty database: they work on rows that stand, or on the schema.
OF_WHAT_STANDS = {
    "customers": (
        ("guanxi.customers.migrations.0002_sort_key", "use_code_points"),
        ("guanxi.customers.migrations.0003_standing_room", "leave_room"),
        ("guanxi.customers.migrations.0004_stroke_key", "fill_in"),
    ),
    "search": (("guanxi.search.migrations.0002_index", "make"),),
    "service": (
        ("guanxi.service.migrations.0008_steps_know_their_checklist", "tell"),
        ("guanxi.service.migrations.0011_objections_of_units_before", "take_apart"),
    ),
}


def pytest_configure() -> None:
    """Listen for tables being emptied."""
    post_migrate.connect(write_rows, dispatch_uid="tests.roles")
    # Django's own permissions, which nothing here asks, took half the time that emptying takes.
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.connect(permissions_of_a_migration, dispatch_uid="tests.permissions")


def permissions_of_a_migration(sender: AppConfig, **how: Any) -> None:
    """Write Django's permissions where tables were made, as in use."""
    if "plan" in how:
        create_permissions(**how)


def write_rows(sender: AppConfig, **how: object) -> None:
    """Write the rows when Django says that it emptied the tables; a migration, which has a plan, writes its own."""
    if "plan" not in how:
        for module, name in WRITERS.get(sender.label, ()):
            getattr(import_module(module), name)(apps, None)
