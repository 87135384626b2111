"""What the models of customer lifetime share: standard errors, intervals, and the word for a likelihood at its edge."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from guanxi_methods.base import Method
from guanxi_methods.errors import Note
from guanxi_methods.frames import Vector
from guanxi_methods.proportion import check_level
from guanxi_methods.value.lifetime.maximum import FARTHEST, Maximum, Objective, climb

FLAT = 0.01
"""Information under which a likelihood is flat: a standard error over 10 on the log scale, a factor of e**10."""
NEAR = 0.5
"""Log-likelihood that must be lost on the way to an edge: half is what one standard error away from an estimate loses."""
WIDE = 0.7
"""Standard error of a logarithm from which on it is tried whether an edge is that near."""
STEP = 1e-4
"""Step of the central differences of the delta method, on the log scale."""

Quantity = Callable[[Vector], Vector]
"""A figure per customer as a function of the parameters."""


class LifetimeModel(Method):
    """Base of the models that are fitted by maximum likelihood over positive parameters."""

    PARAMS: ClassVar[tuple[str, ...]]

    params_: dict[str, float]
    standard_errors_: dict[str, float]
    intervals_: dict[str, tuple[float, float]]
    covariance_log_: Vector
    log_likelihood_: float
    at_edge_: tuple[str, ...]
    notes_: tuple[Note, ...]

    def __init__(self, level: float = 0.95) -> None:
        """Store the parameters."""
        self.level = level

    def _check_level(self) -> None:
        """Raise unless the level of the intervals is one."""
        check_level(self.level)

    def _learn(self, objective: Objective, top: Maximum, units: Vector, notes: list[Note]) -> None:
        """Keep what a search found.

        Parameters
        ----------
        objective : callable
        top : Maximum
        units : ndarray of shape (n_params,)
            What each parameter is multiplied with to get from the scale of the search to that of the data.
        notes : list of Note
            What the reader must know already.
        """
        self.at_edge_, top = self._edge(objective, top)
        estimates = np.exp(top.logs) * units
        self.params_ = dict(zip(self.PARAMS, estimates.tolist(), strict=True))
        self.log_likelihood_ = top.value
        spread = np.full(estimates.size, np.nan)
        self.covariance_log_ = np.full((estimates.size, estimates.size), np.nan)
        if self.at_edge_:
            notes = [*notes, self._edge_note()]
        else:
            self.covariance_log_[:] = np.linalg.inv(top.information)
            spread[:] = np.sqrt(np.diag(self.covariance_log_))
        reach = self._z() * spread
        self.standard_errors_ = dict(zip(self.PARAMS, (estimates * spread).tolist(), strict=True))
        self.intervals_ = {
            name: (float(estimate * np.exp(-far)), float(estimate * np.exp(far)))
            for name, estimate, far in zip(self.PARAMS, estimates, np.minimum(reach, 700), strict=True)
        }
        self.notes_ = tuple(notes)

    def _edge(self, objective: Objective, top: Maximum) -> tuple[tuple[str, ...], Maximum]:
        """Name the parameters about which the likelihood says next to nothing at its top, or that may be at an edge.

        An edge is as good as the top where, the other parameters following, less than ``NEAR`` is lost on the way; where
        it is better it takes the top's place.
        """
        highest = top
        is_bound = np.abs(top.logs) >= FARTHEST
        curvatures, directions = np.linalg.eigh(top.information)
        for curvature, direction in zip(curvatures, directions.T, strict=True):
            if not curvature >= FLAT:
                is_bound |= np.abs(direction) > 0.3
        if not is_bound.any():
            spread = np.sqrt(np.diag(np.linalg.inv(top.information)))
            for place in np.flatnonzero(spread > WIDE):
                for edge in (-FARTHEST, FARTHEST):
                    moved = top.logs.copy()
                    moved[place] = edge
                    found = climb(objective, moved, fixed=int(place))
                    is_bound[place] |= found.value > top.value - NEAR
                    highest = found if found.value > highest.value + 1e-9 else highest
        return tuple(name for name, is_edge in zip(self.PARAMS, is_bound, strict=True) if is_edge), highest

    def _edge_note(self) -> Note:
        """Say that there is no estimate."""
        return Note(
            "the likelihood is at its edge: it is as high, or nearly, with {names} at 0 or infinity as anywhere inside, so "
            "the figures shown for {names} are where the search stopped, not estimates, and there are no standard errors "
            "or intervals; these data do not support this model",
            names=", ".join(self.at_edge_),
        )

    def _z(self) -> float:
        """The normal quantile of the level."""
        from scipy.special import ndtri  # takes long to load

        return float(ndtri(0.5 + self.level / 2))

    def _values(self) -> Vector:
        """The parameters in their order."""
        self._check_fitted("params_")
        return np.array([self.params_[name] for name in self.PARAMS])

    def _log_spread(self, quantity: Quantity, scale: Quantity) -> tuple[Vector, Vector]:
        """A quantity on a scale where it is nearly normal, and its standard error there by the delta method."""
        logs = np.log(self._values())
        middle = scale(quantity(np.exp(logs)))
        # what stands on its bound whatever the parameters (a probability of 1) does not move
        moves = np.isfinite(middle)
        slopes = np.zeros((logs.size, middle.size))
        for place in range(logs.size):
            moved = np.zeros(logs.size)
            moved[place] = STEP
            above, below = scale(quantity(np.exp(logs + moved))), scale(quantity(np.exp(logs - moved)))
            slopes[place, moves] = (above[moves] - below[moves]) / (2 * STEP)
        variance = np.einsum("ik,ij,jk->k", slopes, self.covariance_log_, slopes)
        return middle, np.sqrt(np.maximum(variance, 0.0))

    def _positive_interval(self, quantity: Quantity) -> tuple[Vector, Vector]:
        """Interval of a positive quantity, by its logarithm."""
        return self._interval(quantity, _log, np.exp)

    def _share_interval(self, quantity: Quantity) -> tuple[Vector, Vector]:
        """Interval of a probability, by its logit."""
        return self._interval(quantity, _logit, _expit)

    def _interval(self, quantity: Quantity, scale: Quantity, back: Quantity) -> tuple[Vector, Vector]:
        """Interval that covers what not knowing the parameters does to a quantity; NaN where the likelihood is at its edge."""
        if self.at_edge_:
            lost = np.full(quantity(self._values()).shape, np.nan)
            return lost, lost.copy()
        middle, spread = self._log_spread(quantity, scale)
        reach = self._z() * spread
        return back(middle - reach), back(middle + reach)


def _log(values: Vector) -> Vector:
    """The logarithm; minus infinity at 0."""
    return np.log(values, out=np.full(values.shape, -np.inf), where=values > 0)


def _logit(shares: Vector) -> Vector:
    """The logit; infinite at 0 and 1."""
    from scipy.special import logit  # takes long to load

    made: Vector = logit(shares)
    return made


def _expit(values: Vector) -> Vector:
    """The inverse of the logit."""
    from scipy.special import expit  # takes long to load

    made: Vector = expit(values)
    return made
