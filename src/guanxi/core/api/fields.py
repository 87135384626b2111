"""Kinds of values in what is sent: taken only as the description writes them, never guessed from another type."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StrictBool, StrictInt

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _moment(value: Any) -> Any:
    """A moment as text; a number would be taken for seconds since 1970."""
    if value is None or isinstance(value, datetime) or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return value
    raise ValueError(_("Write a moment as 2026-05-01T10:00:00+08:00."))


def _in_utc(value: datetime) -> datetime:
    """The same moment in UTC: PostgreSQL refuses an offset of sixteen hours and more."""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError(_("Write a moment as 2026-05-01T10:00:00+08:00.")) from None


def _day(value: Any) -> Any:
    """A day as text."""
    if value is None or isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError(_("Write a day as 2026-05-01."))


def id_of(*kinds: str) -> Any:
    """Says that a text is the id of a record of these kinds, of any kind without one: `Annotated[str, id_of("task")]`.

    Tests put ids of others into every place so marked.
    """
    return Field(json_schema_extra={"format": "record-id", **({"x-kinds": [*kinds]} if kinds else {})})


Moment = Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_in_utc)]
Day = Annotated[date, BeforeValidator(_day)]
# What is told once and kept by whoever asked; assistants are not offered what answers with it.
ToldOnce = Annotated[str, Field(json_schema_extra={"x-secret": True})]
Flag = StrictBool
Whole = StrictInt
