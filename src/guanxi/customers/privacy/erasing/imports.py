"""Imports that changed somebody who was erased since: what they would give back is gone."""

from django.utils.translation import gettext as _

from guanxi.core.models import Change
from guanxi.customers.models import Customer
from guanxi.importing.models import Import
from guanxi.importing.targets import UndoConflict

NAMED = 1_000


def erased_words() -> str:
    """Why nothing of an erased person is given back."""
    return _("was erased, as the law on personal data asks; what was before is gone")


def erased_conflicts(run: Import) -> list[UndoConflict]:
    """Why the import cannot be taken back whole: the erased people among those it changed."""
    changed = Change.objects.filter(operation=run.operation_id, kind="customer", erased_at__isnull=False)
    if run.operation_id is None:
        return []
    rows = Customer.everything.filter(pk__in=changed.values("record_id"), erased_at__isnull=False).order_by("pk")[
        :NAMED
    ]
    return [
        UndoConflict(
            kind="customer",
            record_id=row.pk,
            title=row.public_id,
            what=erased_words(),
            by="",
            at=row.erased_at,
        )
        for row in rows
    ]
