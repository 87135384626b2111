"""Several arms against one control: every difference with its interval, p-values corrected for their number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.correction import Correction, adjust_p_values
from guanxi_methods.errors import MethodError
from guanxi_methods.experiments.counts import as_arms
from guanxi_methods.experiments.two_arms import ProportionComparison, compare_proportions
from guanxi_methods.proportion import check_level


@dataclass(frozen=True)
class ArmComparisons:
    """How each arm differs from the control.

    Attributes
    ----------
    arms : tuple of int
        Which arm each comparison is of, counted from 0.
    comparisons : tuple of ProportionComparison
        Intervals hold at the level all together (Bonferroni); ``p_value`` as if there were no other arm.
    adjusted_p_values : tuple of float
    overall_p_value : float
        Pearson's chi-square that all arms are the same.
    control : int
    """

    arms: tuple[int, ...]
    comparisons: tuple[ProportionComparison, ...]
    adjusted_p_values: tuple[float, ...]
    overall_p_value: float
    control: int


def compare_arms(
    successes: ArrayLike, trials: ArrayLike, *, control: int = 0, level: float = 0.95, correction: Correction = "holm"
) -> ArmComparisons:
    r"""Compare several arms with one of them.

    Each pair as :func:`compare_proportions`; with :math:`k` arms beside the control intervals at level
    :math:`1 - \alpha / k`, so that all hold together at :math:`1 - \alpha`; p-values by the correction named. Overall

    .. math:: \chi^2 = \sum_a \frac{(x_a - n_a \bar p)^2}{n_a \bar p (1 - \bar p)}, \qquad k \text{ degrees of freedom}

    Parameters
    ----------
    successes, trials : array_like of int, shape (n_arms,)
    control : int, default 0
        Which arm the others are compared with.
    level : float, default .95
    correction : {"holm", "bonferroni", "bh", "by", "none"}, default "holm"

    Returns
    -------
    ArmComparisons

    Raises
    ------
    MethodError
        As :func:`compare_proportions`; a control that is no arm.

    Examples
    --------
    >>> found = compare_arms([120, 150, 165], [1000, 1000, 1000])
    >>> [round(p, 4) for p in found.adjusted_p_values], round(found.overall_p_value, 4)
    ([0.0496, 0.008], 0.0145)
    """
    from scipy.special import chdtrc  # takes long to load

    won, tried = as_arms(successes, trials)
    check_level(level)
    if control not in range(won.size):
        raise MethodError(
            "control must be an arm from 0 to {last}, not {control!r}", last=won.size - 1, control=control
        )
    others = tuple(arm for arm in range(won.size) if arm != control)
    strict = 1 - (1 - level) / len(others)
    pairs = [[control, arm] for arm in others]
    comparisons = tuple(compare_proportions(won[pair], tried[pair], level=strict) for pair in pairs)
    adjusted = adjust_p_values([found.p_value for found in comparisons], correction)
    pooled = won.sum() / tried.sum()
    spread = tried * pooled * (1 - pooled)
    chi = float(((won - tried * pooled) ** 2 / spread).sum()) if 0 < pooled < 1 else 0.0
    overall = float(chdtrc(len(others), chi))
    return ArmComparisons(others, comparisons, tuple(np.asarray(adjusted).tolist()), overall, control)
