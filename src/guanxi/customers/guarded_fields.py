"""What of a customer a role may see masked or not at all."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core import masking
from guanxi.customers.choices import ContactKind
from guanxi.customers.models import OrganisationProfile, PersonProfile


def contact_point(text: str, of: str = "") -> str:
    """A telephone number, an address or a name at a messenger, by its kind; without one by its look."""
    kind = of or _kind_by_look(text)
    if kind == ContactKind.PHONE:
        return masking.phone(text)
    if kind == ContactKind.EMAIL:
        return masking.email(text)
    if kind == ContactKind.WECHAT:
        return f"{text[:2]}***{text[-2:]}" if len(text) > 5 else "***"
    return masking.address(text)


def _kind_by_look(text: str) -> str:
    """What sort of contact point a text looks like."""
    if "@" in text:
        return ContactKind.EMAIL
    if sum(c.isdigit() for c in text) >= max(5, len(text) // 2):
        return ContactKind.PHONE
    return ContactKind.WECHAT if text.isascii() and " " not in text else ContactKind.ADDRESS


# Masks of archive fields by name; of any other field a mask says only that something is there.
MASKS = {
    "spouse_name": masking.name,
    "legal_representative": masking.name,
    "former_name": masking.name,
    "birth_on": masking.date_of_birth,
    "wedding_anniversary_on": masking.date_of_birth,
    "bank_account": masking.bank_account,
    "registered_address": masking.address,
}

masking.guard(
    "contactpoint", "value", _("Telephone, e-mail, WeChat, address"), contact_point, companions=("normalised",), order=1
)
masking.guard("customer", "tax_id", _("Identity or tax number"), masking.number, order=2)
masking.guard("customer", "note", pgettext_lazy("customer", "Note"), masking.words, order=3)
for _order, _model in enumerate((PersonProfile, OrganisationProfile)):
    for _field in _model._meta.concrete_fields:
        if not isinstance(_field, models.OneToOneField):
            masking.guard(
                _model._meta.model_name or "",
                _field.name,
                _field.verbose_name,
                MASKS.get(_field.name, masking.words),
                order=10 + _order,
            )
# What a file that is to be masked masks as well.
masking.guard_in_files("customer", "name", masking.name)
masking.guard_in_files("customer", "custom", masking.words)
masking.guard_in_files("externalid", "value", masking.number)
masking.guard_in_files("consent", "source", masking.words)
masking.guard_in_files("consent", "evidence", masking.words)
