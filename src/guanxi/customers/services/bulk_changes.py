"""Changing many customers at once: one operation, each change journaled, one undo."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guanxi.core import changes, clock, events
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.customers.events import CustomersChanged
from guanxi.customers.models import Customer, CustomerTag
from guanxi.customers.services.customers import clean_values
from guanxi.customers.services.tags import clean_tags, tags_named
from guanxi.search.public import refresh

LIMIT = 20_000
CHUNK = 500
INLINE_SEARCH = 200
# What one value can be given to many of; names and numbers are each customer's own.
FIELDS = frozenset({"owner", "department", "status", "position", "city", "country", "language"})


def bulk_update_customers(
    *, actor: Actor, queryset: QuerySet[Any], values: Mapping[str, Any]
) -> tuple[int, int | None]:
    """Give all these customers the same values; how many differed, and the operation to undo it."""
    wrong = [name for name in values if name not in FIELDS and not name.startswith("custom_")]
    if wrong:
        raise InvalidInput(_("“%(field)s” cannot be changed for many at once.") % {"field": wrong[0]}, column=wrong[0])
    cleaned = clean_values(values, kind="person", current={})
    added = cleaned.pop("custom", None)
    removed = {
        name.removeprefix("custom_") for name, value in values.items() if name.startswith("custom_") and not value
    }

    def change(op: changes.OperationInHand, customers: list[Customer]) -> int:
        """Write one chunk; how many differed."""
        count = 0
        for customer in customers:
            fresh = dict(cleaned)
            if added is not None:
                kept = {key: value for key, value in customer.custom.items() if key not in removed}
                fresh["custom"] = {**kept, **added}
            count += _change_one(op, customer, fresh)
        _write(customers, cleaned, has_custom=added is not None)
        return count

    return _for_all(actor, queryset, "customers.bulk_update", change)


def bulk_tag_customers(
    *, actor: Actor, queryset: QuerySet[Any], add: list[str], remove: list[str]
) -> tuple[int, int | None]:
    """Put tags on all these customers and take others off."""
    added, removed = clean_tags(add), clean_tags(remove)
    if not added and not removed:
        raise InvalidInput(_("Name at least one tag."), column="add")

    def change(op: changes.OperationInHand, customers: list[Customer]) -> int:
        """Write one chunk; how many differed."""
        numbers = [customer.pk for customer in customers]
        touched: set[int] = set()
        for row in CustomerTag.objects.filter(customer__in=numbers, tag__name__in=removed):
            touched.add(row.customer_id)
            op.delete(row)
        tags = tags_named(op, added)
        there = set(CustomerTag.objects.filter(customer__in=numbers, tag__in=tags).values_list("customer_id", "tag_id"))
        rows = [(number, tag.pk) for number in numbers for tag in tags if (number, tag.pk) not in there]
        op.bulk(CustomerTag, [CustomerTag(customer_id=customer_id, tag_id=tag_id) for customer_id, tag_id in rows])
        return len(touched | {number for number, _tag in rows})

    return _for_all(actor, queryset, "customers.bulk_tag", change)


def _for_all(
    actor: Actor,
    queryset: QuerySet[Any],
    name: str,
    change: Callable[[changes.OperationInHand, list[Customer]], int],
) -> tuple[int, int | None]:
    """Run a change over customers in chunks within one operation."""
    open_rows = Customer.objects.visible_to(actor, "change").filter(pk__in=queryset.order_by().values("pk"))
    numbers = list(open_rows.order_by("pk").values_list("pk", flat=True)[: LIMIT + 1])
    if len(numbers) > LIMIT:
        raise InvalidInput(
            _("At most %(limit)s customers can be changed at once; narrow the list first.") % {"limit": f"{LIMIT:,}"}
        )
    if not numbers:
        return 0, None
    with changes.operation(actor=actor, name=name) as op:
        count = sum(change(op, customers) for customers in _chunks(numbers))
        if count:
            if count <= INLINE_SEARCH:
                refresh("customer", numbers)
            # Beyond that a job does it, when the event arrives.
            events.publish(CustomersChanged(operation_id=op.id))
            return count, op.id
        op.row.delete()
    return 0, None


def _chunks(numbers: list[int]) -> Iterator[list[Customer]]:
    """Locked customers, a few hundred at a time, in the order of their keys."""
    for start in range(0, len(numbers), CHUNK):
        rows = Customer.everything.select_for_update(of=("self",), no_key=True).filter(
            pk__in=numbers[start : start + CHUNK]
        )
        yield list(rows.order_by("pk"))


def _change_one(op: changes.OperationInHand, customer: Customer, values: dict[str, Any]) -> int:
    """Set the values on one customer and journal those that differ; 1 when any did."""
    differs = 0
    for name, value in values.items():
        attname = customer._meta.get_field(name).attname  # type: ignore[union-attr]
        before = changes.as_json(getattr(customer, attname))
        setattr(customer, name, value)
        after = changes.as_json(getattr(customer, attname))
        if before != after:
            differs = 1
            op.record(kind="customer", record_id=customer.pk, field=attname, before=before, after=after)
    return differs


def _write(customers: list[Customer], values: Mapping[str, Any], *, has_custom: bool) -> None:
    """Save one chunk: equal values in one statement, added fields row by row."""
    now = clock.now()
    rows = Customer.everything.filter(pk__in=[customer.pk for customer in customers])
    rows.update(**values, updated_at=now)
    if has_custom:
        Customer.everything.bulk_update(customers, ["custom"])
