"""Writes order lines with their orders, customers and products, in chunks that may be repeated."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection, transaction

from guanxi.catalog.models import Product
from guanxi.catalog.public import ensure_products, known_products
from guanxi.commerce.models import Order, OrderAddition, OrderLine
from guanxi.commerce.orders_import.additions import ADD_TO_TOTALS
from guanxi.commerce.orders_import.kinds import KindRules
from guanxi.commerce.orders_import.totals import OrderTotals, Ordinals
from guanxi.core import bulk, parameters
from guanxi.core.actor import system_actor
from guanxi.core.errors import Conflict
from guanxi.core.sentences import gettext as _
from guanxi.customers.public import count_imported_customers, ensure_customers, known_ids
from guanxi.importing import claims
from guanxi.importing.models import Import
from guanxi.importing.targets import StagedSource, Writer

KNOWN_LIMIT = 100_000
RESERVED = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_QUANTUM = Decimal("0.000001")
ONE = Decimal(1)
_ORDER_COLUMNS = (
    "id", "source", "number", "customer_id", "customer_ref", "kind", "ordered_at", "ordered_on", "country", "currency",
    "amount_minor", "line_count", "import_run_id",
)  # fmt: skip
_LINE_COLUMNS = (
    "order_id", "product_id", "kind", "description", "quantity", "unit_price", "amount_minor", "line_key", "ordinal",
    "import_run_id",
)  # fmt: skip
_ORDER, _KEY, _ORDINAL = (_LINE_COLUMNS.index(name) for name in ("order_id", "line_key", "ordinal"))
LINE = "line"

OrderRef = tuple[str, str]
"""Number and the buyer's id as written ('' for an unidentified buyer)."""


class StandingOrder(NamedTuple):
    """An order that is in the database already."""

    id: int
    is_ours: bool


