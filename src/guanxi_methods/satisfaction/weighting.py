"""Weights for who did not answer: by known cells, by known margins; what weights cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector, as_categories, as_frame, as_vector
from guanxi_methods.satisfaction.answers import as_weights

# So far apart, as a share of the whole, a margin and its target may stay.
CLOSE = 1e-10


def effective_sample_size(weights: ArrayLike) -> float:
    r"""Return how many unweighted respondents the weighted ones are worth (Kish).

    .. math:: n_{\text{eff}} = \frac{(\sum_i w_i)^2}{\sum_i w_i^2}

    Parameters
    ----------
    weights : array_like, shape (n_respondents,)
        Not negative.

    Returns
    -------
    float

    References
    ----------
    L. Kish, "Survey Sampling", Wiley 1965, sec. 11.7; "Weighting for unequal P_i", Journal of Official Statistics
    8(2), 1992.

    Examples
    --------
    >>> effective_sample_size([1, 1, 1, 1]), effective_sample_size([3, 1])
    (4.0, 1.6)
    """
    checked = as_weights(weights, len(as_vector(weights, "weights")))
    return float(checked.sum() ** 2 / np.square(checked).sum())


class Weighting(Method):
    """What the three ways of weighting share."""

    weights_: Vector
    n_: int
    effective_n_: float
    design_effect_: float
    notes_: tuple[Note, ...]

    def _give(self, weights: Vector, respondents: int, notes: Sequence[Note] = ()) -> None:
        """Set the weights and what they cost."""
        self.weights_ = weights
        self.n_ = respondents
        self.effective_n_ = effective_sample_size(weights)
        self.design_effect_ = respondents / self.effective_n_
        self.notes_ = tuple(notes)


class Raking(Weighting):
    r"""Weights that make the margins of the sample those of the population (raking, iterative proportional fitting).

    Margin after margin, weights are multiplied by what is due to a category over what it has, until all agree:

    .. math:: w_i \leftarrow w_i \, \frac{\text{share due to the category of } i}{\text{share it has}}

    Weights are 1 on average. With one margin this is post-stratification.

    Parameters
    ----------
    population : mapping of str to mapping of str to float
        For each trait, the share (or the number) of each category in the population.
    max_rounds : int, default 1000

    Attributes
    ----------
    weights_ : ndarray, shape (n_respondents,)
        1 on average.
    margins_ : dict of str to dict of str to float
        Shares that were reached.
    effective_n_ : float
        Kish's; see :func:`effective_sample_size`.
    design_effect_ : float
        n / effective n: by how much the weights raise the variance of a mean at most.
    n_, rounds_ : int
    notes_ : tuple of Note

    References
    ----------
    W. E. Deming, F. F. Stephan, "On a least squares adjustment of a sampled frequency table when the expected marginal
    totals are known", Annals of Mathematical Statistics 11(4), 1940.

    Examples
    --------
    >>> found = Raking({"sex": {"f": 0.5, "m": 0.5}}).fit({"sex": ["f", "f", "f", "m"]})
    >>> found.weights_.round(4), found.effective_n_
    (array([0.6667, 0.6667, 0.6667, 2.    ]), 3.0)
    """

    def __init__(self, population: Mapping[str, Mapping[str, float]], max_rounds: int = 1000) -> None:
        """Store the parameters."""
        self.population = population
        self.max_rounds = max_rounds

    def fit(self, traits: Any, *, weights: ArrayLike | None = None) -> Raking:
        """Find the weights.

        Parameters
        ----------
        traits : table, shape (n_respondents, n_traits)
            Categories of the respondents; columns the population does not name are not used.
        weights : array_like, shape (n_respondents,), optional
            Weights to begin with, such as those of the sampling.

        Returns
        -------
        Raking

        Raises
        ------
        MethodError
            A category on one side that the other lacks; a trait missing; margins that cannot be reached together.
        """
        frame = as_frame(traits)
        if not self.population:
            raise MethodError("population is empty: there is nothing to weight by")
        start = as_weights(weights, len(frame))
        matched = [_matched(name, frame.column(name), due, start) for name, due in self.population.items()]
        codes, targets = [places for _, places, _ in matched], [shares for _, _, shares in matched]
        # Respondents alike in every trait share one factor: only the cells are raked.
        sizes = tuple(len(shares) for shares in targets)
        cells, cell_of = np.unique(np.ravel_multi_index(tuple(codes), sizes), return_inverse=True)
        begun = np.bincount(cell_of, weights=start)
        factors, self.rounds_ = self._rake(begun / begun.sum(), np.unravel_index(cells, sizes), targets)
        made = start * factors[cell_of]
        made /= made.mean()
        self.margins_ = {}
        for name, (kinds, places, _) in zip(self.population, matched, strict=True):
            reached = np.bincount(places, weights=made, minlength=len(kinds)) / len(made)
            self.margins_[name] = dict(zip(kinds, reached.tolist(), strict=True))
        self._give(made, int((start > 0).sum()), of_wide_weights(made[start > 0]))
        return self

    def _rake(self, begun: Vector, places: Sequence[NDArray[np.intp]], targets: Sequence[Vector]) -> tuple[Vector, int]:
        """Return the factor of each cell and how many rounds it took."""
        now = begun.copy()
        for done in range(1, self.max_rounds + 1):
            for place, due in zip(places, targets, strict=True):
                has = np.bincount(place, weights=now, minlength=len(due))
                now *= np.divide(due, has, out=np.zeros_like(due), where=has > 0)[place]
            off = max(
                float(np.abs(np.bincount(place, weights=now, minlength=len(due)) - due).max())
                for place, due in zip(places, targets, strict=True)
            )
            if off < CLOSE:
                return np.divide(now, begun, out=np.zeros_like(now), where=begun > 0), done
        raise MethodError(
            "the margins cannot be reached together: after {rounds} rounds one is still {off:.2g} away; "
            "empty combinations of categories are the usual cause, join some",
            rounds=self.max_rounds,
            off=off,
        )


def _matched(
    name: str, column: Any, due: Mapping[str, float], weights: Vector
) -> tuple[list[str], NDArray[np.intp], Vector]:
    """Return the categories of a trait, those of the respondents by place, and the shares due."""
    words = as_categories(column, name)
    kinds, places = np.unique(words.astype(str), return_inverse=True)
    if "" in kinds:
        raise MethodError(
            "{name} is missing in row {row}: give it a category of its own, or leave the respondent out",
            name=name,
            row=int(np.argmax(words == "")) + 1,
        )
    wanted = {str(kind): float(share) for kind, share in due.items()}
    for kind in kinds:
        if kind not in wanted:
            raise MethodError(
                "{name} holds {kind!r}, of which the population says nothing; it knows {known}",
                name=name,
                kind=str(kind),
                known=", ".join(wanted),
            )
    for kind, share in wanted.items():
        if share < 0 or not np.isfinite(share):
            raise MethodError(
                "the population's share of {kind!r} in {name} is {share}", kind=kind, name=name, share=share
            )
        if share > 0 and (kind not in kinds or not weights[words == kind].any()):
            raise MethodError(
                "nobody with {name} {kind!r} answered: no weight can stand for them; join categories",
                name=name,
                kind=kind,
            )
    shares = np.array([wanted[str(kind)] for kind in kinds])
    if shares.sum() <= 0:
        raise MethodError("the population's shares of {name} add up to nothing", name=name)
    return [str(kind) for kind in kinds], places, shares / shares.sum()


def of_wide_weights(weights: Vector) -> list[Note]:
    """Say so where few respondents stand for many."""
    ratio = float(weights.max() / max(float(np.median(weights)), 1e-300))
    if ratio <= 5:
        return []
    return [Note("the largest weight is {ratio:.1f} times the median: few respondents stand for many", ratio=ratio)]


class PostStratification(Weighting):
    r"""Weights that give every cell of the sample its share of the population.

    .. math:: w_i = \frac{N_c / N}{n_c / n} \quad \text{for a respondent in cell } c

    Parameters
    ----------
    population : mapping of str to float
        Share (or number) of each cell in the population. Cells of several traits are written with " / " between.

    Attributes
    ----------
    weights_, n_, effective_n_, design_effect_, notes_
        See :class:`Raking`.
    cells_ : dict of str to int
        Respondents by cell.

    References
    ----------
    D. Holt, T. M. F. Smith, "Post stratification", Journal of the Royal Statistical Society A 142(1), 1979.

    Examples
    --------
    >>> found = PostStratification({"f / old": 1, "f / young": 1, "m / old": 2}).fit(
    ...     {"sex": ["f", "f", "m", "m"], "age": ["old", "young", "old", "old"]}
    ... )
    >>> found.weights_.tolist(), found.cells_
    ([1.0, 1.0, 1.0, 1.0], {'f / old': 1, 'f / young': 1, 'm / old': 2})
    """

    def __init__(self, population: Mapping[str, float]) -> None:
        """Store the parameters."""
        self.population = population

    def fit(self, traits: Any, *, weights: ArrayLike | None = None) -> PostStratification:
        """Find the weights.

        Parameters
        ----------
        traits : table, shape (n_respondents, n_traits)
            All columns together make the cells.
        weights : array_like, shape (n_respondents,), optional
            Weights to begin with.

        Returns
        -------
        PostStratification

        Raises
        ------
        MethodError
            A cell on one side that the other lacks; a trait missing.
        """
        frame = as_frame(traits)
        columns = [as_categories(column, name) for name, column in zip(frame.names, frame.columns, strict=True)]
        for name, column in zip(frame.names, columns, strict=True):
            if (column == "").any():
                raise MethodError(
                    "{name} is missing in row {row}: give it a category of its own, or leave the respondent out",
                    name=name,
                    row=int(np.argmax(column == "")) + 1,
                )
        cells = columns[0]
        for column in columns[1:]:
            cells = cells + " / " + column
        raked = Raking({"cell": self.population}).fit({"cell": cells}, weights=weights)
        kinds, counts = np.unique(cells.astype(str), return_counts=True)
        self.cells_ = dict(zip(kinds.tolist(), counts.tolist(), strict=True))
        self._give(raked.weights_, raked.n_, raked.notes_)
        return self
