"""Working calendars: when the company, a department or a contract counts time."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager


class WorkingCalendar(models.Model):
    """One set of working hours in one time zone."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    zone = models.CharField(_("time zone"), max_length=64)
    is_default = models.BooleanField(_("default"), default=False)

    objects = VisibleManager()

    class Meta:
        """At most one calendar is the default."""

        constraints = [
            models.UniqueConstraint(fields=["is_default"], name="calendar_one_default", condition=Q(is_default=True))
        ]

    def __str__(self) -> str:
        """The calendar's name."""
        return self.name


class WorkingWindow(models.Model):
    """One span of working time on a weekday, in minutes after local midnight; several make a day."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField()  # Monday is 0
    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()

    class Meta:
        """A window lies within one day and is not empty."""

        ordering = ["weekday", "start_minute"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="window_weekday"),
            models.CheckConstraint(
                condition=Q(end_minute__gt=F("start_minute"), end_minute__lte=1440), name="window_within_day"
            ),
        ]

    def __str__(self) -> str:
        """Weekday and minutes."""
        return f"{self.weekday}: {self.start_minute}-{self.end_minute}"


class CalendarDay(models.Model):
    """One date that differs from its weekday: a holiday, or a make-up day worked like another weekday."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    # The weekday (Monday is 0) whose hours are worked; empty on a holiday.
    works_as = models.PositiveSmallIntegerField(null=True)
    title = models.CharField(max_length=120, blank=True)

    class Meta:
        """A date differs in one way."""

        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "on"], name="calendar_day_once"),
            models.CheckConstraint(
                condition=Q(works_as__isnull=True) | Q(works_as__lte=6), name="calendar_day_weekday"
            ),
        ]

    def __str__(self) -> str:
        """The date."""
        return f"{self.on} {self.title}"
