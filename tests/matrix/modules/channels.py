"""Addresses of channels and their settings, and those of chats, which visitors ask."""

from tests.matrix.rows import Page, may

SEE, CREATE, CHANGE, DELETE = (may("channel", action, "company") for action in ("view", "create", "change", "delete"))
LOG = {"name": "Another log", "is_active": "on"}
CHAT = {
    "name": "Another chat", "is_active": "on", "origins": "https://shop.example", "colour": "#1d4fa8", "side": "left",
    "asking": "never", "mail_after": "5",
}  # fmt: skip
HOOK = {"name": "Another hook", "is_active": "on", "address": ""}
FORM = {"name": "Another form", "is_active": "on", "asks_phone": "on", "origins": "https://shop.example"}
MAIL = {
    "name": "Another mailbox", "is_active": "on", "address": "care@desk.example", "sign_in": "password",
    "imap_host": "imap.desk.example", "imap_port": "993", "imap_security": "tls", "folders": "INBOX", "existing": "new",
    "smtp_host": "smtp.desk.example", "smtp_port": "465", "smtp_security": "tls",
}  # fmt: skip
CONNECTORS = "it is for machines and visitors outside, who are no users: the tests of the adapters walk it"
VISITORS = "it is for visitors of other sites, who are no users: the tests of the chat walk it"

PAGES = [
    Page("/settings/channels", get=SEE),
    Page("/settings/channels/new/phone", get=CREATE, post=CREATE, body=LOG),
    Page("/settings/channels/{channel}", get=CHANGE, post=CHANGE, body=LOG),
    Page("/settings/channels/{channel}/remove", post=DELETE),
    Page("/settings/channels/chat/new", get=CREATE, post=CREATE, body=CHAT),
    Page("/settings/channels/chat/{channel}", get=CHANGE, post=CHANGE, body=CHAT),
    Page("/settings/channels/chat/{channel}/key", post=CHANGE),
    Page("/settings/channels/webhook/new", get=CREATE, post=CREATE, body=HOOK),
    Page("/settings/channels/webhook/{connector}", get=CHANGE, post=CHANGE, body=HOOK),
    Page("/settings/channels/webhook/{connector}/secret", post=CHANGE),
    Page("/settings/channels/form/new", get=CREATE, post=CREATE, body=FORM),
    Page("/settings/channels/form/{web_form}", get=CHANGE, post=CHANGE, body=FORM),
    Page("/settings/channels/mailbox/new", get=CREATE, post=CREATE, body=MAIL),
    Page("/settings/channels/mailbox/{mailbox}", get=CHANGE, post=CHANGE, body=MAIL),
    Page("/settings/channels/mailbox/{mailbox}/test", post=CHANGE, changes=False),
    Page("/channels/{connector}/in", untried=CONNECTORS),
    Page("/channels/{connector}/state", untried=CONNECTORS),
    Page("/forms/{web_form}", untried=CONNECTORS),
    Page("/forms/{web_form}.js", untried=CONNECTORS),
    Page("/chat/{channel}.js", untried=VISITORS),
    *(
        Page(f"/chat/{{channel}}/{what}", untried=VISITORS)
        for what in ("setup", "session", "messages", "updates", "typing", "read", "end", "transcript", "files/x")
    ),
]
