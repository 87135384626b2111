"""Public ids: a prefix, the number in base 30, a check character; never mistaken for an external id.

`public_id("cus", 1)` is `cus_0001m`: at least five characters after the prefix, the last one a check over
prefix and number (modulo 31: it finds every single wrong letter and every swap of neighbours), so that a mistyped
id is refused and hardly any text of another system has the form. Letters that are misread (i, l, o, u) are left out.
"""

import re
from collections.abc import Callable
from functools import cache

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
BASE = 30
CHECK = 31
_FORM = re.compile(r"^([a-z]{3})_([0-9a-hjkmnp-tv-x]{4,13})([0-9a-hjkmnp-tv-y])$")


_PAIRS = [high + low for high in ALPHABET[:BASE] for low in ALPHABET[:BASE]]


def _weight(prefix: str) -> int:
    """What a prefix adds to the check."""
    total = 0
    for letter in prefix:
        total = total * 7 + ord(letter)
    return total


def public_id(prefix: str, number: int) -> str:
    """The id shown outside for an internal number."""
    return writer(prefix)(number)


@cache
def writer(prefix: str) -> Callable[[int], str]:
    """A function that writes the ids of one prefix; lists write many."""
    weight, begin = _weight(prefix), f"{prefix}_"
    pairs, square = _PAIRS, BASE * BASE

    def write(number: int) -> str:
        """The id of a number."""
        high, low = divmod(number, square)
        if high < square:
            return f"{begin}{pairs[high]}{pairs[low]}{ALPHABET[(number + weight) % CHECK]}"
        digits = pairs[low]
        while high:
            high, low = divmod(high, square)
            digits = pairs[low] + digits
        # Two digits at a time may bring one that says nothing.
        return f"{begin}{digits.removeprefix('0')}{ALPHABET[(number + weight) % CHECK]}"

    return write


def parse(prefix: str, text: str) -> int | None:
    """The internal number behind a public id, or None when the text is not one with this prefix."""
    match = _FORM.match(text.strip())
    if not match or match[1] != prefix:
        return None
    number = 0
    for letter in match[2]:
        number = number * BASE + ALPHABET.index(letter)
    return number if 0 < number < 2**63 and public_id(prefix, number) == text.strip() else None


def is_reserved(text: str, prefixes: tuple[str, ...] = ("cus",)) -> bool:
    """Whether a text has the very form of one of our ids, so that it may not serve as an external id."""
    return any(parse(prefix, text) is not None for prefix in prefixes)
