"""Field by field: what the survivor of a merge holds afterwards, and which of it goes back when that is undone.

A choice for a field is the number of the customer whose value counts, or ALL for a text in which every part is wanted.
Without a choice the survivor's value counts, the absorbed customer's where the survivor has none; of two notes both.
What is absorbed is copied: the absorbed customer's own row keeps what it held.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guanxi.core import changes, custom_fields
from guanxi.core.actor import HIDDEN, Actor
from guanxi.core.errors import InvalidInput
from guanxi.customers import archive, names
from guanxi.customers.models import CoreCard, Customer
from guanxi.customers.services.customers import TEXT_LIMITS

ALL = "all"
OWN = (
    "name", "title", "position", "status", "owner", "department", "tax_id", "city", "country", "language", "note",
)  # fmt: skip
CARD = (
    "keeper", "importance", "decision_process", "needs", "our_position", "agreements", "risks", "next_steps",
    "relationship", "is_restricted", "review_days",
)  # fmt: skip
CUSTOM = "custom_"
Choices = Mapping[str, int | str]


@dataclass(frozen=True)
class MergeField:
    """One field of a customer, of its archive or of its core-customer card."""

    key: str
    label: Promise | str
    section: str  # "customer", "custom", "archive", "card"
    column: Any = None
    name: str = ""

    @property
    def kind(self) -> str:
        """The kind under which the journal knows it."""
        return "customer" if self.section == "custom" else self.column.model._meta.model_name

    @property
    def guarded_as(self) -> str:
        """The name under which a role may lose sight of it."""
        return f"custom.{self.name}" if self.section == "custom" else self.name

    @property
    def attname(self) -> str:
        """The name under which the journal knows it."""
        return "custom" if self.section == "custom" else self.column.attname

    @property
    def can_join(self) -> bool:
        """Whether the texts of several customers can stand one after the other."""
        return isinstance(self.column, models.TextField)

    @property
    def limit(self) -> int | None:
        """How long a text may become."""
        return TEXT_LIMITS.get(self.name) if self.section == "customer" else None


class Parts:
    """A customer with its archive and its card; those it has none of are empty and unsaved."""

    def __init__(self, customer: Customer) -> None:
        """Read them."""
        self.customer = customer
        model = archive.MODELS[customer.kind]
        self.profile: Any = model._default_manager.filter(pk=customer.pk).first() or model(customer_id=customer.pk)
        self.card: Any = CoreCard.objects.filter(pk=customer.pk).first()

    def value(self, field: MergeField) -> Any:
        """What a field holds."""
        if field.section == "custom":
            return self.customer.custom.get(field.name)
        holder = self.holder(field)
        return None if holder is None else getattr(holder, field.column.attname)

    def holder(self, field: MergeField) -> Any:
        """The record that holds a field."""
        return {"customer": self.customer, "archive": self.profile, "card": self.card}[field.section]


def fields_of(kind: str, custom_keys: Sequence[str] = (), *, with_card: bool = True) -> Iterator[MergeField]:
    """Every field that customers of a kind have, in the order of the pages."""
    for name in OWN:
        column = Customer._meta.get_field(name)
        yield MergeField(name, capfirst(column.verbose_name), "customer", column, name)  # type: ignore[union-attr]
    labels = {definition.key: definition.label for definition in custom_fields.definitions("customer")}
    for key in dict.fromkeys([*labels, *custom_keys]):
        yield MergeField(f"{CUSTOM}{key}", labels.get(key, key), "custom", None, key)
    for section in archive.SECTIONS[kind]:
        for name in section.fields:
            column = archive.MODELS[kind]._meta.get_field(name)
            yield MergeField(f"{kind}-{name}", capfirst(column.verbose_name), "archive", column, name)  # type: ignore[union-attr]
    for name in CARD if with_card else ():
        column = CoreCard._meta.get_field(name)
        yield MergeField(f"card-{name}", capfirst(column.verbose_name), "card", column, name)  # type: ignore[union-attr]


def is_empty(value: Any) -> bool:
    """Whether a value says nothing."""
    return value in (None, "", False) or value == []


def checked(actor: Actor, kind: str, numbers: Sequence[int], choices: Mapping[str, Any]) -> dict[str, int | str]:
    """Choices that can be used: of fields there are and the actor sees, of customers that take part."""
    known = {field.key: field for field in fields_of(kind)}
    found: dict[str, int | str] = {}
    for key, choice in choices.items():
        field = known.get(key)
        if field is None or actor.sees(field.kind, field.guarded_as) == HIDDEN:
            raise InvalidInput(_("A customer has no field “%(field)s”.") % {"field": str(key)[:60]}, column="choices")
        is_one_of_them = isinstance(choice, int) and choice in numbers
        if not is_one_of_them and not (choice == ALL and field.can_join):
            raise InvalidInput(
                _("For “%(field)s” the value of none of these customers was chosen.") % {"field": field.label},
                column="choices",
            )
        found[key] = choice
    return found


def resulting(field: MergeField, mine: Any, theirs: Any, their_id: int, choice: int | str | None) -> Any:
    """What the survivor's field holds once one more customer was absorbed."""
    if choice == their_id:
        return theirs
    if choice == ALL or (choice is None and field.key == "note" and mine and theirs):
        joined = _joined(mine, theirs)
        if field.limit is None or len(joined) <= field.limit:
            return joined
        if choice == ALL:
            raise InvalidInput(
                _("Together “%(field)s” is too long: at most %(limit)s characters can be kept.")
                % {"field": field.label, "limit": f"{field.limit:,}"},
                column="choices",
            )
        return mine
    if choice is None and is_empty(mine):
        return theirs
    return mine


