"""Who may read and answer what."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.core import access
from guanxi.core.actor import Actor


class ConversationPolicy(access.Policy):
    """A conversation is open to whoever answers it, and as far as the role reaches by assignee and department."""

    kind = "conversation"
    owner = "assignee"
    department = "department"
    has_long_lists = True
    owned = _("conversations that one answers")


class MessagePolicy(access.Policy):
    """A message is read with its conversation."""

    kind = "conversation"

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """Messages of visible conversations."""
        if actor.scope(self.kind, action) == "all":
            return queryset
        return queryset.filter(conversation__in=Conversation.objects.visible_to(actor, action))


class ChannelPolicy(access.Policy):
    """Channels are settings: seen and changed by those who keep them."""

    kind = "channel"


access.register(Conversation, ConversationPolicy())
access.register(Message, MessagePolicy())
access.register(Channel, ChannelPolicy())
