"""Operations of the API that no page has: parts of a customer, imports from a program, products, users, tiers."""

from tests.matrix.modules.importing import SEE as SEE_IMPORT
from tests.matrix.rows import NOBODY, SIGNED_IN, Operation, may

SEE, CHANGE = may("customer", "view", "customer"), may("customer", "change", "customer")
ONE = "/api/v1/customers/{customer}"
RUN = "/api/v1/imports/{import}"
COLUMNS = {"columns": {"name": "name"}}

OPERATIONS = [
    Operation("DELETE", ONE, may("customer", "delete", "customer")),
    Operation("POST", "/api/v1/customers/undo", NOBODY, body={"operation": "opr_0001m"}, changes=False),
    Operation("GET", f"{ONE}/contact-points", SEE),
    Operation("POST", f"{ONE}/contact-points", CHANGE, body={"kind": "email", "value": "fresh@example.com"}),
    Operation("PATCH", f"{ONE}/contact-points/{{contact}}", CHANGE, body={"label": "x"}),
    Operation("DELETE", f"{ONE}/contact-points/{{contact}}", CHANGE),
    Operation("GET", f"{ONE}/relations", SEE),
    Operation("POST", f"{ONE}/relations", CHANGE, body={"kind": "owns", "object": "{company}"}),
    Operation("PATCH", f"{ONE}/relations/{{relation}}", CHANGE, body={"role": "director"}),
    Operation("DELETE", f"{ONE}/relations/{{relation}}", CHANGE),
    Operation("GET", f"{ONE}/timeline", SEE),
    Operation("POST", "/api/v1/imports", SIGNED_IN, changes=False),
    Operation("PUT", f"{RUN}/columns", SEE_IMPORT, body=COLUMNS, changes=False, also=(404,)),
    Operation("POST", f"{RUN}/check", SEE_IMPORT, changes=False, also=(404,)),
    Operation("POST", f"{RUN}/commit", SEE_IMPORT, changes=False, also=(404,)),
    Operation("POST", f"{RUN}/undo", SEE_IMPORT, body={}, changes=False, also=(404,)),
    Operation("DELETE", RUN, SEE_IMPORT, changes=False, also=(404,)),
    Operation("GET", f"{RUN}/refused", SEE_IMPORT),
    Operation("GET", "/api/v1/products", may("product", "view")),
    Operation("GET", "/api/v1/products/{product}", may("product", "view", "product")),
    Operation("GET", "/api/v1/users", may("user", "view")),
    Operation("GET", "/api/v1/users/me", SIGNED_IN),
    Operation("GET", "/api/v1/users/me/rights", SIGNED_IN),
    Operation("GET", "/api/v1/users/{user}", may("user", "view", "company"), also=(404,)),
    Operation("GET", "/api/v1/users/{user}/rights", may("user", "manage", "company"), also=(404,)),
    Operation("GET", "/api/v1/tiers", may("value", "view")),
]
