"""Who may see what: tasks by who does them or set them, notifications by whom they are for."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.tasks.models import Notification, Task


class TaskPolicy(access.Policy):
    """What one does or has set is one's own, whatever the role; beyond that as far as the role reaches."""

    kind = "task"
    owner = "assignee"
    owned = _("tasks that one does or has set, and those of absent people whose place one takes")

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """The actor's own tasks, those of the absent whom they stand in for, and those in the role's reach."""
        scope = actor.scope(self.kind, action)
        if scope == "all":
            return queryset
        people = set(actor.person_ids)
        if not people:
            return queryset.none()
        if scope is not None:
            people |= set(actor.reach(self.kind, action)[0])
        return queryset.filter(Q(assignee__in=sorted(people)) | Q(author__in=sorted(actor.person_ids)))


class NotificationPolicy(access.Policy):
    """Nobody reads another person's notifications."""

    kind = "notification"

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """The actor's own."""
        return queryset.filter(user=actor.private_id) if actor.private_id is not None else queryset.none()


access.register(Task, TaskPolicy())
access.register(Notification, NotificationPolicy())
