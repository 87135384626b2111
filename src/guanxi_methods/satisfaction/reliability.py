"""Whether items measure one thing: Cronbach's alpha and McDonald's omega, with intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Vector
from guanxi_methods.proportion import check_level
from guanxi_methods.satisfaction.answers import as_answers
from guanxi_methods.satisfaction.estimates import Interval

STEPS = 200
# A unique variance below this share of the item's variance is at its edge (a Heywood case).
EDGE = 1e-4


def cronbach_alpha(covariance: ArrayLike) -> float:
    r"""Return Cronbach's alpha of a covariance (from correlations: the standardised alpha).

    .. math:: \alpha = \frac{p}{p - 1} \left( 1 - \frac{\sum_j s_{jj}}{\sum_{jk} s_{jk}} \right)

    Parameters
    ----------
    covariance : array_like, shape (n_items, n_items)

    Returns
    -------
    float
        At most 1; below 0 where items run against each other.

    Raises
    ------
    MethodError
        Fewer than two items; sums that do not vary.

    References
    ----------
    L. J. Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16, 1951.

    Examples
    --------
    >>> round(cronbach_alpha([[1, 0.5], [0.5, 1]]), 4)
    0.6667
    """
    matrix = np.asarray(covariance, dtype=float)
    items = len(matrix)
    if items < 2:
        raise MethodError("reliability needs at least two items")
    total = float(matrix.sum())
    if total <= 1e-12 * float(np.trace(matrix)):
        raise MethodError("the sum of the items does not vary: there is no reliability")
    return items / (items - 1) * (1 - float(np.trace(matrix)) / total)


def feldt_interval(alpha: float, respondents: int, items: int, level: float = 0.95) -> Interval:
    r"""Return Feldt's interval of alpha.

    .. math:: 1 - (1 - \alpha) F_{1 - \gamma/2} \le \alpha \le 1 - (1 - \alpha) F_{\gamma/2}

    with n - 1 and (n - 1)(p - 1) degrees of freedom; exact where answers are normal and items essentially
    tau-equivalent with errors of one variance.

    References
    ----------
    L. S. Feldt, D. J. Woodruff, F. A. Salih, "Statistical inference for coefficient alpha", Applied Psychological
    Measurement 11(1), 1987, p. 95, eqs. (6) and (7).

    Examples
    --------
    >>> tuple(round(end, 3) for end in feldt_interval(0.8, 41, 26))
    (0.7, 0.879)
    """
    from scipy.special import fdtri  # takes long to load

    first, second = respondents - 1, (respondents - 1) * (items - 1)
    tail = (1 - level) / 2
    return (
        1 - (1 - alpha) * float(fdtri(first, second, 1 - tail)),
        1 - (1 - alpha) * float(fdtri(first, second, tail)),
    )


class Reliability(Method):
    r"""Cronbach's alpha with Feldt's interval, and McDonald's omega from one factor.

    .. math:: \omega = \frac{(\sum_j \lambda_j)^2}{(\sum_j \lambda_j)^2 + \sum_j \psi_j}

    :math:`\lambda` are the loadings and :math:`\psi` the unique variances of one factor fitted to the covariance by
    maximum likelihood. Alpha is omega's lower bound where one factor holds, and equals it where loadings are equal.
    Omega's interval is the delta method's on log(1 - omega), from what each respondent does to the parameters, so it
    does not lean on normal answers. Respondents who left out an item do not count.

    Parameters
    ----------
    level : float, default 0.95

    Attributes
    ----------
    alpha_, standardised_alpha_ : float
    alpha_interval_ : (float, float)
        Feldt's.
    omega_ : float or None
        None with two items (one factor is not identified) or where the factor cannot be found.
    omega_interval_ : (float, float) or None
    loadings_, uniquenesses_ : dict of str to float, or None
        Of the items as they are, not standardised.
    item_total_ : dict of str to float
        Correlation of each item with the sum of the others.
    alpha_without_ : dict of str to float or None
        Alpha if the item is left out; None with two items.
    mean_correlation_ : float
    n_ : int
    notes_ : tuple of Note

    References
    ----------
    L. J. Cronbach, Psychometrika 16, 1951; L. S. Feldt, D. J. Woodruff, F. A. Salih, Applied Psychological Measurement
    11(1), 1987; R. P. McDonald, "Test Theory: A Unified Treatment", Erlbaum 1999, ch. 6.

    Examples
    --------
    >>> speed, price = [4, 3, 5, 3, 2, 4, 6, 6, 4, 4], [4, 3, 6, 5, 2, 4, 6, 7, 4, 4]
    >>> staff, place = [2, 3, 5, 5, 3, 4, 5, 4, 3, 4], [4, 3, 6, 4, 3, 5, 6, 7, 3, 3]
    >>> found = Reliability().fit({"speed": speed, "price": price, "staff": staff, "place": place})
    >>> round(found.alpha_, 3), round(found.omega_, 3), tuple(round(end, 2) for end in found.omega_interval_)
    (0.909, 0.936, (0.84, 0.97))
    """

    def __init__(self, level: float = 0.95) -> None:
        """Store the parameters."""
        self.level = level

    def fit(self, items: Any) -> Reliability:
        """Measure how well the items hang together.

        Parameters
        ----------
        items : table, shape (n_respondents, n_items)

        Returns
        -------
        Reliability

        Raises
        ------
        MethodError
            Fewer than two items; an item that all answered alike.
        TooFewError
            Fewer complete respondents than items + 1, or than three.
        """
        check_level(self.level)
        answers = as_answers(items, "items")
        values = answers.values[~np.isnan(answers.values).any(axis=1)]
        size, count = values.shape
        if count < 2:
            raise MethodError("reliability needs at least two items; {item} stands alone", item=answers.names[0])
        if size < max(3, count + 1):
            raise TooFewError(
                "{found} respondents answered all {items} items; at least {needed} must",
                found=size,
                items=count,
                needed=max(3, count + 1),
            )
        same = (values == values[0]).all(axis=0)
        if same.any():
            item = answers.names[int(np.argmax(same))]
            raise MethodError("all gave {item} the same answer: leave the item out", item=item)
        self.n_ = size
        centred = values - values.mean(axis=0)
        covariance = centred.T @ centred / (size - 1)
        deviations = np.sqrt(np.diag(covariance))
        correlation = covariance / np.outer(deviations, deviations)
        self.alpha_ = cronbach_alpha(covariance)
        self.standardised_alpha_ = cronbach_alpha(correlation)
        self.alpha_interval_ = feldt_interval(self.alpha_, size, count, self.level)
        self.mean_correlation_ = float((correlation.sum() - count) / (count * (count - 1)))
        self.item_total_ = dict(zip(answers.names, _item_total(covariance).tolist(), strict=True))
        self.alpha_without_ = {
            name: _alpha_without(covariance, item) if count > 2 else None for item, name in enumerate(answers.names)
        }
        notes = []
        if size < len(answers):
            notes.append(
                Note("{count} of {all} respondents answered every item and count", count=size, all=len(answers))
            )
        negative = [name for name, value in self.item_total_.items() if value < 0]
        notes += [Note("{item} runs against the other items: is it turned round?", item=name) for name in negative]
        self._one_factor(centred, answers.names, notes)
        self.notes_ = tuple(notes)
        return self

    def _one_factor(self, centred: Vector, names: tuple[str, ...], notes: list[Note]) -> None:
        """Set omega and what it is made of."""
        self.omega_: float | None = None
        self.omega_interval_: Interval | None = None
        self.loadings_: dict[str, float] | None = None
        self.uniquenesses_: dict[str, float] | None = None
        if len(names) < 3:
            notes.append(Note("there is no omega: one factor needs at least three items"))
            return
        from scipy.special import ndtri  # takes long to load

        covariance = centred.T @ centred / len(centred)
        found = one_factor(covariance)
        if found is None:
            notes.append(Note("there is no omega: the items do not hold one factor, a unique variance is at its edge"))
            return
        loadings, uniquenesses = found
        self.loadings_ = dict(zip(names, loadings.tolist(), strict=True))
        self.uniquenesses_ = dict(zip(names, uniquenesses.tolist(), strict=True))
        common, unique = float(loadings.sum()), float(uniquenesses.sum())
        self.omega_ = common**2 / (common**2 + unique)
        influence = _influence(centred, loadings, uniquenesses)
        if influence is None:
            notes.append(Note("omega's interval cannot be had: the factor is not settled by these answers"))
            return
        # log(1 - omega) = log(unique) - log(common^2 + unique)
        slope = np.concatenate(
            [
                np.full(len(names), -2 * common / (common**2 + unique)),
                np.full(len(names), 1 / unique - 1 / (common**2 + unique)),
            ]
        )
        error = float(np.sqrt(np.square(influence @ slope).sum())) / len(centred)
        reach = float(np.exp(float(ndtri((1 + self.level) / 2)) * error))
        self.omega_interval_ = (1 - (1 - self.omega_) * reach, 1 - (1 - self.omega_) / reach)


def _item_total(covariance: Vector) -> Vector:
    """Return the correlation of each item with the sum of the others, 0 where that does not vary."""
    own = np.diag(covariance)
    with_rest = covariance.sum(axis=0) - own
    rest = covariance.sum() - 2 * with_rest - own
    spread = np.sqrt(own * np.maximum(rest, 0.0))
    return np.divide(with_rest, spread, out=np.zeros_like(own), where=spread > 1e-12 * own)


def _alpha_without(covariance: Vector, item: int) -> float | None:
    """Return alpha of the other items, None where their sum does not vary."""
    left = np.delete(np.delete(covariance, item, axis=0), item, axis=1)
    return cronbach_alpha(left) if left.sum() > 1e-12 * np.trace(left) else None


def one_factor(covariance: Vector) -> tuple[Vector, Vector] | None:
    r"""Fit one factor to a covariance by maximum likelihood: loadings and unique variances.

    Fisher's scoring: each step is a generalised least squares of the covariance on its slopes by the parameters, made
    shorter where the likelihood would fall or a unique variance turn negative.

    Parameters
    ----------
    covariance : ndarray, shape (n_items, n_items)
        At least three items.

    Returns
    -------
    tuple of two ndarray, shape (n_items,), or None
        Loadings, their sum not negative, and unique variances, in the units of the covariance; None where a unique
        variance is at its edge.

    References
    ----------
    D. N. Lawley, A. E. Maxwell, "Factor Analysis as a Statistical Method", 2nd ed., Butterworths 1971, ch. 4.

    Examples
    --------
    >>> loadings, uniquenesses = one_factor(np.array([[1, 0.6, 0.5], [0.6, 1, 0.4], [0.5, 0.4, 1]]))
    >>> loadings.round(3), uniquenesses.round(3)
    (array([0.866, 0.693, 0.577]), array([0.25 , 0.52 , 0.667]))
    """
    deviations = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(deviations, deviations)
    values, vectors = np.linalg.eigh(correlation)
    loadings = np.clip(vectors[:, -1] * np.sqrt(max(values[-1], 1.0)) * 0.9, -0.9, 0.9)
    unique = 1.0 - np.square(loadings)
    items, misfit = len(loadings), _misfit(correlation, loadings, unique)
    for _ in range(STEPS):
        weighed, normal = _normal_equations(loadings, unique)
        fitted = np.outer(loadings, loadings) + np.diag(unique)
        step = np.linalg.lstsq(normal, np.einsum("aij,ij->a", weighed, correlation - fitted), rcond=None)[0]
        falling = -step[items:] / unique
        reach = min(1.0, 0.9 / max(float(falling.max()), 1e-300))
        for _ in range(40):
            nearer = loadings + reach * step[:items], unique + reach * step[items:]
            tried = _misfit(correlation, *nearer)
            if tried <= misfit + 1e-14:
                break
            reach /= 2
        (loadings, unique), misfit = nearer, tried
        if unique.min() < EDGE:
            return None
        if reach * float(np.abs(step).max()) < 1e-10:
            break
    if loadings.sum() < 0:  # the factor may be turned round
        loadings = -loadings
    return loadings * deviations, unique * np.square(deviations)


def _misfit(correlation: Vector, loadings: Vector, unique: Vector) -> float:
    """Return the logarithm of the likelihood, turned round and without its constants."""
    scaled = loadings / unique
    common = 1.0 + float(loadings @ scaled)
    return float(
        np.log(unique).sum()
        + np.log(common)
        + (np.diag(correlation) / unique).sum()
        - (scaled @ correlation @ scaled) / common
    )


def _normal_equations(loadings: Vector, uniquenesses: Vector) -> tuple[Vector, Vector]:
    """Return the slopes of the fitted covariance by each parameter, weighed, and the normal equations they make."""
    items = len(loadings)
    inverse = np.linalg.inv(np.outer(loadings, loadings) + np.diag(uniquenesses))
    slopes = np.zeros((2 * items, items, items))
    each = np.arange(items)
    slopes[each, each, :] += loadings
    slopes[each, :, each] += loadings
    slopes[items + each, each, each] = 1.0
    weighed = inverse @ slopes @ inverse
    return weighed, weighed.reshape(2 * items, -1) @ slopes.reshape(2 * items, -1).T


def _influence(centred: Vector, loadings: Vector, uniquenesses: Vector) -> Vector | None:
    """Return what each respondent does to the loadings and unique variances, shape (n_respondents, 2 n_items).

    The parameters solve the normal equations, so each respondent's products, less the fitted covariance, are put
    through them.
    """
    weighed, normal = _normal_equations(loadings, uniquenesses)
    if np.linalg.cond(normal) > 1e12:
        return None
    fitted = np.outer(loadings, loadings) + np.diag(uniquenesses)
    own = np.stack([((centred @ one) * centred).sum(axis=1) for one in weighed], axis=1)
    return (own - np.einsum("aij,ij->a", weighed, fitted)) @ np.linalg.inv(normal)
