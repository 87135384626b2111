"""Files of every kind give the same columns; what cannot be read is told in one sentence."""

import datetime as dt
import gzip
import json
import os
import threading

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from guanxi.core.errors import InvalidInput
from guanxi.project.measure.opening import columns_of, lists_or_columns_of
from guanxi_methods.errors import MethodError

NAMES = ["客户", "date", "score", "city"]
ROWS = [["A-01", "2026-01-05", 9.5, "广州"], ["B, 02", "2026-02-28", 7, "Köln"], ["A-01", "2026-12-31", -0.25, ""]]


def delimited(delimiter, decimal=".", encoding="utf-8"):
    def cell(value):
        text = str(value).replace(".", decimal) if isinstance(value, float) else str(value)
        return f'"{text}"' if delimiter in text else text

    return "\n".join(delimiter.join(cell(value) for value in row) for row in [NAMES, *ROWS]).encode(encoding)


def parquet(path):
    columns = list(zip(*ROWS, strict=True))
    pq.write_table(pa.table([*columns[:2], [float(score) for score in columns[2]], columns[3]], names=NAMES), path)


def workbook(path):
    book = openpyxl.Workbook()
    for row in [NAMES, *ROWS]:
        book.active.append(row)
    book.save(path)


KINDS = {
    "comma": lambda path: path.write_bytes(delimited(",")),
    "semicolon and decimal comma": lambda path: path.write_bytes(delimited(";", decimal=",")),
    "tab": lambda path: path.write_bytes(delimited("\t")),
    "utf-8 with a mark": lambda path: path.write_bytes(b"\xef\xbb\xbf" + delimited(",")),
    "gb18030": lambda path: path.write_bytes(delimited(",", encoding="gb18030")),
    "utf-16": lambda path: path.write_bytes(delimited("\t", encoding="utf-16")),
    "windows line ends": lambda path: path.write_bytes(delimited(",").replace(b"\n", b"\r\n") + b"\r\n"),
    "gzip": lambda path: path.write_bytes(gzip.compress(delimited(";"))),
    "parquet": parquet,
    "xlsx": workbook,
    "json lines": lambda path: path.write_text(
        "\n".join(json.dumps(dict(zip(NAMES, row, strict=True)), ensure_ascii=False) for row in ROWS), encoding="utf-8"
    ),
    "a json array": lambda path: path.write_text(
        json.dumps([dict(zip(NAMES, row, strict=True)) for row in ROWS], indent=1), encoding="utf-8"
    ),
    "blanks": lambda path: path.write_text(
        "客户  date       score city\n A-01  2026-01-05   9.5  广州\n 'B  2026-02-28 7 Köln\n A-01 2026-12-31 -0.25 -\n",
        encoding="utf-8",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_gives_the_same_columns(kind, tmp_path):
    path = tmp_path / "nameless"
    KINDS[kind](path)
    columns = columns_of(path)
    assert columns.names == NAMES
    assert columns.numbers("score").tolist() == [9.5, 7, -0.25]
    assert columns.days("date").astype(str).tolist() == ["2026-01-05", "2026-02-28", "2026-12-31"]
    codes, _ids = columns.codes("客户")
    assert codes[0] == codes[2] != codes[1]
    if kind != "blanks":
        assert columns.words("city").tolist() == ["广州", "Köln", ""]


def test_a_table_without_header_is_called_by_position(tmp_path):
    path = tmp_path / "log.txt"
    path.write_text(" 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n 21 0002 19970802  1   14.96\n")
    columns = columns_of(path)
    assert columns.names == ["1", "2", "3", "4", "5"]
    assert columns.days("3").astype(str).tolist() == ["1997-01-01", "1997-01-18", "1997-08-02"]
    assert columns.numbers("V5").tolist() == [29.33, 29.73, 14.96]
    assert columns.words("1").tolist() == ["00004", "00004", "21"]
    with pytest.raises(MethodError, match="no column '6'"):
        columns.numbers("6")


def test_a_table_as_r_writes_it_has_a_column_for_the_names_of_its_rows(tmp_path):
    path = tmp_path / "r.txt"
    path.write_text('"x" "y"\n"1" 3 "a b"\n"2" 4 "c"\n')
    columns = columns_of(path)
    assert columns.names == ["row", "x", "y"]
    assert columns.words("y").tolist() == ["a b", "c"]


def test_columns_are_selected_by_names_and_patterns_in_the_order_of_the_file(tmp_path):
    path = tmp_path / "survey.csv"
    path.write_text("id,q2_i,q2_s,q10_i,q10_s\n1,5,4,3,2\n")
    columns = columns_of(path)
    assert columns.select("q*_i") == ["q2_i", "q10_i"]
    assert columns.select("q10_s, q2_s") == ["q10_s", "q2_s"]
    with pytest.raises(MethodError, match="no column is like 'z\\*'"):
        columns.select("z*")
    with pytest.raises(MethodError, match="asked for twice"):
        columns.select("id,id")


def test_numbers_as_people_write_them_and_what_is_none(tmp_path):
    path = tmp_path / "amounts.csv"
    path.write_text('a,b\n"1,234.50",¥5\nNA,（3）\n７,\n', encoding="utf-8")
    columns = columns_of(path)
    assert columns.numbers("a", missing="keep")[[0, 2]].tolist() == [1234.5, 7]
    assert np.isnan(columns.numbers("a", missing="keep")[1])
    assert columns.numbers("b", missing="keep")[:2].tolist() == [5, -3]
    with pytest.raises(MethodError, match="a holds a missing value, first in row 2"):
        columns.numbers("a")


def test_a_column_that_becomes_text_late_is_read_all_the_same(tmp_path):
    path = tmp_path / "late.csv"
    path.write_text("code\n" + "1\n" * 900_000 + "A7\n")
    assert columns_of(path).words("code")[[0, -1]].tolist() == ["1", "A7"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"a,b\n", "no rows"),
        (b"a,b\n1,2\n1,2,3\n", "3 cells"),
        (b"\x1f\x8bnonsense", "damaged"),
        (b"PAR1 nonsense", "damaged"),
        (b'{"a": 1}\n{"a": \n', "not JSON"),
        (b'{"a": 1}\n[2]\n', "no JSON object"),
        (b"%PDF-1.4", "another kind"),
        (b'[1, 2]\n["x"]\n', "a list on every line"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(content, words, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=words):
        columns_of(path)


@pytest.mark.parametrize(
    ("cells", "words"),
    [("soon", "row 2: “soon” is not a date"), ("03/04/2026", "day/month or month/day"), ("2026-02-30", "calendar")],
)
def test_dates_that_are_none_or_can_be_read_in_two_ways_are_named(cells, words, tmp_path):
    path = tmp_path / "dates.csv"
    path.write_text(f"d,x\n2026-01-01,1\n{cells},2\n")
    with pytest.raises(InvalidInput, match=words):
        columns_of(path).days("d")


def test_day_first_is_settled_by_the_whole_column(tmp_path):
    path = tmp_path / "dates.csv"
    path.write_text("d\n3/4/2026\n25/4/2026\n")
    assert columns_of(path).days("d").astype(str).tolist() == ["2026-04-03", "2026-04-25"]


def test_lists_on_every_line_are_lists(tmp_path):
    path = tmp_path / "baskets.jsonl"
    path.write_text('["milk", "bread"]\n["beer"]\n')
    assert lists_or_columns_of(path) == [["milk", "bread"], ["beer"]]


def test_ids_are_what_they_are_written_as(tmp_path):
    path = tmp_path / "ids.csv"
    path.write_text("c,a\n001,5\n01,6\n1,7\n12345678901234567890,1\n12345678901234567891,1\n")
    columns = columns_of(path)
    assert columns.words("c").tolist()[:3] == ["001", "01", "1"]
    assert len(columns.codes("c")[1]) == 5
    path.write_text('{"c": 12345678901234567890}\n{"c": 12345678901234567891}\n{"c": {"x": 1}}\n')
    assert len(columns_of(path).codes("c")[1]) == 3


def test_of_two_columns_with_one_name_neither_is_taken(tmp_path):
    path = tmp_path / "twice.csv"
    path.write_text("c,a,a\n1,2,300\n")
    for ask in (lambda columns: columns.numbers("a"), lambda columns: columns.select("a*")):
        with pytest.raises(MethodError, match="two columns 'a'"):
            ask(columns_of(path))


def test_an_array_of_lists_is_as_many_lists_and_one_within_another_is_refused(tmp_path):
    path = tmp_path / "baskets.json"
    path.write_text('[["a", "b"], ["a", "c"]]')
    assert lists_or_columns_of(path) == [["a", "b"], ["a", "c"]]
    path.write_text('["a", ["b"]]\n["c"]\n')
    with pytest.raises(InvalidInput, match="List 1 holds another list"):
        lists_or_columns_of(path)


def test_numbers_beyond_measure_and_times_without_a_day_are_refused(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("a,t\n1,12:30\n1e200,13:30\n")
    with pytest.raises(MethodError, match="a holds 1e\\+200 in row 2"):
        columns_of(path).numbers("a")
    with pytest.raises(InvalidInput, match="“12:30” is not a date"):
        columns_of(path).days("t")
    book = openpyxl.Workbook()
    for row in (["t"], [dt.time(12, 30)], [dt.time(13, 30)]):
        book.active.append(row)
    book.save(path)
    with pytest.raises((MethodError, InvalidInput), match=r"not a date|without a day"):
        columns_of(path).days("t")


def test_a_pipe_is_read_once(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_text("a\n1\n2\n"))
    writer.start()
    assert columns_of(path).numbers("a").tolist() == [1, 2]
    writer.join()
