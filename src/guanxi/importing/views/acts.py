"""What is done to an import from its pages."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from guanxi.core.errors import GuanxiError, InvalidInput
from guanxi.importing import jobs
from guanxi.importing.choices import ImportState
from guanxi.importing.engine.undoing import conflicts_of
from guanxi.importing.services import uploads
from guanxi.importing.views.asking import actor_in, import_in
from guanxi.importing.views.imports import ROWS_ON_PAGE
from guanxi.ui import toasts


def _back(key: str, page: str = "show", query: str = "") -> HttpResponse:
    """To a page of the import."""
    return HttpResponseRedirect(reverse(f"importing:{page}", args=[key]) + query)


@login_required
@require_POST
def choose_mapping(request: HttpRequest, key: str) -> HttpResponse:
    """Take the columns of a mapping, or guess anew."""
    run = import_in(request, key, "import")
    try:
        uploads.choose_mapping(actor=actor_in(request), import_id=run.pk, name=request.POST.get("mapping", ""))
    except GuanxiError as error:
        toasts.message(request, str(error), tone="danger")
    return _back(key, "columns")


@login_required
@require_POST
def save_mapping(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the columns for the next file."""
    run = import_in(request, key, "import")
    try:
        name = uploads.save_mapping(
            actor=actor_in(request),
            import_id=run.pk,
            name=request.POST.get("name", ""),
            is_shared=request.POST.get("is_shared") == "on",
        )
    except GuanxiError as error:
        toasts.message(request, str(error), tone="danger")
    else:
        toasts.message(request, _("The mapping “%(name)s” is saved.") % {"name": name})
    return _back(key)


@login_required
@require_POST
def correct(request: HttpRequest, key: str) -> HttpResponse:
    """Take over corrected cells and check again."""
    run = import_in(request, key, "import")
    actor = actor_in(request)
    cells = {}
    for name, value in request.POST.items():
        parts = name.split(":")
        if len(parts) == 3 and parts[0] == "cell" and parts[1].isdigit() and parts[2].isdigit():
            cells[int(parts[1]), int(parts[2])] = str(value).replace("\r\n", "\n")
    page = request.POST.get("page", "0")
    start = int(page) * ROWS_ON_PAGE if page.isdigit() and len(page) < 8 else 0
    count = uploads.correct_cells(actor=actor, import_id=run.pk, cells=cells, start=start, limit=ROWS_ON_PAGE)
    if not count:
        toasts.message(request, _("No cell was changed."), tone="warning")
        return _back(key, query=f"?page={page}#refused")
    uploads.ask_for_check(actor=actor, import_id=run.pk, enqueue=jobs.check_import.enqueue)
    text = ngettext("%(count)d cell is corrected.", "%(count)d cells are corrected.", count)
    toasts.message(request, text % {"count": count})
    return _back(key)


@login_required
@require_POST
def commit(request: HttpRequest, key: str) -> HttpResponse:
    """Write the rows."""
    run = import_in(request, key, "import")
    takes = request.POST.get("erased") == "take"
    try:
        uploads.ask_for_commit(
            actor=actor_in(request),
            import_id=run.pk,
            enqueue=jobs.commit_import.enqueue,
            take_erased=request.POST.get("erased_reason", "") if takes else None,
        )
    except InvalidInput as error:
        toasts.message(request, str(error), tone="danger")
    return _back(key)


@login_required
@require_POST
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take the import back; what was changed since is shown first."""
    run = import_in(request, key, "undo")
    rest = request.POST.get("rest") == "on"
    if run.state == ImportState.IN_FORCE and not rest:
        conflicts = conflicts_of(run)
        if conflicts:
            context = {"run": run, "conflicts": conflicts[:200], "count": len(conflicts)}
            return render(request, "importing/conflicts.html", context, status=409)
    uploads.ask_for_undo(actor=actor_in(request), import_id=run.pk, rest=rest, enqueue=jobs.undo_import.enqueue)
    return _back(key)


@login_required
@require_POST
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Forget the upload."""
    run = import_in(request, key, "import")
    uploads.discard(actor=actor_in(request), import_id=run.pk)
    toasts.message(request, _("The upload is forgotten; nothing was imported."))
    return HttpResponseRedirect(reverse("importing:list"))
