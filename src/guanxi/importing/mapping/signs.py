"""The currency that a column of amounts shows by its signs, where it shows one."""

from collections.abc import Iterable
from typing import Any

_CODES = ("CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "CHF", "AUD", "CAD", "SGD", "KRW", "INR")
_SIGNS = {
    "£": "GBP",
    "€": "EUR",
    "₹": "INR",
    "₩": "KRW",
    "元": "CNY",
    "圆": "CNY",
    "RMB": "CNY",
    "US$": "USD",
    "HK$": "HKD",
    "NT$": "TWD",
    "A$": "AUD",
    "C$": "CAD",
    "S$": "SGD",
    **{code: code for code in _CODES},
}
# Signs of several currencies: the company's own counts when it is among them, else the first.
_SHARED = {"¥": ("CNY", "JPY"), "￥": ("CNY", "JPY"), "$": ("USD", "HKD", "AUD", "CAD", "SGD", "TWD")}


def currency_of(cells: Iterable[Any], *, own: str) -> str:
    """The one currency whose sign stands in the cells; nothing when there is none or more than one."""
    found = {_of(cell.upper(), own) for cell in cells if isinstance(cell, str)}
    found.discard("")
    return found.pop() if len(found) == 1 else ""


def _of(text: str, own: str) -> str:
    """The currency of one cell."""
    for sign, code in _SIGNS.items():
        if sign in text:
            return code
    for sign, codes in _SHARED.items():
        if sign in text:
            return own if own in codes else codes[0]
    return ""
