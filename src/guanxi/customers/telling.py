"""What other systems may be told of customers: ids, and details for those who ask for them and may see them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.core import outbound
from guanxi.core.actor import Actor
from guanxi.core.changes import LOOK, OperationUndone
from guanxi.core.ids import public_id
from guanxi.core.models import Change
from guanxi.core.outbound import OutboundEvent, Told
from guanxi.customers.events import CustomerChanged, CustomerCreated, CustomersChanged, StandingsRecorded
from guanxi.customers.models import Customer
from guanxi.customers.presenting import details

TOGETHER = 500
SEE = ("customer", "view")


def customer_details(actor: Actor, customer_id: int) -> Mapping[str, Any] | None:
    """Everything of a customer that one look-up gives, if the actor may see it."""
    found = Customer.objects.visible_to(actor).filter(pk=customer_id).first()
    return details(found, actor) if found is not None else None


def _created(event: CustomerCreated) -> Iterator[Told]:
    """The new customer."""
    yield _about(event.customer_id, {})


def _changed(event: CustomerChanged) -> Iterator[Told]:
    """The customer, and which fields differ."""
    yield _about(event.customer_id, {"fields": list(event.fields)})


def _changed_together(event: CustomersChanged) -> Iterator[Told]:
    """Many customers, some hundreds in a message."""
    return _many(event.operation_id)


def _taken_back(event: OperationUndone) -> Iterator[Told]:
    """The customers that an undo gave their values back."""
    return _many(event.operation_id)


def _measured(event: StandingsRecorded) -> Iterator[Told]:
    """That standings were measured anew; which ones moved is asked of the API."""
    yield Told({"run": event.run})


def _about(customer_id: int, more: Mapping[str, Any]) -> Told:
    """One customer."""
    return Told({"id": public_id("cus", customer_id), **more}, kind="customer", record_id=customer_id)


def _many(operation_id: int) -> Iterator[Told]:
    """The customers of an operation: one alone by itself, many together."""
    rows = Change.objects.filter(operation=operation_id, customer_id__isnull=False).exclude(act=LOOK)
    ids = iter(rows.order_by("customer_id").values_list("customer_id", flat=True).distinct().iterator())
    together: list[int] = []
    count = 0
    for number in ids:
        if number is not None:
            together.append(number)
        if len(together) == TOGETHER:
            count += TOGETHER
            yield _these(operation_id, together)
            together = []
    if len(together) == 1 and not count:
        yield _about(together[0], {"fields": []})
    elif together:
        yield _these(operation_id, together)


def _these(operation_id: int, numbers: list[int]) -> Told:
    """Some of many customers."""
    ids = [public_id("cus", number) for number in numbers]
    return Told({"ids": ids}, operation_id=operation_id, many_of="customer")


outbound.details.add("customer", customer_details)
outbound.register(OutboundEvent("customer.created", _("A customer was entered"), CustomerCreated, _created, SEE))
outbound.register(OutboundEvent("customer.changed", _("A customer was changed"), CustomerChanged, _changed, SEE))
outbound.register(
    OutboundEvent(
        "customers.changed", _("Many customers were changed together"), CustomersChanged, _changed_together, SEE
    )
)
outbound.register(
    OutboundEvent("customers.undone", _("A change of customers was undone"), OperationUndone, _taken_back, SEE)
)
outbound.register(
    OutboundEvent("standings.measured", _("Standings were measured anew"), StandingsRecorded, _measured, SEE)
)
