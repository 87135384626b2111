"""Kano's method: which features delight, which are taken for granted, which nobody needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Frame, as_categories, as_frame
from guanxi_methods.proportion import check_level, wilson
from guanxi_methods.satisfaction.estimates import Interval

# Rows: the feature is there; columns: it is not; both like, must-be, neutral, live-with, dislike.
EVALUATION_TABLE = (
    "QAAAO",
    "RIIIM",
    "RIIIM",
    "RIIIM",
    "RRRRQ",
)
CATEGORIES = ("A", "O", "M", "I", "R", "Q")
# Of two categories named equally often, what does most harm if it is left out goes first.
TIES = ("M", "O", "A", "I", "R", "Q")
ANSWERS = ("like", "must-be", "neutral", "live-with", "dislike")
# Further words for the answers, each with its place.
WORDS = {
    "like": 0, "i like it": 0, "enjoy": 0, "喜欢": 0, "很喜欢": 0, "满意": 0,
    "must-be": 1, "must be": 1, "mustbe": 1, "expect it": 1, "理所当然": 1, "理应如此": 1, "应该如此": 1,
    "neutral": 2, "无所谓": 2,
    "live-with": 3, "live with": 3, "can live with": 3, "tolerate": 3, "勉强接受": 3, "可以忍受": 3, "能忍受": 3,
    "dislike": 4, "i dislike it": 4, "不喜欢": 4, "很不喜欢": 4, "不满意": 4,
}  # fmt: skip
FONG_QUANTILE = 1.65
# Below it, a feature is of a mixed category (Lee and Newcomb 1997).
LEAST_CATEGORY_STRENGTH = 0.06


@dataclass(frozen=True)
class KanoItem:
    """One feature.

    Attributes
    ----------
    item : str
        Name of the functional question.
    number : int
        Place among the features, from 1.
    counts : dict of str to int
        Respondents by category A, O, M, I, R, Q.
    category : str
        The one named most often.
    better, worse : float or None
        (A + O) / (A + O + M + I) and -(O + M) / (A + O + M + I).
    better_interval, worse_interval : (float, float) or None
        Wilson's.
    category_strength : float
        Share of the first category less that of the second.
    total_strength : float
        Share of A, O and M.
    is_mixed : bool
        Category strength below 6%.
    is_significant : bool
        By Fong's test at 90%.
    p_value : float
        Of the first two categories being equally frequent (sign test, two-sided).
    """

    item: str
    number: int
    counts: dict[str, int]
    category: str
    better: float | None
    worse: float | None
    better_interval: Interval | None
    worse_interval: Interval | None
    category_strength: float
    total_strength: float
    is_mixed: bool
    is_significant: bool
    p_value: float


class Kano(Method):
    r"""Kano's categories of features from pairs of a functional and a dysfunctional question.

    Each pair of answers falls into attractive (A), one-dimensional (O), must-be (M), indifferent (I), reverse (R) or
    questionable (Q) by the evaluation table (rows functional, columns dysfunctional, both like, must-be, neutral,
    live-with, dislike)::

        Q A A A O
        R I I I M
        R I I I M
        R I I I M
        R R R R Q

    A feature's category is the most frequent; ties go to M, then O, A, I, R, Q. Respondents with a missing half do not
    count for that feature. With a and b the counts of the first two categories among n answers,

    .. math:: \text{better} = \frac{A + O}{A + O + M + I}, \qquad \text{worse} = -\frac{O + M}{A + O + M + I}

    .. math:: \text{Fong: significant where } a - b \ge 1.65 \sqrt{\frac{(a + b)(2n - a - b)}{2n}}

    Fong's bound is below the binomial one, so the p value of the sign test on a against b is given beside it.

    Parameters
    ----------
    like : {1, 5}, default 1
        Code of "like" where answers are numbers: 1 to 5 from like to dislike, or 5 to 1.
    level : float, default 0.95

    Attributes
    ----------
    items_ : tuple of KanoItem
    n_ : int
        Respondents with at least one whole pair.
    notes_ : tuple of Note

    References
    ----------
    N. Kano, N. Seraku, F. Takahashi, S. Tsuji, "Attractive quality and must-be quality", Hinshitsu 14(2), 1984;
    C. Berger et al., "Kano's methods for understanding customer-defined quality", Center for Quality Management
    Journal 2(4), 1993, for better and worse and the order of ties; D. Fong, "Using the self-stated importance
    questionnaire to interpret Kano questionnaire results", same journal 5(3), 1996; M. C. Lee, J. F. Newcomb,
    "Applying the Kano methodology to meet customer requirements", Quality Management Journal 4(3), 1997.

    Examples
    --------
    >>> found = Kano().fit({"app": [1, 1, 2, 1]}, {"no app": [5, 3, 5, 5]})
    >>> item = found.items_[0]
    >>> item.counts, item.category, item.better, item.worse
    ({'A': 1, 'O': 2, 'M': 1, 'I': 0, 'R': 0, 'Q': 0}, 'O', 0.75, -0.75)
    """

    def __init__(self, like: int = 1, level: float = 0.95) -> None:
        """Store the parameters."""
        self.like = like
        self.level = level

    def fit(self, functional: Any, dysfunctional: Any) -> Kano:
        """Find the category of each feature.

        Parameters
        ----------
        functional, dysfunctional : table, shape (n_respondents, n_features)
            Answers as numbers 1 to 5 or as words ("like", "must-be", "neutral", "live-with", "dislike"; 喜欢,
            理所当然, 无所谓, 勉强接受, 不喜欢). Pairs go by the order of the columns.

        Returns
        -------
        Kano

        Raises
        ------
        MethodError
            An answer that is none of the five (named); pairs that do not match in number; a pair nobody answered.
        """
        check_level(self.level)
        if self.like not in (1, 5):
            raise MethodError("like must be 1 or 5, the code of the best answer, not {like!r}", like=self.like)
        with_it, without = as_frame(functional), as_frame(dysfunctional)
        if len(with_it.names) != len(without.names):
            raise MethodError(
                "functional has {functional} questions and dysfunctional {dysfunctional}: pairs go by their order",
                functional=len(with_it.names),
                dysfunctional=len(without.names),
            )
        if len(with_it) != len(without):
            raise MethodError(
                "functional has {functional} respondents and dysfunctional {dysfunctional}",
                functional=len(with_it),
                dysfunctional=len(without),
            )
        present, absent = self._codes(with_it, "functional"), self._codes(without, "dysfunctional")
        whole = (present >= 0) & (absent >= 0)
        self.n_ = int(whole.any(axis=1).sum())
        self.items_ = tuple(
            self._item(name, place, present[whole[:, place], place], absent[whole[:, place], place])
            for place, name in enumerate(with_it.names)
        )
        lacking = int((~whole).sum())
        self.notes_ = (
            (Note("{lacking} of {all} pairs lack an answer and do not count", lacking=lacking, all=whole.size),)
            if lacking
            else ()
        )
        return self

    def _codes(self, frame: Frame, what: str) -> NDArray[np.int8]:
        """Return answers as places 0 to 4 from like to dislike, -1 where there is none."""
        codes = np.full((len(frame), len(frame.names)), -1, dtype=np.int8, order="F")
        known = {str(number): abs(number - self.like) for number in range(1, 6)} | WORDS
        for place, (name, column) in enumerate(zip(frame.names, frame.columns, strict=True)):
            if column.dtype.kind in "iufb":
                column = np.ascontiguousarray(column)
                found = np.where(np.isnan(column.astype(float)), -1, -2)
                for number in range(1, 6):
                    found[column == number] = abs(number - self.like)
            else:
                # Each distinct answer is read once: a million answers hold five.
                kinds, rows = np.unique(as_categories(column, name), return_inverse=True)
                found = np.array([known.get(kind.strip().lower(), -2) if kind.strip() else -1 for kind in kinds])[rows]
            if (found == -2).any():
                row = int(np.argmax(found == -2))
                raise MethodError(
                    "{what}: column {column} holds {value!r} in row {row}; answers are 1 to 5 or {answers}",
                    what=what,
                    column=name,
                    value=str(as_categories(column[row : row + 1], name)[0]),
                    row=row + 1,
                    answers=", ".join(ANSWERS),
                )
            codes[:, place] = found
        return codes

    def _item(self, name: str, place: int, present: NDArray[np.int8], absent: NDArray[np.int8]) -> KanoItem:
        """Count one feature."""
        from scipy.special import bdtr  # takes long to load

        size = len(present)
        if size == 0:
            raise MethodError("nobody answered both questions on {item}; leave the feature out", item=name)
        cells = np.bincount(present * 5 + absent, minlength=25)
        letters = "".join(EVALUATION_TABLE)
        counts = {
            category: int(sum(cells[cell] for cell in range(25) if letters[cell] == category))
            for category in CATEGORIES
        }
        order = sorted(TIES, key=lambda category: (-counts[category], TIES.index(category)))
        first, second = counts[order[0]], counts[order[1]]
        usable = sum(counts[category] for category in "AOMI")
        better, worse = counts["A"] + counts["O"], counts["O"] + counts["M"]
        up = wilson(better, usable, self.level) if usable else None
        down = wilson(worse, usable, self.level) if usable else None
        bound = FONG_QUANTILE * np.sqrt((first + second) * (2 * size - first - second) / (2 * size))
        return KanoItem(
            item=name,
            number=place + 1,
            counts=counts,
            category=order[0],
            better=better / usable if usable else None,
            worse=-worse / usable if usable else None,
            better_interval=up,
            worse_interval=None if down is None else (-down[1], -down[0]),
            category_strength=(first - second) / size,
            total_strength=(counts["A"] + counts["O"] + counts["M"]) / size,
            is_mixed=(first - second) / size < LEAST_CATEGORY_STRENGTH,
            is_significant=bool(first - second >= bound),
            p_value=min(1.0, 2.0 * float(bdtr(second, first + second, 0.5))),
        )
