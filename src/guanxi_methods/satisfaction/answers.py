"""Answers to closed questions: a row a respondent, a column an item, checked against the scale once for all methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.frames import Vector, as_frame, as_vector

Scale = tuple[float, float]


@dataclass(frozen=True)
class Answers:
    """Answers as numbers.

    Attributes
    ----------
    values : ndarray of float64, shape (n_respondents, n_items)
        NaN where there is no answer. Must not be written to.
    names : tuple of str
        Names of the items.
    """

    values: Vector
    names: tuple[str, ...]

    def __len__(self) -> int:
        """How many respondents."""
        return len(self.values)


def check_scale(scale: Sequence[float] | None, name: str = "scale") -> Scale | None:
    """Return a scale as its lowest and highest answer.

    Raises
    ------
    MethodError
        Not two finite numbers, or the second not above the first.

    Examples
    --------
    >>> check_scale([1, 7])
    (1.0, 7.0)
    """
    if scale is None:
        return None
    ends = tuple(scale)
    if len(ends) != 2:
        raise MethodError("{name} must be its lowest and its highest answer, such as 1 and 7", name=name)
    low, high = float(ends[0]), float(ends[1])
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise MethodError("{name} must rise from its lowest answer to its highest, not {ends}", name=name, ends=ends)
    return low, high


def as_answers(
    data: Any, what: str, *, scale: Scale | None = None, items: int | None = None, respondents: int | None = None
) -> Answers:
    """Return a table of answers as numbers, every answer on the scale.

    Parameters
    ----------
    data : array_like of shape (n_respondents, n_items) or (n_respondents,), mapping, Arrow table or dataframe
        Missing answers are None, NaN or blank.
    what : str
        What the answers are, for the errors, such as "satisfaction".
    scale : tuple of two floats, optional
        Lowest and highest answer that can be given.
    items, respondents : int, optional
        How many columns and rows there must be.

    Returns
    -------
    Answers

    Raises
    ------
    MethodError
        An answer off the scale (named with its column, row and value); an item nobody answered; not numbers; another
        number of items or respondents.

    Examples
    --------
    >>> as_answers({"speed": [7, None], "price": [5, 6]}, "satisfaction", scale=(1, 7)).values
    array([[ 7.,  5.],
           [nan,  6.]])
    >>> as_answers({"speed": [7, 8]}, "satisfaction", scale=(1, 7))
    Traceback (most recent call last):
    ...
    guanxi_methods.errors.MethodError: satisfaction: column speed holds 8 in row 2, off the scale from 1 to 7
    """
    if not hasattr(data, "columns") and not isinstance(data, dict) and np.ndim(data) == 1:
        data = {what: data}
    frame = as_frame(data)
    if not frame.names:
        raise TooFewError("{what} has no items: there is nothing to measure", what=what)
    values = frame.matrix(missing="keep")
    if items is not None and len(frame.names) != items:
        raise MethodError(
            "{what} has {found} items where {items} are needed: pairs go by their order",
            what=what,
            found=len(frame.names),
            items=items,
        )
    if respondents is not None and len(values) != respondents:
        raise MethodError(
            "{what} has {found} respondents where the other answers have {respondents}",
            what=what,
            found=len(values),
            respondents=respondents,
        )
    unanswered = np.isnan(values).all(axis=0)
    if unanswered.any():
        raise MethodError(
            "{what}: nobody answered {column}; leave the item out",
            what=what,
            column=frame.names[int(np.argmax(unanswered))],
        )
    if scale is not None:
        _refuse_off_scale(values, frame.names, what, scale)
    return Answers(values, frame.names)


def _refuse_off_scale(values: Vector, names: tuple[str, ...], what: str, scale: Scale) -> None:
    """Name the first answer off the scale."""
    low, high = scale
    off = (values < low) | (values > high)
    if not off.any():
        return
    column = int(np.argmax(off.any(axis=0)))
    row = int(np.argmax(off[:, column]))
    raise MethodError(
        "{what}: column {column} holds {value:g} in row {row}, off the scale from {low:g} to {high:g}",
        what=what,
        column=names[column],
        row=row + 1,
        value=float(values[row, column]),
        low=low,
        high=high,
    )


def as_weights(weights: ArrayLike | None, respondents: int) -> Vector:
    """Return a weight for each respondent, 1 on average.

    Raises
    ------
    MethodError
        Missing, negative, another number than there are respondents, or all zero.

    Examples
    --------
    >>> as_weights([1, 3], 2)
    array([0.5, 1.5])
    """
    if weights is None:
        return np.ones(respondents)
    checked = as_vector(weights, "weights", size=respondents)
    if checked.min() < 0:
        raise MethodError("a weight is negative, first in row {row}", row=int(np.argmax(checked < 0)) + 1)
    if not checked.any():
        raise MethodError("every weight is zero: nobody would count")
    return checked / checked.mean()


def to_100(value: ArrayLike, scale: Sequence[float]) -> Any:
    r"""Return answers or an index on a scale as 0 to 100.

    .. math:: 100 \, \frac{x - lo}{hi - lo}

    Parameters
    ----------
    value : float or array_like
    scale : sequence of two floats
        Lowest and highest answer.

    Returns
    -------
    float or ndarray

    References
    ----------
    C. Fornell et al., "The American Customer Satisfaction Index", Journal of Marketing 60(4), 1996, for answers from 1
    to 10.

    Examples
    --------
    >>> to_100(4, (1, 7)), to_100([1, 3, 5], (1, 5)).tolist()
    (50.0, [0.0, 50.0, 100.0])
    """
    ends = check_scale(scale)
    if ends is None:
        raise MethodError("scale is needed: the lowest and the highest answer")
    moved = 100.0 * (np.asarray(value, dtype=float) - ends[0]) / (ends[1] - ends[0])
    return float(moved) if moved.ndim == 0 else moved
