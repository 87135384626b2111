"""Weights for who did not answer, by how likely each was to answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.frames import Vector, as_categories, as_frame, as_vector
from guanxi_methods.satisfaction.weighting import Weighting, of_wide_weights

# Beyond this logit, some traits tell exactly who answers.
SEPARATED = 15.0


class ResponsePropensity(Weighting):
    r"""Weights of respondents by how likely people like them were to answer.

    .. math:: P(\text{answers}) = \frac{1}{1 + e^{-(b_0 + x'b)}}, \qquad w_i = 1 / \hat p_i

    The probability is estimated by logistic regression (maximum likelihood) from traits known of everybody asked. With
    ``classes`` people are put into that many groups of equal size by probability, and a group's response rate is used,
    which tames extreme weights. The weights hold where, among people alike in the traits, answering does not
    depend on what would be answered.

    Parameters
    ----------
    classes : int, optional
        Groups; 5 is usual. Unless given, each person's own probability is used.

    Attributes
    ----------
    propensities_ : ndarray, shape (n_people,)
    weights_ : ndarray, shape (n_people,)
        1 on average among respondents, 0 for the others.
    coefficients_, standard_errors_ : dict of str to float
        By trait; words become "trait=category", the first category in order being what others are compared with.
    response_rate_ : float
    r_indicator_ : float
        1 - 2 x standard deviation of the propensities: 1 where response is representative.
    n_, effective_n_, design_effect_, notes_
        See :class:`Raking`; of the respondents.

    References
    ----------
    R. J. A. Little, "Survey nonresponse adjustments for estimates of means", International Statistical Review 54(2),
    1986; B. Schouten, F. Cobben, J. Bethlehem, "Indicators for the representativeness of survey response", Survey
    Methodology 35(1), 2009.

    Examples
    --------
    >>> found = ResponsePropensity().fit({"city": ["a"] * 4 + ["b"] * 4}, [1, 1, 1, 0, 1, 0, 0, 0])
    >>> found.propensities_[[0, 7]].round(4), found.weights_.round(4)
    (array([0.75, 0.25]), array([0.6667, 0.6667, 0.6667, 0.    , 2.    , 0.    , 0.    , 0.    ]))
    """

    def __init__(self, classes: int | None = None) -> None:
        """Store the parameters."""
        self.classes = classes

    def fit(self, traits: Any, responded: ArrayLike) -> ResponsePropensity:
        """Estimate the propensities and the weights.

        Parameters
        ----------
        traits : table, shape (n_people, n_traits)
            Of everybody asked; numbers or categories.
        responded : array_like of bool or 0 and 1, shape (n_people,)

        Returns
        -------
        ResponsePropensity

        Raises
        ------
        MethodError
            All answered, or none; traits that tell exactly who answers, or repeat each other; a trait missing.
        TooFewError
            Fewer who answered, or did not, than traits.
        """
        if self.classes is not None and (not isinstance(self.classes, int) or self.classes < 2):
            raise MethodError("classes must be at least 2, not {classes!r}", classes=self.classes)
        frame = as_frame(traits)
        answered = as_vector(responded, "responded", size=len(frame))
        if not np.isin(answered, (0.0, 1.0)).all():
            raise MethodError("responded must be 1 for who answered and 0 for who did not")
        if answered.min() == answered.max():
            raise MethodError("everybody answered, or nobody did: there is nothing to weight")
        design, names = _design(frame.names, frame.columns)
        fewest = int(min(answered.sum(), (1 - answered).sum()))
        if fewest < design.shape[1] - 1:
            raise TooFewError(
                "{traits} traits need at least as many people who answered and who did not, not {fewest}",
                traits=design.shape[1] - 1,
                fewest=fewest,
            )
        coefficients, errors = _logistic(design, answered, names)
        self.propensities_ = _chance(design @ coefficients)
        self.coefficients_ = dict(zip(names, coefficients.tolist(), strict=True))
        self.standard_errors_ = dict(zip(names, errors.tolist(), strict=True))
        self.response_rate_ = float(answered.mean())
        self.r_indicator_ = 1.0 - 2.0 * float(self.propensities_.std(ddof=1))
        used = self.propensities_ if self.classes is None else self._grouped(answered)
        made = np.where(answered == 1, 1.0 / used, 0.0)
        made *= answered.sum() / made.sum()
        self._give(made, int(answered.sum()), of_wide_weights(made[answered == 1]))
        return self

    def _grouped(self, answered: Vector) -> Vector:
        """Return the response rate of everybody's group."""
        edges = np.quantile(self.propensities_, np.linspace(0, 1, (self.classes or 2) + 1)[1:-1])
        groups = np.searchsorted(edges, self.propensities_ * (1 - 1e-12))
        sizes = np.bincount(groups)
        rates = np.bincount(groups, weights=answered) / np.maximum(sizes, 1)
        if (rates[sizes > 0] == 0).any():
            raise MethodError("in one of {classes} groups nobody answered: use fewer classes", classes=self.classes)
        grouped: Vector = rates[groups]
        return grouped


def _design(names: Sequence[str], columns: Sequence[Any]) -> tuple[Vector, list[str]]:
    """Return the traits as numbers, an intercept before them."""
    made, known = [np.ones(len(columns[0]))], ["intercept"]
    for name, column in zip(names, columns, strict=True):
        if column.dtype.kind in "iufb":
            made.append(as_vector(column, name))
            known.append(name)
            continue
        words = as_categories(column, name)
        if (words == "").any():
            raise MethodError(
                "{name} is missing in row {row}: give it a category of its own, or leave the person out",
                name=name,
                row=int(np.argmax(words == "")) + 1,
            )
        for kind in sorted(set(words))[1:]:
            made.append((words == kind).astype(float))
            known.append(f"{name}={kind}")
    return np.column_stack(made), known


def _chance(logits: Vector) -> Vector:
    """Return probabilities."""
    return 1.0 / (1.0 + np.exp(-np.clip(logits, -500, 500)))


def _logistic(design: Vector, answered: Vector, names: Sequence[str]) -> tuple[Vector, Vector]:
    """Return coefficients and standard errors of a logistic regression, by Newton's steps on scaled traits."""
    means, spread = design.mean(axis=0), design.std(axis=0)
    means[0], spread[0] = 0.0, 1.0
    if (spread == 0).any():
        raise MethodError("{name} is the same for all: leave it out", name=names[int(np.argmin(spread))])
    scaled = (design - means) / spread
    triangle = np.abs(np.diag(np.linalg.qr(scaled, mode="r")))
    if triangle.min() < 1e-9 * np.sqrt(len(design)):
        raise MethodError("{name} follows from the other traits: leave it out", name=names[int(np.argmin(triangle))])
    coefficients = np.zeros(design.shape[1])
    for _ in range(100):
        chances = _chance(scaled @ coefficients)
        bent = np.maximum(chances * (1 - chances), 1e-12)
        hessian = (scaled * bent[:, None]).T @ scaled
        step = np.linalg.solve(hessian, scaled.T @ (answered - chances))
        coefficients = coefficients + step
        if np.abs(scaled @ coefficients).max() > SEPARATED:
            raise MethodError(
                "the traits tell of some exactly whether they answer: no propensity can be had; use fewer"
            )
        if np.abs(step).max() < 1e-10:
            break
    # Back to the traits as they came: only the intercept mixes.
    turn = np.diag(1 / spread)
    turn[0, 1:] = -means[1:] / spread[1:]
    covariance = turn @ np.linalg.inv(hessian) @ turn.T
    return turn @ coefficients, np.sqrt(np.diag(covariance))
