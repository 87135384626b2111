"""Workbooks are streamed, whatever program wrote them; what is damaged or made to harm is refused in one sentence."""

import contextlib
import io
import subprocess
import sys
import tracemalloc
import zipfile
from datetime import datetime, time
from pathlib import Path

import openpyxl
import pytest

from guanxi.importing.readers import UnreadableFile, open_table
from guanxi.importing.readers.sheet_xml import is_date_format

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def at(*parts: int) -> datetime:
    """A moment as sheets know it, without a zone."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


def write_book(
    path: Path, sheet: str, *, strings: str = "", styles: str = "", book: str = "", prefix: str = ""
) -> Path:
    """A workbook with just this XML in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels", f'<Relationships><Relationship Id="r" Type="{LINKS}/officeDocument" Target="/xl/workbook.xml"/>'
            "</Relationships>",
        )  # fmt: skip
        parts = [
            ("1", "worksheet", "worksheets/sheet1.xml"),
            ("2", "styles", "styles.xml"),
            ("3", "sharedStrings", "strings.xml"),
        ]
        links = "".join(f'<Relationship Id="r{n}" Type="{LINKS}/{kind}" Target="{part}"/>' for n, kind, part in parts)
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        archive.writestr(
            "xl/workbook.xml", f'<workbook {MAIN} xmlns:r="{LINKS}">{book}<sheets><sheet name="S" r:id="r1"/></sheets></workbook>'
        )  # fmt: skip
        archive.writestr("xl/styles.xml", f"<styleSheet {MAIN}>{styles}</styleSheet>")
        archive.writestr("xl/strings.xml", f"<sst {MAIN}>{strings}</sst>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def sheet_of(*rows: str) -> str:
    """The XML of a sheet."""
    return f"<worksheet {MAIN}><sheetData>{''.join(rows)}</sheetData></worksheet>"


def read(path: Path) -> tuple[list[str], list[tuple[int, list[object]]]]:
    """Column names, and rows with their numbers."""
    table = open_table(path, scratch=path.parent)
    rows = [(n, batch.cells(i)) for batch in table.batches() for i, n in enumerate(batch.numbers)]
    return table.columns, rows


def test_every_kind_of_cell(tmp_path: Path) -> None:
    """Shared, inline and computed texts, numbers, truth, faults, dates by style; gaps keep their places."""
    path = write_book(
        tmp_path / "kinds.xlsx",
        sheet_of(
            '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="inlineStr"><is><t>b</t></is></c><c r="D2" t="str"><v>d</v></c></row>',
            '<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4"><v>1.50</v></c><c r="C4" t="b"><v>1</v></c><c r="D4" t="e"><v>#N/A</v></c></row>',
            '<row r="7" spans="1:4"><c r="A7" s="1"><v>45413.416666666664</v></c><c r="B7" s="2"><v>0.5</v></c><c r="D7"><v>4.0128E+10</v></c></row>',
            "<row><c><v>1</v></c><c/><c t='d'><v>2024-05-01T10:00:00</v></c></row>",
        ),
        strings='<si><t>a</t></si><si><r><t>rich </t></r><r><t xml:space="preserve">&amp; _x0009_text</t></r><rPh sb="0" eb="1"><t>aside</t></rPh></si>',
        styles='<numFmts><numFmt numFmtId="164" formatCode="h:mm;@"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="164"/></cellXfs>',
    )  # fmt: skip
    columns, rows = read(path)
    assert columns == ["a", "b", "column 3", "d"]
    assert rows == [
        (4, ["rich & \ttext", 1.5, True, "#N/A"]),
        (7, [at(2024, 5, 1, 10), time(12).isoformat(), None, 40128000000]),
        (8, [1, None, at(2024, 5, 1, 10), None]),
    ]


def test_days_counted_from_1904_and_prefixed_names(tmp_path: Path) -> None:
    """As older programs for the Macintosh and some generators write."""
    sheet = sheet_of(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>day</t></is></c></row><row r="2"><c r="A2" s="0"><v>1</v></c></row>'
    )
    for tag in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
        sheet = (
            sheet.replace(f"<{tag} ", f"<x:{tag} ")
            .replace(f"<{tag}>", f"<x:{tag}>")
            .replace(f"</{tag}>", f"</x:{tag}>")
        )
    path = write_book(
        tmp_path / "old.xlsx", sheet.replace("xmlns=", "xmlns:x="), book='<workbookPr date1904="1"/>',
        styles='<cellXfs><xf numFmtId="14"/></cellXfs>',
    )  # fmt: skip
    assert read(path)[1] == [(2, [at(1904, 1, 2)])]


def test_the_same_as_another_reader(tmp_path: Path) -> None:
    """What openpyxl writes and reads is read the same."""
    rows = [
        ["id", "when", "n"],
        ["007", at(2024, 2, 29, 23, 59, 59), -1.25],
        [None] * 3,
        ["x" * 32_000, None, 10**14],
    ]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / "same.xlsx"
    book.save(path)
    assert read(path) == (rows[0], [(2, rows[1]), (4, rows[3])])


@pytest.mark.parametrize(
    ("code", "is_date"),
    [("General", False), ("0.00", False), ("yyyy-mm-dd", True), ("[$-804]yyyy年m月d日", True), ('#,##0.00" dy"', False),
     ("[h]:mm:ss", True), ("[Red]0.0", False), ("m/d/yy h:mm;@", True), ("\\d0", False)],
)  # fmt: skip
def test_formats_of_dates(code: str, is_date: bool) -> None:
    """Only what shows a date or a time is one."""
    assert is_date_format(code) is is_date


@pytest.mark.full
def test_many_rows_and_texts_take_little_memory(tmp_path: Path) -> None:
    """Forty thousand rows, each with a text of its own, pass through in a few megabytes."""
    count = 40_000
    rows = ['<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>']
    rows += [
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n}</v></c><c r="B{n}"><v>{n}.5</v></c></row>' for n in range(2, count + 2)
    ]
    strings = "<si><t>id</t></si><si><t>n</t></si>" + "".join(
        f"<si><t>{n} {'text' * 50}</t></si>" for n in range(2, count + 2)
    )
    path = write_book(tmp_path / "large.xlsx", sheet_of(*rows), strings=strings)
    del rows, strings
    tracemalloc.start()
    table = open_table(path, scratch=tmp_path)
    seen = 0
    for batch in table.batches(size=500):
        seen += len(batch)
        assert str(batch.cells(0)[0]).startswith(f"{batch.numbers[0]} text")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seen == count
    assert peak < 26 << 20
    assert not [left for left in tmp_path.iterdir() if left != path]


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    """A file of a few hundred kilobytes that would unpack to hundreds of megabytes is not even begun."""
    path = tmp_path / "bomb.xlsx"
    write_book(path, sheet_of())
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w") as part,
    ):
        for _block in range(120):
            part.write(b" " * (1 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(UnreadableFile, match="unpack"):
        open_table(path, scratch=tmp_path)


def test_a_packed_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is a gzip file, and nothing of it stays on the disk."""
    import gzip

    from guanxi.importing.readers import opening

    monkeypatch.setattr(opening, "LARGEST_UNASKED", 8 << 20)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,1\n" * (4 << 20), 9))
    with pytest.raises(UnreadableFile, match="unpacks"):
        open_table(path, scratch=tmp_path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "sheet",
    [
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]>" + sheet_of('<row r="1"><c r="A1" t="str"><v>&a;</v></c></row>'),
        sheet_of('<row r="1"><c r="A1" t="s"><v>5</v></c></row>'),
        sheet_of('<row r="1"><c r="A1"><v>one</v></c></row>'),
        sheet_of('<row r="99999999"><c r="A1"><v>1</v></c></row>'),
        sheet_of('<row r="1"><c r="ZZZ1"><v>1</v></c></row>'),
        sheet_of('<row r="1"><c r="A1" t="str"><v>' + "x" * (2 << 20) + "</v></c></row>"),
        sheet_of('<row r="1"><c r="A1"><v>1</v></c>')[:-20],
        "",
    ],
)
def test_a_damaged_sheet_is_one_sentence(tmp_path: Path, sheet: str) -> None:
    """Entities, numbers that lead nowhere, places beyond any sheet, XML that ends too soon."""
    with pytest.raises(UnreadableFile):
        read(write_book(tmp_path / "bad.xlsx", sheet))


def test_a_truncated_or_altered_archive_is_one_sentence(tmp_path: Path) -> None:
    """Wherever the file was cut it is refused; with a byte changed it is read or refused, never a fault."""
    book = openpyxl.Workbook()
    for number in range(50):
        book.active.append([f"text {number}", number])
    written = io.BytesIO()
    book.save(written)
    whole = written.getvalue()
    path = tmp_path / "cut.xlsx"
    for at in range(0, len(whole), 331):
        path.write_bytes(whole[:at])
        with pytest.raises(UnreadableFile):
            read(path)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        with contextlib.suppress(UnreadableFile):
            assert len(read(path)) <= 50


@pytest.mark.full
def test_starting_loads_no_reader_of_files() -> None:
    """Server, workers and every command start without the libraries that only files need."""
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'guanxi.project.settings'\n"
        "import django; django.setup()\n"
        "import guanxi.project.asgi, guanxi.project.urls\n"
        "from guanxi.project.cli import build_parser; build_parser()\n"
        "print(*sorted({'pyarrow', 'openpyxl', 'python_calamine', 'polars'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
