"""Imports in the API."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from guanxi.core.errors import NotFound
from guanxi.importing.commands import import_as_json
from guanxi.importing.models import Import
from guanxi.importing.services import parse_import_id

router = Router()


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


class ImportItems(Schema):
    """Imports, the newest first."""

    items: list[ImportData]


class ImportQuery(Schema):
    """How many."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=200)


@router.get("", response=ImportItems, summary="List imports, the newest first")
def list_imports(request: HttpRequest, query: Query[ImportQuery]) -> dict[str, Any]:
    """Give the newest imports the caller may see."""
    runs = Import.objects.visible_to(request.actor).order_by("-pk")[: query.limit]  # type: ignore[attr-defined]
    return {"items": [import_as_json(run) for run in runs]}


@router.get("/{import_id}", response=ImportData, summary="Read one import")
def read_import(request: HttpRequest, import_id: str) -> dict[str, Any]:
    """Give one import."""
    run = Import.objects.visible_to(request.actor).filter(pk=parse_import_id(import_id)).first()  # type: ignore[attr-defined]
    if run is None:
        raise NotFound(_("There is no such import, or you may not see it."))
    return import_as_json(run)
