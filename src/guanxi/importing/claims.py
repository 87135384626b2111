"""Records that several imports brought: one import owns each, the others claim it.

A record's row names the import that owns it, so that nothing is slower to read; what a later import brings again is
noted as a claim. Before an import is undone, its records go to those that claim them and its own claim takes the
place of theirs: at every step the imports that brought a record are the owner and the claimants, whichever is which.
"""

from collections.abc import Iterable, Iterator, Mapping

from django.db import connection, models

from guanxi.core import bulk
from guanxi.importing.models import Import, ImportClaim

AT_ONCE = 1_000
_TABLE = ImportClaim._meta.db_table


def claim(run: Import, kind: str, numbers: Iterable[int]) -> None:
    """Note that an import brought these records of others too; may be noted again."""
    rows = [(kind, number, run.pk) for number in numbers]
    if rows:
        bulk.insert(ImportClaim, ("kind", "record_id", "import_run_id"), rows, on_conflict="ignore")


def _are_there(run: Import, kind: str) -> bool:
    """Whether other imports claim any record of a kind; mostly not, which saves looking further."""
    return ImportClaim.objects.filter(kind=kind).exclude(import_run=run).exists()


def _takers(run: Import, kind: str, model: type[models.Model], last: int) -> dict[int, int]:
    """The next records of an import that others claim: record -> the first of those imports."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.id, MIN(c.import_run_id) FROM {model._meta.db_table} r "  # noqa: S608
            f"JOIN {_TABLE} c ON c.kind = %s AND c.record_id = r.id AND c.import_run_id <> %s "
            f"WHERE r.import_run_id = %s AND r.id > %s GROUP BY r.id ORDER BY r.id LIMIT {AT_ONCE}",
            [kind, run.pk, run.pk, last],
        )
        return dict(cursor.fetchall())


def _give(run: Import, kind: str, model: type[models.Model], pairs: Mapping[int, int]) -> None:
    """Let others own these records from now on; the import that owned them claims them."""
    for taker in set(pairs.values()):
        numbers = [number for number, run_id in pairs.items() if run_id == taker]
        owned = model._base_manager.filter(pk__in=numbers, import_run=run.pk)
        owned.update(import_run=taker)  # house: writes: which import owns a row changes nothing in it
        theirs = ImportClaim.objects.filter(kind=kind, record_id__in=numbers, import_run=taker)
        theirs.update(import_run=run)  # house: writes: the same, the other way round


def hand_over(run: Import, kind: str, model: type[models.Model]) -> Iterator[None]:
    """Give every record that others claim to one of them, in short transactions."""
    last = 0
    while _are_there(run, kind) and (pairs := _takers(run, kind, model, last)):
        _give(run, kind, model, pairs)
        last = max(pairs)
        yield


def count(run: Import) -> int:
    """How many records an import brought that belong to others."""
    return ImportClaim.objects.filter(import_run=run).count()


def forget(run: Import) -> Iterator[None]:
    """Drop the claims of an import, in short transactions."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {_TABLE} WHERE id IN (SELECT id FROM {_TABLE} WHERE import_run_id = %s LIMIT {AT_ONCE})",  # noqa: S608
                [run.pk],
            )
            if not cursor.rowcount:
                return
        yield
