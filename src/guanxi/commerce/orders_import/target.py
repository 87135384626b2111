"""Orders as an import target: what a row must hold, and what can be worked out from it alone."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy

from guanxi.commerce.orders_import.fields import FIELDS
from guanxi.commerce.orders_import.guessing import columns_by_content
from guanxi.commerce.orders_import.undoing import OrdersUndoer
from guanxi.core import money
from guanxi.core.sentences import gettext as _
from guanxi.importing.models import Import
from guanxi.importing.targets import Field, ImportTarget, RowBatch

if TYPE_CHECKING:
    from guanxi.commerce.orders_import.writing import OrdersWriter

LARGEST_AMOUNT_MINOR = 10**16
ONE = Decimal(1)


class OrdersTarget(ImportTarget):
    """Order lines, one a row; orders, customers and products follow from them."""

    key = "orders"
    label = gettext_lazy("Orders")
    kind = "order"
    one_of = (("amount", "unit_price"),)
    derived = {"amount_minor": "int64", "line_key": "int64", "order_key": "int64"}
    has_money = True
    counted = ("customers_created", "orders_created", "lines_created", "products_created")

    def fields(self) -> Sequence[Field]:
        """The fields in the order in which they are shown."""
        return FIELDS

    def named_in(self, run: Import, rows: dict[str, Sequence[Any]]) -> Iterator[tuple[int, str, str]]:
        """The buyers, by their ids."""
        for number, buyer in zip(rows["row"], rows["customer"], strict=True):
            if buyer is not None:
                yield number, "external_id", f"{run.source}:{buyer}"

    def derive(self, batch: RowBatch, run: Import) -> None:
        """The amount of each line, and the digests by which order and line are known again."""
        from guanxi.commerce.orders_import.digests import line_keys, order_keys  # numpy takes long to load

        given, prices = batch.column("amount"), batch.column("unit_price")
        quantities = self._quantities(batch)
        places = money.exponent(run.currency)
        quantum = Decimal(1).scaleb(-places)
        amounts = [0] * len(batch)
        known: dict[Any, int] = {}
        for index, (quantity, price, amount) in enumerate(zip(quantities, prices, given, strict=True)):
            if index in batch.refusals:
                continue
            told = amount if amount is not None else (quantity, price)
            minor = known.get(told)
            if minor is None:
                exact = amount if amount is not None else quantity * price
                minor = known[told] = int(exact.quantize(quantum, rounding=ROUND_HALF_UP).scaleb(places))
            if abs(minor) > LARGEST_AMOUNT_MINOR:
                batch.refuse(index, "amount" if amount is not None else "unit_price", _("the amount is too large"))
            else:
                amounts[index] = minor
        batch.values["amount_minor"] = amounts
        batch.values["line_key"] = line_keys(
            products=batch.column("product"),
            walls=_walls(batch, ZoneInfo(run.timezone)),
            quantities=quantities,
            prices=prices,
            amounts=amounts,
        )
        batch.values["order_key"] = order_keys(batch.column("order"), batch.column("customer"))

    def _quantities(self, batch: RowBatch) -> list[Decimal]:
        """The quantity of each row; one where the file does not count. Rows without any amount are refused."""
        is_counted = "quantity" in batch.values
        found = list(batch.column("quantity"))
        rows = zip(batch.column("quantity"), batch.column("unit_price"), batch.column("amount"), strict=True)
        for index, (quantity, price, amount) in enumerate(rows):
            if index in batch.refusals:
                continue
            if quantity is None:
                found[index] = ONE
            if amount is None and price is None:
                batch.refuse(index, "unit_price", _("there is neither an amount nor a unit price"))
            elif amount is None and quantity is None and is_counted:
                batch.refuse(index, "quantity", _("is empty"))
        return found

    def guess_by_content(self, names: Sequence[str], sample: Any, found: dict[str, int]) -> dict[str, int]:
        """Columns that their cells give away."""
        guesses = columns_by_content(sample, found)
        if "product" not in found | guesses and "description" in found:
            # Where goods have only a name, the name is what they are known by.
            guesses["product"] = found["description"]
        return guesses

    def writer(self, run: Import) -> "OrdersWriter":
        """What writes the rows."""
        from guanxi.commerce.orders_import.writing import OrdersWriter  # numpy takes long to load

        return OrdersWriter(run)

    def undoer(self, run: Import) -> OrdersUndoer:
        """What takes them back."""
        return OrdersUndoer(run)


def _walls(batch: RowBatch, zone: ZoneInfo) -> list[Any]:
    """The time of each row as a clock on the wall of the source showed it, whatever zone is given the next time."""
    walls: dict[Any, Any] = {None: None}
    for moment in set(batch.column("date")).difference(walls):
        walls[moment] = moment.astimezone(zone).replace(tzinfo=None)
    return [walls[moment] for moment in batch.column("date")]
