"""Why customers are dissatisfied: five gaps between what customers, managers and staff say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector, as_frame
from guanxi_methods.proportion import check_level
from guanxi_methods.satisfaction.answers import Answers, as_answers, check_scale
from guanxi_methods.satisfaction.estimates import Interval, Means, item_means, p_value, t_interval

# Gap -> (what it is, what it should be): the gap is the first less the second, negative where it falls short.
GAPS = {
    "promotion": ("delivered", "promised"),
    "understanding": ("understood", "expectation"),
    "procedure": ("standard", "understood"),
    "behaviour": ("delivered", "standard"),
    "perception": ("perception", "delivered"),
}
SERVICE = ("perception", "expectation")


@dataclass(frozen=True)
class Gap:
    """One gap, in the mean of the items.

    Attributes
    ----------
    gap : float
        Negative where something falls short.
    standard_error : float or None
    interval : (float, float) or None
    p_value : float or None
        Of no gap; t test.
    items : dict of str to float
        The gap of each item, by the name of the expectation.
    """

    gap: float
    standard_error: float | None
    interval: Interval | None
    p_value: float | None
    items: dict[str, float]


class FiveGaps(Method):
    r"""The five gaps behind dissatisfaction, from questionnaires to customers, managers and staff.

    Six questions are asked on the same items, on one scale:

    - customers: what they expect (E), what they perceive (P)
    - managers: what they believe customers expect (U, understood), what the standards demand (S)
    - staff: what they deliver (D)
    - whoever knows what is promised outside: the promise (A)

    .. math:: \text{understanding} = \bar U - \bar E, \quad \text{procedure} = \bar S - \bar U, \quad
        \text{behaviour} = \bar D - \bar S, \quad \text{perception} = \bar P - \bar D, \quad
        \text{promotion} = \bar D - \bar A

    Each is negative where something falls short. The first four add up to the service gap
    :math:`\bar P - \bar E`, so they tell where it comes from; promotion stands beside them. The gaps are in print, how
    to measure them in figures is this product's own definition. Rows are people; a question not put to someone is
    missing in their row. Intervals: delta method over people; people asked both questions of a gap count as pairs, and
    otherwise Welch's degrees of freedom are used.

    Parameters
    ----------
    scale : (float, float), optional
        Lowest and highest answer; answers off it are refused.
    level : float, default 0.95

    Attributes
    ----------
    gaps_ : dict of str to Gap
        "promotion" (only if the promise was asked), "understanding", "procedure", "behaviour", "perception".
    service_gap_ : Gap
    largest_ : str or None
        The gap that falls short most; None where none does.
    n_ : dict of str to int
        How many answered each question.
    notes_ : tuple of Note

    References
    ----------
    A. Parasuraman, V. A. Zeithaml, L. L. Berry, "A conceptual model of service quality", Journal of Marketing 49(4),
    1985, for the gaps; N. Hill, "Handbook of Customer Satisfaction Measurement", Gower 1996, for these names.

    Examples
    --------
    >>> found = FiveGaps().fit(**stack_questionnaires(
    ...     {"expectation": [[7], [6], [7]], "perception": [[4], [5], [4]]},
    ...     {"understood": [[6], [6]], "standard": [[6], [5]], "promised": [[7], [7]]},
    ...     {"delivered": [[5], [5], [4], [5]]},
    ... ))
    >>> {name: round(one.gap, 3) for name, one in found.gaps_.items()}
    {'promotion': -2.25, 'understanding': -0.667, 'procedure': -0.5, 'behaviour': -0.75, 'perception': -0.417}
    >>> round(found.service_gap_.gap, 3), found.largest_
    (-2.333, 'promotion')
    """

    def __init__(self, scale: Sequence[float] | None = None, level: float = 0.95) -> None:
        """Store the parameters."""
        self.scale = scale
        self.level = level

    def fit(
        self,
        expectation: Any,
        understood: Any,
        standard: Any,
        delivered: Any,
        perception: Any,
        promised: Any = None,
    ) -> FiveGaps:
        """Measure the gaps.

        Parameters
        ----------
        expectation, understood, standard, delivered, perception, promised : table, shape (n_people, n_items)
            The same items in the same order; what was not asked of someone is missing. Separate questionnaires are
            put together by :func:`stack_questionnaires`.

        Returns
        -------
        FiveGaps

        Raises
        ------
        MethodError
            An answer off the scale; tables that differ in items or people; an item nobody answered.
        """
        check_level(self.level)
        scale = check_scale(self.scale)
        first = as_answers(expectation, "expectation", scale=scale)
        given = {
            "understood": understood, "standard": standard, "delivered": delivered, "perception": perception,
            "promised": promised,
        }  # fmt: skip
        asked: dict[str, Answers] = {"expectation": first}
        for name, table in given.items():
            if table is not None:
                asked[name] = as_answers(table, name, scale=scale, items=len(first.names), respondents=len(first))
        ones = np.ones(len(first))
        self._questions = {name: _Question(answers, item_means(answers, ones)) for name, answers in asked.items()}
        self.n_ = {name: question.people for name, question in self._questions.items()}
        notes = []
        if promised is None:
            notes.append(Note("the promise was not asked: there is no promotion gap"))
        self.gaps_ = {
            name: self._gap(*sides, first.names) for name, sides in GAPS.items() if set(sides) <= set(self._questions)
        }
        self.service_gap_ = self._gap(*SERVICE, first.names)
        short = min(self.gaps_, key=lambda name: self.gaps_[name].gap)
        self.largest_ = short if self.gaps_[short].gap < 0 else None
        notes += [
            Note("there is no interval where {question} comes in: fewer than two people answered", question=name)
            for name, question in self._questions.items()
            if question.least < 2
        ]
        del self._questions
        self.notes_ = tuple(notes)
        return self

    def _gap(self, actual: str, due: str, names: tuple[str, ...]) -> Gap:
        """Return one gap."""
        one, other = self._questions[actual], self._questions[due]
        items = one.means.means - other.means.means
        gap = float(items.mean())
        error, degrees = _error(one, other)
        return Gap(
            gap=gap,
            standard_error=error,
            interval=None if error is None else t_interval(gap, error, degrees, self.level),
            p_value=p_value(gap, error, degrees),
            items=dict(zip(names, items.tolist(), strict=True)),
        )


class _Question:
    """The answers to one question: their means and what each person does to the mean of the items."""

    def __init__(self, answers: Answers, means: Means) -> None:
        """Take the answers in."""
        self.means = means
        self.has_answered = ~np.isnan(answers.values).all(axis=1)
        self.people = int(self.has_answered.sum())
        self.least = int(means.answered.min())
        influence = means.influence(np.full(len(answers.names), 1.0 / len(answers.names)))
        self.influence: Vector = influence * np.sqrt(self.people / max(1, self.people - 1))


def _error(one: _Question, other: _Question) -> tuple[float | None, float]:
    """Return the standard error of a difference of means and its degrees of freedom."""
    if min(one.least, other.least) < 2:
        return None, 0.0
    error = float(np.sqrt(np.square(one.influence - other.influence).sum()))
    fewest = min(one.people, other.people) - 1.0
    if (one.has_answered & other.has_answered).any():
        return error, fewest
    parts = [(float(np.square(side.influence).sum()), side.people - 1) for side in (one, other)]
    spread = sum(part * part / degrees for part, degrees in parts)
    return error, (sum(part for part, _ in parts) ** 2 / spread if spread > 0 else fewest)


def stack_questionnaires(*groups: Mapping[str, Any]) -> dict[str, Vector]:
    """Put questionnaires of several groups of people together, one row a person.

    Parameters
    ----------
    *groups : mapping of str to table
        For each group, the tables of its questions; they have the same rows. A question may be put to several groups.

    Returns
    -------
    dict of str to ndarray, shape (n_people, n_items)
        NaN where a question was not put to someone.

    Raises
    ------
    MethodError
        Tables of one group with several numbers of rows, or tables with several numbers of items.

    Examples
    --------
    >>> stack_questionnaires({"expectation": [[7], [6]]}, {"delivered": [[5]]})["delivered"].tolist()
    [[nan], [nan], [5.0]]
    """
    tables = [{name: as_frame(table).matrix(missing="keep") for name, table in group.items()} for group in groups]
    items = {table.shape[1] for group in tables for table in group.values()}
    if len(items) != 1:
        raise MethodError("the questionnaires must have the same items, not {counts}", counts=sorted(items))
    for number, group in enumerate(tables, start=1):
        rows = {len(table) for table in group.values()}
        if len(rows) != 1:
            raise MethodError(
                "the tables of group {number} must have the same people, not {counts}",
                number=number,
                counts=sorted(rows),
            )
    sizes = [len(next(iter(group.values()))) for group in tables]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    made: dict[str, Vector] = {}
    for start, group in zip(starts, tables, strict=False):
        for name, table in group.items():
            whole = made.setdefault(name, np.full((int(starts[-1]), table.shape[1]), np.nan))
            whole[start : start + len(table)] = table
    return made
