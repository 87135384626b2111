"""Rules, their log and approvals as pages and jobs ask for them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet
from django.utils.translation import get_language

from guanxi.core import clock, ids
from guanxi.core.actor import Actor
from guanxi.core.models import Department, Role
from guanxi.core.records import RecordRef
from guanxi.workflow import deciding
from guanxi.workflow.choices import ApprovalState, Outcome, StepState
from guanxi.workflow.models import (
    Approval,
    ApprovalLimit,
    ApprovalPolicy,
    ApprovalStep,
    DepartmentHead,
    Firing,
    Rule,
)
from guanxi.workflow.policies import steps_for

MOST_AT_ONCE = 500
LATELY_DAYS = 7
MOST_TO_DECIDE = 200


def rule_of(actor: Actor, public_id: str, action: str = "view") -> Rule:
    """One rule by its public id; NotFound when it is missing or not for this actor."""
    found: Rule = Rule.objects.get_visible(actor, action, pk=ids.parse("rul", public_id) or 0)
    return found


def approval_by_id(actor: Actor, public_id: str) -> Approval:
    """One approval by its public id; NotFound when it is missing or not for this actor."""
    rows = Approval.objects.select_related("asked_by", "decided_by", "on_behalf_of")
    found: Approval = rows.get_visible(actor, "view", pk=ids.parse("apr", public_id) or 0)
    return found


def rules_of(actor: Actor) -> QuerySet[Rule]:
    """All rules in their order."""
    rows: QuerySet[Rule] = Rule.objects.visible_to(actor)
    return rows.select_related("owner").order_by("order", "id")


def firings(actor: Actor, *, rule: Rule | None = None, outcome: str = "") -> QuerySet[Firing]:
    """The log of firings, the newest first."""
    rows: QuerySet[Firing] = Firing.objects.visible_to(actor)
    if rule is not None:
        rows = rows.filter(rule=rule)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return rows.select_related("rule").order_by("-at", "-id")


def outcomes_lately(rule_ids: list[int]) -> dict[int, dict[str, int]]:
    """How often each rule ended how in the last days."""
    since = clock.now() - timedelta(days=LATELY_DAYS)
    rows = Firing.objects.filter(rule__in=rule_ids, at__gt=since).exclude(outcome=Outcome.NOT_MET)
    found: dict[int, dict[str, int]] = {}
    for number, outcome, count in rows.values_list("rule", "outcome").annotate(n=Count("pk")).order_by():
        found.setdefault(number, {})[outcome] = count
    return found


def may_go(rule: Rule) -> bool:
    """Whether a rule may be taken away: it came from nobody but the company, and never heard of anything."""
    return not rule.key and not Firing.objects.filter(rule=rule).exists()


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


def approvals_of(actor: Actor, show: str) -> QuerySet[Approval]:
    """Approvals open to the actor, the newest first: those that one asked for (`mine`), that are over, or all."""
    rows: QuerySet[Approval] = Approval.objects.visible_to(actor)
    if show == "mine":
        rows = rows.filter(asked_by__in=sorted(actor.person_ids))
    elif show == "ended":
        rows = rows.exclude(state=ApprovalState.WAITING)
    return rows.select_related("asked_by", "decided_by", "on_behalf_of").order_by("-created_at", "-id")


def approvals_about(actor: Actor, record: RecordRef) -> QuerySet[Approval]:
    """The approvals about a record that are open to the actor, the newest first."""
    rows: QuerySet[Approval] = Approval.objects.visible_to(actor).filter(record_kind=record.kind, record_id=record.id)
    return rows.select_related("asked_by", "decided_by", "on_behalf_of").order_by("-id")


def to_decide(actor: Actor) -> list[Approval]:
    """What waits for the actor's own word, or for that of somebody whose place they take, the oldest first."""
    people = sorted(actor.person_ids)
    if not people or actor.is_read_only:
        return []
    steps = steps_for(people).filter(state=StepState.WAITING).select_related("approval__asked_by", "policy")
    found = steps.exclude(approval__asked_by=actor.user_id).order_by("approval_id")[:MOST_TO_DECIDE]
    return [step.approval for step in found if deciding.may_decide(actor, step.approval, step)]


def may_see_approval(actor: Actor, key: str) -> bool:
    """Whether an approval (by its number) is open to the actor; that any changed is told to whoever sees any."""
    if not key:
        return actor.can("approval", "view")
    return key.isdecimal() and Approval.objects.visible_to(actor).filter(pk=int(key[:18])).exists()


def steps_of(approval: Approval) -> list[ApprovalStep]:
    """The words that an approval needs, in order."""
    rows = ApprovalStep.objects.filter(approval=approval).order_by("number")
    return list(
        rows.select_related(
            "role", "user", "decided_by", "on_behalf_of", "escalates_to", "policy", "delegated_to", "delegated_by"
        )
    )


def policies_of(actor: Actor) -> list[ApprovalPolicy]:
    """Who approves what, by sort and order."""
    rows = ApprovalPolicy.objects.visible_to(actor).select_related("role", "user", "escalates_to")
    return list(rows.order_by("sort", "order", "id"))


def policy_of(actor: Actor, number: int) -> ApprovalPolicy:
    """One policy; NotFound when it is missing or not for this actor."""
    found: ApprovalPolicy = ApprovalPolicy.objects.get_visible(actor, "change", pk=number)
    return found


def limits_of(actor: Actor) -> list[ApprovalLimit]:
    """Up to which amount roles approve."""
    rows = ApprovalLimit.objects.visible_to(actor).select_related("role")
    return list(rows.order_by("role", "sort", "currency"))


def asked_about(approval_ids: Collection[int]) -> dict[str, set[int]]:
    """The records for which approvals were asked, by kind."""
    found: dict[str, set[int]] = {}
    for kind, number in Approval.objects.filter(pk__in=approval_ids).values_list("record_kind", "record_id"):
        found.setdefault(kind, set()).add(number)
    return found


def heads_of(actor: Actor) -> list[DepartmentHead]:
    """Who heads which department."""
    rows = DepartmentHead.objects.visible_to(actor).select_related("department", "user")
    return list(rows.order_by("department__name"))


def role_name(role: Role | None) -> str:
    """A role by its name in the language of now."""
    if role is None:
        return "–"
    return (role.name_zh if (get_language() or "en").startswith("zh") else role.name_en) or role.key


def role_choices() -> list[tuple[int, str]]:
    """The roles to choose from."""
    return [(role.pk, role_name(role)) for role in Role.objects.order_by("pk")]


def department_choices() -> list[tuple[int, str]]:
    """The departments that are open."""
    return list(Department.objects.filter(is_closed=False).order_by("name").values_list("pk", "name"))
