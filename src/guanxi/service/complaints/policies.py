"""Who may see and do what with complaints and promises."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.core import access
from guanxi.core.actor import Actor, ownership_filter
from guanxi.service.complaints import responsible
from guanxi.service.models import (
    Cause,
    Complaint,
    Promise,
    Remedy,
    RemedyKind,
    RemedyLimit,
    ResponsibleUnit,
    StepRule,
)


class ComplaintPolicy(access.Policy):
    """A complaint is open to whom its case is open, and to those who are responsible in it at the time."""

    kind = "case"
    owner = "case__owner"
    department = "case__department"
    # The column of the case's number, which is that of the complaint too.
    case = "pk"

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """As far as the role reaches, and the complaints in which the actor is responsible."""
        right = responsible.right_of(action)
        scope = actor.scope(self.kind, right)
        if scope == "all":
            return queryset
        further = responsible.in_reach(self.case, actor, action)
        if scope is None:
            return queryset.filter(further)
        act = (self.kind, right)
        return queryset.filter(ownership_filter(actor, act, owner=self.owner, department=self.department) | further)


class RemedyPolicy(ComplaintPolicy):
    """A remedy is open to whom its complaint is open."""

    owner = "complaint__case__owner"
    department = "complaint__case__department"
    case = "complaint"


class PromisePolicy(access.Policy):
    """A promise is open to who is to keep it, and as far as the role reaches by owner and department."""

    kind = "promise"
    owner = "owner"
    department = "department"
    owned = _("promises that one is to keep")


class ComplaintSettingPolicy(access.Policy):
    """Units, causes and remedies are settings of service."""

    kind = "service_setting"


access.register(Complaint, ComplaintPolicy())
access.register(Remedy, RemedyPolicy())
access.register(Promise, PromisePolicy())
for _model in (Cause, RemedyKind, RemedyLimit, ResponsibleUnit, StepRule):
    access.register(_model, ComplaintSettingPolicy())
