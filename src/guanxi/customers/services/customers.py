"""Entering, changing and archiving customers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guanxi.core import access, changes, clock, custom_fields, events
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.models import Department, User
from guanxi.customers import bulk_identity, identifiers, names
from guanxi.customers.choices import CustomerKind, CustomerStatus, Position
from guanxi.customers.events import CustomerChanged, CustomerCreated
from guanxi.customers.models import Customer, ExternalId, Standing
from guanxi.customers.search_entries import entry_of_new
from guanxi.customers.services.contact_points import add_first_points
from guanxi.customers.services.tags import clean_tags, set_tags
from guanxi.search.public import index_records, refresh

TEXT_LIMITS = {"title": 60, "language": 10, "city": 80, "country": 60, "note": 20_000}
CHOICES = {"kind": CustomerKind, "position": Position, "status": CustomerStatus}
MAY_BE_EMPTY = frozenset({"position"})


def create_customer(
    *,
    actor: Actor,
    values: Mapping[str, Any],
    contact_points: Sequence[Mapping[str, Any]] = (),
    external_ids: Sequence[tuple[str, str]] = (),
    tags: Sequence[str] = (),
) -> Customer:
    """Enter a customer by hand; who enters one owns it unless another owner is named."""
    access.require(actor, "customer", "create")
    given = dict(values)
    if "owner" not in given and actor.user_id is not None:
        given["owner"] = actor.user_id
    kind = _choice("kind", given.pop("kind", CustomerKind.PERSON))
    cleaned = clean_values(given, kind=kind, current={})
    if "name" not in cleaned:
        raise InvalidInput(_("A name is needed."), column="name")
    with changes.operation(actor=actor, name="customers.create_customer") as op:
        customer = Customer(kind=kind, created_at=clock.now(), **cleaned)
        if customer.department_id is None and customer.owner_id is not None:
            customer.department_id = User.objects.values_list("department_id", flat=True).get(pk=customer.owner_id)
        op.create(customer)
        Standing.objects.create(customer=customer)
        points = add_first_points(op, customer, contact_points)
        for source, value in external_ids:
            _add_external_id(op, customer, source, value)
        if tags:
            set_tags(op, customer, tags)
        outside = [value for _source, value in external_ids]
        index_records("customer", [entry_of_new(customer, points, outside, clean_tags(tags))])
        events.publish(CustomerCreated(customer_id=customer.pk))
    return customer


def update_customer(*, actor: Actor, customer_id: int, values: Mapping[str, Any]) -> int | None:
    """Change fields of a customer (`custom_<key>` for added fields, `tags`); the operation's id, None when nothing differs."""
    with transaction.atomic():
        customer = locked_customer(actor, customer_id)
        given = dict(values)
        tags = given.pop("tags", None)
        if customer.tax_id and given.get("tax_id") == customer.tax_id:
            del given["tax_id"]  # it came with a file as it is; saving other fields does not ask again
        kind = _choice("kind", given.pop("kind", customer.kind))
        if "department" in given and str(getattr(given["department"], "pk", given["department"])) == str(
            customer.department_id
        ):
            # It stays where it is, also in one that is closed by now.
            given = {name: value for name, value in given.items() if name != "department"}
        cleaned = clean_values(given, kind=kind, current=customer.custom)
        if kind != customer.kind:
            cleaned["kind"] = kind
            cleaned.update(names.derived_keys(cleaned.get("name", customer.name), kind))
            if customer.tax_id and "tax_id" not in cleaned:
                identifiers.check_tax_id(customer.tax_id, kind)
        with changes.operation(actor=actor, name="customers.update_customer") as op:
            changed = op.update(customer, **cleaned)
            if tags is not None and set_tags(op, customer, tags):
                changed.append("tags")
            if changed:
                refresh("customer", [customer.pk])
                events.publish(CustomerChanged(customer_id=customer.pk, fields=tuple(changed)))
            operation_id = op.id
        if not changed:
            op.row.delete()
            return None
        return operation_id


def archive_customer(*, actor: Actor, customer_id: int) -> int | None:
    """Put a customer away; everything stays and can be brought back."""
    return update_customer(actor=actor, customer_id=customer_id, values={"status": CustomerStatus.ARCHIVED})


def restore_customer(*, actor: Actor, customer_id: int) -> int | None:
    """Bring an archived customer back."""
    return update_customer(actor=actor, customer_id=customer_id, values={"status": CustomerStatus.ACTIVE})


def assign_owner(*, actor: Actor, customer_id: int, owner_id: int | None) -> int | None:
    """Make somebody answer for a customer."""
    return update_customer(actor=actor, customer_id=customer_id, values={"owner": owner_id})


