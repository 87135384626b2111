"""Addresses and operations of consent, packs, erasure and retention."""

from tests.matrix.rows import Operation, Page, may

SEE, CHANGE = may("customer", "view", "customer"), may("customer", "change", "customer")
SAID = {"purpose": "marketing", "state": "given", "channels": "every", "at": "2024-05-01"}

PAGES = [
    Page("/customers/{customer}/consents", get=SEE),
    Page("/customers/{customer}/consents/add", get=CHANGE, post=CHANGE, body=SAID, changes=False),
    Page("/customers/consents/{consent:pk}/withdraw", get=CHANGE, post=CHANGE, body={"source": "call"}),
]

OPERATIONS = [
    Operation("GET", "/api/v1/consents?customer={customer}", SEE),
    Operation(
        "POST",
        "/api/v1/consents",
        CHANGE,
        body={"customer": "{customer}", "purpose": "marketing", "channels": ["phone"], "state": "refused"},
    ),
]
