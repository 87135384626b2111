"""What tests of conversations share: a channel that keeps what it is given, and one way in."""

from collections.abc import Iterator
from typing import Any

import pytest

from guanxi.conversations.adapters import Adapter, Prepared, adapters
from guanxi.conversations.choices import ChannelKind, DeliveryState
from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Channel, Message
from guanxi.conversations.public import Inbound, Received, receive
from guanxi.core import clock
from guanxi.core.registry import Registry


class KeepingAdapter(Adapter):
    """Hands messages to a list."""

    kind = ChannelKind.WEBHOOK
    label = "kept"
    icon = "plug"
    can_send = True

    def __init__(self) -> None:
        """Nothing delivered yet; `failing` is raised instead while it is set."""
        self.delivered: list[Message] = []
        self.failing: Exception | None = None

    def prepare(self, channel: Channel, conversation: Any, given: Prepared) -> Prepared:
        """To the counterpart."""
        return Prepared(to=given.to or (conversation.contact_value,), subject=given.subject or conversation.subject)

    def deliver(self, message: Message) -> DeliveryState:
        """Keep it."""
        if self.failing is not None:
            raise self.failing
        self.delivered.append(message)
        return DeliveryState.SENT


@pytest.fixture
def outlet(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeepingAdapter]:
    """The adapter of the webhook channel, replaced by one that keeps what it is given."""
    adapter = KeepingAdapter()
    registry: Registry[Adapter] = Registry("channel adapters of a test")
    registry.add(ChannelKind.WEBHOOK, adapter)
    for key, item in adapters.items():
        if key != ChannelKind.WEBHOOK:
            registry.add(key, item)
    monkeypatch.setattr(adapters, "_items", registry._items)
    return adapter


@pytest.fixture
def channel(db: None) -> Channel:
    """A channel of a connector."""
    return Channel.objects.create(kind=ChannelKind.WEBHOOK, name="Connector", created_at=clock.now())


@pytest.fixture
def hear(channel: Channel) -> Any:
    """Take a message in: `hear("text", "ann@example.org", name="Ann", **fields of Inbound)`."""

    def take(text: str, address: str = "ann@example.org", name: str = "Ann", **given: Any) -> Received:
        """One message by e-mail address."""
        given.setdefault("channel", channel)
        return receive(Inbound(contact=Contact("email", address, name), text=text, **given))

    return take
