"""Managers of models whose rows an import may hold back: in force by default, all rows on demand."""

from django.db import models

from guanxi.core.access import VisibleQuerySet
from guanxi.importing.in_force import in_force_q


class InForceManager(models.Manager.from_queryset(VisibleQuerySet)):  # type: ignore[misc]
    """Only rows made by hand or by an import that is in force."""

    def get_queryset(self) -> VisibleQuerySet:
        """Leave out what an import still holds back."""
        return super().get_queryset().filter(in_force_q("import_run"))


EveryRowManager = models.Manager.from_queryset(VisibleQuerySet)
