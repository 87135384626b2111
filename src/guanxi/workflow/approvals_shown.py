"""Approvals as pages show them: what, for how much, who asked, whose word it needs, in whose place it was given."""

from collections.abc import Sequence
from typing import Any

from guanxi.core.actor import Actor
from guanxi.core.errors import Forbidden
from guanxi.core.money import format_money, reporting_currency
from guanxi.core.records import RecordRef
from guanxi.tasks.about import subjects
from guanxi.tasks.queries import people
from guanxi.workflow import deciding, queries
from guanxi.workflow.choices import ApprovalState, Approver, StepState
from guanxi.workflow.models import Approval, ApprovalPolicy, ApprovalStep
from guanxi.workflow.registries.approvals import approval_sorts
from guanxi.workflow.services.approvals import waiting_step
from guanxi.workflow.sorts import sort_label

TONES = {
    ApprovalState.WAITING: "info",
    ApprovalState.APPROVED: "success",
    ApprovalState.REFUSED: "danger",
    ApprovalState.WITHDRAWN: "neutral",
    ApprovalState.LAPSED: "warning",
}
STEP_TONES = {StepState.WAITING: "info", StepState.APPROVED: "success", StepState.REFUSED: "danger"}


def usual_currency() -> str:
    """The currency that a new amount is most likely in."""
    return reporting_currency()


def amount_words(approval: Approval) -> str:
    """The amount, '' for none."""
    return format_money(approval.amount_minor, approval.currency) if approval.amount_minor is not None else ""


def lines(actor: Actor, rows: Sequence[Approval], *, is_to_decide: bool = False) -> list[dict[str, Any]]:
    """Approvals as a list shows them; records that are not open to the reader are not named."""
    open_ = subjects(actor, {RecordRef(row.record_kind, row.record_id) for row in rows})
    return [
        {
            "row": row,
            "label": sort_label(row.sort),
            "amount": amount_words(row),
            "subject": open_.get(RecordRef(row.record_kind, row.record_id)),
            "tone": TONES.get(ApprovalState(row.state), "neutral"),
            "may_decide": is_to_decide,
        }
        for row in rows
    ]


def page_context(actor: Actor, approval: Approval) -> dict[str, Any]:
    """One approval with its steps, and whether the reader may decide or why not."""
    step = waiting_step(approval) if approval.state == ApprovalState.WAITING else None
    place, why_not = None, ""
    if step is not None:
        try:
            place = deciding.place_of(actor, approval, step)
        except Forbidden as refused:
            why_not = str(refused)
    absent = {one.user_id: one.name for one in actor.standing_in}
    return {
        **lines(actor, [approval])[0],
        "approval": approval,
        "steps": [_step(one) for one in queries.steps_of(approval)],
        "may_decide": place is not None,
        "on_behalf_of": absent.get(place.on_behalf_of_id or 0, "") if place is not None else "",
        "why_not": why_not,
        "delegation": _delegation(actor, approval, step, place),
        "may_withdraw": approval.state == ApprovalState.WAITING
        and not actor.is_read_only
        and (approval.asked_by_id in actor.person_ids or actor.scope("approval", "manage") == "all"),
    }


def _delegation(
    actor: Actor, approval: Approval, step: ApprovalStep | None, place: deciding.Place | None
) -> dict[str, Any] | None:
    """To whom the word is handed over, by whom, and to whom the reader may hand it over."""
    if step is None or place is None:
        return None
    is_mine = step.delegated_to_id == actor.user_id
    out = {actor.user_id, *deciding.excluded(approval, step)}
    return {
        "to": step.delegated_to,
        "by": step.delegated_by if is_mine else None,
        "people": [] if is_mine else [(key, name) for key, name in people() if key not in out],
    }


def _step(step: ApprovalStep) -> dict[str, Any]:
    """One step in words."""
    return {
        "row": step,
        "who": _who(step),
        "tone": STEP_TONES.get(StepState(step.state), "neutral"),
        "then": queries.role_name(step.escalates_to) if step.escalates_to is not None else "",
    }


def _who(one: ApprovalStep | ApprovalPolicy) -> str:
    """Who decides: a person, or anybody with a role."""
    if one.user is not None:
        return one.user.display_name
    if one.role is not None:
        return queries.role_name(one.role)
    return str(Approver(one.approver).label)


def settings_context(actor: Actor) -> dict[str, Any]:
    """Who approves what, by sort."""
    rows = queries.policies_of(actor)
    groups = [
        {
            "sort": sort,
            "policies": [
                {
                    "row": row,
                    "who": _who(row),
                    "from": format_money(row.from_minor, row.currency) if row.from_minor is not None else "",
                    "to": format_money(row.to_minor, row.currency) if row.to_minor is not None else "",
                    "then": queries.role_name(row.escalates_to) if row.escalates_to is not None else "",
                }
                for row in rows
                if row.sort == sort.key
            ],
        }
        for sort in approval_sorts
    ]
    limits = [
        {
            "row": row,
            "role": queries.role_name(row.role),
            "sort": sort_label(row.sort) if row.sort else "",
            "most": format_money(row.most_minor, row.currency),
        }
        for row in queries.limits_of(actor)
    ]
    return {"groups": groups, "limits": limits, "heads": queries.heads_of(actor)}
