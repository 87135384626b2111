"""What tests of the chat share: a chat on a shop's site, and a browser of a visitor that speaks as the widget does."""

import base64
import itertools
import json
import secrets
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.conversations.adapters import Adapter, adapters
from guanxi.conversations.adapters.chat import availability, identity
from guanxi.conversations.adapters.chat.services.settings import change_key
from guanxi.conversations.choices import ChannelKind, DeliveryState
from guanxi.conversations.models import Channel, Message
from guanxi.conversations.services.channels import create_channel
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.models import Role, User

SITE = "https://shop.example"


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Presence is asked anew in each test."""
    availability.forget()


@pytest.fixture
def chat(db: None) -> Channel:
    """A chat that one site may show."""
    return create_channel(
        actor=system_actor(), kind="chat", name="Shop", settings={"origins": [SITE, "https://*.shop.example"]}
    )


@pytest.fixture
def agent(db: None) -> Actor:
    """Who answers."""
    return actor_of(User.objects.create_user("ann", password="x", role=Role.objects.get(key="agent"), name="Ann"))


class Browser:
    """One browser with its secret; `ask` gives the answer as status and what is told."""

    def __init__(self, channel: Channel, key: str = "", origin: str = SITE) -> None:
        """A new secret unless one is given."""
        self.channel, self.origin = channel, origin
        self.key = key or base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        self.client = Client(enforce_csrf_checks=True)
        self.numbers = itertools.count(1)

    def ask(self, what: str, **body: Any) -> tuple[int, dict[str, Any]]:
        """One question as plain text."""
        response = self.client.post(
            f"/chat/{self.channel.public_id}/{what}",
            json.dumps({"key": self.key, "language": "en", **body}),
            content_type="text/plain;charset=UTF-8",
            headers={"Origin": self.origin},
        )
        assert not response.cookies
        return response.status_code, response.json()

    def say(self, text: str, **body: Any) -> dict[str, Any]:
        """A message that is taken."""
        status, told = self.ask("messages", **{"id": f"message-{next(self.numbers)}", "text": text, **body})
        assert status == 200, told
        return told

    def vouched(self, token: str) -> tuple[int, dict[str, Any]]:
        """The site vouches for whoever sits there: under a new secret, as the widget does it."""
        before, self.key = self.key, Browser(self.channel).key
        return self.ask("session", identity=token, before=before)

    def send(self, name: str, content: bytes, **body: Any) -> tuple[int, dict[str, Any]]:
        """A file."""
        fields = {"key": self.key, "language": "en", "id": f"message-{next(self.numbers)}", "text": "", **body}
        response = self.client.post(
            f"/chat/{self.channel.public_id}/messages",
            {**fields, "file": SimpleUploadedFile(name, content)},
            headers={"Origin": self.origin},
        )
        return response.status_code, response.json()

    def texts(self) -> list[str]:
        """What the visitor is shown when they come back."""
        return [one["text"] for one in self.ask("session")[1]["messages"]]


@pytest.fixture
def visitor(chat: Channel) -> Browser:
    """A browser on the shop's site."""
    return Browser(chat)


@pytest.fixture
def token(chat: Channel) -> Any:
    """Sign who a visitor is as the site's server does: `token(sub="7", email=...)`."""
    key = change_key(actor=system_actor(), channel_id=chat.pk)
    chat.refresh_from_db()

    def make(*, key: str = key, **claims: Any) -> str:
        """A token of an hour."""
        from time import time

        now = int(time())
        return identity.sign(key, {"sub": "7", "name": "Bo Li", "iat": now, "exp": now + 3600, **claims})

    return make


@pytest.fixture
def mail_outlet(chat: Channel, monkeypatch: pytest.MonkeyPatch) -> Channel:
    """A channel for e-mail that takes everything."""

    class Outlet(Adapter):
        """Keeps nothing and refuses nothing."""

        kind = ChannelKind.EMAIL
        label = "mail"
        icon = "mail"
        can_send = True

        def deliver(self, message: Message) -> DeliveryState:
            """Sent."""
            return DeliveryState.SENT

    monkeypatch.setattr(adapters, "_items", {**adapters._items, ChannelKind.EMAIL: (1, Outlet())})
    return create_channel(actor=system_actor(), kind="email", name="Mail", address="hello@shop.example")
