"""Addresses and operations of queues, work and presence."""

from tests.matrix.rows import SIGNED_IN, Operation, Page, may, only

QUEUES, SEE = may("queue", "view"), may("queue", "view", "queue")
SET_UP = may("queue", "change", "company")
WORK, TAKE = may("work_item", "view", "work_item"), may("work_item", "change", "work_item")
SECONDS = dict.fromkeys(("accept_seconds", "preferred_seconds", "level_seconds", "overflow_seconds"), "0")
QUEUE = {"name": "Second desk", "code": "second", "order": "1", "is_active": "on", "strategy": "manual", **SECONDS}
KINDS = ("email", "chat", "phone", "form", "webhook", "other")
RULES = (
    {"total": "7", "away_minutes": "5", "offline_minutes": "30"}
    | {f"weights_{kind}": "1" for kind in KINDS}
    | {f"most_{kind}": "2" for kind in KINDS}
    | {f"gone_{kind}": "keep" for kind in KINDS}
)
REASON = {"state": "break", "name_en": "Walk", "name_zh": "散步", "order": "1", "is_active": "on"}

PAGES = [
    Page("/queues/", get=QUEUES),
    Page("/queues/{queue}/", get=SEE),
    Page("/queues/{queue}/take", post=SEE & TAKE),
    Page("/queues/{queue}/membership", post=only("keeper"), body={"act": "pause"}, prover="keeper"),
    Page("/work-items/{work_item}/take", post=TAKE),
    Page("/presence/sign", get=SIGNED_IN),
    Page("/presence/menu", get=SIGNED_IN),
    Page("/presence/choose", post=SIGNED_IN, body={"choice": "online"}),
    Page("/settings/queues/", get=SET_UP),
    Page("/settings/queues/new", get=SET_UP, post=SET_UP, body=QUEUE),
    Page("/settings/queues/{queue}/", get=SET_UP, post=SET_UP, body=QUEUE),
    Page("/settings/queues/{queue}/remove", post=SET_UP, changes=False, also=(409,)),
    Page("/settings/presence/", get=SET_UP, post=SET_UP, body=RULES),
    Page("/settings/presence/capacity", get=SET_UP),
    Page("/settings/presence/capacity/{user:pk}", get=SET_UP, post=SET_UP, body={"total": "3"}),
    Page("/settings/presence/reasons/new", get=SET_UP, post=SET_UP, body=REASON),
    Page("/settings/presence/reasons/{reason:pk}", get=SET_UP, post=SET_UP, body=REASON),
    Page("/settings/presence/reasons/{reason:pk}/remove", post=SET_UP),
]

HANDS_OVER = {"user": "m-owner"}

OPERATIONS = [
    Operation("GET", "/api/v1/queues", QUEUES),
    Operation("POST", "/api/v1/queues", may("queue", "create"), body={"name": "Third desk", "code": "third"}),
    Operation("GET", "/api/v1/queues/{queue}", SEE),
    Operation("PATCH", "/api/v1/queues/{queue}", may("queue", "change", "queue"), body={"description": "Anew"}),
    Operation("DELETE", "/api/v1/queues/{queue}", may("queue", "delete", "queue"), changes=False, also=(409,)),
    Operation("GET", "/api/v1/queues/{queue}/members", SEE),
    Operation("PUT", "/api/v1/queues/{queue}/members", may("queue", "change", "queue"), body={"items": []}),
    Operation("GET", "/api/v1/queues/{queue}/assignments", SEE),
    Operation("GET", "/api/v1/work-items", may("work_item", "view")),
    Operation("GET", "/api/v1/work-items/{work_item}", WORK),
    Operation("GET", "/api/v1/work-items/{work_item}/assignments", WORK),
    Operation("POST", "/api/v1/work-items/{work_item}/take", TAKE),
    Operation("POST", "/api/v1/work-items/{work_item}/accept", TAKE, changes=False),
    Operation("POST", "/api/v1/work-items/{work_item}/assign", TAKE, body=HANDS_OVER),
    Operation("POST", "/api/v1/work-items/{work_item}/put-back", TAKE, changes=False, also=(409,)),
    Operation("POST", "/api/v1/work-items/{work_item}/move", TAKE & SEE, body={"queue": "{queue}"}, changes=False),
    Operation("GET", "/api/v1/presence", may("presence", "view")),
    Operation("GET", "/api/v1/presence/me", SIGNED_IN),
    Operation("PUT", "/api/v1/presence/me", SIGNED_IN, body={"state": "busy"}),
    Operation("POST", "/api/v1/presence/me/beat", SIGNED_IN, changes=False),
    Operation(
        "PUT",
        "/api/v1/presence/{user}",
        may("presence", "change", "company"),
        body={"state": "busy"},
        changes=False,
        also=(404,),
    ),
]
