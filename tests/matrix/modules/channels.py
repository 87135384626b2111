"""Addresses of channels and their settings, and those of chats, which visitors ask."""

from tests.matrix.rows import Page, may

SEE, CREATE, CHANGE, DELETE = (may("channel", action, "company") for action in ("view", "create", "change", "delete"))
LOG = {"name": "Another log", "is_active": "on"}
CHAT = {
    "name": "Another chat", "is_active": "on", "origins": "https://shop.example", "colour": "#1d4fa8", "side": "left",
    "asking": "never", "mail_after": "5",
}  # fmt: skip
VISITORS = "it is for visitors of other sites, who are no users: the tests of the chat walk it"

PAGES = [
    Page("/settings/channels", get=SEE),
    Page("/settings/channels/new/phone", get=CREATE, post=CREATE, body=LOG),
    Page("/settings/channels/{channel}", get=CHANGE, post=CHANGE, body=LOG),
    Page("/settings/channels/{channel}/remove", post=DELETE),
    Page("/settings/channels/chat/new", get=CREATE, post=CREATE, body=CHAT),
    Page("/settings/channels/chat/{channel}", get=CHANGE, post=CHANGE, body=CHAT),
    Page("/settings/channels/chat/{channel}/key", post=CHANGE),
    Page("/chat/{channel}.js", untried=VISITORS),
    *(
        Page(f"/chat/{{channel}}/{what}", untried=VISITORS)
        for what in ("setup", "session", "messages", "updates", "typing", "read", "end", "transcript", "files/x")
    ),
]
