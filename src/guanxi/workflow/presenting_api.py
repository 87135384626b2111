"""Rules, firings and approvals for programs."""

from typing import Any

from guanxi.core import money
from guanxi.core.models import User
from guanxi.core.sentences import told
from guanxi.tasks import about
from guanxi.workflow import queries, words
from guanxi.workflow.models import Approval, ApprovalStep, Firing, Rule


def rule_data(rule: Rule) -> dict[str, Any]:
    """A rule."""
    return {
        "id": rule.public_id,
        "name": rule.name,
        "note": rule.note,
        "sentence": words.rule_sentence(rule),
        "trigger": rule.trigger,
        "offset_minutes": rule.offset_minutes,
        "conditions": rule.conditions,
        "actions": rule.actions,
        "active": rule.is_active,
        "order": rule.order,
        "stops_others": rule.stops_others,
        "limit": rule.limit,
        "from_at": rule.from_at.isoformat() if rule.from_at else None,
        "until_at": rule.until_at.isoformat() if rule.until_at else None,
        "version": rule.version,
    }


def firing_data(firing: Firing) -> dict[str, Any]:
    """What a rule made of something, with its reasons and what each act said in the caller's language."""
    why = dict(firing.why)
    if "actions" in why:
        why["actions"] = [_act(one) for one in why["actions"]]
    return {
        "id": firing.pk,
        "rule": firing.rule.public_id,
        "version": firing.version,
        "trigger": firing.trigger,
        "record": about.public_id(firing.record_kind, firing.record_id) or None,
        "at": firing.at.isoformat(),
        "outcome": firing.outcome,
        "why": why,
    }


def _act(one: dict[str, Any]) -> dict[str, Any]:
    """One act, its words said."""
    return {name: told(value) if name in ("done", "failed") else value for name, value in one.items()}


def approval_data(approval: Approval) -> dict[str, Any]:
    """A request for approval with every word on it."""
    amount = approval.amount_minor
    return {
        "id": approval.public_id,
        "sort": approval.sort,
        "about": about.public_id(approval.record_kind, approval.record_id) or None,
        "amount": money.plain(amount, approval.currency) if amount is not None else None,
        "currency": approval.currency or None,
        "asked_by": _name(approval.asked_by),
        "reason": approval.reason,
        "state": approval.state,
        "decided_by": _name(approval.decided_by),
        "on_behalf_of": _name(approval.on_behalf_of),
        "words": approval.words,
        "decided_at": approval.decided_at.isoformat() if approval.decided_at else None,
        "created_at": approval.created_at.isoformat(),
        "steps": [_step(step) for step in queries.steps_of(approval)],
    }


def _step(step: ApprovalStep) -> dict[str, Any]:
    """One word that it needs."""
    return {
        "approver": step.approver,
        "role": step.role.key if step.role is not None else None,
        "user": _name(step.user),
        "second": step.is_second,
        "state": step.state,
        "decided_by": _name(step.decided_by),
        "on_behalf_of": _name(step.on_behalf_of),
        "words": step.words,
        "decided_at": step.decided_at.isoformat() if step.decided_at else None,
    }


def _name(user: User | None) -> str | None:
    """The name somebody signs in with."""
    return user.username if user is not None else None
