"""Addresses and operations of clocks and service levels."""

from tests.matrix.rows import Operation, Page, may

SEE, CHANGE = may("service_setting", "view"), may("service_setting", "change")
ONE = may("service_setting", "view", "company")
LEVEL = {
    "name": "Silver", "amount_solution_0": "2", "unit_solution_0": "working_days", "warn_solution": "75",
    "step_0_sort": "solution", "step_0_number": "50", "step_0_when": "percent", "step_0_act": "notify",
    "step_0_whom": "owner",
}  # fmt: skip

PAGES = [
    Page("/settings/service-levels", get=SEE),
    Page("/settings/service-levels/new", get=CHANGE, post=CHANGE, body=LEVEL),
    Page(
        "/settings/service-levels/{sla_policy}",
        get=ONE & CHANGE,
        post=ONE & may("service_setting", "change", "company"),
        body=LEVEL,
    ),
    Page("/settings/service-levels/{sla_policy}/remove", post=ONE & may("service_setting", "change", "company")),
    Page(
        "/settings/service-levels/hours/new",
        get=CHANGE,
        post=CHANGE,
        body={"department": "{department:pk}", "calendar": ""},
    ),
    Page(
        "/settings/service-levels/hours/new?customer={customer}",
        get=CHANGE & may("customer", "view", "customer"),
        post=CHANGE & may("customer", "view", "customer"),
        body={"calendar": "{calendar:pk}"},
    ),
    Page(
        "/settings/service-levels/hours/{own_hours:pk}",
        get=ONE & CHANGE,
        post=ONE & may("service_setting", "change", "company"),
        body={"calendar": ""},
    ),
    Page("/cases/{case}/clocks", get=may("case", "view", "case")),
    Page(
        "/settings/calendars/{calendar:pk}/list",
        post=may("calendar", "change"),
        body={"text": "2030-01-01 休 元旦", "year": "2030"},
    ),
]

OPERATIONS = [
    Operation("GET", "/api/v1/clocks", may("case", "view")),
    Operation("GET", "/api/v1/clocks/{case_clock}", may("case", "view", "case_clock")),
    Operation("GET", "/api/v1/own-hours", SEE),
    Operation(
        "PUT",
        "/api/v1/own-hours",
        CHANGE & may("customer", "view", "customer"),
        body={"customer": "{customer}", "calendar": "{calendar:pk}"},
    ),
]
