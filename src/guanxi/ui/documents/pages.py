"""Pieces of a document put on pages, and the pages written as PDF.

A piece is one line's worth: its height and what is drawn in it. Pages are filled first, so that each can say of how many
it is one; then they are written.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from django.utils.translation import gettext as _
from reportlab.pdfgen.canvas import Canvas

from guanxi.ui.documents import fonts, lines
from guanxi.ui.documents.tagging import Element, Tags

WIDTH, HEIGHT = 595.28, 841.89
LEFT, RIGHT = 56.0, 56.0
TOP, BOTTOM = 76.0, 64.0
INNER = WIDTH - LEFT - RIGHT
ROOM = HEIGHT - TOP - BOTTOM
INK, MUTED, ACCENT, LINE, TINT = "#1d273b", "#5b6675", "#0b5cad", "#d5dbe3", "#f3f6f9"


@dataclass(frozen=True)
class Text:
    """One line of text: from the left of the column, by its base line below the top of its piece."""

    x: float
    down: float
    text: str
    size: float
    ink: str = INK
    is_bold: bool = False
    url: str = ""
    # Of which element of the structure it is a part; of none where it says nothing of its own.
    element: Element | None = None


@dataclass(frozen=True)
class Bar:
    """A filled rectangle, or a rule when it is thin."""

    x: float
    down: float
    width: float
    height: float
    ink: str = LINE


@dataclass(frozen=True)
class Piece:
    """What is drawn on one strip of a page; `head` is drawn again where a page begins within the same table."""

    height: float
    texts: Sequence[Text] = ()
    bars: Sequence[Bar] = ()
    stays_with_next: bool = False
    head: "tuple[Piece, ...]" = ()
    outline: tuple[int, str] | None = None
    is_space: bool = False


@dataclass
class Page:
    """The pieces of one page with their distance from its top."""

    placed: list[tuple[float, Piece]] = field(default_factory=list)
    used: float = 0.0

    def place(self, piece: Piece) -> None:
        """Put a piece below the others."""
        self.placed.append((self.used, piece))
        self.used += piece.height


def filled(pieces: Iterable[Piece]) -> list[Page]:
    """The pages that the pieces take, at least one; pieces that stay together move together, up to a page."""
    pages = [Page()]
    together: list[Piece] = []
    before: Piece | None = None
    for piece in pieces:
        together.append(piece)
        if piece.stays_with_next and sum(kept.height for kept in together) < ROOM / 2:
            continue
        before = _place(pages, together, before)
        together = []
    if together:
        _place(pages, together, before)
    return pages


def _place(pages: list[Page], together: list[Piece], before: Piece | None) -> Piece | None:
    """Put pieces that belong together on the last page or, when they do not fit, on a new one."""
    if pages[-1].used and pages[-1].used + sum(piece.height for piece in together) > ROOM:
        pages.append(Page())
        first = together[0]
        if first.head and before is not None and before.head is first.head:
            for again in first.head:
                # Said once already: those who have it read out hear it once.
                texts = tuple(replace(text, element=None) for text in again.texts)
                pages[-1].place(replace(again, texts=texts))
    for piece in together:
        if piece.is_space and not pages[-1].used:
            continue
        pages[-1].place(piece)
    return together[-1] if together else before


@dataclass(frozen=True)
class Frame:
    """What stands on every page and in the file's properties."""

    title: str
    company: str
    number: str
    printed: str
    language: str
    subject: str = ""


def written(pages: Sequence[Page], frame: Frame, structure: Element) -> bytes:
    """The PDF of the pages, with their structure."""
    canvas = Canvas(io.BytesIO(), pagesize=(WIDTH, HEIGHT), pageCompression=1, lang=frame.language)
    canvas.setTitle(frame.title)
    canvas.setAuthor(frame.company)
    canvas.setSubject(frame.subject or frame.number)
    canvas.setCreator("Guanxi")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    tags = Tags(canvas, structure)
    for place, page in enumerate(pages, start=1):
        tags.begin_page()
        with tags.artifact():
            _frame(canvas, frame, place, len(pages))
        for down, piece in page.placed:
            _draw(canvas, tags, piece, HEIGHT - TOP - down)
        canvas.showPage()
    tags.write()
    return bytes(canvas.getpdfdata())


