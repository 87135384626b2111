"""Who may see and do what with cases."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

import guanxi.service.complaints.policies  # noqa: F401 - registers its own
from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.core.reading_in_reach import Reach
from guanxi.service.complaints import responsible
from guanxi.service.models import Case, CaseCategory, CaseClock, Checklist, MomentCriterion, OwnHours, SlaPolicy


class CasePolicy(access.Policy):
    """A case is open to who answers for it, and as far as the role reaches by owner and department.

    A complaint is open besides, whatever the role says, to those who are responsible in it at the time.
    """

    kind = "case"
    owner = "owner"
    department = "department"
    has_long_lists = True
    owned = _(
        "cases that one answers for; complaints while one’s department is responsible for them or one has their step"
    )

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """Those, and the complaints in which the actor is responsible."""
        if actor.scope(self.kind, responsible.right_of(action)) == "all":
            return queryset
        reach = self.reach(actor, action)
        if reach is None:
            return queryset.none()
        found = queryset.filter(reach.condition())
        found.reach = reach  # type: ignore[attr-defined]
        return found

    def reach(self, actor: Actor, action: str) -> Reach | None:
        """Whose cases a scope narrower than all reaches, and which ones beside it; None where that is nothing, or all."""
        further = responsible.cases_of(actor, action)
        found = super().reach(actor, responsible.right_of(action))
        if found is not None:
            return replace(found, further=further) if further else found
        # No right at all: the further ones alone.
        is_closed = actor.scope(self.kind, responsible.right_of(action)) is None
        return Reach(self.owner, self.department, (), (), further) if further and is_closed else None


class ServiceSettingPolicy(access.Policy):
    """What cases are arranged by is a setting."""

    kind = "service_setting"


class ClockPolicy(access.Policy):
    """A clock is as open as its case."""

    kind = "case"

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """Clocks of the cases that the actor may see."""
        return queryset.filter(case__in=Case.objects.visible_to(actor, action).order_by())


access.register(Case, CasePolicy())
access.register(CaseCategory, ServiceSettingPolicy())
access.register(Checklist, ServiceSettingPolicy())
access.register(MomentCriterion, ServiceSettingPolicy())
access.register(SlaPolicy, ServiceSettingPolicy())
access.register(OwnHours, ServiceSettingPolicy())
access.register(CaseClock, ClockPolicy())
