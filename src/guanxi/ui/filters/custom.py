"""Filters made from the definitions of custom fields, over the expression that their index holds."""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from guanxi.core.custom_values import custom_value
from guanxi.core.models import CustomField
from guanxi.ui.filters.base import EMPTY, Filter
from guanxi.ui.filters.choices import Choice
from guanxi.ui.filters.ranges import Date, Number
from guanxi.ui.filters.texts import Text

Apply = Callable[[QuerySet[Any], Any], QuerySet[Any]]
MONEY_SCALE = 100


def custom_filters(definitions: Iterable[CustomField]) -> list[Filter]:
    """A filter for each filterable custom field."""
    return [_custom_filter(field) for field in definitions if field.is_filterable]


def _custom_filter(field: CustomField) -> Filter:
    """The filter of one custom field, by its type."""
    key, label = f"custom_{field.key}", field.label
    kind = str(field.type)
    choices = [(choice, choice) for choice in field.choices]
    if kind == "multi_choice":
        return Choice(key, label, choices=choices, apply=_any_of(field.key), has_empty=False)
    made: Filter
    if kind == "choice":
        made = _CustomChoice(key, label, f"value_of_{field.key}", choices=choices)
    else:
        made = _KINDS.get(kind, _CustomText)(key, label, f"value_of_{field.key}")
    made.definition = field  # type: ignore[attr-defined]
    return made


class _Custom(Filter):
    """A filter by the value of a custom field, which the rows are given under the filter's field name."""

    definition: CustomField

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Only the rows that the text asks for."""
        return super().narrow(queryset.alias(**{self.field: custom_value(self.definition)}), text)


class _CustomChoice(_Custom, Choice):
    """One of the choices."""


class _CustomText(_Custom, Text):
    """A piece of text."""


class _CustomNumber(_Custom, Number):
    """A number between two."""


class _CustomMoney(_Custom, Number):
    """An amount between two, whatever its currency; written in whole units, stored in hundredths."""

    def stored(self, text: str) -> Decimal:
        """A bound as it is stored."""
        return Decimal(text) * MONEY_SCALE


class _CustomDate(_Custom, Date):
    """Dates kept as ISO text in JSON compare as text."""

    def condition(self, text: str) -> Q:
        """Rows between the days."""
        if text == EMPTY:
            return self.absent()
        low, high = self.value(text)
        condition = Q()
        if low:
            condition &= Q(**{f"{self.field}__gte": low.isoformat()})
        if high:
            condition &= Q(**{f"{self.field}__lte": high.isoformat()})
        return condition


_KINDS: dict[str, type[Filter]] = {"number": _CustomNumber, "money": _CustomMoney, "date": _CustomDate}


def _any_of(key: str) -> Apply:
    """Rows whose list of choices has any of the values."""
    path = f"custom__{key}"

    def apply(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        if connection.vendor == "postgresql":
            return queryset.filter(**{f"{path}__has_any_keys": values})
        condition = Q()
        for value in values:
            # SQLite has no operator for "the JSON list has this text" and keeps what json.dumps wrote.
            condition |= Q(**{f"{path}__icontains": json.dumps(value)})
        return queryset.filter(condition)

    return apply
