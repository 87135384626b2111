"""The act itself: chunk by chunk, to be begun again wherever it stopped, all of it one operation of the journal."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction
from django.db.models.deletion import ProtectedError

from guanxi.core import changes, clock, jobs, live, records
from guanxi.core.actor import system_actor
from guanxi.core.erasing import Person, erasers
from guanxi.core.holding import hold, hold_rows
from guanxi.core.models import Change
from guanxi.core.personal_data import Category, Erasing, Form, Statement, Whose
from guanxi.customers import names
from guanxi.customers.choices import CustomerStatus, WorkState
from guanxi.customers.duplicates.services import replace_pairs
from guanxi.customers.models import Customer, Erasure
from guanxi.customers.privacy import holdings
from guanxi.customers.privacy.erasing import certificates, digests, previewing
from guanxi.files.public import StoredFile, discard
from guanxi.search.public import forget_deleted_soon, refresh

CHUNK = 500
TOLD_APART = frozenset({Category.IDENTITY, Category.CONTACT, Category.SENSITIVE, Category.CONTENT})


def run(erasure: Erasure) -> None:
    """Take away what is left to take away; safe to be called again."""
    person = holdings.person_of(erasure.customer_id)
    places: Collection[str] | None = None
    if not erasure.kept:
        seen = previewing.preview(erasure.customer_id, looks_for_mentions=erasure.retention_run_id is None)
        erasure.kept, erasure.mentions = certificates.hold(seen)
        places = seen.places
    erasure.state = WorkState.RUNNING
    erasure.save(update_fields=["kept", "mentions", "state"])  # house: writes: how the work stands
    _erase_places(erasure, person, places)
    _erase_older_journal(erasure, person)
    held = holdings.held_by(person.customer_ids)
    deleting = [s for s in holdings.statements() if s.erasing == Erasing.DELETE and s.label in held]
    waiting = list(deleting)
    while waiting:
        statement = waiting.pop(0)
        try:
            _delete_rows(erasure, statement, person)
        except ProtectedError:
            if not waiting:
                raise
            waiting.append(statement)
    emptied = [
        statement
        for statement in holdings.statements()
        if statement.erasing in {Erasing.BLANK, Erasing.PSEUDONYM}
        and statement.label in held
        and statement.customer != "pk"
    ]
    for statement in emptied:
        _empty_rows(erasure, statement, person)
    # Only now that no row points at them any more: a file may be held by a row of another kind.
    for statement in emptied:
        if statement.erasing == Erasing.BLANK:
            _erase_files_of_rows(erasure, statement, person)
    _erase_files(erasure, "customer", list(person.customer_ids))
    _erase_journal(erasure, person)
    for number in person.customer_ids:
        # That somebody else is likely to be the same would tell who it was.
        replace_pairs(customer_id=number, found=())
    _leave_tombstone(erasure, person)


@contextmanager
def _going_on(erasure: Erasure) -> Iterator[changes.OperationInHand]:
    """More of the erasure's one operation, in a transaction."""
    with transaction.atomic():
        if erasure.operation is None:
            raise RuntimeError("an erasure has its operation from the beginning")
        in_hand = changes.going_on(erasure.operation)
        yield in_hand
        in_hand.flush()
        live.tell_changed(in_hand.changed)
    jobs.check()


def _count(erasure: Erasure, what: str, count: int) -> None:
    """Add to what the certificate tells."""
    if count:
        erasure.counts = {**erasure.counts, what: erasure.counts.get(what, 0) + count}
        erasure.save(update_fields=["counts"])  # house: writes: how the work stands


def _erase_places(erasure: Erasure, person: Person, known: Collection[str] | None) -> None:
    """What modules keep beside their rows; `known` are the places where a look just now found something."""
    for key, eraser in erasers.items():
        if key in known if known is not None else eraser.count(person):
            with _going_on(erasure) as op:
                _count(erasure, key, eraser.erase(op, person))


