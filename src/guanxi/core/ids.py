"""Public ids: a prefix, the number in Crockford base 32, a check character; never mistaken for an external id.

`public_id("cus", 17)` is `cus_000h6`-like: at least five characters after the prefix, the last one a check over
prefix and number, so that a mistyped id is refused and hardly any text of another system has the form.
"""

import re

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_FORM = re.compile(r"^([a-z]{3})_([0-9a-hjkmnp-tv-z]{5,14})$")


def _check(prefix: str, number: int) -> str:
    """One character over prefix and number."""
    total = number
    for letter in prefix:
        total = total * 31 + ord(letter)
    return ALPHABET[(total * 7 + total // 32 + total // 1024 + total // 32768) % 31]


def public_id(prefix: str, number: int) -> str:
    """The id shown outside for an internal number."""
    digits = ""
    rest = number
    while rest or len(digits) < 4:
        rest, low = divmod(rest, 32)
        digits = ALPHABET[low] + digits
    return f"{prefix}_{digits}{_check(prefix, number)}"


def parse(prefix: str, text: str) -> int | None:
    """The internal number behind a public id, or None when the text is not one with this prefix."""
    match = _FORM.match(text.strip())
    if not match or match[1] != prefix:
        return None
    number = 0
    for letter in match[2][:-1]:
        number = number * 32 + ALPHABET.index(letter)
    return number if number < 2**63 and public_id(prefix, number) == text.strip() else None


def is_reserved(text: str, prefixes: tuple[str, ...] = ("cus",)) -> bool:
    """Whether a text has the very form of one of our ids, so that it may not serve as an external id."""
    return any(parse(prefix, text) is not None for prefix in prefixes)
