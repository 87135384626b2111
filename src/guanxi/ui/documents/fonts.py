"""The font of documents: Noto Sans SC, made by `script/document_font` while building and carried in the wheel.

The regular face has every character of GB 2312, GBK and the national table of standard characters (those of the
extensions B to E that names and places use among them), Latin, kana and the first extension; the bold one those of
GB 2312, and borrows the others from the regular face. What neither has is printed as a square with its code point, and
listed at the end.
"""

from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple

from django.utils.translation import gettext as _
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from guanxi.core.errors import ConfigurationError

REGULAR = "GuanxiSans"
BOLD = "GuanxiSans-Bold"
SQUARE = "□"
_FILES = {REGULAR: "document-regular.ttf", BOLD: "document-bold.ttf"}


class Face(NamedTuple):
    """One face: its name in the PDF and the width of each character it has, in thousandths of the size."""

    name: str
    widths: dict[int, float]


@cache
def face(name: str) -> Face:
    """The face under a name, read once per process."""
    source = files("guanxi.ui") / "data" / "fonts" / _FILES[name]
    if not source.is_file():
        raise ConfigurationError(_("The font of documents is missing; run script/build_frontend."))
    with as_file(source) as path:
        font = TTFont(name, str(path))
    pdfmetrics.registerFont(font)
    return Face(name, dict(font.face.charWidths))


def can_print(character: str) -> bool:
    """Whether the regular face has the character."""
    return ord(character) in face(REGULAR).widths


def width_of(character: str, *, is_bold: bool = False) -> float:
    """The width of a character in thousandths of the size of the text."""
    code = ord(character)
    if is_bold and code in (bold := face(BOLD).widths):
        return bold[code]
    return face(REGULAR).widths.get(code, 1000.0)


def runs(text: str, *, is_bold: bool) -> list[tuple[str, str]]:
    """The text as (name of face, part), each part printable in its face."""
    if not is_bold:
        return [(face(REGULAR).name, text)] if text else []
    bold, parts = face(BOLD), list[tuple[str, str]]()
    for character in text:
        name = BOLD if ord(character) in bold.widths else face(REGULAR).name
        if parts and parts[-1][0] == name:
            parts[-1] = (name, parts[-1][1] + character)
        else:
            parts.append((name, character))
    return parts
