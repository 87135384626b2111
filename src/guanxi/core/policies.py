"""Who may see what of the core."""

from guanxi.core import access
from guanxi.core.models.calendars import WorkingCalendar


class CalendarPolicy(access.Policy):
    """Working calendars belong to the company: seen and changed as a whole."""

    kind = "calendar"


access.register(WorkingCalendar, CalendarPolicy())
