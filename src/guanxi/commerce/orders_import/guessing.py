"""Which column of an orders file holds what, judged by the cells alone."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from guanxi.commerce.orders_import.fields import FIELDS
from guanxi.importing.choices import ValueKind
from guanxi.importing.parsing.columns import ColumnParser
from guanxi.importing.readers import Batch
from guanxi.importing.targets import Field, RowBatch

MOST_COLUMNS = 60
FEWEST_ROWS = 5
_BY_KEY = {field.key: field for field in FIELDS}
_ZONE = ZoneInfo("UTC")


def columns_by_content(sample: Batch, found: dict[str, int]) -> dict[str, int]:
    """Field -> column for what no name gave away, and only where the cells leave no doubt."""
    if len(sample) < FEWEST_ROWS or len(sample.columns) > MOST_COLUMNS:
        return {}
    free = [index for index in range(len(sample.columns)) if index not in found.values()]
    guesses: dict[str, int] = {}
    dates = [index for index in free if _read(_BY_KEY["date"], sample.columns[index], text_only=True)]
    if "date" not in found and len(dates) == 1:
        guesses["date"] = dates[0]
    free = [index for index in free if index not in dates]
    guesses |= _numbers(sample, found, free)
    free = [index for index in free if index not in guesses.values()]
    guesses |= _order_and_customer(sample, found | guesses, free)
    return guesses


def _read(field: Field, cells: Sequence[Any], *, text_only: bool = False) -> list[Any] | None:
    """The cells as values of a field's kind, or None when more than a few cannot be read so."""
    given = [cell for cell in cells if cell is not None and cell != ""]
    if not given or (text_only and all(isinstance(cell, int | float) or _is_digits(cell) for cell in given)):
        return None
    parser = ColumnParser(Field(field.key, field.label, field.kind), _ZONE, date_order="dmy")
    parser.learn(given)
    parser.settle()
    batch = RowBatch(list(range(len(cells))), {})
    values = parser.parse(cells, batch)
    return values if len(batch.refusals) <= 0.02 * len(given) else None


def _is_digits(cell: Any) -> bool:
    """Whether a cell is a bare number, which as a date would only be a guess."""
    return isinstance(cell, str) and cell.replace(".", "", 1).isdigit()


def _numbers(sample: Batch, found: dict[str, int], free: list[int]) -> dict[str, int]:
    """Three columns of which one is the product of the others are quantity, unit price and amount."""
    if {"quantity", "unit_price", "amount"} & set(found):
        return {}
    columns: dict[int, list[Any]] = {}
    for index in free:
        values = _read(Field("number", "", ValueKind.DECIMAL), sample.columns[index])
        if values is not None and all(value is not None for value in values):
            columns[index] = values
    for quantity in columns:
        if any(value != value.to_integral_value() for value in columns[quantity]):
            continue
        for price in columns:
            for amount in columns:
                if len({quantity, price, amount}) == 3 and _multiply(
                    columns[quantity], columns[price], columns[amount]
                ):
                    return {"quantity": quantity, "unit_price": price, "amount": amount}
    with_cents = [i for i, values in columns.items() if any(v != v.to_integral_value() for v in values)]
    return {"amount": with_cents[0]} if len(with_cents) == 1 and len(columns) == 1 else {}


def _multiply(quantities: list[Decimal], prices: list[Decimal], amounts: list[Decimal]) -> bool:
    """Whether quantity times price is the amount in nearly every row, and not only because of ones and zeros."""
    telling = [
        (quantity, price, amount)
        for quantity, price, amount in zip(quantities, prices, amounts, strict=True)
        if quantity not in {0, 1} and price not in {0, 1}
    ]
    right = sum(abs(quantity * price - amount) <= Decimal("0.01") for quantity, price, amount in telling)
    return len(telling) >= 3 and right >= 0.95 * len(telling)


def _order_and_customer(sample: Batch, found: dict[str, int], free: list[int]) -> dict[str, int]:
    """An order number comes in runs of equal cells, each with one date; a customer's id has several orders."""
    if "order" in found or "date" not in found:
        return {}
    dates = sample.columns[found["date"]]
    candidates = []
    for index in free:
        cells = sample.columns[index]
        if any(cell is None or cell == "" for cell in cells):
            continue
        distinct = set(cells)
        one_date = len({*zip(cells, dates, strict=True)}) == len(distinct)
        if one_date and 1 < len(distinct) <= len(cells) and _come_in_runs(cells):
            candidates.append((len(distinct), index))
    return {"order": max(candidates)[1]} if len(candidates) == 1 else {}


def _come_in_runs(cells: Sequence[Any]) -> bool:
    """Whether equal cells stand together, and some do."""
    runs = 1 + sum(a != b for a, b in pairwise(cells))
    return runs == len(set(cells)) < len(cells)
