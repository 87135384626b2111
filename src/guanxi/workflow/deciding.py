"""Who may decide a step of an approval: by role, headship or name, in the place of somebody absent, within limits."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.deputising import LONGEST_CHAIN
from guanxi.core.errors import Forbidden
from guanxi.core.models import Deputy, User
from guanxi.core.money import Money, format_money
from guanxi.core.sentences import gettext as _
from guanxi.workflow.choices import StepState
from guanxi.workflow.models import Approval, ApprovalLimit, ApprovalStep, DepartmentHead


@dataclass(frozen=True)
class Place:
    """Whose word it is, and in whose place it is given (None for one's own)."""

    user_id: int
    on_behalf_of_id: int | None


def asked(step: ApprovalStep) -> set[int]:
    """The active people whom a step names, whatever else may keep them from deciding."""
    named = Q(pk=step.user_id) if step.user_id is not None else Q(role=step.role_id) if step.role_id else Q(pk=None)
    if step.escalated_at is not None and step.escalates_to_id is not None:
        named |= Q(role=step.escalates_to_id)
    return set(User.objects.filter(named, is_active=True).values_list("pk", flat=True))


def excluded(approval: Approval, step: ApprovalStep) -> set[int]:
    """Who may not decide a step: whoever asked; of a second word also whoever gave the first one, or it was given for."""
    out = {approval.asked_by_id} if approval.asked_by_id is not None else set()
    if step.is_second:
        before = ApprovalStep.objects.filter(approval=approval, policy=step.policy_id, number__lt=step.number)
        for row in before:
            out |= {number for number in (row.decided_by_id, row.on_behalf_of_id) if number is not None}
    return out


def amount_of(approval: Approval) -> Money | None:
    """The amount, None for none."""
    return Money(approval.amount_minor, approval.currency) if approval.amount_minor is not None else None


def beyond_limit(user_ids: Iterable[int], approval: Approval) -> dict[int, str]:
    """Those whose role may not approve so much, each with the reason in words."""
    amount = amount_of(approval)
    if amount is None:
        return {}
    limits: dict[int, dict[str, dict[str, int]]] = {}
    for row in ApprovalLimit.objects.filter(sort__in=("", approval.sort)):
        limits.setdefault(row.role_id, {}).setdefault(row.sort, {})[row.currency] = row.most_minor
    found: dict[int, str] = {}
    for number, role in User.objects.filter(pk__in=list(user_ids)).values_list("pk", "role"):
        of_role = limits.get(role, {})
        of_sort = of_role.get(approval.sort) or of_role.get("") or {}
        if of_sort and amount.currency not in of_sort:
            found[number] = _("The limit of the role is in %(limits)s and cannot be compared with %(currency)s.") % {
                "limits": ", ".join(sorted(of_sort)),
                "currency": amount.currency,
            }
        elif of_sort and amount.minor > of_sort[amount.currency]:
            found[number] = _("The role approves up to %(limit)s.") % {
                "limit": format_money(of_sort[amount.currency], amount.currency)
            }
    return found


def candidates(approval: Approval, step: ApprovalStep) -> set[int]:
    """Who may decide a step in their own place."""
    people = asked(step) - excluded(approval, step)
    return people - set(beyond_limit(people, approval))


def deputies_of(people: Iterable[int]) -> set[int]:
    """Who stands in for any of these people now, those whom deputies handed it on to among them."""
    now, found, here = clock.now(), set[int](), set(people)
    for _link in range(LONGEST_CHAIN):
        rows = Deputy.objects.filter(user__in=here, from_at__lte=now, to_at__gt=now)
        here = set(rows.values_list("deputy_id", flat=True)) - found
        found |= here
    return found


def place_of(actor: Actor, approval: Approval, step: ApprovalStep) -> Place:
    """In whose place the actor decides a step; Forbidden says why not."""
    if actor.user_id is None or actor.is_read_only:
        raise Forbidden(_("An approval is decided by a person."))
    if actor.user_id == approval.asked_by_id:
        raise Forbidden(_("Nobody approves what they asked for themselves."))
    out = excluded(approval, step)
    if actor.user_id in out:
        raise Forbidden(_("A second person must agree: you gave the first word."))
    people = asked(step)
    places = [actor.user_id, *(absent.user_id for absent in actor.standing_in)]
    if step.delegated_to_id == actor.user_id and step.delegated_by_id is not None:
        places.append(step.delegated_by_id)
    mine = [number for number in places if number in people]
    if not mine:
        raise Forbidden(_("This is not yours to decide."))
    open_ = [number for number in mine if number not in out]
    if not open_:
        if approval.asked_by_id in mine:
            raise Forbidden(_("You stand in for whoever asked, and nobody approves what they asked for themselves."))
        raise Forbidden(_("A second person must agree: you stand in for whoever gave the first word."))
    beyond = beyond_limit(open_, approval)
    free = [number for number in open_ if number not in beyond]
    if not free:
        raise Forbidden(beyond[open_[0]])
    return Place(actor.user_id, free[0] if free[0] != actor.user_id else None)


def may_decide(actor: Actor, approval: Approval, step: ApprovalStep | None) -> bool:
    """Whether the actor can give their word now."""
    if step is None or step.state != StepState.WAITING:
        return False
    try:
        place_of(actor, approval, step)
    except Forbidden:
        return False
    return True


def head_for(user_id: int | None) -> int | None:
    """The active head of a person's department, or of the nearest one above it that has another head than that person."""
    path = User.objects.filter(pk=user_id or 0).values_list("department__path", flat=True).first() or ""
    numbers = [int(part) for part in path.strip("/").split("/") if part.isdecimal()]
    rows = DepartmentHead.objects.filter(department__in=numbers, user__is_active=True)
    heads = dict(rows.values_list("department_id", "user_id"))
    return next((heads[number] for number in reversed(numbers) if heads.get(number, user_id) != user_id), None)
