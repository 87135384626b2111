"""Which rows count: those made by hand and those of an import that is in force."""

from typing import Any

from django.db.models import Q, QuerySet

from guanxi.importing.choices import ImportState
from guanxi.importing.models import Import


def held_back() -> QuerySet[Import, Any]:
    """Ids of the imports whose rows do not count: a handful, read once per query."""
    return Import.objects.exclude(state=ImportState.IN_FORCE).values("pk")


def in_force_q(field: str = "import_run") -> Q:
    """Rows whose `field` (a key to Import) is empty or names an import in force; no join, indexes stay in use."""
    return Q(**{f"{field}__isnull": True}) | ~Q(**{f"{field}__in": held_back()})
