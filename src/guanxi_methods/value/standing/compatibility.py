"""Compatibility of the customer mix: which segments should not meet in one event, queue or place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import as_categories, as_vector
from guanxi_methods.proportion import check_level
from guanxi_methods.value.clv.parameters import at_least, finite

Matrix = NDArray[np.float64]
# Up to so many segments the fewest groups are found for sure; beyond it they may be one too many.
EXACT_UP_TO = 16


class CompatibilityMatrix(Method):
    r"""How segments of customers bear one another's presence, from their ratings.

    Martin and Pranter describe compatibility management (attract a mix of customers that fits, and manage encounters
    between those who do not) without a measure; this one is the product's own. With ratings :math:`x` by customers of
    segment a of the presence of customers of segment b, :math:`m_{ab} = \bar x_{ab}` with its t-interval. A pair

    - **conflicts** if either side's interval lies wholly under the neutral point: one side that suffers is enough;
    - is **compatible** if both sides' intervals lie at or over it;
    - is **open** otherwise, and **unknown** if a side has not been asked.

    Parameters
    ----------
    neutral : float
        The answer that means neither liked nor disliked: 3 on a scale from 1 to 5.
    level : float, default 0.95
        Of the intervals.

    Attributes
    ----------
    segments_ : tuple of str
    n_ : ndarray of int64, shape (n_segments, n_segments)
        Ratings: row who rated, column who was met.
    means_, lows_, highs_ : ndarray of float64, shape (n_segments, n_segments)
        NaN where nobody was asked; with one rating the interval is NaN.
    verdicts_ : dict of tuple of str to str
        Of each pair of segments, a segment with itself among them.
    conflicts_ : tuple of tuple of str
    groups_ : tuple of tuple of str
        The fewest events, queues or places in which no conflicting pair meets; see :func:`separate`.
    notes_ : tuple of Note

    References
    ----------
    C. L. Martin, C. A. Pranter, "Compatibility management: customer-to-customer relationships in service
    environments", Journal of Services Marketing 3(3), 1989, 5-15.

    Examples
    --------
    >>> rater = ["family"] * 4 + ["party"] * 4 + ["quiet"] * 4
    >>> met = ["party"] * 4 + ["family"] * 4 + ["party"] * 4
    >>> found = CompatibilityMatrix(neutral=3).fit(rater, met, [1, 2, 1, 2, 3, 4, 4, 3, 1, 1, 2, 1])
    >>> found.conflicts_, found.verdicts_[("party", "quiet")]
    ((('family', 'party'), ('party', 'quiet')), 'conflict')
    >>> found.groups_
    (('family', 'quiet'), ('party',))
    """

    def __init__(self, neutral: float, level: float = 0.95) -> None:
        """Store the parameters."""
        self.neutral = neutral
        self.level = level

    def fit(self, rater: ArrayLike, met: ArrayLike, rating: ArrayLike) -> CompatibilityMatrix:
        """Compare the ratings with the neutral point.

        Parameters
        ----------
        rater, met : array_like, shape (n_ratings,)
            Segment of the customer who rated, and of those whose presence was rated.
        rating : array_like, shape (n_ratings,)
            The higher the better liked.

        Returns
        -------
        CompatibilityMatrix

        Raises
        ------
        MethodError
            A segment without a name; columns of several lengths; a missing rating.
        """
        check_level(self.level)
        scores, middle = as_vector(rating, "rating"), finite("neutral", self.neutral)
        sides = [as_categories(column, name) for column, name in ((rater, "rater"), (met, "met"))]
        for side, name in zip(sides, ("rater", "met"), strict=True):
            if side.size != scores.size:
                raise MethodError(
                    "{name} holds {found} values where {size} are needed", name=name, found=side.size, size=scores.size
                )
            if (side == "").any():
                raise MethodError("{name} names no segment in row {row}", name=name, row=int(np.argmax(side == "")) + 1)
        known, codes = np.unique(np.concatenate(sides).astype(np.str_), return_inverse=True)
        size = known.size
        cells = codes[: scores.size] * size + codes[scores.size :]
        self.segments_ = tuple(str(name) for name in known)
        self._learn_intervals(cells, scores, size)
        self.verdicts_ = {
            (self.segments_[a], self.segments_[b]): self._verdict(a, b, middle)
            for a in range(size)
            for b in range(a, size)
        }
        self.conflicts_ = tuple(pair for pair, verdict in self.verdicts_.items() if verdict == "conflict")
        apart = [pair for pair in self.conflicts_ if pair[0] != pair[1]]
        self.groups_ = separate(self.segments_, apart)
        self.notes_ = tuple(
            Note("customers of {segment} do not even bear one another: no grouping of segments helps", segment=a)
            for a, b in self.conflicts_
            if a == b
        )
        return self

    def _learn_intervals(self, cells: NDArray[np.intp], scores: Matrix, size: int) -> None:
        """Set mean and interval of each ordered pair."""
        order = np.lexsort((scores, cells))
        counts = np.bincount(cells, minlength=size * size)
        sums = np.bincount(cells[order], weights=scores[order], minlength=size * size)
        means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
        squares = np.bincount(cells[order], weights=(scores - means[cells])[order] ** 2, minlength=size * size)
        free = np.maximum(counts - 1, 1)
        errors = np.where(counts > 1, np.sqrt(squares / free / np.maximum(counts, 1)), np.nan)
        half = errors * stdtrit(free, (1 + self.level) / 2)
        self.n_ = counts.reshape(size, size)
        self.means_ = means.reshape(size, size)
        self.lows_, self.highs_ = (means - half).reshape(size, size), (means + half).reshape(size, size)
        self._errors = errors.reshape(size, size)

    def _verdict(self, a: int, b: int, middle: float) -> str:
        """Return what is known of a pair."""
        if self.highs_[a, b] < middle or self.highs_[b, a] < middle:
            return "conflict"
        if not self.n_[a, b] or not self.n_[b, a]:
            return "unknown"
        return "compatible" if self.lows_[a, b] >= middle and self.lows_[b, a] >= middle else "open"

    def mix_index(self, shares: Mapping[str, float]) -> tuple[float, float]:
        r"""Return how a mix of customers bears itself, and the standard error.

        .. math:: \sum_{ab} s_a s_b m_{ab} \Big/ \sum_{ab} s_a s_b

        over the ordered pairs that were rated: the mean rating where anybody meets anybody.

        Parameters
        ----------
        shares : mapping of segment to share
            Of the customers present; they need not sum to 1.

        Returns
        -------
        index, standard_error : float
            The standard error is NaN where a pair has one rating.

        Raises
        ------
        MethodError
            A segment that is not known, a negative share, or no pair of the mix rated.
        """
        self._check_fitted("segments_")
        parts = np.zeros(len(self.segments_))
        for name, share in shares.items():
            if name not in self.segments_:
                raise MethodError(
                    "there is no segment {name!r}; there are: {names}", name=name, names=", ".join(self.segments_)
                )
            parts[self.segments_.index(name)] = at_least(f"the share of {name}", share, 0.0)
        weights = np.outer(parts, parts) * (self.n_ > 0)
        if weights.sum() == 0:
            raise MethodError("no pair of segments in this mix was rated: there is nothing to add up")
        weights /= weights.sum()
        used = weights > 0
        index = float((weights[used] * self.means_[used]).sum())
        return index, float(np.sqrt(((weights[used] * self._errors[used]) ** 2).sum()))


def separate(segments: Sequence[str], conflicts: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return the fewest groups of segments in which no conflicting pair meets.

    The colouring of a graph, searched exactly (most constrained segment first) up to 16 segments; beyond that the
    first colouring found, which may have a group too many.

    Parameters
    ----------
    segments : sequence of str
    conflicts : sequence of pairs of str

    Returns
    -------
    tuple of tuple of str
        Each group in the order of ``segments``.

    Raises
    ------
    MethodError
        A conflict of a segment that is not there, or of one with itself.

    Examples
    --------
    >>> separate(["a", "b", "c", "d"], [("a", "b"), ("b", "c"), ("a", "c")])
    (('a',), ('b', 'd'), ('c',))
    """
    foes: dict[str, set[str]] = {name: set() for name in segments}
    for one, other in conflicts:
        if one == other:
            raise MethodError("{name!r} conflicts with itself: no grouping of segments helps", name=one)
        for name in (one, other):
            if name not in foes:
                raise MethodError("there is no segment {name!r} among those to be grouped", name=name)
        foes[one].add(other)
        foes[other].add(one)
    best = _coloured(tuple(segments), foes, {}, len(segments) + 1, is_exact=len(segments) <= EXACT_UP_TO)
    places = sorted(set((best or {}).values()), key=lambda place: [(best or {})[name] != place for name in segments])
    return tuple(tuple(name for name in segments if (best or {})[name] == place) for place in places)


def _coloured(
    segments: tuple[str, ...], foes: dict[str, set[str]], placed: dict[str, int], fewer_than: int, *, is_exact: bool
) -> dict[str, int] | None:
    """Return a placing with fewer groups than so many, or None."""
    if len(placed) == len(segments):
        return dict(placed)
    free = [name for name in segments if name not in placed]
    name = max(free, key=lambda one: (len({placed[foe] for foe in foes[one] if foe in placed}), len(foes[one])))
    taken = {placed[foe] for foe in foes[name] if foe in placed}
    n_groups = max(placed.values(), default=-1) + 1
    best = None
    for place in range(n_groups + 1):
        if place + 1 >= fewer_than:
            break
        if place not in taken:
            found = _coloured(segments, foes, {**placed, name: place}, fewer_than, is_exact=is_exact)
            if found is not None:
                best, fewer_than = found, max(found.values()) + 1
                if not is_exact:
                    break
    return best
