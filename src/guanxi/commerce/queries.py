"""What pages ask about orders."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, Count, Max, QuerySet, Sum
from django.db.models.functions import Cast, TruncMonth
from django.utils.translation import gettext as _

from guanxi.commerce.choices import OrderKind
from guanxi.commerce.models import Order, OrderLine
from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled, CompiledRecords
from guanxi.core.errors import NotFound
from guanxi.customers.models import Customer
from guanxi.customers.signs import Found
from guanxi.search.public import Entry


def order_by_key(actor: Actor, key: str) -> Order:
    """The order whose public id stands in an address."""
    number = ids.parse("ord", key)
    if number is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    order: Order = Order.objects.select_related("customer").get_visible(actor, pk=number)
    return order


def lines_of(order: Order) -> QuerySet[OrderLine]:
    """The lines of an order that count, as they came."""
    return OrderLine.objects.filter(order=order).select_related("product").order_by("pk")


@cache
def _newest(limit: int) -> CompiledRecords[Order]:
    """The newest orders of a customer, for those who see all."""
    return CompiledRecords(
        Order, lambda number: Order.objects.filter(customer=number).order_by("-ordered_at", "-id")[:limit], int
    )


_NUMBER_OF_ORDERS = Compiled(
    lambda number: (
        Order.objects.filter(customer=number).order_by().values("customer").annotate(n=Count("pk")).values_list("n")
    ),
    int,
)


def latest_orders(actor: Actor, customer_id: int, limit: int) -> list[Order]:
    """A customer's newest orders."""
    if actor.scope("order", "view") == "all":
        return _newest(limit).all(customer_id)
    rows = Order.objects.visible_to(actor).filter(customer=customer_id).order_by("-ordered_at", "-id")
    return list(rows[:limit])


def order_count(actor: Actor, customer_id: int) -> int:
    """How many orders and returns a customer has."""
    if actor.scope("order", "view") == "all":
        return sum(count for (count,) in _NUMBER_OF_ORDERS.rows(customer_id))
    return Order.objects.visible_to(actor).filter(customer=customer_id).count()


def product_sales(actor: Actor, product_id: int) -> list[dict[str, Any]]:
    """What a product sold, by currency. Keys: order__currency, amount_minor, quantity, orders, customers."""
    rows = OrderLine.objects.visible_to(actor).filter(order__in=Order.objects.all(), product=product_id)
    return list(
        rows.values("order__currency")
        .annotate(
            amount_minor=Cast(Sum("amount_minor"), BigIntegerField()),
            quantity=Sum("quantity"),
            orders=Count("order", distinct=True),
            customers=Count("order__customer", distinct=True),
        )
        .order_by("-amount_minor", "order__currency")
    )


def sales_by_month(actor: Actor, product_id: int, currency: str) -> dict[date, tuple[int, Decimal]]:
    """What a product sold in each month that has a line of it: amount in the smallest unit, quantity."""
    rows = (
        OrderLine.objects.visible_to(actor)
        .filter(order__in=Order.objects.all(), product=product_id, order__currency=currency)
        .annotate(month=TruncMonth("order__ordered_on"))
        .values("month")
        .annotate(amount=Cast(Sum("amount_minor"), BigIntegerField()), sold=Sum("quantity"))
    )
    return {row["month"]: (row["amount"], row["sold"]) for row in rows.order_by("month")}


def buyers_of(actor: Actor, product_id: int, limit: int) -> list[dict[str, Any]]:
    """Who bought most of a product. Keys: customer (the record), currency, amount (minor), orders, last_on."""
    rows = list(
        OrderLine.objects.visible_to(actor)
        .filter(
            order__in=Order.objects.all(), order__customer__in=Customer.objects.visible_to(actor), product=product_id
        )
        .values("order__customer", "order__currency")
        .annotate(
            amount=Cast(Sum("amount_minor"), BigIntegerField()),
            orders=Count("order", distinct=True),
            last_on=Max("order__ordered_on"),
        )
        .order_by("-amount", "order__customer")[:limit]
    )
    customers = Customer.objects.select_related("standing").in_bulk([row["order__customer"] for row in rows])
    return [{**row, "customer": customers[row["order__customer"]], "currency": row["order__currency"]} for row in rows]


def latest_lines(actor: Actor, product_id: int, limit: int) -> list[OrderLine]:
    """The newest lines of a product."""
    rows = OrderLine.objects.visible_to(actor).filter(product=product_id).select_related("order", "order__customer")
    return list(rows.order_by("-order__ordered_at", "-pk")[:limit])


def orders_of_number(actor: Actor, number: str, limit: int) -> Iterator[Entry]:
    """Orders of exactly this number, as search hits."""
    rows = Order.objects.visible_to(actor).filter(number=number).select_related("customer").order_by("-ordered_at")
    for order in rows[:limit]:
        yield Entry(order.pk, order.number, subtitle=order.customer.name if order.customer else "")


def buyers_who_returned(since: datetime, most: int) -> list[Found]:
    """Customers who took something back since a moment, the newest first."""
    rows = (
        Order.objects.filter(kind=OrderKind.RETURN, ordered_at__gte=since, customer__isnull=False)
        .order_by()
        .values("customer")
        .annotate(at=Max("ordered_at"), count=Count("pk"))
        .order_by("-at")[:most]
    )
    return [Found(row["customer"], row["at"], row["count"]) for row in rows]
