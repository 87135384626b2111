"""Rules over real events: they act, say why, stop in loops, and no failure of one stops another."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from guanxi.core import clock, events, masking
from guanxi.core import jobs as jobs_of_core
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Forbidden, InvalidInput
from guanxi.core.models import Change, Operation, User
from guanxi.core.models.jobs import Job
from guanxi.core.records import RecordRef
from guanxi.core.sentences import told
from guanxi.tasks.models import Notification, Task
from guanxi.tasks.public import create_task, update_task
from guanxi.workflow import jobs
from guanxi.workflow.engine import running
from guanxi.workflow.models import Firing, Happening
from guanxi.workflow.registries.actions import Action, Done, actions
from guanxi.workflow.registries.facts import facts
from guanxi.workflow.services import rules
from guanxi.workflow.tests.people import acting, happen, outcomes, person, rule, set_task

pytestmark = pytest.mark.django_db
HIGH = {"all": [{"fact": "task.priority", "is": "is", "value": 3}]}


def broken(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """An act that writes something and then fails."""
    create_task(actor=actor, values={"title": "never to be seen", "assignee": Task.objects.get(pk=record.id).assignee})
    raise RuntimeError("boom")


@pytest.fixture
def _broken_action() -> Any:
    """An act that fails, for as long as a test runs."""
    actions.add("test.broken", Action("test.broken", "break", broken))
    yield
    actions._items.pop("test.broken")


def test_a_rule_acts_through_the_services_and_says_why() -> None:
    """The journal names the rule, the log the reasons; what a rule did is undone like any other act."""
    ann, bob = person("ann"), person("bob")
    made = rule("task.created", [set_task(bob, "Look over it")], HIGH, name="High ones are looked over")
    urgent = create_task(actor=acting(ann), values={"title": "A", "priority": 3})
    create_task(actor=acting(ann), values={"title": "B"})
    happen()
    assert outcomes(made) == ["fired", "not_met", "not_met"]  # the third: the task that the rule set
    firing = Firing.objects.get(outcome="fired")
    assert firing.record_id == urgent.pk
    assert firing.why["conditions"]["all"][0] == {
        "fact": "task.priority", "is": "is", "value": 3, "met": True, "found": 3,
    }  # fmt: skip
    assert told(firing.why["actions"][0]["done"]) == "A task was set."
    operation = Operation.objects.filter(name="tasks.create_task").latest("id")
    assert (operation.actor_name, operation.means) == ("High ones are looked over", "rule")
    assert Task.objects.get(assignee=bob).title == "Look over it"


def test_a_rule_that_fires_itself_is_stopped() -> None:
    """Once, and the log says so: what comes of its own act does not start it again."""
    ann = person("ann")
    made = rule("task.created", [set_task(ann)])
    create_task(actor=acting(ann), values={"title": "the first"})
    happen()
    assert outcomes(made) == ["fired", "stopped_loop"]
    assert Task.objects.count() == 2
    assert Firing.objects.get(outcome="stopped_loop").why["stopped"] == "again"


@jobs_of_core.task
def set_task_later(user_id: int) -> None:
    """Set a task outside the request."""
    create_task(actor=system_actor(), values={"title": "from a job", "assignee": User.objects.get(pk=user_id)})


def later(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """An act that leaves its work to a job, of which only one waits at a time."""
    owner = Task.objects.get(pk=record.id).assignee_id
    set_task_later.using(unique_key="test.later").enqueue(user_id=owner)
    return Done("later")


def test_a_loop_through_a_job_is_stopped_too() -> None:
    """A job carries the rules that led to it, one that waited already for somebody else too."""
    ann = person("ann")
    actions.add("test.later", Action("test.later", "later", later))
    try:
        made = rule("task.created", [{"action": "test.later"}])
        create_task(actor=acting(ann), values={"title": "the first"})
        set_task_later.using(unique_key="test.later").enqueue(user_id=ann.pk)
        events.deliver_pending()
        assert [job.passed for job in Job.objects.filter(unique_key="test.later")] == [{"rules": [made.pk]}]
        happen()
    finally:
        actions._items.pop("test.later")
    assert outcomes(made) == ["fired", "stopped_loop"]
    assert Firing.objects.get(outcome="stopped_loop").why["stopped"] == "again"
    assert Task.objects.count() == 2


def test_rules_that_start_each_other_stop() -> None:
    """A ring of rules goes round once; a chain that is too long ends."""
    ann = person("ann")
    ring = [
        rule(
            "task.created",
            [set_task(ann, f"t{n + 1}")],
            {"all": [{"fact": "task.title", "is": "is", "value": f"t{n}"}]},
        )
        for n in range(running.LONGEST_CHAIN + 2)
    ]
    create_task(actor=acting(ann), values={"title": "t0"})
    happen()
    stopped = Firing.objects.get(outcome="stopped_loop")
    assert (stopped.why["stopped"], stopped.rule) == ("deep", ring[running.LONGEST_CHAIN])
    assert Task.objects.count() == running.LONGEST_CHAIN + 1


def test_a_loop_that_goes_round_outside_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no chain tells (another system answers each time) is noticed by how often it comes."""
    monkeypatch.setattr(running, "MOST_AN_HOUR", 3)
    ann = person("ann")
    made = rule("task.changed", [{"action": "tell.user", "parameters": {"user": ann.pk}}])
    task = create_task(actor=acting(ann), values={"title": "x"})
    for number in range(5):
        update_task(actor=acting(ann), task_id=task.pk, values={"title": f"x{number}"})
        happen()
    assert outcomes(made) == ["fired", "fired", "fired", "stopped_loop", "stopped_loop"]
    assert Firing.objects.filter(outcome="stopped_loop").first().why["stopped"] == "often"  # type: ignore[union-attr]


