"""Order by strokes: how Chinese characters are written, for lists that sort as a printed register does.

The order is Unicode's for Chinese (by the number of strokes, then by radical); building the front end writes it into
`strokes.txt` among the built assets, so it is no part of the repository.
"""

from functools import cache
from importlib.resources import files

from django.utils.translation import gettext as _

from guanxi.core.errors import ConfigurationError

KEY_LIMIT = 36
LOOKED_AT = 24
_SKIPPED = frozenset(" ·'’-—()（）.,")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Behind every digit, so that names in other scripts come after all Chinese ones.
_OTHER = "~"


@cache
def _tables() -> tuple[dict[str, str], dict[str, int]]:
    """The place of each character as three digits, and the number of strokes where it is known."""
    source = files("guanxi.ui") / "static" / "guanxi" / "dist" / "strokes.txt"
    try:
        text = source.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigurationError(
            _("The order of strokes is missing from the built assets; run script/build_frontend.")
        ) from None
    places: dict[str, str] = {}
    counts: dict[str, int] = {}
    for line in text.splitlines():
        number, _tab, characters = line.partition("\t")
        for character in characters:
            high, low = divmod(len(places), len(_DIGITS))
            places[character] = _DIGITS[high // len(_DIGITS)] + _DIGITS[high % len(_DIGITS)] + _DIGITS[low]
        if number:
            counts.update(dict.fromkeys(characters, int(number)))
    return places, counts


def stroke_key(name: str) -> str:
    """The key by which a list sorts by strokes, character by character; short, and compared by code point."""
    places = _tables()[0]
    parts: list[str] = []
    is_chinese = True
    for character in name[:LOOKED_AT]:
        place = places.get(character)
        if place is not None:
            parts.append(place)
            is_chinese = True
        elif character not in _SKIPPED:
            parts.append(character.casefold() if not is_chinese else _OTHER + character.casefold())
            is_chinese = False
    return "".join(parts)[:KEY_LIMIT]


def strokes_of(character: str) -> int | None:
    """The number of strokes of a character; None where Unicode's order does not say."""
    return _tables()[1].get(character)
