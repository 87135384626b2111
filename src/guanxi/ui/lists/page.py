"""A list as a page: toolbar, chips, table or board."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from guanxi.core.access import require
from guanxi.ui.drawn_once import drawn_once
from guanxi.ui.html import attributes, escape, icon, safe
from guanxi.ui.lists import meanwhile
from guanxi.ui.lists.board import board_lanes
from guanxi.ui.lists.rows import Batch, draw_rows, endpoint, fetch_batch
from guanxi.ui.lists.spec import BulkAction, ListPage
from guanxi.ui.lists.state import Scene, State, read_state
from guanxi.ui.models import SavedView
from guanxi.ui.tables import Column

TABS = 5


def render_list(request: HttpRequest, page: ListPage) -> HttpResponse:
    """The page of a list, or the list alone when htmx swaps it."""
    actor = request.actor  # type: ignore[attr-defined]
    require(actor, page.kind, "view")
    scene = read_state(page, actor, request.GET)
    alone = request.headers.get("HX-Target") == "list"
    section = _section(request, scene)
    response = HttpResponse(section) if alone else render(request, "ui/list.html", _head(scene) | {"section": section})
    if alone:
        response["HX-Push-Url"] = request.path + (
            scene.state.query() if scene.is_changed or not scene.state.view else _view_query(scene)
        )
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    response["Cache-Control"] = "no-store"
    return response


def _view_query(scene: Scene) -> str:
    """The address of the view itself."""
    return f"?view={scene.state.view}"


def _head(scene: Scene) -> dict[str, Any]:
    """What stands above a list."""
    page = scene.page
    return {
        "page": page,
        "scene": scene,
        "can_create": bool(page.create_url_name)
        and not scene.actor.is_read_only
        and scene.actor.scope(page.kind, "create") is not None,
        "back_url": reverse(page.back_url_name) if page.back_url_name else "",
        "create_url": reverse(page.create_url_name) if page.create_url_name else "",
    }


def _section(request: HttpRequest, scene: Scene) -> SafeString:
    """The list itself; around the rows of a table that nothing narrows it is the same each time."""
    state, seen = scene.state, meanwhile.stamp()
    batch = None if state.layout == "board" else fetch_batch(scene)
    if batch is None or not batch.rows or not scene.is_plain:
        return render_to_string("ui/list_section.html", page_context(scene, batch) | {"seen": seen}, request)
    saved = tuple((view.pk, view.name, view.state, view.is_shared, view.owner_id) for view in scene.saved)
    return drawn_once(
        (scene.key(), state.canonical(), state.view, scene.base.canonical(), saved),
        "ui/list_section.html",
        lambda: page_context(scene, batch),
        rows=safe(draw_rows(scene, batch)),
        seen=seen,
    )


def page_context(scene: Scene, batch: Batch | None) -> dict[str, Any]:
    """What the template of a list needs."""
    page, state = scene.page, scene.state
    is_board = state.layout == "board"
    tabs, more = _tabs(scene)
    return {
        **_head(scene),
        "state": state,
        # Templates call what can be called, so functions of the declaration are passed as facts.
        "has_peek": page.peek is not None,
        "has_search": page.search is not None,
        "rows": safe(draw_rows(scene, batch)) if batch is not None and not scene.is_plain else "",
        "lanes": board_lanes(scene) if is_board else [],
        "is_empty": batch is not None and not batch.rows,
        "is_filtered": bool(state.filters or state.text),
        "query": state.query(),
        "base": f"/ui/list/{page.key}",
        "heads": "" if is_board else _heads(scene),
        "chips": _chips(scene),
        "has_open_filters": len(scene.filters) > len(state.filters),
        "views": tabs,
        "more_views": more,
        "groups": _groups(scene),
        "layouts": _layouts(scene),
        "bulk_actions": [_bulk_button(action) for action in page.actions_for(scene.actor)],
        "has_whole_file": page.whole_file is not None,
        "can_export": page.can_export and scene.actor.scope(page.kind, "export") is not None,
        "can_share": scene.actor.scope("view", "share") is not None,
        "is_own_view": isinstance(scene.current, SavedView) and scene.current.owner_id == scene.actor.user_id,
        "empty_url": _empty_url(scene),
        "cleared": state.query(filters={}, text=""),
        "ungrouped": state.query(group=""),
        "footer_url": f"{endpoint(scene, 'footer')}{state.query()}",
        "hidden": hidden_inputs(state),
    }


def _empty_url(scene: Scene) -> str:
    """Where the button of an empty list leads; nowhere for whom it would refuse."""
    page = scene.page
    if page.empty is None or not page.empty.url_name or scene.actor.is_read_only:
        return ""
    is_creating = page.empty.url_name == page.create_url_name
    return "" if is_creating and scene.actor.scope(page.kind, "create") is None else reverse(page.empty.url_name)


def _bulk_button(action: BulkAction) -> dict[str, Any]:
    """What the bulk bar shows of an action; a form asks first, as do dangerous acts."""
    asks = action.form is not None or bool(action.confirm) or action.is_dangerous
    return {
        "key": action.key,
        "label": action.label,
        "icon": action.icon,
        "asks": asks,
        "is_dangerous": action.is_dangerous,
    }


def hidden_inputs(state: State) -> list[tuple[str, str]]:
    """The state as hidden inputs of forms that change a part of it."""
    pairs = [*state.filters.items(), ("q", state.text), ("sort", state.sort), ("group", state.group)]
    pairs += [("cols", ",".join(state.columns)), ("layout", "" if state.layout == "table" else state.layout)]
    pairs += [("view", state.view), ("edited", "1" if state.view else "")]
    return [pair for pair in pairs if pair[1]]


def _next_sort(column: Column, state: State) -> str:
    """What a click on a column's head sorts by: first its useful direction, then the other, then nothing."""
    first, second = (f"-{column.key}", column.key) if column.align == "end" else (column.key, f"-{column.key}")
    return {first: second, second: ""}.get(state.sort, first)


