"""A list as a file: CSV or XLSX, the columns and rows on the screen, streamed."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.core import clock
from guanxi.core.access import require
from guanxi.core.masking import for_masked_file as for_masked
from guanxi.ui import keyset
from guanxi.ui.lists.bulk import selected
from guanxi.ui.lists.endpoints import scene_of
from guanxi.ui.lists.rows import needed_fields
from guanxi.ui.lists.state import Scene
from guanxi.ui.services import note_export
from guanxi.ui.tables import Column, annotated, for_masked_file

CHUNK = 2_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula; numbers stay as they are."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    if isinstance(value, datetime):
        return (timezone.localtime(value) if value.tzinfo else value).isoformat(timespec="seconds")
    return value


def all_rows(scene: Scene, queryset: Any, *, is_masked: bool = False) -> Iterator[list[Any]]:
    """Every row in the list's order, fetched by key in chunks."""
    columns, keys = scene.shown(), scene.sort_keys()
    columns = for_masked_file(columns) if is_masked else columns
    fields, queryset = needed_fields(scene, columns), annotated(queryset, columns)
    after: list[Any] | None = None
    while True:
        rows = keyset.fetch(queryset, keys, fields, after, CHUNK)
        for row in rows:
            yield [value for column in columns for value in _values(column, row)]
        if len(rows) < CHUNK:
            return
        after = keyset.place(rows[-1], keys)


def _values(column: Column, row: Any) -> list[Any]:
    """What a column gives to a file: its value and, for amounts, their currency."""
    return [column.plain(row), row.get(column.currency) or ""] if column.currency else [column.plain(row)]


def _headings(scene: Scene) -> list[str]:
    """The names of the columns of a file."""
    found = []
    for column in scene.shown():
        found.append(str(column.label))
        if column.currency:
            found.append(_("Currency of %(column)s") % {"column": column.label})
    return found


def csv_pieces(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Rows as CSV that Excel opens in the right encoding."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield b"\xef\xbb\xbf"
    writer.writerow([harmless(heading) for heading in headings])
    for number, row in enumerate(rows):
        writer.writerow(["" if value is None else harmless(value) for value in row])
        if number % 500 == 499:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def in_language(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces in the language and the time zone of this request, which are no longer set when they are sent."""
    language, zone = translation.get_language() or settings.LANGUAGE_CODE, timezone.get_current_timezone()

    def following() -> Iterator[bytes]:
        while True:
            with translation.override(language), timezone.override(zone):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    return following()


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """Rows as a workbook; text is marked as text, so that nothing is taken for a formula."""
    from openpyxl import Workbook  # takes long to load, and most processes never need it

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.append([_sheet_cell(sheet, heading) for heading in headings])
    for row in rows:
        sheet.append([_sheet_cell(sheet, value) for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    book.save(file)
    file.seek(0)
    return FileResponse(file, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def file_of(
    name: str, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], *, is_sheet: bool
) -> HttpResponseBase:
    """Rows as a file to keep: a workbook, or CSV that is sent while it is made."""
    response: HttpResponseBase = (
        workbook(title, headings, rows)
        if is_sheet
        else StreamingHttpResponse(in_language(csv_pieces(headings, rows)), content_type="text/csv; charset=utf-8")
    )
    dated = f"{slugify(name)}-{clock.today():%Y-%m-%d}.{'xlsx' if is_sheet else 'csv'}"
    response["Content-Disposition"] = f'attachment; filename="{dated}"'
    response["Cache-Control"] = "no-store"
    return response


def _sheet_cell(sheet: Any, value: Any) -> Any:
    """A value as a workbook takes it."""
    from openpyxl.cell import WriteOnlyCell  # takes long to load, and most processes never need it

    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Decimal):
        places = value.as_tuple().exponent
        cell = WriteOnlyCell(sheet, value=value)
        if isinstance(places, int) and places < 0:
            cell.number_format = "#,##0." + "0" * -places
        return cell
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if value.tzinfo else value
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value="".join(c for c in value if c >= " " or c in "\n\t")[:32_000])
    cell.data_type = "s"
    return cell


@require_GET
def export(request: HttpRequest, key: str) -> HttpResponseBase:
    """The rows of the state, or the ticked ones, as a file, in full or masked; that it was taken is in the journal."""
    scene = scene_of(request, key)
    require(scene.actor, scene.page.kind, "export")
    queryset = selected(scene, request.GET) if "ids" in request.GET else scene.narrowed()
    is_sheet = request.GET.get("format") == "xlsx"
    is_masked = request.GET.get("masked") == "1"
    note_export(actor=scene.actor, what=scene.page.key, is_masked=is_masked)
    headings: Sequence[str] = _headings(scene)
    rows: Iterable[Sequence[Any]] = all_rows(scene, queryset, is_masked=is_masked)
    if scene.page.whole_file is not None and request.GET.get("whole") == "1":
        headings, rows = scene.page.whole_file(for_masked(scene.actor) if is_masked else scene.actor, queryset)
    name = f"{scene.page.key}-masked" if is_masked else scene.page.key
    return file_of(name, str(scene.page.title), headings, rows, is_sheet=is_sheet)
