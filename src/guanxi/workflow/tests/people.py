"""People, rules and events for the tests of workflow."""

from typing import Any

from guanxi.core import events, jobs
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.models import Role, User
from guanxi.workflow.models import Firing, Rule
from guanxi.workflow.services import rules


def person(name: str, role: str = "agent") -> User:
    """Somebody who works here."""
    return User.objects.create(username=name, name=name.title(), role=Role.objects.get(key=role))


def acting(user: User) -> Actor:
    """A user as an actor, with their rights of now."""
    return actor_of(User.objects.get(pk=user.pk))


def rule(trigger: str, actions: list[dict[str, Any]], conditions: dict[str, Any] | None = None, **values: Any) -> Rule:
    """A rule in force."""
    is_active = values.pop("is_active", True)
    given = {"name": f"rule on {trigger}", "trigger": trigger, "actions": actions, "conditions": conditions or {}}
    return rules.create_rule(actor=system_actor(), values={**given, **values}, is_active=is_active)


def set_task(user: User, title: str = "Call back") -> dict[str, Any]:
    """The act that sets a task for a person."""
    return {"action": "task.set", "parameters": {"title": title, "assignee": user.pk}}


def happen() -> None:
    """Deliver what waits, and do the jobs that came of it."""
    events.deliver_pending()
    jobs.run_pending()


def outcomes(of: Rule | None = None) -> list[str]:
    """How it ended each time, the oldest first."""
    rows = Firing.objects.order_by("id")
    return list((rows.filter(rule=of) if of is not None else rows).values_list("outcome", flat=True))
