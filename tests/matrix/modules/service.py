"""Addresses and operations of cases, complaints, promises, their settings and figures."""

from datetime import timedelta

from django.utils import timezone

from tests.matrix.rows import Operation, Page, may

CASES, OPEN = may("case", "view"), may("case", "create")
SEE, CHANGE = may("case", "view", "case"), may("case", "change", "case")
CUSTOMER = may("customer", "view", "customer")
PROMISES = may("promise", "view")
SEE_PROMISE, KEEP = may("promise", "view", "promise"), may("promise", "change", "promise")
SETTINGS, SET_UP = may("service_setting", "view"), may("service_setting", "change", "company")
CASE = {"subject": "Chipped bowl", "case_type": "enquiry", "impact": "1", "urgency": "2"}
SOON = f"{timezone.now().date() + timedelta(days=30)}T10:00"
PROMISE = {"text": "A new bowl", "due_at": SOON}
COMPLAINT = "/cases/{case}/complaint"
CATEGORY = {"name": "Bowls", "position": "1", "is_active": "on"}
CHECKLIST = {"name": "Bowl list", "case_type": "repair", "items": "Look\nTurn", "is_active": "on"}
CRITERION = {"text": "Was it warm?", "step": "tone", "position": "1", "is_active": "on"}
# Acts on a complaint, each with what its form sends.
ACTS = {
    "record": {"words": "It broke", "wanted": "Another one", "grade": "ordinary"},
    "evidence": {"sort": "statement", "text": "Seen"},
    "unit": {"unit": "{unit:pk}"},
    "remedy": {"kind": "{remedy_kind:pk}", "amount": "5", "text": "A voucher"},
    "responsibility": {"responsibility": "The packing"},
    "sum_up": {"cause": "{cause:pk}", "why_1": "Thin box", "prevention": "Thick box"},
}

# The same acts by the API; two of them the complaint of the matrix is not ready for.
NOT_YET = {"close", "decide-objection"}
API_ACTS = {
    "close": {},
    "reopen": {"reason": "They called again"},
    "evidence": {"sort": "statement", "text": "Seen", "file": {"name": "bowl.txt", "content": "Qm93bA=="}},
    "unit": {"unit": "{unit:pk}"},
    "object": {"reasons": "Not we"},
    "decide-objection": {"upheld": False, "answer": "You are"},
    "remedies": {"kind": "{remedy_kind:pk}", "amount": "5"},
    "remedies/{remedy}/finish": {},
    "remedies/{remedy}/drop": {"reason": "They want none"},
    "tell": {"channel": "phone", "words": "We look into it"},
    "responsibility": {"text": "The packing"},
    "sum-up": {"cause": "{cause:pk}", "whys": ["Thin box"]},
    "last-word": {"outcome": "confirmed", "channel": "phone"},
    "answer-authority": {},
    "end-step": {"step": "record"},
}

PAGES = [
    Page("/cases/", get=CASES),
    Page("/cases/new", get=OPEN, post=OPEN, body=CASE),
    Page("/cases/new?customer={customer}", get=OPEN & CUSTOMER, post=OPEN & CUSTOMER, body=CASE | {"customer": "{customer}"}),
    Page("/cases/{case}/", get=SEE),
    Page("/cases/{case}/move?to=waiting", post=CHANGE),
    Page("/cases/{case}/link", get=CHANGE, post=CHANGE, body={"how": "concerns", "about": "order:{order}"}),
    Page("/cases/{case}/link/find?q=Vase", get=CHANGE),
    Page("/cases/{case}/unlink", post=CHANGE, body={"what": "{case_link:pk}"}),
    Page("/cases/{case}/conversation", get=CHANGE, post=CHANGE, body={"conversation": "{other_conversation}"}),
    Page("/cases/{case}/step", post=CHANGE, body={"act": "done", "step": "{case_step:pk}"}),
    Page("/cases/{case}/moment", post=CHANGE, body={"criterion": "understood", "said": "met"}),
    Page(COMPLAINT, get=SEE),
    Page(f"{COMPLAINT}/begin", post=CHANGE, changes=False),
    Page(f"{COMPLAINT}/file.pdf", get=SEE),
    Page(f"{COMPLAINT}/reply.pdf", get=SEE),
    *(Page(f"{COMPLAINT}/{what}", get=CHANGE, post=CHANGE, body=body) for what, body in ACTS.items()),
    Page("/complaints/", get=CASES),
    Page("/complaints/pareto", get=CASES),
    Page("/complaints/silent", get=may("customer", "view")),
    Page("/complaints/silent/call", post=may("task", "create") & CUSTOMER, body={"customer": "{customer}"}),
    Page("/promises/", get=PROMISES),
    Page(
        "/promises/new?customer={customer}", get=may("promise", "create") & CUSTOMER,
        post=may("promise", "create") & CUSTOMER, body=PROMISE,
    ),
    Page("/promises/{promise}/", get=SEE_PROMISE),
    Page("/promises/{promise}/act", post=KEEP, body={"act": "release", "note": "They said so"}),
    Page("/figures/service", get=CASES),
    Page("/settings/cases", get=SETTINGS),
    Page("/settings/cases/category/new", get=SET_UP, post=SET_UP, body=CATEGORY),
    Page("/settings/cases/category/{category:pk}", get=SET_UP, post=SET_UP, body=CATEGORY),
    Page("/settings/cases/checklist/new", get=SET_UP, post=SET_UP, body=CHECKLIST),
    Page("/settings/cases/checklist/{checklist:pk}", get=SET_UP, post=SET_UP, body=CHECKLIST),
    Page("/settings/cases/criterion/new", get=SET_UP, post=SET_UP, body=CRITERION),
    Page("/settings/cases/criterion/{criterion:pk}", get=SET_UP, post=SET_UP, body=CRITERION),
    Page("/settings/cases/criterion/by_name/switch", post=SET_UP, body={"ask": "no"}),
    *(Page(f"/settings/cases/{what}/{{{what}:pk}}/remove", post=SET_UP) for what in ("category", "checklist", "criterion", "unit", "cause")),
    Page("/settings/cases/remedy/{remedy_kind:pk}/remove", post=SET_UP),
    Page("/settings/complaints", get=SETTINGS),
    Page("/settings/complaints/unit/new", get=SET_UP, post=SET_UP, body={"name": "Kiln", "is_active": "on"}),
    Page("/settings/complaints/unit/{unit:pk}", get=SET_UP, post=SET_UP, body={"name": "Kiln", "is_active": "on"}),
    Page("/settings/complaints/cause/new", get=SET_UP, post=SET_UP, body={"name": "Heat", "is_active": "on"}),
    Page("/settings/complaints/cause/{cause:pk}", get=SET_UP, post=SET_UP, body={"name": "Heat", "is_active": "on"}),
    Page("/settings/complaints/remedy/new", get=SET_UP, post=SET_UP, body={"name": "Bouquet", "is_active": "on"}),
    Page("/settings/complaints/remedy/{remedy_kind:pk}", get=SET_UP, post=SET_UP, body={"name": "Bouquet", "is_active": "on"}),
    Page("/settings/complaints/step/1", get=SET_UP, post=SET_UP, body={"step": "investigate", "grade": "", "hours": "7"}),
    Page("/settings/complaints/rule/{step_rule:pk}", get=SET_UP, post=SET_UP, body={"hours": "7"}),
    Page("/settings/complaints/rule/{step_rule:pk}/remove", post=SET_UP),
]  # fmt: skip

