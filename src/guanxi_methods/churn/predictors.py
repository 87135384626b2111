"""What is known of customers as columns a model can take: numbers with gaps, dates as days, words as levels."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Frame, Vector, as_categories, as_frame, as_vector, unknown_column

Kind = Literal["number", "date", "words", "given"]

# Words are kept apart if so many rows have them; the rest of a column's words are one level.
LEAST_ROWS_OF_A_LEVEL = 10
MOST_LEVELS = 60
OTHER = "(other)"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")
EPOCH = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Predictor:
    """One column as it was learned.

    Attributes
    ----------
    name : str
    kind : {"number", "date", "words", "given"}
        "given": only whether anything stands there, for texts that are different in nearly every row.
    levels : tuple of str
        Of words; a missing word is the level "".
    """

    name: str
    kind: Kind
    levels: tuple[str, ...] = ()

    @property
    def is_words(self) -> bool:
        """Whether the values are levels."""
        return self.kind in ("words", "given")

    def values(self, column: Any) -> Vector:
        """Return the column as numbers: NaN where a number is missing or a word was never seen."""
        if self.kind == "number":
            return as_vector(column, self.name, missing="keep")
        if self.kind == "date" and np.asarray(column).dtype.kind == "M":
            return _days(np.asarray(column))
        words = as_categories(column, self.name)
        if self.kind == "date":
            return _by_word(words, lambda word: _day(word, self.name))
        if self.kind == "given":
            return (words != "").astype(np.float64)
        known = {level: float(place) for place, level in enumerate(self.levels)}
        rest = known.get(OTHER, math.nan)
        return _by_word(words, lambda word: known.get(word.strip(), rest))

    def told(self, column: Any) -> list[str]:
        """Return the values as a reader knows them."""
        array = np.asarray(column)
        if array.dtype.kind == "M":
            return ["" if np.isnat(moment) else str(moment) for moment in array.astype("datetime64[D]")]
        words: list[str] = as_categories(column, self.name).tolist()
        if self.kind == "given":
            return ["" if word == "" else "(given)" for word in words]
        return words


@dataclass(frozen=True)
class Predictors:
    """All columns as they were learned."""

    columns: tuple[Predictor, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)

    def matrix(self, data: Any) -> Vector:
        """Return a table as numbers, shape (n_rows, n_columns); further columns of the table are let be."""
        frame = as_frame(data)
        made = np.empty((len(frame), len(self.columns)))
        for place, column in enumerate(self.columns):
            made[:, place] = column.values(frame.column(column.name))
        return made

    def only(self, names: Iterable[str]) -> Predictors:
        """Return the columns named, in their own order."""
        wanted = set(names)
        return Predictors(tuple(column for column in self.columns if column.name in wanted))


def learn_predictors(frame: Frame) -> tuple[Predictors, tuple[Note, ...]]:
    """Learn what each column holds; what can carry nothing is left out and said so.

    A column of texts is one of numbers (or of days, YYYY-MM-DD) if everything in it reads as one. Of other texts, one
    in which over half of those given are different is a name or a number of the customer: it is left out, or, where it
    has gaps, only told as given or not.
    """
    columns, notes = [], []
    for name in frame.names:
        column, note = _learn(frame.column(name), name)
        if column is not None:
            columns.append(column)
        if note is not None:
            notes.append(note)
    if not columns:
        raise TooFewError("there is no column that tells customers apart: there is nothing to learn from")
    return Predictors(tuple(columns)), tuple(notes)


def check_names(names: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """Return names of columns, all of which exist."""
    if isinstance(names, str):
        names = (names,)
    for name in names:
        if name not in known:
            raise unknown_column(name, known)
    return tuple(names)


def _learn(values: Any, name: str) -> tuple[Predictor | None, Note | None]:
    """Return what one column holds, or why it is left out."""
    same = Note("{column} is the same in every row: left out", column=name)
    if np.asarray(values).dtype.kind in "iufb":
        numbers = as_vector(values, name, missing="keep")
        return (None, same) if _is_constant(numbers) else (Predictor(name, "number"), None)
    if np.asarray(values).dtype.kind == "M":
        return (None, same) if _is_constant(_days(np.asarray(values))) else (Predictor(name, "date"), None)
    words = np.array([word.strip() for word in as_categories(values, name).tolist()], dtype=object)
    found, counts = np.unique(words.astype(str), return_counts=True)
    if found.size == 1:
        return None, same
    given = [word for word in found.tolist() if word]
    if all(_is_number(word) for word in given):
        return Predictor(name, "number"), None
    if all(DAY.fullmatch(word) for word in given):
        return Predictor(name, "date"), None
    rows, gaps = int(counts[found != ""].sum()), int(counts[found == ""].sum())
    if len(given) > max(2, rows // 2):
        if gaps == 0:
            return None, Note("{column} holds a text of its own in nearly every row: left out", column=name)
        return Predictor(name, "given", ("", "(given)")), Note(
            "{column} holds a text of its own in nearly every row: only whether one is given is used", column=name
        )
    enough = sorted(found[counts >= LEAST_ROWS_OF_A_LEVEL].tolist(), key=lambda w: (-counts[found == w][0], w))
    levels = sorted(enough[:MOST_LEVELS])
    if len(levels) < found.size:
        levels.append(OTHER)
    if len(levels) == 1:
        return None, Note("{column} has no word that {rows} rows share: left out", column=name,
                          rows=LEAST_ROWS_OF_A_LEVEL)  # fmt: skip
    return Predictor(name, "words", tuple(levels)), None


def _is_constant(numbers: Vector) -> bool:
    """Whether all are equal, none missing, or all missing."""
    absent = np.isnan(numbers)
    return bool(absent.all() or (not absent.any() and (numbers == numbers[0]).all()))


def _is_number(word: str) -> bool:
    """Whether a text reads as a finite number."""
    try:
        return math.isfinite(float(word))
    except ValueError:
        return False


def _days(moments: NDArray[Any]) -> Vector:
    """Return moments as days since 1970-01-01, NaN where missing."""
    days = moments.astype("datetime64[D]")
    return np.where(np.isnat(days), np.nan, days.astype(np.int64).astype(np.float64))


def _day(word: str, name: str) -> float:
    """Return a date as days since 1970-01-01."""
    if not word.strip():
        return math.nan
    try:
        return float(dt.date.fromisoformat(word.strip()[:10]).toordinal() - EPOCH)
    except ValueError:
        raise MethodError("{name} must hold dates as YYYY-MM-DD, not {value!r}", name=name, value=word) from None


def _by_word(words: NDArray[Any], number: Any) -> Vector:
    """Return a number for each word, worked out once for each distinct one."""
    known = {word: number(word) for word in set(words.tolist())}
    return np.array([known[word] for word in words.tolist()], dtype=np.float64)


def row_marks(matrix: Vector, columns: tuple[Predictor, ...], seed: int) -> NDArray[np.uint64]:
    """Return a mark for each row that depends on what stands in it alone, shape (n_rows,).

    Sorting by it gives the same order whatever the order of the rows and of the columns; the seed gives other orders.
    """
    marks = np.full(matrix.shape[0], np.uint64(seed & (2**64 - 1)))
    with np.errstate(over="ignore"):
        for place, column in enumerate(columns):
            salt = np.uint64(int.from_bytes(blake2b(column.name.encode(), digest_size=8).digest(), "little"))
            values = matrix[:, place] + 0.0
            values[np.isnan(values)] = np.nan
            marks += _mix(values.view(np.uint64) ^ salt)
        return _mix(marks)


def _mix(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter 64 bits (the finaliser of SplitMix64: Steele, Lea & Flood 2014)."""
    mixed = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
