"""Merging many pairs from a ranked list: each pair a merge of its own, all of them undone one by one or together.

The one that remains is the one with more orders; of equals the one whose record says more; of equals the older one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from guanxi.core import changes, events
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError
from guanxi.customers.events import CustomersMerged
from guanxi.customers.models import Customer, Standing
from guanxi.customers.services.merging import checking, fields
from guanxi.customers.services.merging.joining import BATCH, absorb
from guanxi.customers.services.merging.rows import survivor_of
from guanxi.search.public import refresh


@dataclass
class PairsMerged:
    """What became of some pairs: how many were merged, the operation that undoes all, why others were not."""

    count: int = 0
    operation_id: int | None = None
    refused: list[tuple[int, int, str]] = field(default_factory=list)


def merge_pairs(*, actor: Actor, pairs: Iterable[tuple[int, int]]) -> PairsMerged:
    """Merge pairs of customers; pairs that hang together become one customer, those that may not be merged are told."""
    outcome = PairsMerged()
    touched: set[int] = set()
    wanted = list(pairs)
    with changes.operation(actor=actor, name=BATCH) as outer:
        checking.hold({survivor_of(number) for pair in wanted for number in pair})
        for first, second in wanted:
            one, two = survivor_of(first), survivor_of(second)
            if one == two:
                continue
            try:
                with transaction.atomic():
                    keep_id, absorb_id = _ranked(one, two)
                    keep, [absorbed] = checking.locked(actor, keep_id, [absorb_id])
                    absorb(actor, keep, absorbed, {}, outer)
            except GuanxiError as refusal:
                outcome.refused.append((first, second, str(refusal)))
                continue
            outcome.count += 1
            touched |= {keep_id, absorb_id}
            events.publish(CustomersMerged(survivor_id=keep_id, absorbed_ids=(absorb_id,)))
        if outcome.count:
            outcome.operation_id = outer.id
            refresh("customer", touched)
        else:
            outer.row.delete()
    return outcome


def _ranked(one: int, two: int) -> tuple[int, int]:
    """Which of two remains, and which becomes part of it."""
    orders = dict(Standing.objects.filter(pk__in=(one, two)).values_list("pk", "order_count"))
    rank = {
        customer.pk: (-orders.get(customer.pk, 0), -_said(customer), customer.created_at, customer.pk)
        for customer in Customer.everything.filter(pk__in=(one, two))
    }
    keep = min((one, two), key=lambda number: rank[number]) if len(rank) == 2 else one
    return keep, two if keep == one else one


def _said(customer: Customer) -> int:
    """How many fields of a customer say something."""
    parts = fields.Parts(customer)
    items = fields.fields_of(customer.kind, list(customer.custom), with_card=parts.card is not None)
    return sum(not fields.is_empty(parts.value(item)) for item in items)
