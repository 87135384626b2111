"""Reading what customers bought, summed in the database, into columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from guanxi.commerce import facts
from guanxi.insight.value.columns import DAY, INT, Columns, read_columns
from guanxi.insight.value.measuring import CustomerBase, Ints

_TOTALS = {"customer": INT, "net": INT, "orders": INT, "purchases": INT, "first": DAY, "last": DAY}
_COSTS = {"customer": INT, "cost": INT}
_DAYS_AT_ONCE = 4


@dataclass(frozen=True)
class LeftOut:
    """Orders that no standing counts, because no rate of their currency is known."""

    currency: str
    orders: int
    customers: int


@dataclass(frozen=True)
class EarlierBase:
    """What every identified customer had done by the end of an earlier day, as columns in rising order of `ids`."""

    ids: Ints
    net: Ints
    orders: Ints
    last: Ints


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


def read_base(span: Span) -> CustomerBase:
    """Every identified customer with an order."""
    totals = read_columns(facts.customer_totals(span.currency), _TOTALS)
    return CustomerBase(
        ids=totals["customer"],
        net=totals["net"],
        orders=totals["orders"],
        purchases=totals["purchases"],
        first=totals["first"],
        last=totals["last"],
        margin=_margin(span.currency, totals),
    )


def read_earlier(span: Span, days: Sequence[date]) -> Iterator[tuple[date, EarlierBase]]:
    """The customers with an order by the end of each of some earlier days."""
    for start in range(0, len(days), _DAYS_AT_ONCE):
        part = days[start : start + _DAYS_AT_ONCE]
        kinds = {"customer": INT, "first": DAY}
        for number in range(len(part)):
            kinds |= {f"net_{number}": INT, f"orders_{number}": INT, f"last_{number}": DAY}
        found = read_columns(facts.customer_totals_until(span.currency, part), kinds)
        for number, day in enumerate(part):
            there = found[f"orders_{number}"] > 0
            yield (
                day,
                EarlierBase(
                    ids=found["customer"][there],
                    net=found[f"net_{number}"][there],
                    orders=found[f"orders_{number}"][there],
                    last=found[f"last_{number}"][there],
                ),
            )


def _margin(currency: str, totals: Columns) -> Ints | None:
    """Net revenue less cost, or None where the cost of some goods sold is not known."""
    if not facts.costs_are_known(currency):
        return None
    costs = read_columns(facts.customer_costs(currency), _COSTS)
    cost = np.zeros_like(totals["net"])
    cost[np.searchsorted(totals["customer"], costs["customer"])] = costs["cost"]
    return totals["net"] - cost
