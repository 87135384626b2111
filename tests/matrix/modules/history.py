"""Addresses of the history."""

from tests.matrix.rows import Operation, Page, may

READ = may("history", "view")
OF_RECORD = may("customer", "view", "customer") | may("history", "view", "company")

PAGES = [
    Page("/history/", get=READ),
    Page("/history/export", get=may("history", "export")),
    Page("/history/{operation:pk}", get=READ),
    Page(
        "/history/{operation:pk}/undo",
        post=may("operation", "undo"),
        changes=False,
        also=(404, 409),
    ),
    Page("/history/of/customer/{customer:pk}", get=OF_RECORD),
]
OPERATIONS = [
    Operation("GET", "/api/v1/history", READ),
    Operation("GET", "/api/v1/history/{operation:pk}", READ, also=(404,)),
]
