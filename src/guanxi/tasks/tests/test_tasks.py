"""Tasks: set, handed over, done, come again, remembered; seen and changed only by those they concern."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.core import changes, clock
from guanxi.core.actor import Actor, actor_of
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.models import Role, User
from guanxi.core.records import RecordRef
from guanxi.tasks import jobs, repeating
from guanxi.tasks.forms import initial_of, moments
from guanxi.tasks.models import Notification, Task
from guanxi.tasks.services import tasks as acts

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def person(name: str, role: str = "agent") -> User:
    """Somebody who works here."""
    return User.objects.create(username=name, name=name.title(), role=Role.objects.get(key=role))


def acting(name: str, role: str = "agent") -> Actor:
    """The same as an actor."""
    return actor_of(person(name, role))


def told(user: User | Actor) -> list[str]:
    """The sorts of what somebody was told, the newest last."""
    number = user.user_id if isinstance(user, Actor) else user.pk
    return list(Notification.objects.filter(user=number).order_by("id").values_list("sort", flat=True))


def test_a_task_is_set_done_undone() -> None:
    """With the journal behind it."""
    ann = acting("ann")
    task = acts.create_task(actor=ann, values={"title": "  Call   王先生 "})
    assert (task.title, task.assignee_id, task.state) == ("Call 王先生", ann.user_id, "open")
    operation_id, following = acts.end_task(actor=ann, task_id=task.pk)
    assert following is None
    with pytest.raises(InvalidInput):
        acts.end_task(actor=ann, task_id=task.pk)
    changes.undo_operation(actor=ann, operation_id=operation_id)
    task.refresh_from_db()
    assert (task.state, task.ended_at) == ("open", None)
    assert told(ann) == []


def test_who_is_given_a_task_is_told_and_who_gave_it_hears_that_it_is_done() -> None:
    """Nobody is told of their own acts."""
    ann, bob = acting("ann"), acting("bob")
    task = acts.create_task(actor=ann, values={"title": "Send the offer", "assignee": bob.user_id})
    assert (told(ann), told(bob)) == ([], ["task.assigned"])
    acts.end_task(actor=bob, task_id=task.pk)
    assert told(ann) == ["task.ended"]
    other = acts.create_task(actor=ann, values={"title": "Mine"})
    acts.update_task(actor=ann, task_id=other.pk, values={"assignee": bob.user_id})
    assert told(bob) == ["task.assigned", "task.assigned"]


def test_tasks_of_others_are_not_there() -> None:
    """For those whom they do not concern and whose role does not reach them."""
    ann, eve, boss = acting("ann"), acting("eve"), acting("boss", "owner")
    task = acts.create_task(actor=ann, values={"title": "Secret"})
    before = Task.objects.values().get()
    for act in (
        lambda: acts.update_task(actor=eve, task_id=task.pk, values={"title": "x"}),
        lambda: acts.end_task(actor=eve, task_id=task.pk),
        lambda: acts.delete_task(actor=eve, task_id=task.pk),
    ):
        with pytest.raises(NotFound):
            act()
    assert Task.objects.values().get() == before
    assert not Task.objects.visible_to(eve).exists()
    assert Task.objects.visible_to(boss).exists()


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "x", "assignee": 10**9}, "assignee"),
        ({"title": "x", "assignee": "me"}, "assignee"),
        ({"title": "x", "priority": 7}, "priority"),
        ({"title": "x", "repeat": "hourly"}, "repeat"),
        ({"title": "x", "due_at": datetime(2026, 1, 1)}, "due_at"),  # noqa: DTZ001  that is what is refused
        ({"title": "x", "state": "done"}, "state"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(values: dict[str, Any], column: str) -> None:
    """And nothing is kept of it."""
    with pytest.raises(InvalidInput) as refused:
        acts.create_task(actor=acting("ann"), values=values)
    assert refused.value.column == column
    assert not Task.objects.exists()


def test_a_record_that_is_not_open_cannot_be_what_a_task_is_about() -> None:
    """A guessed number tells nothing."""
    with pytest.raises(NotFound):
        acts.create_task(actor=acting("ann"), values={"title": "x", "about": RecordRef("task", 10**9)})


def test_a_task_comes_again_with_its_reminder() -> None:
    """One step after it was due, never in the past, the reminder as long before as it was."""
    ann = acting("ann")
    due = clock.now() - timedelta(days=20)
    values = {"title": "Report", "due_at": due, "remind_at": due - timedelta(hours=1), "repeat": "week"}
    task = acts.create_task(actor=ann, values=values)
    operation_id, following = acts.end_task(actor=ann, task_id=task.pk)
    assert following is not None
    assert clock.now() < following.due_at <= clock.now() + timedelta(days=7)
    assert following.due_at - following.remind_at == timedelta(hours=1)
    changes.undo_operation(actor=ann, operation_id=operation_id)
    assert list(Task.objects.values_list("state", flat=True)) == ["open"]


@pytest.mark.parametrize(
    ("begin", "repeat", "after", "expected"),
    [
        (datetime(2026, 1, 31, 9, tzinfo=SHANGHAI), "month", datetime(2026, 2, 1, tzinfo=UTC), "2026-02-28T09:00:00+08:00"),
        (datetime(2026, 1, 31, 9, tzinfo=SHANGHAI), "month", datetime(2026, 3, 1, tzinfo=UTC), "2026-03-31T09:00:00+08:00"),
        (datetime(2024, 2, 29, 9, tzinfo=SHANGHAI), "year", datetime(2024, 3, 1, tzinfo=UTC), "2025-02-28T09:00:00+08:00"),
        (datetime(2026, 11, 27, 9, tzinfo=SHANGHAI), "day", datetime(2026, 11, 27, 0, tzinfo=UTC), "2026-11-28T09:00:00+08:00"),
    ],
)  # fmt: skip
def test_the_series_keeps_its_day_and_its_hour(
    settings: Any, begin: datetime, repeat: str, after: datetime, expected: str
) -> None:
    """The last of a month stays the last as far as months have it."""
    settings.TIME_ZONE = "Asia/Shanghai"
    assert repeating.next_moment(begin, repeat, after=after).isoformat() == expected


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("due", "remind", "repeat", "expected"),
    [
        # The clocks go forward on 29 March 2026, back on 25 October 2026.
        ("2026-03-23T09:00", "2026-03-22T09:00", "week", "2026-03-29T09:00+02:00"),
        ("2026-03-30T09:00", "2026-03-27T09:00", "week", "2026-04-03T09:00+02:00"),
        ("2026-10-19T09:00", "2026-10-19T08:00", "week", "2026-10-26T08:00+01:00"),
        ("2026-10-26T09:00", "2026-10-23T09:00", "week", "2026-10-30T09:00+01:00"),
        # An hour before is an hour before, also where that hour is skipped or comes twice.
        ("2026-03-28T03:30", "2026-03-28T02:30", "day", "2026-03-29T01:30+01:00"),
        ("2026-10-24T02:30", "2026-10-24T02:15", "day", "2026-10-25T02:15+02:00"),
        # After it was due.
        ("2026-03-28T09:00", "2026-03-28T10:00", "day", "2026-03-29T10:00+02:00"),
    ],
)
def test_a_reminder_keeps_its_hour_over_the_change_of_clocks(
    settings: Any, due: str, remind: str, repeat: str, expected: str
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    due_at, remind_at = (datetime.fromisoformat(text).replace(tzinfo=BERLIN) for text in (due, remind))
    following = repeating.next_moment(due_at, repeat, after=due_at)
    told = repeating.reminder_of_next(following, due_at.astimezone(UTC), remind_at.astimezone(UTC))
    assert told == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "at", "remind", "expected"),
    [
        (date(2026, 3, 29), time(9), "1440", "2026-03-28T09:00+01:00"),
        (date(2026, 3, 29), time(3, 30), "60", "2026-03-29T01:30+01:00"),
        (date(2026, 3, 30), None, "10080", "2026-03-23T09:00+01:00"),
        (date(2026, 10, 25), time(9), "15", "2026-10-25T08:45+01:00"),
    ],
)
def test_a_reminder_chosen_in_the_form_is_shown_again_as_it_was_chosen(
    day: date, at: time | None, remind: str, expected: str
) -> None:
    with timezone.override(BERLIN):
        due_at, remind_at = moments(day, at, remind)
        assert remind_at == datetime.fromisoformat(expected)
        assert due_at is not None
        task = Task(due_at=due_at.astimezone(UTC), is_all_day=at is None, remind_at=remind_at, priority=2)
        shown = initial_of(task)
    assert (shown["due_on"], shown["due_time"], shown["remind"]) == (day, at, remind)


def test_reminders_are_told_once_and_again_when_moved() -> None:
    """Not for what is done by then."""
    ann = acting("ann")
    past = clock.now() - timedelta(minutes=1)
    task = acts.create_task(actor=ann, values={"title": "Call", "due_at": clock.now(), "remind_at": past})
    done = acts.create_task(actor=ann, values={"title": "Done", "due_at": clock.now(), "remind_at": past})
    acts.end_task(actor=ann, task_id=done.pk)
    assert jobs.remind.call() == 1
    assert jobs.remind.call() == 0
    acts.update_task(actor=ann, task_id=task.pk, values={"remind_at": past - timedelta(hours=1)})
    assert jobs.remind.call() == 1
    assert told(ann) == ["task.due", "task.due"]


def test_the_pages(client: Client) -> None:
    """Made in the form, seen, changed, done from the list's page, opened again, taken back."""
    ann = person("ann")
    client.force_login(ann)
    form = {"title": "Visit", "assignee": ann.pk, "due_on": "2027-01-05", "due_time": "14:30", "remind": "60", "priority": 3,
            "repeat": "", "note": "with samples"}  # fmt: skip
    assert "A time needs a day" in client.post("/tasks/new", {**form, "due_on": ""}).content.decode()
    client.post("/tasks/new", form)
    task = Task.objects.get()
    assert task.due_at - task.remind_at == timedelta(hours=1)
    address = f"/tasks/{task.public_id}/"
    assert "with samples" in client.get(address).content.decode()
    client.post(f"{address}change", {**form, "title": "Visit again"})
    task.refresh_from_db()
    assert (task.title, task.due_at.minute) == ("Visit again", 30)
    assert "Visit again" in client.get("/tasks/").content.decode()
    client.post(f"{address}act", {"act": "done", "next": "https://evil.example/"})
    task.refresh_from_db()
    assert task.state == "done"
    client.post(f"{address}act", {"act": "reopen"})
    client.post(f"{address}act", {"act": "delete"})
    assert not Task.objects.exists()


def test_an_act_leads_nowhere_else(client: Client) -> None:
    """An address of another host is not gone to."""
    ann = person("ann")
    client.force_login(ann)
    task = acts.create_task(actor=actor_of(ann), values={"title": "x"})
    answer = client.post(f"/tasks/{task.public_id}/act", {"act": "done", "next": "//evil.example/"})
    assert answer.headers["Location"].startswith("/tasks/")


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(days=365)])
def test_with_the_clock_set_back_reminders_come_by_the_new_time_and_none_twice(
    monkeypatch: pytest.MonkeyPatch, step: timedelta
) -> None:
    now, ann = clock.now(), acting("ann")
    acts.create_task(actor=ann, values={"title": "Told", "due_at": now + step, "remind_at": now + step})
    with monkeypatch.context() as later:
        later.setattr(clock, "now", lambda: now + step)
        assert jobs.remind.call() == 1
    acts.create_task(actor=ann, values={"title": "New", "due_at": now, "remind_at": now - timedelta(minutes=1)})
    assert (jobs.remind.call(), jobs.remind.call()) == (1, 0)
    monkeypatch.setattr(clock, "now", lambda: now + step)
    assert jobs.remind.call() == 0
