"""Separate consent (单独同意): sensitive fields are entered and shown only with it, when the company sets that rule."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import access, changes, clock, parameters, personal_data
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.personal_data import Category
from guanxi.customers.models import Customer, PersonProfile
from guanxi.customers.privacy import consents, legal, purposes

RULE = "privacy.separate_consent"
parameters.declare(RULE, gettext_lazy("Sensitive data only with separate consent"))


def is_ruled() -> bool:
    """Whether the company asks for separate consent before sensitive data."""
    return bool(parameters.get(RULE, False))


def set_rule(*, actor: Actor, is_on: bool) -> None:
    """Set or lift the rule; what stands on record is not touched, only hidden or shown."""
    access.require(actor, "privacy", "manage")
    with changes.operation(actor=actor, name="privacy.set_separate_consent") as op:
        parameters.put(op, RULE, is_on, before=is_ruled())


def sensitive_fields() -> frozenset[str]:
    """The fields of a person's archive that are sensitive by their statement."""
    statement = personal_data.statement_of(PersonProfile)
    held = statement.held if statement else ()
    return frozenset(name for one in held if one.category == Category.SENSITIVE for name in one.fields)


def is_minor(profile: object, on: date | None = None) -> bool:
    """Whether somebody is below the age under which a guardian must consent."""
    born = getattr(profile, "birth_on", None)
    if born is None:
        return False
    today = on or clock.today()
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return age < legal.number("minor.age", today)


def withheld_fields(customer: Customer, profile: object) -> frozenset[str]:
    """The filled or empty fields that may be neither shown nor entered as things stand."""
    if not isinstance(profile, PersonProfile) or not is_ruled():
        return frozenset()
    if is_minor(profile) and not consents.may_use(customer.pk, purposes.MINORS)[0]:
        return frozenset(f.name for f in profile._meta.concrete_fields) - {"customer", "birth_on"}
    if consents.may_use(customer.pk, purposes.SENSITIVE)[0]:
        return frozenset()
    return sensitive_fields()


def refuse_without_consent(customer: Customer, profile: object, names: Iterable[str]) -> None:
    """Raise InvalidInput naming the first field that may not be entered."""
    withheld = withheld_fields(customer, profile)
    for name in names:
        if name in withheld:
            text = _("This is sensitive: record the separate consent of the person (or the guardian) first.")
            raise InvalidInput(text, column=name)
