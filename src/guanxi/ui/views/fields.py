"""Changing a field where it stands, and taking an operation back."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.core import changes
from guanxi.ui import editing, toasts
from guanxi.ui.cells import Context
from guanxi.ui.html import safe
from guanxi.ui.lists.endpoints import draw_cell, private, scene_of
from guanxi.ui.together import held, in_turn, inline


def _drawn(request: HttpRequest, found: editing.EditableRecord, field: editing.Field, record_id: int) -> str:
    """The field as it stands now: as a cell of a list when the request names one, else as a fact."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.GET.get("list"):
        return draw_cell(scene_of(request, request.GET["list"]), record_id, request.GET.get("column", ""))
    return field.draw(found.load(actor, record_id), Context(actor=actor))


@require_http_methods(["GET", "POST"])
@private
@in_turn
def edit(request: HttpRequest, kind: str, record_id: int, field: str) -> HttpResponse:
    """GET: the input. POST: save, and answer with the value as shown. `?show=1` answers with the value alone."""
    actor = request.actor  # type: ignore[attr-defined]
    found, item = editing.find(kind, field, actor)
    if request.method == "GET" and "show" in request.GET:
        return HttpResponse(_drawn(request, found, item, record_id))
    if item.first is not None and (in_the_way := item.first(request)) is not None:
        return in_the_way
    if request.method == "GET":
        value = item.value(found.load(actor, record_id))
        context = {
            "field": item,
            "input": safe(editing.draw_input(item, value, actor)),
            "opened": inline.mark(item, value),
            "url": request.get_full_path(),
        }
        return render(request, "ui/field_form.html", context)
    record = held(request, found.load(actor, record_id))
    what = inline.answer(request, item, record)
    if what == "ask":
        return inline.ask(request, item, record, request.get_full_path())
    if what == "theirs":
        return HttpResponse(_drawn(request, found, item, record_id))
    value = editing.value_from(item, request.POST.getlist("value"))
    result = found.change(actor=actor, record_id=record_id, field=field, value=value)
    response = HttpResponse(_drawn(request, found, item, record_id))
    text = gettext("%(field)s saved") % {"field": item.label}
    saved = {"gx:saved": {"kind": kind, "id": record_id, "field": field}}
    return toasts.add(response, text, toasts.operation_id(result), events=saved)


@require_POST
def undo(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Take an operation back."""
    done = changes.undo_operation(actor=request.actor, operation_id=operation_id)  # type: ignore[attr-defined]
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"gx:changed": {"undone": operation_id}})
    return toasts.add(response, toasts.undone(done.kept_by))
