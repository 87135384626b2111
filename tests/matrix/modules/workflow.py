"""Addresses and operations of rules and approvals."""

from tests.matrix.rows import Operation, Page, may, only

SEE, CREATE, CHANGE, DELETE = (may("rule", action, "company") for action in ("view", "create", "change", "delete"))
MANAGE = may("approval", "manage")
# The keeper has asked; the owner's role decides.
ASKED = only("keeper")
SEE_APPROVAL = may("approval", "view", "company") | ASKED
RULE = {
    "name": "Ring", "trigger": "task.created", "limit": "always", "c:sort": "all", "c.0:fact": "task.priority",
    "c.0:is": "is", "c.0:value": "3", "s.0:do": "task.set", "s.0:p:title": "Ring again", "s.0:p:assignee": "{user:pk}",
}  # fmt: skip
API_RULE = {
    "name": "Ring",
    "trigger": "task.created",
    "conditions": {"all": [{"fact": "task.priority", "is": "is", "value": 3}]},
    "actions": [{"action": "tell.role", "parameters": {"role": "manager"}}],
}
POLICY = {"sort": "remedy", "approver": "role", "role": "{role:pk}", "is_active": "on"}

PAGES = [
    Page("/settings/rules", get=SEE),
    Page("/settings/rules/log", get=SEE),
    Page("/settings/rules/new", get=CREATE, post=CREATE, body=RULE),
    Page("/settings/rules/{rule}/", get=SEE),
    Page("/settings/rules/{rule}/try", get=SEE),
    Page("/settings/rules/{rule}/change", get=CHANGE, post=CHANGE, body=RULE),
    Page("/settings/rules/{rule}/switch", post=CHANGE, body={"active": "yes"}),
    Page("/settings/rules/{rule}/remove", post=DELETE),
    Page("/settings/approvals", get=MANAGE),
    Page("/settings/approvals/new", get=MANAGE, post=MANAGE, body=POLICY),
    Page("/settings/approvals/{approval_policy:pk}/change", get=MANAGE, post=MANAGE, body=POLICY),
    Page("/settings/approvals/{approval_policy:pk}/remove", post=MANAGE),
    Page(
        "/settings/approvals/limit", get=MANAGE, post=MANAGE,
        body={"role": "{role:pk}", "sort": "", "amount": "10", "currency": "CNY"},
    ),
    Page("/settings/approvals/limits/{approval_limit:pk}/remove", post=MANAGE),
    Page(
        "/settings/approvals/head", get=MANAGE, post=MANAGE,
        body={"department": "{department:pk}", "user": "{user:pk}"},
    ),
    Page("/approvals/", get=may("approval", "view")),
    Page("/approvals/{approval}/", get=SEE_APPROVAL),
    Page("/approvals/{approval}/decide", post=SEE_APPROVAL, body={"word": "approve"}),
    Page("/approvals/{approval}/delegate", post=SEE_APPROVAL, body={"to": ""}, changes=False),
    Page("/approvals/{approval}/withdraw", post=MANAGE | ASKED),
]  # fmt: skip

OPERATIONS = [
    Operation("GET", "/api/v1/rules", SEE),
    Operation("POST", "/api/v1/rules", CREATE, body=API_RULE),
    Operation("GET", "/api/v1/rules/parts", may("rule", "view")),
    Operation("GET", "/api/v1/rules/{rule}", SEE),
    Operation("PATCH", "/api/v1/rules/{rule}", CHANGE, body={"name": "Ring twice"}),
    Operation("DELETE", "/api/v1/rules/{rule}", DELETE),
    Operation("GET", "/api/v1/rules/{rule}/dry-run", SEE),
    Operation("GET", "/api/v1/rules/{rule}/firings", SEE),
    Operation("POST", "/api/v1/rules/{rule}/switch", CHANGE, body={"active": True}),
    Operation("GET", "/api/v1/approvals", may("approval", "view")),
    Operation("GET", "/api/v1/approvals/{approval}", SEE_APPROVAL),
    Operation("POST", "/api/v1/approvals/{approval}/decide", only("owner"), body={"approved": True}),
    Operation("POST", "/api/v1/approvals/{approval}/delegate", only("owner"), body={"to": "m-head"}),
    Operation("POST", "/api/v1/approvals/{approval}/withdraw", MANAGE | ASKED),
]
