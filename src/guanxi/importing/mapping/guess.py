"""Guesses which column holds which field, from the column's name and from what its cells look like."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from guanxi.importing.choices import ValueKind
from guanxi.importing.parsing.columns import ColumnParser
from guanxi.importing.readers import Batch
from guanxi.importing.targets import Field, ImportTarget, RowBatch

SAMPLE_ROWS = 500
MOST_COLUMNS_LOOKED_INTO = 200
VERY_NAME = 60
_SPLIT = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^0-9A-Za-z\u4e00-\u9fff]+")
_UTC = ZoneInfo("UTC")


def guess_columns(target: ImportTarget, names: Sequence[str], sample: Batch, fields: Sequence[Field]) -> dict[str, int]:
    """Field key -> index of the column; a field without a likely column is left out."""
    guesses = _by_name(names, fields, sample)
    missing = [field for field in fields if field.key not in guesses]
    if missing and len(names) <= MOST_COLUMNS_LOOKED_INTO:
        guesses |= target.guess_by_content(names, sample, guesses)
    return guesses


def _by_name(names: Sequence[str], fields: Sequence[Field], sample: Batch) -> dict[str, int]:
    """The best pairs of field and column by name, each column and field used once, contents not against it."""
    keys = [_key(name) for name in names]
    words = [_words(name) for name in names]
    scored = []
    for position, field in enumerate(fields):
        aliases = [_key(alias) for alias in (field.key, *field.aliases)]
        alias_words = [_words(alias) for alias in (field.key, *field.aliases)]
        for index, key in enumerate(keys):
            score = _score(key, words[index], aliases, alias_words)
            if score:
                scored.append((-score, position, index, field))
    guesses: dict[str, int] = {}
    taken: set[int] = set()
    ranked = sorted(scored, key=lambda entry: entry[:3])
    fitting = [entry for entry in ranked if fits(entry[3], sample.columns[entry[2]] if sample else ())]
    # A column with the very name of a field is meant, even when its cells cannot be read: the rows then say why.
    for _rank, _position, index, field in [*fitting, *(entry for entry in ranked if entry[0] <= -VERY_NAME)]:
        if field.key not in guesses and index not in taken:
            guesses[field.key] = index
            taken.add(index)
    return guesses


def _key(name: str) -> str:
    """A name without case, blanks and punctuation."""
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", unicodedata.normalize("NFKC", name).lower())


def _words(name: str) -> frozenset[str]:
    """The words of a name, camel case taken apart."""
    return frozenset(word.lower() for word in _SPLIT.split(unicodedata.normalize("NFKC", name)) if word)


def _score(key: str, words: frozenset[str], aliases: list[str], alias_words: list[frozenset[str]]) -> int:
    """How well a column's name fits a field: 100 and less for the very name, under 50 for a name that contains it."""
    if not key:
        return 0
    if key in aliases:
        return 100 - min(40, aliases.index(key))
    for place, (alias, parts) in enumerate(zip(aliases, alias_words, strict=True)):
        is_chinese = not alias.isascii()
        if (is_chinese and len(alias) >= 2 and alias in key) or (len(parts) > 1 and parts <= words):
            return 50 - min(40, place)
    return 0


def fits(field: Field, cells: Sequence[Any]) -> bool:
    """Whether most of the cells can be read as what the field holds."""
    if field.kind in {ValueKind.IDENTIFIER, ValueKind.TEXT}:
        return True
    return readable_share(field, cells) >= 0.5


def readable_share(field: Field, cells: Sequence[Any]) -> float:
    """The share of non-empty cells that can be read as what the field holds; 1 when there are none."""
    given = [cell for cell in cells if cell is not None and cell != ""]
    if not given:
        return 1.0
    parser = ColumnParser(Field(field.key, field.label, field.kind, choices=field.choices), _UTC, date_order="dmy")
    parser.learn(given)
    parser.settle()
    batch = RowBatch(list(range(len(given))), {})
    parser.parse(given, batch)
    return 1 - len(batch.refusals) / len(given)
