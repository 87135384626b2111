"""What tests of service share: an agent, a channel, somebody who writes."""

from typing import Any

import pytest

from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Channel
from guanxi.conversations.public import Inbound, Received, receive
from guanxi.core import clock
from guanxi.core.actor import Actor, actor_of
from guanxi.core.models import Role, User


@pytest.fixture
def ann(db: None) -> Actor:
    """An agent."""
    return actor_of(User.objects.create_user("ann", password="x", role=Role.objects.get(key="agent"), name="Ann"))


@pytest.fixture
def max_(db: None) -> Actor:
    """A manager."""
    return actor_of(User.objects.create_user("max", password="x", role=Role.objects.get(key="manager"), name="Max"))


@pytest.fixture
def hear(db: None) -> Any:
    """Take a message in: `hear("text", "zoe@example.org", **fields of Inbound)`."""
    channel = Channel.objects.create(kind=ChannelKind.WEBHOOK, name="Connector", created_at=clock.now())

    def take(text: str, address: str = "zoe@example.org", **given: Any) -> Received:
        """One message by e-mail address."""
        return receive(Inbound(channel=channel, contact=Contact("email", address, "Zoe"), text=text, **given))

    return take
