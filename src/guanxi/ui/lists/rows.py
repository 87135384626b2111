"""The rows of a list: fetched by key, in groups where asked for, drawn fast."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from guanxi.core import access
from guanxi.ui import editing, keyset
from guanxi.ui.cells import Context, Row
from guanxi.ui.filters.base import empty_words
from guanxi.ui.html import escape
from guanxi.ui.keyset import SortKey
from guanxi.ui.lists.state import Scene
from guanxi.ui.tables import Column, annotated

LANE_SIZE = 20
MOST_KEPT = 200
_first_pages: dict[Hashable, keyset.FirstPage] = {}


@dataclass
class Batch:
    """Some rows, the group each belongs to, and where the next ones begin ('' at the end)."""

    rows: list[Row] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    following: str = ""
    previous_group: str | None = None


def context_of(scene: Scene) -> Context:
    """What the cells of this page share."""
    page = scene.page
    context = Context(actor=scene.actor)
    if page.currency is not None:
        # Asked for by rows without a currency of their own.
        context.currency = SimpleLazyObject(page.currency)  # type: ignore[assignment]
    if page.record_url is not None:
        # Each row and its first cell ask for the same address.
        context.url = lru_cache(maxsize=256)(page.record_url)
    return context


def needed_fields(scene: Scene, columns: Iterable[Column]) -> list[str]:
    """The fields that the columns draw from."""
    names = ["id", *scene.page.table.extra_fields]
    for column in columns:
        names.extend(column.fields)
    return list(dict.fromkeys(names))


def lanes(scene: Scene) -> list[tuple[Any, str]]:
    """The groups of a grouping column that has choices; the rows without a value come last."""
    column = scene.columns.get(scene.state.group)
    if column is None:
        return []
    choices = [(value, str(words)) for value, words in column.choices_for(scene.actor)]
    return [*choices, (None, empty_words())] if choices else []


def lane_condition(scene: Scene, value: Any) -> Q:
    """The rows of one group; what is none of the choices counts as without a value, so that no row is lost."""
    column = scene.columns[scene.state.group]
    path = column.fields[0]
    if value is not None:
        return Q(**{path: value})
    known = [choice for choice, _words in column.choices_for(scene.actor)]
    return Q(**{f"{path}__isnull": True}) | ~Q(**{f"{path}__in": known})


def fetch_batch(scene: Scene, after: str = "", limit: int = 0) -> Batch:
    """The next rows of the list after a place."""
    limit = limit or scene.page.page_size
    if lanes(scene):
        return _fetch_by_lanes(scene, after, limit)
    keys = scene.sort_keys()
    column = scene.columns.get(scene.state.group)
    if column is not None:
        keys = [SortKey(column.fields[0], False, column.nullable), *(k for k in keys if k.path != column.fields[0])]
    place = keyset.decode(after, len(keys))
    drawn = _drawn(scene)
    if place is None and column is None and scene.is_plain:
        rows = _first_rows(scene, keys, drawn, limit + 1)
    else:
        rows = keyset.fetch(annotated(scene.narrowed(), drawn), keys, needed_fields(scene, drawn), place, limit + 1)
    batch = Batch(rows[:limit])
    if len(rows) > limit:
        batch.following = keyset.encode(keyset.place(rows[limit - 1], keys))
    if column is not None:
        batch.groups = [_group_words(row[column.fields[0]]) for row in batch.rows]
        batch.previous_group = _group_words(place[0]) if place else None
    return batch


def _first_rows(scene: Scene, keys: list[SortKey], drawn: list[Column], limit: int) -> list[Row]:
    """The first rows of a list that nothing narrows, asked with queries that are written once."""
    read = access.reading_key(scene.actor, scene.page.kind)
    key = (scene.key(), read, scene.state.sort, tuple(column.key for column in drawn), limit)
    page = _first_pages.get(key)
    if page is None:
        if len(_first_pages) >= MOST_KEPT:
            _first_pages.clear()
        queryset = annotated(scene.narrowed(), drawn)
        page = _first_pages[key] = keyset.FirstPage(queryset, keys, needed_fields(scene, drawn), limit)
    return page.rows()


def _drawn(scene: Scene) -> list[Column]:
    """The columns drawn, and the one grouped by."""
    columns = scene.shown()
    if scene.state.group and scene.columns[scene.state.group] not in columns:
        columns.append(scene.columns[scene.state.group])
    return columns


def _group_words(value: Any) -> str:
    """What a group is called."""
    return empty_words() if value in (None, "") else str(value)


def _fetch_by_lanes(scene: Scene, after: str, limit: int) -> Batch:
    """The next rows, group after group in the order of the choices."""
    keys = scene.sort_keys()
    every = lanes(scene)
    place = keyset.decode(after, len(keys) + 1)
    start = int(place[0]) if place and isinstance(place[0], int) and 0 <= place[0] < len(every) else 0
    batch = Batch(previous_group=every[start][1] if place else None)
    drawn = _drawn(scene)
    queryset, fields = annotated(scene.narrowed(), drawn), needed_fields(scene, drawn)
    for index in range(start, len(every)):
        value, words = every[index]
        inside = place[1:] if place and index == start else None
        wanted = limit + 1 - len(batch.rows)
        rows = keyset.fetch(queryset.filter(lane_condition(scene, value)), keys, fields, inside, wanted)
        batch.rows += rows
        batch.groups += [words] * len(rows)
        if len(batch.rows) > limit:
            del batch.rows[limit:], batch.groups[limit:]
            last = next(i for i, lane in enumerate(every) if lane[1] == batch.groups[-1])
            batch.following = keyset.encode([last, *keyset.place(batch.rows[-1], keys)])
            break
    return batch


def fetch_lane(scene: Scene, value: Any, after: str = "") -> Batch:
    """The next cards of one lane of a board."""
    keys = scene.sort_keys()
    drawn = _drawn(scene)
    queryset = annotated(scene.narrowed().filter(lane_condition(scene, value)), drawn)
    place = keyset.decode(after, len(keys))
    rows = keyset.fetch(queryset, keys, needed_fields(scene, drawn), place, LANE_SIZE + 1)
    batch = Batch(rows[:LANE_SIZE])
    if len(rows) > LANE_SIZE:
        batch.following = keyset.encode(keyset.place(rows[LANE_SIZE - 1], keys))
    return batch


def editable_here(scene: Scene, column: Column) -> bool:
    """Whether the actor may change this column in place."""
    return column.edit is not None and editing.is_open(scene.page.kind, column.edit, scene.actor)


def _cell_start(scene: Scene, column: Column, index: int) -> str:
    """The opening of a column's cells, the same in every row."""
    css = ["c-main"] if index == 0 else []
    if column.align == "end":
        css.append("num")
    if column.width:
        css.append(f"w-{column.width}")
    edit = (
        f' data-edit="{escape(column.edit)}" data-column="{escape(column.key)}"' if editable_here(scene, column) else ""
    )
    classes = f' class="{" ".join(css)}"' if css else ""
    return f'<td{classes} data-l="{escape(column.label)}"{edit}>'


