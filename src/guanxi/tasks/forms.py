"""Forms of tasks and of what one wants to be told."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core import clock
from guanxi.tasks import queries
from guanxi.tasks.choices import Digest, Priority, Repeat
from guanxi.tasks.models import Task
from guanxi.tasks.repeating import before
from guanxi.tasks.sorts import sorts
from guanxi.ui.forms import LongSelect, RecordForm, Section

# Minutes before the task is due; on a whole day counted from nine in the morning.
REMINDERS = (
    ("", _("none")),
    ("0", _("when it is due")),
    ("15", _("15 minutes before")),
    ("60", _("an hour before")),
    ("1440", _("a day before")),
    ("10080", _("a week before")),
)
END_OF_DAY = time(23, 59, 59)
MORNING = time(9)


class TaskForm(RecordForm):
    """What is to be done, by whom, until when."""

    title = forms.CharField(
        label=_("What is to be done"),
        max_length=200,
        widget=forms.TextInput({"autofocus": True, "autocomplete": "off"}),
    )
    assignee = forms.TypedChoiceField(label=_("Who does it"), coerce=int, choices=queries.people, widget=LongSelect)
    due_on = forms.DateField(label=_("Due on"), required=False, widget=forms.DateInput)
    due_time = forms.TimeField(label=_("at"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    remind = forms.ChoiceField(label=_("Reminder"), required=False, choices=REMINDERS)
    priority = forms.TypedChoiceField(
        label=_("Priority"), coerce=int, choices=Priority.choices, initial=Priority.NORMAL.value
    )
    repeat = forms.ChoiceField(
        label=_("Comes again"),
        required=False,
        choices=Repeat.choices,
        help_text=_("Once it is done, the next one is set."),
    )
    note = forms.CharField(
        label=pgettext_lazy("task", "Note"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 3, "data-mentions": ""}),
    )
    about = forms.CharField(required=False, widget=forms.HiddenInput)
    sections = (
        Section("what", "", ("title", "assignee", "priority")),
        Section("when", "", ("due_on", "due_time", "remind", "repeat")),
        Section("more", "", ("note",)),
    )

    def clean(self) -> dict[str, Any]:
        """A time needs a day, a reminder needs something to be reminded of."""
        data = super().clean() or {}
        if data.get("due_time") and not data.get("due_on"):
            self.add_error("due_on", _("A time needs a day."))
        if data.get("remind") and not data.get("due_on"):
            self.add_error("remind", _("A reminder needs a day on which the task is due."))
        if (data.get("repeat")) and not data.get("due_on"):
            self.add_error("repeat", _("What comes again needs a day on which it is due first."))
        return data

    def values(self) -> dict[str, Any]:
        """The values as the services take them."""
        data = self.cleaned_data
        due_at, remind_at = moments(data.get("due_on"), data.get("due_time"), data.get("remind") or "")
        names = ("title", "assignee", "priority", "repeat", "note")
        return {
            **{name: data[name] for name in names},
            "due_at": due_at,
            "is_all_day": bool(data.get("due_on")) and not data.get("due_time"),
            "remind_at": remind_at,
        }


def moments(on: Any, at: time | None, remind: str) -> tuple[datetime | None, datetime | None]:
    """When a task is due and when to remind of it, in the reader's time zone."""
    if on is None:
        return None, None
    zone = timezone.get_current_timezone()
    due_at = datetime.combine(on, at or END_OF_DAY, tzinfo=zone)
    if remind == "":
        return due_at, None
    counted_from = due_at if at is not None else datetime.combine(on, MORNING, tzinfo=zone)
    return due_at, before(counted_from, timedelta(minutes=int(remind)), zone)


def initial_of(task: Task) -> dict[str, Any]:
    """What the form shows of a task; a reminder at another moment than the choices have stands as the nearest."""
    local = timezone.localtime(task.due_at) if task.due_at else None
    remind = ""
    if local is not None and task.remind_at is not None:
        base = local if not task.is_all_day else local.replace(hour=9, minute=0, second=0, microsecond=0)
        asked, zone = task.remind_at, timezone.get_current_timezone()
        away = {key: abs(before(base, timedelta(minutes=int(key)), zone) - asked) for key, _words in REMINDERS if key}
        remind = min(away, key=lambda key: away[key])
    return {
        "title": task.title,
        "assignee": task.assignee_id,
        "due_on": local.date() if local else None,
        "due_time": local.time() if local and not task.is_all_day else None,
        "remind": remind,
        "priority": task.priority,
        "repeat": task.repeat,
        "note": task.note,
    }


def tomorrow() -> Any:
    """The day after today for the reader."""
    return (timezone.localtime(clock.now()) + timedelta(days=1)).date()


class ChoiceForm(RecordForm):
    """What one wants to be told, and how often by mail."""

    heard = forms.MultipleChoiceField(
        label=_("Tell me when"),
        required=False,
        choices=lambda: [(sort.key, sort.label) for sort in sorts],
        widget=forms.CheckboxSelectMultiple,
    )
    digest = forms.ChoiceField(
        label=_("Mail me what I have not read"), choices=Digest.choices, widget=forms.RadioSelect
    )
    sections = (Section("heard", _("Notifications"), ("heard",)), Section("mail", _("By mail"), ("digest",)))
