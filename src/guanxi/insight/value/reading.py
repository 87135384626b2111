"""Reading what customers bought, summed in the database, into columns."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from guanxi.commerce import facts
from guanxi.insight.value.columns import DAY, INT, Columns, read_columns
from guanxi.insight.value.measuring import CustomerBase, Ints

_TOTALS = {"customer": INT, "net": INT, "orders": INT, "purchases": INT, "first": DAY, "last": DAY}
_COSTS = {"customer": INT, "cost": INT}


@dataclass(frozen=True)
class LeftOut:
    """Orders that no standing counts, because no rate of their currency is known."""

    currency: str
    orders: int
    customers: int


@dataclass(frozen=True)
class Span:
    """What is on record in one currency."""

    currency: str
    first: date
    last: date
    order_count: int
    unidentified_count: int
    unidentified_minor: int
    left_out: tuple[LeftOut, ...]


def read_span(currency: str) -> Span | None:
    """From which order to which the record goes, and what of it belongs to no customer; None without orders."""
    found = facts.orders_on_record(currency)
    if not found["orders"]:
        return None
    others = tuple(
        LeftOut(row["currency"], row["orders"], row["customers"]) for row in facts.other_currencies(currency)
    )
    return Span(
        currency=currency,
        first=found["first_on"],
        last=found["last_on"],
        order_count=found["orders"],
        unidentified_count=found["unidentified_orders"],
        unidentified_minor=found["unidentified_minor"] or 0,
        left_out=others,
    )


def read_base(span: Span, *, until: date | None = None) -> CustomerBase:
    """Every identified customer with an order, up to the end of a day if one is given."""
    totals = read_columns(facts.customer_totals(span.currency, until=until), _TOTALS)
    margin = None if until is not None else _margin(span.currency, totals)
    return CustomerBase(
        ids=totals["customer"],
        net=totals["net"],
        orders=totals["orders"],
        purchases=totals["purchases"],
        first=totals["first"],
        last=totals["last"],
        margin=margin,
    )


def _margin(currency: str, totals: Columns) -> Ints | None:
    """Net revenue less cost, or None where the cost of some goods sold is not known."""
    if not facts.costs_are_known(currency):
        return None
    costs = read_columns(facts.customer_costs(currency), _COSTS)
    cost = np.zeros_like(totals["net"])
    cost[np.searchsorted(totals["customer"], costs["customer"])] = costs["cost"]
    return totals["net"] - cost
