"""Rules, their log and approvals as pages and jobs ask for them."""

from datetime import datetime

from django.db.models import QuerySet

from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.workflow.choices import ApprovalState, StepState
from guanxi.workflow.models import Approval, ApprovalStep, Firing, Rule

MOST_AT_ONCE = 500


def rule_of(actor: Actor, public_id: str, action: str = "view") -> Rule:
    """One rule by its public id; NotFound when it is missing or not for this actor."""
    found: Rule = Rule.objects.get_visible(actor, action, pk=ids.parse("rul", public_id) or 0)
    return found


def approval_by_id(actor: Actor, public_id: str) -> Approval:
    """One approval by its public id; NotFound when it is missing or not for this actor."""
    rows = Approval.objects.select_related("asked_by", "decided_by", "on_behalf_of")
    found: Approval = rows.get_visible(actor, "view", pk=ids.parse("apr", public_id) or 0)
    return found


def firings(actor: Actor) -> QuerySet[Firing]:
    """The log of firings, the newest first."""
    rows: QuerySet[Firing] = Firing.objects.visible_to(actor)
    return rows.select_related("rule").order_by("-at", "-id")


def overdue_steps(now: datetime) -> list[int]:
    """Steps that are to be handed on, the longest overdue first."""
    rows = ApprovalStep.objects.filter(
        state=StepState.WAITING, due_at__lte=now, escalated_at__isnull=True, escalates_to__isnull=False
    )
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:MOST_AT_ONCE])


def lapsed_approvals(now: datetime) -> list[int]:
    """Approvals that nobody has decided for so long that nobody will."""
    rows = Approval.objects.filter(state=ApprovalState.WAITING, lapses_at__lte=now)
    return list(rows.order_by("lapses_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
