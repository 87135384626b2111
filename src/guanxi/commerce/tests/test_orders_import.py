"""Order files come in whole: every row stands or is refused with its reason, and money reconciles to the cent."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.catalog.models import Product
from guanxi.commerce.models import Order, OrderLine
from guanxi.commerce.orders_import.fields import check_customer
from guanxi.commerce.tests.conftest import BASE, HEADER, Bring, write_rows
from guanxi.core import ids
from guanxi.core.errors import GuanxiError, InvalidInput
from guanxi.customers.models import Customer, ExternalId
from guanxi.importing.engine.folders import imports_folder
from guanxi.importing.models import Import
from guanxi.importing.services import NothingImported


def archive() -> dict[str, object]:
    """Everything that an import can change, in a form that can be compared."""
    return {
        "orders": sorted(
            Order.objects.values_list(
                "source", "number", "customer_ref", "kind", "ordered_at", "amount_minor", "line_count", "currency"
            )
        ),
        "lines": Counter(
            OrderLine.objects.values_list("order__number", "product__code", "quantity", "amount_minor", "kind")
        ),
        "customers": sorted(ExternalId.objects.values_list("source", "value", "customer__name")),
        "products": sorted(Product.objects.values_list("source", "code", "name", "kind")),
    }


def test_what_an_undone_beginning_left_is_not_told_of_the_next_of_that_number(bring: Bring, tmp_path: Path) -> None:
    """In a folder of its own: other tests run imports at the same time."""
    with override_settings(DATA_DIR=tmp_path):
        last = Import.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        for number in range(last + 1, last + 2000):
            folder = imports_folder() / str(number)
            folder.mkdir()
            (folder / "refused.csv").write_text("of another")
        assert bring(BASE).as_json()["refused_file"] is None


def test_counts_and_money(bring: Bring) -> None:
    """The answer says what came in; returns are taken off; buyers without an id are kept."""
    answer = bring(BASE).as_json()
    assert {key: answer[key] for key in ("rows_read", "rows_stored", "rows_refused")} == {
        "rows_read": 5, "rows_stored": 5, "rows_refused": 0,
    }  # fmt: skip
    assert (answer["customers_created"], answer["orders_created"], answer["lines_created"]) == (2, 4, 5)
    assert answer["amount_stored"] == "15.75"
    assert answer["refused"] == []
    assert answer["refused_file"] is None
    assert Order.objects.get(number="C2").kind == "return"
    assert Order.objects.get(number="3").customer is None
    assert Order.objects.get(number="1").amount_minor == 525


def test_refused_rows_are_explained(bring: Bring) -> None:
    """Row number as in a spreadsheet, the file's column, a reason; the others come in."""
    rows = [
        *BASE,
        ("4", "2024-02-30", "A", "P1", "Pen", "1", "1.50", ""),
        ("5", "2024-05-04", "A", "P1", "Pen", "many", "1.50", ""),
        ("", "2024-05-04", "A", "P1", "Pen", "1", "1.50", ""),
        ("6", "2024-05-04", "A", "P1", "=cmd|' /C calc'!A1", "1", "", ""),
        ("7", "2024-05-04", "A\x00", "P1", "x", "1", "1", ""),
        ("8", "2024-05-04", "A", "P1", "x" * 10_000, "1", "1", ""),
    ]
    result = bring(rows)
    answer = result.as_json()
    assert answer["rows_read"] == answer["rows_stored"] + answer["rows_refused"] == 11
    assert [(refused["row"], refused["column"]) for refused in answer["refused"]] == [
        (7, "date"), (8, "quantity"), (9, "order"), (10, "unit_price"), (11, "customer"), (12, "description"),
    ]  # fmt: skip
    assert all(refused["reason"] for refused in answer["refused"])
    text = Path(answer["refused_file"]).read_text(encoding="utf-8-sig")
    assert text.count("\n") == 7
    assert ",'=cmd" in text
    assert ",=cmd" not in text
    assert Order.objects.count() == 4


