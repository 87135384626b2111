"""Clocks of stored cases: started, paused, met, broken; what is due is done once; rules that change; anew is as before."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from guanxi.conversations.public import Direction
from guanxi.core import calendars, changes, events, jobs
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Conflict, Forbidden, InvalidInput
from guanxi.core.models import Department, Deputy, Role, User
from guanxi.core.models.calendars import WorkingCalendar
from guanxi.core.models.events import OutboxEvent
from guanxi.service.choices import CaseState
from guanxi.service.clocks.choices import Act, Sort, State, Unit, Whom
from guanxi.service.clocks.presenting import shown
from guanxi.service.clocks.services import acting
from guanxi.service.clocks.services.acting import act_on_due
from guanxi.service.clocks.services.keeping import FIELDS, recompute_by_id
from guanxi.service.clocks.services.promising import save_policy
from guanxi.service.models import Case, CaseClock, CaseMoment, Escalation, SlaPolicy
from guanxi.service.public import open_case, open_for_message, set_state, update_case
from guanxi.service.services.locking import lock_case
from guanxi.service.services.states import move
from guanxi.service.tests.conftest import MONDAY, Time, clocks
from guanxi.tasks.models import Notification, Task
from guanxi.workflow.models import DepartmentHead

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(time: Time, hear: Any) -> Case:
    """A case opened by a message."""
    opened = open_for_message(actor=system_actor(), message_id=hear("My kettle leaks", message_id="<a@x>").message.pk)
    assert opened is not None
    return opened


def told(row: CaseClock) -> list[str]:
    """What the history of a clock says happened."""
    return list(row.events.order_by("id").values_list("what", flat=True))


def test_a_case_runs_its_clocks_and_its_due_moment_is_known_everywhere(time: Time, case: Case, hear: Any) -> None:
    rows = clocks(case)
    assert set(rows) == {("first_answer", 1), ("solution", 1)}
    noon = MONDAY + timedelta(hours=5)  # three hours before lunch, one after it: 14:00
    assert rows["first_answer", 1].due_at == rows["solution", 1].due_at == noon
    case.refresh_from_db()
    assert case.conversation is not None
    assert case.due_at == case.conversation.due_at == noon
    time.go(minutes=30)
    hear("Which model?", in_reply_to="<a@x>", direction=Direction.OUT)
    events.deliver_pending()
    first = clocks(case)["first_answer", 1]
    assert (first.state, first.ended_at, first.consumed_seconds) == (State.MET, time.moment, 1800)
    set_state(actor=system_actor(), case_id=case.pk, state=CaseState.WAITING)
    solution = clocks(case)["solution", 1]
    assert (solution.state, solution.due_at, solution.left) == (State.PAUSED, None, 210 * 60)
    case.refresh_from_db()
    assert case.due_at is None
    time.go(days=1)
    spoken = hear("The red one", in_reply_to="<a@x>")
    time.go(minutes=20)  # the worker was away for a while: the clock goes on from the customer's word
    events.deliver_pending()
    rows = clocks(case)
    assert rows["next_answer", 1].started_at == spoken.message.at
    assert rows["next_answer", 1].due_at == MONDAY + timedelta(days=1, hours=5, minutes=30)
    assert rows["solution", 1].due_at == MONDAY + timedelta(days=1, hours=5)
    assert told(rows["solution", 1]) == ["started", "paused", "resumed"]
    time.go(hours=1)
    set_state(actor=system_actor(), case_id=case.pk, state=CaseState.SOLVED)
    rows = clocks(case)
    assert rows["solution", 1].state == State.MET
    assert rows["next_answer", 1].state == State.STOPPED
    case.refresh_from_db()
    assert case.due_at is None
    set_state(actor=system_actor(), case_id=case.pk, state=CaseState.OPEN)
    rows = clocks(case)
    assert (rows["solution", 1].state, rows["next_answer", 1].state) == (State.RUNNING, State.RUNNING)
    assert told(rows["solution", 1]) == ["started", "paused", "resumed", "met", "continued"]


@pytest.mark.parametrize("state", [CaseState.WAITING, CaseState.SOLVED])
def test_a_clock_stands_and_ends_at_the_moment_of_the_act_that_the_journal_names(
    time: Time, case: Case, state: CaseState
) -> None:
    time.go(minutes=10, seconds=59)
    with changes.operation(actor=system_actor(), name="service.set_case_state") as op:
        time.go(seconds=2)  # the act takes its time
        move(op, lock_case(case), state)
    solution = clocks(case)["solution", 1]
    assert solution.consumed_seconds == 659
    assert op.row.at in (solution.paused_since, solution.ended_at)


def test_another_priority_is_another_promise_and_the_undo_takes_it_back(time: Time, case: Case) -> None:
    time.go(minutes=90)
    operation = update_case(actor=system_actor(), case_id=case.pk, values={"priority": 1})
    row = clocks(case)["solution", 1]
    assert (row.state, row.due_at) == (State.BROKEN, MONDAY + timedelta(hours=1))
    event = row.events.order_by("-id")[0]
    assert (event.what, event.because["fields"]) == ("recomputed", ["priority"])
    assert (event.due_before, event.due_after) == (MONDAY + timedelta(hours=5), row.due_at)
    assert operation is not None
    changes.undo_operation(actor=system_actor(), operation_id=operation)
    row = clocks(case)["solution", 1]
    assert (row.state, row.due_at) == (State.RUNNING, MONDAY + timedelta(hours=5))


def test_an_answer_taken_back_is_none(time: Time, case: Case) -> None:
    time.go(minutes=10)
    message = case.conversation.messages.get()  # type: ignore[union-attr]
    message.pk, message.direction, message.needs_answer, message.at = None, "out", False, time.moment
    message.external_key = None
    message.save()
    recompute_by_id(case_ids=[case.pk])
    assert clocks(case)["first_answer", 1].state == State.MET
    message.delete()
    recompute_by_id(case_ids=[case.pk], because={"event": "taken_back"})
    row = clocks(case)["first_answer", 1]
    assert (row.state, row.ended_at) == (State.RUNNING, None)
    assert told(row) == ["started", "met", "continued"]


def person(name: str, role: str = "agent", **more: Any) -> User:
    """A user."""
    return User.objects.create_user(name, password="x", role=Role.objects.get(key=role), name=name, **more)


def step(**values: Any) -> dict[str, Any]:
    """A step of escalation of the clock for the solution."""
    return {"sort": Sort.SOLUTION, "act": Act.NOTIFY, "whom": Whom.OWNER, **values}


def with_steps(*steps: dict[str, Any]) -> None:
    """Give the service level these steps."""
    save_policy(actor=system_actor(), policy_id=SlaPolicy.objects.get().pk, values={"steps": list(steps)})
    jobs.run_pending()


def published(name: str) -> int:
    """How many events of a name were published."""
    return OutboxEvent.objects.filter(name=f"service.{name}").count()


def test_amber_red_and_steps_come_once_each_to_whoever_is_here(time: Time) -> None:
    unit = Department.objects.create(name="Repairs", path="")
    unit.path = f"/{unit.pk}/"
    unit.save()
    ann, ben, eva = person("ann"), person("ben"), person("eva", "analyst")
    person("max", "manager")
    DepartmentHead.objects.create(department=unit, user=eva)
    Deputy.objects.create(user=ann, deputy=ben, from_at=MONDAY, to_at=MONDAY + timedelta(days=2))
    auditor = Role.objects.get(key="auditor")
    with_steps(
        step(at_percent=50),
        step(offset_minutes=-30, act=Act.RAISE),
        step(offset_minutes=0, whom=Whom.DEPARTMENT, act=Act.HAND_OVER),
        step(offset_minutes=60, whom=Whom.ROLE, role=auditor.pk),
        step(offset_minutes=60, whom=Whom.USER, user=eva.pk, act=Act.TASK),
    )
    case = open_case(actor=system_actor(), values={"subject": "Kettle", "owner": ann.pk, "department": unit.pk})
    assert [row.sort for row in clocks(case).values()] == ["solution"]  # nobody waits for an answer
    assert act_on_due() == 0
    time.go(hours=2, seconds=1)
    assert (act_on_due(), act_on_due()) == (1, 0)
    assert list(Notification.objects.values_list("user__name", "sort")) == [("ben", "case.escalated")]
    time.go(hours=1)  # at noon 75 % are over
    act_on_due()
    assert published("ClockWarned") == 1
    time.go(hours=2)
    act_on_due()
    case.refresh_from_db()
    # Raised half an hour before, from normal to high; overdue at 14:00, so it is with the head of the department now.
    assert (case.priority, case.owner) == (2, eva)
    assert published("ClockBroken") == 1
    row = clocks(case)["solution", 1]
    assert (row.state, row.broken_at) == (State.BROKEN, time.moment)
    time.go(hours=1)
    act_on_due()
    assert act_on_due() == 0
    assert Task.objects.get().assignee == eva
    assert Escalation.objects.count() == 5
    assert told(row) == ["started", "escalated", "warned", "broken", "escalated", "escalated", "escalated", "escalated"]
    set_state(actor=system_actor(), case_id=case.pk, state=CaseState.SOLVED)
    assert clocks(case)["solution", 1].state == State.MET_LATE
    assert clocks(case)["solution", 1].act_at is None


def test_a_worker_that_dies_half_way_leaves_nothing_done_and_nothing_is_done_twice(
    time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = person("ann")
    with_steps(step(at_percent=50), step(offset_minutes=0))
    for number in range(7):
        open_case(actor=system_actor(), values={"subject": f"Case {number}", "owner": ann.pk})
    time.go(days=1)
    real, chance = acting._do, Random(5)

    def dies(*args: Any) -> None:
        """Die now and then, when part is done."""
        real(*args)
        if chance.random() < 0.4:
            raise SystemExit

    monkeypatch.setattr(acting, "_do", dies)
    deaths = 0
    while CaseClock.objects.filter(act_at__lte=time.moment).exists():
        try:
            act_on_due(at_most=2)
        except SystemExit:
            deaths += 1
    assert deaths > 3
    assert (Escalation.objects.count(), Notification.objects.filter(user=ann).count()) == (14, 14)
    assert (published("ClockWarned"), published("ClockBroken")) == (7, 7)


def test_rules_and_calendars_that_change_are_reckoned_with_and_wake_nobody_for_the_past(time: Time) -> None:
    ann = person("ann")
    case = open_case(actor=system_actor(), values={"subject": "Kettle", "owner": ann.pk})
    time.go(hours=2)
    system = system_actor()
    row = WorkingCalendar.objects.get()
    calendars.save_calendar(
        actor=system, name=row.name, zone=row.zone, weekly=dict.fromkeys(range(5), ((540, 1080),)),
        is_default=True, calendar_id=row.pk,
    )  # fmt: skip
    jobs.run_pending()
    assert clocks(case)["solution", 1].due_at == MONDAY + timedelta(hours=4)  # no lunch any more
    calendars.set_day(actor=system, calendar_id=row.pk, on=MONDAY.date(), works_as=None)
    jobs.run_pending()
    clock_row = clocks(case)["solution", 1]
    assert clock_row.due_at == MONDAY + timedelta(days=1, hours=4)
    assert clock_row.events.order_by("-id")[0].because == {"event": "calendar", "calendar": row.pk}
    calendars.clear_day(actor=system, calendar_id=row.pk, on=MONDAY.date())
    policy = SlaPolicy.objects.get()
    strict = [{"sort": Sort.SOLUTION, "priority": 0, "amount": 60, "unit": Unit.MINUTES}]
    save_policy(actor=system, policy_id=policy.pk, values={"targets": strict, "steps": [step(offset_minutes=30)]})
    jobs.run_pending()
    clock_row = clocks(case)["solution", 1]
    assert (clock_row.state, clock_row.broken_at) == (State.BROKEN, time.moment)
    assert act_on_due() == 0
    assert (published("ClockBroken"), Notification.objects.count()) == (0, 0)
    assert Escalation.objects.get().done["act"] == "passed"
    later = open_case(actor=system, values={"subject": "Another", "owner": ann.pk})
    time.go(minutes=91)
    act_on_due()
    assert published("ClockBroken") == 1
    assert Escalation.objects.filter(clock__case=later).get().done["act"] == "notify"
    save_policy(actor=system, policy_id=policy.pk, values={"is_active": False})
    jobs.run_pending()
    assert clocks(case) == {}
    case.refresh_from_db()
    assert case.due_at is None


def test_a_clock_that_has_ended_stays_as_it_was_judged(time: Time) -> None:
    case = open_case(actor=system_actor(), values={"subject": "Kettle"})
    time.go(hours=1)
    set_state(actor=system_actor(), case_id=case.pk, state=CaseState.SOLVED)
    strict = [{"sort": Sort.SOLUTION, "priority": 0, "amount": 10, "unit": Unit.MINUTES}]
    save_policy(actor=system_actor(), policy_id=SlaPolicy.objects.get().pk, values={"targets": strict})
    jobs.run_pending()
    update_case(actor=system_actor(), case_id=case.pk, values={"priority": 1})
    assert (clocks(case)["solution", 1].state, clocks(case)["solution", 1].amount) == (State.MET, 240)
    set_state(actor=system_actor(), case_id=case.pk, state=CaseState.OPEN)
    assert (clocks(case)["solution", 1].state, clocks(case)["solution", 1].amount) == (State.BROKEN, 10)


def _as_kept(case_id: int) -> list[tuple[Any, ...]]:
    """What is kept of a case's clocks, without what changes with every second and what was already told."""
    left_out = {"consumed_seconds", "left", "reckoned_at", "ahead", "act_at", "warned_at", "broken_at"}
    names = [name for name in FIELDS if name not in left_out]
    return sorted(CaseClock.objects.filter(case=case_id).values_list("sort", "number", *names), key=str)


