"""The net promoter score with its interval, and whether two of them differ."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Vector, as_vector
from guanxi_methods.loyalty.intervals import LEVEL, check_level, two_sided_z

IntervalMethod = Literal["adjusted_wald", "score", "wald"]
INTERVAL_METHODS: tuple[IntervalMethod, ...] = ("adjusted_wald", "score", "wald")
# Answers that the adjusted Wald interval adds to detractors, passives and promoters.
PSEUDO_ANSWERS = (0.75, 1.5, 0.75)
FULL = 100.0
MOST = 10
PROMOTER_FROM = 9
DETRACTOR_TO = 6
BISECTIONS = 60


class NetPromoterScore(Method):
    r"""Net promoter score: the percentage of promoters (9-10) less that of detractors (0-6).

    With counts :math:`d, p, m` of detractors, passives and promoters among :math:`n` answers

    .. math:: \mathrm{NPS} = 100 \frac{m - d}{n}, \qquad
        \mathrm{SE} = 100 \sqrt{\frac{1}{n} \Bigl[\frac{m + d}{n} - \Bigl(\frac{m - d}{n}\Bigr)^2\Bigr]}

    the variance being that of a multinomial draw of +1, 0 and -1. Intervals:

    - ``"adjusted_wald"`` (default): ¾ of an answer is added to the detractors, 1½ to the passives, ¾ to the promoters,
      and the score of these counts is taken :math:`\pm z` times its error; kept within -100 and 100. Its middle is
      therefore a little nearer to 0 than the score; of very few answers that are all alike it would leave the score
      itself out, and is extended to it.
    - ``"score"``: all scores that a score test does not reject (Tango 1998), found by halving.
    - ``"wald"``: the score :math:`\pm z\,\mathrm{SE}`, too short for few answers and of no width when all are alike.

    Rocks (2016) compared six intervals on a large database of firms' scores and found variants of the adjusted Wald and
    the score interval best; of the two the first is the one that can be checked by hand.

    Parameters
    ----------
    level : float, default 0.95
    interval_method : {"adjusted_wald", "score", "wald"}, default "adjusted_wald"

    Attributes
    ----------
    nps_ : float
        From -100 to 100.
    interval_ : tuple of two floats
    standard_error_ : float
    n_ : int
        Answers counted.
    n_effective_ : float
        Kish's effective number of answers; that of the answers unless weighted.
    counts_ : ndarray of float64, shape (3,)
        Detractors, passives, promoters (weighted, if weights were given, adding up to ``n_effective_``).
    groups_ : ndarray of str, shape (n_rows,)
        "detractor", "passive", "promoter", or "" where there was no answer.
    notes_ : tuple of Note

    References
    ----------
    F. F. Reichheld, "The one number you need to grow", Harvard Business Review 81(12), 2003; B. Rocks, "Interval
    estimation for the Net Promoter Score", The American Statistician 70(4), 2016, 365-372 (arXiv 1601.07235);
    T. Tango, "Equivalence test and confidence interval for the difference in proportions for the paired-sample
    design", Statistics in Medicine 17, 1998.

    Examples
    --------
    >>> score = NetPromoterScore().fit([10, 9, 9, 8, 7, 7, 10, 3, 6, 9])
    >>> score.nps_, score.counts_.astype(int).tolist()
    (30.0, [2, 3, 5])
    >>> [round(end, 2) for end in score.interval_]
    [-19.05, 65.2]
    """

    def __init__(self, level: float = LEVEL, interval_method: IntervalMethod = "adjusted_wald") -> None:
        """Store the parameters."""
        self.level = level
        self.interval_method = interval_method

    def fit(self, scores: Any, weights: Any = None) -> NetPromoterScore:
        """Count the answers.

        Parameters
        ----------
        scores : array_like of int, shape (n_rows,)
            Answers from 0 to 10; missing ones are left out and noted.
        weights : array_like, shape (n_rows,), optional
            Not negative, such as from weighting for those who did not answer.

        Returns
        -------
        NetPromoterScore

        Raises
        ------
        MethodError
            An answer off 0 to 10 or between two whole numbers (its row is named); no answer; a negative weight.
        """
        check_level(self.level)
        answers = as_answers(scores, "scores")
        held = np.ones(answers.size) if weights is None else as_vector(weights, "weights", size=answers.size)
        if (held < 0).any():
            raise MethodError("weights holds a negative weight, first in row {row}", row=int(np.argmax(held < 0)) + 1)
        answered = ~np.isnan(answers)
        self.n_ = int(answered.sum())
        used = held[answered]
        if used.size == 0 or used.sum() <= 0:
            raise TooFewError("scores holds no answer (of a weight over 0): there is no score to tell")
        self.groups_ = _groups(answers)
        kept = self.groups_[answered]
        self.n_effective_ = float(used.sum() ** 2 / (used @ used))
        scale = self.n_effective_ / float(used.sum())
        names = ("detractor", "passive", "promoter")
        self.counts_ = np.array([float(used[kept == name].sum()) * scale for name in names])
        self.nps_, self.standard_error_ = nps_of_counts(self.counts_)
        self.interval_ = nps_interval(self.counts_, level=self.level, method=self.interval_method)
        self.notes_ = self._notes(answers.size - self.n_)
        return self

    def _notes(self, absent: int) -> tuple[Note, ...]:
        """Return what must be known of the answers."""
        notes = [Note("{count} rows without an answer were left out", count=absent)] if absent else []
        if (self.counts_ > 0).sum() == 1:
            notes.append(Note("all answers fall in one group: the interval rests on the answers it adds"))
        return tuple(notes)


@dataclass(frozen=True)
class NPSDifference:
    """How far two net promoter scores of independent samples lie apart.

    Attributes
    ----------
    difference : float
        The second less the first, in points.
    interval : tuple of two floats
    z : float
    p_value : float
        Two-sided, for no difference.
    standard_error : float
    """

    difference: float
    interval: tuple[float, float]
    z: float
    p_value: float
    standard_error: float


def compare_nps(first: NetPromoterScore, second: NetPromoterScore, *, level: float = LEVEL) -> NPSDifference:
    r"""Compare the scores of two independent samples (two regions, two quarters with different people asked).

    Interval and test are those of the adjusted Wald: with :math:`\tilde s_i` and :math:`\widetilde{\mathrm{SE}}_i`
    from counts with (¾, 1½, ¾) answers added

    .. math:: z = \frac{\tilde s_2 - \tilde s_1}{\sqrt{\widetilde{\mathrm{SE}}_1^2 + \widetilde{\mathrm{SE}}_2^2}}

    Answers of the same customers at two times are not independent: use
    :class:`~guanxi_methods.loyalty.SatisfactionLoyaltyChange` or compare their own changes.

    Parameters
    ----------
    first, second : NetPromoterScore
        Fitted.
    level : float, default 0.95

    Returns
    -------
    NPSDifference
        ``difference`` is that of the scores themselves; the interval's middle is that of the adjusted ones.

    References
    ----------
    Rocks 2016; J. R. Lewis & J. Sauro, "How to statistically compare two Net Promoter Scores", MeasuringU 2021.

    Examples
    --------
    >>> spring = NetPromoterScore().fit([9] * 40 + [8] * 30 + [5] * 30)
    >>> autumn = NetPromoterScore().fit([9] * 55 + [8] * 30 + [5] * 15)
    >>> found = compare_nps(spring, autumn)
    >>> round(found.difference, 1), round(found.p_value, 4)
    (30.0, 0.0076)
    """
    first._check_fitted("nps_")
    second._check_fitted("nps_")
    z = two_sided_z(level)
    (one, one_error), (other, other_error) = (nps_of_counts(made.counts_ + PSEUDO_ANSWERS) for made in (first, second))
    error = math.hypot(one_error, other_error)
    ends = tuple(min(2 * FULL, max(-2 * FULL, other - one + sign * z * error)) for sign in (-1, 1))
    statistic = (other - one) / error
    return NPSDifference(
        second.nps_ - first.nps_, (ends[0], ends[1]), statistic, 2 * float(ndtr(-abs(statistic))), error
    )


def as_answers(scores: Any, name: str) -> Vector:
    """Return answers from 0 to 10, missing ones as NaN; any other is refused with its row."""
    answers = as_vector(scores, name, missing="keep")
    wrong = ~np.isnan(answers) & ((answers < 0) | (answers > MOST) | (answers != np.floor(answers)))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise MethodError(
            "{name} holds {value} in row {row}: an answer must be a whole number from 0 to 10",
            name=name,
            value=f"{answers[row]:g}",
            row=row + 1,
        )
    return answers


def _groups(answers: Vector) -> NDArray[np.str_]:
    """Return the group of each answer; "" where there is none."""
    groups = np.full(answers.size, "passive", dtype="<U9")
    groups[answers >= PROMOTER_FROM] = "promoter"
    groups[answers <= DETRACTOR_TO] = "detractor"
    groups[np.isnan(answers)] = ""
    return groups


def nps_of_counts(counts: Any) -> tuple[float, float]:
    """Return score and standard error of the counts of detractors, passives and promoters.

    Parameters
    ----------
    counts : array_like, shape (3,)

    Returns
    -------
    nps, standard_error : float

    Examples
    --------
    >>> nps, error = nps_of_counts([1, 2, 3])
    >>> round(nps, 3), round(error, 3)
    (33.333, 30.429)
    """
    detractors, _, promoters = (float(count) for count in counts)
    n = float(np.sum(counts))
    net = (promoters - detractors) / n
    # Multiplied first: whole numbers give the score without the rounding of a share.
    return FULL * (promoters - detractors) / n, FULL * math.sqrt(max(0.0, (promoters + detractors) / n - net * net) / n)


def nps_interval(counts: Any, *, level: float = LEVEL, method: IntervalMethod = "adjusted_wald") -> tuple[float, float]:
    """Return the interval of a score told by its counts; see :class:`NetPromoterScore`.

    Parameters
    ----------
    counts : array_like, shape (3,)
        Detractors, passives, promoters; not negative, not all 0.
    level : float, default 0.95
    method : {"adjusted_wald", "score", "wald"}

    Returns
    -------
    tuple of two floats
        Within -100 and 100.

    Examples
    --------
    >>> [round(end, 2) for end in nps_interval([2, 3, 5], method="score")]
    [-21.66, 67.53]
    """
    told = as_vector(counts, "counts", size=3)
    if (told < 0).any() or told.sum() <= 0:
        raise MethodError(
            "counts must be three counts, none negative and not all 0, not {counts}", counts=told.tolist()
        )
    z = two_sided_z(level)
    if method == "score":
        return _score_interval(told, z)
    if method not in INTERVAL_METHODS:
        raise MethodError(
            "interval_method must be one of {known}, not {given!r}", known=", ".join(INTERVAL_METHODS), given=method
        )
    centre, error = nps_of_counts(told + PSEUDO_ANSWERS if method == "adjusted_wald" else told)
    score, _ = nps_of_counts(told)
    return max(-FULL, min(score, centre - z * error)), min(FULL, max(score, centre + z * error))


def _score_interval(counts: Vector, z: float) -> tuple[float, float]:
    """Return the net scores at which the score test is at its edge, by halving; the statistic falls all the way."""
    detractors, _, promoters = counts.tolist()
    n = float(counts.sum())
    net = (promoters - detractors) / n

    def statistic(at: float) -> float:
        """The score statistic if the true net score were this one, detractors at their likeliest under it."""
        second = -detractors - promoters + (2 * n - promoters + detractors) * at
        third = -detractors * at * (1 - at)
        likeliest = (math.sqrt(max(0.0, second * second - 8 * n * third)) - second) / (4 * n)
        variance = n * (2 * likeliest + at * (1 - at))
        distance = promoters - detractors - n * at
        if variance <= 0:
            return math.copysign(math.inf, distance) if distance else 0.0
        return distance / math.sqrt(variance)

    ends = []
    for inside, outside, edge in ((net, -1.0, z), (net, 1.0, -z)):
        for _ in range(BISECTIONS):
            middle = (inside + outside) / 2
            is_inside = statistic(middle) < edge if edge > 0 else statistic(middle) > edge
            inside, outside = (middle, outside) if is_inside else (inside, middle)
        ends.append(FULL * inside)
    return ends[0], ends[1]
