"""The pages of an import: upload, columns, what the check found, progress, result."""

import csv
import io
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guanxi.core.errors import GuanxiError, InvalidInput, NotFound
from guanxi.importing import erased, jobs, presenting
from guanxi.importing.choices import ImportState
from guanxi.importing.engine.folders import folder_of
from guanxi.importing.engine.refusals import told_anew
from guanxi.importing.engine.uploaded import upload_of
from guanxi.importing.lists import PAGE
from guanxi.importing.services import target_of, uploads
from guanxi.importing.sight import closed_columns, error_of, open_fields
from guanxi.importing.targets import targets
from guanxi.importing.views.asking import actor_in, import_in
from guanxi.ui import lists
from guanxi.ui.lists.export import in_language
from guanxi.ui.lists.spec import pages

ROWS_ON_PAGE = 50
PREVIEWED = 10


@login_required
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """All imports the actor may see."""
    return lists.render_list(request, PAGE)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose a file and what it holds."""
    actor = actor_in(request)
    open_targets = [target for target in targets if actor.scope(target.kind, "import") == "all"]
    if not open_targets:
        raise NotFound(_("There is no such record, or it is not open to you."))
    chosen = request.POST.get("target") or request.GET.get("target") or open_targets[0].key
    error = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None or file.file is None:
                raise InvalidInput(_("Choose a file."))
            run = uploads.receive_upload(actor=actor, target_key=chosen, file=file.file, file_name=file.name or "")
        except GuanxiError as refused:
            error = str(refused)
        else:
            return HttpResponseRedirect(reverse("importing:columns", args=[run.public_id]))
    context = {"targets": open_targets, "chosen": chosen, "error": error}
    return render(request, "importing/start.html", context, status=422 if error else 200)


@login_required
@require_safe
def template(request: HttpRequest, target: str) -> HttpResponse:
    """An empty file with the right column names."""
    actor = actor_in(request)
    found = target_of(target)
    if actor.scope(found.kind, "import") is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    out = io.StringIO()
    csv.writer(out).writerow([field.key for field in open_fields(found.fields(), actor) if not field.group])
    response = HttpResponse(b"\xef\xbb\xbf" + out.getvalue().encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.key}.csv"'
    return response


@login_required
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Wherever the import stands."""
    run, actor = import_in(request, key), actor_in(request)
    if run.state == ImportState.DRAFT and not run.asked and _may_prepare(request, run):
        return HttpResponseRedirect(reverse("importing:columns", args=[key]))
    context: dict[str, Any] = {"run": run, "facts": presenting.facts_of(run), "steps": presenting.steps_of(run)}
    context["error"] = error_of(run, actor)
    context["may_undo"] = actor.scope(target_of(run.target).kind, "undo") == "all"
    context["may_import"] = _may_prepare(request, run)
    context["is_busy"] = presenting.is_busy(run)
    context["phase"] = presenting.phase_of(run)
    context["brought_to"] = pages.get(run.target) if run.state == ImportState.IN_FORCE else None
    context["has_file"] = upload_of(run) is not None
    context["erased"] = presenting.erased_of(run) if erased.may_know(actor_in(request)) else None
    start_at = _page(request) * ROWS_ON_PAGE
    context |= presenting.refusals_of(run, start_at, ROWS_ON_PAGE, actor)
    if run.state == ImportState.CHECKED and not run.asked:
        context["preview"] = presenting.preview_of(run, PREVIEWED, actor)
    return render(request, "importing/show.html", context)


def _may_prepare(request: HttpRequest, run: Any) -> bool:
    """Whether the actor may go on with the import; not where it fills what they do not see, unless it is their own."""
    actor = actor_in(request)
    is_open = run.by_id == actor.user_id or not closed_columns(run, actor)
    return is_open and actor.scope(target_of(run.target).kind, "import") == "all"


def _page(request: HttpRequest) -> int:
    """The page of refused rows."""
    text = request.GET.get("page", "0")
    return min(int(text), 10**6) if text.isascii() and text.isdigit() and len(text) < 8 else 0


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, key: str) -> HttpResponse:
    """Which column holds what; saving it has the rows checked."""
    run = import_in(request, key, "import")
    error = ""
    is_adding = request.method == "POST" and "add_group" in request.POST
    if request.method == "POST" and not is_adding:
        chosen = {
            name.removeprefix("field:"): value for name, value in request.POST.items() if name.startswith("field:")
        }
        try:
            uploads.settle_columns(
                actor=actor_in(request),
                import_id=run.pk,
                columns={name: str(value) for name, value in chosen.items()},
                source=request.POST.get("source", ""),
                currency=request.POST.get("currency", ""),
                timezone=request.POST.get("timezone", ""),
                date_order=request.POST.get("date_order", ""),
            )
            uploads.ask_for_check(actor=actor_in(request), import_id=run.pk, enqueue=jobs.check_import.enqueue)
        except GuanxiError as refused:
            error = str(refused)
        else:
            return HttpResponseRedirect(reverse("importing:show", args=[key]))
    if run.asked or run.state not in uploads.OPEN_STATES or not _may_prepare(request, run):
        return HttpResponseRedirect(reverse("importing:show", args=[key]))
    context = presenting.columns_page(run, actor_in(request), request.POST if error or is_adding else None)
    context |= {
        "run": run,
        "error": error or error_of(run, actor_in(request)),
        "steps": presenting.steps_of(run, at_columns=True),
    }
    return render(request, "importing/columns.html", context, status=422 if error else 200)


@login_required
@require_safe
def sample(request: HttpRequest, key: str) -> HttpResponse:
    """The first cells of the column that was chosen for a field."""
    run = import_in(request, key, "import")
    chosen = next((value for name, value in request.GET.items() if name.startswith("field:")), "")
    return render(
        request, "importing/sample.html", {"sample": presenting.sample_of(run, str(chosen), actor_in(request))}
    )


@login_required
@require_safe
def progress(request: HttpRequest, key: str) -> HttpResponse:
    """The bar; when the work is over, the page fetches itself again."""
    run = import_in(request, key)
    context = {"run": run, "is_busy": presenting.is_busy(run), "phase": presenting.phase_of(run)}
    response = render(request, "importing/progress.html", context)
    if not context["is_busy"]:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_safe
def refused_file(request: HttpRequest, key: str) -> HttpResponseBase:
    """All refused rows with their reasons."""
    run = import_in(request, key)
    path = folder_of(run.pk).refused
    if not path.exists():
        raise NotFound(_("No row of this import was refused, or the rows are no longer kept."))
    name = f"{run.public_id}-refused.csv"
    pieces = told_anew(path, run.table.get("columns", ()), closed_columns(run, actor_in(request)))
    response = StreamingHttpResponse(in_language(pieces), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
