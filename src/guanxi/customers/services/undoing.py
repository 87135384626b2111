"""Taking back what was done to customers, and nothing else."""

from django.utils.translation import gettext as _

from guanxi.core import changes
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.core.models import Change, Operation
from guanxi.customers.models import Customer


def undo_customer_operation(*, actor: Actor, operation_id: int) -> int:
    """Take back an operation that wrote to customers alone, each of them open to the actor; the undo's number.

    A customer that is gone is open to whoever took it out of the archive, and to those who may change all customers.
    """
    rows = Change.objects.filter(operation=operation_id)
    told = set(rows.values_list("customer_id", flat=True))
    numbers = {number for number in told if number is not None}
    standing = set(Customer.everything.filter(pk__in=numbers).values_list("pk", flat=True))
    seen = set(Customer.objects.visible_to(actor, "change").filter(pk__in=standing).values_list("pk", flat=True))
    is_ours = numbers == standing or actor.scope("customer", "change") == "all" or _did(actor, operation_id)
    if not told or len(numbers) < len(told) or standing - seen or not is_ours:
        raise NotFound(_("There is nothing here to undo."))
    return changes.undo_operation(actor=actor, operation_id=operation_id).pk


def _did(actor: Actor, operation_id: int) -> bool:
    """Whether it was the actor who did it."""
    return actor.user_id is not None and Operation.objects.filter(pk=operation_id, actor=actor.user_id).exists()
