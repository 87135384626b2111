"""Files of every kind: found from their content, read row by row, refused in one sentence."""

import gzip
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from guanxi.importing.readers import Table, UnreadableFile, open_table

MORNING = datetime(2010, 12, 1, 8, 26)  # noqa: DTZ001 - files know no zones
HEADER = ["order", "name", "amount"]
ROWS = [["1", "张三", "1.50"], ["2", "with, comma", "2.50"], ["3", 'with "quotes"', "3.50"]]


def rows_of(table: Table) -> list[tuple[int, list[Any]]]:
    """Number and cells of each row."""
    return [(batch.numbers[i], batch.cells(i)) for batch in table.batches() for i in range(len(batch))]


def broken_of(table: Table) -> dict[int, str]:
    """Row number -> why the row cannot be taken apart."""
    return {batch.numbers[i]: reason for batch in table.batches() for i, reason in batch.broken.items()}


def write(path: Path, content: bytes | str) -> Path:
    """A file with this content."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def delimited(delimiter: str) -> str:
    """The rows as delimited text."""
    import csv

    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADER, *ROWS])
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("packed", [False, True])
def test_delimited_text_in_every_dress(tmp_path: Path, encoding: str, delimiter: str, packed: bool) -> None:
    """Delimiter, encoding, mark and compression are found by themselves, whatever the file's name says."""
    content = delimited(delimiter).encode(encoding)
    table = open_table(write(tmp_path / "orders.xlsx", gzip.compress(content) if packed else content))
    assert table.columns == HEADER
    assert rows_of(table) == [(number, row) for number, row in enumerate(ROWS, start=2)]


def test_workbook_with_a_wrong_name(tmp_path: Path) -> None:
    """Numbers, dates and text come as they are; row numbers are those of the sheet, blank rows left out."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["id", "day", "note"], [17850, MORNING, "4.0128e+10"], [], ["007", None, 2.5]):
        sheet.append(row)
    book.save(tmp_path / "book.csv")
    found = rows_of(open_table(tmp_path / "book.csv"))
    assert found == [(2, [17850, MORNING, "4.0128e+10"]), (4, ["007", None, 2.5])]


def test_parquet_keeps_types(tmp_path: Path) -> None:
    """Whole numbers stay whole, missing ones are None, single precision reads as it was written."""
    table = pa.table(
        {
            "id": pa.array([12346, None], pa.int32()),
            "price": pa.array([2.55, 1.1], pa.float32()),
            "at": pa.array([MORNING, None], pa.timestamp("ns")),
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    assert rows_of(open_table(tmp_path / "x.parquet")) == [
        (2, [12346, 2.55, MORNING]),
        (3, [None, 1.1, None]),
    ]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    """A record with a line break is one row; a blank row is none but counts."""
    path = write(tmp_path / "a.csv", 'a,b\n1,"two\nlines"\n\n2,x\n')
    assert rows_of(open_table(path)) == [(2, ["1", "two\nlines"]), (4, ["2", "x"])]


def test_a_stray_quotation_mark_swallows_nothing(tmp_path: Path) -> None:
    """Only the row in which it stands is lost, and said to be."""
    path = write(tmp_path / "a.csv", 'a,b\n1,"open\n2,x\n3,y\n4,"also open')
    table = open_table(path)
    assert [cells[0] for _number, cells in rows_of(table)] == ['1,"open', "2", "3", '4,"also open']
    assert set(broken_of(table)) == {2, 5}


def test_rows_of_another_width(tmp_path: Path) -> None:
    """Short rows are filled, long ones refused unless the excess is empty."""
    table = open_table(write(tmp_path / "a.csv", "a,b\n1\n1,2,,\n1,2,3\n"))
    assert rows_of(table)[:2] == [(2, ["1", ""]), (3, ["1", "2"])]
    assert list(broken_of(table)) == [4]


def test_mixed_encodings_are_read_line_by_line(tmp_path: Path) -> None:
    """UTF-8 and GB 18030 in one file are both read; bytes that are neither make their row refused."""
    content = b"name,amount\n" + "张三,1\n".encode() + "李四,2\n".encode("gb18030") + b"bad\xff\xfe,3\n"
    table = open_table(write(tmp_path / "a.csv", content))
    assert [cells[0] for _number, cells in rows_of(table)][:2] == ["张三", "李四"]
    assert list(broken_of(table)) == [4]


def test_western_text(tmp_path: Path) -> None:
    """A file of an old Western program is not taken for Chinese."""
    table = open_table(write(tmp_path / "a.csv", "name,price\nJosé Müller,£3\nCafé,£4\n".encode("cp1252")))
    assert [cells for _number, cells in rows_of(table)] == [["José Müller", "£3"], ["Café", "£4"]]


def test_old_line_ends(tmp_path: Path) -> None:
    """Lines that end in a carriage return alone are lines."""
    assert len(rows_of(open_table(write(tmp_path / "a.csv", "a,b\r1,2\r3,4\r")))) == 2


def _half(path: Path, content: bytes) -> Path:
    """The first half of a file."""
    return write(path, content[: len(content) // 2])


def _book() -> bytes:
    """A small workbook."""
    out = io.BytesIO()
    book = openpyxl.Workbook()
    for row in (HEADER, *ROWS):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def _parquet() -> bytes:
    """A small Parquet file."""
    out = io.BytesIO()
    pq.write_table(pa.table({"a": list(range(1000))}), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("blank.csv", b"\n\n  \n"),
        ("mark.csv", b"\xef\xbb\xbf"),
        ("half.xlsx", _book()[: len(_book()) // 2]),
        ("half.parquet", _parquet()[: len(_parquet()) // 2]),
        ("half.csv.gz", gzip.compress(b"a,b\n1,2\n" * 1000, mtime=0)[:40]),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100),
        ("paper.xlsx", b"%PDF-1.7 ..."),
        ("page.csv", b"<!DOCTYPE html><html></html>"),
        ("data.csv", b'{"a": 1}'),
        ("zeros.csv", b"\x00" * 500),
        ("archive.xlsx", b"PK\x05\x06" + b"\x00" * 18),
        ("wide.csv", ",".join(f"c{i}" for i in range(20_000)).encode() + b"\n"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
    ],
)
def test_what_is_no_table_is_said_in_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    """One clear sentence, never a traceback."""
    with pytest.raises(UnreadableFile) as caught:
        rows_of(open_table(write(tmp_path / name, content)))
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "Error" not in sentence


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    """Both are said."""
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(UnreadableFile):
            open_table(path)


def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    """Wide is no fault by itself."""
    table = open_table(write(tmp_path / "a.csv", ",".join(f"c{i}" for i in range(10_000)) + "\n" + "," * 9_999 + "x\n"))
    assert len(table.columns) == 10_000
    assert len(rows_of(table)) == 1


def test_column_names_are_made_usable(tmp_path: Path) -> None:
    """Empty names are called by their place, repeated ones numbered."""
    assert open_table(write(tmp_path / "a.csv", "x,,x\n1,2,3\n")).columns == ["x", "column 2", "x (2)"]
