"""Who may see and do what with complaints and promises."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import access
from guanxi.service.models import (
    Cause,
    Complaint,
    Promise,
    Remedy,
    RemedyKind,
    RemedyLimit,
    ResponsibleUnit,
    StepRule,
)


class ComplaintPolicy(access.Policy):
    """A complaint is open to whom its case is open."""

    kind = "case"
    owner = "case__owner"
    department = "case__department"


class RemedyPolicy(access.Policy):
    """A remedy is open to whom its case is open."""

    kind = "case"
    owner = "complaint__case__owner"
    department = "complaint__case__department"


class PromisePolicy(access.Policy):
    """A promise is open to who is to keep it, and as far as the role reaches by owner and department."""

    kind = "promise"
    owner = "owner"
    department = "department"
    owned = _("promises that one is to keep")


class ComplaintSettingPolicy(access.Policy):
    """Units, causes and remedies are settings of service."""

    kind = "service_setting"


access.register(Complaint, ComplaintPolicy())
access.register(Remedy, RemedyPolicy())
access.register(Promise, PromisePolicy())
for _model in (Cause, RemedyKind, RemedyLimit, ResponsibleUnit, StepRule):
    access.register(_model, ComplaintSettingPolicy())
