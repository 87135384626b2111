"""What modules above may use of rules and approvals."""

from guanxi.workflow.events import ApprovalAsked, ApprovalDecided
from guanxi.workflow.panels import add_to as show_approvals_on
from guanxi.workflow.registries import (
    Action,
    ApprovalSort,
    Done,
    Fact,
    FactType,
    Link,
    Moment,
    Parameter,
    ParameterType,
    Trigger,
    read_column,
    read_key,
    register_action,
    register_approval_sort,
    register_fact,
    register_link,
    register_moment,
    register_trigger,
)
from guanxi.workflow.services.approvals import (
    approval_of,
    ask_for_approval,
    decide_approval,
    needs_approval,
    withdraw_approval,
)
from guanxi.workflow.services.rules import ensure_rule

__all__ = [
    "Action",
    "ApprovalAsked",
    "ApprovalDecided",
    "ApprovalSort",
    "Done",
    "Fact",
    "FactType",
    "Link",
    "Moment",
    "Parameter",
    "ParameterType",
    "Trigger",
    "approval_of",
    "ask_for_approval",
    "decide_approval",
    "ensure_rule",
    "needs_approval",
    "read_column",
    "read_key",
    "register_action",
    "register_approval_sort",
    "register_fact",
    "register_link",
    "register_moment",
    "register_trigger",
    "show_approvals_on",
    "withdraw_approval",
]
