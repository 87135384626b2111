"""The words of the catalogue."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProductKind(TextChoices):
    """What is sold under a code."""

    GOODS = "goods", _("Goods")
    SERVICE = "service", _("Service")
    FEE = "fee", _("Fee")
    ADJUSTMENT = "adjustment", _("Adjustment")
