"""Telling whether anything has changed since a measurement."""

import hashlib
from collections.abc import Iterable

import numpy as np

from guanxi.insight.value.measuring import Ints


def digest_of(columns: Iterable[Ints | None], *rest: object) -> str:
    """Columns and whatever else a measurement depends on, in 64 characters."""
    found = hashlib.blake2b(repr(rest).encode(), digest_size=32)
    for column in columns:
        found.update(b"none" if column is None else np.ascontiguousarray(column).tobytes())
    return found.hexdigest()
