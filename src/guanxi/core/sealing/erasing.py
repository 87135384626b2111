"""What an erasure takes from the seals."""

from collections.abc import Sequence

from django.db import connection, models

from guanxi.core.models import Change, Operation
from guanxi.core.models.seals import SealedChange, SealedOperation

_STILL = 0x5EA15


def hold_still() -> None:
    """Within the caller's transaction: nobody seals while values go, and none go while somebody seals."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_STILL])


def forget_salts(rows: Sequence[models.Model]) -> None:
    """Take the salts of rows whose values are about to go; the salted digests stay and tell nothing without them."""
    for model, sealed in ((Operation, SealedOperation), (Change, SealedChange)):
        numbers = [row.pk for row in rows if isinstance(row, model)]
        if numbers:
            sealed._default_manager.filter(row_id__in=numbers).update(salt=None)
