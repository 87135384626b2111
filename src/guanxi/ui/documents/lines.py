"""Text into lines: cleaned of what cannot be printed, broken as Chinese and English are.

A line may be broken at a space, beside a Chinese character, and behind a hyphen or slash, but never before a mark that
must not begin a line nor behind one that must not end it (避头尾). What is longer than a line is broken anywhere.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from guanxi.ui.documents import fonts

CANNOT_BEGIN = frozenset(
    "!%),.:;?]}¢°·’”†‡›℃∶、。〃〆〕〗〞︰﹐﹑﹒﹔﹕﹖﹗﹚﹜！＂％＇），．：；？］｝～〉》」』】〟…‥—々〻ーァィゥェォッャュョぁぃぅぇぉっゃゅょ"
)
CANNOT_END = frozenset("$(£¥[{‘“〈《「『【〔〖〝﹙﹛＄（．［｛￡￥€#＃")
BEHIND = frozenset("-/\\?&=_@,;")
LONGEST_LIST = 60
_WIDE = (
    (0x1100, 0x11FF), (0x2E80, 0x303F), (0x3040, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA960, 0xA97F),
    (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x20000, 0x323AF),
)  # fmt: skip
_BLANK_LINES = re.compile(r"\n[ \n]*\n")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@dataclass
class Unprintable:
    """The characters that no face has, in the order they were met, each once."""

    characters: dict[str, None] = field(default_factory=dict)

    def add(self, character: str) -> None:
        """Remember one, up to a bound."""
        if len(self.characters) <= LONGEST_LIST:
            self.characters.setdefault(character)

    def codes(self) -> str:
        """Their code points, as a note lists them."""
        shown = [f"U+{ord(character):04X}" for character in list(self.characters)[:LONGEST_LIST]]
        return " ".join(shown) + (" …" if len(self.characters) > LONGEST_LIST else "")


def cleaned(text: object, missing: Unprintable) -> str:
    """Composed text of which no face lacks more than is remembered; marks that steer but do not show are dropped."""
    composed = unicodedata.normalize("NFC", str(text).replace("\r\n", "\n").replace("\r", "\n"))
    printed = "".join(_printable(character, missing) for character in composed)
    return _BLANK_LINES.sub("\n\n", printed)


def _printable(character: str, missing: Unprintable) -> str:
    """What is printed for one character."""
    if character == "\n" or " " <= character <= "~":
        return character
    if character in "\t\u00a0\u2002\u2003\u2009\u202f":
        return " "
    if character in "\u2028\u2029\x0b\x0c\x85":
        return "\n"
    if fonts.can_print(character):
        return "" if unicodedata.category(character) in _DROPPED else character
    category = unicodedata.category(character)
    if category in {"Cc", "Cf"} or "\ufe00" <= character <= "\ufe0f":
        return ""
    missing.add(character)
    # A mark that sits on the letter before it takes no square of its own.
    if category in {"Mn", "Me"}:
        return ""
    # Drawn as a square, and there when it is copied or read out; what is no character at all is a square only.
    return fonts.SQUARE if category in _DROPPED else character


def is_wide(character: str) -> bool:
    """Whether lines may be broken beside the character as beside a Chinese one."""
    code = ord(character)
    return code >= 0x1100 and any(low <= code <= high for low, high in _WIDE)


def may_break(before: str, after: str) -> bool:
    """Whether a line may end with the one character and the next begin with the other."""
    if after == " ":
        return False
    if before == " ":
        return True
    if after in CANNOT_BEGIN or before in CANNOT_END:
        return False
    if is_wide(before) or is_wide(after):
        return True
    return before in BEHIND or (before in CANNOT_BEGIN and ord(before) > 0x2000)


def broken(text: str, *, width: float, size: float, is_bold: bool = False) -> list[str]:
    """The lines of cleaned text in a column of the given width; at least one, which may be empty."""
    limit = max(width, size) * 1000 / size
    return [line for part in text.split("\n") for line in _lines_of(part, limit, is_bold)]


def _lines_of(text: str, limit: float, is_bold: bool) -> list[str]:
    """Break one paragraph greedily, in one pass."""
    lines: list[str] = []
    start = 0
    used = 0.0
    chance, used_at_chance = 0, 0.0
    for place, character in enumerate(text):
        if place > start and may_break(text[place - 1], character):
            chance, used_at_chance = place, used
        wide = fonts.width_of(character, is_bold=is_bold)
        if used + wide > limit and character != " " and place > start:
            end = chance if chance > start else place
            lines.append(text[start:end].rstrip(" "))
            used -= used_at_chance if end == chance else used
            start = end
        used += wide
    lines.append(text[start:].rstrip(" "))
    return lines


def width(text: str, *, size: float, is_bold: bool = False) -> float:
    """How wide a line of text is."""
    return sum(fonts.width_of(character, is_bold=is_bold) for character in text) * size / 1000
