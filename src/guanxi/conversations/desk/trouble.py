"""What the desk says of channels that do not work: who waits for mail there learns why none comes, and that none is lost."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.conversations import queries
from guanxi.conversations.adapters import adapters
from guanxi.conversations.models import Channel
from guanxi.conversations.services.delivering import WORDS
from guanxi.core.actor import Actor


@dataclass(frozen=True)
class Trouble:
    """One channel that does not work: why, since when, what becomes of its messages, and where it is set right."""

    name: str
    why: str | Promise
    since: datetime | None
    hope: str
    url: str


def troubles(actor: Actor) -> list[Trouble]:
    """The channels that do not work at the moment, for everybody at the desk; the way to their settings for who may go it."""
    return [_trouble(actor, channel) for channel in queries.broken_channels()]


def _trouble(actor: Actor, channel: Channel) -> Trouble:
    """One of them in words."""
    adapter, health = adapters.get(channel.kind), channel.health
    words = {**WORDS, **(adapter.errors if adapter is not None else {})}
    own = adapter.settings_url(channel) if adapter is not None else ""
    is_out = adapter is None or health.about in {"", adapter.way_out}
    return Trouble(
        name=channel.name,
        why=words.get(health.error, health.error),
        since=health.broken_at,
        hope=_("Answers are tried again by themselves.")
        if is_out
        else _("Nothing is lost: what people send waits, and comes in once it works again."),
        url=(own or reverse("conversations:channel", args=[channel.public_id]))
        if actor.can("channel", "change")
        else "",
    )
