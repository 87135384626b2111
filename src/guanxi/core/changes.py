"""One journal of every write, and the undo that reads it.

`with operation(actor=actor, name="customers.rename") as op: op.update(customer, name="...")`: the writes and the
journal stand or fall together, in one transaction.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models.deletion import ProtectedError
from django.utils.translation import gettext as _

from guanxi.core import clock, holding, live, records, sealing, whereabouts
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, Forbidden, NotFound
from guanxi.core.events import Event, publish
from guanxi.core.inserting import CompiledInsert
from guanxi.core.models import Change, Operation
from guanxi.core.places import place_taken
from guanxi.core.reaching import may_undo
from guanxi.core.registry import Registry


@dataclass(frozen=True)
class OperationUndone(Event):
    """An operation was taken back; its journal rows name the records that changed."""

    operation_id: int


SKIPPED = frozenset({"created_at", "updated_at"})
# Their values never reach the journal: that it changed is history, what it was is a secret.
SECRET = frozenset({"password", "secret", "old_secret", "secret_sealed"})
BATCH = 1000
# An entry for a look at something guarded: it changes nothing and stands in nobody's way.
LOOK = "view"
# An entry that the values of another entry were taken away; it stays whatever becomes of the operation.
ERASE = "erase"
# An entry that says of a record that its parts (rights of a role, members of a team) were changed: nothing of its own.
PARTS = "parts"
# An entry for an act that no undo can take back (sessions ended, second factors reset); it stands in nobody's way.
DONE = "done"
_insert_operation, _insert_change = CompiledInsert(Operation), CompiledInsert(Change)
# Kinds that undo leaves alone: each has rights of its own, asked where it is set.
SET_ANEW = frozenset({"parameter"})

# Operations that take more than their journal to be undone (merges), by name: what undoes one.
undoers: Registry[Callable[[Actor, Operation], Operation]] = Registry("undoers of operations")
# Operations that give many records the same, by name: an undo leaves those alone that somebody changed since.
on_many: Registry[str] = Registry("operations on many records")
# Operations by which the program keeps rows in line with others, by name: none stands in the way of undoing a creation.
by_itself: Registry[str] = Registry("operations by themselves")
# Told of rows that an undo brought back or gave earlier values, by name: `told(operation in hand, model, keys)`.
restored: Registry[Callable[["OperationInHand", type[models.Model], Sequence[Any]], None]] = Registry("restored rows")


def as_json(value: Any) -> Any:
    """A field's value as the journal keeps it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value.pk if isinstance(value, models.Model) else value


def snapshot(record: models.Model) -> dict[str, Any]:
    """Every stored field of a record, by column attribute name, but for those that its model keeps out of the journal."""
    left_out = SECRET | getattr(record, "journal_leaves_out", SECRET)
    names = (f.attname for f in record._meta.concrete_fields)
    return {name: as_json(getattr(record, name)) for name in names if name not in left_out}


def _customer_of(record: models.Model, kind: str) -> int | None:
    """The customer whose history a record belongs to."""
    return record.pk if kind == "customer" else getattr(record, "customer_id", None)


