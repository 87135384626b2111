"""What an attempt did to the database: the rows that came, went or changed, field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models

Row = Mapping[str, Any]
Rows = dict[Any, Row]


def models_of(tables: Iterable[str]) -> list[type[models.Model]]:
    """The models of some tables."""
    wanted = set(tables)
    return [model for model in apps.get_models() if model._meta.db_table in wanted]


def rows_of(model: type[models.Model]) -> Rows:
    """Every row of a model by its key, those that managers leave out too."""
    manager = getattr(model, "everything", model._base_manager)
    key = model._meta.pk.attname if model._meta.pk else "id"
    return {row[key]: row for row in manager.order_by("pk").values()}


def lasting(row: Row) -> str:
    """What a new row says whenever it comes: neither its number nor a moment; several that come at once are told by it."""
    return repr([value for name, value in row.items() if name != "id" and not isinstance(value, datetime)])


@dataclass(frozen=True)
class Changed:
    """One row that an attempt wrote: `key` is its number, or `new 0`, `new 1` for those that came."""

    model: type[models.Model]
    key: str
    row: Row


class Effects:
    """What stood before, and what an attempt makes of it; looked at before the attempt is taken back."""

    def __init__(self) -> None:
        """Nothing is known yet: tables are read when somebody writes to them."""
        self._before: dict[type[models.Model], Rows] = {}

    def know(self, tables: Iterable[str]) -> None:
        """Read some tables as they stand, once; outside of any attempt."""
        for model in models_of(tables):
            if model not in self._before:
                self._before[model] = rows_of(model)

    def of(self, tables: Iterable[str]) -> list[Changed]:
        """The rows of some tables that are not as they were, first as they stood, then as they stand."""
        found = []
        for model in models_of(tables):
            before, after = self._before[model], rows_of(model)
            came = sorted(set(after) - set(before), key=lambda key: lasting(after[key]))
            found += [Changed(model, f"new {place}", after[key]) for place, key in enumerate(came)]
            for key, row in before.items():
                if after.get(key) != row:
                    found += [Changed(model, str(key), one) for one in (row, after.get(key)) if one is not None]
        return found


def told(changed: Iterable[Changed]) -> dict[tuple[str, str, str], Any]:
    """Each field of each changed row; the last word on a row counts."""
    return {(one.model._meta.label, one.key, name): value for one in changed for name, value in one.row.items()}