def _frame(canvas: Canvas, frame: Frame, page: int, of: int) -> None:
    """Draw what stands above and below the text."""
    top = HEIGHT - 40
    words = _("Page %(page)s of %(of)s") % {"page": page, "of": of}
    _write(canvas, Text(0, 0, _fitted(frame.company, 8.5, INNER / 2 - 10, is_bold=True), 8.5, INK, is_bold=True), top)
    right = _fitted(frame.title, 8.5, INNER / 2 - 10)
    _write(canvas, Text(INNER - lines.width(right, size=8.5), 0, right, 8.5, MUTED), top)
    _fill(canvas, Bar(0, 8, INNER, 0.6, LINE), top)
    foot = 36.0
    _fill(canvas, Bar(0, -12, INNER, 0.6, LINE), foot)
    _write(canvas, Text(0, 0, _fitted(f"{frame.number}  {frame.printed}".strip(), 8, INNER - 120), 8, MUTED), foot)
    _write(canvas, Text(INNER - lines.width(words, size=8), 0, words, 8, MUTED), foot)


def _fitted(text: str, size: float, width: float, *, is_bold: bool = False) -> str:
    """The text, or as much of it as one line holds."""
    first, *rest = lines.broken(text.replace("\n", " "), width=width, size=size, is_bold=is_bold)
    return first + "…" if rest else first


def _draw(canvas: Canvas, tags: Tags, piece: Piece, top: float) -> None:
    """Draw one piece whose upper edge is at a height."""
    if piece.bars:
        with tags.artifact():
            for bar in piece.bars:
                _fill(canvas, bar, top)
    for text in piece.texts:
        with tags.within(text.element, _copied(text.text)) if text.element is not None else tags.artifact():
            _write(canvas, text, top)
    if piece.outline is not None:
        level, title = piece.outline
        key = f"section-{id(piece)}"
        canvas.bookmarkHorizontal(key, 0, top)
        canvas.addOutlineEntry(title, key, level=level, closed=False)


def _fill(canvas: Canvas, bar: Bar, top: float) -> None:
    """Fill a rectangle."""
    canvas.setFillColor(bar.ink)
    canvas.rect(LEFT + bar.x, top - bar.down - bar.height, bar.width, bar.height, stroke=0, fill=1)


def _write(canvas: Canvas, text: Text, top: float) -> None:
    """Write one line, each part in a face that has it."""
    x, y = LEFT + text.x, top - text.down
    canvas.setFillColor(text.ink)
    for name, part in fonts.runs(text.text, is_bold=text.is_bold):
        # A bold line's rare character comes from the regular face, its strokes drawn thicker.
        is_thickened = text.is_bold and name == fonts.REGULAR
        if is_thickened:
            canvas.setStrokeColor(text.ink)
            canvas.setLineWidth(text.size * 0.035)
        for is_there, some in groupby(part, fonts.can_print):
            drawn = "".join(some)
            if is_there:
                canvas.setFont(name, text.size)
                canvas.drawString(x, y, drawn, mode=2 if is_thickened else 0)
            else:
                _code_points(canvas, x, y, drawn, text.size)
            x += lines.width(drawn, size=text.size, is_bold=text.is_bold)
    if text.url:
        canvas.linkURL(text.url, (LEFT + text.x, y - 2, x, y + text.size), relative=0)


def _code_points(canvas: Canvas, x: float, y: float, characters: str, size: float) -> None:
    """Write characters that no face has: for each a square with its code point in two rows."""
    for place, character in enumerate(characters):
        left = x + place * fonts.width_of(character) * size / 1000
        canvas.setFont(fonts.face(fonts.REGULAR).name, size)
        canvas.drawString(left, y, fonts.SQUARE)
        code, small = f"{ord(character):04X}", size * 0.36
        canvas.setFont(fonts.face(fonts.REGULAR).name, small)
        for up, row in ((0.43, code[: len(code) // 2]), (0.09, code[len(code) // 2 :])):
            indent = (fonts.width_of(character) * size / 1000 - lines.width(row, size=small)) / 2
            canvas.drawString(left + indent, y + size * up, row)


def _copied(text: str) -> str:
    """What stands beside a text for those who copy it or have it read: '' where what is drawn says it.

    The map of the library's fonts ends at the basic plane, and a square with figures is no name.
    """
    is_plain = all(ord(character) <= 0xFFFF and fonts.can_print(character) for character in text)
    return "" if is_plain else text
