"""The battery of invariants: what holds for every method, whatever it measures.

Each package names its methods in `tests/cases.py` as `CASES`; a method without a case fails `test_battery.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from guanxi_methods.base import Method

SEED = 20261130


@dataclass(frozen=True)
class Case:
    """One method with data it can be tried on."""

    name: str
    make: Callable[[], Method]
    """A new method, with its random_state set if it has one."""
    rows: Callable[[np.random.Generator], dict[str, Any]]
    """Arguments of `fit` by name that hold one value (or one row of a matrix) per row; they are shuffled together."""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """Further arguments of `fit`, the same whatever the rows."""
    per_row: tuple[str, ...] = ()
    """Learned attributes with one entry per row, in the order of the rows."""
    whole: tuple[str, ...] = ()
    """Learned attributes of the whole: they must not depend on the order of the rows."""
    units: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Argument -> {learned attribute: power}: with the argument times k, the attribute is times k ** power."""
    tolerance: float = 1e-9
    """Relative; for methods that search for an optimum or draw numbers, as far as they promise."""
    keeps_missing: tuple[str, ...] = ()
    """Arguments in which missing values are no error."""
    keeps_nan: tuple[str, ...] = ()
    """Learned attributes in which NaN is a stated result (an interval that cannot be had)."""
    words: tuple[str, ...] = ()
    """Arguments that hold words, dates or codes: not made infinite, not scaled."""

    def fitted(self, rows: Mapping[str, Any]) -> Method:
        """A new method, fitted."""
        return self.make().fit(**rows, **self.fixed)

    def figures(self, method: Method) -> dict[str, Any]:
        """Everything named that it learned."""
        return {name: getattr(method, name) for name in (*self.per_row, *self.whole)}


def is_same(one: Any, other: Any, tolerance: float) -> bool:
    """Whether two learned values are the same, numbers up to a relative tolerance."""
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(is_same(one[key], other[key], tolerance) for key in one)
    if isinstance(one, (list, tuple)) and not _is_numeric(one):
        return len(one) == len(other) and all(is_same(a, b, tolerance) for a, b in zip(one, other, strict=True))
    if _is_numeric(one):
        left, right = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
        scale = max(1e-300, float(np.nanmax(np.abs(left), initial=0.0)))
        return left.shape == right.shape and bool(
            np.allclose(left, right, rtol=tolerance, atol=tolerance * scale, equal_nan=True)
        )
    if isinstance(one, np.ndarray):
        return bool((one == other).all())
    if hasattr(one, "__dataclass_fields__"):
        return is_same(vars(one), vars(other), tolerance)
    return bool(one == other)


def _is_numeric(value: Any) -> bool:
    """Whether a value is a number or an array of numbers."""
    try:
        return np.asarray(value).dtype.kind in "iufb"
    except ValueError:
        return False


def times(value: Any, factor: float) -> Any:
    """A learned value in a unit that is smaller by a factor."""
    if factor == 1.0:
        return value
    if isinstance(value, Mapping):
        return {key: times(inner, factor) for key, inner in value.items()}
    return np.asarray(value, dtype=float) * factor


def has_nan(value: Any) -> bool:
    """Whether NaN stands anywhere in a learned value."""
    if isinstance(value, Mapping):
        return any(has_nan(inner) for inner in value.values())
    if hasattr(value, "__dataclass_fields__"):
        return has_nan(vars(value))
    if isinstance(value, (list, tuple)) and not _is_numeric(value):
        return any(has_nan(inner) for inner in value)
    return _is_numeric(value) and bool(np.isnan(np.asarray(value, dtype=float)).any())
