"""Taking a customer out of the archive: entered by mistake, it goes; with anything hanging on it, it is put away."""

from dataclasses import dataclass

from django.db import transaction

from guanxi.core import changes, references
from guanxi.core.actor import Actor
from guanxi.customers.models import Customer, Standing
from guanxi.customers.services.customers import archive_customer, locked_customer
from guanxi.search.public import refresh

# What was entered with the customer and goes with it.
OWN_PARTS = frozenset({"customers.ContactPoint", "customers.ExternalId", "customers.CustomerTag"})
# What follows from the customer, and its history, which stays whatever becomes of it.
FOLLOWS = frozenset({"customers.Standing", "search.SearchEntry", "core.Change"})


@dataclass(frozen=True)
class Removed:
    """What was done and by which operation (None: it was put away already)."""

    is_deleted: bool
    operation_id: int | None


def remove_customer(*, actor: Actor, customer_id: int) -> Removed:
    """Delete a customer on whom nothing hangs but what was entered with it, else put it away; either can be undone."""
    with transaction.atomic():
        customer = locked_customer(actor, customer_id, "delete")
        if _has_more(customer):
            return Removed(False, archive_customer(actor=actor, customer_id=customer_id))
        with changes.operation(actor=actor, name="customers.delete_customer") as op:
            for reference in references.of("customer"):
                if reference.model_label in OWN_PARTS:
                    for row in reference.rows(customer.pk):
                        op.delete(row)
            op.delete(Standing.objects.get(pk=customer.pk))
            op.delete(customer)
            refresh("customer", [customer_id])
        return Removed(True, op.id)


def _has_more(customer: Customer) -> bool:
    """Whether anything hangs on a customer besides what was entered with it: then nothing of it is deleted."""
    if customer.import_run_id is not None:
        return True
    for reference in references.of("customer"):
        if reference.model_label not in OWN_PARTS | FOLLOWS and reference.rows(customer.pk).exists():
            return True
    return False
