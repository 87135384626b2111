"""Cells as people and programs write them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.importing.choices import ValueKind
from guanxi.importing.parsing.columns import ColumnParser
from guanxi.importing.targets import Field, RowBatch

LONDON = ZoneInfo("Europe/London")


def read(kind: ValueKind, cells: list[Any], *, zone: ZoneInfo = LONDON, order: str = "", limit: int = 200) -> list[Any]:
    """The cells of one column as values; a refused one as `!reason`."""
    parser = ColumnParser(Field("f", "F", kind, max_length=limit), zone, date_order=order)
    parser.learn(cells)
    parser.settle()
    batch = RowBatch(list(range(len(cells))), {})
    values = parser.parse(cells, batch)
    return [f"!{batch.refusals[i][1]}" if i in batch.refusals else value for i, value in enumerate(values)]


def read_one(kind: ValueKind, cell: Any, **options: Any) -> Any:
    """One cell that stands alone."""
    return read(kind, [cell], **options)[0]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("¥1,234.50", "1234.50"),
        ("￥1,234.50", "1234.50"),
        ("(12.00)", "-12.00"),
        ("(£12.00)", "-12.00"),
        ("-£3", "-3"),
        ("£-3", "-3"),
        ("3.50-", "-3.50"),
        ("−4", "-4"),
        ("１２３．４５", "123.45"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234,56 €", "1234.56"),
        ("1'234.50", "1234.50"),
        ("12,34,567.89", "1234567.89"),
        ("1,234,567", "1234567"),
        ("1,234", "1234"),
        ("0,125", "0.125"),
        ("12,5", "12.5"),
        ("CNY 88.00", "88.00"),
        ("88.00元", "88.00"),
        ("1.5万", "15000.0"),
        ("US$ 5", "5"),
        ("+7", "7"),
        (".5", "0.5"),
        ("1E+05", "1E+5"),
    ],
)
def test_amounts_are_read_as_written(text: str, amount: str) -> None:
    """Separators, signs, currencies and full-width digits do not matter."""
    assert read_one(ValueKind.DECIMAL, text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["abc", "1.2.3,4", "12,34.5", "1_000", "--5", "5 apples", "50%", "Infinity", "1e999", "1,2,3", "١٢x"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    """Refused with the text in the reason, never read as something near it."""
    assert str(read_one(ValueKind.DECIMAL, text)).startswith("!")


def test_the_column_settles_thousands_and_decimals() -> None:
    """1.234 is thousands in a column that writes 12,50, and refused in one that writes both ways."""
    assert read(ValueKind.DECIMAL, ["1.234", "12,50"])[0] == Decimal(1234)
    assert read(ValueKind.DECIMAL, ["1,234", "12.50"])[0] == Decimal(1234)
    assert read(ValueKind.DECIMAL, ["1,234", "12,50"])[0] == Decimal("1.234")
    mixed = read(ValueKind.DECIMAL, ["1,234", "12,50", "12.50"])
    assert mixed[0].startswith("!")
    assert mixed[1:] == [Decimal("12.50"), Decimal("12.50")]


def test_numbers_of_programs() -> None:
    """Typed numbers come without the noise of binary fractions; not-a-number is nothing."""
    assert read(ValueKind.DECIMAL, [2.55, 6, Decimal("1.10"), float("nan"), None, ""]) == [
        Decimal("2.55"), Decimal(6), Decimal("1.10"), None, None, None,
    ]  # fmt: skip


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_every_amount_survives_each_way_of_writing(amount: Decimal) -> None:
    """What is written in a usual way comes back the same."""
    plain = f"{abs(amount):,.2f}"
    sign = "-" if amount < 0 else ""
    european = plain.translate(str.maketrans(",.", ".,"))
    for text in (f"{sign}{plain}", f"{sign}£{plain}", f"{sign}{european}", f"({plain})" if amount < 0 else plain):
        assert read_one(ValueKind.DECIMAL, text) == amount


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010-12-01 08:26:00", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        ("2010-12-01T08:26:00Z", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        ("2010-12-01T08:26:00.250+08:00", datetime(2010, 12, 1, 0, 26, 0, 250000, tzinfo=UTC)),
        ("2010/12/1 8:26", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        ("20101201", datetime(2010, 12, 1, tzinfo=UTC)),
        ("20101201082600", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        ("2010年12月1日", datetime(2010, 12, 1, tzinfo=UTC)),
        ("2010年12月1日 下午3:04", datetime(2010, 12, 1, 15, 4, tzinfo=UTC)),
        ("2010年12月1日15时04分05秒", datetime(2010, 12, 1, 15, 4, 5, tzinfo=UTC)),
        ("１２/２５/２０１０", datetime(2010, 12, 25, tzinfo=UTC)),
        ("1 Dec 2010", datetime(2010, 12, 1, tzinfo=UTC)),
        ("Dec 1, 2010 3:04 PM", datetime(2010, 12, 1, 15, 4, tzinfo=UTC)),
        ("Wed, 01 Dec 2010 08:26:00 GMT", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        ("01-Dec-10", datetime(2010, 12, 1, tzinfo=UTC)),
        ("25/12/2010", datetime(2010, 12, 25, tzinfo=UTC)),
        ("12/25/2010 11:59 pm", datetime(2010, 12, 25, 23, 59, tzinfo=UTC)),
        ("01.12.2010", datetime(2010, 12, 1, tzinfo=UTC)),
        ("05/05/2010", datetime(2010, 5, 4, 23, tzinfo=UTC)),
        ("40513.351388889", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        (40513, datetime(2010, 12, 1, tzinfo=UTC)),
    ],
)
def test_dates_of_many_forms(text: Any, expected: datetime) -> None:
    """Unmistakable forms need no help."""
    assert read_one(ValueKind.MOMENT, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2010-02-30",
        "31/04/2010",
        "13/13/2010",
        "2010-12-01 25:00",
        "yesterday",
        "0210-01-01",
        "9999-12-31",
        "12345",
        "2011",
    ],
)
def test_impossible_dates_are_refused(text: str) -> None:
    """Nothing outside the calendar or beyond all likelihood is guessed at."""
    assert str(read_one(ValueKind.MOMENT, text)).startswith("!")


def test_day_and_month_are_settled_by_the_column() -> None:
    """One date with a day above twelve tells how the others of the column are meant."""
    assert read(ValueKind.DATE, ["1/12/2010", "13/12/2010"])[0] == date(2010, 12, 1)
    assert read(ValueKind.DATE, ["12/1/2010", "12/13/2010"])[0] == date(2010, 12, 1)
    assert str(read(ValueKind.DATE, ["1/12/2010", "2/11/2010"])[0]).startswith("!")
    assert read(ValueKind.DATE, ["1/12/2010"], order="mdy") == [date(2010, 1, 12)]


def test_three_kinds_in_one_column() -> None:
    """What is plain is read, what could be meant two ways is refused with the reason, nothing is guessed."""
    found = read(ValueKind.DATE, ["2010-12-01", "13/12/2010", "12/14/2010", "03/04/2010", "5 May 2010"])
    assert found[:3] == [date(2010, 12, 1), date(2010, 12, 13), date(2010, 12, 14)]
    assert "both kinds" in found[3]
    assert found[4] == date(2010, 5, 5)


@given(st.dates(min_value=date(1971, 1, 1), max_value=date(2068, 12, 31)), st.sampled_from(["dmy", "mdy"]))
def test_a_settled_column_never_swaps(day: date, order: str) -> None:
    """Whatever the date, a column with a telling example reads it as meant."""
    form = "%d/%m/%Y" if order == "dmy" else "%m/%d/%Y"
    telling = date(2010, 12, 25).strftime(form)
    assert read(ValueKind.DATE, [day.strftime(form), telling])[0] == day


def test_daylight_saving() -> None:
    """A time inside the gap moves forward by its length; of an hour that comes twice the first is meant."""
    assert read_one(ValueKind.MOMENT, "2011-03-27 01:30") == datetime(2011, 3, 27, 1, 30, tzinfo=UTC)
    assert read_one(ValueKind.MOMENT, "2011-03-27 02:30") == datetime(2011, 3, 27, 1, 30, tzinfo=UTC)
    assert read_one(ValueKind.MOMENT, "2011-10-30 01:30") == datetime(2011, 10, 30, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("4.0128e+10", "4.0128e+10"),
        ("007", "007"),
        (" A1 ", " A1 "),
        ("17850.0", "17850.0"),
        (17850.0, "17850"),
        (17850, "17850"),
        (4.0128e10, "40128000000"),
        (Decimal("12346"), "12346"),
        ("張三🙂", "張三🙂"),
        ("\u202eevil", "\u202eevil"),
        ("=1+1", "=1+1"),
        ("   ", None),
        (float("nan"), None),
        (None, None),
    ],
)
def test_identifiers_are_kept_exactly_as_written(cell: Any, expected: str | None) -> None:
    """Text is not touched; a number that a program stores is written without a fraction."""
    assert read_one(ValueKind.IDENTIFIER, cell) == expected


@pytest.mark.parametrize("cell", ["a\x00b", "a\x07b", "a\nb", "x" * 201, "a\udcffb"])
def test_identifiers_that_cannot_be_kept_are_refused(cell: str) -> None:
    """NUL, control characters, broken bytes and too much text."""
    assert read_one(ValueKind.IDENTIFIER, cell).startswith("!")


def test_text_on_one_line() -> None:
    """Line breaks become blanks; ten thousand characters are refused with both numbers."""
    assert read_one(ValueKind.TEXT, " two\nlines ") == "two lines"
    assert "10000" in read_one(ValueKind.TEXT, "x" * 10_000)
    assert read_one(ValueKind.TEXT, "مرحبا 🙂 張三") == "مرحبا 🙂 張三"
    assert "NUL" in read_one(ValueKind.TEXT, "a\x00b")
