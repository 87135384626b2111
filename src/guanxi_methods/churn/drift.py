"""Whether customers are still those a model learned from: population stability and a test for each column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, chdtri, kolmogorov

from guanxi_methods.base import Method, MethodError, Note
from guanxi_methods.churn.calibration import bin_edges
from guanxi_methods.churn.predictors import Predictor, learn_predictors
from guanxi_methods.frames import Frame, Vector, as_frame, as_vector

Verdict = Literal["stable", "moderate", "large"]


@dataclass(frozen=True)
class ColumnDrift:
    """How far a column has moved.

    Attributes
    ----------
    column : str
    kind : str
        "number", "date", "words" or "given".
    psi : float
        Population stability index.
    psi_by_chance : float
        What 95% of columns that have not moved at all stay under, with so many rows.
    test : str
        "kolmogorov-smirnov" or "chi-square".
    statistic, p_value : float
    p_adjusted : float
        Holm's, over all columns.
    verdict : {"stable", "moderate", "large"}
        By the index.
    is_significant : bool
        Whether ``p_adjusted`` is under the level.
    """

    column: str
    kind: str
    psi: float
    psi_by_chance: float
    test: str
    statistic: float
    p_value: float
    p_adjusted: float
    verdict: Verdict
    is_significant: bool


def population_stability_index(expected: ArrayLike, actual: ArrayLike) -> float:
    r"""Return how far counts over the same cells have moved.

    .. math:: \mathrm{PSI} = \sum_k (a_k - e_k) \ln\frac{a_k}{e_k}

    with the shares :math:`e` of the reference and :math:`a` of now (the symmetric Kullback-Leibler divergence). Where
    a cell is empty in either, one half is added to every count.

    Parameters
    ----------
    expected, actual : array_like, shape (n_cells,)
        Counts, not negative.

    Raises
    ------
    MethodError
        Cells that differ in number, a negative count, nothing counted.

    References
    ----------
    E. M. Lewis, "An Introduction to Credit Scoring", 1994; N. Siddiqi, "Credit Risk Scorecards", 2006.

    Examples
    --------
    >>> round(population_stability_index([200, 300, 500], [300, 300, 400]), 4)
    0.0629
    """
    e, a = as_vector(expected, "expected"), as_vector(actual, "actual")
    if e.size != a.size:
        raise MethodError("expected has {one} cells, actual {other}", one=e.size, other=a.size)
    if (e < 0).any() or (a < 0).any():
        raise MethodError("counts must not be negative")
    if e.sum() == 0 or a.sum() == 0:
        raise MethodError("nothing is counted in one of the two: there is nothing to compare")
    if (e == 0).any() or (a == 0).any():
        e, a = e + 0.5, a + 0.5
    e, a = e / e.sum(), a / a.sum()
    return float(np.sum((a - e) * np.log(a / e)))


class Drift(Method):
    r"""Compares the columns of customers now with those of a reference, column by column.

    The index is :func:`population_stability_index` over ten cells of about equal count in the reference (numbers,
    days), over words, and over a cell of what is missing. Under no drift it is about
    :math:`(1/N + 1/M)\,\chi^2_{k-1}`, which is where ``psi_by_chance`` comes from. The test is Kolmogorov-Smirnov's for
    numbers and days (asymptotic, cautious where values repeat) and chi-square for words.

    Parameters
    ----------
    bins : int, default 10
    moderate, large : float, default 0.10 and 0.25
        From where the index is called so: in common use since Lewis 1994.
    significance : float, default 0.05
        Level of the tests, after Holm's adjustment over all columns.

    Attributes
    ----------
    columns_ : tuple of ColumnDrift
        The furthest moved first.
    moved_ : tuple of str
        Columns that are moderate or large by the index and significant by the test.
    n_reference_, n_current_ : int
    notes_ : tuple of Note

    References
    ----------
    As above; B. Yurdakul & J. Naranjo, "Statistical properties of the population stability index", Journal of Risk
    Model Validation 14, 2020; S. Holm, Scandinavian Journal of Statistics 6, 1979.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> now = {"fee": rng.normal(60, 10, 500), "age": rng.normal(40, 9, 500)}
    >>> drift = Drift().fit({"fee": rng.normal(50, 10, 500), "age": rng.normal(40, 9, 500)}, now)
    >>> drift.moved_, [one.verdict for one in drift.columns_]
    (('fee',), ['large', 'stable'])
    """

    def __init__(self, bins: int = 10, moderate: float = 0.10, large: float = 0.25, significance: float = 0.05) -> None:
        """Store the parameters."""
        self.bins = bins
        self.moderate = moderate
        self.large = large
        self.significance = significance

    def fit(self, reference: Any, current: Any) -> Drift:
        """Compare two tables.

        Parameters
        ----------
        reference : table, shape (n_reference, n_columns)
            What the model learned from.
        current : table, shape (n_current, n_columns)
            With at least the same columns.

        Returns
        -------
        Drift

        Raises
        ------
        MethodError
            A column of the reference that the current table lacks; infinite values; fewer than 20 rows in either.
        """
        if isinstance(self.bins, bool) or not isinstance(self.bins, int) or self.bins < 2:
            raise MethodError("bins must be a whole number of at least 2, not {bins!r}", bins=self.bins)
        if not 0 < self.moderate < self.large:
            raise MethodError("moderate must be over 0 and under large")
        if not 0 < self.significance < 1:
            raise MethodError("significance must be over 0 and under 1, not {value!r}", value=self.significance)
        before, now = as_frame(reference), as_frame(current)
        if len(before) < 20:
            raise MethodError("the reference table has {rows} rows: 20 are needed", rows=len(before))
        if len(now) < 20:
            raise MethodError("the current table has {rows} rows: 20 are needed", rows=len(now))
        both = Frame(before.names, tuple(_joined(before.column(name), now.column(name)) for name in before.names))
        learned, notes = learn_predictors(both)
        found = []
        for predictor in learned.columns:
            values = predictor.values(both.column(predictor.name))
            found.append(self._column(predictor, values[: len(before)], values[len(before) :]))
        adjusted = _holm([one.p_value for one in found])
        told = [
            ColumnDrift(**{**vars(one), "p_adjusted": p, "is_significant": p < self.significance})
            for one, p in zip(found, adjusted, strict=True)
        ]
        self.columns_ = tuple(sorted(told, key=lambda one: (-one.psi, one.column)))
        self.moved_ = tuple(one.column for one in self.columns_ if one.verdict != "stable" and one.is_significant)
        self.n_reference_, self.n_current_ = len(before), len(now)
        self.notes_ = (
            *notes,
            Note("an index under its psi_by_chance says nothing: so much comes about without any drift"),
        )
        return self

    def _column(self, predictor: Predictor, before: Vector, now: Vector) -> ColumnDrift:
        """Compare one column."""
        edges: Vector = np.arange(1.0, len(predictor.levels)) - 0.5 if predictor.is_words else _edges(before, self.bins)
        e, a = _counts(before, edges), _counts(now, edges)
        used = e + a > 0
        e, a = e[used], a[used]
        psi, freedom = population_stability_index(e, a), max(1, e.size - 1)
        chance = (1 / before.size + 1 / now.size) * float(chdtri(freedom, 0.05))
        if predictor.is_words:
            test, statistic, p = "chi-square", *_chi_square(e, a)
        else:
            test, statistic, p = "kolmogorov-smirnov", *_smirnov(before[~np.isnan(before)], now[~np.isnan(now)])
        verdict: Verdict = "large" if psi >= self.large else "moderate" if psi >= self.moderate else "stable"
        return ColumnDrift(predictor.name, predictor.kind, psi, chance, test, statistic, p, p, verdict, False)


def _joined(before: Any, now: Any) -> Any:
    """Return two columns as one; numbers beside words become words."""
    one, other = np.asarray(before), np.asarray(now)
    kinds = {one.dtype.kind, other.dtype.kind}
    if kinds <= set("iufb") or kinds == {"M"}:
        return np.concatenate([one, other])
    return np.concatenate([one.astype(object), other.astype(object)])


def _edges(before: Vector, bins: int) -> Vector:
    """Return the borders of cells of about equal count."""
    given = before[~np.isnan(before)]
    return bin_edges(given, bins) if given.size else np.empty(0)


def _counts(values: Vector, edges: Vector) -> Vector:
    """Return the counts of the cells; the last is what is missing."""
    slots = np.searchsorted(edges, values, side="right")
    slots[np.isnan(values)] = edges.size + 1
    return np.bincount(slots, minlength=edges.size + 2).astype(np.float64)


def _chi_square(e: Vector, a: Vector) -> tuple[float, float]:
    """Return the statistic of a table of two rows and its p-value."""
    if e.size < 2:
        return 0.0, 1.0
    total, both = e.sum() + a.sum(), e + a
    statistic = 0.0
    for row in (e, a):
        expected = both * row.sum() / total
        statistic += float(np.sum((row - expected) ** 2 / expected))
    return statistic, float(chdtrc(e.size - 1, statistic))


def _smirnov(before: Vector, now: Vector) -> tuple[float, float]:
    """Return the largest distance of two distributions and its p-value."""
    if before.size == 0 or now.size == 0:
        return (0.0, 1.0) if before.size == now.size else (1.0, 0.0)
    every = np.concatenate([before, now])
    one = np.searchsorted(np.sort(before), every, side="right") / before.size
    other = np.searchsorted(np.sort(now), every, side="right") / now.size
    distance = float(np.abs(one - other).max())
    return distance, float(kolmogorov(distance * np.sqrt(before.size * now.size / (before.size + now.size))))


def _holm(p_values: list[float]) -> list[float]:
    """Return Holm's adjusted p-values in the order given."""
    order = np.argsort(p_values, kind="stable")
    adjusted, highest = [0.0] * len(p_values), 0.0
    for step, place in enumerate(order.tolist()):
        highest = max(highest, min(1.0, (len(p_values) - step) * p_values[place]))
        adjusted[place] = highest
    return adjusted
