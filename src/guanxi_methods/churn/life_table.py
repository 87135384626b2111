"""The actuarial life table: leaving by intervals of time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.base import Method, MethodError, Note
from guanxi_methods.churn.durations import as_durations
from guanxi_methods.frames import Vector, as_vector

# More intervals than this are a slip of the width, not a table.
MOST_INTERVALS = 100_000


class LifeTable(Method):
    r"""Leaving by intervals of time, who is last seen within an interval counting half (the actuarial estimate).

    For the interval :math:`[t_j, t_{j+1})` of width :math:`h_j` with :math:`n_j` entering, :math:`d_j` leaving and
    :math:`c_j` last seen in it

    .. math::

        n'_j = n_j - \tfrac{c_j}{2}, \quad q_j = \frac{d_j}{n'_j}, \quad S_{j+1} = S_j (1 - q_j), \quad
        \mathrm{SE}(S_j) = S_j \sqrt{\sum_{i<j} \frac{q_i}{n'_i (1 - q_i)}}

        \lambda_j = \frac{2 q_j}{h_j (2 - q_j)}, \quad
        \mathrm{SE}(\lambda_j) = \lambda_j \sqrt{\frac{1 - (h_j \lambda_j / 2)^2}{n'_j q_j}}, \quad
        f_j = \frac{S_j q_j}{h_j}

    and the median residual time of those still there at :math:`t_j` is where :math:`S` has fallen to
    :math:`S_j / 2`, by a straight line within its interval.

    Parameters
    ----------
    width : float, optional
        Of the intervals, from 0 on; 1 unless ``edges`` are given.
    edges : sequence of float, optional
        Starts of the intervals, ascending from 0; the last one is open.

    Attributes
    ----------
    starts_, ends_ : ndarray, shape (n_intervals,)
        The last end is infinite.
    entering_, events_, censored_ : ndarray, shape (n_intervals,)
    effective_ : ndarray
        :math:`n'`.
    probability_, probability_error_ : ndarray
        :math:`q` and its standard error :math:`\sqrt{q(1-q)/n'}`.
    survival_, survival_error_ : ndarray
        At the start of each interval.
    density_, hazard_, hazard_error_ : ndarray
        Per unit of time; NaN in the open interval, which has no width.
    median_residual_, median_residual_error_ : ndarray
        NaN where half have not left by the last start.
    notes_ : tuple of Note

    Notes
    -----
    Assumes that leaving and being last seen spread evenly over an interval. With exact times use
    :class:`KaplanMeier`.

    References
    ----------
    J. Berkson & R. P. Gage 1950; S. J. Cutler & F. Ederer, "Maximum utilization of the life table method in analyzing
    survival", J. Chronic Diseases 8, 1958; E. A. Gehan 1969 (hazard, density and their errors); E. T. Lee & J. W. Wang,
    "Statistical Methods for Survival Data Analysis", 3rd ed. 2003, section 4.2.

    Examples
    --------
    >>> table = LifeTable(width=1).fit([0.5, 1.5, 1.5, 2.5], [1, 1, 0, 0], count=[456, 226, 39, 1697])
    >>> table.effective_, table.survival_.round(4)
    (array([2418. , 1942.5,  848.5]), array([1.    , 0.8114, 0.717 ]))
    """

    def __init__(self, width: float | None = None, edges: Any = None) -> None:
        """Store the parameters."""
        self.width = width
        self.edges = edges

    def fit(self, duration: Any, event: Any, count: Any = None) -> LifeTable:
        """Make the table.

        Parameters
        ----------
        duration : array_like, shape (n,)
            Any unit of time.
        event : array_like of bool or 0 and 1, shape (n,)
        count : array_like, shape (n,), optional
            How many customers each row stands for; 1 unless given.

        Returns
        -------
        LifeTable

        Raises
        ------
        MethodError
            Durations as in :func:`as_durations`; a negative count; edges that do not ascend from 0; a width not over 0.
        """
        lasted, left = as_durations(duration, event)
        many = np.ones(lasted.size) if count is None else as_vector(count, "count", size=lasted.size)
        if (many < 0).any():
            raise MethodError("count is negative in row {row}", row=int(np.argmax(many < 0)) + 1)
        if many.sum() == 0:
            raise MethodError("every count is 0: there is nothing to measure")
        self.starts_ = self._starts(float(lasted.max()))
        self.ends_ = np.append(self.starts_[1:], np.inf)
        slots = np.searchsorted(self.starts_, lasted, side="right") - 1
        size = self.starts_.size
        self.events_ = np.bincount(slots, weights=many * left, minlength=size)
        self.censored_ = np.bincount(slots, weights=many * ~left, minlength=size)
        gone = self.events_ + self.censored_
        self.entering_ = gone[::-1].cumsum()[::-1]
        self._estimate()
        notes = []
        if np.isnan(self.median_residual_).any():
            notes.append(Note("a median residual time is given only where half leave before the last interval begins"))
        self.notes_ = tuple(notes)
        return self

    def _starts(self, longest: float) -> Vector:
        """Return where the intervals begin."""
        if self.edges is not None:
            if self.width is not None:
                raise MethodError("give either a width or edges, not both")
            starts = as_vector(self.edges, "edges")
            if starts[0] != 0 or (np.diff(starts) <= 0).any():
                raise MethodError("edges must begin with 0 and ascend")
            return starts
        width = 1.0 if self.width is None else self.width
        if not 0 < width < np.inf:
            raise MethodError("width must be over 0, not {width!r}", width=width)
        if longest / width > MOST_INTERVALS:
            raise MethodError(
                "a width of {width} makes over {most} intervals up to {longest}: take a larger one",
                width=width,
                most=MOST_INTERVALS,
                longest=longest,
            )
        return width * np.arange(int(np.floor(longest / width)) + 1, dtype=np.float64)

    def _estimate(self) -> None:
        """Work out the columns from the counts."""
        n, d, h = self.effective(), self.events_, self.ends_ - self.starts_
        self.effective_ = n
        q = np.divide(d, n, out=np.zeros(n.size), where=n > 0)
        self.probability_ = q
        self.probability_error_ = np.sqrt(np.divide(q * (1 - q), n, out=np.zeros(n.size), where=n > 0))
        steps = np.concatenate([[1.0], np.cumprod(1 - q)])
        self.survival_ = steps[:-1]
        room = (q < 1) & (n > 0)
        terms = np.divide(q, n * (1 - q), out=np.zeros(n.size), where=room)
        self._variance = np.concatenate([[0.0], terms.cumsum()])
        self.survival_error_ = self.survival_ * np.sqrt(self._variance[:-1])
        width = np.where(np.isfinite(h), h, np.nan)
        self.density_ = self.survival_ * q / width
        self.hazard_ = 2 * q / (width * (2 - q))
        share = np.divide(1 - (width * self.hazard_ / 2) ** 2, n * q, out=np.zeros(n.size), where=n * q > 0)
        self.hazard_error_ = self.hazard_ * np.sqrt(share)
        self._residual()

    def effective(self) -> Vector:
        """Return the effective number at risk: those entering less half of those last seen."""
        self._check_fitted("entering_")
        return self.entering_ - self.censored_ / 2

    def _residual(self) -> None:
        """Work out the median residual times: where the curve is down to half of what it is at each start."""
        half = self.survival_ / 2
        self.median_residual_ = np.full(half.size, np.nan)
        self.median_residual_error_ = np.full(half.size, np.nan)
        for j in np.flatnonzero((half > 0) & (self.effective_ > 0)):
            reached = np.flatnonzero(self.survival_[j + 1 :] <= half[j])
            if reached.size == 0:
                continue
            i = j + int(reached[0])
            density = self.density_[i]
            self.median_residual_[j] = self.starts_[i] - self.starts_[j] + (self.survival_[i] - half[j]) / density
            self.median_residual_error_[j] = half[j] / density / np.sqrt(self.effective_[j])

    def table(self) -> dict[str, NDArray[Any]]:
        """Return the whole table by the names of its columns."""
        self._check_fitted("entering_")
        names = ("starts", "ends", "entering", "events", "censored", "effective", "probability", "probability_error",
                 "survival", "survival_error", "density", "hazard", "hazard_error", "median_residual",
                 "median_residual_error")  # fmt: skip
        return {name: getattr(self, f"{name}_") for name in names}