@pytest.mark.parametrize("seed", range(3))
def test_step_by_step_is_as_from_scratch(time: Time, hear: Any, seed: int) -> None:
    kept, anew = _walk(time, hear, seed, 25)
    assert anew == kept


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 110))
def test_many_steps_are_as_from_scratch(time: Time, hear: Any, seed: int) -> None:
    kept, anew = _walk(time, hear, seed, 60)
    assert anew == kept


def _walk(time: Time, hear: Any, seed: int, steps: int) -> tuple[list[Any], list[Any]]:
    """Let anything happen to a case, then reckon it from scratch: its clocks and when it is due, as kept and anew."""
    chance, system = Random(seed), system_actor()
    save_policy(
        actor=system,
        values={
            "name": "VIP", "asks": {"priority": ["1", "2"]},
            "targets": [{"sort": sort, "amount": chance.randint(30, 300), "unit": Unit.MINUTES} for sort in Sort],
        },
    )  # fmt: skip
    case = open_for_message(actor=system, message_id=hear("Hello", message_id="<a@x>").message.pk)
    assert case is not None

    def state(value: CaseState) -> Callable[[], object]:
        """Set a state."""
        return lambda: set_state(actor=system, case_id=case.pk, state=value)

    happens: list[Callable[[], object]] = [
        lambda: hear("More", in_reply_to="<a@x>"),
        lambda: hear("Well", in_reply_to="<a@x>", direction=Direction.OUT),
        state(CaseState.WAITING), state(CaseState.HELD), state(CaseState.OPEN), state(CaseState.SOLVED),
        lambda: update_case(actor=system, case_id=case.pk, values={"priority": chance.randint(1, 4)}),
        act_on_due,
    ]  # fmt: skip
    for _number in range(steps):
        time.go(minutes=chance.choice([0, 1, 5, 30, 200, 900]), seconds=chance.randint(0, 59))
        chance.choice(happens)()
        events.deliver_pending()
    case.refresh_from_db()
    recompute_by_id(case_ids=[case.pk])
    kept = [*_as_kept(case.pk), Case.objects.get(pk=case.pk).due_at]
    CaseClock.objects.filter(case=case).delete()
    recompute_by_id(case_ids=[case.pk])
    anew = [*_as_kept(case.pk), Case.objects.get(pk=case.pk).due_at]
    moments = CaseMoment.objects.filter(case=case).count()
    recompute_by_id(case_ids=[case.pk])
    assert CaseMoment.objects.filter(case=case).count() == moments
    return kept, anew


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": " "}, "A name has"),
        ({"name": "A", "asks": {"tier": ["gold"]}}, "gold"),
        ({"name": "A", "asks": {"category": ["x"]}}, "not one of the choices"),
        ({"name": "A", "asks": {"weather": ["x"]}}, "weather"),
        ({"name": "A", "calendar": 999}, "no such calendar"),
        ({"name": "A", "targets": [{"sort": "solution", "unit": "minutes", "amount": 0}]}, "whole number"),
        ({"name": "A", "targets": [{"sort": "solution", "unit": "days", "amount": 5000}]}, "whole number"),
        ({"name": "A", "targets": [{"sort": "solution", "unit": "days", "amount": 1}] * 2}, "made once"),
        ({"name": "A", "targets": [{"sort": "x", "unit": "days", "amount": 1}]}, "not one of the choices"),
        ({"name": "A", "steps": [step()]}, "share of the time"),
        ({"name": "A", "steps": [step(at_percent=50, whom="role")]}, "Choose the role"),
        ({"name": "A", "steps": [step(at_percent=50, act="hand_over")]}, "already"),
    ],
)
def test_promises_that_mean_nothing_are_refused_in_words(db: None, values: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        save_policy(actor=system_actor(), values=values)
    assert SlaPolicy.objects.count() == 1


def test_a_service_level_by_a_calendar_without_hours_is_refused(ann: Actor) -> None:
    idle = WorkingCalendar.objects.create(name="Idle", zone="UTC")
    with pytest.raises(InvalidInput, match="no working time at all"):
        save_policy(actor=system_actor(), values={"name": "A", "calendar": idle.pk})
    with pytest.raises(Forbidden):
        save_policy(actor=ann, values={"name": "A"})
    with pytest.raises(Conflict):
        save_policy(actor=system_actor(), values={"name": SlaPolicy.objects.get().name})


def test_many_cases_are_reckoned_and_acted_upon_in_few_statements(
    time: Time, django_assert_max_num_queries: Any
) -> None:
    made = [
        Case(subject=f"Case {number}", opened_at=MONDAY, created_at=MONDAY, state=CaseState.NEW)
        for number in range(120)
    ]
    cases = Case.objects.bulk_create(made)
    with django_assert_max_num_queries(24):
        recompute_by_id(case_ids=[case.pk for case in cases])
    assert CaseClock.objects.filter(act_at__isnull=False).count() == 120
    time.go(hours=1)
    save_policy(
        actor=system_actor(), policy_id=SlaPolicy.objects.get().pk,
        values={"targets": [{"sort": Sort.SOLUTION, "priority": 0, "amount": 120, "unit": Unit.MINUTES}]},
    )  # fmt: skip
    jobs.run_pending()
    with django_assert_max_num_queries(24):
        recompute_by_id(case_ids=[case.pk for case in cases])
    assert set(CaseClock.objects.values_list("due_at", flat=True)) == {MONDAY + timedelta(hours=2)}
    time.go(hours=2)
    assert act_on_due(at_most=200) == 120
    assert CaseClock.objects.filter(state=State.BROKEN, act_at__isnull=True).count() == 120
    assert published("ClockBroken") == 120


def test_a_calendar_without_working_time_lets_cases_be_opened_and_says_so(time: Time) -> None:
    # No page makes such a calendar; a restored or hand-written one may be there all the same.
    row = WorkingCalendar.objects.get()
    row.windows.all().delete()
    case = open_case(actor=system_actor(), values={"subject": "Kettle"})
    only = clocks(case)["solution", 1]
    assert (only.state, only.due_at, only.act_at) == (State.RUNNING, None, None)
    assert shown(only)["is_endless"]
    time.go(days=400)
    recompute_by_id(case_ids=[case.pk])
    assert act_on_due() == 0
