"""The four degrees side by side: satisfaction, loyalty, retention, contribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from scipy.special import stdtrit

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Vector, as_categories, as_vector
from guanxi_methods.loyalty.intervals import LEVEL, Estimate, check_level, mean, proportion, two_sided_z
from guanxi_methods.loyalty.tolerance import as_flags

ALL = "all"
FULL = 100.0
DEGREES = ("satisfaction", "loyalty", "retention", "contribution")
Scale = tuple[float, float]


@dataclass(frozen=True)
class Degrees:
    """The four degrees of one group of customers, each in percent.

    Attributes
    ----------
    customers : int
    customer_share : float
        In percent of all customers.
    satisfaction, loyalty : Estimate or None
        Mean, 0 the lowest and 100 the highest answer; None where nobody answered.
    retention : Estimate or None
        Percentage still customers.
    contribution : Estimate or None
        Percentage of all customers' contribution; None where all together contribute nothing. Of all it is 100 without an
        interval.
    contribution_per_customer : Estimate or None
        In the unit of the input.
    """

    customers: int
    customer_share: float
    satisfaction: Estimate | None
    loyalty: Estimate | None
    retention: Estimate | None
    contribution: Estimate | None
    contribution_per_customer: Estimate | None


class FourDegrees(Method):
    r"""Four degrees (四度): 满意度, 忠诚度, 保留度, 贡献度, of all customers and of each group.

    - satisfaction, loyalty: :math:`100 (\bar x - a) / (b - a)` for answers from :math:`a` to :math:`b`; Student's
      interval, cut off at 0 and 100.
    - retention: customers of the beginning of a period still customers at its end, in percent; Wilson's interval.
    - contribution: :math:`100 \sum_{i \in g} c_i / \sum_i c_i`, a group's part of all profit (or revenue); interval of a
      ratio over customers. Beside it the share of customers: a group that is 10% of the customers and brings 40% of the
      profit contributes four times its number.

    How the degrees go together over customers is told by rank correlations: satisfied customers who are not loyal, loyal
    ones who bring nothing, are a matter of these.

    That the four are to be looked at together is taught in Chinese texts; the formulas beyond the plain mean and share
    are the product's own.

    Parameters
    ----------
    satisfaction_scale, loyalty_scale : tuple of two floats, default (0, 100)
        Lowest and highest answer.
    level : float, default 0.95

    Attributes
    ----------
    degrees_ : dict of str to Degrees
        "all" and each group.
    together_ : dict of tuple of two str to Estimate
        Spearman's rank correlation of two degrees over the customers known in both; from 10 customers on.
    notes_ : tuple of Note

    References
    ----------
    E. C. Fieller, H. O. Hartley & E. S. Pearson, "Tests for rank correlation coefficients I", Biometrika 44, 1957 (error
    of the correlations, 1.06 / (n - 3) on Fisher's scale).

    Examples
    --------
    >>> four = FourDegrees(satisfaction_scale=(1, 5), loyalty_scale=(0, 10)).fit(
    ...     satisfaction=[5, 4, 3, 2], loyalty=[10, 8, 7, 3], retained=[1, 1, 1, 0], contribution=[900, 50, 30, 20],
    ...     group=["key", "small", "small", "small"],
    ... )
    >>> [round(getattr(four.degrees_["all"], name).value, 1) for name in ("satisfaction", "loyalty", "retention")]
    [62.5, 70.0, 75.0]
    >>> four.degrees_["key"].customer_share, four.degrees_["key"].contribution.value
    (25.0, 90.0)
    """

    def __init__(
        self, satisfaction_scale: Scale = (0, 100), loyalty_scale: Scale = (0, 100), level: float = LEVEL
    ) -> None:
        """Store the parameters."""
        self.satisfaction_scale = satisfaction_scale
        self.loyalty_scale = loyalty_scale
        self.level = level

    def fit(self, satisfaction: Any, loyalty: Any, retained: Any, contribution: Any, group: Any = None) -> FourDegrees:
        """Measure the degrees.

        Parameters
        ----------
        satisfaction, loyalty : array_like, shape (n_customers,)
            Answers; may be missing for customers who were not asked.
        retained : array_like of 0 and 1, shape (n_customers,)
            Of the customers of the period's beginning, who still is one.
        contribution : array_like, shape (n_customers,)
            Profit or revenue; may be negative.
        group : array_like, shape (n_customers,), optional

        Returns
        -------
        FourDegrees

        Raises
        ------
        MethodError
            Answers off their scale, other values than 0 and 1, missing contributions (with column and row); nobody
            answered.
        """
        check_level(self.level)
        pleased = _as_percent(satisfaction, "satisfaction", self.satisfaction_scale, None)
        size = pleased.size
        columns = {
            "satisfaction": pleased,
            "loyalty": _as_percent(loyalty, "loyalty", self.loyalty_scale, size),
            "retention": as_flags(retained, "retained", size=size),
            "contribution": as_vector(contribution, "contribution", size=size),
        }
        self._notes: list[Note] = []
        for name in ("satisfaction", "loyalty"):
            absent = int(np.isnan(columns[name]).sum())
            if absent:
                self._notes.append(Note("{count} customers have no answer on {degree}", count=absent, degree=name))
        total = float(columns["contribution"].sum())
        if total <= 0:
            self._notes.append(Note("all customers together contribute nothing: there are no shares of it"))
        self.degrees_ = {ALL: self._of(columns, np.ones(size, dtype=bool))}
        if group is not None:
            words = as_categories(group, "group").astype(str)
            if words.size != size:
                raise MethodError("group holds {found} values where {size} are needed", found=words.size, size=size)
            for name in np.unique(words[words != ""]).tolist():
                self.degrees_[name] = self._of(columns, words == name)
        self.together_ = _correlations(columns, self.level)
        self.notes_ = tuple(self._notes)
        return self

    def _of(self, columns: dict[str, Vector], rows: Any) -> Degrees:
        """Measure one group."""
        size, count, money = rows.size, int(rows.sum()), columns["contribution"]
        answers = [columns[name][rows] for name in ("satisfaction", "loyalty")]
        pleased, loyal = (
            mean(told[~np.isnan(told)], self.level).within(0.0, FULL) if (~np.isnan(told)).any() else None
            for told in answers
        )
        return Degrees(
            count,
            FULL * count / size,
            pleased,
            loyal,
            proportion(float(columns["retention"][rows].sum()), float(count), self.level).times(FULL),
            _part(money if rows.all() else np.where(rows, money, 0.0), money, self.level),
            mean(money[rows], self.level),
        )


def _as_percent(values: Any, name: str, scale: Scale, size: int | None) -> Vector:
    """Return answers from 0 to 100."""
    low, high = (float(end) for end in scale)
    if not low < high:
        raise MethodError("{name}_scale must be its lowest and its highest answer, not {scale}", name=name, scale=scale)
    answers = as_vector(values, name, size=size, missing="keep")
    wrong = (answers < low) | (answers > high)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise MethodError(
            "{name} holds {value:g} in row {row}: answers must be from {low:g} to {high:g}",
            name=name, value=float(answers[row]), row=row + 1, low=low, high=high,
        )  # fmt: skip
    if np.isnan(answers).all():
        raise TooFewError("nobody answered on {name}", name=name)
    return FULL * (answers - low) / (high - low)


def _part(part: Vector, whole: Vector, level: float) -> Estimate | None:
    """Return a part of a sum in percent, with the interval of a ratio over customers; losses are allowed."""
    total = float(whole.sum())
    if total <= 0:
        return None
    share = float(part.sum()) / total
    n = part.size
    if n == 1 or part is whole:
        return Estimate(FULL * share, None, None, None, n)
    residual = part - share * whole
    error = math.sqrt(n / (n - 1) * float(residual @ residual)) / total
    half = float(stdtrit(n - 1, 0.5 + level / 2)) * error
    return Estimate(share, share - half, share + half, error, n).times(FULL)


def _correlations(columns: dict[str, Vector], level: float) -> dict[tuple[str, str], Estimate]:
    """Return Spearman's correlations of the degrees over the customers known in both."""
    found = {}
    for one, other in combinations(DEGREES, 2):
        known = ~(np.isnan(columns[one]) | np.isnan(columns[other]))
        n = int(known.sum())
        if n < 10:
            continue
        a, b = (_ranks(columns[name][known]) for name in (one, other))
        a, b = a - a.mean(), b - b.mean()
        spread = math.sqrt(float(a @ a) * float(b @ b))
        if spread == 0:
            continue
        r = max(-1.0, min(1.0, float(a @ b) / spread))
        error = math.sqrt(1.06 / (n - 3))
        middle = math.atanh(max(-1 + 1e-12, min(1 - 1e-12, r)))
        half = two_sided_z(level) * error
        found[one, other] = Estimate(r, math.tanh(middle - half), math.tanh(middle + half), error * (1 - r * r), n)
    return found


def _ranks(values: Vector) -> Vector:
    """Return mean ranks."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Vector = (ends - (counts - 1) / 2)[place]
    return ranks
