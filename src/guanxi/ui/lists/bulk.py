"""Acts on all selected rows: picked one by one, or every row that the list's state matches."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from guanxi.core.access import require
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.ui import toasts
from guanxi.ui.cells import format_number
from guanxi.ui.lists.endpoints import private, scene_of
from guanxi.ui.lists.spec import BulkAction
from guanxi.ui.lists.state import Scene

PICKED_LIMIT = 5_000


def selected(scene: Scene, data: Any) -> QuerySet[Any]:
    """The rows that a form speaks of: those ticked, or all of the state."""
    if data.get("all") == "1":
        return scene.narrowed()
    texts = [text for part in data.getlist("ids") for text in part.split(",") if text]
    if not texts or len(texts) > PICKED_LIMIT or not all(text.isdigit() for text in texts):
        raise InvalidInput(gettext("Select at least one row."))
    return scene.page.queryset(scene.actor).filter(pk__in=[int(text) for text in texts])


def _action(scene: Scene, key: str) -> BulkAction:
    """One of the actions open to the actor."""
    for action in scene.page.actions_for(scene.actor):
        if action.key == key:
            return action
    raise NotFound(gettext("There is no such action, or it is not open to you."))


@require_http_methods(["GET", "POST"])
@private
def bulk(request: HttpRequest, key: str, action: str) -> HttpResponse:
    """Ask for what an action needs, or run it."""
    scene = scene_of(request, key)
    chosen = _action(scene, action)
    if chosen.permission is not None:
        require(scene.actor, *chosen.permission)
    is_post = request.method == "POST"
    form = chosen.form(request.POST if is_post else None) if chosen.form is not None else None
    if is_post and (form is None or form.is_valid()):
        return _run(scene, chosen, selected(scene, request.POST), form)
    data = request.POST if is_post else request.GET
    # The page keeps the ticked ids to itself until the form is sent: they can be too many for an address.
    told = data.get("count", "")
    count = int(told) if told.isdigit() and data.get("all") != "1" else scene.narrowed().order_by().count()
    context = {
        "action": chosen,
        "form": form,
        "count": count,
        "count_words": format_number(count),
        "url": f"{request.path}{scene.state.query()}",
        "ids": data.get("ids", ""),
        "all": data.get("all", ""),
    }
    return render(request, "ui/bulk_form.html", context)


def _run(scene: Scene, action: BulkAction, queryset: QuerySet[Any], form: forms.Form | None) -> HttpResponse:
    """Run the action and say what it did."""
    count = queryset.order_by().count()
    if count > action.limit:
        words = {"count": format_number(count), "limit": format_number(action.limit)}
        raise InvalidInput(gettext("%(count)s rows are too many at once; narrow the list to %(limit)s.") % words)
    values = form.cleaned_data if form is not None else {}
    outcome = action.run(actor=scene.actor, queryset=queryset, count=count, data=values)
    response = HttpResponse(status=204)
    if outcome.url:
        response["HX-Redirect"] = outcome.url
    events = {"gx:close-dialog": True, "gx:changed": {"kind": scene.page.kind}}
    return toasts.add(response, outcome.message, outcome.operation_id, events=events)
