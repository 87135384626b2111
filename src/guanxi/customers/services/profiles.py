"""The sections of the individual, organisation and internal archives."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from guanxi.core import changes, events
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.customers.choices import CustomerKind
from guanxi.customers.events import CustomerChanged
from guanxi.customers.models import Customer, InternalProfile, OrganisationProfile, PersonProfile
from guanxi.customers.privacy import separate
from guanxi.search.public import refresh

Profile = PersonProfile | OrganisationProfile | InternalProfile
PROFILES: dict[str, type[Profile]] = {
    CustomerKind.PERSON: PersonProfile,
    CustomerKind.ORGANISATION: OrganisationProfile,
    CustomerKind.INTERNAL: InternalProfile,
}


def profile_of(customer: Customer) -> Profile:
    """The archive of a customer; an unsaved empty one where nothing was entered yet."""
    model = PROFILES[customer.kind]
    return model.objects.filter(customer=customer).first() or model(customer=customer)


def update_profile(*, actor: Actor, customer_id: int, values: Mapping[str, Any]) -> int | None:
    """Write fields of a customer's archive; the operation's id, None when nothing differs."""
    with transaction.atomic():
        customer = Customer.objects.get_visible(actor, "change", pk=customer_id)
        profile = profile_of(customer)
        cleaned = {name: _cleaned(profile, name, value) for name, value in values.items()}
        _refuse_unconsented(customer, profile, cleaned)
        is_new = profile._state.adding
        if is_new and not any(cleaned.values()):
            return None
        with changes.operation(actor=actor, name="customers.update_profile") as op:
            if is_new:
                for name, value in cleaned.items():
                    setattr(profile, name, value)
                op.create(profile)
                changed = list(cleaned)
            else:
                changed = op.update(profile, **cleaned)
            if changed:
                refresh("customer", [customer.pk])
                events.publish(CustomerChanged(customer_id=customer.pk, fields=tuple(changed)))
        if not changed:
            op.row.delete()
            return None
        return op.id


def _refuse_unconsented(customer: Customer, profile: Profile, cleaned: Mapping[str, Any]) -> None:
    """Raise InvalidInput for a sensitive value that is new and lacks the consent the company asks for."""
    entered = [
        name for name, value in cleaned.items() if value not in (None, "", False) and value != getattr(profile, name)
    ]
    probe = copy(profile)
    if "birth_on" in cleaned:
        probe.birth_on = cleaned["birth_on"]  # type: ignore[union-attr]
    separate.refuse_without_consent(customer, probe, entered)


def _cleaned(profile: Profile, name: str, value: Any) -> Any:
    """One value as the model wants it, or InvalidInput naming the field."""
    if name not in {f.name for f in profile._meta.concrete_fields} or name == "customer":
        raise InvalidInput(_("The archive has no field “%(field)s”.") % {"field": name}, column=name)
    field = profile._meta.get_field(name)
    if isinstance(value, str):
        value = value.replace("\x00", "").strip()
    if value in (None, ""):
        return None if field.null else False if isinstance(field, models.BooleanField) else ""
    if field.is_relation:
        return value if isinstance(value, models.Model) else _related(field, value, name)
    try:
        return field.clean(value, profile)  # type: ignore[union-attr]
    except ValidationError as error:
        raise InvalidInput(f"{field.verbose_name}: {error.messages[0]}", column=name) from None  # type: ignore[union-attr]


def _related(field: Any, value: Any, name: str) -> Any:
    """The record that a key names."""
    found = field.related_model._default_manager.filter(pk=value).first() if str(value).isdecimal() else None
    if found is None:
        raise InvalidInput(_("This choice is no longer there."), column=name)
    return found
