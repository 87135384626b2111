"""How good a measurement and a path model are, from item and construct correlations of one sample."""

from __future__ import annotations

import numpy as np

from guanxi_methods.frames import Vector
from guanxi_methods.satisfaction.paths.weighting import Layout, inverse_or_nan


def cronbach_alpha(within: Vector) -> float:
    r"""Return the standardised alpha of Cronbach (1951) from item correlations, shape (k, k).

    .. math:: \alpha = \frac{k}{k - 1}\Bigl(1 - \frac{k}{\sum_{hl} r_{hl}}\Bigr)

    NaN for one item, and where the sum of the items has no variance.
    """
    size = len(within)
    total = within.sum()
    if size < 2 or total <= 0:
        return float("nan")
    return float(size / (size - 1) * (1 - size / total))


def composite_reliability(loadings: Vector) -> float:
    r"""Return Dillon-Goldstein's rho, also called composite reliability and rho_c, from loadings, shape (k,).

    .. math:: \rho_c = \frac{(\sum_h \lambda_h)^2}{(\sum_h \lambda_h)^2 + \sum_h (1 - \lambda_h^2)}

    Werts, Linn & Joreskog (1974), with the loadings of the path model. Some programs take those of the first principal
    component of the block instead, which gives about the same. NaN for one item.
    """
    if len(loadings) < 2:
        return float("nan")
    signal = loadings.sum() ** 2
    return float(signal / (signal + (1 - loadings**2).sum()))


def rho_a(weights: Vector, within: Vector) -> float:
    r"""Return the reliability of Dijkstra & Henseler (2015, equation 3) of a construct of mode A.

    .. math::

        \rho_A = (w'w)^2 \cdot \frac{w'(R - \mathrm{diag}\,R)w}{w'(ww' - \mathrm{diag}\,ww')w}

    Parameters
    ----------
    weights : ndarray, shape (k,)
        For scores of variance 1.
    within : ndarray, shape (k, k)
        Item correlations.

    Returns
    -------
    float
        NaN for one item.
    """
    if len(weights) < 2:
        return float("nan")
    squares = weights @ weights
    off = weights @ within @ weights - (weights**2 * np.diag(within)).sum()
    below = squares**2 - (weights**4).sum()
    return float(squares**2 * off / below) if below > 0 else float("nan")


def inflation(correlations: Vector) -> Vector:
    r"""Return variance inflation factors, the diagonal of :math:`R^{-1}`, shape (k,); NaN where columns repeat."""
    return np.diagonal(inverse_or_nan(correlations[None])[0]).copy()


def effect_sizes(between: Vector, r2: Vector, layout: Layout) -> Vector:
    r"""Return :math:`f^2 = (R^2 - R^2_{-i}) / (1 - R^2)` of each path (Cohen 1988), the scores held as they are.

    Parameters
    ----------
    between : ndarray, shape (n_constructs, n_constructs)
    r2 : ndarray, shape (n_constructs,)
    layout : Layout

    Returns
    -------
    ndarray, shape (n_constructs, n_constructs)
        From the row's construct to the column's; 0 where there is no path, NaN where everything is explained.
    """
    made = np.zeros_like(between)
    for place in range(len(between)):
        origins = np.flatnonzero(layout.arrows[:, place])
        for left_out in origins:
            kept = origins[origins != left_out]
            without = 0.0
            if kept.size:
                slopes = np.linalg.solve(between[np.ix_(kept, kept)], between[kept, place])
                without = float(slopes @ between[kept, place])
            rest = 1 - r2[place]
            made[left_out, place] = (r2[place] - without) / rest if rest > 1e-12 else np.nan
    return made


def goodness_of_fit(loadings: Vector, r2: Vector, layout: Layout) -> float:
    r"""Return the GoF of Tenenhaus, Amato & Esposito Vinzi (2004).

    .. math:: \mathrm{GoF} = \sqrt{\overline{\lambda^2} \times \overline{R^2}}

    The mean communality is over the items of constructs with several items, the mean explained variance over the
    constructs that a path leads to. NaN where every construct has one item.
    """
    several = layout.member @ (layout.member.sum(axis=0) > 1) > 0
    if not several.any():
        return float("nan")
    return float(np.sqrt((loadings[several] ** 2).mean() * r2[layout.arrows.any(axis=0)].mean()))


def fornell_larcker(between: Vector, ave: Vector) -> Vector:
    """Return construct correlations with the square root of the AVE on the diagonal (Fornell & Larcker 1981).

    A construct differs from the others where its diagonal exceeds the rest of its row and column.
    """
    made = between.copy()
    np.fill_diagonal(made, np.sqrt(ave))
    return made
