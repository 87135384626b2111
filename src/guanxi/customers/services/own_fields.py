"""Defining the fields that the company adds to customers, and to other kinds of records that allow it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import access, changes, masking
from guanxi.core.actor import Actor
from guanxi.core.custom_indexes import plan_indexes
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.core.models import CustomField
from guanxi.core.models.custom_fields import FieldType
from guanxi.customers.own_field_kinds import kinds
from guanxi.search.public import forget_words

MOST = 200
WITH_CHOICES = frozenset({FieldType.CHOICE, FieldType.MULTI_CHOICE})


def add_field(*, actor: Actor, values: Mapping[str, Any], kind: str = "customer") -> CustomField:
    """Add a field to customers or another kind: it appears in lists, filters, on pages, in export at once."""
    access.require(actor, *kinds[kind].permission)
    key = values["key"].lower().replace("-", "_")
    if CustomField.objects.filter(kind=kind, key=key).exists():
        raise Conflict(_("There is a field with this key already."), column="key")
    if kinds[kind].is_taken(key):
        raise Conflict(_("There is a field of this name already that comes with Guanxi."), column="key")
    if CustomField.objects.filter(kind=kind).count() >= MOST:
        raise InvalidInput(_("At most %(most)s fields can be added.") % {"most": MOST})
    if values["type"] not in FieldType.values:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": values["type"]}, column="type")
    with changes.operation(actor=actor, name="customers.add_field") as op:
        made: CustomField = op.create(
            CustomField(
                kind=kind,
                key=key,
                type=values["type"],
                label_en=values["label_en"],
                label_zh=values["label_zh"],
                choices=_choices(values.get("choices", ""), values["type"]),
                position=values.get("position") or 0,
                is_filterable=values.get("is_filterable", True),
            )
        )
        plan_indexes(kind)
        return made


def change_field(*, actor: Actor, field_id: int, values: Mapping[str, Any]) -> CustomField:
    """Change labels, choices, place, whether lists filter by it; a choice no longer offered stays readable."""
    with transaction.atomic():
        field = _field(actor, field_id)
        with changes.operation(actor=actor, name="customers.change_field") as op:
            op.update(
                field,
                label_en=values["label_en"],
                label_zh=values["label_zh"],
                choices=_choices(values.get("choices", ""), field.type),
                position=values.get("position") or 0,
                is_filterable=values.get("is_filterable", field.is_filterable),
            )
            plan_indexes(field.kind)
        return field


def set_in_use(*, actor: Actor, field_id: int, is_active: bool) -> CustomField:
    """Take a field out of use, or back into use."""
    with transaction.atomic():
        field = _field(actor, field_id)
        with changes.operation(actor=actor, name="customers.toggle_field") as op:
            op.update(field, is_active=is_active)
            plan_indexes(field.kind)
            forget_words(field.kind, masking.OWN + field.key)
        return field


def build_indexes_again(*, actor: Actor) -> None:
    """Try at once to build the indexes of fields that are missing one."""
    access.require(actor, "customer", "manage")
    for kind in kinds.keys():  # noqa: SIM118 -- a registry is walked by its items
        plan_indexes(kind)


def _field(actor: Actor, field_id: int) -> CustomField:
    """A field of a kind whose fields the actor defines."""
    found = CustomField.objects.select_for_update().filter(kind__in=kinds.keys(), pk=field_id).first()
    access.require(actor, *kinds[found.kind if found is not None else "customer"].permission)
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


def _choices(text: str, kind: str) -> list[str]:
    """The choices, one to a line, each once."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    found = list(dict.fromkeys(line for line in lines if line))
    if kind in WITH_CHOICES and not found:
        raise InvalidInput(_("Name at least one choice."), column="choices")
    if any(len(line) > 80 for line in found) or len(found) > MOST:
        raise InvalidInput(_("At most 200 choices of at most 80 characters."), column="choices")
    return found if kind in WITH_CHOICES else []
