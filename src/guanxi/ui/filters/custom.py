"""Filters made from the definitions of custom fields."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import DecimalField, Q, QuerySet, Value
from django.db.models.expressions import BaseExpression
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, NullIf

from guanxi.core.models import CustomField
from guanxi.ui.filters.base import EMPTY, Filter
from guanxi.ui.filters.choices import Choice
from guanxi.ui.filters.ranges import Date, Number
from guanxi.ui.filters.texts import Text

Apply = Callable[[QuerySet[Any], Any], QuerySet[Any]]


def custom_filters(definitions: Iterable[CustomField]) -> list[Filter]:
    """A filter for each filterable custom field."""
    return [_custom_filter(field) for field in definitions if field.is_filterable]


def _custom_filter(field: CustomField) -> Filter:
    """The filter of one custom field, by its type."""
    key, label = f"custom_{field.key}", field.label
    path = f"custom__{field.key}"
    kind = str(field.type)
    choices = [(choice, choice) for choice in field.choices]
    if kind == "choice":
        return Choice(key, label, path, choices=choices)
    if kind == "multi_choice":
        return Choice(key, label, path, choices=choices, apply=_any_of(path), has_empty=False)
    if kind == "number":
        return Number(key, label, path, apply=_between(key, KeyTextTransform(field.key, "custom"), 1))
    if kind == "money":
        minor = KeyTextTransform("minor", KeyTextTransform(field.key, "custom"))
        return Number(key, label, path, apply=_between(key, minor, 100))
    if kind == "date":
        return _JsonDate(key, label, path)
    return Text(key, label, path)


class _JsonDate(Date):
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


def _any_of(path: str) -> Apply:
    """Rows whose list of choices has any of the values."""

    def apply(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        condition = Q()
        for value in values:
            # The two databases share no operator for "the JSON list has this text"; its quoted form inside the list
            # does the same, written out (PostgreSQL) or in ASCII (SQLite keeps what json.dumps wrote).
            condition |= Q(**{f"{path}__icontains": f'"{value}"'}) | Q(**{f"{path}__icontains": json.dumps(value)})
        return queryset.filter(condition)

    return apply


def _between(key: str, path: BaseExpression, scale: int) -> Apply:
    """Rows whose number, kept as text, lies between the bounds."""

    def apply(queryset: QuerySet[Any], bounds: tuple[Any, Any]) -> QuerySet[Any]:
        name = f"number_{key}"
        queryset = queryset.annotate(
            **{name: Cast(NullIf(path, Value("null")), DecimalField(max_digits=30, decimal_places=8))}
        )
        low, high = bounds
        if low is not None:
            queryset = queryset.filter(**{f"{name}__gte": low * scale})
        if high is not None:
            queryset = queryset.filter(**{f"{name}__lte": high * scale})
        return queryset

    return apply
