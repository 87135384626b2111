"""Dry runs say what would have happened, and that is what does happen."""

import random
from datetime import timedelta

import pytest

from guanxi.core import clock
from guanxi.core.actor import system_actor
from guanxi.tasks.models import Task
from guanxi.tasks.public import create_task, end_task, update_task
from guanxi.tasks.services.tasks import delete_task
from guanxi.workflow.engine.dry_running import dry_run
from guanxi.workflow.models import Firing, Happening
from guanxi.workflow.services import rules
from guanxi.workflow.tests.people import acting, happen, outcomes, person, rule

pytestmark = pytest.mark.django_db


def test_a_dry_run_equals_what_happens() -> None:
    """Over made-up weeks: the same records, the same outcomes, though most values have changed since."""
    rng = random.Random(7)
    ann, bob = person("ann"), person("bob")
    conditions = {
        "any": [
            {"all": [{"fact": "task.priority", "is": "is", "value": 3}, {"fact": "task.assignee", "is": "is", "value": ann.pk}]},
            {"all": [{"fact": "changed", "is": "has", "value": "title"}, {"not": [{"fact": "task.title", "is": "contains", "value": "7"}]}]},
        ]
    }  # fmt: skip
    tell = [{"action": "tell.user", "parameters": {"user": ann.pk}}]
    made = [rule("task.changed", tell, conditions, limit=limit) for limit in ("always", "day", "once")]
    tasks = [create_task(actor=acting(ann), values={"title": f"t{n}", "assignee": bob}) for n in range(4)]
    for _step in range(30):
        task = rng.choice(tasks)
        values = rng.choice(
            [
                {"priority": rng.choice((1, 2, 3))},
                {"assignee": rng.choice((ann, bob))},
                {"title": f"t{rng.randrange(20)}"},
            ]
        )
        update_task(actor=acting(ann), task_id=task.pk, values=values)
        happen()
    delete_task(actor=acting(ann), task_id=tasks[0].pk)
    assert {"fired", "not_met", "limited"} <= set(outcomes())
    for one in made:
        real = list(Firing.objects.filter(rule=one).order_by("at", "id").values_list("record_id", "outcome"))
        tried = dry_run(one)
        assert [(trial.record_id, trial.outcome) for trial in tried.trials] == real
        assert tried.of_today == []


def test_a_dry_run_of_moments_and_of_what_nobody_noted() -> None:
    """Moments come from the records; nothing is written."""
    ann, now = person("ann"), clock.now()
    task = create_task(actor=acting(ann), values={"title": "x", "due_at": now - timedelta(days=2)})
    values = {"name": "n", "trigger": "task.due", "offset_minutes": 60,
              "actions": [{"action": "tell.user", "parameters": {"user": ann.pk}}]}  # fmt: skip
    draft = rules.draft_rule(actor=system_actor(), values=values)
    found = dry_run(draft)
    assert [(trial.record_id, trial.outcome) for trial in found.trials] == [(task.pk, "fired")]
    assert found.trials[0].at == now - timedelta(days=2) + timedelta(hours=1)
    end_task(actor=acting(ann), task_id=task.pk)
    assert dry_run(draft).trials == []
    assert (Firing.objects.count(), Task.objects.count()) == (0, 1)
    empty = dry_run(rules.draft_rule(actor=system_actor(), values={**values, "trigger": "task.created"}))
    assert (empty.trials, empty.noted_since) == ([], None)
    happen()
    assert Happening.objects.count() == 2
