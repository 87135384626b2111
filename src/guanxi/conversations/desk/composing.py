"""What the composer of a conversation offers: channels, recipients, drafts, what follows an answer, macros."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.conversations import queries
from guanxi.conversations.adapters import Prepared, adapters
from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.counterparts import name_alone
from guanxi.conversations.desk import addresses
from guanxi.conversations.desk.filling import fields_named, fill, text_for
from guanxi.conversations.desk.icons import icon_of
from guanxi.conversations.desk.registries import SendChoice, macro_actions, send_choices
from guanxi.conversations.models import Channel, Conversation, Draft, Macro, Message
from guanxi.conversations.services.channels import reply_channel_of
from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.core.compiled import CompiledRecords
from guanxi.core.errors import GuanxiError
from guanxi.files.models import PREFIX, StoredFile

MOST_MACROS = 500
_DRAFTS = CompiledRecords(Draft, lambda number, user: Draft.objects.filter(conversation=number, user=user), int, int)


@dataclass(frozen=True)
class Way:
    """One channel by which an answer can go, to whom by itself, or why it cannot."""

    channel: Channel
    icon: str
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    trouble: str = ""
    # It can be chosen, but nothing that goes by it would arrive.
    doubt: str = ""
    are_written: bool = True

    @property
    def has_recipients(self) -> bool:
        """Whether whom it goes to is written as addresses."""
        return self.are_written and self.channel.kind == ChannelKind.EMAIL


@dataclass(frozen=True)
class Composer:
    """What the composer begins with."""

    ways: Sequence[Way]
    way: Way | None
    choices: Sequence[SendChoice]
    drafts: Mapping[str, Any] = field(default_factory=dict)


def composer(actor: Actor, conversation: Conversation) -> Composer:
    """The composer for a conversation as the actor finds it."""
    ways = [_way(actor, channel, conversation) for channel in queries.channels_to_send(actor)]
    usual = reply_channel_of(conversation)
    standing = next((way for way in ways if usual is not None and way.channel.pk == usual.pk and not way.trouble), None)
    way = standing or next((way for way in ways if not way.trouble), None)
    choices = [choice for choice in send_choices if choice.is_offered(conversation)]
    return Composer(ways, way, choices, drafts(actor, conversation))


def _way(actor: Actor, channel: Channel, conversation: Conversation) -> Way:
    """One channel: asked whether and whom it reaches."""
    try:
        ready = adapters[channel.kind].prepare(channel, conversation, Prepared())
    except GuanxiError as error:
        return Way(channel, icon_of(channel.kind), trouble=str(error))
    doubt = adapters[channel.kind].doubt(channel)
    if not addresses.are_shown(actor):
        # It goes to whom it goes by itself: nobody writes what they may not see.
        return Way(channel, icon_of(channel.kind), doubt=doubt, are_written=False)
    return Way(channel, icon_of(channel.kind), ready.to, ready.cc, doubt=doubt)


def drafts(actor: Actor, conversation: Conversation) -> dict[str, Any]:
    """What the actor has begun to write, by kind; files that are gone are left out."""
    rows = _DRAFTS.all(conversation.pk, actor.private_id) if actor.private_id is not None else []
    found = {}
    for row in rows:
        known = {ids.parse(PREFIX, str(one.get("id", ""))): one for one in row.details.get("files", [])}
        standing = StoredFile.objects.filter(pk__in=[key for key in known if key], record_kind="", by=actor.user_id)
        hidden = set() if addresses.are_shown(actor) else {"to", "cc"}
        files = [{"id": one.public_id, "name": one.name, "size": one.size} for one in standing]
        at = row.updated_at.isoformat()
        found[row.kind] = {
            "text": row.text,
            "at": at,
            "details": {
                **{k: v for k, v in row.details.items() if k not in hidden},
                "files": files,
                "actions": _actions_of(actor, row),
            },
        }
    return found


def _actions_of(actor: Actor, draft: Draft) -> list[dict[str, str]]:
    """What a draft sets when it goes, in the reader's words; what is no longer there is left out."""
    pairs = [(str(one.get("key", "")), str(one.get("value", ""))) for one in draft.details.get("actions", [])]
    return _told(actor, pairs)


def usable_macros(actor: Actor, *, is_note: bool | None = None) -> list[Macro]:
    """The macros that the actor may use, those used most first."""
    rows = Macro.objects.visible_to(actor).filter(is_active=True)
    if is_note is not None:
        rows = rows.filter(is_note=is_note)
    return list(rows.order_by("-use_count", "name")[:MOST_MACROS])


def macro_items(actor: Actor, language: str) -> list[dict[str, Any]]:
    """The macros for the list that opens by a slash, in the language in which is answered."""
    return [
        {
            "id": one.public_id,
            "name": one.name,
            "hint": " ".join(fields_named(text_for(one.texts, language)).split())[:120]
            or " · ".join(action_words(actor, one.actions)),
            "note": one.is_note,
            "sets": bool(one.actions),
        }
        for one in usable_macros(actor)
    ]


def action_words(actor: Actor, actions: Sequence[Sequence[str]]) -> list[str]:
    """What a macro sets, in words."""
    found = []
    for key, value in actions:
        action = macro_actions.get(key)
        if action is not None:
            labels = {known: str(label) for known, label in action.options(actor)}
            found.append(_("%(what)s: %(value)s") % {"what": action.label, "value": labels.get(value, value)})
    return found


def used(actor: Actor, conversation: Conversation, macro: Macro) -> dict[str, Any]:
    """A macro in one conversation: its text in the conversation's language with fields filled in, and what it sets."""
    filled = fill(actor, conversation, text_for(macro.texts, conversation.language))
    return {
        "id": macro.public_id,
        "name": macro.name,
        "text": filled.text,
        "missing": list(filled.missing),
        "note": macro.is_note,
        "actions": _told(actor, macro.actions),
    }


def _told(actor: Actor, actions: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """What is set, with its words; what is no longer there is left out."""
    standing = [(key, value) for key, value in actions if key in macro_actions]
    words = action_words(actor, standing)
    return [{"key": key, "value": value, "words": told} for (key, value), told in zip(standing, words, strict=True)]


def forwarded_text(actor: Actor, message: Message) -> str:
    """The text of a message as it is passed on."""
    sender = addresses.shown(actor, message.from_address)
    told = [
        _("From: %(value)s")
        % {"value": " ".join(filter(None, [name_alone(message.author_name), f"<{sender}>" if sender else ""]))},
        _("Date: %(value)s") % {"value": f"{timezone.localtime(message.said_at or message.at):%Y-%m-%d %H:%M %z}"},
        _("Subject: %(value)s") % {"value": message.subject or message.conversation.subject},
    ]
    head = _("Forwarded message")
    return f"---------- {head} ----------\n" + "\n".join(told) + f"\n\n{message.text}"


def urls_of(conversation: Conversation) -> dict[str, str]:
    """The addresses that the page's script asks."""
    names = ("draft", "send", "note", "seen", "earlier", "macro_use", "act")
    return {name: reverse(f"conversations:desk_{name}", args=[conversation.public_id]) for name in names}