def test_equal_rows_are_separate_lines_and_the_same_file_twice_changes_nothing(bring: Bring) -> None:
    """Rows are told apart by their place among equal ones, whatever order the next file has them in."""
    rows = [BASE[0], BASE[0], BASE[0], BASE[1]]
    assert bring(rows).counts["lines_created"] == 4
    before = archive()
    again = bring(list(reversed(rows)))
    assert again.counts["lines_created"] == again.counts["orders_created"] == again.counts["customers_created"] == 0
    assert again.run.rows_stored == 4
    assert archive() == before


def test_a_longer_export_adds_only_its_new_rows(bring: Bring) -> None:
    """New lines of a standing order are added to it, and its total follows."""
    bring(BASE[:3])
    more = bring([("1", "2024-05-01 10:00", "A", "P9", "Cap", "1", "9.00", "France"), BASE[0], *reversed(BASE)])
    assert more.counts["lines_created"] == 4
    assert more.counts["orders_created"] == 2
    order = Order.objects.get(number="1")
    assert (order.amount_minor, order.line_count) == (525 + 900 + 300, 4)
    assert sum(Order.objects.values_list("amount_minor", flat=True)) == sum(
        OrderLine.objects.values_list("amount_minor", flat=True)
    )


def test_the_same_rows_from_another_program_are_the_same_lines(bring: Bring, tmp_path: Path) -> None:
    """The form of numbers and dates does not make a line another one."""
    bring(BASE)
    other = [
        ("1", "1/5/2024 10:00", "A", "P1", "Pen", "2.0", "€ 1,50", "France"),
        ("1", "1/5/2024 10:00", "A", "P2", "Ink", "1", "2,25", "France"),
        ("2", "2/5/2024 11:00", "B", "P1", "Pen", "10", "1,5", "Italy"),
        ("9", "13/5/2024 11:00", "B", "P1", "Pen", "10", "1,5", "Italy"),
    ]
    assert bring(other).counts["lines_created"] == 1


def test_ids_are_text_exactly_as_written_and_unique_per_source(bring: Bring) -> None:
    """4.0128e+10 is no number, 007 is not 7; another source has customers of its own."""
    rows = [(number, "2024-05-01", ref, "p", "", "1", "1", "") for number, ref in enumerate(["4.0128e+10", "007", "7"])]
    bring(rows)
    assert set(ExternalId.objects.values_list("value", flat=True)) == {"4.0128e+10", "007", "7"}
    assert bring(rows, source="shop").counts["customers_created"] == 3
    assert Customer.objects.count() == 6
    with pytest.raises(InvalidInput):
        check_customer(ids.public_id("cus", 17))


def test_one_number_for_two_buyers_is_two_orders(bring: Bring) -> None:
    """Nobody is charged with what another one bought."""
    bring([("1", "2024-05-01", "A", "p", "", "1", "5", ""), ("1", "2024-05-01", "B", "p", "", "1", "7", "")])
    assert sorted(Order.objects.values_list("customer_ref", "amount_minor")) == [("A", 500), ("B", 700)]


def test_amount_wins_and_zero_is_stored(bring: Bring) -> None:
    """The amount of the line counts where it is given; nothing is too small to be kept."""
    header = ("order", "date", "customer", "quantity", "unit_price", "amount")
    result = bring(
        [
            ("1", "2024-05-01", "A", "3", "1.00", "2.70"),
            ("1", "2024-05-01", "A", "0", "5", ""),
            ("2", "2024-05-01", "A", "1", "0", ""),
        ],
        header=header,
    )
    assert result.as_json()["amount_stored"] == "2.70"
    assert result.counts["lines_created"] == 3


def test_lines_are_rounded_half_up_to_the_minor_unit(bring: Bring) -> None:
    """Half a cent goes away from zero; a currency without cents has none."""
    rows = [("1", "2024-05-01", "A", "p", "", "1", "0.125", ""), ("2", "2024-05-01", "A", "p", "", "-1", "0.125", "")]
    bring(rows)
    assert sorted(OrderLine.objects.values_list("amount_minor", flat=True)) == [-13, 13]
    assert (
        bring([("3", "2024-05-01", "A", "p", "", "3", "33.5", "")], source="jp", currency="JPY").as_json()[
            "amount_stored"
        ]
        == "101"
    )