def add_external_id(*, actor: Actor, customer_id: int, source: str, value: str) -> ExternalId:
    """Note under which id a source knows the customer."""
    with transaction.atomic():
        customer = locked_customer(actor, customer_id)
        with changes.operation(actor=actor, name="customers.add_external_id") as op:
            made = _add_external_id(op, customer, source, value)
            refresh("customer", [customer.pk])
            events.publish(CustomerChanged(customer_id=customer.pk, fields=("external_ids",)))
        return made


def remove_external_id(*, actor: Actor, external_id: int) -> int:
    """Take an external id off a customer."""
    with transaction.atomic():
        row = ExternalId.objects.get_visible(actor, "change", pk=external_id)
        with changes.operation(actor=actor, name="customers.remove_external_id") as op:
            op.delete(row)
            refresh("customer", [row.customer_id])
            events.publish(CustomerChanged(customer_id=row.customer_id, fields=("external_ids",)))
        return op.id


def locked_customer(actor: Actor, customer_id: int, action: str = "change") -> Customer:
    """The customer, locked against other writers; NotFound when it is missing or not for this actor."""
    rows = Customer.everything.select_for_update(of=("self",), no_key=True).filter(pk=customer_id)
    found: Customer = Customer.objects.get_visible(actor, action, pk=customer_id)
    return rows.get(pk=found.pk)


def clean_values(given: Mapping[str, Any], *, kind: str, current: Mapping[str, Any]) -> dict[str, Any]:
    """Field values as they are stored; InvalidInput names the field that cannot be used."""
    cleaned: dict[str, Any] = {}
    added: dict[str, Any] = {}
    for field, value in given.items():
        if field.startswith("custom_"):
            added[field.removeprefix("custom_")] = value
        elif field == "name":
            cleaned["name"] = names.clean_name(str(value or ""))
            cleaned.update(names.derived_keys(cleaned["name"], kind))
        elif field == "tax_id":
            cleaned["tax_id"] = identifiers.check_tax_id(str(value or ""), kind)
        elif field in CHOICES:
            cleaned[field] = _choice(field, value)
        elif field in TEXT_LIMITS:
            cleaned[field] = _text(field, value)
        elif field == "owner":
            cleaned["owner_id"] = _key_of(User, value, field, is_active=True)
        elif field == "department":
            cleaned["department_id"] = _key_of(Department, value, field, is_closed=False)
        else:
            raise InvalidInput(_("A customer has no field “%(field)s”.") % {"field": field}, column=field)
    if added:
        cleaned["custom"] = merged_custom(current, added)
    return {
        ("owner" if k == "owner_id" else "department" if k == "department_id" else k): v for k, v in cleaned.items()
    }


def merged_custom(current: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of added fields with those given put in; empty ones are dropped."""
    checked = custom_fields.clean("customer", dict(given))
    unknown = sorted(set(given) - set(checked))
    if unknown:
        raise InvalidInput(_("A customer has no field “%(field)s”.") % {"field": unknown[0]}, column=unknown[0])
    merged = {**current, **checked}
    return {key: value for key, value in merged.items() if value is not None}


def _choice(field: str, value: Any) -> str:
    """One of the field's words."""
    text = str(value or "")
    if text in CHOICES[field].values or (not text and field in MAY_BE_EMPTY):
        return text
    raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": text[:40]}, column=field)


def _text(field: str, value: Any) -> str:
    """A text within its limit, without characters that a database refuses."""
    text = str(value or "").replace("\x00", "").strip()
    if len(text) > TEXT_LIMITS[field]:
        raise InvalidInput(
            _("At most %(limit)s characters can be kept here.") % {"limit": TEXT_LIMITS[field]}, column=field
        )
    return text


def _key_of(model: type[Any], value: Any, field: str, **conditions: Any) -> Any:
    """A record that may be pointed at, or None for nothing."""
    if value in (None, ""):
        return None
    key = value.pk if isinstance(value, model) else value
    found = model.objects.filter(pk=key, **conditions).first() if str(key).isdecimal() else None
    if found is None:
        raise InvalidInput(_("This choice is no longer there."), column=field)
    return found


def _add_external_id(op: changes.OperationInHand, customer: Customer, source: str, value: str) -> ExternalId:
    """One external id, refused when another customer of the source has it."""
    source = source.strip()
    if not source or len(source) > 60:
        raise InvalidInput(_("A source has 1 to 60 characters."), column="source")
    row = ExternalId(customer=customer, source=source, value=bulk_identity.check_external_id(value))
    try:
        with transaction.atomic():
            op.create(row)
    except IntegrityError:
        raise Conflict(
            _("Another customer of “%(source)s” has the id “%(id)s”.") % {"source": source, "id": value[:80]},
            column="external_id",
        ) from None
    return row
