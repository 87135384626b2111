"""What the warning would have been worth at earlier dates: a back-test over rolling origins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.base import Method, MethodError, Note
from guanxi_methods.churn.calibration import Calibration, calibration
from guanxi_methods.churn.discrimination import AUC, auc, lift_by_decile
from guanxi_methods.churn.durations import as_groups
from guanxi_methods.churn.early_warning import EarlyWarning, ModelName
from guanxi_methods.churn.target import FEWEST_OUTCOMES, learn_target
from guanxi_methods.errors import TooFewError
from guanxi_methods.frames import Frame, as_frame

FEWEST_TESTED = 20


@dataclass(frozen=True)
class Origin:
    """How a model made before a period did in it.

    Attributes
    ----------
    period : str
    trained_on : int
        Customers of earlier periods.
    customers, events : int
        Of the period.
    base_rate, mean_stated : float
        Share that left; mean of the stated probabilities.
    auc : AUC
    lift_top_decile : float
    calibration : Calibration
    refused : tuple of str
        Columns refused as leaks at that time.
    """

    period: str
    trained_on: int
    customers: int
    events: int
    base_rate: float
    mean_stated: float
    auc: AUC
    lift_top_decile: float
    calibration: Calibration
    refused: tuple[str, ...]


class RollingBackTest(Method):
    r"""Fit on what was known before each period, measure in the period, move on.

    For each of the last periods :math:`p` a new :class:`EarlyWarning` learns from the customers of periods before
    :math:`p - \mathrm{gap}` and states probabilities for those of :math:`p`. A random hold-out mixes dates; this does
    not, so it shows whether a model made in the past works in its future.

    Parameters
    ----------
    origins : int, default 6
        How many periods are tested, at most; the latest.
    gap : int, default 0
        Periods between learning and testing, as long as it takes until an outcome is known.
    model, exclude, known_before, random_state
        As for :class:`EarlyWarning`.

    Attributes
    ----------
    origins_ : tuple of Origin
        Oldest first.
    auc_ : AUC
        Over the probabilities of all origins together.
    calibration_ : Calibration
        The same.
    lift_top_decile_ : float
        The same.
    auc_spread_ : float or None
        Standard deviation of the origins' AUCs; None with a single origin.
    notes_ : tuple of Note

    References
    ----------
    L. J. Tashman, "Out-of-sample tests of forecasting accuracy: an analysis and review", International Journal of
    Forecasting 16, 2000 (rolling origins).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> months, quarter = rng.integers(1, 40, 900), np.repeat([1, 2, 3], 300)
    >>> leaves = rng.random(900) < 1 / (1 + np.exp(1 + 0.06 * (months - 10)))
    >>> test = RollingBackTest(origins=2, model="logistic", known_before=["months"])
    >>> [one.period for one in test.fit({"months": months}, leaves, quarter).origins_]
    ['2', '3']
    """

    def __init__(
        self,
        origins: int = 6,
        gap: int = 0,
        model: ModelName = "choose",
        exclude: Sequence[str] = (),
        known_before: Sequence[str] = (),
        random_state: int = 0,
    ) -> None:
        """Store the parameters."""
        self.origins = origins
        self.gap = gap
        self.model = model
        self.exclude = exclude
        self.known_before = known_before
        self.random_state = random_state

    def fit(self, X: Any, target: Any, period: Any, *, target_value: Any = None) -> RollingBackTest:
        """Test the warning period by period.

        Parameters
        ----------
        X : table, shape (n_customers, n_columns)
        target : array_like, shape (n_customers,)
        period : array_like of numbers or words that sort by time, shape (n_customers,)
            When each row was taken: 1, 2, 3 or 2025-01, 2025-02 ...
        target_value : optional
            As for :class:`EarlyWarning`.

        Returns
        -------
        RollingBackTest

        Raises
        ------
        TooFewError
            No period with 20 customers and 2 of either outcome after periods with 30 of either.
        MethodError
            As :class:`EarlyWarning`; a missing period; origins or gap out of range.
        """
        for name, value, least in (("origins", self.origins, 1), ("gap", self.gap, 0)):
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise MethodError(
                    "{name} must be a whole number of at least {least}, not {value!r}",
                    name=name,
                    least=least,
                    value=value,
                )
        frame = as_frame(X)
        left = learn_target(target, target_value, len(frame))
        names, places = as_groups(period, len(frame))
        usable = [place for place in range(len(names)) if self._is_usable(left, places, place)]
        if not usable:
            raise TooFewError(
                "no period can be tested: it takes {tested} customers in it and {needed} of either outcome before it",
                tested=FEWEST_TESTED,
                needed=FEWEST_OUTCOMES,
            )
        told, stated, happened = [], [], []
        for place in usable[-self.origins :]:
            origin, probabilities, outcomes = self._test(frame, left, places, place, names[place])
            told.append(origin)
            stated.append(probabilities)
            happened.append(outcomes)
        self.origins_ = tuple(told)
        every, outcome = np.concatenate(stated), np.concatenate(happened)
        self.auc_, self.calibration_ = auc(every, outcome), calibration(every, outcome)
        self.lift_top_decile_ = lift_by_decile(every, outcome)[0].lift
        areas = np.array([one.auc.value for one in told])
        self.auc_spread_ = float(areas.std(ddof=1)) if areas.size > 1 else None
        notes = []
        skipped = len(names) - len(usable)
        if skipped:
            notes.append(Note("{count} periods were not tested: too little before or in them", count=skipped))
        if self.auc_spread_ is None:
            notes.append(Note("one period was tested: how the figures vary from period to period is not known"))
        self.notes_ = tuple(notes)
        return self

    def _is_usable(self, left: NDArray[np.bool_], places: NDArray[np.int64], place: int) -> bool:
        """Whether there is enough before a period and in it."""
        before, inside = left[places < place - self.gap], left[places == place]
        return bool(
            min(int(before.sum()), int((~before).sum())) >= FEWEST_OUTCOMES
            and inside.size >= FEWEST_TESTED
            and min(int(inside.sum()), int((~inside).sum())) >= 2
        )

    def _test(
        self, frame: Frame, left: NDArray[np.bool_], places: NDArray[np.int64], place: int, name: str
    ) -> tuple[Origin, NDArray[np.float64], NDArray[np.bool_]]:
        """Learn before one period and measure in it."""
        before, inside = places < place - self.gap, places == place
        model = EarlyWarning(
            model=self.model, exclude=self.exclude, known_before=self.known_before, random_state=self.random_state
        ).fit(_rows(frame, before), left[before])
        stated, happened = model.predict(_rows(frame, inside)), left[inside]
        return (
            Origin(
                name,
                int(before.sum()),
                happened.size,
                int(happened.sum()),
                float(happened.mean()),
                float(stated.mean()),
                auc(stated, happened),
                lift_by_decile(stated, happened)[0].lift,
                calibration(stated, happened),
                tuple(one.column for one in model.refused_columns_),
            ),
            stated,
            happened,
        )


def _rows(frame: Frame, taken: NDArray[np.bool_]) -> Frame:
    """Return some rows of a table."""
    return Frame(frame.names, tuple(np.asarray(column)[taken] for column in frame.columns))
