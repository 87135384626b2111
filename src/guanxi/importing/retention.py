"""How long files that were brought in are kept, and the values that they changed."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from guanxi.core import clock
from guanxi.core.changes import OperationInHand
from guanxi.core.retention import Counts, Ending, Group, Kind, Part, kinds
from guanxi.core.sentences import gettext as _
from guanxi.core.sentences import kept
from guanxi.importing.choices import ImportState
from guanxi.importing.engine import uploaded
from guanxi.importing.models import Import, ImportUpdate

AT_WORK = (ImportState.CHECKING, ImportState.WRITING, ImportState.UNDOING)
UNFINISHED = (ImportState.DRAFT, ImportState.CHECKED)


def _files(before: datetime) -> QuerySet[Any]:
    """Imports begun before a moment whose files may still lie there."""
    return Import.objects.filter(created_at__lt=before, files_ended_at__isnull=True).exclude(state__in=AT_WORK)


def _end_files(op: OperationInHand, numbers: list[int]) -> Counts:
    """Remove file, refused rows and mended cells; an import that was never finished cannot go on without them."""
    rows = Import.objects.filter(pk__in=numbers)
    for run in rows:
        uploaded.forget(run)
    rows.filter(state__in=UNFINISHED).update(  # house: writes: the end of a period
        state=ImportState.FAILED, fault=kept(_("The file is no longer kept."))
    )
    rows.update(corrections={}, files_ended_at=clock.now())  # house: writes: the end of a period
    return {"importing.Import": len(numbers)}


def _values(before: datetime) -> QuerySet[Any]:
    """What imports that came in force before a moment changed in standing records."""
    return ImportUpdate.objects.filter(import_run__committed_at__lt=before)


def _end_values(op: OperationInHand, numbers: list[int]) -> Counts:
    """Drop the values; their imports remember that they cannot be taken back as a whole any more."""
    rows = ImportUpdate.objects.filter(pk__in=numbers)
    runs = Import.objects.filter(pk__in=rows.values("import_run"), values_ended_at__isnull=True)
    runs.update(values_ended_at=clock.now())  # house: writes: the end of a period
    return {"importing.ImportUpdate": rows.delete()[0]}  # house: writes: the end of a period


kinds.add(
    "import_files",
    Kind(
        label=gettext_lazy("Files brought in"),
        counted=gettext_lazy("the day the import was begun"),
        ending=Ending.STRIP,
        what_happens=gettext_lazy(
            "The file, its refused rows and mended cells go; that it was brought in, by whom and with what result stays."
        ),
        group=Group.HISTORY,
        parts=(Part("importing.Import", rows=_files, at="created_at", end=_end_files),),
    ),
    order=220,
)
kinds.add(
    "import_values",
    Kind(
        label=gettext_lazy("Values changed by imports"),
        counted=gettext_lazy("the day the import came in force"),
        ending=Ending.DELETE,
        what_happens=gettext_lazy(
            "What was before and after goes; the import can then only be taken back without what it changed."
        ),
        group=Group.HISTORY,
        parts=(
            Part(
                "importing.ImportUpdate",
                rows=_values,
                at="import_run__committed_at",
                end=_end_values,
                customer="record_id",
            ),
        ),
    ),
    order=230,
)
