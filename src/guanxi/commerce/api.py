"""Orders in the API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.commerce.models import Order, OrderLine
from guanxi.commerce.queries import order_by_key
from guanxi.core import ids, money
from guanxi.core.actor import Actor
from guanxi.core.api import Day, Strict, actor_in, answer, cursors, id_of
from guanxi.customers.public import find_customer
from guanxi.ui import keyset
from guanxi.ui.keyset import SortKey

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


class OrderQuery(Strict):
    """Which orders, in which order, and where the list begins."""

    customer: Annotated[str, id_of("customer")] = Field(
        "", max_length=260, description="our id (cus_…) or an external id; without it the orders of everybody"
    )
    number: str = Field("", max_length=200, description="exactly this number")
    kind: Literal["sale", "return", "adjustment", ""] = ""
    since: Day | None = Field(None, description="ordered on that day or later")
    until: Day | None = Field(None, description="ordered on that day or before")
    sort: Literal["ordered_at", "-ordered_at"] = "-ordered_at"
    limit: int = Field(50, ge=1, le=MOST)
    after: str = Field("", max_length=2000, description="`next` of the page before")


@router.get("", response=OrderPage, summary="List orders, the newest first", openapi_extra={"x-statuses": [404, 409]})
def list_orders(request: HttpRequest, query: Query[OrderQuery]) -> HttpResponse:
    """Give one page of the orders the caller may see; a place goes on in the list that it was given for only."""
    actor = actor_in(request)
    about = f"orders {query.model_dump_json(exclude={'limit', 'after'})}"
    place = cursors.decode(about, query.after)
    down = query.sort.startswith("-")
    keys = [SortKey("ordered_at", down), SortKey("pk", down)]
    after = [datetime.fromisoformat(place[0]), place[1]] if place else None
    rows = keyset.fetch(_narrowed(actor, query), keys, list(COLUMNS), after, query.limit + 1)
    items = rows[: query.limit]
    more = cursors.encode(about, keyset.place(items[-1], keys)) if len(rows) > query.limit else None
    return answer({"items": [_summary(row) for row in items], "next": more})


@router.get("/{order_id}", response=OrderDetails, summary="Read one order", openapi_extra={"x-etag": True})
def read_order(request: HttpRequest, order_id: Annotated[str, id_of("order")]) -> HttpResponse:
    """Give one order by our id, with its lines."""
    found = order_by_key(actor_in(request), order_id)
    row = {name: getattr(found, name) for name in COLUMNS}
    lines = [_line(line, found.currency) for line in _lines(found)]
    return answer({**_summary(row), "order_lines": lines}, request=request)


def _narrowed(actor: Actor, query: OrderQuery) -> QuerySet[Order]:
    """The orders that are asked for, as far as the actor may see them."""
    orders = Order.objects.visible_to(actor)
    if query.customer:
        orders = orders.filter(customer=find_customer(actor, query.customer))
    for name, value in (("number", query.number.replace("\x00", "")), ("kind", query.kind)):
        if value:
            orders = orders.filter(**{name: value})
    for name, day in (("ordered_on__gte", query.since), ("ordered_on__lte", query.until)):
        if day:
            orders = orders.filter(**{name: day})
    return orders


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