@dataclass
class OperationInHand:
    """An operation while its writes are made."""

    row: Operation
    pending: list[Change] = field(default_factory=list)
    changed: dict[str, set[int]] = field(default_factory=dict)
    deleted: list[Change] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The operation's number."""
        return self.row.pk

    def _add(self, record: models.Model, act: str, name: str, before: Any, after: Any) -> None:
        """Keep one journal row for the end of the operation."""
        kind = records.kind_of(type(record))
        customer_id = _customer_of(record, kind)
        self.record(
            kind=kind, record_id=record.pk, field=name, before=before, after=after, act=act, customer_id=customer_id
        )

    def create(self, record: Any) -> Any:
        """Save a new record and journal it."""
        record.save(force_insert=True)
        self._add(record, "create", "", None, snapshot(record))
        return record

    def bulk(self, model: type[models.Model], rows: Iterable[Any]) -> list[Any]:
        """Save many new records and journal each."""
        made = list(model._default_manager.bulk_create(list(rows), batch_size=BATCH))
        for record in made:
            self._add(record, "create", "", None, snapshot(record))
        return made

    def update(self, record: Any, **values: Any) -> list[str]:
        """Write the fields that differ; the names of those that did."""
        changed: list[str] = []
        for name, value in values.items():
            attname = record._meta.get_field(name).attname
            before = as_json(getattr(record, attname))
            setattr(record, name if isinstance(value, models.Model) or attname == name else attname, value)
            after = as_json(getattr(record, attname))
            if before != after:
                changed.append(name)
                if attname in SECRET:
                    self._add(record, "secret", attname, None, None)
                else:
                    self._add(record, "update", attname, before, after)
        if changed:
            touched = [f.name for f in record._meta.concrete_fields if f.name == "updated_at"]
            record.save(update_fields=[*changed, *touched])
        return changed

    def touch(self, record: Any) -> None:
        """Say that parts of a record were written in this operation, so that its own history names it."""
        self._add(record, PARTS, "", None, None)

    def delete(self, record: Any) -> None:
        """Delete a record, keeping the whole row in the journal."""
        self._add(record, "delete", "", snapshot(record), None)
        record.delete()

    def record(
        self,
        *,
        kind: str,
        record_id: int,
        field: str,
        before: Any,
        after: Any,
        act: str = "update",
        customer_id: int | None = None,
    ) -> None:
        """Journal a write that was made in bulk elsewhere."""
        self.pending.append(
            Change(
                operation=self.row,
                kind=kind,
                record_id=record_id,
                act=act,
                field=field,
                before=as_json(before),
                after=as_json(after),
                customer_id=record_id if kind == "customer" and customer_id is None else customer_id,
            )
        )
        if len(self.pending) >= 5 * BATCH:
            self.flush()

    def flush(self) -> None:
        """Write the journal rows kept so far."""
        if len(self.pending) == 1:
            _insert_change(self.pending[0])
        else:
            Change.objects.bulk_create(self.pending, batch_size=BATCH)
        self.deleted += [change for change in self.pending if change.act == "delete"]
        for change in self.pending:
            if change.act not in (LOOK, ERASE):
                self.changed.setdefault(change.kind, set()).add(change.record_id)
                if change.customer_id is not None:
                    self.changed.setdefault("customer", set()).add(change.customer_id)
        self.pending = []


@contextmanager
def operation(
    *,
    actor: Actor,
    name: str,
    undoes: Operation | None = None,
    reason: str = "",
    deputising_for_id: int | None = None,
) -> Iterator[OperationInHand]:
    """Open an operation in a transaction; the journal is written when the block ends well.

    `reason`: why, where the act asks for it. `deputising_for_id`: whose work it was, where the actor is their deputy.
    """
    if actor.is_read_only:
        raise Forbidden(_("You are looking with the rights of somebody else: nothing can be changed."))
    with transaction.atomic():
        row = _insert_operation(
            Operation(
                name=name,
                actor_id=actor.user_id,
                actor_name=actor.name[:150],
                means=actor.means,
                at=clock.now(),
                undoes=undoes,
                address=(actor.address or whereabouts.here(actor.means))[:120],
                reason=reason[:500],
                deputising_for_id=deputising_for_id,
            )
        )
        in_hand = OperationInHand(row)
        yield in_hand
        in_hand.flush()
        if actor.standing_in and deputising_for_id is None:
            _name_both(actor, in_hand)
        live.tell_changed(in_hand.changed)


def going_on(row: Operation) -> OperationInHand:
    """More of an operation in `sealing.in_parts`; RuntimeError for another: its seal would not allow for more."""
    if row.name not in sealing.in_parts:
        raise RuntimeError(f"{row.name} is not registered as an operation in parts")
    return OperationInHand(row)


def _name_both(actor: Actor, in_hand: OperationInHand) -> None:
    """Say in the journal for whom a deputy acted: `Ben Hart (Anna Lund)`."""
    absent = place_taken(actor, in_hand.changed, in_hand.deleted)
    if absent is not None:
        name = next(one.name for one in actor.standing_in if one.user_id == absent)
        in_hand.row.deputising_for_id = absent
        in_hand.row.actor_name = f"{actor.name} ({name})"[:150]
        in_hand.row.save(update_fields=["deputising_for", "actor_name"])


def _model(kind: str) -> type[models.Model]:
    """The model behind a journal row."""
    model = records.model_of(kind)
    if model is None:
        raise Conflict(_("This kind of record can no longer be undone."))
    return model


def _manager(model: type[models.Model]) -> models.Manager[Any]:
    """All rows of a model, in force or not."""
    return getattr(model, "everything", model._base_manager)