class OrdersWriter(Writer):
    """Writes the lines of one orders file."""

    def __init__(self, run: Import) -> None:
        """Begin without having seen a row."""
        super().__init__(run)
        self.rules = KindRules(run.mapping.get("options") or {})
        self.zone = ZoneInfo(run.timezone)
        self._customers: dict[str, int] = {}
        self._products: dict[str, int] = {}
        self._orders: dict[OrderRef, StandingOrder] = {}
        self._ids: list[int] = []
        self._new_orders: list[tuple[Any, ...]] = []
        self._new_lines: list[tuple[Any, ...]] = []
        self._again: list[int] = []
        self._added_to: set[int] = set()
        self._foreseen_customers: set[str] = set()
        self._foreseen_products: set[str] = set()
        self._foreseen_lines = 0
        self._is_foreseen: Any = None

    def prepare(self, rows: StagedSource) -> None:
        """Find the ordinals of equal lines and the totals of orders."""
        self.ordinals = Ordinals(rows)
        self.totals = OrderTotals(rows)

    def ready(self, rows: dict[str, Sequence[Any]]) -> None:
        """Find or make what the lines of a chunk refer to, and work the rows out, before the transaction opens."""
        for known in (self._customers, self._products, self._orders):
            if len(known) > KNOWN_LIMIT:
                known.clear()
        refs = _refs(rows)
        self._ensure_customers(rows)
        self._ensure_products(rows)
        self._new_orders = self._orders_to_make(rows, refs)
        older = {self._orders[ref].id for ref in set(refs) if not self._orders[ref].is_ours}
        self._new_lines, self._again = self._told_apart(self._lines(rows, refs), older)
        self._added_to = older.intersection(line[0] for line in self._new_lines)

    def write(self, rows: dict[str, Sequence[Any]]) -> None:
        """Write one chunk of orders and lines."""
        bulk.insert(Order, _ORDER_COLUMNS, self._new_orders)
        written = bulk.insert(OrderLine, _LINE_COLUMNS, self._new_lines, on_conflict="ignore")
        claims.claim(self.run, LINE, self._again)
        if written:
            self._note_additions(self._added_to)

    def _told_apart(self, lines: list[tuple[Any, ...]], older: set[int]) -> tuple[list[tuple[Any, ...]], list[int]]:
        """The lines that do not stand yet, and the ids of those that other imports brought."""
        if not older:
            return lines, []
        standing = {
            (order, key, ordinal): (number, run_id)
            for number, order, key, ordinal, run_id in OrderLine.everything.filter(order__in=older)
            .exclude(import_run=self.run)
            .values_list("pk", "order_id", "line_key", "ordinal", "import_run_id")
        }
        fresh: list[tuple[Any, ...]] = []
        again: list[int] = []
        for line in lines:
            number, run_id = standing.get((line[_ORDER], line[_KEY], line[_ORDINAL]), (None, None))
            if number is None:
                fresh.append(line)
            elif run_id is not None:
                again.append(number)
        return fresh, again

    def _ensure_customers(self, rows: dict[str, Sequence[Any]]) -> None:
        """The customers of a chunk."""
        countries = rows.get("country") or [None] * len(rows["row"])
        fresh: dict[str, dict[str, str]] = {}
        for value, country in zip(rows["customer"], countries, strict=True):
            if value is not None and value not in self._customers:
                details = fresh.setdefault(value, {})
                if country and "country" not in details:
                    details["country"] = country[:60]
        if fresh:
            found = ensure_customers(source=self.run.source, values=fresh, import_run=self.run, details=fresh)
            self._customers.update(found)

    def _ensure_products(self, rows: dict[str, Sequence[Any]]) -> None:
        """The products of a chunk; named by the first line that describes them."""
        codes = rows.get("product")
        if not codes:
            return
        names = rows.get("description") or [None] * len(codes)
        fresh: dict[str, tuple[str, str]] = {}
        for code, name in zip(codes, names, strict=True):
            if code is not None and code not in self._products and not fresh.get(code, ("",))[0]:
                fresh[code] = (name or "", self.rules.product_kind(code))
        if fresh:
            found = ensure_products(
                source=self.run.source, products=fresh, currency=self.run.currency, import_run=self.run
            )
            self._products.update(found)

    def _orders_to_make(self, rows: dict[str, Sequence[Any]], refs: list[OrderRef]) -> list[tuple[Any, ...]]:
        """The orders of a chunk that do not stand yet, with the totals of the whole file."""
        fresh: dict[OrderRef, int] = {}
        for index, ref in enumerate(refs):
            if ref not in self._orders:
                fresh.setdefault(ref, index)
        if not fresh:
            return []
        self._look_up(fresh)
        missing = [(ref, index) for ref, index in fresh.items() if ref not in self._orders]
        numbers = self._reserve(len(missing))
        made = []
        for number, (ref, index) in zip(numbers, missing, strict=True):
            made.append(self._order(number, ref, index, rows))
            self._orders[ref] = StandingOrder(number, is_ours=True)
        return made

    def _reserve(self, count: int) -> list[int]:
        """Ids for new orders, taken from the database many at a time."""
        if len(self._ids) < count:
            with transaction.atomic():
                self._ids.extend(bulk.next_ids(Order, max(count, RESERVED)))
        taken, self._ids = self._ids[:count], self._ids[count:]
        return taken

    def _look_up(self, refs: dict[OrderRef, int]) -> None:
        """Which of the orders stand already; one in another currency cannot be added to."""
        numbers = {number for number, _customer in refs}
        found = Order.everything.filter(source=self.run.source, number__in=numbers)
        for pk, number, customer, currency, run_id in found.values_list(
            "pk", "number", "customer_ref", "currency", "import_run_id"
        ):
            if (number, customer) not in refs:
                continue
            if currency != self.run.currency:
                raise Conflict(
                    _("Order %(number)s stands in %(standing)s, but this file was said to be in %(given)s.")
                    % {"number": number, "standing": currency, "given": self.run.currency}
                )
            self._orders[number, customer] = StandingOrder(pk, is_ours=run_id == self.run.pk)

    def _order(self, number: int, ref: OrderRef, index: int, rows: dict[str, Sequence[Any]]) -> tuple[Any, ...]:
        """One new order."""
        total = self.totals.of(rows["order_key"][index])
        moment = _EPOCH + timedelta(microseconds=total.first_microsecond)
        country = rows["country"][index] if "country" in rows else None
        return (
            number, self.run.source, ref[0], self._customers.get(ref[1]) if ref[1] else None, ref[1],
            self.rules.order_kind(ref[0], total.amount_minor).value, moment, moment.astimezone(self.zone).date(),
            country or "", self.run.currency, total.amount_minor, total.line_count, self.run.pk,
        )  # fmt: skip

    def _lines(self, rows: dict[str, Sequence[Any]], refs: list[OrderRef]) -> list[tuple[Any, ...]]:
        """The lines of a chunk."""
        count = len(refs)
        empty = [None] * count
        products = rows.get("product") or empty
        run_id = self.run.pk
        stored = {number: ONE if number is None else _stored(number) for number in set(rows.get("quantity") or (None,))}
        prices = {number: number and _stored(number) for number in set(rows.get("unit_price") or (None,))}
        orders, known, kind_of = self._orders, self._products, self.rules.line_kind
        return [
            (
                orders[ref].id,
                known[code] if code is not None else None,
                kind_of(code).value,
                text or "",
                stored[quantity],
                prices[price],
                amount,
                key,
                ordinal,
                run_id,
            )
            for ref, code, text, quantity, price, amount, key, ordinal in zip(
                refs,
                products,
                rows.get("description") or empty,
                rows.get("quantity") or empty,
                rows.get("unit_price") or empty,
                rows["amount_minor"],
                rows["line_key"],
                self.ordinals.of(list(rows["row"])),
                strict=True,
            )
        ]

    def _note_additions(self, order_ids: set[int]) -> None:
        """What this import has added so far to orders that stood before."""
        if not order_ids:
            return
        marks = ", ".join(["%s"] * len(order_ids))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT order_id, SUM(amount_minor), COUNT(*) FROM commerce_orderline "  # noqa: S608
                f"WHERE order_id IN ({marks}) AND import_run_id = %s GROUP BY order_id",
                [*order_ids, self.run.pk],
            )
            found = cursor.fetchall()
        bulk.insert(
            OrderAddition,
            ("order_id", "import_run_id", "amount_minor", "line_count"),
            [(order, self.run.pk, int(amount), count) for order, amount, count in found],
            on_conflict="update",
            keys=("order_id", "import_run_id"),
        )

    def put_in_force(self) -> None:
        """Add to the totals of orders that stood before; the first orders of all settle the reporting currency."""
        with connection.cursor() as cursor:
            cursor.execute(ADD_TO_TOTALS.format(sign="+"), [self.run.pk] * 3)
        if parameters.get("reporting_currency") is None:
            actor = replace(system_actor("import"), user_id=self.run.by_id, name=self.run.by_name)
            parameters.change(actor=actor, key="reporting_currency", value=self.run.currency)

    def counts(self) -> dict[str, int]:
        """What this import made."""
        return {
            "customers_created": count_imported_customers(self.run),
            "orders_created": Order.everything.filter(import_run=self.run).count(),
            "lines_created": OrderLine.everything.filter(import_run=self.run).count(),
            "products_created": Product.everything.filter(import_run=self.run).count(),
        }

    def foresee(self, rows: dict[str, Sequence[Any]]) -> None:
        """Count what a chunk would make."""
        if self._is_foreseen is None:
            self._is_foreseen = np.zeros(len(self.totals.keys), dtype=bool)
        values = {value for value in rows["customer"] if value is not None} - self._foreseen_customers
        known = known_ids(self.run.source, values)
        self._foreseen_customers.update(value for value in values if value not in known)
        codes = {code for code in rows.get("product") or () if code is not None} - self._foreseen_products
        self._foreseen_products |= codes - known_products(source=self.run.source, codes=list(codes)).keys()
        refs = _refs(rows)
        self._orders.clear()
        self._look_up({ref: index for index, ref in enumerate(refs)})
        for ref, key in zip(refs, rows["order_key"], strict=True):
            if ref not in self._orders:
                self._is_foreseen[self.totals.place_of(key)] = True
        self._foreseen_lines += self._count_new_lines(rows, refs)

    def _count_new_lines(self, rows: dict[str, Sequence[Any]], refs: list[OrderRef]) -> int:
        """How many lines of a chunk do not stand yet."""
        ordinals = self.ordinals.of(list(rows["row"]))
        standing = {order.id for order in self._orders.values()}
        there = set(
            OrderLine.everything.filter(order__in=standing).values_list("order_id", "line_key", "ordinal")
            if standing
            else ()
        )
        new = 0
        for ref, key, ordinal in zip(refs, rows["line_key"], ordinals, strict=True):
            order = self._orders.get(ref)
            new += order is None or (order.id, key, ordinal) not in there
        return new

    def foreseen(self) -> dict[str, int]:
        """What the whole file would make."""
        orders = int(self._is_foreseen.sum()) if self._is_foreseen is not None else 0
        return {
            "customers_created": len(self._foreseen_customers),
            "orders_created": orders,
            "lines_created": self._foreseen_lines,
            "products_created": len(self._foreseen_products),
        }


def _refs(rows: dict[str, Sequence[Any]]) -> list[OrderRef]:
    """Number and buyer of each row."""
    return [(number, customer or "") for number, customer in zip(rows["order"], rows["customer"], strict=True)]


def _stored(number: Decimal) -> Decimal:
    """A number with the digits that the column holds."""
    exponent = number.as_tuple().exponent
    return number.quantize(_QUANTUM) if isinstance(exponent, int) and exponent < -6 else number
