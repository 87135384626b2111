"""Who may read and answer what."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.choices import Audience
from guanxi.conversations.models import Channel, Conversation, Macro, Message
from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.core.models import TeamMember


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


class MacroPolicy(access.Policy):
    """One's own macros, those of one's teams and those for everybody; changed as far as the role reaches by who wrote them."""

    kind = "macro"
    owner = "owner"
    owned = _("macros that one wrote")

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """Rows for the actor to use, or to change."""
        scope = actor.scope(self.kind, action)
        if scope is None:
            return queryset.none()
        mine = Q(owner__in=sorted(actor.person_ids))
        if action == "view":
            teams = TeamMember.objects.filter(user__in=sorted(actor.person_ids)).values("team")
            shared = Q(audience=Audience.ALL) | Q(audience=Audience.TEAM, team__in=teams)
            return queryset.filter(mine | shared)
        if scope == "all":
            return queryset.filter(mine | ~Q(audience=Audience.PERSONAL))
        owners, _departments = actor.reach(self.kind, action)
        return queryset.filter(mine | (Q(owner__in=sorted(owners)) & ~Q(audience=Audience.PERSONAL)))


access.register(Conversation, ConversationPolicy())
access.register(Message, MessagePolicy())
access.register(Channel, ChannelPolicy())
access.register(Macro, MacroPolicy())
