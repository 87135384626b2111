"""Rows that came to an absorbed customer all the same, carried on to the survivor.

While a merge is written somebody may be writing a note on the customer it absorbs, a file that is being read may know it
by an id looked up before, and an undo may bring back a row that was removed before the merge. None of it is lost: it
goes where it would have gone, and back when the merge is undone.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models, transaction

from guanxi.core import changes, records, references
from guanxi.core.actor import system_actor
from guanxi.core.holding import hold_with_all_of
from guanxi.core.models import Change
from guanxi.core.references import Reference
from guanxi.customers.models import Customer, Merge, MergedRow
from guanxi.customers.services.merging import rows
from guanxi.search.public import refresh

STEP = 500
SETTLE = "customers.settle"


def strays(customer_ids: Sequence[int]) -> Iterator[tuple[Reference, int, list[int]]]:
    """Rows that point at these absorbed customers without having been set aside: by reference and customer."""
    for reference in references.moving("customer").values():
        found: dict[int, list[int]] = {}
        pairs = reference.rows(*customer_ids).order_by("pk").values_list("pk", reference.column)
        for number, customer in pairs:
            found.setdefault(customer, []).append(number)
        for customer, numbers in found.items():
            aside = MergedRow.objects.filter(
                merge__absorbed=customer, merge__undone_at__isnull=True, reference=reference.key, is_aside=True
            )
            left = sorted(set(numbers) - set(aside.values_list("record_id", flat=True)))
            if left:
                yield reference, customer, left


def settle_strays(customer_ids: Sequence[int] | None = None) -> int:
    """Carry on what came to absorbed customers (these, or all); how many rows moved."""
    absorbed = Customer.everything.filter(merged_into__isnull=False)
    if customer_ids is not None:
        absorbed = absorbed.filter(pk__in=customer_ids)
    numbers = list(absorbed.order_by("pk").values_list("pk", flat=True))
    moved = 0
    for start in range(0, len(numbers), STEP):
        moved += _settle_some(numbers[start : start + STEP])
    return moved


def _settle_some(numbers: list[int]) -> int:
    """The same for some hundred customers, in one transaction when there is anything to do."""
    if next(strays(numbers), None) is None:
        return 0
    with transaction.atomic():
        survivors_of = Customer.everything.filter(pk__in=numbers).values_list("merged_into", flat=True)
        hold_with_all_of("customer", {*numbers, *(number for number in survivors_of if number is not None)})
        locked = Customer.everything.select_for_update(of=("self",), no_key=True).filter(
            pk__in=numbers, merged_into__isnull=False
        )
        survivors = dict(locked.order_by("pk").values_list("pk", "merged_into_id"))
        moved = 0
        with changes.operation(actor=system_actor(), name=SETTLE) as op:
            for reference, customer, left in strays(sorted(survivors)):
                moved += rows.settle(op, reference, customer, left)
        if not moved:
            op.row.delete()
        else:
            refresh("customer", set(survivors.values()))
    return moved


def carry_restored(op: changes.OperationInHand, model: type[models.Model], keys: Sequence[Any]) -> None:
    """Rows that an undo brought back belong to the survivor where their customer was absorbed meanwhile.

    Those that a merge had moved before they were removed go home where that merge was undone meanwhile.
    """
    for reference in references.moving("customer").values():
        if reference.model is not model:
            continue
        _bring_home(op, reference, keys)
        absorbed = Customer.everything.filter(merged_into__isnull=False).values("pk")
        back = reference.every_row().filter(pk__in=keys, **{f"{reference.column}__in": absorbed})
        found: dict[int, list[int]] = {}
        for number, customer in back.values_list("pk", reference.column):
            found.setdefault(customer, []).append(number)
        for customer, numbers in found.items():
            aside = MergedRow.objects.filter(reference=reference.key, record_id__in=numbers, is_aside=True)
            left = set(numbers) - set(aside.values_list("record_id", flat=True))
            rows.settle(op, reference, customer, left)


def _bring_home(op: changes.OperationInHand, reference: Reference, keys: Sequence[Any]) -> None:
    """Point rows at the customers that merges which were undone since had taken them from."""
    at = dict(reference.every_row().filter(pk__in=keys).values_list("pk", reference.column))
    moves: dict[int, list[Change]] = {}
    kind = records.kind_of(reference.model)
    for change in Change.objects.filter(kind=kind, record_id__in=at, field=reference.column).order_by("-pk"):
        moves.setdefault(change.record_id, []).append(change)
    operations = {change.operation_id for told in moves.values() for change in told}
    merges = {merge.operation_id: merge for merge in Merge.objects.filter(operation__in=operations)}
    for number, told in moves.items():
        place, undone = at[number], None
        for change in told:
            merge = merges.get(change.operation_id)
            if merge is None or change.after != place:
                break
            place = change.before
            undone = merge if merge.undone_at is not None else undone
        if undone is None or undone.absorbed_id == at[number]:
            continue
        if not reference.set_aside(at[number], undone.absorbed_id, [number]):
            rows.point_home(op, undone, reference, [number], at[number])
