"""What is exported comes in again, in an empty installation, as the same archive."""

import csv
from pathlib import Path

import pytest

from guanxi.core.actor import system_actor
from guanxi.core.models import CustomField
from guanxi.customers.models import ContactPoint, Customer, ExternalId
from guanxi.importing.exporting import export_to
from guanxi.importing.public import run_import, undo_import
from guanxi.importing.services import ImportRequest

ROWS = (
    {
        "external_id": "=1+1", "name": "王小明", "kind": "person", "phone": "13800138000; 021-62781234",
        "email": "a@example.com;b@example.com", "wechat": "wang_xm", "address": "北京市朝阳区1号;\n上海市，2号; 3楼",
        "note": "第一行\n第二行; 完", "created": "2020-05-06 07:08:09", "城市级别": "USD 1,234.50", "标签": "甲;乙",
    },
    {"external_id": "+8613800138000", "name": "@ACME Ltd", "kind": "organisation", "address": "1 High Street\nLondon"},
    {"external_id": "-x", "name": "=HYPERLINK(1)", "phone": "+8613900139000"},
    {"external_id": "'=quoted", "name": "'Twas", "城市级别": "1.234,56", "note": "-"},
    {"external_id": "＠宽", "name": "😀 العربية", "city": "+plus", "城市级别": "￥1,234.50"},
)  # fmt: skip


@pytest.fixture
def bring_in(tmp_path: Path, transactional_db: None):
    """Import a file of customers, with two fields of the company's own."""
    CustomField.objects.create(kind="customer", key="worth", label_en="Worth", label_zh="城市级别", type="money")
    CustomField.objects.create(
        kind="customer", key="marks", label_en="Marks", label_zh="标签", type="multi_choice", choices=["甲", "乙"]
    )

    def run(path: Path):
        """One import."""
        request = ImportRequest(target="customers", path=path, source="crm", currency="EUR")
        return run_import(actor=system_actor("cli"), request=request)

    return run


def archive() -> list[object]:
    """All that a file of customers can say."""
    rows = Customer.objects.order_by("pk").values_list(
        "kind", "name", "title", "tax_id", "city", "country", "position", "note", "created_at", "custom"
    )
    points = ContactPoint.objects.order_by("customer_id", "kind", "position")
    ids = ExternalId.objects.order_by("customer_id").values_list("source", "value")
    return [list(rows), list(points.values_list("kind", "value", "normalised", "is_primary")), list(ids)]


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "xlsx", "parquet"])
def test_an_export_of_customers_makes_the_same_archive(bring_in, tmp_path: Path, ending: str) -> None:
    """Several contact points in a cell, ids and names that look like formulas, notes of many lines, money."""
    path = tmp_path / "given.xlsx"
    write_book(path)
    first = bring_in(path)
    assert first.as_json()["rows_refused"] == 0, first.as_json()["refused"]
    before = archive()
    assert {value for _source, value in before[2]} == {row["external_id"] for row in ROWS}
    assert [row[-1].get("worth") for row in before[0]] == [
        {"minor": 123450, "currency": "USD"}, None, None,
        {"minor": 123456, "currency": "EUR"}, {"minor": 123450, "currency": "EUR"},
    ]  # fmt: skip
    exported = tmp_path / f"customers.{ending}"
    assert export_to(exported, actor=system_actor("cli"), key="customers") == len(ROWS)
    undo_import(actor=system_actor("cli"), import_id=first.run.pk)
    assert not Customer.everything.exists()
    second = bring_in(exported)
    assert second.as_json()["rows_refused"] == 0, second.as_json()["refused"]
    assert without_fractions(archive()) == without_fractions(before)


def without_fractions(given: list[object]) -> list[object]:
    """The archive with its moments to the second, as files have them."""
    rows, *rest = given
    return [[(*row[:8], row[8].replace(microsecond=0), row[9]) for row in rows], *rest]  # type: ignore[attr-defined]


def test_a_text_file_holds_no_formula(bring_in, tmp_path: Path) -> None:
    """Every cell that a spreadsheet would run begins with an apostrophe."""
    path = tmp_path / "given.xlsx"
    write_book(path)
    bring_in(path)
    exported = tmp_path / "customers.csv"
    export_to(exported, actor=system_actor("cli"), key="customers")
    with exported.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "＠", "-x"))]
    assert "'=1+1" in cells


def write_book(path: Path) -> None:
    """The rows as a workbook, whose cells are what they are."""
    import openpyxl

    book = openpyxl.Workbook()
    heads = list(dict.fromkeys(key for row in ROWS for key in row))
    book.active.append(heads)
    for row in ROWS:
        book.active.append([row.get(head) for head in heads])
    for cells in book.active.iter_rows(min_row=2):
        for cell in cells:
            if cell.value is not None:
                cell.data_type = "s"
    book.save(path)