def test_kinds_of_lines_and_orders(bring: Bring) -> None:
    """The mapping of the shop says which codes are fees or adjustments and which numbers are cancellations."""
    header = ("InvoiceNo", "InvoiceDate", "CustomerID", "StockCode", "Description", "Quantity", "UnitPrice", "Country")
    rows = [
        ("536365", "2010-12-01 08:26", "17850", "85123A", "HOLDER", "6", "2.55", "United Kingdom"),
        ("536365", "2010-12-01 08:26", "17850", "POST", "POSTAGE", "1", "18", "United Kingdom"),
        ("C536379", "2010-12-01 09:41", "14527", "D", "Discount", "-1", "27.50", "United Kingdom"),
        ("A563185", "2011-08-12 14:50", "", "B", "Adjust bad debt", "1", "11062.06", "United Kingdom"),
        ("536540", "2010-12-01 14:05", "", "gift_0001_20", "", "1", "17.02", "United Kingdom"),
    ]
    result = bring(rows, header=header, mapping="online-retail", currency="", timezone="")
    assert result.run.currency == "GBP"
    assert result.run.source == "online-retail"
    kinds = dict(OrderLine.objects.values_list("product__code", "kind"))
    assert kinds == {
        "85123A": "goods",
        "POST": "fee",
        "D": "adjustment",
        "B": "adjustment",
        "gift_0001_20": "adjustment",
    }
    assert dict(Order.objects.values_list("number", "kind")) == {
        "536365": "sale", "C536379": "return", "A563185": "adjustment", "536540": "sale",
    }  # fmt: skip
    guessed = bring(rows, header=header, currency="GBP", timezone="Europe/London", source="guessed")
    assert guessed.counts["lines_created"] == 5
    assert OrderLine.objects.filter(kind="fee").count() == 2


def test_the_sign_of_the_amounts_tells_the_currency(bring: Bring) -> None:
    """Pounds are pounds without being asked for; what was asked for counts more; a mixture tells nothing."""
    pounds = [("1", "2024-05-01", "A", "p", "", "1", "£5.00", ""), ("1", "2024-05-01", "A", "q", "", "1", "£7", "")]
    assert bring(pounds, currency="", is_dry_run=True).run.currency == "GBP"
    assert bring(pounds, currency="USD", is_dry_run=True).run.currency == "USD"
    mixed = [*pounds, ("1", "2024-05-01", "A", "q", "", "1", "€7", "")]
    assert bring(mixed, currency="", is_dry_run=True).run.currency == "CNY"


def test_dry_run_foresees_and_writes_nothing(bring: Bring) -> None:
    """The same counts as the real run, and an archive that stays as it was."""
    bring(BASE[:2])
    before = archive()
    foreseen = bring(BASE, is_dry_run=True)
    assert archive() == before
    assert foreseen.as_json()["import_id"] is None
    real = bring(BASE)
    for key in ("customers_created", "orders_created", "lines_created"):
        assert foreseen.counts[key] == real.counts[key]


