"""The signs of channels."""

from guanxi.conversations.adapters import adapters

PLAIN = {
    "email": "mail",
    "chat": "message-circle",
    "form": "forms",
    "phone": "phone",
    "visit": "map-pin",
    "letter": "file-text",
    "fax": "printer",
    "webhook": "plug",
}


def icon_of(kind: str) -> str:
    """The icon of a kind of channel: its adapter's own, else the plain one."""
    adapter = adapters.get(kind)
    return adapter.icon if adapter is not None else PLAIN.get(kind, "message")