def _heads(scene: Scene) -> str:
    """The heads of the columns as HTML; those that sort are links."""
    key, down = scene.state.sorting()
    pieces: list[str] = []
    for index, column in enumerate(scene.shown()):
        css = f"{'c-main' if index == 0 else ''}{' num' if column.align == 'end' else ''}".strip()
        direction = ("descending" if down else "ascending") if column.key == key else ""
        label = escape(column.label)
        if column.sort is not None:
            arrow = icon("arrow-down" if down else "arrow-up") if direction else ""
            label = f'<a href="{escape(scene.state.query(sort=_next_sort(column, scene.state)))}">{label}{arrow}</a>'
        start = attributes(
            {
                "class": css or None,
                "data-key": column.key,
                "aria-sort": direction or None,
                "title": column.definition or None,
            }
        )
        pieces.append(f'<th scope="col"{start}>{label}</th>')
    return safe("".join(pieces))


def _chips(scene: Scene) -> list[dict[str, Any]]:
    """The filters in force."""
    return [
        {
            "filter": scene.filters[key],
            "text": scene.filters[key].describe(text, scene.actor),
            "remove": scene.state.with_filter(key, ""),
        }
        for key, text in scene.state.filters.items()
    ]


def _views(scene: Scene) -> list[dict[str, Any]]:
    """The tabs of views: everything, the ones that come with the list, the saved ones."""
    current = scene.state.view
    tabs = [{"label": gettext("All"), "url": "?", "is_on": not current, "saved": None, "key": ""}]
    for view in scene.page.views:
        tabs.append(
            {
                "label": view.label,
                "url": f"?view={view.key}",
                "is_on": view.key == current,
                "saved": None,
                "key": view.key,
            }
        )
    for saved in scene.saved:
        key = str(saved.pk)
        tabs.append({"label": saved.name, "url": f"?view={key}", "is_on": key == current, "saved": saved, "key": key})
    return tabs


def _tabs(scene: Scene) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The views that fit as tabs, the current one always among them, and the rest."""
    views = _views(scene)
    tabs = views[:TABS]
    if not any(tab["is_on"] for tab in tabs):
        tabs = [*tabs[:-1], *(tab for tab in views if tab["is_on"])]
    return tabs, [view for view in views if view not in tabs]


def _groups(scene: Scene) -> list[dict[str, Any]]:
    """What the rows can be grouped by."""
    found = [
        c for c in scene.columns.values() if c.group or (scene.state.layout == "board" and c.key in scene.page.board_by)
    ]
    return [
        {"label": c.label, "url": scene.state.query(group=c.key), "is_on": scene.state.group == c.key} for c in found
    ]


def _layouts(scene: Scene) -> list[dict[str, Any]]:
    """Table or board, where the list has both."""
    if not scene.page.board_by:
        return []
    group = scene.state.group if scene.state.group in scene.page.board_by else scene.page.board_by[0]
    plain_group = (
        scene.state.group if scene.state.group in scene.columns and scene.columns[scene.state.group].group else ""
    )
    return [
        {
            "key": "table",
            "icon": "table-2",
            "label": gettext("Table"),
            "url": scene.state.query(layout="table", group=plain_group),
        },
        {
            "key": "board",
            "icon": "square-kanban",
            "label": gettext("Board"),
            "url": scene.state.query(layout="board", group=group),
        },
    ]
