"""Paging by key: the next rows after a row, at the same speed on any page."""

import base64
import binascii
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import BaseExpression, OrderBy
from django.utils.translation import gettext as _

from guanxi.core.compiled import Compiled
from guanxi.core.errors import InvalidInput
from guanxi.core.reading_in_reach import apart_from_indexes, for_a_page

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class SortKey:
    """One part of an order; an expression is annotated under the path's name."""

    path: str
    is_descending: bool = False
    is_nullable: bool = False
    expression: BaseExpression | None = None

    def order(self, *, has_nulls: bool, is_indexed: bool = True) -> OrderBy:
        """The part of ORDER BY; rows without a value come last either way."""
        nulls_last = True if has_nulls else None
        value: Any = F(self.path) if is_indexed else apart_from_indexes(self.path)
        found: OrderBy = value.desc(nulls_last=nulls_last) if self.is_descending else value.asc(nulls_last=nulls_last)
        return found

    def beyond(self, value: Any) -> Q | None:
        """The rows that come after a value in this order; None when there can be none."""
        if value is None:
            return None
        condition = Q(**{f"{self.path}__{'lt' if self.is_descending else 'gt'}": value})
        return condition | Q(**{f"{self.path}__isnull": True}) if self.is_nullable else condition

    def same(self, value: Any) -> Q:
        """The rows with the same value."""
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})


def encode(values: list[Any]) -> str:
    """The place of a row in an order, for an address."""
    return base64.urlsafe_b64encode(orjson.dumps(values, default=str)).decode().rstrip("=")


def _no_longer_valid() -> InvalidInput:
    """What a place that means nothing is answered with."""
    return InvalidInput(_("This place in the list is no longer valid. Open the list again."))


def decode(text: str, length: int) -> list[Any] | None:
    """The place behind such a text; None for no text."""
    if not text:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != length or any(isinstance(v, list | dict) for v in values):
        raise _no_longer_valid()
    return values


def _after(keys: list[SortKey], values: list[Any]) -> Q | None:
    """The rows after a place, in the order of the keys; None when there can be none."""
    found: Q | None = None
    same = Q()
    for key, value in zip(keys, values, strict=True):
        beyond = key.beyond(value)
        if beyond is not None:
            part = same & beyond
            found = part if found is None else found | part
        same &= key.same(value)
    return found


def _narrowed(queryset: QuerySet[Any], condition: Q) -> QuerySet[Any]:
    """The rows beyond a place; a place that was tampered with may hold values of another type."""
    try:
        return queryset.filter(condition)
    except (TypeError, ValueError, ValidationError) as error:
        raise _no_longer_valid() from error


def ordered(queryset: QuerySet[Any], keys: list[SortKey], values: list[Any] | None) -> QuerySet[Any]:
    """The rows in order, from a place on, when the first key has a value in all of them."""
    first = keys[0]
    queryset, is_sorted = for_a_page(queryset)
    if values is not None:
        condition = _after([SortKey(first.path, first.is_descending), *keys[1:]], values)
        if condition is None:
            return queryset.none()
        if len(keys) > 1:
            # The bound alone lets the database start in the index of the first key.
            bound = {f"{first.path}__{'lte' if first.is_descending else 'gte'}": values[0]}
            queryset = _narrowed(queryset, Q(**bound))
        queryset = _narrowed(queryset, condition)
    leading = first.order(has_nulls=False, is_indexed=not is_sorted)
    return queryset.order_by(leading, *(k.order(has_nulls=k.is_nullable) for k in keys[1:]))


def _with_keys(queryset: QuerySet[Any], keys: list[SortKey], fields: list[str]) -> tuple[QuerySet[Any], list[str]]:
    """The rows with the expressions of their order, and everything to be read of them."""
    for key in keys:
        if key.expression is not None:
            queryset = queryset.annotate(**{key.path: key.expression})
    return queryset, [*dict.fromkeys([*fields, *(key.path for key in keys)])]


def fetch(queryset: QuerySet[Any], keys: list[SortKey], fields: list[str], after: list[Any] | None, limit: int) -> Rows:
    """Up to `limit` rows as dictionaries, after a place.

    Rows whose first key has no value are fetched apart, after the others, so that each part can walk an index.
    """
    first = keys[0]
    queryset, names = _with_keys(queryset, keys, fields)
    if not first.is_nullable:
        return list(ordered(queryset, keys, after).values(*names)[:limit])
    rows: Rows = []
    if after is None or after[0] is not None:
        with_value = queryset.filter(**{f"{first.path}__isnull": False})
        rows = list(ordered(with_value, keys, after).values(*names)[:limit])
        after = None
    if len(rows) < limit:
        without = queryset.filter(**{f"{first.path}__isnull": True})
        rest = after[1:] if after is not None else None
        rows += list(ordered(without, keys[1:], rest).values(*names)[: limit - len(rows)])
    return rows


class FirstPage:
    """What `fetch` gives without a place, asked again and again with queries that are written once."""

    def __init__(self, queryset: QuerySet[Any], keys: list[SortKey], fields: list[str], limit: int) -> None:
        """Keep the two parts of the rows: those with a value in the first key, and the others."""
        queryset, self.names = _with_keys(queryset, keys, fields)
        self.limit = limit
        first, rest = keys[0], keys[1:]
        parts = [ordered(queryset, keys, None)]
        if first.is_nullable:
            parts = [
                ordered(queryset.filter(**{f"{first.path}__isnull": False}), keys, None),
                ordered(queryset.filter(**{f"{first.path}__isnull": True}), rest, None),
            ]
        self.parts = [Compiled(partial(_columns, part, self.names, limit)) for part in parts]

    def rows(self) -> Rows:
        """The rows now."""
        found: list[tuple[Any, ...]] = []
        for part in self.parts:
            found += part.rows() if len(found) < self.limit else []
        return [dict(zip(self.names, row, strict=True)) for row in found[: self.limit]]


def _columns(queryset: QuerySet[Any], names: list[str], limit: int) -> QuerySet[Any, Any]:
    """The first rows, column by column."""
    return queryset.values_list(*names)[:limit]


def place(row: dict[str, Any], keys: list[SortKey]) -> list[Any]:
    """Where a row stands in the order."""
    return [row[key.path] for key in keys]
