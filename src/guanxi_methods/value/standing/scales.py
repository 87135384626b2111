"""Answers to several questions, made into one score of a customer with its error."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError
from guanxi_methods.frames import as_frame

SWEEPS = 30


def axis_score(
    answers: Any, *, scale: tuple[float, float], reversed_items: Collection[str] = ()
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Return each customer's mean answer as a score from 0 to 100, with its standard error of measurement.

    .. math::

        s_i = \bar x_i, \qquad x_{ik} = 100 (a_{ik} - lo) / (hi - lo), \qquad
        se_i = \sqrt{MS_{res} / K_i}

    over the :math:`K_i` items answered; items asked the other way round are turned. :math:`MS_{res}` is the residual
    mean square of answers once customers and items each have their own mean (Hoyt): what is left when all items ask for
    the same thing. For complete answers it is the standard error of measurement of Cronbach's alpha,
    :math:`sd_s \sqrt{1 - \alpha}`. With one item or one customer there is none (NaN).

    Parameters
    ----------
    answers : table, shape (n_customers, n_items)
        Missing answers are allowed, as long as one is given.
    scale : tuple of float
        Lowest and highest answer.
    reversed_items : collection of str
        Columns in which a high answer means little.

    Returns
    -------
    scores, errors : ndarray of float64, shape (n_customers,)

    Raises
    ------
    MethodError
        An answer off the scale, a customer without any answer, a reversed item that does not exist.

    References
    ----------
    C. Hoyt, "Test reliability estimated by analysis of variance", Psychometrika 6, 1941, 153-160.

    Examples
    --------
    >>> scores, errors = axis_score({"q1": [5, 1, 3], "q2": [1, 4, 3]}, scale=(1, 5), reversed_items=["q2"])
    >>> scores, errors.round(2)
    (array([100. ,  12.5,  50. ]), array([7.22, 7.22, 7.22]))
    """
    frame, (low, high) = as_frame(answers), scale
    if not high > low:
        raise MethodError(
            "scale must name the lowest answer and then the highest, not {low:g} and {high:g}", low=low, high=high
        )
    for name in reversed_items:
        frame.column(name)
    numbers = frame.matrix(missing="keep")
    off = (numbers < low) | (numbers > high)
    if off.any():
        row, place = (int(found[0]) for found in np.nonzero(off))
        raise MethodError(
            "{name} holds {value:g} in row {row}, off the scale of {low:g} to {high:g}",
            name=frame.names[place],
            value=float(numbers[row, place]),
            row=row + 1,
            low=low,
            high=high,
        )
    counts = (~np.isnan(numbers)).sum(axis=1)
    if not counts.all():
        raise MethodError("row {row} holds no answer at all", row=int(np.argmin(counts)) + 1)
    shares = (numbers - low) / (high - low)
    turned = np.array([name in reversed_items for name in frame.names])
    shares = 100 * np.where(turned, 1 - shares, shares)
    scores = np.nansum(shares, axis=1) / counts
    return scores, _errors(shares, counts)


def _errors(shares: NDArray[np.float64], counts: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return standard errors of measurement from what customers and items leave unexplained."""
    given = ~np.isnan(shares)
    free = int(given.sum()) - given.shape[0] - int(given.any(axis=0).sum()) + 1
    if free < 1:
        return np.full(counts.size, np.nan)
    left = np.where(given, shares, 0.0)
    for _ in range(SWEEPS):  # one sweep is exact for complete answers; gaps need some more
        left = np.where(given, left - (left.sum(axis=1) / counts)[:, None], 0.0)
        left = np.where(given, left - left.sum(axis=0) / np.maximum(given.sum(axis=0), 1), 0.0)
        if given.all():
            break
    return np.asarray(np.sqrt((left**2).sum() / free / counts))
