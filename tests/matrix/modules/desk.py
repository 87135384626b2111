"""Addresses and operations of the desk: conversations, their messages, prepared answers, contacts by hand."""

from tests.matrix.rows import Operation, Page, may, only

LIST = may("conversation", "view")
SEE, CHANGE = may("conversation", "view", "conversation"), may("conversation", "change", "conversation")
LOG = may("conversation", "create") & may("customer", "view", "customer")
CONTACT = {
    "kind": "phone", "direction": "in", "text": "Rang and asked", "said_on": "2024-05-01", "said_time": "10:00",
    "customer": "{customer}",
}  # fmt: skip
MACROS, WRITE = may("macro", "view"), may("macro", "view") & may("macro", "create")
# The macro is the keeper's, for their team.
TEAM = only("keeper", "mate")
MACRO = {"name": "Regards", "audience": "personal", "text_en": "Kind regards", "is_active": "on"}
THIS = "/desk/{conversation}/"

PAGES = [
    Page("/desk/", get=LIST),
    Page("/desk/rows", get=LIST),
    Page("/desk/news", post=LIST, body={"parts": "thread,side,list,tabs", "open": "{conversation}"}, changes=False),
    Page("/desk/tabs/close", post=LIST, body={"conversation": "{conversation}"}, changes=False),
    Page("/desk/tabs/order", post=LIST, body={"order": "{conversation}"}, changes=False),
    Page("/desk/views/keep", post=LIST, body={"name": "Late ones", "view": "open", "q": "vase"}),
    Page("/desk/views/{desk_view:pk}/drop", post=only("keeper"), prover="keeper"),
    Page("/desk/macros", get=LIST),
    Page("/desk/upload", post=may("conversation", "change"), files={"file": ("note.txt", b"a note")}),
    Page("/desk/upload/discard", post=only("keeper"), body={"file": "{file}"}, prover="keeper"),
    Page("/desk/message/{message}/html", get=SEE),
    Page("/desk/message/{message}/trust", post=SEE),
    Page("/desk/message/{held}/take-back", post=CHANGE),
    Page("/desk/message/{failed}/try-again", post=CHANGE),
    Page(
        "/desk/message/{message}/forward", get=CHANGE, post=CHANGE,
        body={"to": "works@desk.example", "channel": "{mailbox}", "text": "Please look"},
    ),
    Page("/desk/message/{later}/split", get=CHANGE, post=CHANGE, body={"subject": "Something else"}),
    Page(THIS, get=SEE),
    Page(f"{THIS}earlier?before={{later}}", get=SEE),
    Page(f"{THIS}open", post=SEE, body={"left": "{other_conversation}"}),
    Page(f"{THIS}seen", post=SEE),
    Page(f"{THIS}act", post=CHANGE, body={"act": "done"}),
    Page(f"{THIS}assignees", get=CHANGE),
    Page(f"{THIS}draft", post=CHANGE, body={"kind": "reply", "text": "We look"}),
    Page(f"{THIS}drafts", get=SEE),
    Page(f"{THIS}send", post=CHANGE, body={"text": "We look at it", "channel": "{mailbox}"}),
    Page(f"{THIS}note", post=CHANGE, body={"text": "Rings often"}),
    Page(f"{THIS}macro", post=TEAM, body={"macro": "{macro}"}, prover="keeper", changes=False),
    Page(f"{THIS}merge", get=CHANGE, post=CHANGE, body={"other": "{other_conversation}", "stands": "this"}),
    Page(f"{THIS}subject", get=CHANGE, post=CHANGE, body={"subject": "Broken vase"}),
    Page("/contacts/log?customer={customer}", get=LOG, post=LOG, body=CONTACT),
    Page("/settings/macros", get=MACROS),
    Page("/settings/macros/new", get=WRITE, post=WRITE, body=MACRO),
    Page("/settings/macros/preview", post=MACROS, body={"text_en": "Dear {{customer.name}}"}, changes=False),
    Page(
        "/settings/macros/{macro}", get=may("macro", "change", "macro"), post=may("macro", "change", "macro"), body=MACRO
    ),
    Page("/settings/macros/{macro}/remove", post=may("macro", "delete", "macro")),
]  # fmt: skip

OPERATIONS = [
    Operation("GET", "/api/v1/conversations", LIST),
    Operation("GET", "/api/v1/conversations/{conversation}", SEE),
    Operation("PATCH", "/api/v1/conversations/{conversation}", CHANGE, body={"subject": "Broken vase"}),
    Operation("GET", "/api/v1/conversations/{conversation}/messages", SEE),
    Operation("POST", "/api/v1/conversations/{conversation}/reply", CHANGE, body={"text": "We look at it"}),
    Operation("POST", "/api/v1/conversations/{conversation}/notes", CHANGE, body={"text": "Rings often"}),
]
