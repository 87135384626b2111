"""Answers to several questions, made into one score of a customer with its error."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError
from guanxi_methods.frames import as_frame


def axis_score(
    answers: Any, *, scale: tuple[float, float], reversed_items: Collection[str] = ()
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Return each customer's mean answer as a score from 0 to 100, with the standard error that its answers show.

    .. math:: s_i = \bar x_i, \qquad x_{ik} = 100 (a_{ik} - lo) / (hi - lo), \qquad se_i = sd_k(x_{ik}) / \sqrt{K_i}

    over the :math:`K_i` items answered; items asked the other way round are turned. With one answer there is no
    standard error (NaN).

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

    Examples
    --------
    >>> scores, errors = axis_score({"q1": [5, 1], "q2": [4, 2]}, scale=(1, 5), reversed_items=["q2"])
    >>> scores, errors
    (array([62.5, 37.5]), array([37.5, 37.5]))
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
    squares = np.nansum((shares - scores[:, None]) ** 2, axis=1)
    errors = np.full(counts.size, np.nan)
    several = counts > 1
    errors[several] = np.sqrt(squares[several] / (counts[several] - 1) / counts[several])
    return scores, errors
