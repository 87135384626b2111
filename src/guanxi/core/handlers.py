"""What the core does after migrations."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from guanxi.core.custom_indexes import plan_indexes
from guanxi.core.models import CustomField


def plan_lost_indexes(sender: AppConfig, plan: Any = None, **_rest: Any) -> None:
    """Migrations on SQLite copy whole tables and leave behind the indexes that no model declares."""
    if plan and sender.label == "core":
        kinds = (
            CustomField.objects.filter(is_filterable=True).order_by("kind").values_list("kind", flat=True).distinct()
        )
        for kind in list(kinds):
            plan_indexes(kind)


post_migrate.connect(plan_lost_indexes, dispatch_uid="core.plan_lost_indexes")
