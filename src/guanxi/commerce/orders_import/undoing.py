"""Takes an orders import back: lines, orders, products and customers that came with it."""

from array import array
from collections.abc import Iterator, Sequence

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from guanxi.catalog.public import hand_over_products, remove_products
from guanxi.commerce.models import Order, OrderAddition, OrderLine
from guanxi.commerce.orders_import.additions import ADD_TO_TOTALS
from guanxi.core import parameters
from guanxi.core.actor import system_actor
from guanxi.core.models import Change
from guanxi.core.sentences import gettext as _
from guanxi.customers.public import (
    customer_conflicts,
    hand_over_claimed,
    hand_over_customers,
    keep_customers,
    remove_customers,
)
from guanxi.importing.models import Import
from guanxi.importing.targets import UndoConflict, Undoer

CHUNK = 2_000
HANDED_AT_ONCE = 500
ORDERS_AT_ONCE = 100
CUSTOMERS_OF_OTHERS = (
    "SELECT o.customer_id, MIN(o.import_run_id) FROM customers_customer c JOIN commerce_order o ON o.customer_id = c.id "
    "WHERE c.import_run_id = %s AND o.import_run_id <> %s GROUP BY o.customer_id"
)
PRODUCTS_OF_OTHERS = (
    "SELECT l.product_id, MIN(l.import_run_id) FROM catalog_product p JOIN commerce_orderline l ON l.product_id = p.id "
    "WHERE p.import_run_id = %s AND l.import_run_id <> %s GROUP BY l.product_id"
)
SHARED_ORDERS = (
    "SELECT l.order_id FROM importing_importclaim c JOIN commerce_orderline l ON l.id = c.record_id "
    "WHERE c.kind = 'line' AND c.import_run_id <> %s AND l.import_run_id = %s "
    "UNION SELECT a.order_id FROM commerce_orderaddition a JOIN commerce_order o ON o.id = a.order_id "
    "WHERE a.import_run_id <> %s AND o.import_run_id = %s"
)
# A plus sign before a column keeps the planner from the index on it, which would read the whole import for a few orders.
OTHER_CLAIMS = "FROM importing_importclaim c WHERE c.kind = 'line' AND c.record_id = commerce_orderline.id AND c.import_run_id <> %s"
GIVE_LINES = (
    f"UPDATE commerce_orderline SET import_run_id = (SELECT MIN(c.import_run_id) {OTHER_CLAIMS}) "  # noqa: S608 - only our own words
    f"WHERE order_id IN ({{orders}}) AND +import_run_id = %s AND EXISTS (SELECT 1 {OTHER_CLAIMS})"
)
# What a line's new owner claimed is the owner's; the claim of the old one takes its place.
SWAP_CLAIMS = (
    "UPDATE importing_importclaim SET import_run_id = %s WHERE kind = 'line' "
    "AND record_id IN (SELECT l.id FROM commerce_orderline l WHERE l.order_id IN ({orders})) "
    "AND +import_run_id = (SELECT l.import_run_id FROM commerce_orderline l WHERE l.id = importing_importclaim.record_id)"
)
GIVE_ORDERS = (
    "UPDATE commerce_order SET import_run_id = "
    "(SELECT MIN(l.import_run_id) FROM commerce_orderline l WHERE l.order_id = commerce_order.id "
    "AND +l.import_run_id <> %s) "
    "WHERE id IN ({orders}) AND +import_run_id = %s AND EXISTS "
    "(SELECT 1 FROM commerce_orderline l WHERE l.order_id = commerce_order.id AND +l.import_run_id <> %s)"
)
NOTE_ADDITIONS = (
    "INSERT INTO commerce_orderaddition (order_id, import_run_id, amount_minor, line_count) "
    "SELECT o.id, l.import_run_id, SUM(l.amount_minor), COUNT(*) FROM commerce_order o "
    "JOIN commerce_orderline l ON l.order_id = o.id WHERE o.id IN ({orders}) AND l.order_id IN ({orders}) AND l.import_run_id IS NOT NULL "
    "AND (o.import_run_id IS NULL OR l.import_run_id <> o.import_run_id) GROUP BY o.id, l.import_run_id"
)
PRODUCT_IN_USE = "EXISTS (SELECT 1 FROM commerce_orderline l WHERE l.product_id = catalog_product.id)"


