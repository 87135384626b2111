"""Complaints for programs: one as a list says it, one with all that its steps found."""

from datetime import datetime
from typing import Any

from guanxi.core import ids, money
from guanxi.core.actor import Actor
from guanxi.service import closing
from guanxi.service.choices import ENDED_STATES
from guanxi.service.complaint_choices import STEPS
from guanxi.service.complaints import steps
from guanxi.service.models import Case, Complaint, Promise, Remedy


def listed(case: Case) -> dict[str, Any]:
    """A complaint as a list says it; its case was read along with it."""
    complaint: Complaint = case.complaint
    return {
        "id": case.public_id,
        "subject": case.subject,
        "state": case.state,
        "step": complaint.step,
        "grade": complaint.grade,
        "customer": public("cus", case.customer_id),
        "owner": case.owner.username if case.owner else None,
        "unit": complaint.unit_id,
        "cause": complaint.cause_id,
        "authority": complaint.authority or None,
        "authority_number": complaint.authority_number or None,
        "authority_due_at": moment(complaint.authority_due_at),
        "authority_answered_at": moment(complaint.authority_answered_at),
        "opened_at": case.opened_at.isoformat(),
        "closed_at": moment(case.closed_at),
        "reopened_count": case.reopened_count,
    }


def whole(actor: Actor, complaint: Complaint) -> dict[str, Any]:
    """A complaint with all that its six steps found."""
    case = complaint.case
    case.complaint = complaint
    return {
        **listed(case),
        "words": case.description,
        "wanted": complaint.wanted,
        "entitlements": complaint.entitlements,
        "objection": complaint.objection,
        "objected_at": moment(complaint.objected_at),
        "objected_by": complaint.objected_by.username if complaint.objected_by else None,
        "objection_answer": complaint.objection_answer,
        "objection_settled_at": moment(complaint.objection_settled_at),
        "past_objections": [
            {
                "unit": row.unit_id,
                "objection": row.reasons,
                "objected_at": row.at.isoformat(),
                "objected_by": row.by.username if row.by else None,
                "answer": row.answer,
                "settled_at": moment(row.settled_at),
            }
            for row in complaint.past_objections.select_related("by")
        ],
        "responsibility": complaint.responsibility,
        "whys": complaint.whys,
        "prevention": complaint.prevention,
        "elsewhere": complaint.elsewhere,
        **_parts(complaint),
        "promises": [
            public("prm", number)
            for number in Promise.objects.visible_to(actor)
            .filter(case=case.pk)
            .order_by("pk")
            .values_list("pk", flat=True)
        ],
    }


def lacking(complaint: Complaint) -> dict[str, list[str]]:
    """What is missing, in the caller's language: told beside a complaint, no part of its version."""
    case = complaint.case
    is_open = case.state not in ENDED_STATES
    return {
        "missing": steps.lacking(complaint, complaint.step) if is_open and complaint.step in STEPS else [],
        "missing_for_closing": closing.missing(case) if is_open else [],
    }


def _parts(complaint: Complaint) -> dict[str, list[dict[str, Any]]]:
    """The rows of a complaint, each sort in its order."""
    steps_ = complaint.steps.select_related("owner").order_by("pk")
    return {
        "steps": [
            {
                "step": row.step, "round": row.round, "owner": row.owner.username if row.owner else None,
                "began_at": row.began_at.isoformat(), "due_at": moment(row.due_at), "ended_at": moment(row.ended_at),
            }
            for row in steps_
        ],
        "evidence": [
            {
                "step": row.step, "sort": row.sort, "said_by": row.said_by, "text": row.text,
                "file": row.file.name if row.file else None, "by": row.by.username if row.by else None,
                "at": row.at.isoformat(),
            }
            for row in complaint.evidence.select_related("file", "by")
        ],
        "remedies": [_remedy(row) for row in complaint.remedies.all()],
        "tellings": [
            {
                "step": row.step, "at": row.at.isoformat(), "channel": row.channel, "words": row.words,
                "message": public("msg", row.message_id), "by": row.by.username if row.by else None,
            }
            for row in complaint.tellings.select_related("by")
        ],
        "last_words": [
            {
                "round": row.round, "outcome": row.outcome, "channel": row.channel, "words": row.words,
                "at": row.at.isoformat(), "by": row.by.username if row.by else None,
            }
            for row in complaint.closing_words.select_related("by")
        ],
        "checks": [
            {"after_days": row.after_days, "due_on": row.due_on.isoformat(), "found": row.found_count}
            for row in complaint.checks.all()
        ],
    }  # fmt: skip


def _remedy(row: Remedy) -> dict[str, Any]:
    """A remedy; amounts are decimal strings."""
    return {
        "id": public("rmd", row.pk),
        "kind": row.kind_id,
        "text": row.text,
        "amount": money.plain(row.amount_minor, row.currency),
        "currency": row.currency,
        "state": row.state,
        "reason": row.reason,
        "cost": money.plain(row.cost_minor, row.currency) if row.cost_minor is not None else None,
        "unit": row.unit_id,
        "done_at": moment(row.done_at),
    }


def public(prefix: str, number: int | None) -> str | None:
    """An id for outside."""
    return ids.public_id(prefix, number) if number is not None else None


def moment(value: datetime | None) -> str | None:
    """A moment for programs."""
    return value.isoformat() if value is not None else None
