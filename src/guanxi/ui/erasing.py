"""What lists keep of a person: what bulk acts were given, and views whose filters name somebody."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core.changes import OperationInHand
from guanxi.core.erasing import Eraser, Mention, Person, erasers, mentions
from guanxi.ui.models import BulkRun, SavedView

SHOWN = 50


def _bulk_runs(person: Person) -> list[int]:
    """Bulk acts whose choice or values name the person."""
    words = person.words()
    rows = BulkRun.objects.values_list("pk", "query", "given")
    return [number for number, query, given in rows if any(word in query or word in given for word in words)]


def _erase_bulk_runs(op: OperationInHand, person: Person) -> int:
    """Drop what was chosen and given; that the act was done stays."""
    rows = BulkRun.objects.filter(pk__in=_bulk_runs(person))
    return rows.update(query="", given="")  # house: writes: an erasure, journaled by its caller


def _views(person: Person) -> list[Mention]:
    """Saved views whose filters name the person."""
    words = person.words()
    rows = SavedView.objects.values_list("name", "state")
    found = [name for name, state in rows if any(word in str(state) for word in words)]
    return [Mention(_("A saved view"), name) for name in found[:SHOWN]]


erasers.add(
    "ui.bulk_runs",
    Eraser(gettext_lazy("What bulk acts were given"), lambda person: len(_bulk_runs(person)), _erase_bulk_runs),
)
mentions.add("ui.saved_views", _views)
