"""How customers stand to one another."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guanxi.core import changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.core.events import publish
from guanxi.customers.choices import Attitude, BuyingRole, CustomerKind, RelationKind
from guanxi.customers.events import CustomerChanged
from guanxi.customers.models import Customer, Relation
from guanxi.customers.queries.relations import ancestors

# Who may be what to whom: kinds of the subject, kinds of the object.
ANY = frozenset(CustomerKind.values)
PERSON = frozenset({CustomerKind.PERSON})
ORGANISATION = frozenset({CustomerKind.ORGANISATION})
FITS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    RelationKind.WORKS_FOR: (PERSON, ORGANISATION),
    RelationKind.PARENT: (frozenset({CustomerKind.ORGANISATION, CustomerKind.INTERNAL}), ANY - PERSON),
    RelationKind.OWNS: (PERSON | ORGANISATION, ORGANISATION),
    RelationKind.SUPPLIES: (ANY, ANY),
    RelationKind.CUSTOMER_OF: (ANY, ANY),
    RelationKind.REFERS: (ANY, ANY),
    RelationKind.HOUSEHOLD: (PERSON, PERSON),
    RelationKind.KNOWS: (PERSON, PERSON),
}
FIELDS = frozenset({"role", "since_on", "until_on", "buying_role", "attitude", "strength", "share_ratio", "note"})


def relate(
    *, actor: Actor, subject_id: int, object_id: int, kind: str, values: Mapping[str, Any] | None = None
) -> Relation:
    """Note that `subject` works for / belongs to / supplies ... `object`."""
    with transaction.atomic():
        subject: Customer = Customer.objects.get_visible(actor, "change", pk=subject_id)
        target: Customer = Customer.objects.get_visible(actor, "view", pk=object_id)
        _check_kind(subject, target, kind)
        cleaned = clean_relation(values or {})
        _check_span(cleaned.get("since_on"), cleaned.get("until_on"))
        _check_not_there(subject, target, kind)
        with changes.operation(actor=actor, name="customers.relate") as op:
            made: Relation = op.create(
                Relation(subject=subject, object=target, kind=kind, created_at=clock.now(), **cleaned)
            )
            _tell(made)
        return made


def update_relation(*, actor: Actor, relation_id: int, values: Mapping[str, Any]) -> int:
    """Change role, time, buying-centre role, attitude or strength; the operation's id."""
    with transaction.atomic():
        relation = open_relation(actor, relation_id)
        cleaned = clean_relation(values)
        _check_span(cleaned.get("since_on", relation.since_on), cleaned.get("until_on", relation.until_on))
        with changes.operation(actor=actor, name="customers.update_relation") as op:
            op.update(relation, **cleaned)
            _tell(relation)
        return op.id


def end_relation(*, actor: Actor, relation_id: int, on: date) -> int:
    """Say that a relation ended; it stays on record."""
    return update_relation(actor=actor, relation_id=relation_id, values={"until_on": on})


def remove_relation(*, actor: Actor, relation_id: int) -> int:
    """Take back a relation that never was; the operation's id."""
    with transaction.atomic():
        relation = open_relation(actor, relation_id)
        with changes.operation(actor=actor, name="customers.remove_relation") as op:
            op.delete(relation)
            _tell(relation)
        return op.id


def _tell(relation: Relation) -> None:
    """Both ends of a relation changed by it."""
    for customer_id in sorted({relation.subject_id, relation.object_id}):
        publish(CustomerChanged(customer_id=customer_id, fields=("relations",)))


def open_relation(actor: Actor, relation_id: int) -> Relation:
    """A relation that the actor may change from either side; NotFound otherwise."""
    mine = Customer.objects.visible_to(actor, "change").values("pk")
    rows = Relation.objects.select_related("subject", "object").filter(Q(subject__in=mine) | Q(object__in=mine))
    found = rows.filter(pk=relation_id).first()
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