def _delete_rows(erasure: Erasure, statement: Statement, person: Person) -> None:
    """Rows that go, with their files and with what the journal says of them."""
    kind = records.kind_of(statement.model)
    while True:
        rows = holdings.rows_of(statement, person.customer_ids)
        numbers = list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])
        if not numbers:
            return
        # With the rows go their files: nobody would find those afterwards, were the work to stop in between.
        with transaction.atomic():
            held = list(_file_ids(statement.model, numbers))
            with _going_on(erasure) as op:
                hold(**{kind: numbers})
                _forget(erasure, op, kind, numbers)
                statement.model._base_manager.filter(pk__in=numbers).delete()  # house: writes: what an erasure is
                _count(erasure, statement.label, len(numbers))
            _erase_files(erasure, kind, numbers)
            _discard(erasure, StoredFile.objects.filter(pk__in=held))


def _file_columns(model: type[models.Model]) -> list[Any]:
    """The columns of a model that point at stored files."""
    return [f for f in model._meta.concrete_fields if f.is_relation and f.related_model is StoredFile]


def _file_ids(model: type[models.Model], numbers: list[int]) -> Iterator[int]:
    """The stored files that rows point at."""
    for field in _file_columns(model):
        rows = model._base_manager.filter(**{"pk__in": numbers, f"{field.name}__isnull": False})
        yield from rows.values_list(field.attname, flat=True)


def _let_go_of_files(erasure: Erasure, model: type[models.Model], numbers: list[int]) -> None:
    """Files that rows which stay point at: the rows point at nothing, and the files go."""
    held = list(_file_ids(model, numbers))
    if not held:
        return
    with transaction.atomic():
        for field in _file_columns(model):
            model._base_manager.filter(pk__in=numbers).update(**{field.name: None})  # house: writes: an erasure
        _discard(erasure, StoredFile.objects.filter(pk__in=held))


def _erase_files_of_rows(erasure: Erasure, statement: Statement, person: Person) -> None:
    """The files of rows that stay and were emptied: what came with a message, what proves a complaint."""
    numbers = holdings.rows_of(statement, person.customer_ids).order_by("pk").values_list("pk", flat=True)
    for chunk in holdings.chunks(numbers.iterator(chunk_size=CHUNK), CHUNK):
        _erase_files(erasure, records.kind_of(statement.model), chunk)


def _empty_rows(erasure: Erasure, statement: Statement, person: Person) -> None:
    """Rows that stay and say nothing any more of whose they are."""
    rows = holdings.rows_of(statement, person.customer_ids).order_by("pk")
    columns = [f for f in holdings.stated_fields(statement) if _goes(statement, f.name)]
    last: Any = None
    while True:
        chunk = list(rows.filter(pk__gt=last)[:CHUNK] if last is not None else rows[:CHUNK])
        if not chunk:
            return
        last = chunk[-1].pk
        with _going_on(erasure) as op:
            hold_rows(statement.model, [row.pk for row in chunk])
            _forget(erasure, op, records.kind_of(statement.model), [row.pk for row in chunk])
            emptied = 0
            for row in chunk:
                differing = [f for f in columns if _empty(f, row, statement.erasing) != getattr(row, f.attname)]
                for column in differing:
                    setattr(row, column.attname, _empty(column, row, statement.erasing))
                if differing:
                    row.save(update_fields=[f.name for f in differing])  # house: writes: what an erasure is
                    emptied += 1
            _count(erasure, statement.label, emptied)
        if statement.erasing == Erasing.BLANK:
            _let_go_of_files(erasure, statement.model, [row.pk for row in chunk])


def _goes(statement: Statement, name: str) -> bool:
    """Whether a column of a row that stays is emptied: amounts and days stay where the row is only made nameless.

    The names of colleagues stay: that they did something is no word about the person.
    """
    held = statement.holding(name)
    if held is None or held.of == Whose.USER:
        return False
    if statement.erasing == Erasing.BLANK:
        # A figure that even a masked copy holds as it is tells nothing once the words are gone.
        return held.form != Form.SAME
    return held.category in TOLD_APART


