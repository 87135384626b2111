"""`guanxi import` and `guanxi export`: answers that other programs rely on, one sentence for every error."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from guanxi.commerce.models import Order
from guanxi.commerce.tests.conftest import BASE, write_rows
from guanxi.project import cli

KEYS = [
    "import_id", "rows_read", "rows_stored", "rows_refused", "refused", "refused_file", "customers_created",
    "orders_created", "lines_created", "amount_stored",
]  # fmt: skip


@pytest.fixture
def call(db: None, capsys: pytest.CaptureFixture[str]):
    """Run a command in this process: status, standard output, standard error."""

    def run(*words: object) -> tuple[int, str, str]:
        """One command."""
        try:
            status = cli.main([str(word) for word in words])
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, "\n".join(line for line in captured.err.splitlines() if " INFO " not in line)

    return run


def answer(result: tuple[int, str, str]) -> Any:
    """The JSON of a command that succeeded."""
    status, out, err = result
    assert status == 0, err
    return json.loads(out)


def test_the_answer_has_the_agreed_form(call, tmp_path: Path) -> None:
    """Every key, with the agreed types; rows that are refused do not make it fail."""
    path = write_rows(tmp_path / "o.csv", [*BASE, ("9", "nonsense", "A", "p", "", "1", "1", "")])
    found = answer(call("import", "orders", path, "--currency", "EUR", "--timezone", "Europe/Paris", "--json"))
    assert [key for key in KEYS if key not in found] == []
    assert found["import_id"].startswith("imp_")
    assert found["refused"] == [{"row": 7, "column": "date", "reason": "“nonsense” is not a date"}]
    assert Path(found["refused_file"]).exists()
    assert found["amount_stored"] == "15.75"
    listed = answer(call("import", "list", "--json"))["items"]
    assert listed[0]["import_id"] == found["import_id"]
    assert listed[0]["state"] == "in_force"
    undone = answer(call("import", "undo", found["import_id"], "--json"))
    assert undone["undone"] is True
    assert Order.everything.count() == 0


def test_a_folder_with_one_file_stands_for_it(call, tmp_path: Path) -> None:
    """As public data come: a folder with the file in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / ".listing").write_text("x")
    status, _out, err = call("import", "orders", folder, "--json")
    assert status != 0
    assert "folder with 0 files" in err
    write_rows(folder / "o.csv", BASE)
    assert answer(call("import", "orders", folder, "--json"))["rows_read"] == len(BASE)
    (folder / "p.csv").write_text("x")
    status, _out, err = call("import", "orders", folder, "--json")
    assert status != 0
    assert "folder with 2 files" in err


def test_options_of_the_command(call, tmp_path: Path) -> None:
    """Columns one by one, a mapping in a file, source, dry run."""
    header = ("n", "wann", "wer", "was", "text", "wieviel", "preis", "land")
    path = write_rows(tmp_path / "o.csv", BASE, header)
    pairs = ("order=n", "date=wann", "customer=wer", "quantity=wieviel", "unit_price=preis")
    words = [word for pair in pairs for word in ("--map", pair)]
    dry = answer(call("import", "orders", path, *words, "--dry-run", "--json"))
    assert dry["import_id"] is None
    assert dry["lines_created"] == 5
    assert Order.everything.count() == 0
    columns = {**dict(pair.split("=") for pair in pairs), "product": "was", "country": "land"}
    (tmp_path / "shop.json").write_text(json.dumps({"columns": columns, "currency": "EUR"}))
    call("import", "orders", path, "--mapping", tmp_path / "shop.json", "--json")
    assert set(Order.objects.values_list("source", "currency")) == {("shop", "EUR")}
    answer(call("import", "orders", path, *words, "--source", "branch", "--currency", "USD", "--json"))
    assert Order.objects.filter(source="branch", currency="USD").count() == 4


