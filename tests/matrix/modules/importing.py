"""Addresses and operations of files that come in."""

from tests.matrix.rows import Operation, Page, may, only

BRINGS = may("customer", "import", "company") | may("order", "import", "company")
SEE = may("customer", "import", "company") | may("import", "view", "company")
DO = may("customer", "import", "company")
KEEPER_WITH_RIGHT = DO & only("keeper")
CSV = {"file": ("customers.csv", b"external_id,name\n9,Anders\n")}

PAGES = [
    Page("/imports/", get=may("import", "view")),
    Page("/imports/new", get=BRINGS, post=BRINGS, body={"target": "customers"}, files=CSV),
    Page("/imports/template/customers.csv", get=may("customer", "import")),
    Page("/imports/{import}/", get=SEE),
    Page("/imports/{import}/columns", get=DO, post=DO, body={"field:name": "name", "field:external_id": "external_id"}),
    Page("/imports/{import}/sample", get=DO),
    Page("/imports/{import}/progress", get=SEE),
    Page("/imports/{import}/refused.csv", get=SEE, also=(404,)),  # where no row was refused
    Page("/imports/{import}/mapping", post=DO, changes=False),
    Page("/imports/{import}/save-mapping", post=DO, body={"name": "mine"}),
    Page("/imports/{import}/correct", post=DO, changes=False),
    Page("/imports/{import}/commit", post=DO, changes=False),
    Page("/imports/{import}/undo", post=may("customer", "undo", "company"), changes=False),
    Page("/imports/{import}/discard", post=DO),
    Page("/settings/mappings/", get=BRINGS),
    Page(
        "/settings/mappings/{mapping:pk}",
        get=KEEPER_WITH_RIGHT | (DO & may("mapping", "change", "company")),
        post=KEEPER_WITH_RIGHT | (DO & may("mapping", "change", "company")),
        body={"name": "other"},
    ),
    Page("/settings/mappings/{mapping:pk}/remove", post=KEEPER_WITH_RIGHT | (DO & may("mapping", "delete", "company"))),
    Page("/settings/mappings/{mapping:pk}.json", get=KEEPER_WITH_RIGHT),
]

OPERATIONS = [
    Operation("GET", "/api/v1/imports", may("import", "view")),
    Operation("GET", "/api/v1/imports/{import}", SEE),
]
