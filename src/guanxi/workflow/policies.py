"""Who may see what: rules and their log by role; approvals by who asked, who decides, and by role."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.core.models import User
from guanxi.workflow.models import (
    Approval,
    ApprovalLimit,
    ApprovalPolicy,
    ApprovalStep,
    DepartmentHead,
    Firing,
    Rule,
)


class RuleAccess(access.Policy):
    """Rules are the company's: whoever may see any sees all."""

    kind = "rule"


class FiringAccess(access.Policy):
    """The log is open to whoever may see rules."""

    kind = "rule"

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """All of it, to read alone."""
        return queryset if action == "view" and actor.scope("rule", "view") == "all" else queryset.none()


class ApprovalAccess(access.Policy):
    """What one asked for and what one may decide is one's own, whatever the role; beyond that with a scope of all."""

    kind = "approval"
    owner = "asked_by"
    owned = _("approvals that one asked for or may decide, and those of absent people whose place one takes")

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """The actor's own, those that ask for their word, and all with a scope of all."""
        if actor.scope(self.kind, action) == "all":
            return queryset
        people = sorted(actor.person_ids)
        if not people:
            return queryset.none()
        return queryset.filter(Q(asked_by__in=people) | Exists(steps_for(people).filter(approval=OuterRef("pk"))))


def steps_for(people: list[int]) -> QuerySet[ApprovalStep]:
    """The steps that ask for the word of any of these people, or did."""
    roles = User.objects.filter(pk__in=people).values("role")
    return ApprovalStep.objects.filter(
        Q(user__in=people)
        | Q(decided_by__in=people)
        | Q(delegated_to__in=people)
        | Q(user__isnull=True, role__in=roles)
        | Q(escalated_at__isnull=False, escalates_to__in=roles)
    )


class ApprovalSettingAccess(access.Policy):
    """Who decides what is set by whoever manages approvals."""

    kind = "approval"

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """All of them for whoever manages approvals."""
        return queryset if actor.scope("approval", "manage") == "all" else queryset.none()


access.register(Rule, RuleAccess())
access.register(Firing, FiringAccess())
access.register(Approval, ApprovalAccess())
for _model in (ApprovalPolicy, ApprovalLimit, DepartmentHead):
    access.register(_model, ApprovalSettingAccess())
