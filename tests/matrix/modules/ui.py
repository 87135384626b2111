"""Addresses that belong to no module: lists, fields, palette, views."""

from tests.matrix.rows import ANYBODY, SIGNED_IN, Operation, Page, may, only

LIST = may("customer", "view")
SEE, CHANGE = may("customer", "view", "customer"), may("customer", "change", "customer")
MINE = only("keeper")

PAGES = [
    Page("/", get=SIGNED_IN),
    Page("/search?q=an", get=SIGNED_IN),
    Page("/search/hits?q=an", get=SIGNED_IN),
    Page("/ui/list/customers/rows", get=LIST),
    Page("/ui/list/customers/lane?layout=board&group=status&lane=active", get=LIST),
    Page("/ui/list/customers/count?layout=board&group=status&lane=active", get=LIST),
    Page("/ui/list/customers/sum?layout=board&group=status&lane=active", get=LIST),
    Page("/ui/list/customers/footer", get=LIST),
    Page("/ui/list/customers/menu/columns", get=LIST),
    Page("/ui/list/customers/filter/city", get=LIST),
    Page("/ui/list/customers/peek/{customer:pk}", get=SEE),
    Page("/ui/list/customers/cell/{customer:pk}/name", get=SEE),
    Page(
        "/ui/list/customers/bulk/archive",
        get=may("customer", "change"),
        post=may("customer", "change"),
        body={"ids": "{customer:pk}"},
    ),
    Page("/ui/list/customers/export", get=may("customer", "export")),
    Page("/ui/list/customers/views/form", get=LIST),
    Page("/ui/list/customers/views/new", post=LIST, body={"name": "a view"}),
    Page("/ui/list/customers/views/{view:pk}", post=MINE, changes=False),
    Page("/ui/list/customers/views/{view:pk}/delete", post=MINE, prover="keeper"),
    Page("/ui/bulk/{bulk_run:pk}", get=MINE),
    Page("/ui/bulk/{bulk_run:pk}/progress", get=MINE),
    Page("/ui/bulk/{bulk_run:pk}/undo", post=MINE, changes=False),
    Page("/ui/edit/customer/{customer:pk}/city", get=CHANGE, post=CHANGE, body={"value": "Porto"}),
    Page("/ui/undo/{operation:pk}", post=may("operation", "undo")),
    Page("/ui/cards/customer/{customer:pk}", get=SEE),
    Page("/ui/here/customer/{customer:pk}", post=SEE, changes=False),
    Page("/ui/palette", get=SIGNED_IN),
    Page("/ui/palette/search?q=an", get=SIGNED_IN),
    Page("/settings/", get=SIGNED_IN),
    Page("/ui/preferences", post=ANYBODY, body={"theme": "dark"}),
    Page("/files/{file}", get=MINE | may("file", "view", "company")),
    Page("/live/ticket?topics=customer:{customer:pk}", get=SIGNED_IN),
    Page("/live/since?at=2026-01-01T00:00:00Z&topics=customer:{customer:pk}", get=SIGNED_IN),
    Page("/value", get=may("value", "view")),
    Page("/value/measure", post=may("value", "change")),
    Page("/value/dates", post=may("value", "compare"), body={"day": "2024-01-01"}, changes=False),
]

OPERATIONS = [
    Operation("GET", "/api/v1/search?q=an", SIGNED_IN),
    Operation("GET", "/api/v1/health", ANYBODY, is_public=True),
    Operation("GET", "/api/v1/openapi.json", ANYBODY, is_public=True),
]
