"""Addresses and operations of tokens and webhooks."""

from tests.matrix.rows import SIGNED_IN, Operation, Page, may, only

MINE = only("keeper")
SEE, CHANGE, DELETE = (may("webhook", action, "webhook") for action in ("view", "change", "delete"))
CREATE = may("webhook", "create")
HOOK = {"label": "shop", "url": "https://example.com/another"}

PAGES = [
    Page("/settings/api", get=SIGNED_IN),
    Page("/settings/api/customers", get=SIGNED_IN),
    Page("/settings/tokens", get=SIGNED_IN),
    Page("/settings/tokens/create", get=SIGNED_IN, post=SIGNED_IN, body={"label": "shop", "scope": "read"}),
    Page("/settings/tokens/{token}/revoke", post=MINE | may("token", "manage")),
    Page("/settings/webhooks", get=may("webhook", "view")),
    Page("/settings/webhooks/new", get=CREATE, post=CREATE, body=HOOK),
    Page("/settings/webhooks/{webhook}", get=SEE),
    Page("/settings/webhooks/{webhook}/change", get=CHANGE, post=CHANGE, body=HOOK),
    Page("/settings/webhooks/{webhook}/secret", post=CHANGE),
    Page("/settings/webhooks/{webhook}/active", post=CHANGE),
    Page("/settings/webhooks/{webhook}/test", post=CHANGE),
    Page("/settings/webhooks/{webhook}/replay", post=CHANGE, changes=False),
    Page("/settings/webhooks/{webhook}/remove", post=DELETE),
]

OPERATIONS = [
    Operation("GET", "/api/v1/token", SIGNED_IN),
    Operation("GET", "/api/v1/webhooks", may("webhook", "view")),
    Operation("GET", "/api/v1/webhooks/types", SIGNED_IN),
    Operation("POST", "/api/v1/webhooks", CREATE, body=HOOK),
    Operation("GET", "/api/v1/webhooks/{webhook}", SEE),
    Operation("PATCH", "/api/v1/webhooks/{webhook}", CHANGE, body={"label": "till"}),
    Operation("DELETE", "/api/v1/webhooks/{webhook}", DELETE),
    Operation("POST", "/api/v1/webhooks/{webhook}/secret", CHANGE),
    Operation("POST", "/api/v1/webhooks/{webhook}/test", CHANGE),
    Operation("POST", "/api/v1/webhooks/{webhook}/replay", CHANGE, body={"failed": True}, changes=False),
    Operation("GET", "/api/v1/webhooks/{webhook}/messages", SEE),
]
