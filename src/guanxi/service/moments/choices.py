"""The five steps."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Step(TextChoices):
    """What a good handling goes through, in this order."""

    TONE = "tone", _("Set the tone")
    DIAGNOSE = "diagnose", _("Diagnose")
    SOLVE = "solve", _("Solve")
    SUM_UP = "sum_up", _("Sum up")
    FOLLOW = "follow", _("Follow through")