@pytest.mark.parametrize(
    "words",
    [
        ("import", "orders", "missing.csv"),
        ("import", "orders", "o.csv", "--map", "customer"),
        ("import", "orders", "o.csv", "--map", "customer=nobody"),
        ("import", "orders", "o.csv", "--mapping", "nothing"),
        ("import", "orders", "o.csv", "--currency", "EURO"),
        ("import", "orders", "o.csv", "--timezone", "Nowhere"),
        ("import", "orders", "o.csv", "--date-order", "ydm"),
        ("import", "undo", "imp_zzzzz"),
        ("import", "undo", "99999"),
        ("import", "nothing"),
        ("export", "orders", "o.doc"),
    ],
)
def test_errors_are_one_sentence(call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    """Not a traceback, not silence, and a status that is not 0."""
    monkeypatch.chdir(tmp_path)
    write_rows(tmp_path / "o.csv", BASE)
    status, out, err = call(*words)
    assert status != 0
    assert out == ""
    assert err.startswith("guanxi: ")
    assert len(err.splitlines()) == 1


def test_a_refused_undo_names_what_stands_in_the_way(call, tmp_path: Path) -> None:
    """With --json the conflicts are listed; --rest takes back the others."""
    first = answer(call("import", "orders", write_rows(tmp_path / "a.csv", BASE), "--currency", "EUR", "--json"))
    names = write_rows(tmp_path / "b.csv", [("A", "Alpha Ltd")], header=("external_id", "name"))
    assert answer(call("import", "customers", names, "--json"))["customers_updated"] == 1
    status, out, err = call("import", "undo", first["import_id"], "--json")
    assert status == 1
    assert [conflict["title"] for conflict in json.loads(out)["conflicts"]] == ["Alpha Ltd"]
    assert "console" in err
    kept = answer(call("import", "undo", first["import_id"], "--rest", "--json"))["kept"]
    assert [conflict["title"] for conflict in kept] == ["Alpha Ltd"]
    assert [row["name"] for row in answer(call("customers", "list", "--json"))["items"]] == ["Alpha Ltd"]


def test_no_row_at_all(call, tmp_path: Path) -> None:
    """It fails, and says in JSON which rows were refused."""
    path = write_rows(tmp_path / "o.csv", [("1", "never", "A", "p", "", "1", "1", "")])
    status, out, err = call("import", "orders", path, "--json")
    assert status == 1
    assert json.loads(out)["rows_refused"] == 1
    assert "No row could be read" in err


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "xlsx", "parquet"])
def test_what_is_exported_comes_in_again(call, tmp_path: Path, ending: str) -> None:
    """The export of the orders, imported again, adds nothing."""
    path = write_rows(tmp_path / "o.csv", BASE)
    answer(call("import", "orders", path, "--currency", "EUR", "--timezone", "Asia/Shanghai", "--json"))
    exported = tmp_path / f"again.{ending}"
    assert answer(call("export", "orders", exported, "--json"))["rows"] == 5
    if ending == "csv":
        with exported.open(encoding="utf-8-sig", newline="") as file:
            told = [(row["quantity"], row["unit_price"], row["amount"]) for row in csv.DictReader(file)]
        assert told[0] == ("2", "1.50", "3.00")
        assert told[3] == ("-4", "1.50", "-6.00")
    again = answer(call("import", "orders", exported, "--currency", "EUR", "--timezone", "Asia/Shanghai", "--json"))
    assert again["rows_stored"] == 5
    assert again["lines_created"] == 0


def test_formulas_are_made_harmless_in_every_export(call, tmp_path: Path) -> None:
    """A cell that a spreadsheet would run is text in the file; numbers stay numbers."""
    evil = '=HYPERLINK("http://x","y")'
    rows = [("1", "2024-05-01 10:00", "@SUM(1)", "+1-2", evil, "-1", "1.50", "")]
    answer(call("import", "orders", write_rows(tmp_path / "o.csv", rows), "--currency", "EUR", "--json"))
    for ending in ("csv", "xlsx", "parquet"):
        answer(call("export", "orders", tmp_path / f"e.{ending}", "--json"))
    with (tmp_path / "e.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["customer"], row["description"], row["quantity"], row["amount"]) == (
        "'@SUM(1)",
        f"'{evil}",
        "-1",
        "-1.50",
    )
    cells = next(openpyxl.load_workbook(tmp_path / "e.xlsx").active.iter_rows(min_row=2))
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} <= {"s", "inlineStr"}
    assert pq.read_table(tmp_path / "e.parquet").column("customer").to_pylist() == ["@SUM(1)"]
