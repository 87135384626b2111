"""Tables of a document: columns by what they hold, rows that may run over pages, the head repeated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

from guanxi.ui.documents import lines
from guanxi.ui.documents.pages import INK, INNER, LINE, MUTED, TINT, Bar, Piece, Text
from guanxi.ui.documents.tagging import Element

SIZE, LEADING, GAP = 9.0, 13.5, 8.0
_LOOKED_AT = 200
_NARROWEST = 34.0


@dataclass(frozen=True)
class Column:
    """A column: its name, on which side its cells stand, and its share of the width (by its content when 0)."""

    label: str | Promise
    align: Literal["start", "end"] = "start"
    weight: float = 0.0


def table_pieces(
    columns: Sequence[Column], heads: Sequence[str], rows: Sequence[Sequence[str]], table: Element
) -> Iterator[Piece]:
    """The pieces of a table with cleaned text, each cell an element within that of the table."""
    widths = _widths(columns, heads, rows)
    head = tuple(_row(columns, widths, heads, table.add("TR"), is_head=True))
    yield from head
    for row in rows:
        cells = [*row[: len(columns)], *[""] * (len(columns) - len(row))]
        yield from _row(columns, widths, cells, table.add("TR"), head=head)


def _widths(columns: Sequence[Column], heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """The width of each column: by its share, or by the longest of what it holds, within reason."""
    wanted = []
    for place, column in enumerate(columns):
        seen = [row[place][:120] for row in rows[:_LOOKED_AT] if place < len(row)]
        natural = max((lines.width(cell, size=SIZE) for cell in seen), default=0.0)
        natural = max(natural, min(lines.width(heads[place][:40], size=SIZE, is_bold=True), 90.0)) + GAP
        wanted.append(column.weight * 60 if column.weight else min(max(natural, _NARROWEST), 240.0))
    total = sum(wanted)
    return [width * INNER / total for width in wanted]


def _row(
    columns: Sequence[Column],
    widths: Sequence[float],
    cells: Sequence[str],
    row: Element,
    *,
    is_head: bool = False,
    head: tuple[Piece, ...] = (),
) -> Iterator[Piece]:
    """One row, a piece for each line in it; a short row stays on one page."""
    broken = [
        lines.broken(cell, width=width - GAP, size=SIZE, is_bold=is_head)
        for cell, width in zip(cells, widths, strict=True)
    ]
    count = max(len(cell) for cell in broken)
    elements = [row.add("TH" if is_head else "TD") for _cell in cells]
    for place in range(count):
        is_last = place == count - 1
        above = 3.0 if place == 0 else 0.0
        height = LEADING + above + (3.0 if is_last else 0.0)
        bars = [Bar(0, 0, INNER, height, TINT)] if is_head else []
        if is_last:
            bars.append(Bar(0, height - 0.5, INNER, 0.5, LINE))
        texts = []
        left = 0.0
        for column, width, cell, element in zip(columns, widths, broken, elements, strict=True):
            if place < len(cell) and cell[place]:
                wide = lines.width(cell[place], size=SIZE, is_bold=is_head)
                x = left + width - GAP / 2 - wide if column.align == "end" else left + GAP / 2
                ink = MUTED if is_head else INK
                texts.append(Text(x, above + 9.5, cell[place], SIZE, ink, is_bold=is_head, element=element))
            left += width
        stays = is_head or (not is_last and (count <= 12 or place == 0 or place == count - 2))
        yield Piece(height, texts, bars, stays_with_next=stays, head=head)