def _refuse_erased(changes: list[Change]) -> None:
    """Raise Conflict when what an undo would give back was erased, or was an erasure."""
    if any(change.act == ERASE for change in changes):
        raise Conflict(_("An erasure cannot be taken back."))
    if any(change.erased_at is not None and change.act not in (LOOK, PARTS, "create") for change in changes):
        raise Conflict(_("The values it would give back were erased, as the law on personal data asks."))


def _changed_since(changes: list[Change]) -> Iterator[tuple[tuple[str, int], str]]:
    """The records of which something was changed by a later operation that still stands, and by whom."""
    by_kind: dict[str, dict[int, list[Change]]] = {}
    for change in changes:
        by_kind.setdefault(change.kind, {}).setdefault(change.record_id, []).append(change)
    for kind, of_record in by_kind.items():
        numbers = list(of_record)
        for start in range(0, len(numbers), BATCH):
            later = Change.objects.filter(
                kind=kind,
                record_id__in=numbers[start : start + BATCH],
                operation_id__gt=changes[0].operation_id,
                operation__undone_at__isnull=True,
                operation__undoes__isnull=True,
            ).exclude(act__in=("create", LOOK, ERASE, DONE, PARTS))
            for other in later.select_related("operation").order_by("id"):
                mine = of_record[other.record_id]
                own = ("create", "update") if other.operation.name in by_itself else ("update",)
                if other.act == "delete" or any(c.field == other.field or c.act not in own for c in mine):
                    yield (kind, other.record_id), other.operation.actor_name


def _refuse_changed_since(changes: list[Change]) -> None:
    """Raise Conflict, naming who, when anything of this was changed since."""
    for _record, who in _changed_since(changes):
        raise Conflict(_("It was changed since by %(who)s and cannot be undone.") % {"who": who})


def _standing(row: Operation, changes: list[Change]) -> tuple[list[Change], tuple[str, ...]]:
    """What can be taken back of an operation: all of it or nothing, of many records those that nobody changed since.

    The second names for each record that stays as it is who changed it.
    """
    if row.name not in on_many:
        _refuse_changed_since(changes)
        return changes, ()
    # A record and its parts are told under the one whose part it is.
    whose: dict[tuple[str, int], tuple[str, int]] = {
        (c.kind, c.record_id): ("customer", c.customer_id) if c.customer_id else (c.kind, c.record_id) for c in changes
    }
    kept = {whose[record]: who for record, who in _changed_since(changes)}
    standing = [c for c in changes if whose[(c.kind, c.record_id)] not in kept]
    if not standing:
        _refuse_changed_since(changes)
    return standing, tuple(kept.values())


def _runs(changes: list[Change]) -> Iterator[list[Change]]:
    """Neighbouring changes of one act on one kind, at most a batch at a time, in order."""
    run: list[Change] = []
    for change in changes:
        if run and (len(run) >= BATCH or (change.act, change.kind) != (run[0].act, run[0].kind)):
            yield run
            run = []
        run.append(change)
    if run:
        yield run


def _restore(in_hand: OperationInHand, run: list[Change]) -> None:
    """Take back some changes of one act on one kind."""
    act = run[0].act
    if act == LOOK:
        return
    if act == PARTS:
        # As the operation named them: what happened to the record itself need not be looked at.
        for change in run:
            in_hand.record(kind=change.kind, record_id=change.record_id, field="", before=None, after=None, act=PARTS)
        return
    if act == "secret":
        raise Conflict(_("A password cannot be given back; set a new one."))
    if act == DONE:
        raise Conflict(_("This cannot be taken back."))
    if run[0].kind in SET_ANEW:
        raise Conflict(_("A setting of the company is not taken back: set it again where it was set."))
    model = _model(run[0].kind)
    if act == "delete":
        for change in run:
            values = {f.attname: f.to_python((change.before or {}).get(f.attname)) for f in model._meta.concrete_fields}
            in_hand.create(model(**values))
        _tell_restored(in_hand, model, run)
        return
    found = _manager(model).in_bulk({change.record_id for change in run})
    if any(change.record_id not in found for change in run):
        raise Conflict(_("The record is no longer there."))
    try:
        if act == "create":
            for change in run:
                in_hand.delete(found[change.record_id])
        else:
            _restore_fields(in_hand, model, found, run)
            _tell_restored(in_hand, model, run)
    except (ProtectedError, IntegrityError):
        raise Conflict(_("Other records depend on it by now.")) from None


