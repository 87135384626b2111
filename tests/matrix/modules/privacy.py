"""Addresses and operations of consent, packs, erasure and retention."""

from tests.matrix.rows import Operation, Page, may

SEE, CHANGE = may("customer", "view", "customer"), may("customer", "change", "customer")
SAID = {"purpose": "marketing", "state": "given", "channels": "every", "at": "2024-05-01"}

PACK, ERASE = may("customer", "pack", "customer"), may("customer", "erase", "customer")
RULES, RULE = may("privacy", "view"), may("privacy", "manage")
ORDER = {"requested_by": "person", "reason": "letter", "typed": "{customer}"}
PURPOSE = {"name_en": "Raffle", "name_zh": "抽奖", "basis": "consent"}
NOTICE = {"text_en": "We draw lots.", "text_zh": "我们抽奖。", "valid_from": "2024-05-01"}
ASKED = {"kind": "access", "channel": "letter", "asked_by": "Ann", "law": "EU", "received_on": "2026-01-01"}
SETTLED = {"state": "refused", "answer": "not the person"}
LAW = {"value": "15", "valid_from": "2024-05-01", "source": "art. 1"}

PAGES = [
    Page("/customers/{customer}/consents", get=SEE),
    Page("/customers/{customer}/consents/add", get=CHANGE, post=CHANGE, body=SAID, changes=False),
    Page("/customers/consents/{consent:pk}/withdraw", get=CHANGE, post=CHANGE, body={"source": "call"}),
    Page("/customers/{customer}/packs", get=PACK),
    Page("/customers/{customer}/packs/make", post=PACK),
    Page("/customers/packs/{pack:pk}/download", post=PACK),
    Page("/customers/{customer}/erase", get=ERASE, post=ERASE, body=ORDER),
    Page("/customers/{customer}/holds/add", get=ERASE, post=ERASE, body={"reason": "case 12"}),
    Page("/customers/holds/{hold:pk}/release", get=ERASE, post=ERASE, body={"reason": "settled"}),
    Page("/settings/privacy/", get=RULES),
    Page("/customers/{customer}/requests/new", get=CHANGE, post=CHANGE, body=ASKED),
    Page("/settings/privacy/requests/", get=RULES),
    Page("/settings/privacy/requests/new", get=RULE, post=RULE, body=ASKED),
    Page("/settings/privacy/requests/{request}", get=RULES),
    Page("/settings/privacy/requests/{request}/edit", get=RULE, post=RULE, body=ASKED | {"customer": "{customer}"}),
    Page("/settings/privacy/requests/{request}/extend", get=RULE, post=RULE, body={"extension_reason": "many"}),
    Page("/settings/privacy/requests/{request}/settle", get=RULE, post=RULE, body=SETTLED),
    Page("/settings/privacy/requests/{settled}/reopen", post=RULE),
    Page("/settings/privacy/requests/{request}/pack", post=RULE),
    Page("/settings/privacy/purposes/new", get=RULE, post=RULE, body=PURPOSE | {"key": "raffle"}),
    Page("/settings/privacy/purposes/{purpose:pk}", get=RULE, post=RULE, body=PURPOSE),
    Page("/settings/privacy/purposes/{purpose:pk}/notice", get=RULE, post=RULE, body=NOTICE),
    Page("/settings/privacy/parameters/minor.age", get=RULE, post=RULE, body=LAW),
    Page("/settings/privacy/separate-consent", post=RULE, body={"is_on": "1"}),
    Page("/settings/privacy/access", get=RULES),
    Page("/settings/privacy/erasures/", get=RULES),
    Page("/settings/privacy/erasures/{erasure:pk}", get=RULES),
]

KEPT = {"period": "800", "unit": "days", "notice_days": "7", "basis": "contract"}
PAGES += [
    Page("/settings/privacy/retention/", get=RULES),
    Page("/settings/privacy/retention/notes", get=RULES),
    Page("/settings/privacy/retention/notes/rule", get=RULE, post=RULE, body=KEPT),
    Page("/settings/privacy/retention/notes/preview", post=RULE),
    Page("/settings/privacy/retention/runs/{retention_run:pk}", get=RULES, post=RULE, body={"typed": "1"}),
    Page("/settings/privacy/retention/runs/{retention_run:pk}/progress", get=RULES),
    Page("/settings/privacy/retention/runs/{retention_run:pk}/stop", post=RULE),
]

OPERATIONS = [
    Operation("GET", "/api/v1/consents?customer={customer}", SEE),
    Operation(
        "POST",
        "/api/v1/consents",
        CHANGE,
        body={"customer": "{customer}", "purpose": "marketing", "channels": ["phone"], "state": "refused"},
    ),
]

ASK = {"kind": "access", "channel": "letter", "asked_by": "Ann", "received_on": "2026-01-01"}
OPERATIONS += [
    Operation("GET", "/api/v1/requests", RULES),
    Operation("POST", "/api/v1/requests", RULE, body=ASK),
    Operation("GET", "/api/v1/requests/{request}", RULES),
    Operation("PATCH", "/api/v1/requests/{request}", RULE, body={"note": "by letter"}),
    Operation("POST", "/api/v1/requests/{request}/extend", RULE, body={"reason": "many"}),
    Operation("POST", "/api/v1/requests/{request}/settle", RULE, body=SETTLED),
    Operation("POST", "/api/v1/requests/{settled}/reopen", RULE),
    Operation("GET", "/api/v1/retention/rules", RULES),
    Operation("GET", "/api/v1/retention/rules/{kept_kind}", RULES),
    Operation("POST", "/api/v1/retention/rules/{kept_kind}/preview", RULE),
    Operation("GET", "/api/v1/retention/runs", RULES),
    Operation("GET", "/api/v1/retention/runs/{retention_run}", RULES),
    Operation("POST", "/api/v1/retention/runs/{retention_run}/begin", RULE, body={"count": 1}),
    Operation("POST", "/api/v1/retention/runs/{retention_run}/stop", RULE),
]