@pytest.mark.usefixtures("_broken_action")
def test_a_failing_act_stops_no_other_rule() -> None:
    """All of the rule is taken back, the others do their work, the log has the failure in words."""
    ann = person("ann")
    bad = rule("task.created", [set_task(ann, "half"), {"action": "test.broken"}], HIGH)
    good = rule("task.created", [set_task(ann, "whole")], HIGH)
    create_task(actor=acting(ann), values={"title": "x", "priority": 3})
    happen()
    assert (outcomes(bad)[0], outcomes(good)[0]) == ("failed", "fired")
    assert sorted(Task.objects.values_list("title", flat=True)) == ["whole", "x"]
    failed = Firing.objects.get(outcome="failed")
    assert "fault of the program" in told(failed.why["actions"][1]["failed"])


def test_what_a_service_refuses_a_rule_does_not_do_either() -> None:
    """The same sentence that a person would read stands in the log."""
    ann, gone = person("ann"), person("gone")
    made = rule("task.created", [set_task(gone)])
    gone.is_active = False
    gone.save()
    create_task(actor=acting(ann), values={"title": "x"})
    happen()
    assert outcomes(made) == ["failed"]
    assert told(Firing.objects.get().why["actions"][0]["failed"]) == "Choose who is to do it."


def test_a_rule_switched_off_while_its_event_waits_does_nothing() -> None:
    """What counts is how it stands when the event is heard."""
    ann = person("ann")
    made = rule("task.created", [set_task(ann)])
    create_task(actor=acting(ann), values={"title": "x"})
    rules.switch_rule(actor=system_actor(), rule_id=made.pk, is_active=False)
    happen()
    assert (outcomes(made), Task.objects.count(), Happening.objects.count()) == ([], 1, 1)


def test_limits_order_and_stopping_others() -> None:
    """Once for a record; the first in order says whether others follow."""
    ann = person("ann")
    tell = [{"action": "tell.user", "parameters": {"user": ann.pk}}]
    once = rule("task.changed", tell, limit="once", order=20)
    last = rule("task.changed", tell, order=30)
    first = rule("task.changed", tell, {"all": [{"fact": "changed", "is": "has", "value": "priority"}]}, order=10,
                 stops_others=True)  # fmt: skip
    task = create_task(actor=acting(ann), values={"title": "x"})
    for values in ({"title": "a"}, {"title": "b"}, {"priority": 3}):
        update_task(actor=acting(ann), task_id=task.pk, values=values)
        happen()
    assert outcomes(first) == ["not_met", "not_met", "fired"]
    assert outcomes(once) == ["fired", "limited"]
    assert outcomes(last) == ["fired", "fired"]


def test_once_a_day_by_the_company_s_day() -> None:
    """The second time on one day it is left; the next day it is done again."""
    ann = person("ann")
    made = rule("task.changed", [{"action": "tell.user", "parameters": {"user": ann.pk}}], limit="day")
    task = create_task(actor=acting(ann), values={"title": "x"})
    for title in ("a", "b"):
        update_task(actor=acting(ann), task_id=task.pk, values={"title": title})
        happen()
    Firing.objects.update(at=clock.now() - timedelta(days=1))
    update_task(actor=acting(ann), task_id=task.pk, values={"title": "c"})
    happen()
    assert outcomes(made) == ["fired", "limited", "fired"]