def draw_rows(scene: Scene, batch: Batch) -> str:
    """The rows of a table as HTML."""
    context = context_of(scene)
    columns = scene.shown()
    parts = [(_cell_start(scene, column, i), column.cell) for i, column in enumerate(columns)]
    select = escape(gettext("Select"))
    url = context.url
    pieces: list[str] = []
    previous = batch.previous_group
    for index, row in enumerate(batch.rows):
        if batch.groups and batch.groups[index] != previous:
            previous = batch.groups[index]
            pieces.append(
                f'<tr class="group-row"><th colspan="{len(columns) + 1}" scope="rowgroup">{escape(previous)}</th></tr>'
            )
        number = row["id"]
        pieces.append(
            f'<tr data-id="{number}" data-href="{url(number)}"><td class="c-select">'
            f'<input type="checkbox" class="form-check-input" value="{number}" aria-label="{select}"></td>'
        )
        pieces.extend([start + cell(row, context) + "</td>" for start, cell in parts])
        pieces.append("</tr>")
    if batch.following:
        more = f"{endpoint(scene, 'rows')}{scene.state.query()}&after={batch.following}"
        pieces.append(
            f'<tr class="more-row" hx-get="{escape(more)}" hx-trigger="intersect once" hx-target="this" hx-swap="outerHTML">'
            f'<td colspan="{len(columns) + 1}"><span class="skeleton"></span></td></tr>'
        )
    return "".join(pieces)


def draw_cards(scene: Scene, batch: Batch, lane: str) -> str:
    """The cards of one lane of a board as HTML."""
    context = context_of(scene)
    columns = [c for c in scene.shown() if c.key != scene.state.group][:6]
    pieces: list[str] = []
    for row in batch.rows:
        number = row["id"]
        title = columns[0].cell(row, context) if columns else ""
        facts = "".join(
            f"<div><dt>{escape(column.label)}</dt><dd>{column.cell(row, context)}</dd></div>" for column in columns[1:]
        )
        pieces.append(
            f'<li class="board-card" data-id="{number}" data-href="{context.url(number)}" tabindex="0">'
            f'<div class="board-card-title">{title}</div><dl>{facts}</dl></li>'
        )
    if batch.following:
        more = f"{endpoint(scene, 'lane')}{scene.state.query()}&lane={lane}&after={batch.following}"
        pieces.append(
            f'<li class="more-row" hx-get="{escape(more)}" hx-trigger="intersect once" hx-target="this" hx-swap="outerHTML">'
            '<span class="skeleton"></span></li>'
        )
    return "".join(pieces)


def endpoint(scene: Scene, name: str) -> str:
    """The address of one of the list's endpoints."""
    return f"/ui/list/{scene.page.key}/{name}"
