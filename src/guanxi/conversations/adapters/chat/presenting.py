"""What a visitor is shown: their own chat, plain text and signed addresses of files."""

from typing import Any

from django.core import signing
from django.urls import reverse

from guanxi.conversations.adapters.chat import colours
from guanxi.conversations.adapters.chat.availability import is_open
from guanxi.conversations.adapters.chat.configuration import Configuration
from guanxi.conversations.adapters.chat.queries import files_of_messages
from guanxi.conversations.adapters.chat.services import mailing, talking
from guanxi.conversations.adapters.chat.services.telling import TOPIC
from guanxi.conversations.adapters.chat.words import widget_words
from guanxi.conversations.choices import Direction
from guanxi.conversations.models import Channel, ChatMessage, ChatVisitor
from guanxi.core.live import tickets
from guanxi.files.models import StoredFile

SALT = "guanxi.chat.file"
FILE_SECONDS = 6 * 3600
SHOWN_AT_FIRST = 60
SHOWN_AT_ONCE = 200
# Entries are written one after the other for a visitor, all but those of two conversations at the same moment.
OVERLAP = 20
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def setup(channel: Channel, language: str) -> dict[str, Any]:
    """What the widget needs before anybody has said anything: colours, words, whether somebody is there, what it asks."""
    return {
        **setup_of(Configuration.of(channel), language),
        "channel": channel.public_id,
        "online": is_open(channel),
        "canMail": mailing.mail_channel(channel) is not None,
    }


def setup_of(held: Configuration, language: str) -> dict[str, Any]:
    """The part of it that is set for a chat."""
    return {
        "language": "zh-Hans" if language.startswith("zh") else "en",
        "words": widget_words(),
        "title": held.text("title", language),
        "greeting": held.text("greeting", language),
        "awayText": held.text("away", language),
        "colour": held.colour,
        "link": colours.on_ground(held.colour, colours.LIGHT_GROUND),
        "darkLink": colours.on_ground(held.colour, colours.DARK_GROUND),
        "side": held.side,
        "asking": held.asking,
    }


def state(channel: Channel, visitor: ChatVisitor | None, origin: str) -> dict[str, Any]:
    """Everything as it stands when a page opens the chat."""
    online = is_open(channel)
    if visitor is None:
        return {"online": online, "visitor": None, "messages": [], "cursor": 0}
    entries = talking.entries(visitor, most=SHOWN_AT_FIRST)
    return {
        "online": online,
        "visitor": {"name": visitor.name, "email": visitor.email, "isVerified": bool(visitor.external_id)},
        **_told(channel, visitor, entries),
        "ticket": ticket(visitor, origin),
    }


def news(channel: Channel, visitor: ChatVisitor, after: int) -> dict[str, Any]:
    """What was said since, and how far both sides have read."""
    entries = talking.entries(visitor, after=max(after - OVERLAP, 0), most=SHOWN_AT_ONCE)
    return {"online": is_open(channel), **_told(channel, visitor, entries, after)}


def _told(channel: Channel, visitor: ChatVisitor, entries: list[ChatMessage], after: int = 0) -> dict[str, Any]:
    """Messages and marks."""
    read = visitor.answerer_read_at
    return {
        "messages": messages_of(channel, entries),
        "cursor": max([after, *(entry.pk for entry in entries)]),
        "readUntil": read.isoformat() if read is not None else None,
        "isOpen": visitor.conversation_id is not None,
    }


def messages_of(channel: Channel, entries: list[ChatMessage]) -> list[dict[str, Any]]:
    """Messages with their files; `key` is the one that the browser made."""
    files: dict[int, list[dict[str, Any]]] = {}
    for stored in files_of_messages([entry.message_id for entry in entries]):
        files.setdefault(stored.record_id or 0, []).append(_file(channel, stored))
    return [_message(entry, files.get(entry.message_id, [])) for entry in entries]


def _message(entry: ChatMessage, files: list[dict[str, Any]]) -> dict[str, Any]:
    """One message."""
    message = entry.message
    is_mine = message.direction == Direction.IN
    return {
        "id": message.pk,
        "key": (message.external_key or "").partition(":")[2] if is_mine else "",
        "mine": is_mine,
        "name": "" if is_mine else message.author_name,
        "text": message.text,
        "at": message.at.isoformat(),
        "unseen": entry.is_unseen,
        "files": files,
    }


def _file(channel: Channel, stored: StoredFile) -> dict[str, Any]:
    """A file with an address that holds for some hours."""
    token = signing.dumps([channel.pk, stored.pk], salt=SALT)
    return {
        "name": stored.name,
        "size": stored.size,
        "image": stored.media_type in IMAGES,
        "url": reverse("chat_file", args=[channel.public_id, token]),
    }


def file_behind(channel: Channel, token: str) -> int | None:
    """The file that an address is for; None when it is forged, too old, or of another chat."""
    try:
        channel_id, number = signing.loads(token, salt=SALT, max_age=FILE_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return number if channel_id == channel.pk else None


def ticket(visitor: ChatVisitor, origin: str) -> str:
    """A ticket for the visitor's live stream, for the page of this origin."""
    return tickets.sign(tickets.Ticket(0, (f"{TOPIC}:{visitor.pk}",), origin=origin))
