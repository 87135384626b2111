"""Takes an orders import back: lines, orders, products and customers that came with it."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from guanxi.catalog.public import hand_over_products, remove_products
from guanxi.commerce.models import Order, OrderAddition, OrderLine
from guanxi.commerce.orders_import.writing import ADD_TO_TOTALS
from guanxi.core import parameters
from guanxi.core.ids import public_id
from guanxi.core.models import Change, Parameter
from guanxi.customers.public import customer_conflicts, hand_over_customers, keep_customers, remove_customers
from guanxi.importing.public import held_back
from guanxi.importing.targets import UndoConflict, Undoer

CHUNK = 2_000
HANDED_AT_ONCE = 500
CUSTOMERS_OF_OTHERS = (
    "SELECT o.customer_id, MIN(o.import_run_id) FROM customers_customer c JOIN commerce_order o ON o.customer_id = c.id "
    "WHERE c.import_run_id = %s AND o.import_run_id <> %s GROUP BY o.customer_id"
)
PRODUCTS_OF_OTHERS = (
    "SELECT l.product_id, MIN(l.import_run_id) FROM catalog_product p JOIN commerce_orderline l ON l.product_id = p.id "
    "WHERE p.import_run_id = %s AND l.import_run_id <> %s GROUP BY l.product_id"
)
PRODUCT_IN_USE = "EXISTS (SELECT 1 FROM commerce_orderline l WHERE l.product_id = catalog_product.id)"


class OrdersUndoer(Undoer):
    """Takes one orders import back."""

    def conflicts(self) -> list[UndoConflict]:
        """Orders that later imports or people added to or changed, and customers that were changed since.

        A customer or product that others merely refer to is no conflict: it stays, as if they had brought it.
        """
        customers = customer_conflicts(self.run, only_changed=True)
        return [*self._extended_orders(), *self._changed_orders(), *customers]

    def _extended_orders(self) -> list[UndoConflict]:
        """Orders of this import that hold lines of others."""
        found: dict[int, UndoConflict] = {}
        lines = (
            self._lines_of_others()
            .order_by("order_id", "id")
            .values_list(
                "order_id", "order__number", "import_run_id", "import_run__by_name", "import_run__committed_at"
            )
        )
        for order, number, run_id, by, at in lines:
            if order not in found:
                what = (
                    _("lines were added by import %(id)s") % {"id": public_id("imp", run_id)}
                    if run_id
                    else _("lines were added by hand")
                )
                found[order] = UndoConflict("order", order, number, what, by or "", at)
        return list(found.values())

    def _lines_of_others(self) -> QuerySet[OrderLine]:
        """Lines that others have put into orders of this import."""
        others = Q(import_run__isnull=True) | ~Q(import_run=self.run)
        return (
            OrderLine.everything.filter(others, order__import_run=self.run)
            .filter(Q(import_run__isnull=True) | ~Q(import_run__in=held_back()))
            .filter(order__in=self._orders_with_additions())
        )

    def _orders_with_additions(self) -> QuerySet[OrderAddition, Any]:
        """Orders that anything was added to after they were made."""
        return OrderAddition.objects.exclude(import_run=self.run).values("order_id")

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
        """Customers and products that lines of later imports need belong to those imports from now on."""
        with connection.cursor() as cursor:
            cursor.execute(CUSTOMERS_OF_OTHERS, [self.run.pk, self.run.pk])
            customers = cursor.fetchall()
            cursor.execute(PRODUCTS_OF_OTHERS, [self.run.pk, self.run.pk])
            products = cursor.fetchall()
        for pairs, give in ((customers, hand_over_customers), (products, hand_over_products)):
            for start in range(0, len(pairs), HANDED_AT_ONCE):
                give(self.run, dict(pairs[start : start + HANDED_AT_ONCE]))
                yield

    def keep(self, conflicts: Sequence[UndoConflict]) -> None:
        """Hand orders with lines of others to those others; changed customers stand on their own."""
        keep_customers([conflict.record_id for conflict in conflicts if conflict.kind == "customer"])
        kept = [conflict.record_id for conflict in conflicts if conflict.kind == "order"]
        for order in Order.everything.filter(pk__in=kept):
            others = OrderLine.everything.filter(order=order).exclude(import_run=self.run)
            lines = list(others.order_by("id").values_list("import_run_id", "amount_minor"))
            order.import_run_id = next((run_id for run_id, _amount in lines if run_id), None)
            order.amount_minor = sum(amount for _run, amount in lines)
            order.line_count = len(lines)
            order.save(update_fields=["import_run_id", "amount_minor", "line_count"])
            if order.customer_id and order.import_run_id:
                hand_over_customers(self.run, {order.customer_id: order.import_run_id})

    def take_back(self) -> None:
        """Orders that stood before get their totals back; the reporting currency follows when no order is left."""
        with connection.cursor() as cursor:
            cursor.execute(ADD_TO_TOTALS.format(sign="-"), [self.run.pk] * 3)
        OrderAddition.objects.filter(import_run=self.run).delete()
        others = Order.objects.filter(Q(import_run__isnull=True) | ~Q(import_run=self.run))
        if parameters.get("reporting_currency") == self.run.currency and not others.exists():
            Parameter.objects.filter(key="reporting_currency").delete()

    def remove(self) -> Iterator[None]:
        """Delete lines, orders, products and customers, in this order."""
        OrderAddition.objects.filter(import_run=self.run).delete()
        for table in ("commerce_orderline", "commerce_order"):
            while self._delete_some(table):
                yield
        yield from remove_products(self.run, PRODUCT_IN_USE)
        yield from remove_customers(self.run)

    def _delete_some(self, table: str) -> int:
        """Delete one chunk; how many rows went."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE id IN "  # noqa: S608
                f"(SELECT id FROM {table} WHERE import_run_id = %s LIMIT {CHUNK})",
                [self.run.pk],
            )
            return cursor.rowcount
