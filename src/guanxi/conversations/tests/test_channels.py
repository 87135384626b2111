"""Channels are set up, changed, and removed while nothing came by them; their secrets stay sealed."""

from typing import Any

import pytest
from django.test import Client

from guanxi.conversations.models import Channel, ChannelHealth
from guanxi.conversations.services import channels, signs
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.models import Change, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(db: None) -> User:
    """Whoever keeps the settings."""
    return User.objects.create_user("kim", password="x", role=Role.objects.get(key="owner"), name="Kim")


def test_secrets_are_sealed_kept_and_never_journaled() -> None:
    """Settings and secrets change one by one; a name is taken once."""
    actor = system_actor()
    row = channels.create_channel(
        actor=actor, kind="webhook", name="  Shop ", secrets={"key": "s3cret"}, settings={"a": 1}
    )
    channels.update_channel(actor=actor, channel_id=row.pk, settings={"b": 2}, secrets={"other": "x"})
    row.refresh_from_db()
    assert (row.name, row.settings) == ("Shop", {"a": 1, "b": 2})
    assert channels.secrets_of(row) == {"key": "s3cret", "other": "x"}
    assert "s3cret" not in row.secret_sealed
    assert "s3cret" not in str(list(Change.objects.values_list("before", "after")))
    assert channels.update_channel(actor=actor, channel_id=row.pk, name="Shop", secrets={"other": "x"}) is None
    with pytest.raises(InvalidInput):
        channels.create_channel(actor=actor, kind="webhook", name="Shop")


def test_a_used_channel_stays(hear: Any, channel: Channel) -> None:
    """It can be put out of use, not removed; an unused one goes."""
    actor = system_actor()
    unused = channels.create_channel(actor=actor, kind="webhook", name="Unused")
    channels.remove_channel(actor=actor, channel_id=unused.pk)
    hear("Hello")
    with pytest.raises(Conflict):
        channels.remove_channel(actor=actor, channel_id=channel.pk)


def test_the_pages_of_channels(client: Client, keeper: User, channel: Channel, outlet: Any) -> None:
    """The list says how each stands; agents have no business there."""
    client.force_login(keeper)
    channels.note_failed(channel.pk, "no_adapter", "gone")
    page = client.get("/settings/channels").content.decode()
    assert "Connector" in page
    assert "does not work" in page
    address = f"/settings/channels/{channel.public_id}"
    sent = client.post(address, {"name": "Connector 2", "department": "", "language": "en", "is_active": ""})
    assert sent.status_code == 302
    channel.refresh_from_db()
    assert (channel.name, channel.language, channel.is_active) == ("Connector 2", "en", False)
    client.force_login(User.objects.create_user("al", password="x", role=Role.objects.get(key="agent")))
    assert client.get("/settings/channels").status_code in {403, 404}
    assert client.post(address, {"name": "Mine"}).status_code in {403, 404}


@pytest.mark.parametrize("kind", ["webhook", "form", "email", "chat"])
def test_a_page_of_settings_is_that_of_channels_of_its_kind(client: Client, keeper: User, kind: str) -> None:
    """The page of a kind is not there for a channel of another one, nor is any act on it."""
    client.force_login(keeper)
    others = [
        channels.create_channel(actor=system_actor(), kind=one, name=one)
        for one in ("webhook", "form", "email", "chat") if one != kind
    ]  # fmt: skip
    start = f"/settings/channels/{'mailbox' if kind == 'email' else kind}"
    for other in others:
        for act in ("", *{"webhook": ("/secret",), "chat": ("/key",), "email": ("/test",)}.get(kind, ())):
            where = f"{start}/{other.public_id}{act}"
            assert client.post(where, {"name": "Taken"}).status_code == 404, where
            assert client.get(where).status_code == (405 if act else 404), where
    assert not Channel.objects.filter(name="Taken").exists()


def test_reading_is_noted(hear: Any) -> None:
    """Up to where a colleague has read."""
    heard = hear("Hello")
    user = User.objects.create_user("ann", password="x", role=Role.objects.get(key="agent"))
    signs.tell_typing(actor=actor_of(user), conversation_id=heard.conversation.pk)
    signs.mark_read(actor=actor_of(user), conversation_id=heard.conversation.pk)
    read = signs.read_until(heard.conversation)
    assert read is not None
    assert read >= heard.message.at


def test_what_does_not_work_is_said_at_the_desk_until_it_works(client: Client, keeper: User, channel: Channel) -> None:
    """To everybody there, with why and since when; another part that works does not hide it; other settings begin anew."""
    client.force_login(User.objects.create_user("al", password="x", role=Role.objects.get(key="agent")))
    assert "does not work:" not in client.get("/desk/").content.decode()
    channels.note_failed(channel.pk, "no_adapter", "secret detail", about="INBOX")
    channels.note_worked(channel.pk, about="Orders")
    page = client.get("/desk/").content.decode()
    assert "Nothing can be sent by this channel any more." in page
    assert "what people send waits, and comes in once it works again" in page
    assert "secret detail" not in page
    assert channel.public_id not in page
    began = ChannelHealth.objects.get().broken_at
    channels.note_failed(channel.pk, "no_adapter", about="\\out")
    assert ChannelHealth.objects.get().broken_at == began
    client.force_login(keeper)
    page = client.get("/desk/").content.decode()
    assert "Answers are tried again by themselves." in page
    assert f"/settings/channels/{channel.public_id}" in page or f"/{channel.public_id}" in page
    channels.note_worked(channel.pk, about="\\out")
    assert "does not work:" not in client.get("/desk/").content.decode()
    channels.note_failed(channel.pk, "no_adapter", about="Gone")
    channels.update_channel(actor=system_actor(), channel_id=channel.pk, settings={"folders": ["INBOX"]})
    assert "does not work:" not in client.get("/desk/").content.decode()
