"""Addresses and operations of orders and products."""

from tests.matrix.rows import Operation, Page, may

PAGES = [
    Page("/orders/", get=may("order", "view")),
    Page("/orders/{order}/", get=may("order", "view", "order")),
    Page("/products/", get=may("product", "view")),
    Page("/products/{product}/", get=may("product", "view", "company")),
]

OPERATIONS = [
    Operation("GET", "/api/v1/orders", may("order", "view")),
    Operation("GET", "/api/v1/orders/{order}", may("order", "view", "order")),
]
