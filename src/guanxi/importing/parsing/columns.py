"""Parses one column of a file for one field, with what the rest of the column shows taken into account."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from guanxi.core.errors import InvalidInput
from guanxi.core.sentences import gettext as _
from guanxi.core.sentences import of
from guanxi.importing.choices import ValueKind
from guanxi.importing.neutral import plain
from guanxi.importing.parsing.cells import UnusableCell, shown
from guanxi.importing.parsing.dates import DateEvidence, moment_of, wall_time
from guanxi.importing.parsing.numbers import NumberEvidence, Unsure, number
from guanxi.importing.parsing.texts import identifier, words
from guanxi.importing.targets import Field, RowBatch

CACHE_LIMIT = 100_000


class Unsettled(Exception):
    """A cell cannot be read before the whole column has been looked at."""


class _Refusal:
    """Stands in the cache for a cell that cannot be used."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        self.reason = reason


class ColumnParser:
    """Reads the cells of one column; equal cells are read once."""

    def __init__(self, field: Field, zone: ZoneInfo, *, date_order: str = "", is_neutralised: bool = False) -> None:
        """Take the field to be filled and the zone of the times.

        `is_neutralised`: an apostrophe before what a spreadsheet would run is none of the cell's own.
        """
        self.is_neutralised = is_neutralised
        self.field = field
        self.zone = zone
        self.evidence: DateEvidence | NumberEvidence | None = None
        if field.kind in {ValueKind.MOMENT, ValueKind.DATE}:
            self.evidence = DateEvidence(given=date_order)
        elif field.kind == ValueKind.DECIMAL:
            self.evidence = NumberEvidence()
        self._cache: dict[Any, Any] = {}
        self._has_refusals = False

    @property
    def needs_evidence(self) -> bool:
        """Whether one cell may need the others to be understood."""
        return self.evidence is not None

    def learn(self, values: Sequence[Any]) -> None:
        """See some cells before any is read."""
        if self.evidence is not None:
            for value in {value for value in values if isinstance(value, str)}:
                self.evidence.feed(value)

    def settle(self) -> None:
        """The whole column has been seen."""
        if self.evidence is not None:
            self.evidence.is_complete = True
        self._cache.clear()
        self._has_refusals = False

    def parse(self, values: Sequence[Any], batch: RowBatch) -> list[Any]:
        """The values of a batch; cells that cannot be used refuse their rows."""
        cache = self._cache
        if len(cache) > CACHE_LIMIT:
            cache.clear()
            self._has_refusals = False
        for value in set(values).difference(cache):
            found = cache[value] = self._read(value)
            self._has_refusals |= found.__class__ is _Refusal
        parsed = [cache[value] for value in values]
        if self._has_refusals:
            for index, found in enumerate(parsed):
                if found.__class__ is _Refusal:
                    batch.refuse(index, self.field.key, found.reason)
                    parsed[index] = None
        return parsed

    def _read(self, value: Any) -> Any:
        """One cell: its value, None when empty, or a refusal."""
        if self.is_neutralised and value.__class__ is str and value.startswith("'"):
            value = plain(value)
        try:
            found = self._value(value)
            if found is None:
                return _Refusal(_("is empty")) if self.field.needs_value else None
            return self.field.check(found) if self.field.check else found
        except UnusableCell as error:
            return _Refusal(of(error))
        except InvalidInput as error:
            return _Refusal(of(error))
        except Unsure:
            raise Unsettled from None

    def _value(self, value: Any) -> Any:
        """One cell by the kind of the field."""
        if value is None or value == "":
            return None
        kind = self.field.kind
        if kind == ValueKind.IDENTIFIER:
            return identifier(value, self.field.max_length)
        if kind == ValueKind.TEXT:
            return words(value, self.field.max_length, keep_lines=self.field.has_lines)
        if kind == ValueKind.DECIMAL:
            return self._decimal(value)
        if kind == ValueKind.CHOICE:
            return self._choice(value)
        wall = wall_time(value, self.evidence)  # type: ignore[arg-type]
        if wall is None:
            return None
        return wall.moment.date() if kind == ValueKind.DATE else moment_of(wall, self.zone)

    def _decimal(self, value: Any) -> Decimal | None:
        """A number, without needless zeros."""
        return number(value, self.evidence)  # type: ignore[arg-type]

    def _choice(self, value: Any) -> str | None:
        """One of the ways in which a choice may be written."""
        text = words(value, self.field.max_length)
        if text is None:
            return None
        found = self.field.choices.get(text) or self.field.choices.get(text.lower())
        if found is None:
            raise UnusableCell(_("“%(text)s” is not one of the choices") % {"text": shown(text)})
        return found
