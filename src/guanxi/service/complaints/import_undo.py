"""Takes an import of complaints back: cases, complaints, and the categories and units that nobody else uses."""

from collections.abc import Iterator, Sequence

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from guanxi.core.changes import LOOK
from guanxi.core.models import Change
from guanxi.core.sentences import gettext as _
from guanxi.customers.public import customer_conflicts, hand_over_claimed, keep_customers, remove_customers
from guanxi.importing import claims
from guanxi.importing.models import Import, ImportClaim
from guanxi.importing.targets import UndoConflict, Undoer
from guanxi.service.complaints.import_writer import CASE, CATEGORY
from guanxi.service.models import Case, CaseCategory, Complaint, PastObjection, ResponsibleUnit

CHUNK = 1_000
NAMED = 1_000


class ComplaintsUndoer(Undoer):
    """Takes one import of complaints back."""

    def __init__(self, run: Import) -> None:
        """Begin without having looked."""
        super().__init__(run)
        self._has_looked = False

    def look(self) -> bool:
        """Once: whether other imports brought the same complaints."""
        was_first = not self._has_looked
        self._has_looked = True
        return was_first

    def hand_over(self) -> Iterator[None]:
        """Complaints and customers that later imports brought too belong to those from now on."""
        yield from claims.hand_over(self.run, CASE, Case)
        yield from hand_over_claimed(self.run)

    def conflicts(self) -> list[UndoConflict]:
        """Complaints that somebody worked on since (opened again, above all), and customers that were changed."""
        changed = Change.objects.filter(
            kind__in=("case", "complaint"),
            record_id=OuterRef("pk"),
            operation__undone_at__isnull=True,
            operation__undoes__isnull=True,
        ).exclude(act=LOOK)
        parts = Case.everything.filter(parent=OuterRef("pk")).filter(
            Q(import_run__isnull=True) | ~Q(import_run=self.run)
        )
        rows = Case.everything.filter(import_run=self.run).filter(Q(Exists(changed)) | Q(Exists(parts)))
        found = []
        for case in rows.order_by("pk")[:NAMED]:
            change = (
                Change.objects.filter(kind__in=("case", "complaint"), record_id=case.pk)
                .exclude(act=LOOK)
                .select_related("operation")
                .order_by("-id")
                .first()
            )
            found.append(
                UndoConflict(
                    CASE,
                    case.pk,
                    case.subject,
                    _("was changed: %(field)s") % {"field": (change.field or change.act) if change else "parent"},
                    change.operation.actor_name if change else "",
                    change.operation.at if change else None,
                )
            )
        return [*found, *customer_conflicts(self.run, only_changed=True)]

    def keep(self, conflicts: Sequence[UndoConflict]) -> None:
        """Complaints and customers that were changed stand on their own."""
        keep_customers(self.run, [conflict.record_id for conflict in conflicts if conflict.kind == "customer"])
        kept = [conflict.record_id for conflict in conflicts if conflict.kind == CASE]
        Case.everything.filter(pk__in=kept, import_run=self.run).update(import_run=None)

    def remove(self) -> Iterator[None]:
        """Delete complaints, cases, then units, categories and customers that nobody uses."""
        while True:
            with transaction.atomic():
                numbers = list(Case.everything.filter(import_run=self.run).values_list("pk", flat=True)[:CHUNK])
                for table, column in ((Complaint, "case_id"), (Case, "id")):
                    _delete_rows(table._meta.db_table, column, numbers)
            if not numbers:
                break
            yield
        with transaction.atomic():
            self._remove_units()
            self._remove_categories()
        yield
        yield from remove_customers(self.run)

    def _remove_units(self) -> None:
        """The import's units that no complaint names; the others stay, as units of the company's own."""
        used = Complaint.objects.filter(unit=OuterRef("pk"))
        mine = ResponsibleUnit.objects.filter(import_run=self.run)
        mine.filter(~Exists(used), ~Exists(PastObjection.objects.filter(unit=OuterRef("pk")))).delete()
        mine.update(import_run=None)

    def _remove_categories(self) -> None:
        """The import's categories that nothing stands in, the lowest first."""
        made = set(ImportClaim.objects.filter(kind=CATEGORY, import_run=self.run).values_list("record_id", flat=True))
        for category in CaseCategory.objects.filter(pk__in=made).order_by("-path"):
            is_used = Case.everything.filter(category=category).exists()
            if not is_used and not CaseCategory.objects.filter(parent=category).exists():
                category.delete()


def _delete_rows(table: str, column: str, numbers: Sequence[int]) -> None:
    """Delete rows by their numbers without loading them."""
    if not numbers:
        return
    marks = ", ".join(["%s"] * len(numbers))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({marks})", list(numbers))  # noqa: S608
