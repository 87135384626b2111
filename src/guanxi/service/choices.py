"""The words of service: what a case is about, how it stands, how much it matters."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseType(TextChoices):
    """What a customer wants; a grievance is told in passing and kept apart from a complaint."""

    ENQUIRY = "enquiry", _("Enquiry")
    REQUEST = "request", pgettext_lazy("case", "Request")
    REPAIR = "repair", _("Repair")
    COMPLAINT = "complaint", _("Complaint")
    GRIEVANCE = "grievance", _("Grievance")
    SUGGESTION = "suggestion", _("Suggestion")
    PRAISE = "praise", _("Praise")
    ORDER = "order", pgettext_lazy("case", "Order")
    FOLLOW_UP = "follow_up", _("Follow-up")


class CaseState(TextChoices):
    """How a case stands. Closed elsewhere: ended before it came to us, by nobody's rule of ours."""

    NEW = "new", pgettext_lazy("case", "New")
    OPEN = "open", pgettext_lazy("case", "In hand")
    WAITING = "waiting", pgettext_lazy("case", "Waits for the customer")
    HELD = "held", pgettext_lazy("case", "On hold")
    SOLVED = "solved", pgettext_lazy("case", "Solved")
    CLOSED = "closed", pgettext_lazy("case", "Closed")
    CLOSED_ELSEWHERE = "closed_elsewhere", pgettext_lazy("case", "Closed elsewhere")


# Something is still to be done.
OPEN_STATES = (CaseState.NEW, CaseState.OPEN, CaseState.WAITING, CaseState.HELD)
# Not at its end: a word of the customer goes on in it.
LIVE_STATES = (*OPEN_STATES, CaseState.SOLVED)
ENDED_STATES = (CaseState.CLOSED, CaseState.CLOSED_ELSEWHERE)


class Level(IntegerChoices):
    """How far something reaches, or how soon it presses."""

    LOW = 1, pgettext_lazy("level of impact", "Low")
    MEDIUM = 2, pgettext_lazy("level of impact", "Medium")
    HIGH = 3, pgettext_lazy("level of impact", "High")


class Priority(IntegerChoices):
    """What is done first; 1 before 4."""

    URGENT = 1, pgettext_lazy("case priority", "Urgent")
    HIGH = 2, pgettext_lazy("case priority", "High")
    NORMAL = 3, pgettext_lazy("case priority", "Normal")
    LOW = 4, pgettext_lazy("case priority", "Low")
