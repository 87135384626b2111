"""The kinds of contact that are logged by hand, among the channels."""

from typing import ClassVar

from django.utils.functional import Promise

from guanxi.conversations.adapters import Adapter, register
from guanxi.conversations.choices import BY_HAND, ChannelKind, DeliveryState
from guanxi.conversations.models import Message

ICONS = {
    ChannelKind.PHONE: "phone",
    ChannelKind.VISIT: "map-pin",
    ChannelKind.LETTER: "mail",
    ChannelKind.FAX: "printer",
}


class LoggedByHand(Adapter):
    """A kind of contact of which we only know what a colleague wrote down; nothing is sent by it."""

    errors: ClassVar[dict[str, Promise | str]] = {}

    def __init__(self, kind: ChannelKind) -> None:
        """One of the kinds."""
        self.kind, self.label, self.icon = kind, kind.label, ICONS[kind]  # type: ignore[misc]

    def deliver(self, message: Message) -> DeliveryState:
        """What was written down has happened already."""
        return DeliveryState.SENT


for _order, _kind in enumerate(kind for kind in ChannelKind if kind in BY_HAND):
    register(LoggedByHand(_kind), order=60 + _order)