def _tell_restored(in_hand: OperationInHand, model: type[models.Model], run: list[Change]) -> None:
    """Let those who keep track of rows know which ones are as they were before."""
    for told in restored:
        told(in_hand, model, [change.record_id for change in run])


def _restore_fields(
    in_hand: OperationInHand, model: type[models.Model], found: dict[Any, Any], run: list[Change]
) -> None:
    """Give fields back what they held; equal values of many records are written in one statement."""
    columns = {f.attname: f for f in model._meta.concrete_fields}
    first: dict[tuple[int, str], Any] = {}
    for change in run:
        record, column = found[change.record_id], columns[change.field]
        first.setdefault((change.record_id, change.field), as_json(getattr(record, column.attname)))
        value = change.before if change.before is None else column.to_python(change.before)
        setattr(record, column.attname, value)
    groups: dict[tuple[str, str], list[int]] = {}
    for (number, attname), before in first.items():
        after = as_json(getattr(found[number], attname))
        if before != after:
            in_hand._add(found[number], "update", attname, before, after)
            groups.setdefault((attname, json.dumps(after, sort_keys=True, default=str)), []).append(number)
    touched = {"updated_at": clock.now()} if "updated_at" in columns else {}
    for (attname, _told), numbers in groups.items():
        value = getattr(found[numbers[0]], attname)
        _manager(model).filter(pk__in=numbers).update(**{attname: value}, **touched)


# Rights themselves: whoever may undo others' work does not get back by it what was taken from them.
RIGHTS = frozenset({"role", "rolepermission", "rolefield", "department", "team", "teammember"})
RIGHTS_OF_USERS = frozenset({"role_id", "department_id", "is_active"})


def _refuse_rights(actor: Actor, changes: list[Change]) -> None:
    """Raise NotFound where an undo would change rights and the actor does not manage them."""
    is_rights = any(c.kind in RIGHTS or (c.kind == "user" and c.field in RIGHTS_OF_USERS) for c in changes)
    if is_rights and actor.user_id is not None and not (actor.can("role", "manage") and actor.can("user", "manage")):
        raise NotFound(_("There is nothing here to undo."))


def undo_operation(*, actor: Actor, operation_id: int) -> Operation:
    """Take back everything one operation wrote, unless it was changed since; the undo is an operation too."""
    named = Operation.objects.filter(pk=operation_id).first()
    if named is not None and named.name in undoers:
        return undoers[named.name](actor, named)
    with transaction.atomic():
        row = Operation.objects.select_for_update(no_key=True).filter(pk=operation_id).first()
        if row is None or not may_undo(actor, row):
            raise NotFound(_("There is nothing here to undo."))
        if row.undone_at:
            raise Conflict(_("This was undone already."))
        changes = list(row.changes.select_related("operation").order_by("-id"))
        _refuse_rights(actor, changes)
        holding.hold_changed(changes)
        _refuse_erased(changes)
        standing, kept = _standing(row, changes)
        with operation(actor=actor, name="undo", undoes=row) as in_hand:
            for run in _runs(standing):
                _restore(in_hand, run)
        row.undone_at = clock.now()
        row.save(update_fields=["undone_at"])
        publish(OperationUndone(operation_id=row.pk))
        in_hand.row.kept_by = kept
        return in_hand.row


def erase_values(*, op: OperationInHand, change_ids: Iterable[int] = (), operation_ids: Iterable[int] = ()) -> int:
    """Take the values of journal rows away for good, with the salts of their seals; the number of rows.

    Before and after of changes go; of operations the actor's name, the address and the reason. What was done to which
    record, when and by which user stays, each erasure is itself a row of `op`, and a sealed chain still verifies.
    """
    at = clock.now()
    sealing.hold_still()
    gone = 0
    for numbers, model, kind, emptied in (
        (change_ids, Change, "change", {"before": None, "after": None}),
        (operation_ids, Operation, "operation", {"actor_name": "", "address": "", "reason": ""}),
    ):
        wanted = sorted(set(numbers))
        for start in range(0, len(wanted), BATCH):
            rows = model._default_manager.filter(pk__in=wanted[start : start + BATCH], erased_at__isnull=True)
            standing = list(rows.order_by("pk"))
            sealing.forget_salts(standing)
            rows.filter(pk__in=[row.pk for row in standing]).update(**emptied, erased_at=at)
            for row in standing:
                op.record(kind=kind, record_id=row.pk, field="", before=None, after=None, act=ERASE)
            gone += len(standing)
    return gone
