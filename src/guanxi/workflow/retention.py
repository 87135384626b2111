"""How long the log of rules and ended approvals are kept."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.core.retention import Ending, Group, Kind, Part, delete_with_history, kinds
from guanxi.workflow.choices import ApprovalState, Limit, Outcome
from guanxi.workflow.models import Approval, ApprovalStep, Firing, Happening


def _firings(before: datetime) -> QuerySet[Firing]:
    """Firings past their period; what a rule may do once only is remembered for good."""
    return Firing.objects.filter(at__lt=before).exclude(outcome=Outcome.FIRED, rule__limit=Limit.ONCE)


def _ended(before: datetime) -> QuerySet[Approval]:
    """Approvals that ended before."""
    return Approval.objects.filter(decided_at__lt=before).exclude(state=ApprovalState.WAITING)


kinds.add(
    "firings",
    Kind(
        label=_("Log of rules"),
        counted=_("the day something happened"),
        ending=Ending.DELETE,
        what_happens=_("Reasons of firings and the list for dry runs go; rules and what they did stay."),
        days=60,
        is_log=True,
        parts=(
            Part("workflow.Firing", rows=_firings, at="at"),
            Part("workflow.Happening", rows=lambda before: Happening.objects.filter(at__lt=before), at="at"),
        ),
    ),
    order=330,
)
kinds.add(
    "approvals",
    Kind(
        label=_("Approvals"),
        counted=_("the day they were decided"),
        ending=Ending.DELETE,
        what_happens=_("The request goes with every word on it."),
        group=Group.HISTORY,
        parts=(
            Part(
                "workflow.ApprovalStep",
                rows=lambda before: ApprovalStep.objects.filter(approval__in=_ended(before).values("pk")),
                at="approval__decided_at",
                end=delete_with_history("workflow.ApprovalStep"),
            ),
            Part("workflow.Approval", rows=_ended, at="decided_at", end=delete_with_history("workflow.Approval")),
        ),
    ),
    order=331,
)
