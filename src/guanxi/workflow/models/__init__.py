"""Models of workflow."""

from guanxi.workflow.models.approvals import Approval, ApprovalLimit, ApprovalPolicy, ApprovalStep, DepartmentHead
from guanxi.workflow.models.rules import Firing, Happening, Rule, RuleClock

__all__ = [
    "Approval",
    "ApprovalLimit",
    "ApprovalPolicy",
    "ApprovalStep",
    "DepartmentHead",
    "Firing",
    "Happening",
    "Rule",
    "RuleClock",
]
