"""Django application of conversations."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import AppConfig

PARTS = ("policies", "registrations", "personal_data", "retention", "handlers", "jobs")


class ConversationsConfig(AppConfig):
    """Loads what this module registers on the floors below it."""

    name = "guanxi.conversations"
    label = "conversations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries, those of the channels too."""
        folder = f"{self.name}.adapters"
        packages = [one.name for one in iter_modules(import_module(folder).__path__) if one.ispkg]
        for home in (self.name, *(f"{folder}.{name}" for name in packages)):
            for part in PARTS:
                if find_spec(f"{home}.{part}"):
                    import_module(f"{home}.{part}")
