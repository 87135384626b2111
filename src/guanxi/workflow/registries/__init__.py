"""What rules are made of: triggers, moments, facts, links and actions, and the sorts of approval; every floor fills them.

    register_trigger(Trigger("task.created", _("a task is set"), "task", {TaskCreated: lambda e: (e.task_id,)}))
    register_fact(Fact("task.priority", "task", _("priority"), FactType.CHOICE, read_column(Task, "priority"), ...))
    register_action(Action("task.set", _("set a task"), run=set_task, parameters=(...)))

A process designer is to stand on the same registries: nothing in them knows of rules.
"""

from guanxi.workflow.registries.actions import Action, Done, Parameter, ParameterType, actions, register_action
from guanxi.workflow.registries.approvals import ApprovalSort, approval_sorts, register_approval_sort
from guanxi.workflow.registries.facts import (
    Fact,
    FactType,
    Link,
    facts,
    links,
    read_column,
    read_key,
    register_fact,
    register_link,
)
from guanxi.workflow.registries.triggers import Moment, Trigger, moments, register_moment, register_trigger, triggers

__all__ = [
    "Action",
    "ApprovalSort",
    "Done",
    "Fact",
    "FactType",
    "Link",
    "Moment",
    "Parameter",
    "ParameterType",
    "Trigger",
    "actions",
    "approval_sorts",
    "facts",
    "links",
    "moments",
    "read_column",
    "read_key",
    "register_action",
    "register_approval_sort",
    "register_fact",
    "register_link",
    "register_moment",
    "register_trigger",
    "triggers",
]
