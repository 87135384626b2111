"""The canonical form of journal rows and the digests over it; the same on every database."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from guanxi.core.models import Change, Operation

NOTHING = bytes(32)
"""The digest of values that were erased before the row was sealed."""
SALT_BYTES = 16

# What names a row, and what it says; `erased_at` and `undone_at` are written later and proved by rows of their own.
OPERATION_NAMES = ("id", "name", "actor_id", "means", "at", "undoes_id", "deputising_for_id")
OPERATION_VALUES = ("actor_name", "address", "reason")
CHANGE_NAMES = ("id", "operation_id", "kind", "record_id", "act", "field", "customer_id")
CHANGE_VALUES = ("before", "after")
PARTS: dict[type[Operation] | type[Change], tuple[tuple[str, ...], tuple[str, ...]]] = {
    Operation: (OPERATION_NAMES, OPERATION_VALUES),
    Change: (CHANGE_NAMES, CHANGE_VALUES),
}


def plain(value: Any) -> Any:
    """A value as JSON has it on both databases: moments in UTC, whole numbers without a point."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def canonical(values: Sequence[Any]) -> bytes:
    """Values in one unmistakable form."""
    return json.dumps(
        [plain(value) for value in values], sort_keys=True, separators=(",", ":"), ensure_ascii=True
    ).encode()


def values_digest(salt: bytes, values: Sequence[Any]) -> bytes:
    """The salted digest of what a row says."""
    return hmac.digest(salt, canonical(values), "sha256")


def row_digest(names: Sequence[Any], of_values: bytes, change_count: int | None = None) -> bytes:
    """The digest of a row, of an operation with the number of its changes where that is final."""
    known = names if change_count is None else (*names, change_count)
    return hashlib.sha256(canonical(known) + of_values).digest()


def batch_digest(before: bytes, head: Sequence[Any], rows: Iterable[bytes]) -> bytes:
    """The digest of a batch: the batch before it, what it says of itself, its rows in order."""
    digest = hashlib.sha256(before + canonical(head))
    for row in rows:
        digest.update(row)
    return digest.digest()
