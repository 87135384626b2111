"""From measured columns to the rows that the customer archive takes."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi.insight.value.measuring import Measured

_PORTION = 100_000


def days_as_dates(days: NDArray[np.int64]) -> list[Any]:
    """Days since 1970-01-01 as `datetime.date`."""
    return days.astype("datetime64[D]").tolist()


def standing_rows(measured: Measured) -> Iterator[Sequence[Any]]:
    """Rows in the order of `customers.public.StandingRow`, made in portions so that memory stays small."""
    base, rfm = measured.base, measured.rfm
    classes = [np.asarray(fitted.names) for fitted in (measured.pyramid, measured.abc, measured.levels)]
    for start in range(0, base.ids.size, _PORTION):
        part = slice(start, start + _PORTION)
        net = base.net[part].tolist()
        purchases = base.purchases[part].tolist()
        count = len(net)
        yield from zip(
            base.ids[part].tolist(),
            net,
            base.orders[part].tolist(),
            days_as_dates(base.first[part]),
            days_as_dates(base.last[part]),
            classes[0][measured.pyramid.codes_[part]].tolist(),
            classes[1][measured.abc.codes_[part]].tolist(),
            classes[2][measured.levels.codes_[part]].tolist(),
            measured.pyramid.rank_[part].tolist(),
            rfm.r_[part].tolist(),
            rfm.f_[part].tolist(),
            rfm.m_[part].tolist(),
            rfm.recency_days_[part].tolist(),
            purchases,
            net,
            [None] * count if base.margin is None else base.margin[part].tolist(),
            strict=True,
        )
