"""Merging customers: one survivor, any number of absorbed ones, each of which can be parted again at any later time."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from django.db import transaction
from django.db.models import Count

from guanxi.core import changes, clock, events, references
from guanxi.core.actor import Actor
from guanxi.customers.events import CustomersMerged
from guanxi.customers.models import Customer, Merge, MergedRow, Standing
from guanxi.customers.services.merging import checking, fields, rows
from guanxi.search.public import refresh

MERGE = "customers.merge"
BATCH = "customers.merge_several"
BLANK_STANDING = {f.attname: f.get_default() for f in Standing._meta.concrete_fields if not f.primary_key}


def merge_customers(
    *, actor: Actor, keep_id: int, absorb_ids: Sequence[int], choices: Mapping[str, Any] | None = None
) -> list[Merge]:
    """Make one customer of several: `keep_id` stands for all from now on; a merge for each absorbed one, in order.

    `choices`: field -> the number of the customer whose value counts, or "all" for texts (see `fields`).
    """
    with transaction.atomic():
        keep, absorbed = checking.locked(actor, keep_id, absorb_ids)
        numbers = [keep.pk, *(customer.pk for customer in absorbed)]
        chosen = fields.checked(actor, keep.kind, numbers, choices or {})
        several = len(absorbed) > 1
        with changes.operation(actor=actor, name=BATCH) if several else nullcontext() as outer:
            made = [absorb(actor, keep, customer, chosen, outer) for customer in absorbed]
        refresh("customer", numbers)
        events.publish(CustomersMerged(survivor_id=keep.pk, absorbed_ids=tuple(numbers[1:])))
        return made


def absorb(
    actor: Actor, keep: Customer, absorbed: Customer, choices: fields.Choices, outer: changes.OperationInHand | None
) -> Merge:
    """Let one customer absorb another in an operation of its own."""
    with changes.operation(actor=actor, name=MERGE) as op:
        merge = Merge(
            keep=keep,
            absorbed=absorbed,
            operation=op.row,
            batch=outer.id if outer is not None else op.id,
            by_id=actor.user_id,
            by_name=actor.name[:150],
            at=clock.now(),
        )
        op.create(merge)
        fields.take_over(op, fields.Parts(keep), fields.Parts(absorbed), choices)
        for reference in references.moving("customer").values():
            rows.carry(op, merge, reference)
        point_to(op, [absorbed.pk, *rows.below(absorbed.pk)], keep.pk)
        Standing.objects.filter(pk=absorbed.pk).update(**BLANK_STANDING)
        told = {"absorbed": absorbed.pk}
        op.record(kind="customer", record_id=keep.pk, field="", before=None, after=told, act="merge")
        merge.counts = counts_of(merge)
        merge.save(update_fields=["counts"])
    return merge


def point_to(op: changes.OperationInHand, numbers: Sequence[int], survivor_id: int | None) -> None:
    """Say which customer stands for these from now on."""
    for customer in Customer.everything.filter(pk__in=numbers).order_by("pk"):
        op.update(customer, merged_into_id=survivor_id)


def counts_of(merge: Merge) -> dict[str, list[int]]:
    """How many rows of each kind a merge moved and set aside."""
    found: dict[str, list[int]] = {}
    rows_of = MergedRow.objects.filter(merge=merge).order_by().values_list("reference", "is_aside")
    for key, is_aside, count in rows_of.annotate(count=Count("pk")):
        found.setdefault(key, [0, 0])[1 if is_aside else 0] = count
    return found
