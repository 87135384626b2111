"""The interval of one proportion, for any number of them at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector


def normal_quantile(level: float, *, sides: int = 2) -> float:
    """Return the z of a confidence level, 1.96 for .95 on two sides.

    Examples
    --------
    >>> round(normal_quantile(0.95), 6)
    1.959964
    """
    from scipy.special import ndtri  # takes long to load

    check_level(level)
    return float(ndtri(1 - (1 - level) / sides))


def check_level(level: float, name: str = "level") -> None:
    """Raise MethodError unless a confidence level lies over 0 and under 1."""
    if isinstance(level, bool) or not isinstance(level, (int, float, np.floating)) or not 0 < level < 1:
        raise MethodError("{name} must lie over 0 and under 1, such as .95, not {value!r}", name=name, value=level)


def wilson_interval(successes: ArrayLike, trials: ArrayLike, level: float = 0.95) -> Vector:
    r"""Wilson's interval of proportions.

    .. math:: \frac{x + z^2/2}{n + z^2} \pm \frac{z}{n + z^2} \sqrt{\frac{x (n - x)}{n} + \frac{z^2}{4}}

    Parameters
    ----------
    successes, trials : array_like of int, shape (n,)
        Trials at least 1.
    level : float, default .95

    Returns
    -------
    ndarray, shape (n, 2)
        Lower and upper limit, within 0 to 1.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22, 1927; R. G. Newcombe, Statistics in Medicine 17, 1998, 857-872, table I: 81 of 263 is
    .2553 to .3662.

    Examples
    --------
    >>> wilson_interval([81], [263]).round(4)
    array([[0.2553, 0.3662]])
    """
    x, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    square = normal_quantile(level) ** 2
    middle = (x + square / 2) / (n + square)
    half = np.sqrt(square * (x * (n - x) / n + square / 4)) / (n + square)
    # At no success or no failure the limit is exactly 0 or 1, which rounding would miss.
    low = np.where(x == 0, 0.0, middle - half)
    high = np.where(x == n, 1.0, middle + half)
    return np.stack([np.maximum(low, 0.0), np.minimum(high, 1.0)], axis=-1)


def wilson(successes: float, trials: float, level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's interval of one share; see :func:`wilson_interval`.

    Examples
    --------
    >>> tuple(round(end, 4) for end in wilson(8, 10))
    (0.4902, 0.9433)
    """
    low, high = wilson_interval(successes, trials, level).tolist()
    return low, high
