"""Public ids: a prefix, the number in base 30, a check character; never mistaken for an external id.

`public_id("cus", 1)` is `cus_0001m`: at least five characters after the prefix, the last one a check over
prefix and number (modulo 31: it finds every single wrong letter and every swap of neighbours), so that a mistyped
id is refused and hardly any text of another system has the form. Letters that are misread (i, l, o, u) are left out.
"""

import re

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
BASE = 30
CHECK = 31
_FORM = re.compile(r"^([a-z]{3})_([0-9a-hjkmnp-tv-x]{4,13})([0-9a-hjkmnp-tv-y])$")


def _check(prefix: str, number: int) -> str:
    """One character over prefix and number."""
    total = 0
    for letter in prefix:
        total = total * 7 + ord(letter)
    return ALPHABET[(number + total) % CHECK]


def public_id(prefix: str, number: int) -> str:
    """The id shown outside for an internal number."""
    digits = ""
    rest = number
    while rest or len(digits) < 4:
        rest, low = divmod(rest, BASE)
        digits = ALPHABET[low] + digits
    return f"{prefix}_{digits}{_check(prefix, number)}"


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