def _joined(mine: Any, theirs: Any) -> str:
    """Two texts one after the other, what is said twice once."""
    first, second = (str(text or "").strip() for text in (mine, theirs))
    if not second or second in first:
        return first
    return second if not first or first in second else f"{first}\n\n{second}"


def take_over(op: changes.OperationInHand, keep: Parts, absorbed: Parts, choices: Choices) -> None:
    """Write into the survivor what it takes over from one absorbed customer."""
    sections: dict[str, dict[str, Any]] = {"customer": {}, "custom": {}, "archive": {}, "card": {}}
    for field in fields_of(keep.customer.kind, list(absorbed.customer.custom), with_card=absorbed.card is not None):
        mine, theirs = keep.value(field), absorbed.value(field)
        value = resulting(field, mine, theirs, absorbed.customer.pk, choices.get(field.key))
        if value != mine:
            sections[field.section][field.name] = value
    own = _own_values(keep.customer, sections)
    last = absorbed.customer.last_contact_at
    if last is not None and (keep.customer.last_contact_at is None or keep.customer.last_contact_at < last):
        own["last_contact_at"] = last
    op.update(keep.customer, **own)
    _write_section(op, keep.profile, sections["archive"])
    if keep.card is None and absorbed.card is not None:
        values = {f.attname: getattr(absorbed.card, f.attname) for f in CoreCard._meta.concrete_fields}
        keep.card = op.create(CoreCard(**{**values, "customer_id": keep.customer.pk}))
    elif keep.card is not None:
        _write_section(op, keep.card, sections["card"])


def _own_values(customer: Customer, sections: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The columns of the customer's own row that differ afterwards, by attribute."""
    own = {Customer._meta.get_field(name).attname: value for name, value in sections["customer"].items()}  # type: ignore[union-attr]
    if "name" in own:
        own |= names.derived_keys(own["name"], customer.kind)
    if sections["custom"]:
        merged = {**customer.custom, **sections["custom"]}
        own["custom"] = {key: value for key, value in merged.items() if value is not None}
    return own


def _write_section(op: changes.OperationInHand, record: Any, values: Mapping[str, Any]) -> None:
    """Write fields of an archive or a card, which is made where there was none."""
    if not values:
        return
    by_attname = {record._meta.get_field(name).attname: value for name, value in values.items()}
    if not record._state.adding:
        op.update(record, **by_attname)
        return
    for attname, value in by_attname.items():
        setattr(record, attname, value)
    op.create(record)
