"""Who may see and do what with cases."""

from django.utils.translation import gettext_lazy as _

import guanxi.service.complaints.policies  # noqa: F401 - registers its own
from guanxi.core import access
from guanxi.service.models import Case, CaseCategory, Checklist


class CasePolicy(access.Policy):
    """A case is open to who answers for it, and as far as the role reaches by owner and department."""

    kind = "case"
    owner = "owner"
    department = "department"
    has_long_lists = True
    owned = _("cases that one answers for")


class ServiceSettingPolicy(access.Policy):
    """What cases are arranged by is a setting."""

    kind = "service_setting"


access.register(Case, CasePolicy())
access.register(CaseCategory, ServiceSettingPolicy())
access.register(Checklist, ServiceSettingPolicy())
