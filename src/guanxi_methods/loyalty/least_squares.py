"""Straight lines whose errors hold though the spread differs from customer to customer."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from guanxi_methods.frames import Vector
from guanxi_methods.loyalty.intervals import Estimate


def robust_line(design: Vector, y: Vector, column: int, level: float) -> Estimate:
    r"""Return one coefficient of a least squares fit with its error by HC3.

    .. math:: \widehat{\mathrm{Var}} = (X'X)^{-1} X' \mathrm{diag}\bigl(e_i^2 / (1 - h_i)^2\bigr) X (X'X)^{-1}

    References
    ----------
    J. G. MacKinnon & H. White, "Some heteroskedasticity-consistent covariance matrix estimators with improved finite
    sample properties", Journal of Econometrics 29, 1985.
    """
    coefficients, covariance = robust_fit(design, y)
    value, error = float(coefficients[column]), math.sqrt(max(0.0, float(covariance[column, column])))
    freedom = y.size - design.shape[1]
    half = float(stdtrit(freedom, 0.5 + level / 2)) * error
    return Estimate(value, value - half, value + half, error, int(y.size))


def robust_fit(design: Vector, y: Vector) -> tuple[Vector, NDArray[np.float64]]:
    """Return the coefficients of a least squares fit and their HC3 covariance; see :func:`robust_line`."""
    scale = np.sqrt((design**2).mean(axis=0))
    scaled = design / scale
    inverse = np.linalg.inv(scaled.T @ scaled)
    coefficients = inverse @ (scaled.T @ y)
    leverage = np.minimum(np.einsum("ij,jk,ik->i", scaled, inverse, scaled), 1 - 1e-9)
    weighted = scaled * ((y - scaled @ coefficients) / (1 - leverage))[:, None]
    covariance = inverse @ (weighted.T @ weighted) @ inverse
    return coefficients / scale, covariance / np.outer(scale, scale)
