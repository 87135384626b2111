"""Whether customers were dealt to the arms as was planned: if not, nothing else in the experiment is to be believed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.experiments.counts import as_counts
from guanxi_methods.frames import as_vector

# Customary: an alarm that is false once in a thousand experiments.
ALARM = 0.001


@dataclass(frozen=True)
class RatioCheck:
    """Whether the sizes of the arms fit the plan.

    Attributes
    ----------
    p_value : float
        Pearson's chi-square, for one look at the end.
    always_valid_p_value : float
        For as many looks as one likes.
    statistic : float
    expected : tuple of float
        Customers by plan.
    is_mismatch : bool
        Whether ``p_value`` is under .001.
    """

    p_value: float
    always_valid_p_value: float
    statistic: float
    expected: tuple[float, ...]
    is_mismatch: bool


def sample_ratio_mismatch(counts: ArrayLike, shares: ArrayLike | None = None) -> RatioCheck:
    r"""Check the sizes of the arms against the shares that were planned.

    .. math:: \chi^2 = \sum_a \frac{(n_a - n \theta_a)^2}{n \theta_a}, \qquad
        p_{always} = \min\Bigl(1, \prod_a \theta_a^{n_a} \Big/ \frac{B(\mathbf 1 + \mathbf n)}{B(\mathbf 1)}\Bigr)

    the second being one over the Bayes factor of a flat Dirichlet prior against the plan, which may be looked at after
    every customer.

    Parameters
    ----------
    counts : array_like of int, shape (n_arms,)
    shares : array_like, shape (n_arms,), optional
        Planned; in any unit, for they are divided by their sum. Equal unless given.

    Returns
    -------
    RatioCheck

    Raises
    ------
    MethodError
        Under 2 arms; a share that is not over 0; nobody.

    References
    ----------
    A. Fabijan et al., "Diagnosing sample ratio mismatch in online controlled experiments", KDD 2019 (their example:
    821,588 against 815,482 by half and half, p = 1.8e-6); M. Lindon & A. Malek, "Anytime-valid inference for
    multinomial count data", NeurIPS 2022.

    Examples
    --------
    >>> check = sample_ratio_mismatch([821588, 815482])
    >>> check.is_mismatch, f"{check.p_value:.1e}"
    (True, '1.8e-06')
    """
    from scipy.special import chdtrc, gammaln  # takes long to load

    seen = as_counts(counts, "counts")
    if seen.size < 2:
        raise TooFewError("a ratio needs at least 2 arms, but {given} is given", given=seen.size)
    plan = np.ones(seen.size) if shares is None else as_vector(shares, "shares", size=seen.size)
    if plan.min() <= 0:
        raise MethodError("shares must be over 0, but one is {value}", value=float(plan.min()))
    if seen.sum() == 0:
        raise TooFewError("nobody is in any arm")
    theta = plan / plan.sum()
    expected = seen.sum() * theta
    chi = float(((seen - expected) ** 2 / expected).sum())
    arms = seen.size
    evidence = float(
        gammaln(seen + 1).sum() - gammaln(seen.sum() + arms) + gammaln(arms) - (seen * np.log(theta)).sum()
    )
    p = float(chdtrc(arms - 1, chi))
    return RatioCheck(p, math.exp(min(0.0, -evidence)), chi, tuple(expected.tolist()), p < ALARM)
