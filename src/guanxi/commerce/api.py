"""Orders in the API."""

from typing import Any, Literal

import orjson
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from guanxi.commerce.models import Order, OrderLine
from guanxi.core import ids, money
from guanxi.core.errors import InvalidInput
from guanxi.customers.public import find_customer

router = Router()
MOST = 200
COLUMNS = (
    "pk", "source", "number", "kind", "ordered_at", "ordered_on", "country", "currency", "amount_minor", "line_count",
    "customer_id",
)  # fmt: skip


class OrderSummary(Schema):
    """What a list says of an order; amounts are decimal strings, those of returns negative."""

    id: str
    source: str
    number: str
    kind: Literal["sale", "return", "adjustment"]
    ordered_at: str
    ordered_on: str
    country: str
    currency: str
    amount: str
    lines: int
    customer_id: str | None


class LineData(Schema):
    """One line of an order."""

    product: str | None
    kind: Literal["goods", "fee", "adjustment"]
    description: str
    quantity: str
    unit_price: str | None
    amount: str


class OrderDetails(OrderSummary):
    """An order with its lines."""

    order_lines: list[LineData]


class OrderPage(Schema):
    """A page of orders; `next` goes on after it."""

    items: list[OrderSummary]
    next: str | None


class OrderQuery(Schema):
    """Whose orders, and where the list begins."""

    model_config = ConfigDict(extra="forbid")

    customer: str = Field("", description="our id (cus_…) or an external id; without it the orders of everybody")
    limit: int = Field(50, ge=1, le=MOST)
    after: str = Field("", description="`next` of the page before")


def _answer(data: Any) -> HttpResponse:
    """Write data that has the promised form already."""
    return HttpResponse(orjson.dumps(data), content_type="application/json")


@router.get("", response=OrderPage, summary="List orders, the newest first")
def list_orders(request: HttpRequest, query: Query[OrderQuery]) -> HttpResponse:
    """Give one page of the orders the caller may see."""
    orders = Order.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    if query.customer:
        orders = orders.filter(customer=find_customer(request.actor, query.customer))  # type: ignore[attr-defined]
    rows = list(_beyond(orders, query.after).order_by("-ordered_at", "-pk").values(*COLUMNS)[: query.limit + 1])
    items = [_summary(row) for row in rows[: query.limit]]
    return _answer({"items": items, "next": items[-1]["id"] if len(rows) > query.limit else None})


@router.get("/{order_id}", response=OrderDetails, summary="Read one order")
def read_order(request: HttpRequest, order_id: str) -> HttpResponse:
    """Give one order by our id, with its lines."""
    found = Order.objects.get_visible(request.actor, pk=ids.parse("ord", order_id) or 0)  # type: ignore[attr-defined]
    row = Order.objects.visible_to(request.actor).values(*COLUMNS).get(pk=found.pk)  # type: ignore[attr-defined]
    return _answer({**_summary(row), "order_lines": [_line(line, found.currency) for line in _lines(found)]})


def _beyond(orders: QuerySet[Order], after: str) -> QuerySet[Order]:
    """Return the orders after the one that ended the last page."""
    if not after:
        return orders
    last = orders.filter(pk=ids.parse("ord", after) or 0).values_list("ordered_at", flat=True).first()
    if last is None:
        raise InvalidInput(_("This place in the list is no longer valid. Begin again without it."), column="after")
    return orders.filter(ordered_at__lte=last).exclude(ordered_at=last, pk__gte=ids.parse("ord", after))


def _summary(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a list says of an order."""
    return {
        "id": ids.public_id("ord", row["pk"]),
        **{name: row[name] for name in ("source", "number", "kind", "country", "currency")},
        "ordered_at": row["ordered_at"].isoformat(),
        "ordered_on": row["ordered_on"].isoformat(),
        "amount": money.plain(row["amount_minor"], row["currency"]),
        "lines": row["line_count"],
        "customer_id": ids.public_id("cus", row["customer_id"]) if row["customer_id"] else None,
    }


def _lines(order: Order) -> QuerySet[OrderLine, dict[str, Any]]:
    """Return the lines of an order in force."""
    lines = OrderLine.objects.filter(order=order).order_by("pk")  # house: reads: of an order the caller sees
    return lines.values("product__code", "kind", "description", "quantity", "unit_price", "amount_minor")


def _line(row: dict[str, Any], currency: str) -> dict[str, Any]:
    """Return one line as plain data."""
    price = row["unit_price"]
    return {
        "product": row["product__code"],
        "kind": row["kind"],
        "description": row["description"],
        "quantity": f"{row['quantity'].normalize():f}",
        "unit_price": None if price is None else f"{price.normalize():f}",
        "amount": money.plain(row["amount_minor"], currency),
    }
