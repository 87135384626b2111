"""The values of old journal rows: what was changed when by whom stays, what it was before and after goes."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.core import changes, personal_data, records
from guanxi.core.changes import OperationInHand
from guanxi.core.models import Change
from guanxi.core.retention import Counts, Ending, Group, Kind, Part, kinds

# Entries that hold no values.
WITHOUT_VALUES = (changes.LOOK, changes.ERASE, changes.DONE, changes.PARTS, "secret")


def personal_kinds() -> list[str]:
    """The kinds of record that hold personal data: settings keep their whole history."""
    return sorted({records.kind_of(one.model) for one in personal_data.statements if one.is_personal})


def _rows(before: datetime) -> QuerySet[Any]:
    """Journal rows of before a moment that still hold values of such records."""
    rows = Change.objects.filter(operation__at__lt=before, erased_at__isnull=True, kind__in=personal_kinds())
    return rows.exclude(act__in=WITHOUT_VALUES).exclude(before__isnull=True, after__isnull=True)


def _strip(op: OperationInHand, numbers: list[int]) -> Counts:
    """Take the values away, as an erasure does: the seals of the history still hold."""
    return {"core.Change": changes.erase_values(op=op, change_ids=numbers)}


kinds.add(
    "journal_values",
    Kind(
        label=_("Values in the journal"),
        counted=_("the day of the change"),
        ending=Ending.STRIP,
        what_happens=_(
            "Before and after go; who changed what and when stays, and the seals of the history still hold. Changes of "
            "that time can no longer be undone."
        ),
        group=Group.HISTORY,
        minimums=("logs.keep_days",),
        parts=(Part("core.Change", rows=_rows, at="operation__at", end=_strip, customer="customer_id"),),
    ),
    order=210,
)
