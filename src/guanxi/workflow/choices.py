"""The words of rules and approvals."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Limit(TextChoices):
    """How often a rule may do what it does to one record."""

    ALWAYS = "always", _("every time")
    DAILY = "day", _("once a day")
    ONCE = "once", _("once only")


class Outcome(TextChoices):
    """How it ended that a rule heard of something."""

    FIRED = "fired", pgettext_lazy("rule", "Done")
    NOT_MET = "not_met", pgettext_lazy("rule", "Conditions not met")
    LIMITED = "limited", pgettext_lazy("rule", "Done before")
    STOPPED_LOOP = "stopped_loop", pgettext_lazy("rule", "Loop stopped")
    FAILED = "failed", pgettext_lazy("rule", "Failed")


class ApprovalState(TextChoices):
    """Where a request for approval stands."""

    WAITING = "waiting", pgettext_lazy("approval", "Waiting")
    APPROVED = "approved", pgettext_lazy("approval", "Approved")
    REFUSED = "refused", pgettext_lazy("approval", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("approval", "Withdrawn")
    LAPSED = "lapsed", pgettext_lazy("approval", "Lapsed")


class StepState(TextChoices):
    """Where one step of an approval stands."""

    PENDING = "pending", pgettext_lazy("approval step", "Not yet its turn")
    WAITING = "waiting", pgettext_lazy("approval step", "Waiting")
    APPROVED = "approved", pgettext_lazy("approval step", "Approved")
    REFUSED = "refused", pgettext_lazy("approval step", "Refused")
    CLOSED = "closed", pgettext_lazy("approval step", "No longer needed")


class Approver(TextChoices):
    """Who decides a step."""

    ROLE = "role", _("anybody with a role")
    DEPARTMENT_HEAD = "head", _("the head of the department of whoever asks")
    USER = "user", _("a person by name")
