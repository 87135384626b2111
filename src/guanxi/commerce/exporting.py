"""Orders as a file: a row for each line, the columns named as the import names its fields."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.commerce.models import OrderLine
from guanxi.core import clock, masking, money
from guanxi.core.actor import Actor
from guanxi.importing.exporting import Export

COLUMNS = (
    "order", "date", "customer", "product", "description", "quantity", "unit_price", "amount", "country",
    "currency", "order_kind", "line_kind", "source",
)  # fmt: skip
_VALUES = (
    "order__number", "order__ordered_at", "order__customer_ref", "product__code", "description", "quantity",
    "unit_price", "amount_minor", "order__country", "order__currency", "order__kind", "kind", "order__source",
)  # fmt: skip
QUANTITY, PRICE, AMOUNT, CURRENCY, MOMENT, CUSTOMER = 5, 6, 7, 9, 1, 2


def rows(actor: Actor) -> Iterator[Sequence[Any]]:
    """Every line that the actor sees, in the order in which lines came in."""
    zone = clock.company_zone()
    found = OrderLine.objects.visible_to(actor).order_by("pk").values_list(*_VALUES)
    for values in found.iterator(chunk_size=5_000):
        row = list(values)
        row[QUANTITY] = _with_places(row[QUANTITY], 0)
        row[PRICE] = None if row[PRICE] is None else _with_places(row[PRICE], money.exponent(row[CURRENCY]))
        row[AMOUNT] = money.from_minor(row[AMOUNT], row[CURRENCY])
        row[MOMENT] = row[MOMENT].astimezone(zone)
        row[CUSTOMER] = masking.shown(actor, "order", "customer_ref", row[CUSTOMER])
        yield row


def _with_places(number: Decimal, fewest: int) -> Decimal:
    """A number without needless zeros behind the point, but with so many places at least."""
    bare = number.normalize()
    exponent = bare.as_tuple().exponent
    return bare.quantize(Decimal(1).scaleb(-fewest)) if isinstance(exponent, int) and exponent > -fewest else bare


EXPORT = Export("orders", _("Orders"), "order", lambda: COLUMNS, rows)
# What a file that is to be masked masks.
masking.guard_in_files("order", "customer_ref", masking.number)
