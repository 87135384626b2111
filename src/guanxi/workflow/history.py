"""The journal in words: rules as sentences, approvals with what was said."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.ui import history
from guanxi.ui.history import Reader, Words
from guanxi.ui.html import escape
from guanxi.workflow.definitions import stored_steps
from guanxi.workflow.registries.facts import Reachable, facts, links
from guanxi.workflow.registries.triggers import label_of
from guanxi.workflow.sorts import sort_label
from guanxi.workflow.words import Speaker, step_words


def every_fact() -> dict[str, Reachable]:
    """Every fact by every key that a condition may hold, whatever the rule is about."""
    found = {fact.key: Reachable(fact.key, fact) for fact in facts}
    for link in links:
        for fact in facts:
            if fact.kind == link.to:
                found[f"{link.key}>{fact.key}"] = Reachable(f"{link.key}>{fact.key}", fact, link)
    return found


def _show_rule(reader: Reader, column: Any, value: Any) -> str | None:
    """Triggers, conditions and acts as people read them."""
    if column is None:
        return None
    if column.name == "trigger":
        return escape(label_of(str(value)))
    if column.name == "conditions" and isinstance(value, dict):
        return escape(Speaker(every_fact()).condition(value)) if value else None
    if column.name == "actions" and isinstance(value, list):
        return escape("; ".join(step_words(step) for step in stored_steps(value)))
    return None


def _show_sort(reader: Reader, column: Any, value: Any) -> str | None:
    """Sorts of approval by their names."""
    return escape(sort_label(value)) if column is not None and column.name == "sort" and value else None


_HEARD = {"trigger": _("Trigger"), "record_kind": _("Kind of record"), "record_id": _("Number")}
_AMOUNT, _STATE = _("Amount, in minor units"), _("State")
KINDS = (
    Words("rule", "", {"note": _("What it is for"), "active_since": _("In force since"), "version": _("Version"),
                       "offset_minutes": _("Minutes after"), "key": _("Key"),
                       "trigger": _("Trigger"), "order": _("Place in the order")}, show=_show_rule),
    Words("approval", "", {"amount_minor": _AMOUNT, "record_kind": _("About"), "record_id": _("Number")},
          left_out=frozenset({"lapses_at"}), show=_show_sort),
    Words("approvalstep", _("Step of an approval"),
          {"approval": _("Approval"), "number": _("Step"), "policy": _("Approval policy"), "approver": _("Who decides"),
           "role": _("Role"), "user": _("Person"), "is_second": _("Second person"), "state": _STATE,
           "decided_by": _("Decided by"), "on_behalf_of": _("In place of"),
           "words": pgettext_lazy("approval", "Words"), "decided_at": _("Decided on"), "due_at": _("Handed on from"),
           "escalates_to": _("Then also"), "escalated_at": _("Handed on at"),
           "delegated_to": _("Handed over to"), "delegated_by": _("Handed over by")}),
    Words("approvalpolicy", _("Approval policy"), {"from_minor": _("From amount, in minor units"),
                                                  "to_minor": _("Up to amount, in minor units"),
                                                  "order": _("Place in the order")}, show=_show_sort),
    Words("approvallimit", _("Approval limit"), {"most_minor": _("Up to amount, in minor units")}, show=_show_sort),
    Words("departmenthead", _("Head of a department")),
    Words("ruleclock", "", {"looked_until": _("Looked at until")}),
    Words("happening", "", {**_HEARD, "event_id": _("Event"), "fields": _("Changed fields")}),
    Words("firing", "", {**_HEARD, "version": _("Version"), "heard": _("What was heard"), "why": _("Why")}),
)  # fmt: skip
for _words in KINDS:
    history.register(_words)
history.operations(
    {
        "workflow.create_rule": _("Wrote a rule"),
        "workflow.update_rule": _("Changed a rule"),
        "workflow.switch_rule_on": _("Switched a rule on"),
        "workflow.switch_rule_off": _("Switched a rule off"),
        "workflow.delete_rule": _("Took a rule away"),
        "workflow.ask_for_approval": _("Asked for an approval"),
        "workflow.approve": _("Approved"),
        "workflow.refuse": _("Refused an approval"),
        "workflow.delegate_approval": _("Handed the word on an approval over"),
        "workflow.withdraw_approval": _("Withdrew a request for approval"),
        "workflow.hand_on_approval": _("Handed an approval on to others too"),
        "workflow.lapse_approval": _("Let an approval lapse"),
        "workflow.create_approval_policy": _("Set who approves something"),
        "workflow.update_approval_policy": _("Changed who approves something"),
        "workflow.remove_approval_policy": _("Took away who approves something"),
        "workflow.set_approval_limit": _("Set the limit of a role"),
        "workflow.remove_approval_limit": _("Took away the limit of a role"),
        "workflow.set_department_head": _("Set the head of a department"),
    }
)
