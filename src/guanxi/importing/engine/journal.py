"""What an import changed in standing records, written to the journal of changes in one statement."""

from django.db import connection

from guanxi.core.models import Change, Operation
from guanxi.importing.models import Import, ImportUpdate


def journal_updates(run: Import, operation: Operation, *, is_undo: bool = False) -> None:
    """One journal row for each update that the import noted; the other way round when it is taken back."""
    before, after = ("after", "before") if is_undo else ("before", "after")
    change, update = Change._meta.db_table, ImportUpdate._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {change} (operation_id, kind, record_id, act, field, before, after, customer_id) "  # noqa: S608
            f"SELECT %s, kind, record_id, 'update', field, {before}, {after}, "
            f"CASE WHEN kind = 'customer' THEN record_id END FROM {update} WHERE import_run_id = %s ORDER BY id",
            [operation.pk, run.pk],
        )
