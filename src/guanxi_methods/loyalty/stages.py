"""Where a relationship stands in its life: exploration, build-up, stability, decline."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrc

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector
from guanxi_methods.loyalty.intervals import LEVEL, check_level, proportion
from guanxi_methods.loyalty.purchases import Day, Purchases, as_purchases

STAGES = ("exploration", "build_up", "stability", "decline")
REASONS = ("few_purchases", "growing", "young", "steady", "silent", "falling")


class RelationshipStage(Method):
    r"""Stage of the customer's life cycle (客户生命周期) from purchases: 考察期, 形成期, 稳定期, 退化期.

    A customer's day is one purchase. Customer with :math:`x` purchases, first on day :math:`f`, last on day :math:`l`,
    looked at on day :math:`T`. Rules, the first that holds:

    1. **decline** (退化期), *silent*: the silence :math:`s = T - l` is too long for this customer. With :math:`g` the
       mean interval of all customers and a prior worth :math:`a` purchases, were the customer still active, so long a
       silence would have the probability

       .. math:: P(s) = \Bigl(\frac{a g + l - f}{a g + l - f + s}\Bigr)^{a + x - 1}

       (purchases at a constant rate, the rate's prior a gamma distribution with mean :math:`1/g`); the rule holds if
       :math:`P(s) < \alpha`.
    2. **exploration** (考察期), *few purchases*: :math:`x <` ``build_up_purchases``.
    3. **decline**, *falling*: of the :math:`N = x - 1` purchases after the first, so few lie in the later half of the
       time from :math:`f` to :math:`T` that with a constant rate this would have a probability under :math:`\alpha`
       (exact binomial). Needs ``stability_purchases``.
    4. **build-up** (形成期), *growing*: so many lie in the later half; or *young*: :math:`x <` ``stability_purchases``.
    5. **stability** (稳定期), *steady*: else.

    So of customers who are active and steady a share of about :math:`\alpha` is called silent and about as many falling;
    the price of a small :math:`\alpha` is that decline is seen later.

    The four stages are Dwyer, Schurr and Oh's without awareness, as taught in China after Chen Mingliang, who describes
    them by volume and profit and prints no rule; the rules are the product's own definition.

    Parameters
    ----------
    alpha : float, default 0.1
    build_up_purchases : int, default 3
    stability_purchases : int, default 5
        Under five, not even four later purchases all in one half would tell.
    prior_purchases : float, default 2.0
        How many purchases the knowledge of all customers weighs against the customer's own.
    level : float, default 0.95

    Attributes
    ----------
    customers_ : ndarray, shape (n_customers,)
        Sorted; the order of all that follows.
    labels_, reasons_ : ndarray of str, shape (n_customers,)
        Stage, and which rule gave it.
    codes_ : ndarray of int8, shape (n_customers,)
        0 exploration to 3 decline.
    evidence_ : dict of str to ndarray, each of shape (n_customers,)
        "purchases", "days_since_first", "days_since_last", "silence_probability" (1 where there is no interval to
        compare with), "earlier_purchases", "later_purchases", "growth_p", "fall_p".
    mean_interval_days_ : float or None
        :math:`g`; None if nobody bought twice, and silence is then not judged.
    counts_ : dict of str to int
    shares_ : dict of str to Estimate
    notes_ : tuple of Note

    References
    ----------
    F. R. Dwyer, P. H. Schurr & S. Oh, "Developing buyer-seller relationships", Journal of Marketing 51(2), 1987; 陈明亮,
    《客户关系生命周期模型研究》, 2002.

    Examples
    --------
    >>> log = {
    ...     "customer": ["new", "steady", "steady", "steady", "steady", "steady", "steady", "gone", "gone", "gone"],
    ...     "date": ["2026-06-20", "2026-01-10", "2026-02-10", "2026-03-12", "2026-04-11", "2026-05-12", "2026-06-10",
    ...              "2025-07-01", "2025-07-20", "2025-08-10"],
    ... }
    >>> stage = RelationshipStage().fit(**log, at="2026-06-30")
    >>> dict(zip(stage.customers_.tolist(), stage.labels_.tolist()))
    {'gone': 'decline', 'new': 'exploration', 'steady': 'stability'}
    """

    def __init__(
        self,
        alpha: float = 0.1,
        build_up_purchases: int = 3,
        stability_purchases: int = 5,
        prior_purchases: float = 2.0,
        level: float = LEVEL,
    ) -> None:
        """Store the parameters."""
        self.alpha = alpha
        self.build_up_purchases = build_up_purchases
        self.stability_purchases = stability_purchases
        self.prior_purchases = prior_purchases
        self.level = level

    def fit(self, customer: Any, date: Any, amount: Any = None, *, at: Day | None = None) -> RelationshipStage:
        """Find the stages.

        Parameters
        ----------
        customer : array_like, shape (n_rows,)
        date : array_like of dates, shape (n_rows,)
        amount : array_like, shape (n_rows,), optional
            Rows of 0 or less are returns or gifts and no purchases.
        at : date, optional
            Day the stages are told for; by default the last of the log. Later rows are left out.

        Returns
        -------
        RelationshipStage

        Raises
        ------
        MethodError
            Missing or wrong values with their row; no purchase; parameters out of order.
        """
        self._check_parameters()
        bought = as_purchases(customer, date, amount, at=at)
        self.customers_ = bought.ids
        notes = list(bought.notes)
        counts = bought.counts
        repeats = int((counts - 1).sum())
        self.mean_interval_days_ = float((bought.last - bought.first).sum()) / repeats if repeats else None
        if self.mean_interval_days_ is None:
            notes.append(Note("nobody bought twice: there is no interval, so no silence can be called too long"))
        self.evidence_ = self._gather(bought)
        reasons = self._rules()
        self.reasons_ = np.asarray(REASONS)[reasons]
        self.codes_ = np.array([0, 1, 1, 2, 3, 3], dtype=np.int8)[reasons]
        self.labels_ = np.asarray(STAGES)[self.codes_]
        found = np.bincount(self.codes_, minlength=len(STAGES))
        self.counts_ = dict(zip(STAGES, found.tolist(), strict=True))
        self.shares_ = {
            name: proportion(float(count), float(counts.size), self.level) for name, count in self.counts_.items()
        }
        self.notes_ = tuple(notes)
        return self

    def _check_parameters(self) -> None:
        """Check the constructor's arguments."""
        check_level(self.level)
        if not 0 < self.alpha < 0.5:
            raise MethodError("alpha must be over 0 and under 0.5, not {alpha!r}", alpha=self.alpha)
        if not 2 <= self.build_up_purchases <= self.stability_purchases:
            raise MethodError(
                "build_up_purchases must be at least 2 and at most stability_purchases, not {low!r} and {high!r}",
                low=self.build_up_purchases, high=self.stability_purchases,
            )  # fmt: skip
        if not self.prior_purchases > 0:
            raise MethodError("prior_purchases must be over 0, not {given!r}", given=self.prior_purchases)

    def _gather(self, bought: Purchases) -> dict[str, NDArray[Any]]:
        """Return the figures that the rules ask for."""
        first, last, end = bought.first, bought.last, bought.end
        middle = first + (end - first) // 2
        earlier = bought.count_between(first, middle)
        later = bought.count_between(middle, end)
        both = earlier + later
        # the later half is a day longer where the days cannot be halved
        share = np.where(end > first, (end - middle) / np.maximum(end - first, 1), 0.5)
        return {
            "purchases": bought.counts,
            "days_since_first": end - first,
            "days_since_last": end - last,
            "silence_probability": self._silence(bought),
            "earlier_purchases": earlier,
            "later_purchases": later,
            "growth_p": np.where(later > 0, bdtrc(np.maximum(later - 1, 0), both, share), 1.0),
            "fall_p": bdtr(later, both, share),
        }

    def _silence(self, bought: Purchases) -> Vector:
        """Return how probable so long a silence would be of somebody still active."""
        if not self.mean_interval_days_:
            return np.ones(bought.ids.size)
        seen = self.prior_purchases * self.mean_interval_days_ + bought.last - bought.first
        silent = bought.end - bought.last
        return (seen / (seen + silent)) ** (self.prior_purchases + bought.counts - 1)

    def _rules(self) -> NDArray[np.int64]:
        """Return which rule gives the stage, as a place in REASONS."""
        told = self.evidence_
        count = told["purchases"]
        enough = count >= self.stability_purchases
        rules = {
            "silent": told["silence_probability"] < self.alpha,
            "few_purchases": count < self.build_up_purchases,
            "falling": enough & (told["fall_p"] < self.alpha),
            "growing": enough & (told["growth_p"] < self.alpha),
            "young": ~enough,
        }
        return np.select(
            list(rules.values()), [REASONS.index(name) for name in rules], default=REASONS.index("steady")
        ).astype(np.int64)
