"""The words of queues, presence and work."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WorkState(TextChoices):
    """Where a work item stands."""

    WAITING = "waiting", pgettext_lazy("work", "Waiting")
    ASSIGNED = "assigned", pgettext_lazy("work", "Assigned")
    ENDED = "ended", pgettext_lazy("work", "Ended")


class WorkPriority(IntegerChoices):
    """How much a work item presses; the more, the sooner it is given out."""

    LOW = 1, pgettext_lazy("priority", "Low")
    NORMAL = 2, pgettext_lazy("priority", "Normal")
    HIGH = 3, pgettext_lazy("priority", "High")
    URGENT = 4, pgettext_lazy("priority", "Urgent")


class PresenceState(TextChoices):
    """Whether somebody is there for work; only who is online is given any."""

    ONLINE = "online", pgettext_lazy("presence", "Online")
    BUSY = "busy", pgettext_lazy("presence", "Busy")
    BREAK = "break", pgettext_lazy("presence", "Break")
    AWAY = "away", pgettext_lazy("presence", "Away")
    OFFLINE = "offline", pgettext_lazy("presence", "Offline")


class PresenceCause(TextChoices):
    """Why somebody's state changed."""

    SELF = "self", _("chosen by themselves")
    OTHER = "other", _("set by somebody else")
    SIGNED_OUT = "signed_out", _("signed out")
    UNSEEN = "unseen", _("no page open any more")
    RETURNED = "returned", _("came back")
    NOT_ACCEPTED = "not_accepted", _("did not accept work")


class How(TextChoices):
    """By what act somebody got a work item."""

    GIVEN = "given", _("given out")
    TAKEN = "taken", _("taken")
    HANDED = "handed", _("handed over")


class AssignmentEnd(TextChoices):
    """Why somebody has a work item no longer."""

    DONE = "done", _("done")
    HANDED = "handed", _("handed over")
    PUT_BACK = "put_back", _("put back")
    MOVED = "moved", _("moved to another queue")
    NOT_ACCEPTED = "not_accepted", _("not accepted in time")
    GONE = "gone", _("was not there any more")


class WhenGone(TextChoices):
    """What becomes of assigned work when whoever has it is not there any more."""

    KEEP = "keep", _("stays with them")
    RETURN_WAITING = "return_waiting", _("goes back to the queue if it waits for an answer")
    RETURN = "return", _("goes back to the queue")
