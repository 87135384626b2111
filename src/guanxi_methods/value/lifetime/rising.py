r"""Rising factorials :math:`(p)_k = p (p+1) \cdots (p+k-1)`: their logarithms and derivatives for all k at once."""

from __future__ import annotations

import numpy as np

from guanxi_methods.frames import Vector


def rising(p: float, most: int) -> tuple[Vector, Vector, Vector]:
    r"""Return :math:`\ln (p)_k` with its first and second derivative by p, for k = 0 .. most.

    Sums, so that nothing is lost where a difference of log-gamma functions would cancel (p of a million, k of one).

    Parameters
    ----------
    p : float
        Over 0.
    most : int

    Returns
    -------
    tuple of three ndarray, each of shape (most + 1,)

    Examples
    --------
    >>> [round(float(v), 4) for v in np.exp(rising(0.5, 3)[0])]
    [1.0, 0.5, 0.75, 1.875]
    """
    terms = p + np.arange(most)
    inverse = 1 / terms
    return _sums(np.log(terms)), _sums(inverse), _sums(-(inverse**2))


def _sums(terms: Vector) -> Vector:
    """Sums of the first 0, 1, 2 ... terms."""
    made = np.zeros(terms.size + 1)
    np.cumsum(terms, out=made[1:])
    return made
