"""Who may see and do what with cases."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

import guanxi.service.complaints.policies  # noqa: F401 - registers its own
from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.service.models import Case, CaseCategory, CaseClock, Checklist, MomentCriterion, OwnHours, SlaPolicy


class CasePolicy(access.Policy):
    """A case is open to who answers for it, and as far as the role reaches by owner and department."""

    kind = "case"
    owner = "owner"
    department = "department"
    has_long_lists = True
    owned = _("cases that one answers for")


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
