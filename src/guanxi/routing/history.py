"""The journal in words: queues, their members, capacity and reasons."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.routing.channel_kinds import channel_kinds
from guanxi.routing.strategies import strategies
from guanxi.ui import history
from guanxi.ui.history import Reader, Words
from guanxi.ui.html import escape
from guanxi.ui.listing_words import listed


def _show_queue(reader: Reader, column: Any, value: Any) -> str | None:
    """Strategies by their names."""
    if column is None or column.name != "strategy":
        return None
    return escape(strategies[value].label if value in strategies else value)


def _show_capacity(reader: Reader, column: Any, value: Any) -> str | None:
    """What differs by kind of channel."""
    if column is None or column.name != "most" or not isinstance(value, dict):
        return None
    return escape(listed(f"{channel_kinds.of(key).label} {number}" for key, number in value.items()) or "–")


history.register(Words("queue", _("queue"), {"order": _("Place in lists")}, show=_show_queue))
history.register(
    Words(
        "queuemember",
        _("member of a queue"),
        {"queue": _("Queue"), "user": pgettext_lazy("queue", "Member"), "level": pgettext_lazy("queue", "Level")},
    )
)
history.register(
    Words("capacity", _("capacity"), {"user": _("Whose"), "total": _("Work in hand at once")}, show=_show_capacity)
)
history.register(Words("presencereason", _("Reason for being away"), {"order": _("Place in lists")}))
history.operations(
    {
        "routing.save_queue": _("Queue made or changed"),
        "routing.set_members": _("Members of a queue set"),
        "routing.set_own_membership": _("Own membership of a queue set"),
        "routing.remove_queue": _("Queue removed"),
        "routing.make_first_queue": _("First queue made"),
        "routing.save_rules": _("Capacity and presence set"),
        "routing.set_capacity": _("Capacity of a person set"),
        "routing.save_reason": _("Reason made or changed"),
        "routing.remove_reason": _("Reason removed"),
    }
)
