"""Addresses and operations of the customer archive."""

from tests.matrix.rows import Operation, Page, may, only

SEE, CHANGE = may("customer", "view", "customer"), may("customer", "change", "customer")
MANAGE = may("customer", "manage")
VISIT = {"kind": "out", "visited_at": "2024-05-01T10:00", "purpose": "Tasting"}
FIELD = {"label_zh": "尺码", "label_en": "Size", "key": "size", "type": "text", "position": "1"}
PERSON = {"kind": "person", "name": "Anders", "status": "active"}

PAGES = [
    Page("/customers/", get=may("customer", "view")),
    Page("/customers/new", get=may("customer", "create"), post=may("customer", "create"), body=PERSON),
    Page("/customers/pick?q=an", get=may("customer", "view")),
    Page("/customers/{customer}/", get=SEE),
    Page("/customers/{customer}/edit", get=CHANGE, post=CHANGE, body=PERSON | {"owner": "{user:pk}"}),
    Page("/customers/{customer}/status", post=CHANGE),
    # Nobody whose role masks the number gets it without a reason.
    Page("/customers/{customer}/number", post=CHANGE, hides=("masked",)),
    Page(
        "/customers/{customer}/reveal/contactpoint/value/{contact:pk}",
        get=CHANGE & only("masked"),
        post=CHANGE & only("masked"),
        body={"reason": "the customer asked to be called"},
        prover="masked",
        reveals=True,
    ),
    Page("/customers/{customer}/overview", get=SEE),
    Page("/customers/{customer}/archive", get=SEE),
    Page("/customers/{customer}/archive/edit", get=CHANGE, post=CHANGE, body={"hobbies": "chess"}),
    Page(
        "/customers/{customer}/contacts/new",
        get=CHANGE,
        post=CHANGE,
        body={"kind": "email", "value": "new@example.com"},
    ),
    Page(
        "/customers/contacts/{contact:pk}",
        get=CHANGE,
        post=CHANGE,
        body={"value": "13900003333", "label": "x"},
        hides=("masked",),
    ),
    Page("/customers/contacts/{contact:pk}/remove", post=CHANGE, hides=("masked",)),
    Page("/customers/{customer}/ids/new", get=CHANGE, post=CHANGE, body={"source": "shop", "value": "77"}),
    Page("/customers/ids/{external_id:pk}/remove", post=CHANGE),
    Page("/customers/{customer}/relations", get=SEE),
    Page(
        "/customers/{customer}/relations/new",
        get=CHANGE,
        post=CHANGE,
        body={"direction": "out:owns", "other": "{company:pk}"},
    ),
    Page("/customers/relations/{relation:pk}", get=CHANGE, post=CHANGE, body={"role": "director"}),
    Page("/customers/relations/{relation:pk}/remove", post=CHANGE),
    Page("/customers/{customer}/activity", get=SEE),
    Page("/customers/{customer}/activity/more", get=SEE),
    Page("/customers/{customer}/notes/new", get=CHANGE, post=CHANGE, body={"text": "remark"}),
    Page("/customers/notes/{note:pk}", get=CHANGE, post=CHANGE, body={"text": "another remark"}),
    Page("/customers/notes/{note:pk}/remove", post=CHANGE),
    Page("/customers/{customer}/visits/new", get=CHANGE, post=CHANGE, body=VISIT),
    Page("/customers/visits/{visit:pk}", get=CHANGE, post=CHANGE, body=VISIT),
    Page("/customers/visits/{visit:pk}/remove", post=CHANGE),
    Page("/customers/{customer}/card", get=SEE & (may("core_card", "view", "company") | only("keeper"))),
    Page(
        "/customers/{customer}/card/edit",
        get=CHANGE & (may("core_card", "change", "company") | only("keeper")),
        post=CHANGE & (may("core_card", "change", "company") | only("keeper")),
        body={"keeper": "{user:pk}", "review_days": "30", "needs": "tea"},
    ),
    Page("/settings/fields/", get=MANAGE),
    Page("/settings/fields/new", get=MANAGE, post=MANAGE, body=FIELD),
    Page("/settings/fields/indexes", post=MANAGE, changes=False),
    Page("/settings/fields/{field:pk}", get=MANAGE, post=MANAGE, body=FIELD | {"label_en": "Width"}),
    Page("/settings/fields/{field:pk}/retire", post=MANAGE),
]

OPERATIONS = [
    Operation("GET", "/api/v1/customers", may("customer", "view")),
    Operation("POST", "/api/v1/customers", may("customer", "create"), body={"name": "Anders"}),
    Operation("GET", "/api/v1/customers/lookup?kind=phone&value=13900001111", may("customer", "view")),
    Operation("GET", "/api/v1/customers/{customer}", SEE),
    Operation("PATCH", "/api/v1/customers/{customer}", CHANGE, body={"city": "Porto"}),
]
