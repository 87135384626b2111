"""Measuring: from what customers bought to their standings and the figures of the whole base. No database here."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.value import (
    RFM,
    SEGMENTS,
    ABCAnalysis,
    CustomerPyramid,
    ProfitabilityLevels,
    customers_to_reach,
    gini,
    segment_codes,
    top_share,
    whale_curve,
)
from guanxi_methods.value.classes import RankedClasses

METHOD = "guanxi.value 1"
WHALE_POINTS = 120
NET_REVENUE, MARGIN = "net_revenue", "margin"

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class CustomerBase:
    """What every identified customer with an order did, as columns in rising order of `ids`.

    Days count from 1970-01-01. `purchases` leaves returns out; `first` and `last` are days of purchases, or of
    returns where there is nothing else. `margin` is None where the cost of something sold is not known.
    """

    ids: Ints
    net: Ints
    orders: Ints
    purchases: Ints
    first: Ints
    last: Ints
    margin: Ints | None = None


@dataclass(frozen=True)
class Measured:
    """The fitted methods of one measurement."""

    base: CustomerBase
    as_of: int
    pyramid: CustomerPyramid
    abc: ABCAnalysis
    levels: ProfitabilityLevels
    rfm: RFM

    @property
    def level_basis(self) -> str:
        """What the levels were cut by."""
        return NET_REVENUE if self.base.margin is None else MARGIN

    def parameters(self) -> dict[str, Any]:
        """How the methods were set."""
        return {
            "pyramid": _plain(self.pyramid.get_params()),
            "abc": _plain(self.abc.get_params()),
            "levels": _plain(self.levels.get_params()),
            "rfm": _plain(self.rfm.get_params()),
        }


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    """Parameters as JSON can hold them."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in params.items()}


def measure(base: CustomerBase, as_of: int) -> Measured:
    """Apply every method to a base that is not empty; `as_of` is the day after the last order."""
    ties = {"last": base.last, "ids": base.ids}
    worth = base.net if base.margin is None else base.margin
    return Measured(
        base=base,
        as_of=as_of,
        pyramid=CustomerPyramid().fit(base.net, **ties),
        abc=ABCAnalysis().fit(base.net, **ties),
        levels=ProfitabilityLevels().fit(worth, **ties),
        rfm=RFM().fit(base.last, base.purchases, base.net, as_of=as_of),
    )


def class_figures(classes: RankedClasses, net: Ints, key: str) -> list[dict[str, Any]]:
    """How many customers each class has, what they brought, and the amount one must reach to belong."""
    codes = classes.codes_
    return [
        {
            key: name,
            "customers": int(classes.counts_[code]),
            "net_minor": int(net[codes == code].sum()),
            "lowest_minor": classes.lowest_[code],
        }
        for code, name in enumerate(classes.names)
    ]


def figures(measured: Measured) -> dict[str, Any]:
    """The figures of the whole base, ready for JSON."""
    base = measured.base
    return {
        "pyramid": class_figures(measured.pyramid, base.net, "tier"),
        "abc": class_figures(measured.abc, base.net, "abc"),
        "levels": class_figures(measured.levels, base.net, "level"),
        "rfm": _rfm_figures(measured),
        "whale": _whale_figures(base.net if base.margin is None else base.margin),
        "concentration": concentration(base.net),
    }


def _rfm_figures(measured: Measured) -> dict[str, Any]:
    """Counts and net revenue of each pair of recency and frequency scores, cuts, means and segments."""
    rfm, net = measured.rfm, measured.base.net
    size = rfm.n_scores
    cells = (rfm.r_.astype(np.int64) - 1) * size + rfm.f_ - 1
    segments = segment_codes(rfm.r_, rfm.f_)
    return {
        "grid": rfm.grid().tolist(),
        "grid_minor": [[int(net[cells == r * size + f].sum()) for f in range(size)] for r in range(size)],
        "cuts": {name: cuts.tolist() for name, cuts in rfm.cuts_.items()},
        "means": rfm.means_,
        "segments": [
            {
                "segment": name,
                "customers": int(np.count_nonzero(segments == code)),
                "net_minor": int(net[segments == code].sum()),
            }
            for code, name in enumerate(SEGMENTS)
        ],
    }


def _whale_figures(worth: Ints) -> dict[str, Any]:
    """The whale curve, thinned."""
    curve = whale_curve(worth, n_points=WHALE_POINTS)
    return {
        "customers": curve.customers.tolist(),
        "amounts": curve.amounts.tolist(),
        "total": curve.total,
        "peak_customers": curve.peak_customers,
        "peak_minor": curve.peak_amount,
    }


def concentration(net: Ints) -> dict[str, Any]:
    """How unevenly net revenue is spread; None where it has no meaning."""
    counted = net[net >= 0]
    has_total = int(net.sum()) > 0
    return {
        "gini": gini(counted) if counted.any() else None,
        "gini_left_out": int(net.size - counted.size),
        "top20_share": top_share(net, "0.20") if has_total else None,
        "to_80": customers_to_reach(net, "0.80") if has_total else None,
        "worthless": int(np.count_nonzero(net <= 0)),
    }
