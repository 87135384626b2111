"""The addresses that every list answers at: more rows, footer, filters, peek, cells, views."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from guanxi.core.access import require
from guanxi.core.errors import NotFound
from guanxi.ui.html import escape, safe
from guanxi.ui.lists import counts
from guanxi.ui.lists.board import NO_VALUE, lane_value
from guanxi.ui.lists.page import hidden_inputs
from guanxi.ui.lists.rows import (
    context_of,
    draw_cards,
    draw_rows,
    fetch_batch,
    fetch_lane,
    lane_condition,
    needed_fields,
)
from guanxi.ui.lists.spec import pages
from guanxi.ui.lists.state import Scene, read_state
from guanxi.ui.tables import annotated

View = Callable[..., HttpResponse]


def scene_of(request: HttpRequest, key: str) -> Scene:
    """The list of an address, as the actor of the request sees it."""
    page = pages.get(key)
    if page is None:
        raise NotFound(gettext("There is no such list."))
    require(request.actor, *(page.permission or (page.kind, "view")))  # type: ignore[attr-defined]
    return read_state(page, request.actor, request.GET)  # type: ignore[attr-defined]


def private(view: View) -> View:
    """Answers with customers' data are never kept by a cache."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.setdefault("Cache-Control", "no-store")
        return response

    return wrapped


@require_GET
@private
def rows(request: HttpRequest, key: str) -> HttpResponse:
    """The next rows of the table."""
    scene = scene_of(request, key)
    return HttpResponse(draw_rows(scene, fetch_batch(scene, request.GET.get("after", ""))))


@require_GET
@private
def lane(request: HttpRequest, key: str) -> HttpResponse:
    """The next cards of one lane."""
    scene = scene_of(request, key)
    name = request.GET.get("lane", NO_VALUE)
    if scene.state.group not in scene.columns:
        raise NotFound(gettext("There is no such column."))
    batch = fetch_lane(scene, lane_value(scene, name), request.GET.get("after", ""))
    return HttpResponse(draw_cards(scene, batch, name))


@require_GET
@private
def count(request: HttpRequest, key: str) -> HttpResponse:
    """How many cards a lane has."""
    scene = scene_of(request, key)
    if scene.state.group not in scene.columns:
        raise NotFound(gettext("There is no such column."))
    found = scene.narrowed().filter(lane_condition(scene, lane_value(scene, request.GET.get("lane", NO_VALUE))))
    return HttpResponse(counts.words(counts.capped(found)))


@require_GET
@private
def lane_sum(request: HttpRequest, key: str) -> HttpResponse:
    """What the cards of a lane add up to; nothing for a lane too long to add up while somebody waits."""
    scene = scene_of(request, key)
    if scene.state.group not in scene.columns:
        raise NotFound(gettext("There is no such column."))
    found = scene.narrowed().filter(lane_condition(scene, lane_value(scene, request.GET.get("lane", NO_VALUE))))
    figures = {} if counts.capped(found) is None else counts.sums(scene, found)
    return HttpResponse(" · ".join(escape(figure) for figure in figures.values()))


@require_GET
@private
def footer(request: HttpRequest, key: str) -> HttpResponse:
    """How many rows there are, and the sums under the columns."""
    scene = scene_of(request, key)
    wants_exact = "exact" in request.GET
    queryset = scene.narrowed()
    number = counts.exact(queryset) if wants_exact else counts.capped(queryset)
    is_capped = number is None
    figures = [] if is_capped else counts.sums(scene, queryset)
    context = {
        "scene": scene,
        "count": counts.words(number),
        "number": number,
        "is_capped": is_capped,
        "sums": figures,
        "exact_url": f"{request.path}{scene.state.query()}&exact=1",
    }
    return render(request, "ui/list_footer.html", context)


@require_GET
@private
def filter_form(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """The form of one filter."""
    scene = scene_of(request, key)
    item = scene.filters.get(name)
    if item is None:
        raise NotFound(gettext("There is no such filter."))
    text = scene.state.filters.get(name, "")
    hidden = [pair for pair in hidden_inputs(scene.state) if pair[0] != name]
    context = {"filter": item, "inputs": safe(item.inputs(text, scene.actor)), "hidden": hidden, "scene": scene}
    remove = scene.state.with_filter(name, "") if text else ""
    return render(request, "ui/list_filter.html", {**context, "remove": remove})


@require_GET
@private
def peek(request: HttpRequest, key: str, record_id: int) -> HttpResponse:
    """One record in the side panel."""
    scene = scene_of(request, key)
    if scene.page.peek is None:
        raise NotFound(gettext("There is no such record, or it is not open to you."))
    body = scene.page.peek(request, record_id)
    url = scene.page.record_url(record_id) if scene.page.record_url else ""
    return render(request, "ui/peek.html", {"body": body, "url": url})


@require_GET
@private
def cell(request: HttpRequest, key: str, record_id: int, column: str) -> HttpResponse:
    """One cell, drawn anew."""
    scene = scene_of(request, key)
    return HttpResponse(draw_cell(scene, record_id, column))


def draw_cell(scene: Scene, record_id: int, key: str) -> str:
    """One cell of one row."""
    column = scene.columns.get(key)
    if column is None:
        raise NotFound(gettext("There is no such column."))
    found = annotated(scene.page.queryset(scene.actor).filter(pk=record_id), [column])
    row = found.values(*needed_fields(scene, [column])).first()
    if row is None:
        raise NotFound(gettext("There is no such record, or it is not open to you."))
    return column.cell(row, context_of(scene))
