"""Orders as an import target: what a row must hold, and what can be worked out from it alone."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.commerce.orders_import.fields import FIELDS
from guanxi.commerce.orders_import.guessing import columns_by_content
from guanxi.commerce.orders_import.undoing import OrdersUndoer
from guanxi.commerce.orders_import.writing import OrdersWriter
from guanxi.core.money import to_minor
from guanxi.importing.models import Import
from guanxi.importing.targets import Field, ImportTarget, RowBatch

LARGEST_QUANTITY = Decimal(10) ** 13
LARGEST_AMOUNT_MINOR = 10**16
ONE = Decimal(1)
SEPARATOR = "\x1f"


def digest(text: str) -> int:
    """Sixty-four bits that stand for a text, as a signed number."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


class OrdersTarget(ImportTarget):
    """Order lines, one a row; orders, customers and products follow from them."""

    key = "orders"
    label = gettext_lazy("Orders")
    kind = "order"
    one_of = (("amount", "unit_price"),)
    derived = {"amount_minor": "int64", "line_key": "int64", "order_key": "int64"}
    has_money = True

    def fields(self) -> Sequence[Field]:
        """The fields in the order in which they are shown."""
        return FIELDS

    def derive(self, batch: RowBatch, run: Import) -> None:
        """The amount of each line, and the digests by which order and line are known again."""
        quantities = batch.column("quantity")
        prices = batch.column("unit_price")
        given = batch.column("amount")
        amounts = [0] * len(batch)
        counted: list[Decimal] = [ONE] * len(batch)
        for index, (quantity, price, amount) in enumerate(zip(quantities, prices, given, strict=True)):
            if index in batch.refusals:
                continue
            reason = _unusable(quantity, price, amount, is_counted="quantity" in batch.values)
            if reason:
                batch.refuse(index, *reason)
                continue
            if quantity is not None:
                counted[index] = quantity
            exact = amount if amount is not None else counted[index] * price
            minor = to_minor(exact, run.currency)
            if abs(minor) > LARGEST_AMOUNT_MINOR:
                batch.refuse(index, "amount" if amount is not None else "unit_price", _("the amount is too large"))
            amounts[index] = minor
        batch.values["amount_minor"] = amounts
        batch.values["line_key"] = self._line_keys(batch, run, counted, amounts)
        batch.values["order_key"] = [
            digest(f"{number}{SEPARATOR}{customer or ''}")
            for number, customer in zip(batch.column("order"), batch.column("customer"), strict=True)
        ]

    def _line_keys(
        self, batch: RowBatch, run: Import, quantities: Sequence[Decimal], amounts: Sequence[int]
    ) -> list[int]:
        """What each line says, as a digest: product, date on the wall, quantity, unit price, amount."""
        zone = ZoneInfo(run.timezone)
        walls: dict[datetime, str] = {}
        plain: dict[Decimal | None, str] = {None: ""}
        keys = []
        rows = zip(
            batch.column("product"), batch.column("date"), quantities, batch.column("unit_price"), amounts, strict=True
        )
        for index, (product, moment, quantity, price, amount) in enumerate(rows):
            if index in batch.refusals:
                keys.append(0)
                continue
            wall = walls.get(moment)
            if wall is None:
                wall = walls[moment] = moment.astimezone(zone).replace(tzinfo=None).isoformat()
            told = (product or "", wall, _plain(quantity, plain), _plain(price, plain), str(amount))
            keys.append(digest(SEPARATOR.join(told)))
        return keys

    def guess_by_content(self, names: Sequence[str], sample: Any, found: dict[str, int]) -> dict[str, int]:
        """Columns that their cells give away."""
        return columns_by_content(sample, found)

    def writer(self, run: Import) -> OrdersWriter:
        """What writes the rows."""
        return OrdersWriter(run)

    def undoer(self, run: Import) -> OrdersUndoer:
        """What takes them back."""
        return OrdersUndoer(run)


def _plain(number: Decimal | None, known: dict[Decimal | None, str]) -> str:
    """A number in one form, however it was written (6, 6.0, 6.00)."""
    found = known.get(number)
    if found is None:
        found = known[number] = str(number.normalize() + 0) if number is not None else ""
    return found


def _unusable(
    quantity: Decimal | None, price: Decimal | None, amount: Decimal | None, *, is_counted: bool
) -> tuple[str, str] | None:
    """The field and the reason why no amount can be made out of a row, or None when one can."""
    if amount is None and price is None:
        return "unit_price", _("there is neither an amount nor a unit price")
    if amount is None and quantity is None and is_counted:
        return "quantity", _("is empty")
    for key, value in (("quantity", quantity), ("unit_price", price)):
        if value is not None and abs(value) > LARGEST_QUANTITY:
            return key, _("is too large")
    return None
