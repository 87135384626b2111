"""What an erasure takes from the seals."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from guanxi.core.models import Change, Operation
from guanxi.core.models.seals import SealedChange, SealedOperation
from guanxi.core.sealing.digests import PARTS, values_digest

_STILL = 0x5EA15


def hold_still() -> None:
    """Within the caller's transaction: nobody seals while values go, and none go while somebody seals."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_STILL])


def forget_salts(rows: Sequence[models.Model]) -> None:
    """Put the digest of the values in the place of the salt, for rows whose values are about to go."""
    if not rows:
        return
    model = Operation if isinstance(rows[0], Operation) else Change
    sealed: type[models.Model] = SealedOperation if model is Operation else SealedChange
    by_id = {row.pk: row for row in rows}
    held: list[Any] = list(sealed._default_manager.filter(row_id__in=list(by_id), salt__isnull=False))
    for seal in held:
        values = [getattr(by_id[seal.row_id], name) for name in PARTS[model][1]]
        seal.values_digest = values_digest(bytes(seal.salt or b""), values)
        seal.salt = None
    sealed._default_manager.bulk_update(held, ["salt", "values_digest"], batch_size=500)
