"""The history of everything, of one record, and of one act."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from guanxi.core import changes
from guanxi.core.access import require
from guanxi.core.actor import Actor
from guanxi.core.api import cursors
from guanxi.core.errors import GuanxiError, NotFound
from guanxi.people import queries
from guanxi.people.history import exporting, filters, presenting, reading
from guanxi.ui import history, toasts
from guanxi.ui.history import seeing
from guanxi.ui.lists.export import file_of
from guanxi.ui.services import note_export

CHANGES_ON_A_PAGE = 100
ON_A_RECORD = 15


def _actor(request: HttpRequest) -> Actor:
    """Who reads."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _page(actor: Actor, asked: filters.Asked, place: str, limit: int = reading.PAGE) -> dict[str, Any]:
    """One page of what is asked, in words."""
    known = cursors.decode(asked.about, place)
    page = reading.read(actor, asked, below=int(known[0]) if known else reading.END, limit=limit)
    return {
        "acts": presenting.tell(actor, page.acts, asked),
        "after": cursors.encode(asked.about, [page.after]) if page.after is not None else "",
        "is_cut": page.is_cut,
        "query": urlencode(asked.as_query()),
    }


@login_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Every act the reader may see, filtered, newest first; `?after=` gives the next ones alone."""
    actor = _actor(request)
    require(actor, seeing.KIND, "view")
    error, asked = "", filters.Asked()
    try:
        asked = filters.parse(request.GET)
    except GuanxiError as wrong:
        error = str(wrong)
    context = _page(actor, asked, request.GET.get("after", "")) | {"base": request.path}
    if request.headers.get("HX-Request") and "after" in request.GET:
        return _private(render(request, "people/history_acts.html", context))
    kinds = sorted(((words.kind, words.name) for words in history.words.known()), key=lambda pair: pair[1])
    operations = sorted(history.words.operation_names().items(), key=lambda pair: pair[1])
    context |= {
        "asked": asked,
        "error": error,
        "kinds": kinds,
        "operations": operations,
        "means": presenting.MEANS.items(),
        "people": queries.everybody(),
        "may_export": actor.can(seeing.KIND, "export"),
    }
    return _private(render(request, "people/history.html", context, status=422 if error else 200))


@login_required
@require_GET
def of_record(request: HttpRequest, kind: str, record_id: int) -> HttpResponse:
    """What was done to one record: a part of its page."""
    actor = _actor(request)
    if not (seeing.sees_all(actor) or record_id in seeing.may_see(actor, kind, {record_id})):
        raise NotFound(gettext("There is no such record, or it is not open to you."))
    asked = filters.parse({"kind": kind, "record": str(record_id)})
    context = _page(actor, asked, request.GET.get("after", ""), ON_A_RECORD)
    return _private(render(request, "people/history_acts.html", context | {"is_part": True, "base": request.path}))


@login_required
@require_GET
def of_person(request: HttpRequest, user_id: int) -> HttpResponse:
    """What somebody did, as far as the reader may see it: a part of the page of a user."""
    actor = _actor(request)
    asked = filters.Asked(person=queries.user(actor, user_id).pk)
    context = _page(actor, asked, request.GET.get("after", ""), ON_A_RECORD)
    return _private(render(request, "people/history_acts.html", context | {"is_part": True, "base": request.path}))


@login_required
@require_GET
def act(request: HttpRequest, operation_id: int) -> HttpResponse:
    """One act with all its changes."""
    actor = _actor(request)
    require(actor, seeing.KIND, "view")
    row = reading.find(actor, operation_id)
    if row is None:
        raise NotFound(gettext("There is no such record, or it is not open to you."))
    above = request.GET.get("above", "0")
    found, following = reading.changes_of(
        actor, row, above=int(above) if above.isascii() and above.isdecimal() and len(above) < 19 else 0,
        limit=CHANGES_ON_A_PAGE,
    )  # fmt: skip
    (told,) = presenting.tell(actor, [reading.Act(row, found)])
    context = {"act": told, "following": following, "undone_by": queries.undone_by(row)}
    return _private(render(request, "people/history_act.html", context))


@login_required
@require_POST
def undo(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Take an act back, and show it."""
    done = changes.undo_operation(actor=_actor(request), operation_id=operation_id)
    toasts.message(request, toasts.undone(done.kept_by))
    return redirect(reverse("people:history_act", args=[operation_id]))


@login_required
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """What is filtered, as a file."""
    actor = _actor(request)
    require(actor, seeing.KIND, "export")
    asked = filters.parse(request.GET)
    rows = exporting.rows(actor, asked)
    note_export(actor=actor, what="history", is_masked=False)
    is_sheet = request.GET.get("format") == "xlsx"
    return file_of("history", gettext("History"), exporting.headings(), rows, is_sheet=is_sheet)


def _private(response: HttpResponse) -> HttpResponse:
    """Not to be kept by browsers."""
    response["Cache-Control"] = "no-store"
    return response
