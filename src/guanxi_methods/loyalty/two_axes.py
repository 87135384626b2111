"""Customers in four fields by two figures: the loyalty matrix, and satisfaction against loyalty."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector, as_vector
from guanxi_methods.loyalty.intervals import LEVEL, check_level, proportion, two_sided_z

Cut = float | Literal["median", "mean"]
FEWEST_FOR_INTERVAL = 4


@dataclass(frozen=True)
class Association:
    """How two dichotomies go together.

    Attributes
    ----------
    phi : float or None
        Correlation of the two dichotomies, -1 to 1; None where all customers fall on one side of a cut.
    low, high : float or None
        Its interval (the error of the influence function on Fisher's scale), from four customers on.
    """

    phi: float | None
    low: float | None
    high: float | None


class _FourFields(Method):
    """What both matrices share: two figures, a cut through each, four fields."""

    _axes: ClassVar[tuple[str, str]] = ("", "")
    # high/high, low first and high second, high first and low second, low/low
    _fields: ClassVar[tuple[str, str, str, str]] = ("", "", "", "")

    level: float

    def _divide(self, first: Any, second: Any, first_cut: Cut, second_cut: Cut) -> None:
        """Learn the cuts and put each customer into its field; a figure at its cut is high."""
        check_level(self.level)
        one = as_vector(first, self._axes[0], missing="keep")
        two = as_vector(second, self._axes[1], size=one.size, missing="keep")
        known = ~(np.isnan(one) | np.isnan(two))
        if not known.any():
            raise MethodError(
                "no row holds both {first} and {second}: there is nobody to place",
                first=self._axes[0], second=self._axes[1],
            )  # fmt: skip
        cuts = (_cut(one[known], first_cut, self._axes[0]), _cut(two[known], second_cut, self._axes[1]))
        self.cuts_ = dict(zip(self._axes, cuts, strict=True))
        high = (one >= cuts[0], two >= cuts[1])
        places = np.where(high[0] & high[1], 0, np.where(high[1], 1, np.where(high[0], 2, 3)))
        self.codes_: NDArray[np.int8] = np.where(known, places, -1).astype(np.int8)
        self.labels_ = np.where(known, np.asarray(self._fields)[self.codes_], "")
        counts = np.bincount(self.codes_[known], minlength=4)
        self.counts_ = dict(zip(self._fields, counts.tolist(), strict=True))
        total = float(known.sum())
        self.shares_ = {name: proportion(float(count), total, self.level) for name, count in self.counts_.items()}
        self.association_ = _association(high[0][known], high[1][known], self.level)
        self.notes_ = self._notes(one[known], two[known], cuts, int((~known).sum()))

    def _notes(self, one: Vector, two: Vector, cuts: tuple[float, float], absent: int) -> tuple[Note, ...]:
        """Return what must be known: who was left out, how many stand at a cut, an axis that does not divide."""
        notes = [Note("{count} customers lack a figure and were not placed", count=absent)] if absent else []
        for name, values, cut in zip(self._axes, (one, two), cuts, strict=True):
            at_cut = int((values == cut).sum())
            if (values >= cut).all() or (values < cut).all():
                notes.append(
                    Note("all customers stand on one side of the cut of {axis} at {cut:g}", axis=name, cut=cut)
                )
            elif at_cut > 0.1 * values.size:
                notes.append(
                    Note(
                        "{count} customers stand exactly at the cut of {axis}, {cut:g}, and count as high",
                        count=at_cut, axis=name, cut=cut,
                    )
                )  # fmt: skip
        return tuple(notes)


class LoyaltyMatrix(_FourFields):
    r"""Loyalty matrix (客户忠诚矩阵): attitude against behaviour, four kinds of loyalty.

    ================ ========================= =========================
    .                repeat purchase high      repeat purchase low
    ================ ========================= =========================
    attitude high    absolute (绝对忠诚)         latent (潜在忠诚)
    attitude low     inertia (惯性忠诚)          none (非忠诚)
    ================ ========================= =========================

    Dick and Basu call them loyalty, latent loyalty, spurious loyalty and no loyalty. They print no cuts; what is high
    is therefore a parameter: a figure of its own scale (2 purchases; 8 of 10), or the median or mean of the customers,
    which makes the matrix one of more and less loyal *among these customers*. A figure at its cut is high.

    Parameters
    ----------
    behaviour_cut, attitude_cut : float, "median" or "mean", default "median"
    level : float, default 0.95

    Attributes
    ----------
    labels_ : ndarray of str, shape (n_customers,)
        "absolute", "latent", "inertia", "none"; "" where a figure is missing.
    codes_ : ndarray of int8, shape (n_customers,)
        0 to 3 in that order; -1 where missing.
    cuts_ : dict of str to float
    counts_ : dict of str to int
    shares_ : dict of str to Estimate
        Wilson's interval for each field by itself.
    association_ : Association
        Whether attitude and behaviour go together at all.
    notes_ : tuple of Note

    References
    ----------
    A. S. Dick & K. Basu, "Customer loyalty: toward an integrated conceptual framework", Journal of the Academy of
    Marketing Science 22(2), 1994, figure 2.

    Examples
    --------
    >>> matrix = LoyaltyMatrix(behaviour_cut=2, attitude_cut=8).fit(behaviour=[5, 1, 3, 1], attitude=[9, 10, 4, 2])
    >>> matrix.labels_.tolist()
    ['absolute', 'latent', 'inertia', 'none']
    """

    _axes = ("behaviour", "attitude")
    _fields = ("absolute", "latent", "inertia", "none")

    def __init__(self, behaviour_cut: Cut = "median", attitude_cut: Cut = "median", level: float = LEVEL) -> None:
        """Store the parameters."""
        self.behaviour_cut = behaviour_cut
        self.attitude_cut = attitude_cut
        self.level = level

    def fit(self, behaviour: Any, attitude: Any) -> LoyaltyMatrix:
        """Place the customers.

        Parameters
        ----------
        behaviour : array_like, shape (n_customers,)
            Repeat patronage: purchases, share of wallet, years; more is more loyal.
        attitude : array_like, shape (n_customers,)
            Attitude relative to other suppliers; more is better.

        Returns
        -------
        LoyaltyMatrix

        Raises
        ------
        MethodError
            Not numbers; nobody with both figures; a cut that is none.
        """
        self._divide(behaviour, attitude, self.behaviour_cut, self.attitude_cut)
        return self


class SatisfactionLoyaltyMatrix(_FourFields):
    r"""Satisfaction against loyalty: apostle, defector, mercenary, hostage.

    ================== ========================= =========================
    .                  loyalty high              loyalty low
    ================== ========================= =========================
    satisfaction high  apostle (传道者)           mercenary (唯利者, 图利者)
    satisfaction low   hostage (囚禁者)           defector (背离者)
    ================== ========================= =========================

    Jones and Sasser call the first loyalist, and apostle those of them whose experience goes far beyond what they
    expected; ``"apostle"`` here means the whole field. They print no cuts; see :class:`LoyaltyMatrix`.

    Parameters
    ----------
    satisfaction_cut, loyalty_cut : float, "median" or "mean", default "median"
    level : float, default 0.95

    Attributes
    ----------
    labels_ : ndarray of str, shape (n_customers,)
        "apostle", "hostage", "mercenary", "defector"; "" where a figure is missing.
    codes_, cuts_, counts_, shares_, association_, notes_
        As in :class:`LoyaltyMatrix`.

    References
    ----------
    T. O. Jones & W. E. Sasser, "Why satisfied customers defect", Harvard Business Review 73(6), 1995, 88-99.

    Examples
    --------
    >>> placed = SatisfactionLoyaltyMatrix(satisfaction_cut=4, loyalty_cut=4)
    >>> placed.fit(satisfaction=[5, 2, 5, 1], loyalty=[5, 5, 2, 1]).labels_.tolist()
    ['apostle', 'hostage', 'mercenary', 'defector']
    """

    _axes = ("satisfaction", "loyalty")
    _fields = ("apostle", "hostage", "mercenary", "defector")

    def __init__(self, satisfaction_cut: Cut = "median", loyalty_cut: Cut = "median", level: float = LEVEL) -> None:
        """Store the parameters."""
        self.satisfaction_cut = satisfaction_cut
        self.loyalty_cut = loyalty_cut
        self.level = level

    def fit(self, satisfaction: Any, loyalty: Any) -> SatisfactionLoyaltyMatrix:
        """Place the customers.

        Parameters
        ----------
        satisfaction, loyalty : array_like, shape (n_customers,)

        Returns
        -------
        SatisfactionLoyaltyMatrix

        Raises
        ------
        MethodError
            Not numbers; nobody with both figures; a cut that is none.
        """
        self._divide(satisfaction, loyalty, self.satisfaction_cut, self.loyalty_cut)
        return self


def _cut(values: Vector, cut: Cut, name: str) -> float:
    """Return the cut through a figure."""
    if cut == "median":
        return float(np.median(values))
    if cut == "mean":
        return float(values.mean())
    if isinstance(cut, bool) or not isinstance(cut, (int, float)) or not np.isfinite(cut):
        raise MethodError('the cut of {name} must be a number, "median" or "mean", not {cut!r}', name=name, cut=cut)
    return float(cut)


def _association(one: NDArray[np.bool_], two: NDArray[np.bool_], level: float) -> Association:
    """Return the correlation of two dichotomies; its error is that of its influence function, whatever the marginals."""
    a, b = one - one.mean(), two - two.mean()
    spread = float(a @ a) * float(b @ b)
    if spread <= 0:
        return Association(None, None, None)
    phi = float(a @ b) / math.sqrt(spread)
    u, v = a / a.std(), b / b.std()
    error = float((u * v - phi * (u * u + v * v) / 2).std()) / math.sqrt(one.size)
    if one.size < FEWEST_FOR_INTERVAL or abs(phi) >= 1 or error == 0:
        return Association(phi, None, None)
    half = two_sided_z(level) * error / (1 - phi * phi)
    return Association(phi, math.tanh(math.atanh(phi) - half), math.tanh(math.atanh(phi) + half))
