"""A complaint as its page and its file show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from guanxi.conversations.choices import DeliveryState
from guanxi.core import access, clock, money
from guanxi.core.actor import Actor
from guanxi.core.models import Department
from guanxi.service import closing
from guanxi.service.choices import ENDED_STATES, CaseState
from guanxi.service.complaint_choices import (
    STEPS,
    Applies,
    Authority,
    Entitlement,
    LastWord,
    PromiseState,
    RemedyState,
    Step,
)
from guanxi.service.complaints import queries, steps
from guanxi.service.complaints.responsible import OBJECT
from guanxi.service.complaints.services.lateness import LITTLE_LEFT
from guanxi.service.models import Case, Complaint, ComplaintStep, Promise

REMEDY_TONES = {
    RemedyState.PLANNED: "neutral", RemedyState.ASKED: "warning", RemedyState.APPROVED: "info",
    RemedyState.REFUSED: "danger", RemedyState.DONE: "success", RemedyState.DROPPED: "neutral",
}  # fmt: skip
PROMISE_TONES = {
    PromiseState.OPEN: "info", PromiseState.KEPT: "success", PromiseState.KEPT_LATE: "warning",
    PromiseState.BROKEN: "danger", PromiseState.RELEASED: "neutral",
}  # fmt: skip
WORD_TONES = {LastWord.CONFIRMED: "success", LastWord.NOT_SETTLED: "danger", LastWord.NOT_REACHED: "warning"}


@dataclass(frozen=True)
class Stage:
    """One of the six steps on the rail: how it stands, whose it is, until when."""

    number: int
    label: str
    state: str  # done | now | late | ahead
    owner: str = ""
    due_at: datetime | None = None
    ended_at: datetime | None = None


def stages(complaint: Complaint) -> list[Stage]:
    """The six steps in order, as they stand in the round that the case is in."""
    rows = {row.step: row for row in _steps_of_round(complaint)}
    place = STEPS.index(Step(complaint.step)) if complaint.step in STEPS else len(STEPS)
    is_begun = bool(rows)
    found = []
    for number, step in enumerate(STEPS):
        row = rows.get(step)
        state = "done" if number < place else "ahead"
        if number == place and is_begun:
            is_late = row is not None and row.due_at is not None and row.due_at < clock.now() and not row.ended_at
            state = "late" if is_late else "now"
        owner = row.owner.display_name if row is not None and row.owner is not None else ""
        found.append(
            Stage(
                number + 1,
                str(step.label),
                state if is_begun or complaint.step == Step.DONE else "ahead",
                owner,
                row.due_at if row is not None and row.ended_at is None else None,
                row.ended_at if row is not None else None,
            )
        )
    return found


def stage_of(case: Case) -> Stage | None:
    """The step that a case of complaint is at; None for other cases."""
    complaint = Complaint.objects.select_related("case").filter(pk=case.pk).first()
    if complaint is None:
        return None
    return next((one for one in stages(complaint) if one.state in {"now", "late"}), None) or Stage(0, "", "done")


def _steps_of_round(complaint: Complaint) -> Sequence[ComplaintStep]:
    """The steps as they went since the case was last opened."""
    rows = ComplaintStep.objects.filter(complaint=complaint, round=complaint.case.reopened_count)
    return list(rows.select_related("owner"))


def page_of(actor: Actor, complaint: Complaint) -> dict[str, Any]:
    """Everything the page shows."""
    case = complaint.case
    may_change = Case.objects.visible_to(actor, "change").filter(pk=case.pk).exists()
    is_open = case.state not in ENDED_STATES
    return {
        "case": case,
        "complaint": complaint,
        "stages": stages(complaint),
        "step_label": Step(complaint.step).label,
        "can_change": may_change and is_open,
        "is_elsewhere": case.state == CaseState.CLOSED_ELSEWHERE,
        "is_closed": case.state == CaseState.CLOSED,
        "lacking": steps.lacking(complaint, complaint.step) if is_open and complaint.step in STEPS else [],
        "closing_lacks": closing.missing(case) if is_open else [],
        "entitlements": entitlements_of(complaint),
        "evidence": list(complaint.evidence.select_related("file", "by")),
        "remedies": [
            {"row": row, "words": queries.remedy_words(row), "tone": REMEDY_TONES[RemedyState(row.state)]}
            for row in complaint.remedies.select_related("kind", "unit__department", "decided_by")
        ],
        "has_remedy_ahead": complaint.remedies.filter(state=RemedyState.APPROVED).exists(),
        "costs": costs_of(complaint),
        "tellings": [
            {"row": row, "has_failed": row.message is not None and row.message.delivery == DeliveryState.FAILED}
            for row in complaint.tellings.select_related("by", "message")
        ],
        "promises": [
            {"row": row, "tone": PROMISE_TONES[PromiseState(row.state)]}
            for row in Promise.objects.filter(case=case).select_related("owner").order_by("due_at", "pk")
        ],
        "may_promise": access.may_see(actor, "case", case.pk) and actor.can("promise", "create"),
        "words": [
            {"row": row, "tone": WORD_TONES[LastWord(row.outcome)]}
            for row in complaint.closing_words.select_related("by")
        ],
        "checks": list(complaint.checks.all()),
        "elsewhere": elsewhere_of(complaint),
        "authority_tone": authority_tone(complaint),
        "objections": queries.objections_of(complaint),
        "can_object": is_open and queries.may_object(complaint) and _may_object(actor, complaint),
        "objection_waits": complaint.objected_at is not None and complaint.objection_settled_at is None,
    }


def _may_object(actor: Actor, complaint: Complaint) -> bool:
    """Whether the actor may object for the unit: who may change the complaint, and who heads the department."""
    return Complaint.objects.visible_to(actor, OBJECT).filter(pk=complaint.pk).exists()


def costs_of(complaint: Complaint) -> list[tuple[int, str]]:
    """What the remedies of a complaint cost so far, in each currency; nothing at all is nothing in the company's."""
    done = complaint.remedies.filter(state=RemedyState.DONE, cost_minor__gt=0).order_by("currency")
    sums = list(done.values_list("currency").annotate(total=Sum("cost_minor")))
    return [(total, currency) for currency, total in sums] or [(0, money.reporting_currency())]


