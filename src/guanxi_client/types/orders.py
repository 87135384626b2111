"""What is sent and given: orders. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Literal, TypedDict


class LineData(TypedDict):
    """One line of an order."""

    amount: str
    description: str
    kind: Literal["goods", "fee", "adjustment"]
    product: str | None
    quantity: str
    unit_price: str | None


class OrderDetails(TypedDict):
    """An order with its lines."""

    amount: str
    country: str
    currency: str
    customer_id: str | None
    id: str
    kind: Literal["sale", "return", "adjustment"]
    lines: int
    number: str
    order_lines: list[LineData]
    ordered_at: str
    ordered_on: str
    source: str


class OrderPage(TypedDict):
    """A page of orders; `next` goes on after it."""

    items: list[OrderSummary]
    next: str | None


class OrderSummary(TypedDict):
    """What a list says of an order; amounts are decimal strings, those of returns negative."""

    amount: str
    country: str
    currency: str
    customer_id: str | None
    id: str
    kind: Literal["sale", "return", "adjustment"]
    lines: int
    number: str
    ordered_at: str
    ordered_on: str
    source: str
