"""The journal in words: what one wants to be told."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.tasks.sorts import sorts
from guanxi.ui import history
from guanxi.ui.history import Reader, Words
from guanxi.ui.html import escape


def _show(reader: Reader, column: Any, value: Any) -> str | None:
    """Sorts of notification by their names."""
    if column is None or column.name != "muted" or not isinstance(value, list):
        return None
    return escape(", ".join(str(sorts[key].label) if key in sorts else str(key) for key in value))


history.register(
    Words(
        "notificationchoice",
        _("Own notifications"),
        {"muted": _("Not to be told"), "user": _("Whose")},
        left_out=frozenset({"mailed_at"}),
        show=_show,
    )
)
