"""Taking merges back, at any later time and in any order.

The rule: every row that the merge moved goes back, with what was edited in it since; what was added to the survivor
since stays with the survivor; a field that took its value from the absorbed customer gets the earlier value back unless
it was changed since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guanxi.core import changes, clock, custom_fields, events, records, references
from guanxi.core.actor import Actor
from guanxi.core.changes import as_json
from guanxi.core.errors import Conflict, NotFound
from guanxi.core.models import Change, Operation
from guanxi.core.references import Treatment
from guanxi.customers import names
from guanxi.customers.events import CustomersUnmerged
from guanxi.customers.models import ContactPoint, CoreCard, Customer, Merge, MergedRow, Relation
from guanxi.customers.services.merging import checking, rows
from guanxi.customers.services.merging.joining import point_to
from guanxi.customers.services.merging.rows import Returned
from guanxi.search.public import refresh

UNMERGE = "customers.unmerge"
NOT_COMPARED = frozenset({"customer_id", "created_at", "updated_at"})
FOLLOWING = frozenset({*names.DERIVED_KEYS, "last_contact_at", "merged_into_id"})


@dataclass
class Parted:
    """What taking a merge back did: rows by reference, and the fields that keep what was written since."""

    merge: Merge
    survivor_id: int
    rows: dict[str, Returned] = field(default_factory=dict)
    kept_fields: list[str] = field(default_factory=list)

    @property
    def operation_id(self) -> int:
        """The operation that took it back."""
        return self.merge.undo_operation_id or 0


def undo_merge(*, actor: Actor, merge_id: int) -> Parted:
    """Part a customer from the one that absorbed it."""
    with transaction.atomic():
        merge, absorbed, survivor = checking.merge_to_undo(actor, merge_id)
        chain = rows.chain_of(absorbed.pk)
        holders = [one.keep_id for one in chain]
        parted = Parted(merge, survivor.pk)
        with changes.operation(actor=actor, name=UNMERGE, undoes=merge.operation) as op:
            waiting = rows.WaitingRows()
            waiting.look(_others_of(survivor.pk, merge))
            parted.rows = rows.give_back(op, merge, holders)
            parted.kept_fields = _give_fields_back(op, merge)
            point_to(op, [absorbed.pk], None)
            point_to(op, rows.below(absorbed.pk), absorbed.pk)
            op.update(merge, undone_at=clock.now(), undone_by_name=actor.name[:150], undo_operation_id=op.id)
            merge.rows.all().delete()
            rows.set_doubles_aside(op, [absorbed.pk, survivor.pk])
            waiting.release(op)
            rows.ensure_primary(op, [absorbed.pk, survivor.pk])
            told = {"parted": absorbed.pk}
            op.record(kind="customer", record_id=survivor.pk, field="", before=told, after=None, act="split")
        Operation.objects.filter(pk=merge.operation_id).update(undone_at=clock.now())
        refresh("customer", [absorbed.pk, survivor.pk])
        events.publish(CustomersUnmerged(survivor_id=survivor.pk, absorbed_id=absorbed.pk))
        return parted


def undo_merges(*, actor: Actor, batch: int) -> list[Parted]:
    """Take back all that was merged in one act, the last first."""
    with transaction.atomic():
        standing = Merge.objects.filter(batch=batch, undone_at__isnull=True).order_by("-pk")
        numbers = list(standing.values_list("pk", flat=True))
        if not numbers:
            raise Conflict(_("There is nothing here to undo."))
        found = [undo_merge(actor=actor, merge_id=number) for number in numbers]
        row = Operation.objects.filter(pk=batch, undone_at__isnull=True).first()
        if row is not None:
            # The mark on the act as a whole is proved by an act that took it back.
            with changes.operation(actor=actor, name=UNMERGE, undoes=row):
                Operation.objects.filter(pk=batch).update(undone_at=clock.now())
        return found


def undo_by_operation(actor: Actor, operation: Operation) -> Operation:
    """Take back the merge, or the several merges, of an operation of the journal."""
    if operation.undone_at is not None:
        raise Conflict(_("This was undone already."))
    merge = Merge.objects.filter(operation=operation).first()
    if merge is not None:
        parted = undo_merge(actor=actor, merge_id=merge.pk)
    else:
        parted = undo_merges(actor=actor, batch=operation.pk)[0]
    return Operation.objects.get(pk=parted.operation_id)


def refuse_redo(actor: Actor, operation: Operation) -> Operation:
    """What was parted is merged by merging, not by undoing."""
    if not actor.can("customer", "merge"):
        raise NotFound(_("There is nothing here to undo."))
    raise Conflict(_("Merge the customers once more instead."))


def _others_of(survivor_id: int, but: Merge) -> Sequence[Merge]:
    """The other merges by which customers are part of the same survivor now, or of one that it is related to."""
    family = [survivor_id, *rows.below(survivor_id)]
    related = Relation.everything.filter(Q(subject__in=family) | Q(object__in=family)).values("pk")
    waiting = MergedRow.objects.filter(reference__in=rows.RELATIONS, record_id__in=related, is_aside=True)
    standing = Merge.objects.filter(undone_at__isnull=True).exclude(pk=but.pk)
    return list(standing.filter(Q(keep__in=family) | Q(pk__in=waiting.values("merge"))).order_by("pk"))


def _give_fields_back(op: changes.OperationInHand, merge: Merge) -> list[str]:
    """Give fields their earlier values where they still hold what the merge wrote; the names of the others."""
    kept: list[str] = []
    moved = Q(kind="merge")
    for reference in references.of("customer", Treatment.MOVES):
        moved |= Q(kind=records.kind_of(reference.model), field=reference.column)
    told_of = Change.objects.filter(operation=merge.operation_id, act__in=("create", "update")).exclude(moved)
    written: dict[tuple[str, int], list[Change]] = {}
    for change in told_of.order_by("pk"):
        written.setdefault((change.kind, change.record_id), []).append(change)
    for (kind, number), told in written.items():
        model = records.model_of(kind)
        record = None if model is None else model._base_manager.filter(pk=number).first()
        if record is None or (isinstance(record, ContactPoint) and record.customer_id != merge.absorbed_id):
            continue
        if told[0].act == "create":
            kept += _take_section_away(op, merge, record, told[0].after or {})
        else:
            kept += _restore(op, record, told)
    return kept


def _restore(op: changes.OperationInHand, record: Any, told: Sequence[Change]) -> list[str]:
    """Restore the fields of one record; the names of those that were changed since."""
    columns = {f.attname: f for f in record._meta.concrete_fields}
    values: dict[str, Any] = {}
    kept = []
    for change in told:
        if change.field in FOLLOWING - {"last_contact_at"}:
            continue
        column = columns[change.field]
        if change.field == "custom":
            values["custom"], changed = _custom_before(record.custom, change.before or {}, change.after or {})
            kept += changed
        elif as_json(getattr(record, change.field)) == change.after:
            values[change.field] = None if change.before is None else column.to_python(change.before)
        elif change.field not in FOLLOWING:
            kept.append(str(capfirst(column.verbose_name)))
    if isinstance(record, Customer) and "name" in values:
        values |= names.derived_keys(values["name"], record.kind)
    op.update(record, **values)
    return kept


def _custom_before(
    now: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The added fields with what the merge wrote taken back, and the names of those that were changed since."""
    result, kept = dict(now), []
    labels = {definition.key: definition.label for definition in custom_fields.definitions("customer")}
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) == after.get(key):
            continue
        if now.get(key) != after.get(key):
            kept.append(str(labels.get(key, key)))
        elif before.get(key) is None:
            result.pop(key, None)
        else:
            result[key] = before[key]
    return result, kept


def _take_section_away(op: changes.OperationInHand, merge: Merge, record: Any, written: Mapping[str, Any]) -> list[str]:
    """Take an archive or a card away that the merge had made, field by field; what was changed since stays."""
    kept, values = [], {}
    for column in record._meta.concrete_fields:
        if column.attname in NOT_COMPARED:
            continue
        if as_json(getattr(record, column.attname)) != written.get(column.attname):
            kept.append(str(capfirst(column.verbose_name)))
        else:
            values[column.attname] = column.get_default()
    if not kept:
        _remove(op, merge, record)
    elif not isinstance(record, CoreCard):
        op.update(record, **values)
    return kept


def _remove(op: changes.OperationInHand, merge: Merge, record: models.Model) -> None:
    """Delete a section; who read a card in between has read the card that it was copied from."""
    if isinstance(record, CoreCard):
        reference = references.moving("customer")["customers.corecardreading.card_id"]
        numbers = list(reference.rows(record.pk).values_list("pk", flat=True))
        reference.point_at(merge.absorbed_id, numbers, now_at=[record.pk])
        rows.journal(op, reference, numbers, record.pk, merge.absorbed_id)
    op.delete(record)
