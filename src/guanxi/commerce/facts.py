"""Facts of trade for insight: plain sums with stable columns, of orders in force, computed in the database."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Count, DecimalField, ExpressionWrapper, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, Round

from guanxi.commerce.choices import LineKind, OrderKind
from guanxi.commerce.models import Order, OrderLine
from guanxi.importing.public import in_force_q

_SALE = Q(kind=OrderKind.SALE)
_KNOWN = Q(customer__isnull=False)
_UNKNOWN = Q(customer__isnull=True)


def orders_on_record(currency: str) -> dict[str, Any]:
    """First and last day, number of orders, and what of them belongs to no customer, in one currency.

    Keys: first_on, last_on, orders, unidentified_orders, unidentified_minor.
    """
    return Order.objects.filter(currency=currency).aggregate(
        first_on=Min("ordered_on"),
        last_on=Max("ordered_on"),
        orders=Count("pk"),
        unidentified_orders=Count("pk", filter=_UNKNOWN),
        unidentified_minor=Cast(Sum("amount_minor", filter=_UNKNOWN), BigIntegerField()),
    )


def other_currencies(currency: str) -> list[dict[str, Any]]:
    """Orders in every other currency. Keys: currency, orders, customers."""
    return list(
        Order.objects.exclude(currency=currency)
        .values("currency")
        .annotate(orders=Count("pk"), customers=Count("customer", distinct=True))
        .order_by("currency")
    )


def other_currencies_of(customer_id: int, currency: str) -> list[dict[str, Any]]:
    """A customer's orders in every other currency. Keys: currency, orders, amount_minor."""
    return list(
        Order.objects.filter(customer=customer_id)
        .exclude(currency=currency)
        .values("currency")
        .annotate(orders=Count("pk"), amount_minor=Cast(Sum("amount_minor"), BigIntegerField()))
        .order_by("currency")
    )


def first_currency() -> str:
    """The currency of the first order that came in; '' without orders."""
    return Order.objects.order_by("pk").values_list("currency", flat=True).first() or ""


def customer_totals(currency: str) -> QuerySet[Any, Any]:
    """What each identified customer bought in one currency.

    Rows by customer: customer_id, net_minor (all lines, returns taken off), orders (returns among them), purchases
    (sales alone), first_on (of any order), last_on (of the last sale, of the last order where there is no sale).
    """
    return (
        Order.objects.filter(_KNOWN, currency=currency)
        .values("customer_id")
        .annotate(
            net_minor=Cast(Sum("amount_minor"), BigIntegerField()),
            orders=Count("pk"),
            purchases=Count("pk", filter=_SALE),
            first_on=Min("ordered_on"),
            last_on=Coalesce(Max("ordered_on", filter=_SALE), Max("ordered_on")),
        )
        .order_by("customer_id")
        .values_list("customer_id", "net_minor", "orders", "purchases", "first_on", "last_on")
    )


def customer_totals_until(currency: str, days: Sequence[date]) -> QuerySet[Any, Any]:
    """What each identified customer had bought in one currency by the end of each of some days, in one reading.

    Rows by customer: customer_id, first_on, then for each day net_minor, orders, last_on (of the last sale by then,
    of the last order where there was no sale; of the first order ever where there was none yet).
    """
    figures: dict[str, Any] = {}
    for number, day in enumerate(days):
        by_then = Q(ordered_on__lte=day)
        figures |= {
            f"net_{number}": Cast(Coalesce(Sum("amount_minor", filter=by_then), 0), BigIntegerField()),
            f"orders_{number}": Count("pk", filter=by_then),
            f"last_{number}": Coalesce(
                Max("ordered_on", filter=by_then & _SALE), Max("ordered_on", filter=by_then), Min("ordered_on")
            ),
        }
    found = (
        Order.objects.filter(_KNOWN, currency=currency)
        .values("customer_id")
        .annotate(first_on=Min("ordered_on"), **figures)
    )
    return found.order_by("customer_id").values_list("customer_id", "first_on", *figures)


def _goods_sold(currency: str) -> QuerySet[OrderLine]:
    """Lines of goods that identified customers bought or gave back."""
    return OrderLine.objects.filter(
        in_force_q("order__import_run"), kind=LineKind.GOODS, order__currency=currency, order__customer__isnull=False
    )


def costs_are_known(currency: str) -> bool:
    """Whether the unit cost of all goods that identified customers bought is known, in the same currency."""
    priced = Q(product__unit_cost_minor__isnull=False, product__currency=currency)
    goods = _goods_sold(currency)
    return goods.filter(priced).exists() and not goods.exclude(priced).exists()


def customer_costs(currency: str) -> QuerySet[Any, Any]:
    """What the goods cost that each identified customer kept: customer_id, cost_minor, by customer.

    Fees and adjustments cost nothing; returned goods give their cost back.
    """
    cost = ExpressionWrapper(
        F("quantity") * F("product__unit_cost_minor"), DecimalField(max_digits=30, decimal_places=6)
    )
    return (
        _goods_sold(currency)
        .values("order__customer_id")
        .annotate(cost_minor=Cast(Round(Sum(cost)), BigIntegerField()))
        .order_by("order__customer_id")
        .values_list("order__customer_id", "cost_minor")
    )
