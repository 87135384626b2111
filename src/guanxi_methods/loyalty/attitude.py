"""What customers feel and intend: the attitudinal measures of loyalty, from survey answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Vector, as_frame, unknown_column
from guanxi_methods.loyalty.intervals import LEVEL, Estimate, check_level, mean, proportion

FULL = 100.0
TOP = 2


@dataclass(frozen=True)
class LoyaltyItem:
    """How one question was answered.

    Attributes
    ----------
    item : str
    mean : Estimate
        On the scale as asked.
    index_100 : Estimate
        The mean from 0 to 100, turned round where high answers speak against loyalty.
    top_box : Estimate
        Share of the two most loyal answers of the scale.
    is_reversed : bool
    """

    item: str
    mean: Estimate
    index_100: Estimate
    top_box: Estimate
    is_reversed: bool


class AttitudinalLoyalty(Method):
    r"""Attitudinal measures of loyalty from items on one scale: each item, each respondent, all together.

    An answer :math:`x` on a scale from :math:`a` to :math:`b` becomes :math:`y = 100 (x - a)/(b - a)`, or
    :math:`100 - y` for items in ``reverse``. A respondent's score is the mean of the items answered, the index the
    mean of the scores. Items may be any of: intention to buy again, recommendation, preference over others, attention
    to our products (对产品的关注), attention to competitors (对竞争产品的关注, reverse), price sensitivity (价格敏感,
    reverse), tolerance of quality incidents (对质量事故的容忍), identification with the product (对产品的认同), trust
    (诚信). How well the items belong together is told by Cronbach's alpha

    .. math:: \alpha = \frac{k}{k-1} \Bigl(1 - \frac{\sum_j s_j^2}{s_{\mathrm{sum}}^2}\Bigr)

    over the respondents who answered all. Equal weights are the product's own choice: a loyalty that weighs items by
    what they share is the path model's (satisfaction).

    Parameters
    ----------
    scale : tuple of two floats
        Lowest and highest answer.
    reverse : sequence of str, optional
        Items whose high answers speak against loyalty.
    level : float, default 0.95

    Attributes
    ----------
    items_ : tuple of LoyaltyItem
    score_ : ndarray of float64, shape (n_rows,)
        0 to 100; NaN for who answered nothing.
    index_ : Estimate
        Mean score, 0 to 100.
    alpha_ : float or None
        None with a single item, fewer than two complete respondents, or no variation.
    notes_ : tuple of Note

    References
    ----------
    V. A. Zeithaml, L. L. Berry & A. Parasuraman, "The behavioral consequences of service quality", Journal of
    Marketing 60(2), 1996 (items); L. J. Cronbach, "Coefficient alpha and the internal structure of tests",
    Psychometrika 16, 1951.

    Examples
    --------
    >>> answers = {"buy_again": [10, 8, 4, 7], "recommend": [9, 8, 5, 6], "looks_at_others": [2, 3, 8, 5]}
    >>> felt = AttitudinalLoyalty(scale=(1, 10), reverse=["looks_at_others"]).fit(answers)
    >>> felt.score_.round(1).tolist(), round(felt.index_.value, 2), round(felt.alpha_, 3)
    ([92.6, 77.8, 33.3, 59.3], 65.74, 0.977)
    """

    def __init__(self, scale: tuple[float, float], reverse: Sequence[str] = (), level: float = LEVEL) -> None:
        """Store the parameters."""
        self.scale = scale
        self.reverse = reverse
        self.level = level

    def fit(self, items: Any) -> AttitudinalLoyalty:
        """Measure the answers.

        Parameters
        ----------
        items : table, shape (n_rows, n_items)
            One column an item; missing answers are allowed.

        Returns
        -------
        AttitudinalLoyalty

        Raises
        ------
        MethodError
            An answer off the scale (item and row are named); an item nobody answered; a reversed item that is none; a
            scale whose ends are not in order.
        """
        check_level(self.level)
        low, high = self._ends()
        frame = as_frame(items)
        for name in self.reverse:
            if name not in frame.names:
                raise unknown_column(name, frame.names)
        answers = frame.matrix(missing="keep")
        _check_answers(answers, frame.names, low, high)
        scores = FULL * (answers - low) / (high - low)
        turned = np.array([name in self.reverse for name in frame.names])
        scores[:, turned] = FULL - scores[:, turned]
        self.items_ = tuple(
            self._item(name, answers[:, place], scores[:, place], bool(turned[place]))
            for place, name in enumerate(frame.names)
        )
        answered = ~np.isnan(scores)
        count = answered.sum(axis=1)
        self.score_: Vector = np.full(len(frame), np.nan)
        some = count > 0
        self.score_[some] = np.where(answered, scores, 0.0)[some].sum(axis=1) / count[some]
        self.index_ = mean(self.score_[some], self.level).within(0.0, FULL)
        self.alpha_ = _alpha(scores[answered.all(axis=1)])
        self.notes_ = self._notes(answered, int((~some).sum()))
        return self

    def _ends(self) -> tuple[float, float]:
        """Return the ends of the scale."""
        try:
            low, high = (float(end) for end in self.scale)
        except (TypeError, ValueError):
            low = high = np.nan
        if not low < high or not np.isfinite(low + high):
            raise MethodError("scale must be its lowest and its highest answer, not {scale}", scale=self.scale)
        return low, high

    def _item(self, name: str, answers: Vector, scores: Vector, is_reversed: bool) -> LoyaltyItem:
        """Measure one item; its two most loyal answers are those within one step of the loyal end."""
        told = ~np.isnan(answers)
        low, high = self._ends()
        best = answers <= low + TOP - 1 if is_reversed else answers >= high - TOP + 1
        return LoyaltyItem(
            name,
            mean(answers[told], self.level).within(low, high),
            mean(scores[told], self.level).within(0.0, FULL),
            proportion(float((best & told).sum()), float(told.sum()), self.level),
            is_reversed,
        )

    def _notes(self, answered: Any, silent: int) -> tuple[Note, ...]:
        """Return what must be known of the answers."""
        notes = []
        if silent:
            notes.append(Note("{count} respondents answered nothing and were left out", count=silent))
        partial = int((~answered.all(axis=1)).sum()) - silent
        if partial:
            notes.append(
                Note("{count} respondents left out some items: their score is the mean of the others", count=partial)
            )
        if self.alpha_ is None:
            notes.append(Note("Cronbach's alpha needs two items and two respondents whose answers differ"))
        return tuple(notes)


def _check_answers(answers: Vector, names: tuple[str, ...], low: float, high: float) -> None:
    """Refuse answers off the scale and items without an answer."""
    wrong = (answers < low) | (answers > high)
    if wrong.any():
        row, place = (int(found[0]) for found in np.nonzero(wrong))
        raise MethodError(
            "{item} holds {value:g} in row {row}: answers must be from {low:g} to {high:g}",
            item=names[place], value=float(answers[row, place]), row=row + 1, low=low, high=high,
        )  # fmt: skip
    unanswered = np.isnan(answers).all(axis=0)
    if unanswered.any():
        raise TooFewError("nobody answered {item}: leave it out", item=names[int(np.argmax(unanswered))])


def _alpha(scores: Vector) -> float | None:
    """Return Cronbach's alpha of complete respondents, or None where it cannot be had."""
    people, items = scores.shape
    if items < 2 or people < 2:
        return None
    whole = float(scores.sum(axis=1).var(ddof=1))
    if whole <= 0:
        return None
    return float(items / (items - 1) * (1 - scores.var(axis=0, ddof=1).sum() / whole))
