"""Ways to reach a customer."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guanxi.core import changes
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.events import publish
from guanxi.customers import identifiers
from guanxi.customers.choices import ContactKind
from guanxi.customers.events import CustomerChanged
from guanxi.customers.models import ContactPoint, Customer
from guanxi.search.public import refresh

VALUE_LIMIT = 500


def add_point(
    op: changes.OperationInHand, customer: Customer, *, kind: str, value: str, label: str = "", is_primary: bool = False
) -> ContactPoint:
    """One more contact point within an operation; the first of its kind is the primary one."""
    kind, value, normalised = _checked(kind, value)
    standing = ContactPoint.everything.filter(customer=customer)
    of_kind = standing.filter(kind=kind)
    last = standing.aggregate(last=Max("position"))["last"]
    if is_primary:
        _unset_primary(op, customer, kind)
    point = ContactPoint(
        customer=customer,
        kind=kind,
        value=value,
        normalised=normalised,
        label=label.strip()[:60],
        is_primary=is_primary or not of_kind.filter(is_primary=True).exists(),
        position=0 if last is None else last + 1,
    )
    try:
        with transaction.atomic():
            op.create(point)
    except IntegrityError:
        raise Conflict(_("The customer has this contact point already."), column="value") from None
    return point


def add_first_points(
    op: changes.OperationInHand, customer: Customer, given: Sequence[Mapping[str, Any]]
) -> list[ContactPoint]:
    """The contact points of a customer who is new and has none yet, in one write."""
    points: list[ContactPoint] = []
    primary: dict[str, ContactPoint] = {}
    seen: set[tuple[str, str]] = set()
    for one in given:
        kind, value, normalised = _checked(one["kind"], one["value"])
        if (kind, normalised) in seen:
            raise Conflict(_("The customer has this contact point already."), column="value")
        seen.add((kind, normalised))
        label = str(one.get("label") or "").strip()[:60]
        point = ContactPoint(
            customer=customer, kind=kind, value=value, normalised=normalised, label=label, position=len(points)
        )
        points.append(point)
        if kind not in primary or one.get("is_primary"):
            primary[kind] = point
    for point in primary.values():
        point.is_primary = True
    return op.bulk(ContactPoint, points) if points else []


def add_contact_point(
    *, actor: Actor, customer_id: int, kind: str, value: str, label: str = "", is_primary: bool = False
) -> ContactPoint:
    """Add a phone number, e-mail address, WeChat id or address."""
    with transaction.atomic():
        customer = Customer.objects.get_visible(actor, "change", pk=customer_id)
        with changes.operation(actor=actor, name="customers.add_contact_point") as op:
            point = add_point(op, customer, kind=kind, value=value, label=label, is_primary=is_primary)
            refresh("customer", [customer.pk])
            publish(CustomerChanged(customer_id=customer.pk, fields=("contact_points",)))
        return point


def update_contact_point(*, actor: Actor, contact_point_id: int, values: dict[str, Any]) -> int:
    """Change value, label or primacy of a contact point; the operation's id."""
    with transaction.atomic():
        point = ContactPoint.objects.get_visible(actor, "change", pk=contact_point_id)
        changed: dict[str, Any] = {}
        if "value" in values:
            _kind, changed["value"], changed["normalised"] = _checked(point.kind, values["value"])
        if "label" in values:
            changed["label"] = str(values["label"]).strip()[:60]
        with changes.operation(actor=actor, name="customers.update_contact_point") as op:
            if values.get("is_primary") and not point.is_primary:
                _unset_primary(op, point.customer, point.kind)
                changed["is_primary"] = True
            try:
                with transaction.atomic():
                    op.update(point, **changed)
            except IntegrityError:
                raise Conflict(_("The customer has this contact point already."), column="value") from None
            refresh("customer", [point.customer_id])
            publish(CustomerChanged(customer_id=point.customer_id, fields=("contact_points",)))
        return op.id


def remove_contact_point(*, actor: Actor, contact_point_id: int) -> int:
    """Take a contact point away; the next of its kind becomes the primary one."""
    with transaction.atomic():
        point = ContactPoint.objects.get_visible(actor, "change", pk=contact_point_id)
        with changes.operation(actor=actor, name="customers.remove_contact_point") as op:
            customer_id, kind, was_primary = point.customer_id, point.kind, point.is_primary
            op.delete(point)
            heir = ContactPoint.objects.filter(customer=customer_id, kind=kind).first() if was_primary else None
            if heir is not None:
                op.update(heir, is_primary=True)
            refresh("customer", [customer_id])
            publish(CustomerChanged(customer_id=customer_id, fields=("contact_points",)))
        return op.id


def _unset_primary(op: changes.OperationInHand, customer: Customer, kind: str) -> None:
    """Only one contact point of a kind is the primary one."""
    for other in ContactPoint.everything.filter(customer=customer, kind=kind, is_primary=True):
        op.update(other, is_primary=False)


def _checked(kind: str, value: Any) -> tuple[str, str, str]:
    """Kind, value as written and normalised form."""
    if kind not in ContactKind.values:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": str(kind)[:40]}, column="kind")
    text = str(value or "").strip()
    if not text:
        raise InvalidInput(_("A value is needed."), column="value")
    if len(text) > VALUE_LIMIT:
        raise InvalidInput(_("At most %(limit)s characters can be kept here.") % {"limit": VALUE_LIMIT}, column="value")
    try:
        return kind, text, identifiers.normalise(kind, text)
    except InvalidInput as error:
        raise InvalidInput(error.message, column="value") from None
