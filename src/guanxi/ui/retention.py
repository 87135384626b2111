"""How long it is kept what people chose and gave in acts on many rows."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.core.changes import OperationInHand
from guanxi.core.retention import Counts, Ending, Kind, Part, kinds
from guanxi.ui.models import BulkRun


def _rows(before: datetime) -> QuerySet[Any]:
    """Acts that are over and still say what was chosen."""
    return BulkRun.objects.filter(ended_at__lt=before).exclude(query="", given="")


def _strip(op: OperationInHand, numbers: list[int]) -> Counts:
    """What was chosen and given goes; that it was done stays."""
    rows = BulkRun.objects.filter(pk__in=numbers)
    return {"ui.BulkRun": rows.update(query="", given="")}  # house: writes: the end of a log


kinds.add(
    "bulk_runs",
    Kind(
        label=_("Acts on many rows"),
        counted=_("the end of the act"),
        ending=Ending.STRIP,
        what_happens=_("What was searched for and given goes; that it was done, by whom and on how many rows stays."),
        days=180,
        is_log=True,
        parts=(Part("ui.BulkRun", rows=_rows, at="ended_at", end=_strip),),
    ),
    order=350,
)