def _empty(field: Any, row: Any, erasing: Erasing) -> Any:
    """What a column holds afterwards."""
    before = getattr(row, field.attname)
    if erasing == Erasing.PSEUDONYM and isinstance(before, str):
        return (
            before
            if not before or before.startswith("erased-")
            else f"erased-{digests.digest(field.name, before)[:12]}"
        )
    if isinstance(field, models.JSONField):
        return field.get_default() if field.has_default() else None
    return None if field.null else ""


def _forget(erasure: Erasure, op: changes.OperationInHand, kind: str, numbers: list[Any]) -> None:
    """What the journal says of these records goes."""
    rows = Change.objects.filter(kind=kind, record_id__in=numbers, erased_at__isnull=True).exclude(act=changes.ERASE)
    _count(erasure, Change._meta.label, changes.erase_values(op=op, change_ids=list(rows.values_list("pk", flat=True))))


def _erase_files(erasure: Erasure, kind: str, numbers: list[int]) -> None:
    """The files of records."""
    _discard(erasure, StoredFile.objects.filter(record_kind=kind, record_id__in=numbers))


def _discard(erasure: Erasure, rows: Any) -> None:
    """Remove files and what the journal says of them; other rows with the same content keep it."""
    for stored in rows:
        number = stored.pk
        with transaction.atomic():
            discard(actor=system_actor("erasure"), stored=stored)
            with _going_on(erasure) as op:
                _forget(erasure, op, records.kind_of(StoredFile), [number])
            _count(erasure, "files.StoredFile", 1)


def _erase_older_journal(erasure: Erasure, person: Person) -> None:
    """What the journal keeps of rows that went before, where their kind does not name the customer in a column."""
    for statement in holdings.statements():
        direct = [f"{path}_id" for path in statement.customer.split() if "__" not in path and path != "pk"]
        if not direct or direct == ["customer_id"] or "customer_id_id" in direct:
            continue
        kind = records.kind_of(statement.model)
        for act, side in (("create", "after"), ("delete", "before")):
            for column in direct:
                rows = Change.objects.filter(
                    **{"kind": kind, "act": act, f"{side}__{column}__in": list(person.customer_ids), "erased_at": None}
                )
                numbers = list(rows.values_list("record_id", flat=True))
                for chunk in holdings.chunks(numbers, CHUNK):
                    with _going_on(erasure) as op:
                        _forget(erasure, op, kind, chunk)


def _erase_journal(erasure: Erasure, person: Person) -> None:
    """The values of everything else that the journal keeps of the person."""
    while True:
        rows = previewing.journal_rows(person).filter(erased_at__isnull=True).exclude(act=changes.ERASE)
        rows = rows.exclude(operation=erasure.operation)
        numbers = list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])
        if not numbers:
            return
        with _going_on(erasure) as op:
            _count(erasure, Change._meta.label, changes.erase_values(op=op, change_ids=numbers))


def _leave_tombstone(erasure: Erasure, person: Person) -> None:
    """What stays of the customer: a number, a kind, who was in charge, and when it was erased."""
    now = clock.now()
    with _going_on(erasure) as op:
        hold(customer=person.customer_ids)
        for customer in Customer.everything.filter(pk__in=person.customer_ids):
            if customer.erased_at is not None:
                continue
            name = f"已抹除 Erased {customer.public_id}"
            values: dict[str, Any] = {
                "name": name,
                **names.derived_keys(name, customer.kind),
                "title": "",
                "position": "",
                "language": "",
                "tax_id": "",
                "city": "",
                "country": "",
                "note": "",
                "custom": {},
                "last_contact_at": None,
                "status": CustomerStatus.ARCHIVED,
                "erased_at": now,
            }
            for column, value in values.items():
                setattr(customer, column, value)
            customer.save(update_fields=[*values, "updated_at"])  # house: writes: what an erasure is
            op.record(
                kind="customer", record_id=customer.pk, field="erased_at", before=None, after=None, act=changes.ERASE
            )
            _count(erasure, "customers.Customer", 1)
        refresh("customer", list(person.customer_ids))
        forget_deleted_soon()
        erasure.state = WorkState.DONE
        erasure.ended_at = now
        erasure.error = ""
        erasure.save(update_fields=["state", "ended_at", "error"])  # house: writes: how the work stands
