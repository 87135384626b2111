"""Colours of the chat: a palette, and any other that white text stays readable on (WCAG AA)."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core.errors import InvalidInput

BRAND = "#0b6e63"
PALETTE: dict[str, Promise | str] = {
    BRAND: gettext_lazy("Pine"),
    "#1d4fa8": gettext_lazy("Blue"),
    "#5f2aa5": gettext_lazy("Violet"),
    "#9b1c4a": gettext_lazy("Raspberry"),
    "#a32117": gettext_lazy("Red"),
    "#8a4b00": gettext_lazy("Amber"),
    "#3d5a1e": gettext_lazy("Moss"),
    "#334155": gettext_lazy("Slate"),
}
WHITE, DARK_GROUND, LIGHT_GROUND = "#ffffff", "#16201e", "#ffffff"
READABLE = 4.5
_FORM = re.compile(r"#[0-9a-f]{6}")


def checked(text: str) -> str:
    """A colour as it is kept; InvalidInput when white text on it could not be read."""
    plain = str(text or "").strip().lower()
    if not _FORM.fullmatch(plain):
        raise InvalidInput(_("Write a colour as #0b6e63."), column="colour")
    ratio = contrast(plain, WHITE)
    if ratio < READABLE:
        raise InvalidInput(
            _(
                "White text on this colour is hard to read (contrast %(ratio)s, at least 4.5 is needed); take a darker one."
            )
            % {"ratio": f"{ratio:.1f}"},
            column="colour",
        )
    return plain


def contrast(one: str, other: str) -> float:
    """The contrast between two colours as WCAG counts it, from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def on_ground(colour: str, ground: str) -> str:
    """A colour as text on a ground: lightened as far as it takes to be readable."""
    parts = _parts(colour)
    for step in range(21):
        mixed = tuple(round(part + (255 - part) * step / 20) for part in parts)
        found = "#" + "".join(f"{part:02x}" for part in mixed)
        if contrast(found, ground) >= READABLE:
            return found
    return WHITE


def _parts(colour: str) -> tuple[int, int, int]:
    """Red, green, blue."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Relative luminance."""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
