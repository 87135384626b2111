"""The words of tasks and notifications."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TaskState(TextChoices):
    """Where a task stands."""

    OPEN = "open", pgettext_lazy("task", "Open")
    DONE = "done", pgettext_lazy("task", "Done")
    DROPPED = "dropped", pgettext_lazy("task", "Dropped")


class Priority(IntegerChoices):
    """How much a task presses; the more, the sooner in lists."""

    LOW = 1, pgettext_lazy("priority", "Low")
    NORMAL = 2, pgettext_lazy("priority", "Normal")
    HIGH = 3, pgettext_lazy("priority", "High")


class Repeat(TextChoices):
    """When a task comes again after it was done."""

    NEVER = "", pgettext_lazy("repeat", "never")
    DAILY = "day", _("every day")
    WORKING_DAY = "workday", _("every working day")
    WEEKLY = "week", _("every week")
    MONTHLY = "month", _("every month")
    YEARLY = "year", _("every year")


class Digest(TextChoices):
    """How often a person is mailed what they have not read."""

    OFF = "off", pgettext_lazy("mail", "never")
    HOURLY = "hour", _("every hour")
    DAILY = "day", _("every morning")
