"""The value of a custom field inside SQL: one expression for filters, sorts and the index that serves both.

An index over an expression helps only those who write that very expression, so nothing of it is a parameter.
"""

import re
from typing import Any

from django.db.models import DecimalField, F, Field, Func, TextField
from django.db.models.expressions import BaseExpression

from guanxi.core.models import CustomField
from guanxi.core.models.custom_fields import FieldType

_KEY = re.compile(r"[A-Za-z0-9_-]+")
_NUMBERS = frozenset({FieldType.NUMBER, FieldType.MONEY})


class CustomValue(Func):
    """The text under a path of keys in a JSON column, or the number that it says; NULL where there is none."""

    arity = 1

    def __init__(self, expression: Any, path: tuple[str, ...] = (), *, is_number: bool = False, **extra: Any) -> None:
        """Keep the keys, which stand in the statement as they are."""
        if not path or not all(_KEY.fullmatch(key) for key in path):
            raise ValueError(f"{path!r} are no keys of custom fields")
        self.path = path
        self.is_number = is_number
        holds: Field[Any, Any] = DecimalField(max_digits=30, decimal_places=8) if is_number else TextField()
        super().__init__(expression, output_field=extra.pop("output_field", holds), **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """Through json_extract, which gives NULL for JSON's null."""
        column, params = compiler.compile(self.source_expressions[0])
        path = "".join(f'."{key}"' for key in self.path)
        found = f"json_extract({column}, '${path}')"
        return (f"CAST({found} AS NUMERIC)" if self.is_number else found), params

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """Through ->>, which gives NULL for JSON's null."""
        column, params = compiler.compile(self.source_expressions[0])
        *steps, last = self.path
        down = "".join(f" -> '{key}'" for key in steps)
        found = f"({column}{down} ->> '{last}')"
        return (f"({found}::numeric)" if self.is_number else found), params


def custom_value(field: CustomField) -> BaseExpression | None:
    """The value of a field by which rows are sorted and filtered; several choices have no order."""
    if field.type == FieldType.MULTI_CHOICE:
        return None
    path = (field.key, "minor") if field.type == FieldType.MONEY else (field.key,)
    return CustomValue(F("custom"), path, is_number=field.type in _NUMBERS)
