"""What is sent and given: products. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import TypedDict


class ProductData(TypedDict):
    """One thing sold, under the code that its source gives it; amounts are decimal strings."""

    category: str
    code: str
    currency: str | None
    id: str
    kind: str
    name: str
    source: str
    unit_cost: str | None


class ProductPage(TypedDict):
    """A page of products; `next` goes on after it."""

    items: list[ProductData]
    next: str | None