OPERATIONS = [
    Operation("GET", "/api/v1/cases", CASES),
    Operation("POST", "/api/v1/cases", OPEN, body={"subject": "Chipped bowl"}),
    Operation("GET", "/api/v1/cases/{case}", SEE),
    Operation("PATCH", "/api/v1/cases/{case}", CHANGE, body={"subject": "Cracked bowl"}),
    Operation("GET", "/api/v1/cases/{case}/links", SEE),
    Operation("POST", "/api/v1/cases/{case}/links", CHANGE, body={"about": "{order}"}),
    Operation("DELETE", "/api/v1/cases/{case}/links/{case_link:pk}", CHANGE),
    Operation("GET", "/api/v1/complaints", CASES),
    Operation("GET", "/api/v1/complaints/{case}", SEE),
    Operation("PATCH", "/api/v1/complaints/{case}", CHANGE, body={"grade": "major", "entitlements": {"seven_days": "no"}}),
    Operation("GET", "/api/v1/complaints/{case}/file", SEE),
    Operation("GET", "/api/v1/complaints/{case}/reply", SEE),
    *(
        Operation("POST", f"/api/v1/complaints/{{case}}/{what}", CHANGE, body=body, changes=what not in NOT_YET)
        for what, body in API_ACTS.items()
    ),
    Operation("GET", "/api/v1/promises", PROMISES),
    Operation(
        "POST", "/api/v1/promises", may("promise", "create") & CUSTOMER,
        body={"text": "A new bowl", "due_at": f"{SOON}:00Z", "customer": "{customer}"},
    ),
    Operation("GET", "/api/v1/promises/{promise}", SEE_PROMISE),
    *(Operation("POST", f"/api/v1/promises/{{promise}}/{what}", KEEP, body={"note": "So it is"})
      for what in ("keep", "release", "break")),
    Operation(
        "POST", "/api/v1/promises/{promise}/move", KEEP & may("promise", "create"),
        body={"due_at": f"{SOON}:00Z", "note": "They said so"},
    ),
    Operation("GET", "/api/v1/units", CASES),
    Operation("POST", "/api/v1/units", SET_UP, body={"name": "Glazier"}),
    Operation("PATCH", "/api/v1/units/{unit:pk}", SET_UP, body={"name": "Glazier"}),
    Operation("GET", "/api/v1/causes", CASES),
    Operation("POST", "/api/v1/causes", SET_UP, body={"name": "Heat"}),
    Operation("PATCH", "/api/v1/causes/{cause:pk}", SET_UP, body={"name": "Heat"}),
    Operation("GET", "/api/v1/remedy-kinds", CASES),
    Operation("POST", "/api/v1/remedy-kinds", SET_UP, body={"name": "Bouquet"}),
    Operation("PATCH", "/api/v1/remedy-kinds/{remedy_kind:pk}", SET_UP, body={"name": "Bouquet"}),
]  # fmt: skip
