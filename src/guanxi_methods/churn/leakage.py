"""Columns that leak the outcome, found by computation: what would not have been known in time, however it is called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from guanxi_methods.churn.discrimination import midranks, placements, placements_difference
from guanxi_methods.churn.predictors import Predictor
from guanxi_methods.churn.scorers import QUICK, Scorer, folds_of
from guanxi_methods.frames import Vector

MOST_TRAINING_ROWS = 20_000
# With fewer outcomes in the hold-out than this, every row is held out once, in five folds.
ENOUGH_OUTCOMES = 200
SMALL_FOLDS = 5
# A column that brings the AUC back to within this of what it was stands in for the others taken away.
NEARLY = 0.02
MOST_SUSPECTS = 8
LEAST_ALONE = 0.60
WITHOUT_FAIL = 0.9999
# Rank correlation from which two numbers count as one another with a little noise.
ALIKE = 0.95
# How far under the independent case a leak may be alone.
SLACK = 0.08


@dataclass(frozen=True)
class RefusedColumn:
    """A column that is refused because it tells what only the outcome can tell.

    Attributes
    ----------
    column : str
    auc_drop : float
        By how much the hold-out AUC falls when the column is taken away.
    standard_error : float
        DeLong's, of the two AUCs on the same customers.
    auc_alone : float
        Hold-out AUC of the column by itself.
    stands_with : tuple of str
        Refused columns that tell the same: the drop is measured with them gone.
    """

    column: str
    auc_drop: float
    standard_error: float
    auc_alone: float
    stands_with: tuple[str, ...] = ()


Areas = list[tuple[Vector, Vector]]


class LeakSearch:
    r"""Measures what each column is worth on customers the model has not seen.

    With :math:`A(S)` the hold-out AUC of a quick boosted model on the columns :math:`S`:

    1. every column :math:`c` with :math:`A(S) - A(S \setminus c) > \delta` is refused; columns that are one another in
       another spelling, value for value, and numbers with a rank correlation of at least .95 are taken away together.
       A model is fitted anew only where shuffling the column in the hold-out lowers the AUC by over
       :math:`\delta / 2`, for shuffling costs no less than doing without;
    2. a column that alone tells every outcome of the hold-out without an error is the outcome in another spelling;
    3. a column hidden behind a refused one (taking it away alone lowers the AUC by at most .02) is refused if, the
       refused ones gone, taking it away lowers the AUC by over :math:`\delta`;
    4. columns that stand in for one another hide one another. If one tells enough alone to be a leak, the (at most 8)
       best are taken away together; each that by itself brings back over :math:`\delta` stays suspect, the others are
       put back, until nothing changes. They are refused if one of them alone brings the AUC back to within .02 of the
       whole.

    Names play no part. What a refusal means is that the model rests on that column to a degree that calls for a person
    to say it is known beforehand.
    """

    def __init__(
        self,
        matrix: Vector,
        columns: tuple[Predictor, ...],
        left: NDArray[np.bool_],
        held: NDArray[np.bool_],
        most_drop: float,
    ) -> None:
        """Take rows in an order that does not depend on the file's."""
        self.matrix, self.columns, self.left, self.most_drop = matrix, columns, left, most_drop
        self.places = {column.name: place for place, column in enumerate(columns)}
        if min(int(left[held].sum()), int((~left[held]).sum())) >= ENOUGH_OUTCOMES:
            parts = [held]
        else:
            folds = folds_of(left, SMALL_FOLDS)
            parts = [folds == fold for fold in range(SMALL_FOLDS)]
        self.parts = [(self._training(~part), np.flatnonzero(part)) for part in parts]
        self._known: dict[frozenset[str], Areas] = {}

    @staticmethod
    def _training(part: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the rows to learn from, at most so many: evenly spaced in an order that has no meaning."""
        rows = np.flatnonzero(part)
        step = max(1, -(-rows.size // MOST_TRAINING_ROWS))
        return rows[::step]

    def areas(self, names: Iterable[str]) -> Areas:
        """Return the placements on each hold-out of a model on the columns named."""
        key = frozenset(names)
        if key not in self._known:
            self._known[key] = [area for area, _ in self._fit(key)]
        return self._known[key]

    def _fit(self, names: frozenset[str]) -> list[tuple[tuple[Vector, Vector], Scorer | None]]:
        """Fit a model for each hold-out."""
        taken = sorted(self.places[name] for name in names)
        columns = tuple(self.columns[place] for place in taken)
        told: list[tuple[tuple[Vector, Vector], Scorer | None]] = []
        for training, test in self.parts:
            if not taken:
                told.append((placements(np.zeros(test.size), self.left[test]), None))
                continue
            scorer = Scorer(QUICK, columns).fit(self.matrix[training][:, taken], self.left[training])
            odds = scorer.log_odds(self.matrix[test][:, taken])
            told.append((placements(odds, self.left[test]), scorer))
        return told

    def auc(self, names: Iterable[str]) -> float:
        """Return the hold-out AUC of a model on the columns named, the mean over hold-outs."""
        return float(np.mean([v10.mean() for v10, _ in self.areas(names)]))

    def drop(self, names: Iterable[str], without: Iterable[str]) -> tuple[float, float]:
        """Return by how much the AUC falls from one set of columns to another, with its standard error."""
        pairs = zip(self.areas(names), self.areas(without), strict=True)
        told = [placements_difference(a[0] - b[0], a[1] - b[1]) for a, b in pairs]
        errors = np.array([error for _, error in told])
        return float(np.mean([d for d, _ in told])), float(np.sqrt((errors**2).sum()) / errors.size)

    def search(self, known_before: tuple[str, ...]) -> tuple[RefusedColumn, ...]:
        """Return the columns to refuse, the largest drop first; those known before are never among them."""
        every = frozenset(self.places)
        units = [unit for unit in self._units() if not unit & set(known_before)]
        if not units:
            return ()
        alone = {unit: max(self._alone(name) for name in unit) for unit in units}
        drops = self._drops(every, units)
        own = {unit for unit in units if drops[unit] > self.most_drop}
        refused = own | {unit for unit in units if alone[unit] >= WITHOUT_FAIL}
        refused |= self._hidden(every, drops, refused)
        rest = every - frozenset().union(*refused)
        refused |= self._stand_ins(rest, [unit for unit in units if unit not in refused], alone)
        return self._told(every, refused, own, alone)

    def _told(
        self,
        every: frozenset[str],
        refused: set[frozenset[str]],
        own: set[frozenset[str]],
        alone: dict[frozenset[str], float],
    ) -> tuple[RefusedColumn, ...]:
        """Return the figures of what is refused: against the whole table, or with its stand-ins gone."""
        rest = every - frozenset().union(*refused)
        found = []
        for unit in refused:
            drop, error = self.drop(every, every - unit) if unit in own else self.drop(rest | unit, rest)
            beside = unit if unit in own else frozenset().union(*refused)
            found += [RefusedColumn(name, drop, error, alone[unit], tuple(sorted(beside - {name}))) for name in unit]
        return tuple(sorted(found, key=lambda one: (-one.auc_drop, one.column)))

    def _units(self) -> list[frozenset[str]]:
        """Return the columns, those that are one another value for value joined.

        Where values repeat, any recoding counts; where nearly all are different, any two columns are recodings of one
        another, so the order of the values must be the same or the reverse.
        """
        found: dict[bytes, set[str]] = {}
        for place, column in enumerate(self.columns):
            _, codes = np.unique(self.matrix[:, place], return_inverse=True, equal_nan=True)
            count = int(codes.max()) + 1
            if count > codes.size // 2:
                key = min(codes.tobytes(), (count - 1 - codes).tobytes())
            else:
                firsts = np.full(count, codes.size)
                np.minimum.at(firsts, codes, np.arange(codes.size))
                key = firsts[codes].tobytes()
            found.setdefault(key, set()).add(column.name)
        for one, other in self._alike():
            mine, theirs = (next(unit for unit in found.values() if name in unit) for name in (one, other))
            if mine is not theirs:
                mine |= theirs
                theirs.clear()
        return sorted((frozenset(unit) for unit in found.values() if unit), key=min)

    def _alike(self) -> list[tuple[str, str]]:
        """Return pairs of numbers or days that put customers in nearly the same order."""
        taken = [place for place, column in enumerate(self.columns) if not column.is_words]
        if len(taken) < 2:
            return []
        rows = self._training(np.ones(self.left.size, dtype=bool))
        ranks = np.column_stack([_middle_ranks(self.matrix[rows, place]) for place in taken])
        spread = ranks.std(axis=0)
        ranks = (ranks - ranks.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        alike = np.abs(ranks.T @ ranks) / rows.size >= ALIKE
        names = [self.columns[place].name for place in taken]
        return [(names[i], names[j]) for i in range(len(names)) for j in range(i) if alike[i, j]]

    def _drops(self, every: frozenset[str], units: list[frozenset[str]]) -> dict[frozenset[str], float]:
        """Return by how much the AUC falls without each unit; where shuffling it hardly matters, that stands for it."""
        fitted = self._fit(every)
        self._known[every] = [area for area, _ in fitted]
        order = sorted(self.places[name] for name in every)
        found = {}
        for unit in units:
            taken = [order.index(self.places[name]) for name in unit]
            found[unit] = self._shuffled_drop(fitted, order, taken)
            if found[unit] > self.most_drop / 2:
                found[unit] = self.drop(every, every - unit)[0]
        return found

    def _shuffled_drop(
        self, fitted: list[tuple[tuple[Vector, Vector], Scorer | None]], order: list[int], taken: list[int]
    ) -> float:
        """Return by how much the AUC falls when columns are shuffled in the hold-out."""
        falls = []
        for ((v10, _), scorer), (_, test) in zip(fitted, self.parts, strict=True):
            matrix = self.matrix[test][:, order]
            shuffled = np.random.default_rng(test.size).permutation(test.size)
            matrix[:, taken] = matrix[shuffled][:, taken]
            odds = scorer.log_odds(matrix) if scorer is not None else np.zeros(test.size)
            falls.append(float(v10.mean() - placements(odds, self.left[test])[0].mean()))
        return float(np.mean(falls))

    def _alone(self, name: str) -> float:
        """Return the hold-out AUC of one column: the share who left among those with about the same value."""
        values, told = self.matrix[:, self.places[name]], []
        for training, test in self.parts:
            slots = _slots(values, values[training])
            count = int(slots.max()) + 1
            all_rows = np.bincount(slots[training], minlength=count)
            events = np.bincount(slots[training], weights=self.left[training], minlength=count)
            rate = (events + self.left[training].mean()) / (all_rows + 1)
            told.append(float(placements(rate[slots[test]], self.left[test])[0].mean()))
        return float(np.mean(told))

    def _hidden(
        self, every: frozenset[str], drops: dict[frozenset[str], float], refused: set[frozenset[str]]
    ) -> set[frozenset[str]]:
        """Return units that matter as much as a leak once those refused are gone, and hardly at all before."""
        rest = every - frozenset().union(*refused)
        behind = [unit for unit in drops if unit not in refused and drops[unit] <= self.most_drop / 2]
        if not refused or not behind:
            return set()
        later = self._drops(rest, behind)
        return {
            unit
            for unit in behind
            if later[unit] > self.most_drop and (drops[unit] <= NEARLY or self.drop(every, every - unit)[0] <= NEARLY)
        }

    def _stand_ins(
        self, rest: frozenset[str], units: list[frozenset[str]], alone: dict[frozenset[str], float]
    ) -> set[frozenset[str]]:
        """Return units that each bring back over the limit when all of them are gone."""
        suspects = sorted(
            (unit for unit in units if alone[unit] >= LEAST_ALONE), key=lambda unit: (-alone[unit], min(unit))
        )
        whole = self.auc(rest)
        if len(suspects) < 2 or alone[suspects[0]] < _least_alone(whole, self.most_drop):
            return set()
        group = set(suspects[:MOST_SUSPECTS])
        while len(group) > 1:
            base = rest - frozenset().union(*group)
            floor = self.auc(base)
            if whole - floor <= self.most_drop:
                return set()
            back = {unit: self.auc(base | unit) for unit in group}
            still = {unit for unit in group if back[unit] - floor > self.most_drop}
            if still == group:
                return group if max(back.values()) >= whole - NEARLY else set()
            group = still
        return set()


def _middle_ranks(values: Vector) -> Vector:
    """Return ranks, gaps in the middle."""
    gaps = np.isnan(values)
    ranks = np.full(values.size, (values.size - gaps.sum() + 1) / 2)
    if not gaps.all():
        ranks[~gaps] = midranks(values[~gaps])
    return ranks


def _least_alone(whole: float, most_drop: float) -> float:
    """Return what AUC a column must have alone to lift the rest by the limit, less a margin.

    For independent normal scores squared distances add up: that of the column is at least what the whole has over the
    rest. Columns that share with the rest need more.
    """
    top, low = (2**0.5 * float(ndtri(min(max(area, 0.5), 0.9999))) for area in (whole, whole - most_drop))
    return float(ndtr(np.sqrt(max(top**2 - low**2, 0.0) / 2))) - SLACK


def _slots(values: Vector, training: Vector, most: int = 32) -> NDArray[np.int64]:
    """Return a slot for each value: its own where there are few, else one of equal count; gaps have their own."""
    given = training[~np.isnan(training)]
    if given.size == 0:
        return np.isnan(values).astype(np.int64)
    found = np.unique(given)
    edges = found if found.size <= 2 * most else np.unique(np.quantile(given, np.arange(1, most) / most))
    slots = np.searchsorted(edges, values, side="right")
    return np.where(np.isnan(values), edges.size + 1, slots)
