"""How long visitors of chats are known again."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.models import ChatVisitor
from guanxi.core.retention import Ending, Group, Kind, Part, kinds


def _rows(before: datetime) -> QuerySet[Any]:
    """Visitors who have not come back since."""
    return ChatVisitor.objects.filter(seen_at__lt=before)


kinds.add(
    "chat_visitors",
    Kind(
        label=_("Visitors of chats"),
        counted=_("the day they were last there"),
        ending=Ending.DELETE,
        what_happens=_("Their browser is no longer known, and their chat begins anew; the conversation stays."),
        group=Group.LOGS,
        days=730,
        is_log=True,
        minimums=(),
        parts=(Part("conversations.ChatVisitor", rows=_rows, at="seen_at", customer="conversation__customer"),),
    ),
    order=420,
)
