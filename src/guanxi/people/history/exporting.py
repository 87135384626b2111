"""The history as rows of a file: one for each change, in words, as far as the reader may see."""

import html
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core.actor import Actor
from guanxi.people.history import presenting, reading
from guanxi.people.history.filters import Asked

MOST_ROWS = 200_000
CHANGES_OF_ONE = 1000
_TAG = re.compile(r"<[^>]*>")


def headings() -> list[str]:
    """The columns."""
    return [
        _("Time"), _("Who"), _("As deputy of"), _("By what means"), _("From where"), _("What was done"), _("Reason"),
        _("Kind"), _("Record"), _("Field"), _("Before"), _("After"), _("Taken back"), _("Operation"),
    ]  # fmt: skip


def rows(actor: Actor, asked: Asked) -> Iterator[list[Any]]:
    """The lines of everything that fits, newest first, at most as many as a file is good for."""
    below, count = reading.END, 0
    while True:
        page = reading.read(actor, asked, below=below, limit=200, most=CHANGES_OF_ONE)
        for told in presenting.tell(actor, page.acts):
            for row in _rows_of(told):
                yield row
                count += 1
                if count >= MOST_ROWS:
                    return
        if page.after is None:
            return
        below = page.after


def _rows_of(told: presenting.Told) -> Iterator[list[Any]]:
    """The lines of one operation; one line for an operation that has none."""
    row = told.row
    head = [row.at, told.who, told.deputy_of, told.means, row.address, told.label, row.reason]
    tail = [row.undone_at, row.pk]
    lines = [(group, line) for group in told.groups for line in group.lines]
    for group, line in lines:
        yield [*head, group.kind, group.title, *map(_text, (line.label, line.before, line.after)), *tail]
    if not lines:
        first = told.groups[0] if told.groups else None
        yield [*head, first.kind if first else "", first.title if first else "", "", "", "", *tail]


def _text(markup: str) -> str:
    """Safe HTML as plain text."""
    return html.unescape(_TAG.sub("", markup))
