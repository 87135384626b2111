"""Addresses and operations of merging."""

from tests.matrix.rows import Operation, Page, may

SEE = may("customer", "view", "customer")
MERGE = may("customer", "merge", "customer")

PAGES = [
    Page(
        "/customers/merge?id={customer}&id={twin}",
        get=MERGE,
        post=MERGE,
        body={"id": "{customer}", "keep": "{customer}"},
        changes=False,
        also=(422,),
    ),
    Page("/customers/merges/{merge}/undo", post=may("customer", "merge", "twin")),
]

OPERATIONS = [
    Operation("POST", "/api/v1/customers/{customer}/merge", MERGE, body={"absorb": ["{twin}"]}),
    Operation("GET", "/api/v1/customers/{customer}/merges", SEE),
    Operation("POST", "/api/v1/merges/{merge}/undo", may("customer", "merge", "twin")),
]
