"""Who may see what: queues by membership, work by membership and assignment, presence by the person."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.routing.choices import WorkState
from guanxi.routing.models import AgentPresence, Queue, QueueMember, WorkItem


def _people(actor: Actor, kind: str, action: str) -> list[int]:
    """The actor, those whose place they take, and those whom the scope reaches."""
    owners = actor.reach(kind, action)[0] if actor.scope(kind, action) is not None else frozenset()
    return sorted({*owners, *actor.person_ids})


def _queues_of(people: list[int]) -> QuerySet[Any, Any]:
    """The queues of which any of these is a member."""
    return QueueMember.objects.filter(user__in=people).values("queue")


class QueuePolicy(access.Policy):
    """Below “all” a scope reaches the queues of which one is a member."""

    kind = "queue"
    owner = "members__user"

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """The queues of the people in reach."""
        scope = actor.scope(self.kind, action)
        if scope is None:
            return queryset.none()
        return queryset if scope == "all" else queryset.filter(pk__in=_queues_of(_people(actor, self.kind, action)))


class WorkItemPolicy(access.Policy):
    """What one has in hand is one's own whatever the role; beyond that what waits in one's queues, as far as the scope."""

    kind = "work_item"
    owner = "assignee"
    owned = _("work that one has in hand, and that of absent people whose place one takes")

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """What these people have, and what waits in their queues."""
        scope = actor.scope(self.kind, action)
        if scope == "all":
            return queryset
        mine = Q(assignee__in=_people(actor, self.kind, action))
        if scope is not None:
            mine |= Q(queue__in=_queues_of(_people(actor, self.kind, action))) & ~Q(state=WorkState.ENDED)
        return queryset.filter(mine)


class PresencePolicy(access.Policy):
    """Everybody sees and sets their own state; beyond that as far as the role reaches."""

    kind = "presence"
    owner = "user"
    owned = _("one's own state")

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """One's own, and those of the people in reach."""
        if actor.scope(self.kind, action) == "all":
            return queryset
        own = set() if actor.user_id is None else {actor.user_id}
        reached = actor.reach(self.kind, action)[0] if actor.scope(self.kind, action) is not None else frozenset()
        return queryset.filter(user__in=sorted(own | reached))


access.register(Queue, QueuePolicy())
access.register(WorkItem, WorkItemPolicy())
access.register(AgentPresence, PresencePolicy())
