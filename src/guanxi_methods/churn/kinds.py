"""Of which kind a loss was: natural, malicious, competitive or by our own fault, with the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.base import Method, MethodError, Note
from guanxi_methods.errors import TooFewError
from guanxi_methods.frames import Vector, as_categories, as_frame, as_vector
from guanxi_methods.proportion import wilson

Kind = Literal["natural", "malicious", "competitive", "fault"]
KINDS: tuple[Kind, ...] = ("natural", "malicious", "competitive", "fault")
UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Rule:
    """A sign that speaks for a kind of loss.

    Attributes
    ----------
    kind : {"natural", "malicious", "competitive", "fault"}
    column : str
        Where the sign is found.
    at_least : float, optional
        The sign is there if the number is this or more; a mark is 0 or 1, so 1.
    at_most : float, optional
        The sign is there if the number is this or less.
    says : tuple of str, optional
        The sign is there if the text holds one of these, in any letter case.
    points : float, default 1
        How strongly it speaks.
    """

    kind: Kind
    column: str
    at_least: float | None = None
    at_most: float | None = None
    says: tuple[str, ...] = ()
    points: float = 1.0

    def holds(self, column: Any) -> NDArray[np.bool_]:
        """Return where the sign is there; a missing value is no sign."""
        if self.says:
            words = as_categories(column, self.column)
            wanted = tuple(word.casefold() for word in self.says)
            known = {text: any(word in text.casefold() for word in wanted) for text in set(words.tolist())}
            return np.array([known[text] for text in words.tolist()], dtype=bool)
        numbers = as_vector(column, self.column, missing="keep")
        found = ~np.isnan(numbers)
        if self.at_least is not None:
            found &= np.where(np.isnan(numbers), -np.inf, numbers) >= self.at_least
        if self.at_most is not None:
            found &= np.where(np.isnan(numbers), np.inf, numbers) <= self.at_most
        return found

    def told(self) -> str:
        """Return the sign in words."""
        if self.says:
            return f"{self.column}: {' / '.join(self.says)}"
        low = "" if self.at_least is None else f" >= {self.at_least:g}"
        high = "" if self.at_most is None else f" <= {self.at_most:g}"
        return f"{self.column}{low}{high}"


# The product's own table; every line may be changed. A stated reason counts most, facts next, hints least.
DEFAULT_RULES: tuple[Rule, ...] = (
    Rule("natural", "reason", says=("moved", "relocat", "decease", "passed away", "closed down", "bankrupt", "no longer "
         "need", "搬", "迁", "去世", "身故", "倒闭", "停业", "破产", "注销", "不再需要"), points=3),
    Rule("malicious", "reason", says=("fraud", "arrears", "non-payment", "unpaid", "abuse", "欠费", "拖欠", "欺诈", "骗",
         "恶意", "套利", "薅羊毛"), points=3),
    Rule("competitive", "reason", says=("competitor", "better offer", "switched to", "cheaper", "竞争", "对手", "同行",
         "别家", "转网", "携号", "更便宜", "更优惠"), points=3),
    Rule("fault", "reason", says=("attitude", "dissatisf", "poor ", "mistake", "delay", "complain", "rude", "unreliab",
         "态度", "不满", "质量", "差错", "延误", "投诉", "失误", "没人管", "冷落"), points=3),
    Rule("natural", "moved_away", at_least=1, points=2),
    Rule("natural", "deceased", at_least=1, points=3),
    Rule("natural", "closed_down", at_least=1, points=3),
    Rule("natural", "need_ended", at_least=1, points=2),
    Rule("malicious", "fraud", at_least=1, points=3),
    Rule("malicious", "days_overdue", at_least=90, points=2),
    Rule("malicious", "breaches", at_least=1, points=2),
    Rule("competitive", "number_ported", at_least=1, points=3),
    Rule("competitive", "competitor_named", at_least=1, points=2),
    Rule("competitive", "price_enquiries", at_least=2, points=1),
    Rule("fault", "open_complaints", at_least=1, points=2),
    Rule("fault", "complaints", at_least=2, points=1),
    Rule("fault", "broken_promises", at_least=1, points=2),
    Rule("fault", "satisfaction", at_most=40, points=1),
    Rule("fault", "days_without_contact", at_least=180, points=1),
)  # fmt: skip


@dataclass(frozen=True)
class KindShare:
    """How many losses were of a kind.

    Attributes
    ----------
    kind : str
    customers : int
    share : float
    interval : tuple of float
        Wilson's.
    worth : float or None
        What the customers were worth together.
    signs : dict of str to int
        How often each sign was there among them.
    """

    kind: str
    customers: int
    share: float
    interval: tuple[float, float]
    worth: float | None
    signs: dict[str, int]


class ChurnKinds(Method):
    r"""Tells the four kinds of loss apart by signs, and keeps the signs as evidence.

    - **natural** (自然流失): the customer moved, died, closed down, or the need ended;
    - **malicious** (恶意流失): the customer did wrong: fraud, arrears, broken terms;
    - **competitive** (竞争流失): a competitor took the customer;
    - **fault** (过失流失): our own failure: quality, service, neglect.

    Each sign of a table of rules gives points to its kind; the kind is the one with most points,

    .. math:: k(i) = \arg\max_k \sum_{r : k_r = k} \mathrm{points}_r \, [\,r \text{ holds for } i\,]

    and in a tie the one with the strongest single sign. Without any sign, or where that ties too, the loss is
    "undetermined". Textbooks count what is neither natural, malicious nor competitive as fault; with ``rest="fault"``
    so does this. The kinds are in print, the rules are not: they are the product's own, and meant to be edited.

    Parameters
    ----------
    rules : sequence of Rule, optional
        The table in ``DEFAULT_RULES`` unless given; rules whose column the data lacks are passed over and named.
    rest : {"undetermined", "fault"}, default "undetermined"

    Attributes
    ----------
    kinds_ : ndarray of str, shape (n_customers,)
    points_ : ndarray, shape (n_customers, 4)
        In the order natural, malicious, competitive, fault.
    certainty_ : ndarray, shape (n_customers,)
        Share of the points that speak for the kind chosen; 0 without any.
    shares_ : tuple of KindShare
    rules_ : tuple of Rule
        Those that could be tried.
    notes_ : tuple of Note

    Examples
    --------
    >>> lost = {"reason": ["moved to Chengdu", "别家更便宜", "", ""], "open_complaints": [0, 1, 2, 0]}
    >>> kinds = ChurnKinds().fit(lost)
    >>> kinds.kinds_.tolist()
    ['natural', 'competitive', 'fault', 'undetermined']
    >>> kinds.evidence(1)
    {'competitive': ('reason: 别家更便宜',), 'fault': ('open_complaints: 1',)}
    """

    def __init__(
        self, rules: Sequence[Rule] | None = None, rest: Literal["undetermined", "fault"] = "undetermined"
    ) -> None:
        """Store the parameters."""
        self.rules = rules
        self.rest = rest

    def fit(self, X: Any, worth: Any = None) -> ChurnKinds:
        """Tell the losses apart.

        Parameters
        ----------
        X : table of lost customers, shape (n_customers, n_columns)
        worth : array_like, shape (n_customers,), optional
            What each was worth, for the loss by kind.

        Returns
        -------
        ChurnKinds

        Raises
        ------
        MethodError
            No rule whose column is there; a rule with no test or an unknown kind; numbers where a rule needs them.
        """
        if self.rest not in (UNDETERMINED, "fault"):
            raise MethodError("rest must be 'undetermined' or 'fault', not {rest!r}", rest=self.rest)
        frame = as_frame(X)
        rules = tuple(DEFAULT_RULES if self.rules is None else self.rules)
        _check_rules(rules)
        self.rules_ = tuple(rule for rule in rules if rule.column in frame.names)
        if not self.rules_:
            raise TooFewError(
                "no rule can be tried: the table has none of the columns {columns}",
                columns=", ".join(dict.fromkeys(rule.column for rule in rules)),
            )
        value = None if worth is None else as_vector(worth, "worth", size=len(frame))
        self._holds = np.column_stack([rule.holds(frame.column(rule.column)) for rule in self.rules_])
        self._frame = frame
        self._choose()
        self.shares_ = tuple(self._share(kind, value) for kind in (*KINDS, UNDETERMINED))
        passed = dict.fromkeys(rule.column for rule in rules if rule.column not in frame.names)
        notes = []
        if passed and self.rules is not None:
            notes.append(Note("rules were passed over, for the table lacks {columns}", columns=", ".join(passed)))
        unsure = int((self.kinds_ == UNDETERMINED).sum())
        if unsure:
            notes.append(Note("{count} losses have no sign, or signs that balance: ask these customers", count=unsure))
        self.notes_ = tuple(notes)
        return self

    def _choose(self) -> None:
        """Give points and choose."""
        weights = np.array([rule.points for rule in self.rules_])
        strongest = np.zeros((len(self._frame), len(KINDS)))
        self.points_ = np.zeros_like(strongest)
        for place, kind in enumerate(KINDS):
            mine = [rule.kind == kind for rule in self.rules_]
            if any(mine):
                given = self._holds[:, mine] * weights[mine]
                self.points_[:, place], strongest[:, place] = given.sum(axis=1), given.max(axis=1)
        # Points first, the strongest sign second: two columns of one sorting key.
        top = self.points_ == self.points_.max(axis=1, keepdims=True)
        second = np.where(top, strongest, -1.0)
        best = second == second.max(axis=1, keepdims=True)
        is_clear = (best.sum(axis=1) == 1) & (self.points_.max(axis=1) > 0)
        names = np.array(KINDS, dtype=object)[best.argmax(axis=1)]
        names[~is_clear] = UNDETERMINED
        if self.rest == "fault":
            names[self.points_.max(axis=1) == 0] = "fault"
        self.kinds_ = names.astype(str)
        total: Vector = self.points_.sum(axis=1)
        chosen = np.where(is_clear, self.points_[np.arange(len(names)), best.argmax(axis=1)], 0.0)
        self.certainty_ = np.divide(chosen, total, out=np.zeros(len(names)), where=total > 0)

    def _share(self, kind: str, worth: Vector | None) -> KindShare:
        """Sum up one kind."""
        mine = self.kinds_ == kind
        count = int(mine.sum())
        signs = {
            rule.told(): int(self._holds[mine, place].sum())
            for place, rule in enumerate(self.rules_)
            if rule.kind == kind and self._holds[mine, place].any()
        }
        return KindShare(
            kind,
            count,
            count / mine.size,
            wilson(count, mine.size),
            None if worth is None else float(worth[mine].sum()),
            dict(sorted(signs.items(), key=lambda pair: (-pair[1], pair[0]))),
        )

    def evidence(self, row: int) -> dict[str, tuple[str, ...]]:
        """Return what speaks for each kind in one row (from 0): column and what stands there."""
        self._check_fitted("kinds_")
        told: dict[str, list[str]] = {}
        for place, rule in enumerate(self.rules_):
            if self._holds[row, place]:
                word = as_categories(self._frame.column(rule.column)[row : row + 1], rule.column)[0]
                told.setdefault(rule.kind, []).append(f"{rule.column}: {word}")
        return {kind: tuple(signs) for kind, signs in told.items()}


def _check_rules(rules: tuple[Rule, ...]) -> None:
    """Refuse rules that cannot be tried."""
    for number, rule in enumerate(rules, 1):
        if rule.kind not in KINDS:
            raise MethodError(
                "rule {number} is for {kind!r}; there are: {kinds}",
                number=number,
                kind=rule.kind,
                kinds=", ".join(KINDS),
            )
        if rule.at_least is None and rule.at_most is None and not rule.says:
            raise MethodError("rule {number} on {column} has no test: at_least, at_most or says", number=number,
                              column=rule.column)  # fmt: skip
        if not 0 < rule.points < np.inf:
            raise MethodError("rule {number} on {column} must have points over 0", number=number, column=rule.column)


@dataclass(frozen=True)
class PoorServiceCost:
    """What poor service costs in customers, those who said nothing included.

    Attributes
    ----------
    unhappy, silent : float
        Customers with cause to complain; those of them who did not.
    lost_complaining, lost_silent : float
    cost : float
        Of both.
    cost_silent : float
    """

    unhappy: float
    silent: float
    lost_complaining: float
    lost_silent: float
    cost: float
    cost_silent: float


def cost_of_poor_service(
    complaining: float, *, complaint_share: float, leave_complaining: float, leave_silent: float, value: float
) -> PoorServiceCost:
    r"""Cost of poor service: lost customers times their value, silent ones included.

    .. math::

        U = \frac{C}{s}, \qquad \mathrm{cost} = v \,\bigl( C\,l_c + (U - C)\,l_s \bigr)

    for :math:`C` customers who complained, who are a share :math:`s` of those with cause to.

    Parameters
    ----------
    complaining : float
        Customers who complained in the period.
    complaint_share : float
        Share of the unhappy who complain, over 0 to 1; from a survey (TARP's studies found 4% with small matters).
    leave_complaining, leave_silent : float
        Shares that leave, 0 to 1.
    value : float
        Of a customer: margin a year or lifetime value, in money.

    Returns
    -------
    PoorServiceCost

    Raises
    ------
    MethodError
        A share outside its range, a negative count.

    References
    ----------
    J. A. Goodman / TARP, "Consumer Complaint Handling in America", 1979 and 1986.

    Examples
    --------
    >>> cost = cost_of_poor_service(
    ...     100, complaint_share=0.04, leave_complaining=0.2, leave_silent=0.3, value=500
    ... )
    >>> round(cost.unhappy), round(cost.lost_silent), round(cost.cost)
    (2500, 720, 370000)
    """
    if not 0 < complaint_share <= 1:
        raise MethodError("complaint_share must be over 0 and at most 1, not {value!r}", value=complaint_share)
    for name, share in (("leave_complaining", leave_complaining), ("leave_silent", leave_silent)):
        if not 0 <= share <= 1:
            raise MethodError("{name} must be from 0 to 1, not {value!r}", name=name, value=share)
    if not 0 <= complaining < np.inf or not np.isfinite(value):
        raise MethodError("complaining must be at least 0 and value a finite amount")
    unhappy = complaining / complaint_share
    lost, lost_silent = complaining * leave_complaining, (unhappy - complaining) * leave_silent
    return PoorServiceCost(
        unhappy, unhappy - complaining, lost, lost_silent, (lost + lost_silent) * value, lost_silent * value
    )
