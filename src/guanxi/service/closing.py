"""What stands in the way of closing a case: one place that every way of closing asks.

Parts of service register what they demand; a case closes only when nobody refuses. There is no other way: the state is
written by `services.states` alone.
"""

from collections.abc import Callable, Iterable

from guanxi.core.registry import Registry
from guanxi.service.models import Case

# Sentences that say what is missing, none when nothing is.
Demand = Callable[[Case], Iterable[str]]
demands: Registry[Demand] = Registry("demands before closing")


def missing(case: Case) -> list[str]:
    """What must be there before the case can close, in the reader's language."""
    return [sentence for demand in demands for sentence in demand(case)]
