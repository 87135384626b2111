"""How long something has until it is due: words, amber and red that the page's script keeps true to the minute."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.ui.cells import Context, format_moment
from guanxi.ui.html import attributes, escape, icon

_DAY_HOURS = 48


def span_words(seconds: float) -> str:
    """A length of time in two units at most; the page's script writes the same."""
    minutes = int(abs(seconds) // 60)
    hours, days = minutes // 60, minutes // 1440
    if hours < 1:
        return pgettext("span", "{n} min").replace("{n}", str(minutes))
    if hours < _DAY_HOURS:
        first, rest = pgettext("span", "{n} h").replace("{n}", str(hours)), minutes % 60
        return f"{first} {pgettext('span', '{n} min').replace('{n}', str(rest))}" if rest else first
    first, rest = pgettext("span", "{n} d").replace("{n}", str(days)), hours % 24
    return f"{first} {pgettext('span', '{n} h').replace('{n}', str(rest))}" if rest else first


def draw_countdown(
    due_at: datetime, context: Context, *, warn_at: datetime | None = None, label: object = "", is_over: bool = False
) -> str:
    """A moment that comes nearer: what is left, amber from `warn_at` on, red when it is past; the exact time on hover.

    `label` says of what, for the hover; `is_over`: it has ended, the words stand still.
    """
    left = (due_at - context.now).total_seconds()
    tone = "danger" if left < 0 else "warning" if warn_at is not None and warn_at <= context.now else "none"
    words = (_("{span} left") if left >= 0 else _("{span} overdue")).replace("{span}", span_words(left))
    hint = _("due %(moment)s") % {"moment": format_moment(due_at, context)}
    told: dict[str, object] = {
        "class": f"countdown tone-{tone}",
        "datetime": due_at.isoformat(),
        "title": f"{label}: {hint}" if label else hint,
        "data-warn": warn_at.isoformat() if warn_at is not None else None,
        "data-countdown": not is_over,
    }
    return f"<time{attributes(told)}>{icon('clock')}<span>{escape(words)}</span></time>"