def test_columns_are_found_by_name_and_by_content(bring: Bring) -> None:
    """Chinese and English names; without telling names the cells give quantity, price and amount away."""
    chinese = ("订单编号", "下单时间", "客户编号", "商品编码", "商品名称", "数量", "单价", "国家")
    assert bring(BASE, header=chinese).run.mapping["columns"]["customer"] == "客户编号"
    nameless = ("f1", "f2", "Buyer", "f3", "f4", "f5")
    rows = [
        (
            str(100 + number // 2),
            f"2024-05-{1 + number // 2:02} 10:00",
            "AB"[number % 4 // 2],
            number + 2,
            "1.25",
            f"{(number + 2) * 1.25:.2f}",
        )
        for number in range(10)
    ]
    found = bring(rows, header=nameless, source="bare").run.mapping["columns"]
    assert found == {
        "customer": "Buyer",
        "order": "f1",
        "date": "f2",
        "quantity": "f3",
        "unit_price": "f4",
        "amount": "f5",
    }


@pytest.mark.parametrize(
    ("header", "options", "said"),
    [
        (("a", "b", "c", "d", "e", "f", "g", "h"), {}, "No column"),
        (HEADER, {"columns": {"customer": "client"}}, "client"),
        (HEADER, {"columns": {"buyer": "customer"}}, "buyer"),
        (HEADER, {"mapping": "online-retail"}, "InvoiceNo"),
        (HEADER, {"mapping": "no-such-mapping"}, "no-such-mapping"),
        (HEADER, {"currency": "XQQ"}, "XQQ"),
        (HEADER, {"timezone": "Mars/Olympus"}, "Mars/Olympus"),
        (HEADER, {"source": "x" * 61}, "60"),
    ],
)
def test_wrong_columns_and_options_are_said(bring: Bring, header: tuple[str, ...], options: dict, said: str) -> None:
    """One sentence that names what is wrong; nothing is left behind."""
    with pytest.raises(GuanxiError) as caught:
        bring(BASE, header=header, **options)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert Import.objects.count() == 0


def test_a_file_without_a_usable_row(bring: Bring) -> None:
    """It fails, and the result still tells why each row was refused."""
    with pytest.raises(NothingImported) as caught:
        bring([("1", "never", "A", "p", "", "1", "1", "")])
    assert caught.value.result.as_json()["rows_refused"] == 1
    with pytest.raises(NothingImported):
        bring([])
    assert Order.everything.count() == 0


def test_a_file_in_another_currency_cannot_add_to_an_order(bring: Bring) -> None:
    """Pounds are not added to euros; the refusal leaves nothing behind."""
    bring(BASE)
    before = archive()
    with pytest.raises(GuanxiError, match="EUR"):
        bring([*BASE, ("9", "2024-05-01", "Z", "p", "", "1", "1", "")], currency="GBP")
    assert archive() == before
    assert not Order.everything.filter(number="9").exists()
    assert not ExternalId.everything.filter(value="Z").exists()


ROW = st.tuples(
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from(["2024-05-01", "2024-05-02 10:30"]),
    st.sampled_from(["A", "B", ""]),
    st.sampled_from(["P", "Q"]),
    st.just("text"),
    st.sampled_from(["1", "-2", "0", "1.5"]),
    st.sampled_from(["0.99", "10", "0"]),
    st.just("France"),
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=1, max_size=12), cut=st.integers(0, 12), seed=st.randoms(use_true_random=False))
def test_parts_and_repeats_come_to_the_same(bring: Bring, tmp_path: Path, rows: list, cut: int, seed: object) -> None:
    """A part first and then the whole, shuffled, is the whole imported once; every cent is accounted for."""
    sources = f"whole-{ROUND[0]}", f"parts-{ROUND[0]}"
    ROUND[0] += 1
    bring(rows, source=sources[0])
    if rows[:cut]:
        bring(rows[:cut], source=sources[1])
    shuffled = list(rows)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    bring(shuffled, source=sources[1])
    expected = sum(
        (Decimal(row[5]) * Decimal(row[6])).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP") for row in rows
    )
    for source in sources:
        amounts = OrderLine.objects.filter(order__source=source).values_list("amount_minor", flat=True)
        assert len(amounts) == len(rows)
        assert sum(amounts) == expected * 100
        assert sum(Order.objects.filter(source=source).values_list("amount_minor", flat=True)) == expected * 100


ROUND = [0]


def test_write_rows_makes_a_file(tmp_path: Path) -> None:
    """The helper of these tests quotes what must be quoted."""
    assert '"a,b"' in write_rows(tmp_path / "x.csv", [["a,b"]], ["c"]).read_text()
