"""How a change of satisfaction goes with a change of loyalty: the same customers at two times."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from guanxi_methods.base import Method
from guanxi_methods.errors import Note, TooFewError
from guanxi_methods.frames import Vector, as_vector
from guanxi_methods.loyalty.intervals import LEVEL, Estimate, check_level, mean
from guanxi_methods.loyalty.least_squares import robust_line

FEWEST = 30
DIRECTIONS = ("fell", "same", "rose")


class SatisfactionLoyaltyChange(Method):
    r"""Dynamic link of satisfaction and loyalty (满意与忠诚的动态关系), customer by customer.

    With :math:`\Delta s_i` and :math:`\Delta l_i` a customer's change of satisfaction and of loyalty

    .. math::

        \Delta l_i = a + b\,\Delta s_i + e_i, \qquad
        \Delta l_i = a' + b_+ \max(\Delta s_i, 0) + b_- \min(\Delta s_i, 0) + e'_i

    Whatever makes one customer more loyal than another throughout (switching cost, habit, place) is in both times and
    falls out of the differences, which the static curve cannot do. The second line asks whether a loss of satisfaction
    weighs more than a gain: :math:`b_- - b_+ > 0`. Errors are HC3.

    Answers vary even if nothing happened, which draws :math:`b` towards 0: read it as a lower bound. A scale's end
    leaves no room upwards, so that those who began high can only fall.

    Parameters
    ----------
    level : float, default 0.95

    Attributes
    ----------
    slope_ : Estimate
        :math:`b`: loyalty that goes with one step of satisfaction.
    drift_ : Estimate
        :math:`a`: change of loyalty of customers whose satisfaction stayed.
    rise_slope_, fall_slope_ : Estimate or None
        :math:`b_+` and :math:`b_-`; None where nobody rose, nobody fell, or all changes are alike.
    asymmetry_ : Estimate or None
        :math:`b_- - b_+`.
    asymmetry_p_ : float or None
    satisfaction_change_, loyalty_change_ : Estimate
        Means of the same customers, Student's interval of paired differences.
    by_direction_ : dict of str to Estimate
        Mean change of loyalty of those whose satisfaction "fell", stayed the "same", "rose".
    table_ : ndarray of int64, shape (3, 3)
        Customers by direction of satisfaction (rows: fell, same, rose) and of loyalty (columns).
    expected_change_ : ndarray of float64, shape (n_customers,)
        Change of loyalty to be expected from the customer's change of satisfaction; NaN where an answer is missing.
    surprise_ : ndarray of float64, shape (n_customers,)
        Change of loyalty less that expected, in standard deviations: far under 0, something other than satisfaction is
        driving the customer away.
    n_customers_ : int
    notes_ : tuple of Note

    References
    ----------
    V. Mittal, P. Kumar & M. Tsiros, "Attribute-level performance, satisfaction, and behavioral intentions over time",
    Journal of Marketing 63(2), 1999; E. W. Anderson & M. W. Sullivan, "The antecedents and consequences of customer
    satisfaction for firms", Marketing Science 12(2), 1993 (losses weigh more than gains).

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(7)
    >>> before, change = rng.normal(70, 10, 400), rng.normal(0, 8, 400)
    >>> loyal = 0.5 * before + rng.normal(30, 5, 400)
    >>> later = loyal + 0.3 * np.maximum(change, 0) + 0.9 * np.minimum(change, 0) + rng.normal(0, 2, 400)
    >>> link = SatisfactionLoyaltyChange().fit(before, before + change, loyal, later)
    >>> round(link.rise_slope_.value, 1), round(link.fall_slope_.value, 1), link.asymmetry_p_ < 0.001
    (0.3, 0.9, True)
    """

    def __init__(self, level: float = LEVEL) -> None:
        """Store the parameters."""
        self.level = level

    def fit(
        self, satisfaction_before: Any, satisfaction_after: Any, loyalty_before: Any, loyalty_after: Any
    ) -> SatisfactionLoyaltyChange:
        """Estimate the link.

        Parameters
        ----------
        satisfaction_before, satisfaction_after, loyalty_before, loyalty_after : array_like, shape (n_customers,)
            The same customer in the same row; each pair on one scale. Rows with a missing answer are left out, noted.

        Returns
        -------
        SatisfactionLoyaltyChange

        Raises
        ------
        MethodError
            Not numbers; fewer than 30 customers asked twice; nobody's satisfaction changed otherwise than the others'.
        """
        check_level(self.level)
        first = as_vector(satisfaction_before, "satisfaction_before", missing="keep")
        columns = (
            ("satisfaction_after", satisfaction_after),
            ("loyalty_before", loyalty_before),
            ("loyalty_after", loyalty_after),
        )
        second, third, fourth = (as_vector(values, name, size=first.size, missing="keep") for name, values in columns)
        moved, loyal = second - first, fourth - third
        known = ~(np.isnan(moved) | np.isnan(loyal))
        self.n_customers_ = int(known.sum())
        if self.n_customers_ < FEWEST:
            raise TooFewError(
                "at least {needed} customers asked at both times are needed, there are {count}",
                needed=FEWEST, count=self.n_customers_,
            )  # fmt: skip
        if np.ptp(moved[known]) == 0:
            raise TooFewError(
                "every customer's satisfaction changed by {change:g}: nothing can be learned of what a change does",
                change=float(moved[known][0]),
            )
        self._notes: list[Note] = []
        left = int((~known).sum())
        if left:
            self._notes.append(Note("{count} customers without all four answers were left out", count=left))
        order = np.lexsort((loyal[known], moved[known]))
        self._learn(moved[known][order], loyal[known][order])
        self.expected_change_ = self.drift_.value + self.slope_.value * moved
        residual = loyal - self.expected_change_
        spread = float(np.std(residual[known], ddof=2))
        is_exact = spread <= 1e-12 * max(1.0, float(np.abs(loyal[known]).max()))
        self.surprise_: Vector = np.where(known, 0.0, np.nan) if is_exact else residual / spread
        self.notes_ = tuple(self._notes)
        return self

    def _learn(self, moved: Vector, loyal: Vector) -> None:
        """Fit both lines and count the directions."""
        ones = np.ones(moved.size)
        line = np.column_stack([ones, moved])
        self.drift_ = robust_line(line, loyal, 0, self.level)
        self.slope_ = robust_line(line, loyal, 1, self.level)
        self.satisfaction_change_ = mean(moved, self.level)
        self.loyalty_change_ = mean(loyal, self.level)
        self._compare_directions(np.column_stack([ones, np.maximum(moved, 0), np.minimum(moved, 0)]), loyal)
        sides = (np.sign(moved).astype(int) + 1, np.sign(loyal).astype(int) + 1)
        self.table_: NDArray[np.int64] = np.bincount(3 * sides[0] + sides[1], minlength=9).reshape(3, 3)
        self.by_direction_ = {
            name: mean(loyal[sides[0] == place], self.level)
            for place, name in enumerate(DIRECTIONS)
            if (sides[0] == place).any()
        }

    def _compare_directions(self, design: Vector, loyal: Vector) -> None:
        """Fit rises and falls apart, where both are there."""
        self.rise_slope_: Estimate | None = None
        self.fall_slope_: Estimate | None = None
        self.asymmetry_: Estimate | None = None
        self.asymmetry_p_: float | None = None
        if np.linalg.matrix_rank(design) < 3:
            self._notes.append(Note("rises and falls cannot be told apart: there are too few of one kind"))
            return
        self.rise_slope_ = robust_line(design, loyal, 1, self.level)
        self.fall_slope_ = robust_line(design, loyal, 2, self.level)
        # as columns (rise + fall, fall) the second coefficient is the difference itself
        turned = np.column_stack([design[:, 0], design[:, 1] + design[:, 2], design[:, 2]])
        self.asymmetry_ = robust_line(turned, loyal, 2, self.level)
        error = self.asymmetry_.standard_error or 0.0
        if error > 0:
            self.asymmetry_p_ = float(2 * stdtr(loyal.size - 3, -abs(self.asymmetry_.value) / error))