def entitlements_of(complaint: Complaint) -> list[tuple[str, str, str]]:
    """What the law gives: name, whether it applies, in which tone."""
    tones = {Applies.YES: "success", Applies.NO: "neutral", Applies.UNKNOWN: "warning"}
    found = []
    for key, label in Entitlement.choices:
        value = Applies(complaint.entitlements.get(key, ""))
        found.append((str(label), str(value.label), tones[value]))
    return found


def elsewhere_of(complaint: Complaint) -> list[tuple[str, str]]:
    """What the system that it came from says of it."""
    names = {
        "status": _("Outcome told"), "response": _("Answer of the firm"), "disputed": _("Disputed by the customer"),
        "sub_product": _("Sub-product"), "sub_issue": _("Sub-issue"), "channel": _("Channel"),
    }  # fmt: skip
    return [(names.get(key, key), str(value)) for key, value in complaint.elsewhere.items()]


def authority_of(complaint: Complaint) -> str:
    """The authority with its number."""
    if not complaint.authority:
        return ""
    return " ".join(part for part in (str(Authority(complaint.authority).label), complaint.authority_number) if part)


def authority_tone(complaint: Complaint) -> str:
    """The colour of an authority's clock: over, a day left, more."""
    if complaint.authority_due_at is None or complaint.authority_answered_at is not None:
        return ""
    now = clock.now()
    return (
        "danger"
        if complaint.authority_due_at < now
        else "warning"
        if complaint.authority_due_at < now + LITTLE_LEFT
        else ""
    )


def company_name() -> str:
    """What the company is called: its first department of all."""
    return Department.objects.filter(parent=None).order_by("pk").values_list("name", flat=True).first() or "Guanxi"
