"""The maximum of a likelihood over positive parameters: damped Newton steps on their logarithms, from several starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from guanxi_methods.frames import Vector

Objective = Callable[[Vector], tuple[float, Vector, Vector]]
"""Takes the logarithms of the parameters; gives the log-likelihood, its gradient and its matrix of second derivatives."""

FARTHEST = 18.0
"""No logarithm of a parameter leaves plus or minus this: beyond e**18 a likelihood is flat in double precision."""
STEPS = 200
LONGEST_STEP = 2.0
SETTLED = 1e-11
"""Newton's decrement (twice the log-likelihood still to gain) under which a search has arrived."""
NOISE = 1e-6
"""A decrement under which a step that gains nothing is rounding, not failure."""


@dataclass(frozen=True)
class Maximum:
    """Where a search ended.

    Attributes
    ----------
    logs : ndarray of shape (n_params,)
        Logarithms of the parameters.
    value : float
        The log-likelihood there.
    information : ndarray of shape (n_params, n_params)
        Observed information: minus the second derivatives with respect to the logarithms.
    """

    logs: Vector
    value: float
    information: Vector


def climb(objective: Objective, start: Vector, *, fixed: int | None = None) -> Maximum:
    """Climb from one start to the top of its hill.

    Directions in which the likelihood does not curve downwards are climbed along their gradient; a step that gains
    nothing is halved; a parameter pressed against the bound stays there while its gradient points outwards.

    Parameters
    ----------
    objective : callable
    start : ndarray of shape (n_params,)
        Logarithms of the parameters.
    fixed : int, optional
        A parameter that stays where it is.

    Returns
    -------
    Maximum
    """
    logs = np.clip(start, -FARTHEST, FARTHEST)
    value, gradient, hessian = objective(logs)
    radius = LONGEST_STEP
    for _ in range(STEPS):
        is_free = ~((np.abs(logs) >= FARTHEST) & (np.sign(gradient) == np.sign(logs)))
        if fixed is not None:
            is_free[fixed] = False
        step = np.zeros(logs.size)
        if is_free.any():
            step[is_free] = _newton_step(gradient[is_free], hessian[np.ix_(is_free, is_free)])
        gain = float(gradient @ step)
        longest = float(np.abs(step).max())
        if longest > radius:
            step *= radius / longest
        tried = np.clip(logs + step, -FARTHEST, FARTHEST)
        found = objective(tried)
        if np.isfinite(found[0]) and (found[0] > value or gain < SETTLED):
            logs, (value, gradient, hessian) = tried, found
            radius = min(LONGEST_STEP, radius * 2)
        elif gain < NOISE:
            break
        else:
            radius = min(radius, longest) / 4
        if gain < SETTLED or radius < 1e-12:
            break
    return Maximum(logs, value, -hessian)


def _newton_step(gradient: Vector, hessian: Vector) -> Vector:
    """Newton's step, upwards even where the likelihood is not concave."""
    curvatures, directions = np.linalg.eigh(-hessian)
    size = np.maximum(np.abs(curvatures), max(1e-14, float(np.abs(curvatures).max()) * 1e-14))
    step: Vector = directions @ ((directions.T @ gradient) / size)
    return step


def highest(objective: Objective, starts: Iterable[Vector]) -> Maximum:
    """Climb from every start and return the highest top; the first of equals."""
    return max((climb(objective, start) for start in starts), key=lambda top: round(top.value, 7))


def with_logs(params: Vector, value: float, gradient: Vector, hessian: Vector) -> tuple[float, Vector, Vector]:
    """Turn derivatives with respect to positive parameters into derivatives with respect to their logarithms."""
    scaled = params * gradient
    return value, scaled, params[:, None] * hessian * params[None, :] + np.diag(scaled)
