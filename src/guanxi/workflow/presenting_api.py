"""Rules, firings and approvals for programs."""

from typing import Any

from guanxi.core import money
from guanxi.core.models import User
from guanxi.core.sentences import told
from guanxi.tasks import about
from guanxi.workflow import queries, words
from guanxi.workflow.choices import Outcome
from guanxi.workflow.engine.dry_running import dry_run
from guanxi.workflow.models import Approval, ApprovalStep, Firing, Rule
from guanxi.workflow.operators import OPERATORS
from guanxi.workflow.registries import (
    Action,
    Fact,
    Link,
    Moment,
    Parameter,
    Trigger,
    actions,
    facts,
    links,
    moments,
    triggers,
)

LATEST = 200


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


def parts_data() -> dict[str, Any]:
    """All that rules can be made of, from the registries."""
    return {
        "triggers": [_part(one) for one in triggers],
        "moments": [_part(one) for one in moments],
        "facts": [{**_part(one), "type": str(one.type), "questions": list(OPERATORS[one.type])} for one in facts],
        "links": [{**_part(one), "to": one.to} for one in links],
        "actions": [{**_part(one), "parameters": [_parameter(each) for each in one.parameters]} for one in actions],
    }


def _part(one: Trigger | Moment | Fact | Link | Action) -> dict[str, Any]:
    """What every part has."""
    return {"key": one.key, "label": str(one.label), "kind": one.kind}


def _parameter(one: Parameter) -> dict[str, Any]:
    """One parameter of an act."""
    return {"key": one.key, "label": str(one.label), "type": str(one.type), "required": one.is_required}


def dry_run_data(rule: Rule) -> dict[str, Any]:
    """What would have come of a rule lately."""
    found = dry_run(rule)
    latest = [trial for trial in reversed(found.trials) if trial.outcome == Outcome.FIRED][:LATEST]
    return {
        "since": found.since.isoformat(),
        "noted_since": found.noted_since.isoformat() if found.noted_since else None,
        **{str(one): found.counts.get(str(one), 0) for one in (Outcome.FIRED, Outcome.NOT_MET, Outcome.LIMITED)},
        "of_today": list(found.of_today),
        "latest": [
            {
                "record": about.public_id(found.kind, trial.record_id) or None,
                "at": trial.at.isoformat(),
                "outcome": trial.outcome,
                "why": trial.why,
            }
            for trial in latest
        ],
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
        "delegated_to": _name(step.delegated_to),
        "delegated_by": _name(step.delegated_by),
        "words": step.words,
        "decided_at": step.decided_at.isoformat() if step.decided_at else None,
    }


def _name(user: User | None) -> str | None:
    """The name somebody signs in with."""
    return user.username if user is not None else None