def test_moments_start_rules_once_and_again_when_they_move() -> None:
    """Before and after; a task that is done in time starts nothing."""
    ann, now = person("ann"), clock.now()
    overdue = rule("task.due", [{"action": "tell.user", "parameters": {"user": ann.pk}}], offset_minutes=60)
    early = rule("task.due", [set_task(ann, "prepare")], offset_minutes=-120)
    for made in (overdue, early):
        made.active_since = now - timedelta(days=3)
        made.save()
    task = create_task(actor=acting(ann), values={"title": "x", "due_at": now - timedelta(minutes=61)})
    soon = create_task(actor=acting(ann), values={"title": "y", "due_at": now + timedelta(minutes=119)})
    create_task(actor=acting(ann), values={"title": "z", "due_at": now + timedelta(days=9)})
    jobs.look_at_moments.func()
    jobs.look_at_moments.func()
    told_of = list(Notification.objects.filter(sort="rule").values_list("about_id", flat=True))
    assert told_of == [task.pk]
    assert list(Firing.objects.filter(rule=early).values_list("record_id", flat=True)) == [task.pk, soon.pk]
    update_task(actor=acting(ann), task_id=soon.pk, values={"due_at": now + timedelta(minutes=118)})
    jobs.look_at_moments.func()
    assert Firing.objects.filter(rule=early, record_id=soon.pk).count() == 2


def test_whoever_may_not_do_a_thing_writes_no_rule_that_does() -> None:
    """Rights of the author bound what a rule is written to do; unknown facts and acts are refused in words."""
    ann = person("ann")
    agent = acting(person("bob"))
    values = {"name": "n", "trigger": "task.created", "actions": [set_task(ann)]}
    with pytest.raises(Forbidden):
        rules.create_rule(actor=agent, values=values)
    for spoiled in (
        {"trigger": "nothing"},
        {"conditions": {"all": [{"fact": "no.such", "is": "is", "value": 1}]}},
        {"conditions": {"all": [{"fact": "task.priority", "is": "contains", "value": 1}]}},
        {"conditions": {"all": [{"all": [{"all": [{"all": [{"fact": "task.priority", "is": "empty"}]}]}]}]}},
        {"conditions": [1, 2]},
        {"actions": []},
        {"actions": [{"action": "task.set", "parameters": {"assignee": ann.pk}}]},
        {"actions": [{"action": "task.set", "parameters": {"title": "x", "assignee": 10**9}}]},
        {"actions": [{"action": "rm"}]},
        {"name": " "},
        {"limit": "never"},
        {"until_at": clock.now(), "from_at": clock.now() + timedelta(days=1)},
        {"public": 1},
    ):
        with pytest.raises(InvalidInput):
            rules.create_rule(actor=system_actor(), values={**values, **spoiled})


def test_versions_are_kept_by_the_journal() -> None:
    """What changes the rule's doing counts up; a name does not."""
    ann = person("ann")
    made = rule("task.created", [set_task(ann)])
    rules.update_rule(actor=system_actor(), rule_id=made.pk, values={"name": "other"})
    assert rules.update_rule(actor=system_actor(), rule_id=made.pk, values={"name": "other"}) is None
    rules.update_rule(actor=system_actor(), rule_id=made.pk, values={"conditions": HIGH})
    made.refresh_from_db()
    assert made.version == 2
    row = Change.objects.get(kind="rule", field="conditions", act="update")
    assert (row.before, row.after) == ({}, HIGH)


def test_nobody_finds_out_by_a_dry_run_what_they_may_not_see() -> None:
    """A fact from a field that the role does not see in full, or of a kind that it does not see at all, cannot be asked."""
    ann = person("ann")
    masking.guard("task", "title", "Title", masking.words)
    fact = facts["task.title"]
    facts._items["task.title"] = (10, replace(fact, guard=("task", "title")))
    values = {"name": "n", "trigger": "task.created", "actions": [set_task(ann)],
              "conditions": {"all": [{"fact": "task.title", "is": "begins", "value": "a"}]}}  # fmt: skip
    try:
        seeing = Actor(None, "x", "web", {("*", "*"): "all"})
        assert rules.draft_rule(actor=seeing, values=values).name == "n"
        for less in (
            seeing.with_fields({("task", "title"): "masked"}),
            replace(seeing, permissions={("rule", "*"): "all", ("task", "create"): "all"}),
        ):
            with pytest.raises(InvalidInput, match="no fact"):
                rules.draft_rule(actor=less, values=values)
    finally:
        facts._items["task.title"] = (10, fact)
        masking.guarded._items.pop("task.title")
        masking._by_any_name.pop(("task", "title"))
