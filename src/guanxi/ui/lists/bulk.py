"""Acts on all selected rows: picked one by one, or every row that the list's state matches."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core.access import require
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.ui import toasts
from guanxi.ui.cells import format_number
from guanxi.ui.forms import add_error
from guanxi.ui.lists import bulk_runs
from guanxi.ui.lists.endpoints import private, scene_of
from guanxi.ui.lists.meanwhile import Meanwhile, hold
from guanxi.ui.lists.spec import BulkAction, Outcome, pages
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
    question: dict[str, Any] = {}
    if is_post and (form is None or form.is_valid()):
        try:
            answer = _run(scene, chosen, selected(scene, request.POST), form, request.POST)
        except InvalidInput as error:
            if form is None:
                raise
            add_error(form, error)
        else:
            if isinstance(answer, HttpResponse):
                return answer
            question = answer
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
        "seen": data.get("seen", ""),
        **question,
    }
    status = 422 if form is not None and form.errors and is_post else 200
    response = render(request, "ui/bulk_form.html", context, status=status)
    if question:
        # An act without a form has no dialog yet.
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog-body", "innerHTML"
        response["HX-Trigger-After-Swap"] = "gx:open-dialog"
    return response


def _run(
    scene: Scene, action: BulkAction, queryset: QuerySet[Any], form: forms.Form | None, data: QueryDict
) -> HttpResponse | dict[str, Any]:
    """Run the action and say what it did; a job does what is too much for one request. A question, if there is one."""
    values = form.cleaned_data if form is not None else {}
    meanwhile = Meanwhile(actor=scene.actor, kind=scene.page.kind, action=action, values=values, data=data)
    count = queryset.order_by().count()
    if count > action.limit:
        if meanwhile.asks(queryset):
            return meanwhile.question(queryset)
        given = dict(data.lists())
        run = bulk_runs.start_run(actor=scene.actor, scene=scene, action=action, given=given, count=count)
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("ui:bulk_run", args=[run.pk])})
    if not meanwhile.is_told:
        return _answer(scene, action.run(actor=scene.actor, queryset=queryset, count=count, data=values))
    with transaction.atomic():
        hold(queryset)
        if meanwhile.asks(queryset):
            return meanwhile.question(queryset)
        left = meanwhile.left(queryset).order_by().count()
        rows = queryset.exclude(pk__in=meanwhile.left(queryset).order_by().values("pk")) if left else queryset
        outcome = action.run(actor=scene.actor, queryset=rows, count=count - left, data=values)
    return _answer(scene, outcome, left)


def _answer(scene: Scene, outcome: Outcome, left: int = 0) -> HttpResponse:
    """Close the dialog and say what was done, and what was left."""
    response = HttpResponse(status=204)
    if outcome.url:
        response["HX-Redirect"] = outcome.url
    events = {"gx:close-dialog": True, "gx:changed": {"kind": scene.page.kind}}
    said = str(outcome.message)
    if left:
        told = {"said": said, "count": left}
        said = ngettext("%(said)s %(count)d left as it is.", "%(said)s %(count)d left as they are.", left) % told
    return toasts.add(response, said, outcome.operation_id, events=events)


_TONES = {"done": "success", "failed": "danger", "undone": "neutral"}


def _told(request: HttpRequest, number: int) -> dict[str, Any]:
    """What the page of a run shows."""
    run = bulk_runs.run_of(request.actor, number)  # type: ignore[attr-defined]
    page = pages[run.list_key]
    label = next((action.label for action in page.bulk_actions if action.key == run.action), run.action)
    return {
        "run": run,
        "label": label,
        "tone": _TONES.get(run.state, "info"),
        "list_title": page.title,
        "list_url": reverse(page.url_name),
        "is_busy": run.state in bulk_runs.BUSY,
        "may_undo": bool(run.operations) and run.state not in bulk_runs.BUSY,
    }


@require_GET
@private
def run_page(request: HttpRequest, number: int) -> HttpResponse:
    """An act on very many rows: how far it is, what it did, the way back."""
    return render(request, "ui/bulk_run.html", _told(request, number))


@require_GET
@private
def run_progress(request: HttpRequest, number: int) -> HttpResponse:
    """The bar; when the work is over, the page fetches itself again."""
    context = _told(request, number)
    response = render(request, "ui/bulk_progress.html", context)
    if not context["is_busy"]:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def run_undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take back what a run did."""
    bulk_runs.ask_undo(actor=request.actor, number=number)  # type: ignore[attr-defined]
    return redirect("ui:bulk_run", number)
