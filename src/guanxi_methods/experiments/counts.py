"""What goes into the comparison of arms: successes out of trials, checked once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.frames import as_vector

Counts = NDArray[np.int64]
# Up to here a floating-point number holds every whole number.
MOST = 2**53


def as_counts(values: ArrayLike, name: str) -> Counts:
    """Return whole numbers that are not negative.

    Raises
    ------
    MethodError
        Empty, missing, infinite, negative, not whole, or over :math:`2^{53}`.

    Examples
    --------
    >>> as_counts([120, 150], "successes")
    array([120, 150])
    """
    numbers = as_vector(values, name)
    wrong = (numbers < 0) | (numbers != np.floor(numbers))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise MethodError(
            "{name} must hold whole numbers of at least 0, but row {row} holds {value}",
            name=name, row=row + 1, value=float(numbers[row]),
        )  # fmt: skip
    if numbers.max() > MOST:
        raise MethodError(
            "{name} holds {value:.17g} in row {row}: more than {most} cannot be counted exactly",
            name=name, value=float(numbers.max()), row=int(np.argmax(numbers)) + 1, most=MOST,
        )  # fmt: skip
    return numbers.astype(np.int64)


def as_arms(successes: ArrayLike, trials: ArrayLike, *, exactly: int | None = None) -> tuple[Counts, Counts]:
    """Return successes and trials of two or more arms.

    Raises
    ------
    MethodError
        As :func:`as_counts`; several lengths; another number of arms; no trial in an arm; more successes than trials.

    Examples
    --------
    >>> as_arms([5, 9], [10, 8])
    Traceback (most recent call last):
    ...
    guanxi_methods.errors.MethodError: arm 2 has 9 successes in 8 trials
    """
    won, tried = as_counts(successes, "successes"), as_counts(trials, "trials")
    if won.size != tried.size:
        raise MethodError(
            "there are {successes} numbers of successes and {trials} of trials", successes=won.size, trials=tried.size
        )
    if exactly is not None and won.size != exactly:
        raise MethodError("{needed} arms are compared, but {given} are given", needed=exactly, given=won.size)
    if won.size < 2:
        raise TooFewError("a comparison needs at least 2 arms, but {given} is given", given=won.size)
    for arm in range(won.size):
        if tried[arm] == 0:
            raise TooFewError("arm {arm} has no trial", arm=arm + 1)
        if won[arm] > tried[arm]:
            raise MethodError(
                "arm {arm} has {successes} successes in {trials} trials",
                arm=arm + 1, successes=int(won[arm]), trials=int(tried[arm]),
            )  # fmt: skip
    return won, tried