class OrdersUndoer(Undoer):
    """Takes one orders import back."""

    def __init__(self, run: Import) -> None:
        """Begin without having looked."""
        super().__init__(run)
        self._has_looked = 0
        self._orders: Sequence[int] = ()
        self._customers: list[tuple[int, int]] = []
        self._products: list[tuple[int, int]] = []

    def look(self) -> bool:
        """First find the orders in which others have a part, then customers and products that others need."""
        self._has_looked += 1
        with connection.cursor() as cursor:
            if self._has_looked == 1:
                cursor.execute(SHARED_ORDERS, [self.run.pk] * 4)
                self._orders = array("q", (row[0] for row in cursor.fetchall()))
                if self._orders and connection.vendor == "postgresql":
                    # Just after an import the planner knows nothing of its rows, and would read all for a few.
                    cursor.execute("ANALYZE importing_importclaim")
                    cursor.execute("ANALYZE commerce_orderline")
            else:
                self._orders = ()
                cursor.execute(CUSTOMERS_OF_OTHERS, [self.run.pk, self.run.pk])
                self._customers = cursor.fetchall()
                cursor.execute(PRODUCTS_OF_OTHERS, [self.run.pk, self.run.pk])
                self._products = cursor.fetchall()
        return self._has_looked <= 2

    def conflicts(self) -> list[UndoConflict]:
        """Orders and customers that were changed since.

        What other imports brought too, or merely refer to, is no conflict: it stays, as if they had brought it.
        """
        return [*self._changed_orders(), *customer_conflicts(self.run, only_changed=True)]

    def _changed_orders(self) -> list[UndoConflict]:
        """Orders of this import that were changed by somebody."""
        changes = Change.objects.filter(
            kind="order",
            record_id=OuterRef("pk"),
            operation__undone_at__isnull=True,
            operation__undoes__isnull=True,
        )
        found = []
        for order in Order.everything.filter(import_run=self.run).filter(Exists(changes))[:1000]:
            change = (
                Change.objects.filter(kind="order", record_id=order.pk).select_related("operation").order_by("-id")[0]
            )
            found.append(
                UndoConflict(
                    "order",
                    order.pk,
                    order.number,
                    _("was changed: %(field)s") % {"field": change.field or change.act},
                    change.operation.actor_name,
                    change.operation.at,
                )
            )
        return found

    def hand_over(self) -> Iterator[None]:
        """Lines that later imports brought too, and what those lines need, belong to those imports from now on."""
        done = 0
        while done < len(self._orders):
            size = self.portion(ORDERS_AT_ONCE)
            self._share(list(self._orders[done : done + size]))
            done += size
            yield
        if self._has_looked == 1:
            yield from hand_over_claimed(self.run)
        for pairs, give in ((self._customers, hand_over_customers), (self._products, hand_over_products)):
            for start in range(0, len(pairs), HANDED_AT_ONCE):
                give(self.run, dict(pairs[start : start + HANDED_AT_ONCE]))
                yield

    def _share(self, orders: list[int]) -> None:
        """Hand over lines and orders, and note anew what each import adds to orders of another."""
        marks = ", ".join(["%s"] * len(orders))
        with connection.cursor() as cursor:
            cursor.execute(GIVE_LINES.format(orders=marks), [self.run.pk, *orders, self.run.pk, self.run.pk])
            cursor.execute(SWAP_CLAIMS.format(orders=marks), [self.run.pk, *orders])
            cursor.execute(GIVE_ORDERS.format(orders=marks), [self.run.pk, *orders, self.run.pk, self.run.pk])
            cursor.execute(f"DELETE FROM commerce_orderaddition WHERE order_id IN ({marks})", orders)  # noqa: S608
            cursor.execute(NOTE_ADDITIONS.format(orders=marks), [*orders, *orders])

    def keep(self, conflicts: Sequence[UndoConflict]) -> None:
        """Orders and customers that were changed stand on their own, with all that they have."""
        keep_customers(self.run, [conflict.record_id for conflict in conflicts if conflict.kind == "customer"])
        kept = [conflict.record_id for conflict in conflicts if conflict.kind == "order"]
        for model in (Order, OrderLine):
            column = "pk" if model is Order else "order"
            model.everything.filter(**{f"{column}__in": kept}, import_run=self.run).update(import_run=None)
        OrderAddition.objects.filter(order__in=kept, import_run=self.run).delete()

    def take_back(self) -> None:
        """Orders that stood before get their totals back; the reporting currency follows when no order is left."""
        with connection.cursor() as cursor:
            cursor.execute(ADD_TO_TOTALS.format(sign="-"), [self.run.pk] * 3)
        OrderAddition.objects.filter(import_run=self.run).delete()
        others = Order.objects.filter(Q(import_run__isnull=True) | ~Q(import_run=self.run))
        if parameters.get("reporting_currency") == self.run.currency and not others.exists():
            parameters.change(actor=system_actor("import"), key="reporting_currency", value=None)

    def remove(self) -> Iterator[None]:
        """Delete lines, orders, products and customers, in this order."""
        OrderAddition.objects.filter(import_run=self.run).delete()
        for table in ("commerce_orderline", "commerce_order"):
            while self._delete_some(table, self.portion(CHUNK)):
                yield
        yield from remove_products(self.run, PRODUCT_IN_USE)
        yield from remove_customers(self.run)

    def _delete_some(self, table: str, count: int) -> int:
        """Delete one chunk; how many rows went."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE id IN "  # noqa: S608
                f"(SELECT id FROM {table} WHERE import_run_id = %s LIMIT {count})",
                [self.run.pk],
            )
            return cursor.rowcount
