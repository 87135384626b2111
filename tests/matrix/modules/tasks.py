"""Addresses and operations of tasks and notifications."""

from tests.matrix.rows import ANYBODY, SIGNED_IN, Operation, Page, may

VIEW, CREATE = may("task", "view"), may("task", "create")
SEE, CHANGE, DELETE = (may("task", action, "task") for action in ("view", "change", "delete"))
FORM = {"title": "Ring again", "assignee": "{user:pk}", "priority": "2", "about": "{customer}"}

PAGES = [
    Page("/tasks/", get=VIEW),
    Page("/tasks/new", get=CREATE, post=CREATE & may("customer", "view", "customer"), body=FORM),
    Page("/tasks/{task}/", get=SEE),
    Page("/tasks/{task}/change", get=CHANGE, post=CHANGE, body=FORM),
    Page("/tasks/{task}/act", post=CHANGE, body={"act": "done"}),
    Page("/notifications/", get=SIGNED_IN),
    Page("/notifications/bell", get=SIGNED_IN),
    Page("/notifications/newest", get=SIGNED_IN),
    Page("/notifications/people", get=SIGNED_IN),
    Page("/notifications/read", post=SIGNED_IN, changes=False),
    Page("/notifications/follow", post=may("customer", "view", "customer"), body={"about": "{customer}"}),
    Page("/settings/notifications", get=SIGNED_IN, post=SIGNED_IN, body={"heard": "mention", "digest": "off"}),
    Page("/settings/notifications/feed", post=SIGNED_IN, body={"act": "open"}),
    Page(
        "/calendar/{task}.ics", get=ANYBODY, untried="only the secret in the address opens it; its own tests try others"
    ),
]

OPERATIONS = [
    Operation("GET", "/api/v1/tasks", VIEW),
    Operation("POST", "/api/v1/tasks", CREATE, body={"title": "Ring again"}),
    Operation("GET", "/api/v1/tasks/notifications", SIGNED_IN),
    Operation("GET", "/api/v1/tasks/{task}", SEE),
    Operation("PATCH", "/api/v1/tasks/{task}", CHANGE, body={"title": "Ring again"}),
    Operation("DELETE", "/api/v1/tasks/{task}", DELETE),
]
