"""The two-factor model: what only dissatisfies where it is weak, and what delights where it is strong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Vector
from guanxi_methods.proportion import check_level
from guanxi_methods.satisfaction.answers import Answers, as_answers, check_scale
from guanxi_methods.satisfaction.drivers import overall_answer
from guanxi_methods.satisfaction.estimates import Interval, p_value, t_interval

FACTORS = ("hygiene", "motivator", "performance", "indifferent")
# Fewer respondents than this on a side leave its effect unknown.
LEAST_ON_A_SIDE = 5


@dataclass(frozen=True)
class FactorItem:
    """One item.

    Attributes
    ----------
    item : str
    number : int
        Place among the items, from 1.
    penalty, reward : float or None
        What a low and a high answer does to the overall answer, against a middling one; None where too few gave it.
    penalty_interval, reward_interval : (float, float) or None
    penalty_p_value, reward_p_value : float or None
    n_low, n_high : int
        Respondents who answered low and high.
    factor : str
        "hygiene", "motivator", "performance" or "indifferent".
    """

    item: str
    number: int
    penalty: float | None
    reward: float | None
    penalty_interval: Interval | None
    reward_interval: Interval | None
    penalty_p_value: float | None
    reward_p_value: float | None
    n_low: int
    n_high: int
    factor: str


class TwoFactor(Method):
    r"""Hygiene factors and motivators by penalty-reward contrast analysis.

    The overall answer is regressed on two dummies for each item, low answers and high ones against the middling:

    .. math:: O_i = b_0 + \sum_j p_j [x_{ij} \le \text{low}] + \sum_j r_j [x_{ij} \ge \text{high}] + e_i

    - hygiene (保健因素): weak, it dissatisfies; strong, it does nothing (penalty significantly below 0, reward not
      above)
    - motivator (激励因素): weak, it does no harm; strong, it delights (reward significantly above 0, penalty not below)
    - performance: both
    - indifferent: neither

    Standard errors and intervals are those of ordinary least squares. Respondents who left out an item or every
    overall answer do not count. A side that fewer than five respondents chose has no effect that can be had.

    Parameters
    ----------
    low, high : float, optional
        Answers up to ``low`` are low, from ``high`` on high. Unless given, the lowest and the highest quarter of the
        scale: on 1 to 7, 1-2 and 6-7; on 1 to 5, 1-2 and 4-5. That cut is this product's own; in print it varies.
    scale : (float, float), optional
        Lowest and highest answer; answers off it are refused. Without it, the lowest and highest answer found.
    significance : float, default 0.05
    level : float, default 0.95

    Attributes
    ----------
    items_ : tuple of FactorItem
    factors_ : dict of str to tuple of str
        Items of each factor.
    cuts_ : (float, float)
        Low and high.
    r2_ : float
    n_ : int
    notes_ : tuple of Note

    References
    ----------
    F. Herzberg, B. Mausner, B. B. Snyderman, "The Motivation to Work", Wiley 1959, for the two factors; D. R. Brandt,
    "A procedure for identifying value-enhancing service components using customer satisfaction survey data", in "Add
    Value to Your Service", American Marketing Association 1987, for the analysis.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> answers = rng.integers(1, 6, (400, 2))
    >>> overall = 3 - 1.5 * (answers[:, 0] <= 2) + 1.5 * (answers[:, 1] >= 4) + rng.normal(0, 0.5, 400)
    >>> TwoFactor(scale=(1, 5)).fit({"queue": answers[:, 0], "gift": answers[:, 1]}, overall).factors_["hygiene"]
    ('queue',)
    """

    def __init__(
        self,
        low: float | None = None,
        high: float | None = None,
        scale: Sequence[float] | None = None,
        significance: float = 0.05,
        level: float = 0.95,
    ) -> None:
        """Store the parameters."""
        self.low = low
        self.high = high
        self.scale = scale
        self.significance = significance
        self.level = level

    def fit(self, satisfaction: Any, overall: Any) -> TwoFactor:
        """Find the factor of each item.

        Parameters
        ----------
        satisfaction : table, shape (n_respondents, n_items)
        overall : table or array_like, shape (n_respondents,) or (n_respondents, n_overall)
            Several overall answers are averaged.

        Returns
        -------
        TwoFactor

        Raises
        ------
        MethodError
            An answer off the scale; the overall answer does not vary; low not below high; an item whose low or high
            answers go exactly with those of others.
        TooFewError
            Not more complete respondents than effects to find.
        """
        check_level(self.level)
        if not 0 < self.significance < 1:
            raise MethodError("significance must be between 0 and 1, not {value}", value=self.significance)
        answers = as_answers(satisfaction, "satisfaction", scale=check_scale(self.scale))
        outcome = overall_answer(overall, len(answers))
        complete = ~np.isnan(answers.values).any(axis=1) & ~np.isnan(outcome)
        values, outcome = answers.values[complete], outcome[complete]
        self.n_ = int(complete.sum())
        if self.n_ < 3:
            raise TooFewError("{count} respondents answered everything; many more are needed", count=self.n_)
        if (outcome == outcome[0]).all():
            raise MethodError("the overall answer is the same for all: there is nothing to explain")
        low, high = self.cuts_ = self._cuts(values)
        sides = np.concatenate([values <= low, values >= high], axis=1)
        counts = sides.sum(axis=0)
        usable = (counts >= LEAST_ON_A_SIDE) & (self.n_ - counts >= LEAST_ON_A_SIDE)
        effects, errors, degrees = self._regress(sides[:, usable].astype(float), outcome, answers, usable)
        whole = np.full((2, 2 * len(answers.names)), np.nan)
        whole[:, usable] = effects, errors
        self._tell(answers.names, whole, counts, degrees)
        notes = []
        if self.n_ < len(answers):
            notes.append(
                Note("{count} of {all} respondents answered everything and count", count=self.n_, all=len(answers))
            )
        if self.scale is None and (self.low is None or self.high is None):
            notes.append(Note("no scale was given: low and high are the outer quarters of the answers found"))
        notes += [
            Note("too few gave a low or a high answer to {item}: that effect cannot be had", item=one.item)
            for one in self.items_
            if one.penalty is None or one.reward is None
        ]
        self.notes_ = tuple(notes)
        return self

    def _cuts(self, values: Vector) -> tuple[float, float]:
        """Return up to where answers are low, and from where on they are high."""
        ends = check_scale(self.scale) or (float(values.min()), float(values.max()))
        quarter = (ends[1] - ends[0]) / 4
        low = ends[0] + quarter if self.low is None else float(self.low)
        high = ends[1] - quarter if self.high is None else float(self.high)
        if not low < high:
            raise MethodError(
                "low must be below high, not {low:g} and {high:g}: is there more than one answer?", low=low, high=high
            )
        return low, high

    def _regress(
        self, dummies: Vector, outcome: Vector, answers: Answers, usable: Vector
    ) -> tuple[Vector, Vector, float]:
        """Return effects, their standard errors and the degrees of freedom."""
        degrees = self.n_ - dummies.shape[1] - 1
        if degrees < 1:
            raise TooFewError(
                "{count} respondents answered everything; {effects} effects need at least {needed}",
                count=self.n_,
                effects=dummies.shape[1],
                needed=dummies.shape[1] + 2,
            )
        if dummies.shape[1] == 0:
            raise TooFewError("no item has enough low or high answers, at least {least}", least=LEAST_ON_A_SIDE)
        centred, target = dummies - dummies.mean(axis=0), outcome - outcome.mean()
        triangle = np.linalg.qr(centred, mode="r")
        repeated = np.abs(np.diag(triangle)) < 1e-9 * np.sqrt(self.n_)
        if repeated.any():
            place = int(np.flatnonzero(usable)[np.argmax(repeated)]) % len(answers.names)
            raise MethodError(
                "the low or high answers to {item} go exactly with those to other items; leave one of them out",
                item=answers.names[place],
            )
        gram = np.linalg.inv(centred.T @ centred)
        effects = gram @ (centred.T @ target)
        squares = float(np.square(target - centred @ effects).sum())
        self.r2_ = 1.0 - squares / float(np.square(target).sum())
        return effects, np.sqrt(np.diag(gram) * squares / degrees), degrees

    def _tell(self, names: tuple[str, ...], whole: Vector, counts: Vector, degrees: float) -> None:
        """Set the items and their factors."""
        made = []
        for place, name in enumerate(names):
            sides = [
                self._side(float(whole[0, column]), float(whole[1, column]), degrees)
                for column in (place, place + len(names))
            ]
            (penalty, penalty_interval, penalty_p), (reward, reward_interval, reward_p) = sides
            harms = penalty is not None and penalty < 0 and penalty_p is not None and penalty_p < self.significance
            delights = reward is not None and reward > 0 and reward_p is not None and reward_p < self.significance
            made.append(
                FactorItem(
                    item=name,
                    number=place + 1,
                    penalty=penalty,
                    reward=reward,
                    penalty_interval=penalty_interval,
                    reward_interval=reward_interval,
                    penalty_p_value=penalty_p,
                    reward_p_value=reward_p,
                    n_low=int(counts[place]),
                    n_high=int(counts[place + len(names)]),
                    factor={(True, True): "performance", (True, False): "hygiene", (False, True): "motivator"}.get(
                        (harms, delights), "indifferent"
                    ),
                )
            )
        self.items_ = tuple(made)
        self.factors_ = {factor: tuple(one.item for one in made if one.factor == factor) for factor in FACTORS}

    def _side(self, effect: float, error: float, degrees: float) -> tuple[float | None, Interval | None, float | None]:
        """Return an effect with its interval and p value, None where it cannot be had."""
        if np.isnan(effect):
            return None, None, None
        return effect, t_interval(effect, error, degrees, self.level), p_value(effect, error, degrees)