def _check_kind(subject: Customer, target: Customer, kind: str) -> None:
    """The two must fit the kind of relation, and belonging must not run in a circle."""
    if kind not in FITS:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": str(kind)[:40]}, column="kind")
    if subject.pk == target.pk:
        raise InvalidInput(_("A customer cannot be related to itself."), column="object")
    subjects, targets = FITS[kind]
    if subject.kind not in subjects or target.kind not in targets:
        raise InvalidInput(
            _(
                "“%(subject)s %(relation)s %(object)s” does not fit: a %(subject_kind)s cannot stand so to a %(object_kind)s."
            )
            % {
                "subject": subject.name,
                "relation": RelationKind(kind).label,
                "object": target.name,
                "subject_kind": CustomerKind(subject.kind).label,
                "object_kind": CustomerKind(target.kind).label,
            },
            column="kind",
        )
    if kind == RelationKind.PARENT and subject.pk in ancestors(target.pk):
        raise InvalidInput(
            _("“%(name)s” stands above already: the two would belong to each other.") % {"name": subject.name}
        )


def _check_not_there(subject: Customer, target: Customer, kind: str) -> None:
    """The same relation is on record once as long as it lasts; an organisation belongs to one other."""
    lasting = Relation.objects.filter(kind=kind, until_on__isnull=True)
    same = Q(subject=subject, object=target)
    if kind in {RelationKind.HOUSEHOLD, RelationKind.KNOWS}:
        same |= Q(subject=target, object=subject)
    if lasting.filter(same).exists():
        raise Conflict(_("This relation is on record already."))
    if kind == RelationKind.PARENT and lasting.filter(subject=subject).exists():
        raise Conflict(_("“%(name)s” belongs to another customer already; end that first.") % {"name": subject.name})


def _check_span(since_on: date | None, until_on: date | None) -> None:
    """A relation ends after it begins."""
    if since_on and until_on and until_on < since_on:
        raise InvalidInput(_("The end lies before the beginning."), column="until_on")


def clean_relation(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a relation as they are stored."""
    unknown = sorted(set(values) - FIELDS)
    if unknown:
        raise InvalidInput(_("A relation has no field “%(field)s”.") % {"field": unknown[0]}, column=unknown[0])
    cleaned: dict[str, Any] = {}
    for name, value in values.items():
        if name in {"role", "note"}:
            cleaned[name] = str(value or "").replace("\x00", "").strip()[: 80 if name == "role" else 300]
        elif name in {"buying_role", "attitude"}:
            words = BuyingRole if name == "buying_role" else Attitude
            if value and value not in words.values:
                raise InvalidInput(
                    _("“%(value)s” is not one of the choices.") % {"value": str(value)[:40]}, column=name
                )
            cleaned[name] = value or ""
        elif name in {"since_on", "until_on"}:
            cleaned[name] = _date(value, name)
        elif name == "strength":
            cleaned[name] = _strength(value)
        else:
            cleaned[name] = _share(value)
    return cleaned


def _date(value: Any, name: str) -> date | None:
    """A date or nothing."""
    if value in (None, ""):
        return None
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise InvalidInput(_("“%(value)s” is not a date.") % {"value": str(value)[:40]}, column=name) from None


def _strength(value: Any) -> int | None:
    """A strength from 1 to 5 or nothing."""
    if value in (None, ""):
        return None
    if str(value) not in {"1", "2", "3", "4", "5"}:
        raise InvalidInput(_("The strength is a number from 1 to 5."), column="strength")
    return int(value)


def _share(value: Any) -> Decimal | None:
    """A share from 0 to 1 or nothing."""
    if value in (None, ""):
        return None
    try:
        share = Decimal(str(value))
    except InvalidOperation:
        share = Decimal(-1)
    if not 0 <= share <= 1:
        raise InvalidInput(_("A share lies between 0 and 1."), column="share_ratio")
    return share
