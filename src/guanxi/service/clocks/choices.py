"""Fixed choices of clocks and of the policies that set them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sort(models.TextChoices):
    """What a clock waits for."""

    FIRST_ANSWER = "first_answer", _("First answer")
    NEXT_ANSWER = "next_answer", _("Next answer")
    SOLUTION = "solution", _("Solution")


class Unit(models.TextChoices):
    """How a target is counted. Days begin the day after the clock started and end with the last one."""

    WORKING_MINUTES = "working_minutes", _("working minutes")
    MINUTES = "minutes", _("minutes around the clock")
    WORKING_DAYS = "working_days", _("working days, to the close of the last")
    DAYS = "days", _("calendar days, to the end of the last")
    DAYS_ROLLED = "days_rolled", _("calendar days; a last day off moves to the next working day")


DAYS = (Unit.WORKING_DAYS, Unit.DAYS, Unit.DAYS_ROLLED)


class State(models.TextChoices):
    """How a clock stands."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    MET_LATE = "met_late", _("Met late")
    BROKEN = "broken", _("Broken")
    STOPPED = "stopped", _("Stopped")


class Act(models.TextChoices):
    """What a step of escalation does."""

    NOTIFY = "notify", _("tell")
    RAISE = "raise", _("raise the priority")
    HAND_OVER = "hand_over", _("hand the case over to")
    TASK = "task", _("set a task for")


class Whom(models.TextChoices):
    """Whom a step of escalation reaches; for those who are absent, their deputies."""

    OWNER = "owner", _("who answers for the case")
    DEPARTMENT = "department", _("the head of its department")
    ROLE = "role", _("everybody with a role")
    USER = "user", _("a certain person")
