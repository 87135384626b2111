"""Kinds of channel as work knows them: how heavy an item of one is, how many fit at once, what becomes of it.

Modules above add their own: `channel_kinds.add("sms", ChannelKind("sms", _("SMS"), weight=2, most=3))`. Work of a kind
that nobody registered counts as `other`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core import parameters
from guanxi.core.registry import Registry
from guanxi.routing.choices import WhenGone

OTHER = "other"
# No more than this of anything at once, so that a slip of the pen does not bury anybody.
LARGEST = 99


@dataclass(frozen=True)
class ChannelKind:
    """One kind of channel, with what holds until the company says otherwise."""

    key: str
    label: Promise | str
    weight: int = 1
    most: int = 10
    when_gone: WhenGone = WhenGone.KEEP
    # The other side is there: it takes somebody's attention also while we wait for them. The rest weighs nothing then.
    is_live: bool = False
    icon: str = "message"


_parts: dict[str, Promise | str] = {}


class ChannelKinds(Registry[ChannelKind]):
    """The registry; each kind gets a part of its own in the parameters."""

    def add(self, key: str, item: ChannelKind, *, order: int = 100) -> ChannelKind:
        """Register a kind and name it in the journal of settings."""
        _parts[key] = item.label
        return super().add(key, item, order=order)

    def of(self, key: str) -> ChannelKind:
        """The kind, or what counts for it."""
        return self.get(key) or self[OTHER]


channel_kinds = ChannelKinds("kinds of channel")
for _kind in (
    ChannelKind("email", pgettext_lazy("channel", "E-mail"), weight=1, most=6, icon="mail"),
    ChannelKind("chat", pgettext_lazy("channel", "Chat"), weight=2, most=3, when_gone=WhenGone.RETURN_WAITING, is_live=True),
    ChannelKind("phone", pgettext_lazy("channel", "Telephone"), weight=6, most=1, when_gone=WhenGone.RETURN, is_live=True, icon="phone"),
    ChannelKind("form", pgettext_lazy("channel", "Web form"), weight=1, most=6, icon="file-text"),
    ChannelKind("webhook", pgettext_lazy("channel", "Webhook"), weight=2, most=3, when_gone=WhenGone.RETURN_WAITING),
    ChannelKind(OTHER, pgettext_lazy("channel", "Other"), weight=1, most=10),
):  # fmt: skip
    channel_kinds.add(_kind.key, _kind, order=10 * len(_parts))

TOTAL = "routing.total"
WEIGHTS = "routing.weights"
MOST = "routing.most"
GONE = "routing.when_gone"
AWAY_MINUTES = "routing.away_minutes"
OFFLINE_MINUTES = "routing.offline_minutes"
USUAL_TOTAL = 6
USUAL_AWAY_MINUTES = 5
USUAL_OFFLINE_MINUTES = 30

parameters.declare(TOTAL, _("Work in hand at once"))
parameters.declare(WEIGHTS, _("Weight of an item"), _parts)
parameters.declare(MOST, _("Items of a kind at once"), _parts)
parameters.declare(GONE, _("When somebody is gone"), _parts)
parameters.declare(AWAY_MINUTES, _("Minutes until somebody without an open page counts as away"))
parameters.declare(OFFLINE_MINUTES, _("Minutes until somebody without an open page counts as offline"))


def weight_of(kind: str) -> int:
    """How heavy an item of a kind is."""
    held: Mapping[str, int] = parameters.get(WEIGHTS) or {}
    known = channel_kinds.of(kind)
    return held.get(known.key, known.weight)


def when_gone(kind: str) -> WhenGone:
    """What becomes of assigned work of a kind when whoever has it is gone."""
    held: Mapping[str, str] = parameters.get(GONE) or {}
    known = channel_kinds.of(kind)
    return WhenGone(held.get(known.key, known.when_gone))


def away_minutes() -> int:
    """After how many minutes without an open page somebody counts as away."""
    return int(parameters.get(AWAY_MINUTES, USUAL_AWAY_MINUTES))


def offline_minutes() -> int:
    """After how many minutes without an open page somebody counts as offline."""
    return int(parameters.get(OFFLINE_MINUTES, USUAL_OFFLINE_MINUTES))
