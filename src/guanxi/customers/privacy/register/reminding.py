"""The task of whoever is in charge of a request: set, moved and ended with it, so that it is remembered in time."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import changes, clock
from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef
from guanxi.customers.choices import RequestState
from guanxi.customers.models import DataRequest
from guanxi.customers.privacy.register.reading import people_in_charge
from guanxi.tasks import public as tasks

AHEAD = timedelta(days=5)
MOST_TOLD = 100
SORT = "data_request"
MORNING, EVENING = time(9), time(23, 59, 59)


def keep(actor: Actor, row: DataRequest) -> None:
    """Bring the task in line with the request."""
    # What the register does with its own task asks for no rights on tasks.
    keeper = Actor(
        user_id=actor.user_id,
        name=actor.name,
        means=actor.means,
        permissions={**actor.permissions, ("task", "change"): "all"},
        address=actor.address,
        is_read_only=actor.is_read_only,
    )
    task = row.task
    if row.owner_id is None or not row.is_open:
        if task is not None and task.state == tasks.TaskState.OPEN:
            ended = tasks.TaskState.DROPPED if row.is_open else tasks.TaskState.DONE
            tasks.end_task(actor=keeper, task_id=task.pk, state=ended)
        return
    values = {
        "assignee": row.owner_id,
        "due_at": datetime.combine(row.due_on, EVENING, tzinfo=clock.company_zone()),
        "is_all_day": True,
        "remind_at": _reminder(row),
    }
    if task is None:
        title = _("Answer the request about personal data %(number)s") % {"number": row.public_id}
        about = RecordRef("data_request", row.pk)
        made = tasks.create_task(actor=keeper, values={**values, "title": title, "about": about})
        with changes.operation(actor=actor, name="privacy.remind_of_request") as op:
            op.update(row, task=made)
        return
    if task.state != tasks.TaskState.OPEN:
        tasks.reopen_task(actor=keeper, task_id=task.pk)
    tasks.update_task(actor=keeper, task_id=task.pk, values=values)


def _reminder(row: DataRequest) -> datetime:
    """Some days before, or the next morning where that has passed."""
    day = max(row.due_on - AHEAD, clock.today() + timedelta(days=1))
    return datetime.combine(min(day, row.due_on), MORNING, tzinfo=clock.company_zone())


def tell_in_charge(row: DataRequest, *, by: int | None) -> None:
    """Tell those who keep the register of a request that nobody is in charge of."""
    people = list(people_in_charge().values_list("pk", flat=True)[:MOST_TOLD])
    tasks.notify(user_ids=people, sort=SORT, by=by, about=RecordRef("data_request", row.pk), gathers=True)


def tell_what_presses(today: date) -> int:
    """Once a day: requests near or past their day that nobody is in charge of, and the first day past for who is."""
    count = 0
    rows = DataRequest.objects.filter(state=RequestState.OPEN)
    for row in rows.filter(owner=None, due_on__lte=today + AHEAD):
        tell_in_charge(row, by=None)
        count += 1
    for row in rows.filter(owner__isnull=False, due_on=today - timedelta(days=1)):
        about = RecordRef("data_request", row.pk)
        tasks.notify(user_ids=[row.owner_id or 0], sort=SORT, by=None, about=about, data={"overdue": 1})
        count += 1
    return count


def _words(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """A request that waits."""
    if data.get("overdue"):
        return _("A request about personal data is past its day: %(about)s") % {"about": about or "–"}
    return _("A request about personal data waits for somebody: %(about)s") % {"about": about or "–"}


tasks.register_sort(
    tasks.Sort(SORT, gettext_lazy("A request about personal data waits or is late"), _words, "shield-check"), 60
)
