"""Addresses and operations of possible duplicates."""

from tests.matrix.rows import Operation, Page, may

SEE, CHANGE = may("customer", "view", "customer"), may("customer", "change", "customer")
ANY, MERGE = may("customer", "view"), may("customer", "merge")

PAGES = [
    Page("/customers/duplicates/", get=ANY),
    Page("/customers/duplicates/state", get=ANY),
    Page("/customers/duplicates/scan", post=MERGE, changes=False),
    Page("/customers/duplicates/scan/{scan:pk}/stop", post=MERGE),
    Page(
        "/customers/duplicates/similar",
        post=may("customer", "create"),
        body={"kind": "person", "name": "Anders"},
        changes=False,
    ),
    Page("/customers/duplicates/decisions", get=ANY),
    Page("/customers/duplicates/decisions/{decision:pk}/withdraw", post=CHANGE),
    Page("/customers/duplicates/{pair:pk}/", get=SEE),
    Page("/customers/duplicates/{pair:pk}/different", post=CHANGE, body={"reason": "two people"}),
]

OPERATIONS = [
    Operation("GET", "/api/v1/customers/duplicates", ANY),
    Operation("POST", "/api/v1/customers/duplicates/look", ANY, body={"name": "Anders"}, changes=False),
    Operation("GET", "/api/v1/customers/{customer}/duplicates", SEE),
]
