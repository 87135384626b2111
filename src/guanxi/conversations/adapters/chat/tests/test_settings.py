"""A chat is set up and changed on screen; its key is shown once."""

import re

import pytest
from django.test import Client

from guanxi.conversations.adapters.chat import identity
from guanxi.conversations.models import Channel
from guanxi.conversations.services.channels import secrets_of
from guanxi.core.models import Role, User

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Shop", "is_active": "on", "origins": "shop.example", "title_en": "Teas", "colour": "own", "own_colour": "#1D4FA8",
    "side": "left", "asking": "always", "mail_after": "10",
}  # fmt: skip


@pytest.fixture
def keeper(client: Client, db: None) -> Client:
    """Whoever keeps the settings, signed in."""
    client.force_login(User.objects.create_user("kim", password="x", role=Role.objects.get(key="owner")))
    return client


def test_a_chat_is_set_up_changed_and_given_a_key(keeper: Client) -> None:
    """What is wrong is said beside its field; the line to copy and the key are on the page."""
    new = "/settings/channels/chat/new"
    assert keeper.get("/settings/channels/new/chat").headers["Location"] == new
    assert keeper.get(new).status_code == 200
    pale = keeper.post(new, {**FORM, "own_colour": "#ffcc00"})
    assert pale.status_code == 422
    assert "contrast 1.5" in pale.content.decode()
    assert "no address of a site" in keeper.post(new, {**FORM, "origins": "ftp://x"}).content.decode()
    assert not Channel.objects.exists()
    sent = keeper.post(new, FORM)
    chat = Channel.objects.get()
    assert sent.headers["Location"] == f"/settings/channels/chat/{chat.public_id}"
    assert (chat.settings["colour"], chat.settings["origins"]) == ("#1d4fa8", ["https://shop.example"])
    page = keeper.get(sent.headers["Location"]).content.decode()
    assert f"/chat/{chat.public_id}.js&quot; async&gt;&lt;/script&gt;" in page
    keeper.post(sent.headers["Location"], {**FORM, "mail_after": "0", "colour": "#a32117", "own_colour": ""})
    chat.refresh_from_db()
    assert (chat.settings["mail_after"], chat.settings["colour"], chat.settings["side"]) == (0, "#a32117", "left")
    shown = keeper.post(f"{sent.headers['Location']}/key").content.decode()
    chat.refresh_from_db()
    (key,) = re.findall(r"data-chat-key>([^<]+)<", shown)
    assert secrets_of(chat)[identity.KEY] == key
    assert key not in keeper.get(sent.headers["Location"]).content.decode()


def test_agents_have_no_business_there(client: Client) -> None:
    """Nothing is shown and nothing is made."""
    client.force_login(User.objects.create_user("al", password="x", role=Role.objects.get(key="agent")))
    assert client.get("/settings/channels/chat/new").status_code in {403, 404}
    assert client.post("/settings/channels/chat/new", FORM).status_code in {403, 404}
    assert not Channel.objects.exists()
