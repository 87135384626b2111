"""Two means compared, as they are or freed of what was known before (CUPED), or stratum by stratum."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.base import Method, Note
from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.frames import Vector, as_categories, as_vector
from guanxi_methods.proportion import check_level

Interval = tuple[float, float]
LARGEST = 1e100


@dataclass(frozen=True)
class MeanComparison:
    """How two means differ, the second less the first.

    Attributes
    ----------
    means : tuple of float
    difference, standard_error : float
    interval : tuple of float
    p_value : float
        Two-sided.
    statistic, degrees_of_freedom : float
        Welch's t.
    level : float
    """

    means: tuple[float, float]
    difference: float
    standard_error: float
    interval: Interval
    p_value: float
    statistic: float
    degrees_of_freedom: float
    level: float


def compare_means(control: ArrayLike, treatment: ArrayLike, *, level: float = 0.95) -> MeanComparison:
    """Compare the means of two arms by Welch's test, from what was measured; see :func:`compare_mean_summaries`.

    Parameters
    ----------
    control, treatment : array_like, shape (n,)
        At least 2 each.
    level : float, default .95

    Returns
    -------
    MeanComparison

    Raises
    ------
    MethodError
        As :func:`compare_mean_summaries`; missing or infinite values.

    References
    ----------
    Student, "The probable error of a mean", Biometrika 6, 1908: hours of sleep gained with two drugs; the figures
    below are those of R's ``t.test(extra ~ group, data = sleep)``.

    Examples
    --------
    >>> fare = compare_means(
    ...     [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    ... )
    >>> round(fare.statistic, 4), round(fare.degrees_of_freedom, 3), round(fare.p_value, 5)
    (1.8608, 17.776, 0.07939)
    """
    arms = [_as_outcome(values, name) for name, values in (("control", control), ("treatment", treatment))]
    for name, arm in zip(("control", "treatment"), arms, strict=True):
        if arm.size < 2:
            raise TooFewError("{name} holds {size} value: a spread needs at least 2", name=name, size=arm.size)
    return compare_mean_summaries(
        [arm.mean() for arm in arms], [arm.std(ddof=1) for arm in arms], [arm.size for arm in arms], level=level
    )


def _as_outcome(values: ArrayLike, name: str) -> Vector:
    """Return what was measured; numbers whose squares no number holds are refused."""
    numbers = as_vector(values, name)
    row = int(np.argmax(np.abs(numbers)))
    if abs(numbers[row]) > LARGEST:
        raise MethodError(
            "{name} holds {value:g} in row {row}: numbers beyond {most:g} cannot be squared and added up",
            name=name, value=float(numbers[row]), row=row + 1, most=LARGEST,
        )  # fmt: skip
    return numbers


def compare_mean_summaries(
    means: ArrayLike, sds: ArrayLike, sizes: ArrayLike, *, level: float = 0.95
) -> MeanComparison:
    r"""Compare two means by Welch's test, from means, standard deviations (n - 1) and sizes.

    .. math::

        t = \frac{\bar y_2 - \bar y_1}{\sqrt{s_1^2/n_1 + s_2^2/n_2}}, \qquad
        \nu = \frac{(s_1^2/n_1 + s_2^2/n_2)^2}{(s_1^2/n_1)^2/(n_1-1) + (s_2^2/n_2)^2/(n_2-1)}

    The spreads need not be equal. Money is skewed: with some hundreds in each arm the mean is near enough to normal,
    with some dozens a single large order decides.

    Parameters
    ----------
    means, sds, sizes : array_like, shape (2,)
        Control, then treatment.
    level : float, default .95

    Returns
    -------
    MeanComparison

    Raises
    ------
    MethodError
        Other than two; a negative spread; under 2 in an arm; no spread in either arm.

    References
    ----------
    B. L. Welch, Biometrika 34, 1947.

    Examples
    --------
    >>> fare = compare_mean_summaries([100, 104], [20, 25], [400, 380])
    >>> round(fare.difference, 1), [round(limit, 3) for limit in fare.interval]
    (4.0, [0.807, 7.193])
    """
    check_level(level)
    middle, spread, size = (
        as_vector(values, name, size=2) for name, values in (("means", means), ("sds", sds), ("sizes", sizes))
    )
    if spread.min() < 0:
        raise MethodError("sds must not be negative, but one is {value}", value=float(spread.min()))
    if size.min() < 2:
        raise TooFewError("an arm holds {size} value: a spread needs at least 2", size=int(size.min()))
    return _welch(middle, spread**2 / size, size - 1, level)


def _welch(middle: Vector, variances: Vector, freedom: Vector, level: float) -> MeanComparison:
    """Compare two means with their own variances."""
    from scipy.special import stdtr, stdtrit  # takes long to load

    variance = float(variances.sum())
    if variance == 0:
        raise MethodError("neither arm varies: all values are the same, so that no spread can be judged")
    error = math.sqrt(variance)
    degrees = variance**2 / float((variances**2 / freedom).sum())
    difference = float(middle[1] - middle[0])
    half = float(stdtrit(degrees, (1 + level) / 2)) * error
    return MeanComparison(
        means=(float(middle[0]), float(middle[1])),
        difference=difference,
        standard_error=error,
        interval=(difference - half, difference + half),
        p_value=float(min(1.0, 2 * stdtr(degrees, -abs(difference) / error))),
        statistic=difference / error,
        degrees_of_freedom=degrees,
        level=level,
    )


def as_treated(treated: ArrayLike, size: int | None = None) -> NDArray[np.bool_]:
    """Return who was treated, from 0 and 1 or false and true.

    Raises
    ------
    MethodError
        Anything else; nobody treated, or everybody.

    Examples
    --------
    >>> as_treated([0, 1, 1])
    array([False,  True,  True])
    """
    numbers = as_vector(treated, "treated", size=size)
    wrong = (numbers != 0) & (numbers != 1)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise MethodError(
            "treated must hold 0 and 1 alone, but row {row} holds {value}", row=row + 1, value=float(numbers[row])
        )
    made = numbers == 1
    for count, arm in ((int(made.sum()), "treated"), (int((~made).sum()), "untreated")):
        if count == 0:
            raise TooFewError("nobody is {arm}: there is nothing to compare", arm=arm)
    return np.asarray(made)


class Cuped(Method):
    r"""The effect of a treatment, freed of what was known of each customer before (CUPED).

    With :math:`\theta = \operatorname{Cov}(Y, X) / \operatorname{Var}(X)` pooled within the arms

    .. math:: \hat\Delta = (\bar Y_t - \bar Y_c) - \theta (\bar X_t - \bar X_c)

    compared by Welch's test on :math:`Y - \theta X`. Since the treatment cannot change the past, the effect stays what
    it is; its variance falls by the factor :math:`1 - \rho^2`. ``covariate`` must be known before anybody was treated:
    spending of the quarter before is the usual choice. Who has none (a new customer) keeps the outcome as it is.

    Parameters
    ----------
    level : float, default .95

    Attributes
    ----------
    comparison_ : MeanComparison
        Adjusted.
    unadjusted_ : MeanComparison
    difference_, p_value_, theta_ : float
    interval_ : tuple of float
    variance_reduction_ : float
        1 - variance of the adjusted over that of the unadjusted difference.
    n_ : tuple of int
        Untreated, treated.
    notes_ : tuple of Note

    References
    ----------
    A. Deng, Y. Xu, R. Kohavi & T. Walker, "Improving the sensitivity of online controlled experiments by utilizing
    pre-experiment data", WSDM 2013.

    Examples
    --------
    >>> cuped = Cuped().fit([5, 7, 9, 8, 10, 13], treated=[0, 0, 0, 1, 1, 1], covariate=[1, 2, 3, 1, 2, 3])
    >>> round(cuped.theta_, 2), round(cuped.difference_, 4), round(cuped.variance_reduction_, 4)
    (2.25, 3.3333, 0.9798)
    """

    def __init__(self, level: float = 0.95) -> None:
        """Store the parameters."""
        self.level = level

    def fit(self, outcome: ArrayLike, treated: ArrayLike, covariate: ArrayLike) -> Cuped:
        """Compare the arms.

        Parameters
        ----------
        outcome : array_like, shape (n_customers,)
        treated : array_like of 0 and 1, shape (n_customers,)
        covariate : array_like, shape (n_customers,)
            NaN for who has none.

        Returns
        -------
        Cuped

        Raises
        ------
        MethodError
            Missing outcomes, an arm with fewer than 2, nobody with a covariate.
        """
        y = _as_outcome(outcome, "outcome")
        x = as_vector(covariate, "covariate", size=y.size, missing="keep")
        is_treated = as_treated(treated, y.size)
        known = ~np.isnan(x)
        if not known.any():
            raise TooFewError("covariate is missing everywhere: compare the outcomes as they are")
        centred_y, centred_x = y.copy(), np.where(known, x, 0.0)
        for arm in (is_treated, ~is_treated):
            rows = arm & known
            if rows.any():
                centred_x[rows] -= centred_x[rows].mean()
                centred_y[rows] -= centred_y[rows].mean()
        below = float(centred_x[known] @ centred_x[known])
        self.theta_ = float(centred_y[known] @ centred_x[known]) / below if below > 0 else 0.0
        shift = self.theta_ * (np.where(known, x, 0.0) - np.where(known, x[known].mean(), 0.0))
        self.unadjusted_ = compare_means(y[~is_treated], y[is_treated], level=self.level)
        adjusted = y - shift
        if np.ptp(adjusted[is_treated]) == 0 and np.ptp(adjusted[~is_treated]) == 0:
            raise MethodError("covariate tells the outcome exactly: it cannot have been known before")
        self.comparison_ = compare_means(adjusted[~is_treated], adjusted[is_treated], level=self.level)
        self.difference_, self.interval_ = self.comparison_.difference, self.comparison_.interval
        self.p_value_ = self.comparison_.p_value
        self.variance_reduction_ = 1 - (self.comparison_.standard_error / self.unadjusted_.standard_error) ** 2
        self.n_ = (int((~is_treated).sum()), int(is_treated.sum()))
        self.notes_: tuple[Note, ...] = ()
        if not known.all():
            self.notes_ += (
                Note("{count} customers have no covariate and stay as they are", count=int((~known).sum())),
            )
        if below == 0:
            self.notes_ += (Note("covariate is the same for everybody: nothing could be taken off"),)
        return self


class StratifiedEffect(Method):
    r"""The effect of a treatment as the mean of the effects within strata, each weighing what it has of customers.

    .. math:: \hat\Delta = \sum_s \frac{n_s}{n} (\bar Y_{ts} - \bar Y_{cs}), \qquad
        \operatorname{Var} = \sum_s \Bigl(\frac{n_s}{n}\Bigr)^2 \Bigl(\frac{s_{ts}^2}{n_{ts}} + \frac{s_{cs}^2}{n_{cs}}\Bigr)

    with the normal interval. Right where shares of treated differ between strata (a held-out group that is smaller
    among the best customers), for there the plain difference is biased.

    Parameters
    ----------
    level : float, default .95

    Attributes
    ----------
    difference_, standard_error_, p_value_ : float
    interval_ : tuple of float
    strata_ : dict of str to tuple
        Stratum -> (customers, difference, standard error).

    References
    ----------
    W. G. Cochran, "Sampling Techniques", 3rd ed. 1977, section 5A.9; L. W. Miratrix, J. S. Sekhon & B. Yu, Journal of
    the Royal Statistical Society B 75, 2013.

    Examples
    --------
    >>> fare = StratifiedEffect().fit([1, 3, 4, 6, 10, 12, 17, 19], [0, 0, 1, 1, 0, 0, 1, 1], list("aaaabbbb"))
    >>> fare.difference_, round(fare.standard_error_, 3)
    (5.0, 1.0)
    """

    def __init__(self, level: float = 0.95) -> None:
        """Store the parameters."""
        self.level = level

    def fit(self, outcome: ArrayLike, treated: ArrayLike, stratum: Any) -> StratifiedEffect:
        """Compare the arms within each stratum.

        Parameters
        ----------
        outcome : array_like, shape (n_customers,)
        treated : array_like of 0 and 1, shape (n_customers,)
        stratum : array_like, shape (n_customers,)

        Returns
        -------
        StratifiedEffect

        Raises
        ------
        MethodError
            A stratum with fewer than 2 in an arm, named; no variation at all.
        """
        from scipy.special import ndtr  # takes long to load

        from guanxi_methods.proportion import normal_quantile

        z = normal_quantile(self.level)
        y = _as_outcome(outcome, "outcome")
        is_treated = as_treated(treated, y.size)
        names = as_categories(stratum, "stratum")
        if names.size != y.size:
            raise MethodError("stratum holds {found} values where {size} are needed", found=names.size, size=y.size)
        self.strata_: dict[str, tuple[int, float, float]] = {}
        for name in sorted(set(names.tolist())):
            rows = names == name
            arms = [y[rows & ~is_treated], y[rows & is_treated]]
            if min(arm.size for arm in arms) < 2:
                raise TooFewError(
                    "stratum {name!r} has {control} untreated and {treated} treated: 2 of each are needed; join it "
                    "with another", name=name, control=arms[0].size, treated=arms[1].size,
                )  # fmt: skip
            error = math.sqrt(sum(arm.var(ddof=1) / arm.size for arm in arms))
            self.strata_[name] = (int(rows.sum()), float(arms[1].mean() - arms[0].mean()), error)
        parts = list(self.strata_.values())
        self.difference_ = math.fsum(size * effect for size, effect, _ in parts) / y.size
        self.standard_error_ = math.sqrt(math.fsum((size * error) ** 2 for size, _, error in parts)) / y.size
        if self.standard_error_ == 0:
            raise MethodError("no arm of any stratum varies, so that no spread can be judged")
        half = z * self.standard_error_
        self.interval_ = (self.difference_ - half, self.difference_ + half)
        self.p_value_ = float(2 * ndtr(-abs(self.difference_) / self.standard_error_))
        return self
