"""Taking back customers that an import made: those that stand alone go, those that others lean on stay."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from guanxi.core import records
from guanxi.core.changes import LOOK
from guanxi.core.models import Change
from guanxi.customers import names
from guanxi.customers.import_updates import field_label
from guanxi.customers.models import (
    Consent,
    ContactPoint,
    CoreCard,
    Customer,
    CustomerTag,
    DuplicateDecision,
    ExternalId,
    InternalProfile,
    Merge,
    MergedRow,
    Note,
    OrganisationProfile,
    PersonProfile,
    Relation,
    Standing,
    StandingChange,
    VisitRecord,
)
from guanxi.customers.privacy.erasing.imports import erased_words
from guanxi.importing import claims
from guanxi.importing.models import Import, ImportClaim
from guanxi.importing.targets import UndoConflict
from guanxi.search.public import remove

CHUNK = 500
NAMED = 1_000
# Fields that follow from others and are no news by themselves.
FOLLOWING = names.DERIVED_KEYS
# Rows that go with their customer, in the order in which they may be deleted.
_DERIVED: tuple[type[models.Model], ...] = (StandingChange, Standing)
_IMPORTED: tuple[type[models.Model], ...] = (ContactPoint, ExternalId, Consent)
# What a file of customers brings, by the kind under which imports claim it.
CLAIMED: dict[str, type[models.Model]] = {
    "customer": Customer,
    "external_id": ExternalId,
    "contact_point": ContactPoint,
    "consent": Consent,
}
# What only people write: an import's customer that has any of it is no longer the import's alone.
_BY_HAND: tuple[tuple[type[models.Model], str], ...] = (
    (PersonProfile, "customer_id"),
    (OrganisationProfile, "customer_id"),
    (InternalProfile, "customer_id"),
    (CoreCard, "customer_id"),
    (VisitRecord, "customer_id"),
    (Note, "customer_id"),
    (CustomerTag, "customer_id"),
    (Relation, "subject_id"),
    (Relation, "object_id"),
    (DuplicateDecision, "customer_id"),
    (DuplicateDecision, "other_id"),
    (Merge, "keep_id"),
    (Merge, "absorbed_id"),
)


def _references() -> list[tuple[type[models.Model], str]]:
    """Every foreign key to a customer from the other modules.

    A key without a constraint in the database says that its rows are derived and made anew: they lean on nothing.
    """
    found = []
    for model in apps.get_models():
        if model._meta.app_label == "customers":
            continue
        for field in model._meta.concrete_fields:
            if not (isinstance(field, models.ForeignKey) and field.related_model is Customer):
                continue
            if field.db_constraint:  # type: ignore[attr-defined]  # the stubs do not know it
                found.append((model, field.attname))
    return found


def _leaned_on(run_id: int) -> dict[str, Exists]:
    """For each kind of row that may lean on a customer of the import, whether there is one that is not the import's."""
    conditions: dict[str, Exists] = {}
    for model, column in _references():
        rows = model._base_manager.filter(**{column: OuterRef("pk")})
        if any(f.name == "import_run" for f in model._meta.concrete_fields):
            rows = rows.filter(~Q(import_run=run_id) | Q(import_run__isnull=True))
        conditions[f"of_{model._meta.label_lower.replace('.', '_')}_{column}"] = Exists(rows)
    for model, column in _BY_HAND:
        rows = model._base_manager.filter(**{column: OuterRef("pk")})
        conditions[f"of_{model._meta.model_name}_{column}"] = Exists(rows)
    for model in _IMPORTED:
        others = model._base_manager.filter(customer=OuterRef("pk")).exclude(import_run=run_id)
        nobody = model._base_manager.filter(customer=OuterRef("pk"), import_run__isnull=True)
        conditions[f"of_other_{model._meta.model_name}"] = Exists(others | nobody)
    return conditions


def _changes_since() -> Exists:
    """Whether anybody changed the customer in an operation that still stands."""
    return Exists(
        Change.objects.filter(
            customer_id=OuterRef("pk"), operation__undone_at__isnull=True, operation__undoes__isnull=True
        ).exclude(act=LOOK)
    )


def _what_changed(change: Change) -> str:
    """What somebody changed, in words: a field of the customer, else the kind of record beside it."""
    if change.kind == "customer" and change.field:
        return field_label(change.field)
    kind = records.kinds.get(change.kind)
    return _("was changed: %(field)s") % {"field": kind.label if kind else change.kind}


