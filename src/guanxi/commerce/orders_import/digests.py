"""Sixty-four bits that stand for an order or for what a line says, the same in every file and on every machine."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint64]
_FACTORS = tuple(np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xFF51AFD7ED558CCD))


def order_keys(numbers: Sequence[str | None], customers: Sequence[str | None]) -> list[int]:
    """A key for each row's order: its number and its buyer."""
    pairs = list(zip(numbers, customers, strict=True))
    known = {pair: _digest(f"{pair[0]}\x1f{pair[1] or ''}") for pair in set(pairs)}
    return _signed(np.array([known[pair] for pair in pairs], dtype=np.uint64))


def line_keys(
    *,
    products: Sequence[str | None],
    walls: Sequence[datetime | None],
    quantities: Sequence[Decimal | None],
    prices: Sequence[Decimal | None],
    amounts: Sequence[int],
) -> list[int]:
    """A key for what each row says: product, date, quantity, unit price and amount."""
    keys = np.zeros(len(products), dtype=np.uint64)
    for part in (
        _digests(products, _text),
        _digests(walls, _moment),
        _digests(quantities, _number),
        _digests(prices, _number),
        np.array(amounts, dtype=np.int64).astype(np.uint64),
    ):
        keys = _mixed(keys, part)
    return _signed(keys)


def _mixed(keys: Bits, part: Bits) -> Bits:
    """Stir another part in, so that each bit of it touches every bit of the key."""
    with np.errstate(over="ignore"):
        keys = (keys ^ part) * _FACTORS[0]
        keys ^= keys >> np.uint64(32)
        keys = keys * _FACTORS[1]
        keys ^= keys >> np.uint64(29)
        return keys * _FACTORS[2]


def _digests(values: Sequence[Any], written: Callable[[Any], str]) -> Bits:
    """The digest of each value in its one form, equal values digested once."""
    known = {value: _known_digest(written(value)) for value in set(values)}
    return np.array([known[value] for value in values], dtype=np.uint64)


def _text(value: str | None) -> str:
    """A text as it is."""
    return value or ""


def _moment(value: datetime | None) -> str:
    """A moment in ISO form."""
    return value.isoformat() if value else ""


def _number(value: Decimal | None) -> str:
    """A number in one form, however it was written (6, 6.0, 6.00)."""
    return "" if value is None else str(value.normalize() + 0)


def _digest(text: str) -> int:
    """Eight bytes of BLAKE2."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


_known_digest = lru_cache(maxsize=100_000)(_digest)


def _signed(keys: Bits) -> list[int]:
    """As the signed whole numbers that databases keep."""
    return keys.view(np.int64).tolist()
