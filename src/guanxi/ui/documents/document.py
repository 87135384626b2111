"""A document as a module writes it: headings, facts, paragraphs, tables, moments; it becomes one PDF."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guanxi.ui.documents import lines
from guanxi.ui.documents.pages import (
    ACCENT,
    INK,
    INNER,
    LINE,
    MUTED,
    Bar,
    Frame,
    Piece,
    Text,
    filled,
    written,
)
from guanxi.ui.documents.tables import Column, table_pieces
from guanxi.ui.documents.tagging import Element

__all__ = ["Column", "Document", "Moment"]

Words = str | Promise
Manner = Literal["body", "quote", "note"]
BODY, LEADING = 10.0, 16.0
_SIZES = {1: (14.0, 22.0), 2: (11.5, 18.0)}


@dataclass(frozen=True)
class Moment:
    """One thing that happened, for a document's timeline."""

    at: Words
    title: Words
    text: Words = ""
    by: Words = ""


@dataclass
class Document:
    """A document in the making; its own words are in the language that is active, its content in any."""

    title: Words
    company: Words = ""
    number: Words = ""
    printed: Words = ""
    subject: Words = ""
    pieces: list[Piece] = field(default_factory=list, init=False)
    missing: lines.Unprintable = field(default_factory=lines.Unprintable, init=False)
    structure: Element = field(default_factory=lambda: Element("Document"), init=False)

    def __post_init__(self) -> None:
        """Begin with the title."""
        title = self._clean(self.title).replace("\n", " ")
        head = self.structure.add("H1")
        for line in lines.broken(title, width=INNER, size=19, is_bold=True):
            text = Text(0, 20, line, 19, is_bold=True, element=head)
            self.pieces.append(Piece(28, (text,), stays_with_next=True, outline=(0, title)))
        if self.number:
            number, below = self._clean(self.number).replace("\n", " "), self.structure.add("P")
            for line in lines.broken(number, width=INNER, size=10):
                self.pieces.append(Piece(16, (Text(0, 11, line, 10, MUTED, element=below),), stays_with_next=True))
        self.pieces.append(Piece(14, bars=(Bar(0, 6, 48, 2.2, ACCENT),), stays_with_next=True))

    def heading(self, text: Words, *, level: Literal[1, 2] = 1) -> None:
        """Begin a section; it is never the last line of a page."""
        size, leading = _SIZES[level]
        words = self._clean(text).replace("\n", " ")
        self._space(12 if level == 1 else 8)
        head = self.structure.add(f"H{level + 1}")
        for place, line in enumerate(lines.broken(words, width=INNER, size=size, is_bold=True)):
            self.pieces.append(
                Piece(
                    leading,
                    (Text(0, size + 2, line, size, INK, is_bold=True, element=head),),
                    stays_with_next=True,
                    outline=(level, words) if place == 0 else None,
                )
            )
        self.pieces.append(Piece(3, stays_with_next=True))

    def paragraph(self, text: Words, *, manner: Manner = "body", url: str = "") -> None:
        """Add text: plain, as the customer's own words beside a bar, or small and muted; a link when it has a URL."""
        left = 14.0 if manner == "quote" else 0.0
        size, leading = (8.5, 13.0) if manner == "note" else (BODY, LEADING)
        ink = ACCENT if url else MUTED if manner == "note" else INK
        bars = (Bar(0, 0, 2.5, leading, ACCENT),) if manner == "quote" else ()
        parts = lines.broken(self._clean(text), width=INNER - left, size=size)
        element = self.structure.add("BlockQuote" if manner == "quote" else "P")
        for place, line in enumerate(parts):
            # No first line alone at the foot of a page, no last one alone at the head of the next.
            stays = len(parts) > 1 and place in {0, len(parts) - 2}
            texts = (Text(left, size + 1.5, line, size, ink, url=_link(url), element=element),) if line else ()
            self.pieces.append(Piece(leading, texts, bars, stays_with_next=stays))
        self._space(5)

    def facts(self, pairs: Iterable[tuple[Words, Words]]) -> None:
        """Add names with their values, one below the other; an empty value shows as a dash."""
        label_width = 118.0
        told = self.structure.add("Table")
        for label, value in pairs:
            row = told.add("TR")
            head, cell = row.add("TH"), row.add("TD")
            names = lines.broken(self._clean(label), width=label_width - 10, size=9.5)
            values = lines.broken(self._clean(value) or "—", width=INNER - label_width, size=BODY)
            count = max(len(names), len(values))
            for place in range(count):
                texts = []
                if place < len(names):
                    texts.append(Text(0, 13, names[place], 9.5, MUTED, element=head))
                if place < len(values):
                    texts.append(Text(label_width, 13, values[place], BODY, element=cell))
                bars = (Bar(0, LEADING + 1.4, INNER, 0.5, LINE),) if place == count - 1 else ()
                height = LEADING + (2.0 if place == count - 1 else 0)
                self.pieces.append(Piece(height, texts, bars, stays_with_next=place < count - 1 and count < 12))
        self._space(6)

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Words]], *, empty: Words = "") -> None:
        """Add a table; its head is repeated on every page it takes. Without rows it says `empty`."""
        cleaned = [[self._clean(cell) for cell in row] for row in rows]
        if not cleaned and empty:
            self.paragraph(empty, manner="note")
            return
        heads = [self._clean(column.label) for column in columns]
        self.pieces.extend(table_pieces(columns, heads, cleaned, self.structure.add("Table")))
        self._space(8)

    def timeline(self, moments: Iterable[Moment], *, empty: Words = "") -> None:
        """Add what happened, one below the other along a line. Without moments it says `empty`."""
        moments = list(moments)
        if not moments and empty:
            self.paragraph(empty, manner="note")
            return
        left = 118.0
        course = self.structure.add("L")
        for moment in moments:
            entry = course.add("LI")
            label, body = entry.add("Lbl"), entry.add("LBody")
            when = lines.broken(self._clean(moment.at), width=left - 26, size=9)
            title = lines.broken(self._clean(moment.title), width=INNER - left, size=BODY, is_bold=True)
            by = lines.broken(self._clean(moment.by), width=INNER - left, size=8.5) if moment.by else []
            text = lines.broken(self._clean(moment.text), width=INNER - left, size=BODY) if moment.text else []
            right = list(
                chain(
                    (Text(left, 13, line, BODY, is_bold=True, element=body) for line in title),
                    (Text(left, 13, line, 8.5, MUTED, element=body) for line in by),
                    (Text(left, 13, line, BODY, element=body) for line in text),
                )
            )
            count = max(len(right), len(when))
            for place in range(count):
                texts = [Text(0, 13, when[place], 9, MUTED, element=label)] if place < len(when) else []
                texts += right[place : place + 1]
                dot = (Bar(left - 19.5, 6.5, 6, 6, ACCENT),) if place == 0 else ()
                bars = (Bar(left - 17, 0, 1, LEADING, LINE), *dot)
                self.pieces.append(Piece(LEADING, texts, bars, stays_with_next=place < min(2, count - 1)))
            self.pieces.append(Piece(5, bars=(Bar(left - 17, 0, 1, 5, LINE),)))
        self._space(4)

    def signatures(self, labels: Sequence[Words]) -> None:
        """Add lines to sign on, side by side."""
        width = INNER / max(len(labels), 1)
        self.pieces.append(Piece(46, stays_with_next=True, is_space=True))
        bars = [Bar(place * width, 0, width - 24, 0.8, INK) for place in range(len(labels))]
        texts = [
            Text(
                place * width,
                14,
                lines.broken(self._clean(label), width=width - 24, size=9)[0],
                9,
                MUTED,
                element=self.structure.add("P"),
            )
            for place, label in enumerate(labels)
        ]
        self.pieces.append(Piece(24, texts, bars))

    def to_bytes(self) -> bytes:
        """The PDF."""
        frame = Frame(
            title=self._clean(self.title).replace("\n", " "),
            company=self._clean(self.company).replace("\n", " "),
            number=self._clean(self.number).replace("\n", " "),
            printed=self._clean(self.printed).replace("\n", " "),
            subject=self._clean(self.subject).replace("\n", " "),
            language=(get_language() or "en").replace("zh-hans", "zh-CN"),
        )
        pieces = list(self.pieces)
        if self.missing.characters:
            noted = self.structure.add("P")
            note = _("A square with a number stands for a character that the font does not have: %(codes)s") % {
                "codes": self.missing.codes()
            }
            pieces += [
                Piece(13, (Text(0, 10, line, 8.5, MUTED, element=noted),))
                for line in lines.broken(note, width=INNER, size=8.5)
            ]
        return written(filled(pieces), frame, self.structure)

    def _clean(self, text: Words) -> str:
        """The text as it can be printed, what cannot be remembered."""
        return lines.cleaned(text, self.missing)

    def _space(self, height: float) -> None:
        """Leave room, except at the head of a page."""
        self.pieces.append(Piece(height, is_space=True))


def _link(url: str) -> str:
    """The address when it is one that a reader may follow."""
    return url if url.startswith(("https://", "http://", "mailto:", "tel:")) else ""
