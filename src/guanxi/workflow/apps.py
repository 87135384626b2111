"""Django application of workflow."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """Loads what this module registers on the floors below it."""

    name = "guanxi.workflow"
    label = "workflow"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries."""
        for part in ("policies", "registrations", "personal_data", "handlers"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
