"""Single figures that the formulas are given, checked once and named in the error."""

from __future__ import annotations

import math

import numpy as np

from guanxi_methods.errors import MethodError

# More years or periods than this are no forecast, but a slip of the keyboard.
MOST_PERIODS = 100_000


def finite(name: str, value: float) -> float:
    """Return a finite number, or say which figure is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise MethodError("{name} must be a number, not {value!r}", name=name, value=value)
    if not math.isfinite(value):
        raise MethodError("{name} must be a finite number, not {value}", name=name, value=float(value))
    return float(value)


def at_least(name: str, value: float, least: float) -> float:
    """Return a number that is not under a bound."""
    number = finite(name, value)
    if number < least:
        raise MethodError("{name} must be at least {least:g}, not {value:g}", name=name, least=least, value=number)
    return number


def probability(name: str, value: float) -> float:
    """Return a number from 0 to 1."""
    number = finite(name, value)
    if not 0 <= number <= 1:
        raise MethodError("{name} must lie between 0 and 1 (write 75% as .75), not {value:g}", name=name, value=number)
    return number


def whole(name: str, value: int, least: int = 0, most: int = MOST_PERIODS) -> int:
    """Return a whole number that lies within its bounds."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise MethodError(
            "{name} must be a whole number of at least {least}, not {value!r}", name=name, least=least, value=value
        )
    if value > most:
        raise MethodError("{name} must be at most {most:,}, not {value:,}", name=name, most=most, value=int(value))
    return int(value)
