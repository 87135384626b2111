"""Signs about customers that modules above add: chips in the head of the page, and signs of trouble.

A sign of trouble is something that went wrong for a customer at a moment (a return, a late solution, a broken
promise). Whoever has one and has not been in contact since is a silent customer, listed to be called.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from guanxi.core.actor import Actor
from guanxi.core.registry import Registry
from guanxi.ui.records import Chip

# What stands in the head of a customer's page besides tier, revenue and owner.
chips: Registry[Callable[[Actor, int], Iterable[Chip]]] = Registry("chips of customers")


@dataclass(frozen=True)
class Found:
    """A customer with a sign: when it was seen last, and how often since the moment asked for."""

    customer_id: int
    at: datetime
    count: int


@dataclass(frozen=True)
class Trouble:
    """One sign of trouble; `find(since, most)` gives the customers who have it, the newest first."""

    label: str | Promise
    find: Callable[[datetime, int], Iterable[Found]]
    weight: int = 1
    # (kind, action) of which the reader needs the right.
    permission: tuple[str, str] | None = None


trouble: Registry[Trouble] = Registry("signs of trouble")
