"""Covariates of a regression as numbers: words become indicators against the most frequent word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector, as_categories, as_frame, as_vector

# So many distinct words of one column still make a regression that can be read.
MOST_WORDS = 50


@dataclass(frozen=True)
class Design:
    """How covariates become the columns of a regression; learned once, applied to any table.

    Attributes
    ----------
    terms : tuple of (column, word or None)
        A number's own column has no word.
    references : dict of str to str
        The word against which the others of a column stand.
    centers, scales : ndarray, shape (n_terms,)
        Taken off and divided by, so that the search for the optimum does not depend on units.
    """

    terms: tuple[tuple[str, str | None], ...]
    references: dict[str, str]
    centers: Vector
    scales: Vector

    @property
    def names(self) -> tuple[str, ...]:
        """What each term is called: "tenure", "contract=One year"."""
        return tuple(column if word is None else f"{column}={word}" for column, word in self.terms)

    def apply(self, data: Any) -> Vector:
        """Return the columns of the regression, centred and scaled; a word never learned is an error."""
        raw = _raw(as_frame(data), self.terms, self.references)
        return (raw - self.centers) / self.scales


def learn_design(data: Any) -> tuple[Design, Vector]:
    """Learn how covariates become columns; what cannot be told apart from the rest is named.

    Returns the design and its columns, shape (n_rows, n_terms). Raises ``MethodError`` for a constant column, one that
    the others determine, missing values and too many distinct words.
    """
    frame = as_frame(data)
    terms: list[tuple[str, str | None]] = []
    references: dict[str, str] = {}
    for name in frame.names:
        words = _words(frame.column(name), name)
        if words is None:
            terms.append((name, None))
            continue
        found, counts = np.unique(words, return_counts=True)
        if found.size > MOST_WORDS:
            raise MethodError(
                "{name} holds {count} distinct words: a covariate may have {most}; group them or leave it out",
                name=name,
                count=found.size,
                most=MOST_WORDS,
            )
        references[name] = str(found[np.argmax(counts)])
        terms += [(name, str(word)) for word in found if word != references[name]]
        if found.size == 1:
            raise MethodError("{name} is the same in every row: it tells nothing, leave it out", name=name)
    raw = _raw(frame, tuple(terms), references)
    centers, scales = raw.mean(axis=0), raw.std(axis=0)
    for (name, _), scale, center in zip(terms, scales, centers, strict=True):
        if scale <= 1e-12 * max(1.0, abs(center)):
            raise MethodError("{name} is the same in every row: it tells nothing, leave it out", name=name)
    design = Design(tuple(terms), references, centers, scales)
    columns = (raw - centers) / scales
    _check_independent(columns, design.names)
    return design, columns


def _words(column: Any, name: str) -> Any:
    """Return a column as words, or None where it holds numbers."""
    if np.asarray(column).dtype.kind in "iufb":
        return None
    words = as_categories(column, name)
    if (words == "").any():
        raise MethodError(
            "{name} holds a missing value, first in row {row}", name=name, row=int(np.argmax(words == "")) + 1
        )
    try:
        [float(word) for word in words[:1000].tolist()]
    except ValueError:
        return words
    return None


def _raw(frame: Any, terms: tuple[tuple[str, str | None], ...], references: dict[str, str]) -> Vector:
    """Return the terms as they are, neither centred nor scaled."""
    made = np.empty((len(frame), len(terms)))
    words: dict[str, Any] = {}
    for name, reference in references.items():
        words[name] = as_categories(frame.column(name), name)
        known = {word for column, word in terms if column == name} | {reference}
        strange = sorted(set(words[name].tolist()) - known)
        if strange:
            raise MethodError("{name} holds {word!r}, which was not there when it learned", name=name, word=strange[0])
    for place, (name, word) in enumerate(terms):
        made[:, place] = as_vector(frame.column(name), name) if word is None else words[name] == word
    return made


def _check_independent(columns: Vector, names: tuple[str, ...]) -> None:
    """Raise MethodError naming the first column that those before it determine."""
    if columns.shape[1] == 0:
        return
    corner = np.abs(np.diag(np.linalg.qr(columns, mode="r")))
    limit = 1e-8 * np.sqrt(columns.shape[0])
    if corner.size < columns.shape[1] or (corner < limit).any():
        place = int(np.argmax(corner < limit)) if (corner < limit).any() else corner.size
        raise MethodError("{name} is determined by the other columns: leave one of them out", name=names[place])
