"""What other programs rely on: the shapes and promises of the command line, in processes of their own."""

import csv
import json
import re
import resource
import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.installation import Installation
from tests.public_data import PublicDataFinder

HEADER = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
ROWS = [
    ["536365", "85123A", "HEART, WHITE", "6", "2010-12-01 08:26", "2.55", "17850", "United Kingdom"],
    ["536365", "85123A", "HEART, WHITE", "6", "2010-12-01 08:26", "2.55", "17850", "United Kingdom"],
    ["C536379", "D", "Discount", "-1", "2010-12-01 09:41", "27.50", "17850", "United Kingdom"],
    ["536370", "POST", "POSTAGE", "3", "2010-12-02 08:45", "18.005", "4.0128e+10", "France"],
    ["536414", "22139", "", "56", "2010-12-03 11:52", "0", "", "United Kingdom"],
    ["536415", "22140", "Bad row", "many", "2010-12-03 11:53", "1.00", "17850", "United Kingdom"],
]
IMPORT_KEYS = {
    "import_id",
    "rows_read",
    "rows_stored",
    "rows_refused",
    "refused",
    "refused_file",
    "customers_created",
    "orders_created",
    "lines_created",
    "amount_stored",
}


def write_csv(path: Path, rows: list[list[str]], header: list[str] | None = None) -> Path:
    """A file as another system would export it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header or HEADER, *rows])
    return path


@pytest.fixture
def orders_csv(tmp_path: Path) -> Path:
    """A few invoice lines with one bad row."""
    return write_csv(tmp_path / "orders.csv", ROWS)


@pytest.mark.smoke
def test_orders_come_in_on_an_empty_data_folder(empty_guanxi: Installation, orders_csv: Path) -> None:
    """The database is made first; counts, money and refusals add up; figures are current at once."""
    answer = empty_guanxi.json("import", "orders", orders_csv, "--mapping", "online-retail", "--currency", "GBP")
    assert set(answer) >= IMPORT_KEYS
    assert (answer["rows_read"], answer["rows_stored"], answer["rows_refused"]) == (6, 5, 1)
    assert (answer["customers_created"], answer["orders_created"], answer["lines_created"]) == (2, 4, 5)
    # 15.30 + 15.30 - 27.50 + 54.02 (3 x 18.005 = 54.015, half up) + 0
    assert Decimal(answer["amount_stored"]) == Decimal("57.12")
    assert [(r["row"], bool(r["column"]), bool(r["reason"])) for r in answer["refused"]] == [(7, True, True)]
    assert "many" in Path(answer["refused_file"]).read_text(encoding="utf-8")

    shown = empty_guanxi.json("customers", "show", "17850")
    assert Decimal(shown["net_revenue"]) == Decimal("3.10")
    assert shown["tier"] in {"vip", "major", "ordinary", "small"}
    assert shown["abc"] in {"A", "B", "C"}
    assert set(shown["rfm"]) >= {"r", "f", "m", "recency_days", "frequency", "monetary"}
    other = empty_guanxi.json("customers", "show", "4.0128e+10")
    assert Decimal(other["net_revenue"]) == Decimal("54.02")
    assert other["rfm"]["recency_days"] == 2


def test_columns_are_found_without_a_mapping(guanxi: Installation, tmp_path: Path) -> None:
    """By names in either language and by contents."""
    rows = [["张三", "A-1", "2024-05-01", "杯子", "2", "10.00"], ["李四", "A-2", "2024-05-02", "盘子", "1", "30.00"]]
    path = write_csv(tmp_path / "订单.csv", rows, ["客户编号", "订单号", "日期", "商品编码", "数量", "单价"])
    answer = guanxi.json("import", "orders", path)
    assert (answer["rows_stored"], answer["customers_created"], answer["amount_stored"]) == (2, 2, "50.00")


def test_short_chinese_names_of_columns_are_enough(guanxi: Installation, tmp_path: Path) -> None:
    """In GB18030, as a spreadsheet in China writes it."""
    path = tmp_path / "导出.csv"
    path.write_bytes("客户名称,订单,日期,产品,数量,金额\n张三,A1,2024-05-01,杯子,2,20\n".encode("gb18030"))
    answer = guanxi.json("import", "orders", path)
    assert (answer["rows_stored"], answer["customers_created"], answer["amount_stored"]) == (1, 1, "20.00")


def test_orders_in_a_currency_without_a_rate_are_kept_and_said_to_be_left_out(
    guanxi: Installation, tmp_path: Path
) -> None:
    """Nobody finds zeros without a reason."""
    header = ["customer", "order", "date", "product", "amount"]
    first = write_csv(tmp_path / "gbp.csv", [["G1", "1", "2024-05-01", "cup", "10"]], header)
    other = write_csv(tmp_path / "cny.csv", [["C1", "2", "2024-05-02", "cup", "90"]], header)
    assert guanxi.json("import", "orders", first, "--currency", "GBP")["notes"] == []
    answer = guanxi.json("import", "orders", other, "--currency", "CNY")
    assert (answer["rows_stored"], answer["amount_stored"]) == (1, "90.00")
    assert len(answer["notes"]) == 1
    assert "GBP" in answer["notes"][0]
    assert "CNY" in answer["notes"][0]
    assert guanxi.json("customers", "tiers")["left_out"] == [{"currency": "CNY", "orders": 1, "customers": 1}]


def test_the_same_file_twice_changes_nothing_and_a_longer_one_adds_its_new_rows(
    guanxi: Installation, orders_csv: Path, tmp_path: Path
) -> None:
    """Stored rows count whether new or already there; created ones only what this run added."""
    first = guanxi.json("import", "orders", orders_csv, "--mapping", "online-retail")
    again = guanxi.json("import", "orders", orders_csv, "--mapping", "online-retail")
    assert again["rows_stored"] == first["rows_stored"]
    assert again["amount_stored"] == first["amount_stored"]
    assert (again["customers_created"], again["orders_created"], again["lines_created"]) == (0, 0, 0)
    longer = [*ROWS[:2], ROWS[0], *ROWS[2:], ["536500", "1", "New", "1", "2010-12-09", "5", "17850", "France"]]
    added = guanxi.json("import", "orders", write_csv(tmp_path / "l.csv", longer), "--mapping", "online-retail")
    assert (added["customers_created"], added["orders_created"], added["lines_created"]) == (0, 1, 2)
    assert Decimal(guanxi.json("customers", "show", "17850")["net_revenue"]) == Decimal("23.40")


def test_undo_takes_an_import_back(guanxi: Installation, orders_csv: Path, tmp_path: Path) -> None:
    """Everything it added goes; what stood before stays; the list says so."""
    before = write_csv(tmp_path / "before.csv", ROWS[:1])
    guanxi.json("import", "orders", before, "--mapping", "online-retail")
    done = guanxi.json("import", "orders", orders_csv, "--mapping", "online-retail")
    guanxi.json("import", "undo", done["import_id"])
    assert Decimal(guanxi.json("customers", "show", "17850")["net_revenue"]) == Decimal("15.30")
    assert "4.0128e+10" in guanxi.run("customers", "show", "4.0128e+10", "--json", expect=1).err
    listed = guanxi.json("import", "list")
    states = {row["import_id"]: row["state"] for row in (listed["items"] if isinstance(listed, dict) else listed)}
    assert states[done["import_id"]] == "undone"


def test_undo_of_what_came_twice_says_what_stays(guanxi: Installation, orders_csv: Path) -> None:
    """The archive is that of the files in force; nobody wonders why the rows are still there."""
    first = guanxi.json("import", "orders", orders_csv, "--mapping", "online-retail")
    second = guanxi.json("import", "orders", orders_csv, "--mapping", "online-retail")
    assert guanxi.json("import", "undo", first["import_id"])["shared"] == 5
    assert len(guanxi.json("customers", "list")["items"]) == 2
    assert guanxi.json("import", "undo", second["import_id"])["shared"] == 0
    assert guanxi.json("customers", "list")["items"] == []


def test_undo_leaves_no_customer_behind_whatever_was_measured(guanxi: Installation, tmp_path: Path) -> None:
    """Tiers at earlier dates are worked out from orders and hold nothing up."""
    days = ("2010-12-01", "2011-03-15", "2011-06-15", "2011-09-15", "2011-12-08")
    rows = [[f"5{n}", "1", "Cup", "1", day, "9", str(n % 2 + 1), "France"] for n, day in enumerate(days)]
    done = guanxi.json("import", "orders", write_csv(tmp_path / "year.csv", rows), "--mapping", "online-retail")
    assert guanxi.json("customers", "show", "1")["tier"] == "vip"
    guanxi.json("import", "undo", done["import_id"])
    assert guanxi.json("customers", "list", "--limit", "5")["items"] == []


def test_a_dry_run_counts_and_writes_nothing(guanxi: Installation, orders_csv: Path) -> None:
    """The counts are those of the real run."""
    tried = guanxi.json("import", "orders", orders_csv, "--mapping", "online-retail", "--dry-run")
    assert (tried["rows_stored"], tried["customers_created"], tried["lines_created"]) == (5, 2, 5)
    assert guanxi.json("customers", "list", "--limit", "5")["items"] == []
    done = guanxi.json("import", "orders", orders_csv, "--mapping", "online-retail")
    told = IMPORT_KEYS | {"products_created", "currency", "notes", "rows_erased", "erased", "erased_choice"}
    assert {key: tried[key] for key in told - {"import_id", "refused_file"}} == {
        key: done[key] for key in told - {"import_id", "refused_file"}
    }
    assert set(tried) == set(done) == told


def test_the_answer_has_the_same_keys_when_nothing_could_be_read(guanxi: Installation, tmp_path: Path) -> None:
    """A program looks for its counts in one place, for orders and for customers."""
    path = write_csv(tmp_path / "bad.csv", [["1", "a", "never", "cup", "x", "y", "z", "France"]])
    for words in ([], ["--dry-run"]):
        ended = guanxi.run("import", "orders", path, "--mapping", "online-retail", *words, "--json", expect=1)
        assert set(ended.json()) >= IMPORT_KEYS
    people = write_csv(tmp_path / "people.csv", [["1", "Anna"]], ["external_id", "name"])
    answer = guanxi.json("import", "customers", people)
    assert set(answer) >= IMPORT_KEYS
    assert (answer["customers_created"], answer["orders_created"], answer["amount_stored"]) == (1, 0, "0.00")


@pytest.mark.parametrize(
    "words",
    [
        ["import", "orders", "/nowhere/orders.csv"],
        ["customers", "show", "nobody"],
        ["import", "undo", "999"],
        ["import", "orders", __file__, "--mapping", "no-such-mapping"],
        ["user", "create", "x", "--role", "emperor"],
        ["token", "create", "--user", "nobody", "--scope", "read"],
        ["frobnicate"],
    ],
)
def test_a_failure_is_one_sentence_and_a_status(guanxi: Installation, words: list[str]) -> None:
    """Never a traceback, never success."""
    answer = guanxi.run(*words, expect=None)
    assert answer.status != 0
    assert "Traceback" not in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert answer.err.strip()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://",
        "postgresql://u:secret-word@h",
        "postgresql://u:secret-word@h:abc/x",
        "postgresql://[::1/x",
        "mysql://h/x",
    ],
)
def test_an_unusable_database_address_is_said_without_its_password(guanxi: Installation, url: str) -> None:
    guanxi.database_url = url
    ended = guanxi.run("customers", "list", expect=1)
    assert ended.err.startswith("guanxi: DATABASE_URL")
    assert ended.err.count("\n") == 1
    assert "secret-word" not in ended.err


@pytest.mark.parametrize(
    "settings", [{"GUANXI_TIMEZONE": "Mars"}, {"DATABASE_URL": "mysql://h/x"}, {"GUANXI_DATA": "/proc/nowhere"}]
)
def test_help_needs_no_settings(guanxi: Installation, settings: dict[str, str]) -> None:
    """Whoever looks up how to set something right has it set wrong."""
    guanxi.settings |= settings
    assert "token" in guanxi.run("--help").out
    assert "--scope" in guanxi.run("token", "create", "--help").out
    assert guanxi.run("--version").out.startswith("guanxi ")
    assert guanxi.run("customers", "list", expect=1).err.count("\n") == 1


@pytest.mark.parametrize("target", ["&-", "/dev/full"])
def test_output_that_cannot_be_written_is_a_failure_in_one_sentence(guanxi: Installation, target: str) -> None:
    words = [*guanxi.command, "customers", "list", "--json"]
    ended = subprocess.run(
        ["sh", "-c", f'"$@" >{target}', "sh", *words],
        env=guanxi.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("guanxi: ")


def test_users_and_tokens_are_made_and_shown_once(guanxi: Installation) -> None:
    """The password works nowhere in the database in clear; neither does the token."""
    user = guanxi.json("user", "create", "mei", "--role", "manager")
    assert user["name"] == "mei"
    assert len(user["password"]) >= 12
    token = guanxi.json("token", "create", "--user", "mei", "--scope", "read")["token"]
    assert len(token) >= 32
    if not guanxi.database_url:
        held = b"".join(p.read_bytes() for p in guanxi.data.glob("guanxi.sqlite3*"))
        assert token.encode() not in held
        assert user["password"].encode() not in held


@pytest.mark.parametrize(
    "command", ["up", "check", "user", "token", "import", "export", "customers", "seed", "work", "bench"]
)
def test_every_command_explains_itself(guanxi: Installation, command: str) -> None:
    """--help for each."""
    assert "usage" in guanxi.run(command, "--help").out.lower()


def everybody(guanxi: Installation) -> Iterator[dict[str, Any]]:
    """Walk the whole list of customers, page by page."""
    after: list[str] = []
    while True:
        page = guanxi.json("customers", "list", "--limit", "1000", *after)
        yield from page["items"]
        if not page["next"]:
            return
        after = ["--after", str(page["next"])]


def expected_standings(path: Path) -> tuple[dict[str, int], dict[str, str]]:
    """Net revenue in pence and tier of each customer, computed plainly from the file."""
    net: dict[str, int] = {}
    last: dict[str, Any] = {}
    rows = pq.read_table(path, columns=["CustomerID", "Quantity", "UnitPrice", "InvoiceDate"]).to_pylist()
    for row in rows:
        if row["CustomerID"] is None:
            continue
        who = str(row["CustomerID"])
        amount = Decimal(row["Quantity"]) * Decimal(repr(row["UnitPrice"]))
        pence = int(amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) * 100)
        net[who] = net.get(who, 0) + pence
        last[who] = max(last.get(who, row["InvoiceDate"]), row["InvoiceDate"])
    ranked = sorted(net, key=lambda who: (-net[who], -last[who].timestamp()))
    cuts = [ceil(len(ranked) * share / 100) for share in (1, 5, 20)]
    tiers = {}
    for rank, who in enumerate(ranked):
        tier = "vip" if rank < cuts[0] else "major" if rank < cuts[1] else "ordinary" if rank < cuts[2] else "small"
        tiers[who] = tier if net[who] > 0 else "small"
    return net, tiers


@pytest.mark.full
@pytest.mark.timeout(600)
def test_the_whole_online_retail_file_reconciles(guanxi: Installation, public_data: PublicDataFinder) -> None:
    """541,909 rows within a minute; every customer's standing against a plain count; a second time adds nothing; all goes again."""
    path = public_data("online_retail/online_retail.parquet", whole=True).path
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = guanxi.json("import", "orders", path, "--mapping", "online-retail")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (answer["rows_read"], answer["rows_stored"], answer["rows_refused"]) == (541_909, 541_909, 0)
    assert (answer["customers_created"], answer["orders_created"]) == (4_372, 25_900)
    assert answer["lines_created"] == 541_909
    assert Decimal(answer["amount_stored"]) == Decimal("9747747.93")
    # Time of the processor: beside other tests the clock on the wall says little. The bench measures that.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 60

    net, tiers = expected_standings(path)
    found = {row["external_id"]: row for row in everybody(guanxi)}
    assert len(found) == 4_372
    assert {who: int(Decimal(row["net_revenue"]) * 100) for who, row in found.items()} == net
    assert {who: row["tier"] for who, row in found.items()} == tiers

    best = guanxi.json("customers", "show", "14646")
    assert (Decimal(best["net_revenue"]), best["tier"], best["abc"]) == (Decimal("279489.02"), "vip", "A")
    for who, value in (("12346", "0.00"), ("16446", "2.90")):
        shown = guanxi.json("customers", "show", who)
        assert (Decimal(shown["net_revenue"]), shown["tier"], shown["abc"]) == (Decimal(value), "small", "C")

    summary = guanxi.json("customers", "tiers")
    assert date.fromisoformat(summary["period"]["from"]) == date(2010, 12, 1)
    assert date.fromisoformat(summary["period"]["to"]) == date(2011, 12, 9)
    assert {row["tier"]: row["customers"] for row in summary["pyramid"]} == {
        tier: list(tiers.values()).count(tier) for tier in ("vip", "major", "ordinary", "small")
    }
    assert sum(Decimal(row["net_revenue"]) for row in summary["pyramid"]) == Decimal("8300065.81")
    assert sum(Decimal(row["net_revenue"]) for row in summary["abc"]) == Decimal("8300065.81")
    assert json.dumps(summary)
    assert re.fullmatch(r"cus_[0-9a-z]+", best["id"])

    again = guanxi.json("import", "orders", path, "--mapping", "online-retail", "--currency", "GBP")
    assert again["rows_stored"] == 541_909
    assert (again["customers_created"], again["orders_created"], again["lines_created"]) == (0, 0, 0)
    guanxi.json("import", "undo", again["import_id"])
    guanxi.json("import", "undo", answer["import_id"])
    assert guanxi.json("customers", "list", "--limit", "5")["items"] == []
