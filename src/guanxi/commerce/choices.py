"""The words of commerce."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrderKind(TextChoices):
    """What an order is."""

    SALE = "sale", _("Sale")
    RETURN = "return", _("Return")
    ADJUSTMENT = "adjustment", _("Adjustment")


class LineKind(TextChoices):
    """What a line of an order charges for."""

    GOODS = "goods", _("Goods")
    FEE = "fee", _("Fee")
    ADJUSTMENT = "adjustment", _("Adjustment")
