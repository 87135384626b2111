"""Association rules: what lies in a basket when something else does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.base import Method, Note
from guanxi_methods.basket import baskets as reading
from guanxi_methods.basket import measures
from guanxi_methods.basket.association import Lattice, split_all
from guanxi_methods.basket.mining import frequent_levels
from guanxi_methods.basket.thresholds import Counts, Threshold, as_fraction, least_count
from guanxi_methods.correction import Correction, adjust_p_values
from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector
from guanxi_methods.proportion import check_level, wilson_interval

Items = tuple[str, ...]
# Counts beyond this would not multiply within 64 bits.
MOST_BASKETS = 2**31 - 1


class AssociationRules(Method):
    r"""Frequent itemsets and the rules within them, by exact counts.

    With :math:`n` baskets and :math:`n_X` that hold all items of :math:`X`, a set is frequent when :math:`n_X / n \ge`
    ``min_support``; a rule :math:`X \Rightarrow Y` (neither side empty) is kept when :math:`X \cup Y` is frequent and
    :math:`n_{XY} / n_X \ge` ``min_confidence``. Both are compared as whole numbers, the thresholds read as the
    fractions that their decimals say: a confidence of exactly .8 reaches .8.

    .. math::

        \text{support} = \frac{n_{XY}}{n}, \quad \text{confidence} = \frac{n_{XY}}{n_X}, \quad
        \text{lift} = \frac{n\,n_{XY}}{n_X n_Y}, \quad
        \text{leverage} = \frac{n_{XY}}{n} - \frac{n_X n_Y}{n^2}, \quad
        \text{conviction} = \frac{1 - n_Y / n}{1 - n_{XY} / n_X}

    A rule is redundant when one with the same right side and fewer items on the left (none at all included) is at
    least as confident.

    Rules come in the order of lift, highest first; equal lifts in the order of support, highest first, then of fewer
    items on the left, then of the alphabet.

    Parameters
    ----------
    min_support, min_confidence : str, float, Decimal or Fraction, default .01 and .5
        Over 0 and at most 1. A float is read as Python prints it.
    max_length : int, optional
        Most items of a set; any number unless given.
    max_consequent : int or None, default 1
        Most items on the right; None for any number.
    test : {"fisher", "chi2"}, default "fisher"
        For ``p_values_``: Fisher's exact test that the two sides lie together so often by chance (one-sided), or
        Pearson's (two-sided).
    correction : {"holm", "bonferroni", "bh", "by", "none"}, default "holm"
        For ``adjusted_p_values_``. The number of tests is ``n_candidates_``: all rules in the frequent sets, whether
        or not they reached ``min_confidence``, for choosing by confidence is a look at the data too.
    level : float, default .95
        Of the intervals.

    Attributes
    ----------
    n_baskets_, n_items_, n_itemsets_, n_rules_, n_candidates_ : int
    density_ : float
        Share of all pairs of basket and item that are there.
    itemsets_by_length_ : dict of int to int
    counts_, antecedent_counts_, consequent_counts_ : ndarray of int64, shape (n_rules,)
    support_, confidence_, lift_, leverage_, conviction_ : ndarray, shape (n_rules,)
        Conviction is infinite for a rule that never fails.
    confidence_interval_ : ndarray, shape (n_rules, 2)
        Wilson's.
    lift_interval_ : ndarray, shape (n_rules, 2)
        See :func:`measures.lift_interval`.
    p_values_, adjusted_p_values_ : ndarray, shape (n_rules,)
    is_redundant_ : ndarray of bool, shape (n_rules,)
    antecedents_, consequents_ : list of tuple of str
        Items in the order of the alphabet.
    notes_ : tuple of Note

    References
    ----------
    R. Agrawal, T. Imielinski & A. Swami, SIGMOD 1993; M. J. Zaki, "Scalable algorithms for association mining", IEEE
    TKDE 12, 2000 (Eclat); S. Brin et al., SIGMOD 1997 (lift, conviction); G. Piatetsky-Shapiro 1991 (leverage);
    R. Bayardo, R. Agrawal & D. Gunopulos, Data Mining and Knowledge Discovery 4, 2000 (redundant: no improvement);
    G. I. Webb, "Discovering significant patterns", Machine Learning 68, 2007 (tests and their correction).

    Examples
    --------
    >>> rules = AssociationRules(min_support=".4", min_confidence=".6").fit_baskets(
    ...     [["bread", "milk"], ["bread", "nappies", "beer"], ["milk", "nappies", "beer"],
    ...      ["bread", "milk", "nappies", "beer"], ["bread", "milk", "nappies"]]
    ... )
    >>> rules.n_itemsets_, rules.n_rules_
    (13, 19)
    >>> rules.antecedents_[0], rules.consequents_[0], float(rules.confidence_[0]), float(rules.lift_[0].round(4))
    (('beer',), ('nappies',), 1.0, 1.25)
    """

    def __init__(
        self,
        min_support: Threshold = ".01",
        min_confidence: Threshold = ".5",
        *,
        max_length: int | None = None,
        max_consequent: int | None = 1,
        test: Literal["fisher", "chi2"] = "fisher",
        correction: Correction = "holm",
        level: float = 0.95,
    ) -> None:
        """Store the parameters."""
        self.min_support = min_support
        self.min_confidence = min_confidence
        self.max_length = max_length
        self.max_consequent = max_consequent
        self.test = test
        self.correction = correction
        self.level = level

    def fit(self, transaction: Any, item: Any) -> AssociationRules:
        """Find the rules in lines that name a transaction and one item of it.

        Parameters
        ----------
        transaction, item : array_like, shape (n_lines,)
            Codes or names; a line that comes twice counts once.

        Returns
        -------
        AssociationRules

        Raises
        ------
        MethodError
            Empty or missing data, thresholds outside 0 to 1, over twenty million frequent sets.
        """
        return self._fit(reading.from_columns(transaction, item))

    def fit_baskets(self, baskets: Iterable[Sequence[Any]]) -> AssociationRules:
        """Find the rules in lists of items, one for each basket; an empty list counts as a basket."""
        return self._fit(reading.from_lists(baskets))

    def fit_table(self, table: Any, names: Sequence[str] | None = None) -> AssociationRules:
        """Find the rules in a table with a row for each basket and a column of 0 and 1 for each item."""
        return self._fit(reading.from_table(table, names))

    def _fit(self, found: reading.Baskets) -> AssociationRules:
        """Find the rules in baskets that were read."""
        support, confidence = self._thresholds()
        if found.n_baskets > MOST_BASKETS:
            raise MethodError("at most {most} baskets can be counted", most=f"{MOST_BASKETS:,}")
        for name in ("p_values_", "adjusted_p_values_"):
            vars(self).pop(name, None)
        levels, ranked = frequent_levels(found, least_count(support, found.n_baskets), self.max_length)
        self._lattice = Lattice(levels)
        self._labels = tuple(found.labels[place] for place in ranked)
        self._splits, self.n_candidates_ = split_all(self._lattice, confidence, self.max_consequent)
        self.n_baskets_, self.n_items_, self.density_ = found.n_baskets, len(found.labels), found.density
        self.itemsets_by_length_ = {length: level.count.size for length, level in enumerate(levels) if length}
        self.n_itemsets_ = sum(self.itemsets_by_length_.values())
        self.n_rules_ = sum(part.left.size for part in self._splits)
        self.notes_: tuple[Note, ...] = ()
        if self.n_rules_ == 0:
            self.notes_ = (Note("no rule reaches a support of {support} and a confidence of {confidence}",
                                support=str(self.min_support), confidence=str(self.min_confidence)),)  # fmt: skip
        self._measure()
        return self

    def _thresholds(self) -> tuple[Any, Any]:
        """Return support and confidence as fractions, once all parameters are what they must be."""
        for name, value in (("max_length", self.max_length), ("max_consequent", self.max_consequent)):
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
                raise MethodError("{name} must be a whole number of at least 1, not {value!r}", name=name, value=value)
        if self.test not in ("fisher", "chi2"):
            raise MethodError("test must be 'fisher' or 'chi2', not {value!r}", value=self.test)
        adjust_p_values([1.0], self.correction)
        check_level(self.level)
        return as_fraction(self.min_support, "min_support"), as_fraction(self.min_confidence, "min_confidence")

    def _gathered(self, name: str) -> Any:
        """Return one column of all splits."""
        empty: NDArray[Any] = np.empty(0, dtype=np.bool_ if name == "is_redundant" else np.int64)
        return np.concatenate([empty, *(getattr(part, name) for part in self._splits)])

    def _measure(self) -> None:
        """Work out the measures and put the rules in order."""
        both, left, right = (self._gathered(f"{side}_count") for side in ("both", "left", "right"))
        total = self.n_baskets_
        lift = measures.lift_of(both, left, right, total)
        order = self._ordered(lift, both)
        self.counts_, self.antecedent_counts_, self.consequent_counts_ = both[order], left[order], right[order]
        counts = (self.counts_, self.antecedent_counts_, self.consequent_counts_)
        self.lift_ = lift[order]
        self.support_, self.confidence_ = self.counts_ / total, self.counts_ / self.antecedent_counts_
        self.leverage_ = measures.leverage_of(*counts, total)
        self.conviction_ = measures.conviction_of(*counts, total)
        self.is_redundant_: NDArray[np.bool_] = self._gathered("is_redundant")[order]

    def _ordered(self, lift: Vector, both: Counts) -> Counts:
        """Return the order of the rules by lift, support, length of the left side, and alphabet."""
        alphabet = np.argsort(np.argsort(np.array(self._labels, dtype=object))) if self._labels else np.empty(0, int)
        widths = [max([1, *(getattr(part, f"{side}_length") for part in self._splits)]) for side in ("left", "right")]
        words = np.full((lift.size, sum(widths)), -1, dtype=np.int64)
        sizes = np.empty(lift.size, dtype=np.int64)
        begin = 0
        for part in self._splits:
            end = begin + part.left.size
            sizes[begin:end] = part.left_length
            for start, length, ids in (
                (0, part.left_length, part.left),
                (widths[0], part.right_length, part.right),
            ):
                ranks = alphabet[self._lattice.members(length, ids)]
                words[begin:end, start : start + length] = np.sort(ranks, axis=1)
            begin = end
        order = np.lexsort((*words.T[::-1], sizes, -both, -lift))
        self._words, self._left_width = words[order], widths[0]
        return order

    def _named(self, words: Counts) -> list[Items]:
        """Return rows of alphabetical places as names."""
        names = sorted(self._labels)
        return [tuple(names[place] for place in row if place >= 0) for row in words.tolist()]

    @property
    def antecedents_(self) -> list[Items]:
        """Items on the left of each rule."""
        self._check_fitted("n_rules_")
        return self._named(self._words[:, : self._left_width])

    @property
    def consequents_(self) -> list[Items]:
        """Items on the right of each rule."""
        self._check_fitted("n_rules_")
        return self._named(self._words[:, self._left_width :])

    @property
    def _rule_counts(self) -> tuple[Counts, Counts, Counts, int]:
        """Baskets with all items, with the left, with the right, and in all."""
        self._check_fitted("n_rules_")
        return self.counts_, self.antecedent_counts_, self.consequent_counts_, self.n_baskets_

    @property
    def confidence_interval_(self) -> Vector:
        """Wilson's interval of each confidence, shape (n_rules, 2)."""
        both, left, _, _ = self._rule_counts
        return wilson_interval(both, left, self.level)

    @property
    def lift_interval_(self) -> Vector:
        """Interval of each lift, shape (n_rules, 2)."""
        return measures.lift_interval(*self._rule_counts, self.level)

    @cached_property
    def p_values_(self) -> Vector:
        """How likely so strong a rule is where both sides are independent, shape (n_rules,)."""
        tested = measures.fisher_p if self.test == "fisher" else measures.chi_square_p
        return tested(*self._rule_counts)

    @cached_property
    def adjusted_p_values_(self) -> Vector:
        """The same, adjusted for all rules that there were to choose from."""
        p = self.p_values_
        return adjust_p_values(p, self.correction, n_tests=self.n_candidates_) if p.size else p

    def itemsets(self, length: int | None = None) -> list[tuple[Items, int]]:
        """Return the frequent sets with their counts, of one length or of all, in the order found.

        Parameters
        ----------
        length : int, optional

        Returns
        -------
        list of (tuple of str, int)
        """
        self._check_fitted("n_rules_")
        wanted = self.itemsets_by_length_ if length is None else {length} & set(self.itemsets_by_length_)
        made: list[tuple[Items, int]] = []
        for size in sorted(wanted):
            counts = self._lattice.levels[size].count
            rows = self._lattice.members(size, np.arange(counts.size)).tolist()
            made += [
                (tuple(sorted(self._labels[rank] for rank in row)), count)
                for row, count in zip(rows, counts.tolist(), strict=True)
            ]
        return made