def customer_conflicts(run: Import, *, only_changed: bool = False) -> list[UndoConflict]:
    """Customers that the import made and that were changed since, or that others have come to lean on; the first 1,000.

    With `only_changed`, those that others merely refer to are left out.
    """
    conditions = {} if only_changed else _leaned_on(run.pk)
    rows = Customer.everything.filter(import_run=run.pk).annotate(is_changed=_changes_since(), **conditions)
    leans = Q(pk__in=[])
    for name in conditions:
        leans |= Q(**{name: True})
    claimed = ImportClaim.objects.filter(kind="customer", record_id=OuterRef("pk")).exclude(import_run=run)
    any_of = Q(is_changed=True) | (leans & ~Exists(claimed))
    found = []
    for customer in rows.filter(any_of).order_by("pk")[:NAMED]:
        change = (
            Change.objects.filter(customer_id=customer.pk, operation__undone_at__isnull=True)
            .exclude(act=LOOK)
            .exclude(field__in=FOLLOWING)
            .select_related("operation")
            .order_by("-id")
            .first()
            if customer.is_changed
            else None
        )
        what = (
            _what_changed(change)
            if change
            else _("others refer to it: %(kinds)s") % {"kinds": ", ".join(_what_leans(customer, conditions))}
        )
        found.append(
            UndoConflict(
                kind="customer",
                record_id=customer.pk,
                title=customer.name,
                what=what if customer.erased_at is None else erased_words(),
                by=change.operation.actor_name if change else "",
                at=change.operation.at if change else None,
            )
        )
    return found


def _what_leans(customer: Customer, conditions: Iterable[str]) -> list[str]:
    """The names of the kinds of row that lean on a customer."""
    labels = {}
    for model, column in (*_references(), *_BY_HAND):
        meta = model._meta
        labels[f"of_{meta.label_lower.replace('.', '_')}_{column}"] = meta.verbose_name
        labels[f"of_{meta.model_name}_{column}"] = meta.verbose_name
    for model in _IMPORTED:
        labels[f"of_other_{model._meta.model_name}"] = model._meta.verbose_name
    return sorted({str(labels[name]) for name in conditions if getattr(customer, name)})


def keep_customers(run: Import, customer_ids: Sequence[int]) -> None:
    """Let customers of an import stand on their own: they count whatever becomes of the import."""
    for start in range(0, len(customer_ids), CHUNK):
        chunk = customer_ids[start : start + CHUNK]
        with transaction.atomic():
            Customer.everything.filter(pk__in=chunk, import_run=run).update(import_run=None)
            for model in _IMPORTED:
                model._base_manager.filter(customer__in=chunk, import_run=run).update(import_run=None)
                gone_over = MergedRow.objects.filter(
                    merge__absorbed__in=chunk, reference=f"{model._meta.label_lower}.customer_id"
                )
                moved = model._base_manager.filter(pk__in=gone_over.values("record_id"), import_run=run)
                moved.update(import_run=None)


def hand_over_claimed(run: Import) -> Iterator[None]:
    """Let customers, ids and contact points that other customer files brought too belong to those imports."""
    for kind, model in CLAIMED.items():
        yield from claims.hand_over(run, kind, model)


def hand_over_customers(run: Import, takers: Mapping[int, int]) -> None:
    """Let customers of an import belong to other imports (customer -> import), which need them too."""
    for taker in set(takers.values()):
        numbers = [customer for customer, run_id in takers.items() if run_id == taker]
        Customer.everything.filter(import_run=run, pk__in=numbers).update(import_run=taker)
        for model in _IMPORTED:
            model._base_manager.filter(import_run=run, customer__in=numbers).update(import_run=taker)


def remove_customers(run: Import) -> Iterator[None]:
    """Delete the customers of an import in short transactions; those that others lean on by now stay and count.

    The import's own rows that refer to customers (orders) must be gone before. May be run again.
    """
    last = 0
    while True:
        with transaction.atomic():
            conditions = _leaned_on(run.pk)
            rows = Customer.everything.filter(import_run=run.pk, pk__gt=last).order_by("pk").annotate(**conditions)
            chunk = list(rows[:CHUNK])
            if not chunk:
                break
            last = chunk[-1].pk
            leaned = [c.pk for c in chunk if any(getattr(c, name) for name in conditions)]
            keep_customers(run, leaned)
            _delete([c.pk for c in chunk if c.pk not in set(leaned)])
        yield
    yield from _remove_parts(run)


def _delete(customer_ids: list[int]) -> None:
    """Delete customers and what goes with them, without loading the rows."""
    for model in (*_DERIVED, *_IMPORTED):
        _delete_rows(model, "customer_id", customer_ids)
    _delete_rows(Customer, "id", customer_ids)
    remove("customer", customer_ids)


def _delete_rows(model: type[models.Model], column: str, numbers: list[int]) -> None:
    """One DELETE for up to a chunk of customers."""
    if not numbers:
        return
    marks = ", ".join(["%s"] * len(numbers))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {column} IN ({marks})", numbers)  # noqa: S608


def _remove_parts(run: Import) -> Iterator[None]:
    """Delete the ids, contact points and consents that the import gave to customers of others."""
    for model in _IMPORTED:
        while True:
            with transaction.atomic():
                numbers = list(model._base_manager.filter(import_run=run.pk).values_list("pk", flat=True)[:CHUNK])
                _delete_rows(model, "id", numbers)
            if not numbers:
                break
            yield
