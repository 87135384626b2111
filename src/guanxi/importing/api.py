"""Imports in the API."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field

from guanxi.core import ids
from guanxi.core.api import Flag, Strict, actor_in, answer, cursors, id_of
from guanxi.core.errors import NotFound
from guanxi.importing import erased, jobs
from guanxi.importing.commands import import_as_json
from guanxi.importing.engine.folders import folder_of
from guanxi.importing.engine.refusals import refused_rows
from guanxi.importing.models import Import
from guanxi.importing.services import uploads
from guanxi.importing.sight import as_seen, closed_columns, error_of

router = Router()
ImportId = Annotated[str, id_of("import")]


class ErasedRowsData(Schema):
    """Rows that name people who were erased, and what became of them."""

    count: int
    rows: list[int] = Field(description="the numbers of the first thousand")
    choice: str | None = Field(description="`left_out` or `taken`, once the import was confirmed")
    reason: str


class ImportData(Schema):
    """One import: what was read, stored and refused, and what it created."""

    model_config = ConfigDict(extra="allow")

    import_id: str
    target: str
    source: str
    state: str
    file: str
    mapping: str | None
    currency: str
    timezone: str
    rows_read: int
    rows_stored: int
    rows_refused: int
    error: str | None
    by: str
    created_at: str
    committed_at: str | None
    undone_at: str | None
    undone_by: str | None
    asked: str | None = Field(description="what a worker has been asked to do and has not done yet")
    progress: dict[str, int]
    columns: dict[str, Any]
    erased: ErasedRowsData | None = Field(
        None, description="for those who see what is done about personal data; null for everybody else"
    )


class ImportItems(Schema):
    """A page of imports, the newest first; `next` goes on after it."""

    items: list[ImportData]
    next: str | None


class ImportQuery(Strict):
    """Where the list begins and how long it is."""

    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=2000, description="`next` of the page before")


class ColumnsInput(Strict):
    """Which column holds what, or the name of a saved mapping; and how the file is read."""

    mapping: str = Field("", max_length=100, description="a saved or shipped mapping; without it, `columns`")
    columns: dict[str, str] = Field(default_factory=dict, description="field of the target to column of the file")
    source: str = Field("", max_length=60)
    currency: str = Field("", max_length=3)
    timezone: str = Field("", max_length=60)
    date_order: str = Field("", max_length=10)


class ImportCommit(Strict):
    """What becomes of rows that name people who were erased."""

    take_erased: str | None = Field(
        None, max_length=300, description="why they are taken in; without it they are left out"
    )


class ImportUndo(Strict):
    """What becomes of records that were changed since the import."""

    rest: Flag = Field(False, description="they stay, everything else goes; else nothing goes (409)")


class RefusedRow(Schema):
    """One row that was refused: its number in the file, the column at fault, and why."""

    row: int
    column: str | None
    reason: str


class RefusedPage(Schema):
    """Refused rows in the order of the file."""

    items: list[RefusedRow]
    next: str | None


class RefusedQuery(Strict):
    """Where the list begins and how long it is."""

    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=2000, description="`next` of the page before")


class UploadForm(Strict):
    """What the file holds."""

    target: str = Field(max_length=40, description="`orders` or `customers`")
    mapping: str = Field("", max_length=100, description="a saved or shipped mapping; without it columns are guessed")


@router.get("", response=ImportItems, summary="List imports, the newest first")
def list_imports(request: HttpRequest, query: Query[ImportQuery]) -> HttpResponse:
    """Give one page of the imports the caller may see."""
    visible = Import.objects.visible_to(actor_in(request))
    runs, following = cursors.newest_first(visible, "imports", query.after, query.limit)
    return answer({"items": [_told(request, run) for run in runs], "next": following})


@router.post("", response={201: ImportData}, summary="Upload a file to import")
def upload(request: HttpRequest, form: Form[UploadForm], file: File[UploadedFile]) -> HttpResponse:
    """Take a file in and settle its columns, guessed or by a mapping; nothing is imported yet.

    What the file is, is told by its content: its name and the type it is sent with are not believed.
    """
    actor = actor_in(request)
    content: Any = file.file
    run = uploads.receive_upload(actor=actor, target_key=form.target, file=content, file_name=file.name or "")
    if form.mapping:
        run = uploads.choose_mapping(actor=actor, import_id=run.pk, name=form.mapping)
    return answer(_told(request, run), 201, location=f"/api/v1/imports/{run.public_id}")


@router.get("/{import_id}", response=ImportData, summary="Read one import and how far it is")
def read_import(request: HttpRequest, import_id: ImportId) -> HttpResponse:
    """Give one import."""
    return answer(_told(request, _run(request, import_id)))


@router.put("/{import_id}/columns", response=ImportData, summary="Settle the columns")
def settle_columns(request: HttpRequest, import_id: ImportId, data: ColumnsInput) -> HttpResponse:
    """Settle which column holds what, before anything is imported."""
    actor, number = actor_in(request), _run(request, import_id).pk
    if data.mapping:
        return answer(_told(request, uploads.choose_mapping(actor=actor, import_id=number, name=data.mapping)))
    given = data.dict(exclude={"mapping"})
    return answer(_told(request, uploads.settle_columns(actor=actor, import_id=number, **given)))


@router.post("/{import_id}/check", response={202: ImportData}, summary="Read and check every row (a dry run)")
def check(request: HttpRequest, import_id: ImportId) -> HttpResponse:
    """Have every row checked; nothing is written. The state becomes `checked`, refused rows are listed."""
    number = _run(request, import_id).pk
    run = uploads.ask_for_check(actor=actor_in(request), import_id=number, enqueue=jobs.check_import.enqueue)
    return answer(_told(request, run), 202)


@router.post("/{import_id}/commit", response={202: ImportData}, summary="Write the checked rows")
def commit(request: HttpRequest, import_id: ImportId, data: Body[ImportCommit | None] = None) -> HttpResponse:
    """Have the checked rows written and put in force as a whole, people who were erased left out unless told why not."""
    run = uploads.ask_for_commit(
        actor=actor_in(request),
        import_id=_run(request, import_id).pk,
        enqueue=jobs.commit_import.enqueue,
        take_erased=data.take_erased if data else None,
    )
    return answer(_told(request, run), 202)


@router.post("/{import_id}/undo", response={202: ImportData}, summary="Take an import back")
def undo(request: HttpRequest, import_id: ImportId, data: ImportUndo) -> HttpResponse:
    """Have an import taken back; what stands in the way is told as its `error`."""
    number = _run(request, import_id).pk
    run = uploads.ask_for_undo(
        actor=actor_in(request), import_id=number, rest=data.rest, enqueue=jobs.undo_import.enqueue
    )
    return answer(_told(request, run), 202)


@router.delete("/{import_id}", response={204: None}, summary="Forget an upload")
def discard(request: HttpRequest, import_id: ImportId) -> HttpResponse:
    """Forget an upload of which nothing was imported."""
    uploads.discard(actor=actor_in(request), import_id=_run(request, import_id).pk)
    return HttpResponse(status=204)


@router.get("/{import_id}/refused", response=RefusedPage, summary="The rows that were refused")
def list_refused(request: HttpRequest, import_id: ImportId, query: Query[RefusedQuery]) -> HttpResponse:
    """Give the refused rows with their reasons, without what stood in them."""
    run = _run(request, import_id)
    about = f"refused {run.pk}"
    place = cursors.decode(about, query.after)
    start = int(place[0]) if place else 0
    found = refused_rows(folder_of(run.pk).refused, start=start, limit=query.limit + 1)
    closed = closed_columns(run, actor_in(request))
    rows = [as_seen(row, run.table.get("columns", ()), closed) for row in found]
    more = cursors.encode(about, [start + query.limit]) if len(rows) > query.limit else None
    return answer({"items": [row.as_json() for row in rows[: query.limit]], "next": more})


def _run(request: HttpRequest, text: str) -> Import:
    """One import that the caller sees."""
    run = Import.objects.visible_to(actor_in(request)).filter(pk=ids.parse("imp", text) or 0).first()
    if run is None:
        raise NotFound(_("There is no such import, or you may not see it."))
    return run


def _told(request: HttpRequest, run: Import) -> dict[str, Any]:
    """One import as plain data, with how far it is and which column holds what."""
    return {
        **import_as_json(run),
        "error": error_of(run, actor_in(request)) or None,
        "asked": run.asked or None,
        "progress": {"done": run.rows_done, "total": run.rows_total},
        "columns": dict(run.mapping.get("columns") or {}),
        "erased": _erased(run) if erased.may_know(actor_in(request)) else None,
    }


def _erased(run: Import) -> dict[str, Any]:
    """The rows that name people who were erased."""
    return {
        "count": len(run.erased_rows),
        "rows": run.erased_rows[: erased.LISTED],
        "choice": run.erased_choice or None if run.erased_rows else None,
        "reason": run.erased_reason,
    }
