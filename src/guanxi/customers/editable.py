"""Which fields of a customer can be changed where they stand, its archive's among them."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guanxi.core import money
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.customers import archive, filters, identifiers
from guanxi.customers.choices import CustomerKind, CustomerStatus, Position
from guanxi.customers.models import Customer, Tag
from guanxi.customers.privacy import separate
from guanxi.customers.services import bulk_changes, customers, profiles
from guanxi.ui import cells, editing
from guanxi.ui.html import badge, escape

PREFIXES = {CustomerKind.PERSON: "person", CustomerKind.ORGANISATION: "organisation", CustomerKind.INTERNAL: "internal"}
LANGUAGES = (("zh-hans", gettext_lazy("Chinese")), ("en", gettext_lazy("English language")))


def field_key(kind: str, name: str) -> str:
    """The key of a field of an archive."""
    return f"{PREFIXES[CustomerKind(kind)]}-{name}"


def _load(actor: Actor, record_id: int) -> Customer:
    """The customer, when the actor may change it."""
    found: Customer = Customer.objects.select_related("owner", "department").get_visible(actor, "change", pk=record_id)
    return found


def _save(*, actor: Actor, record_id: int, field: str, value: Any) -> int | None:
    """Change one field of the customer or of its archive."""
    prefix, dash, name = field.partition("-")
    if field == "tax_id" and value and value == _read_tax_id(_load(actor, record_id)):
        return None
    if not dash:
        return customers.update_customer(actor=actor, customer_id=record_id, values={field: value})
    kind = _load(actor, record_id).kind
    if PREFIXES[CustomerKind(kind)] != prefix:
        raise InvalidInput(_("A customer has no field “%(field)s”.") % {"field": field}, column=field)
    return profiles.update_profile(actor=actor, customer_id=record_id, values={name: stored(name, value)})


def stored(name: str, value: Any) -> Any:
    """A value as people write it, as the archive keeps it: amounts in minor units, percentages as shares."""
    if value in (None, "") or not (archive.is_money(name) or archive.is_ratio(name)):
        return value
    try:
        number = Decimal(str(value).replace(",", "").replace("，", "").rstrip("%％ "))
    except InvalidOperation:
        raise InvalidInput(_("“%(value)s” is not a number.") % {"value": str(value)[:40]}, column=name) from None
    if archive.is_ratio(name):
        if not 0 <= number <= 100:
            raise InvalidInput(_("A percentage lies between 0 and 100."), column=name)
        return (number / 100).quantize(Decimal("0.0001"))
    return money.to_minor(number, money.reporting_currency())


def written(name: str, value: Any) -> Any:
    """A kept value as people write it."""
    if value is None or not (archive.is_money(name) or archive.is_ratio(name)):
        return value
    return (
        f"{(value * 100).normalize():f}" if archive.is_ratio(name) else money.plain(value, money.reporting_currency())
    )


def _save_many(*, actor: Actor, queryset: QuerySet[Any], field: str, value: Any) -> Any:
    """Change one field of many customers."""
    if field == "tags":
        return bulk_changes.bulk_tag_customers(actor=actor, queryset=queryset, add=value or [], remove=[])[1]
    return bulk_changes.bulk_update_customers(actor=actor, queryset=queryset, values={field: value})[1]


def _owner_options(actor: Actor) -> list[tuple[int, str]]:
    """Colleagues."""
    return filters.owners(actor, "")


def _department_options(actor: Actor) -> list[tuple[int, str]]:
    """Departments."""
    return filters.departments(actor, "")


def _department_shown(customer: Any, context: cells.Context) -> str:
    """The department, also one that is closed by now."""
    if customer.department_id is None or context.actor is None:
        return cells.NOTHING
    names = dict(filters.every_department(context.actor, ""))
    return escape(names.get(customer.department_id, "")) or cells.NOTHING


def _tag_options(actor: Actor) -> list[tuple[str, str]]:
    """Tags by name, as the service takes them."""
    return [(name, name) for name in Tag.objects.visible_to(actor).values_list("name", flat=True)[:500]]


_TAG_NAMES = Compiled(lambda number: Tag.objects.filter(customer_tags__customer=number).values_list("name"), int)


def read_tags(customer: Customer) -> list[str]:
    """The names of a customer's tags."""
    return [name for (name,) in _TAG_NAMES.rows(customer.pk)]


def _show_tags(customer: Customer, context: cells.Context) -> str:
    """The tags as labels."""
    names = read_tags(customer)
    return " ".join(badge(name) for name in names) if names else cells.NOTHING


def _read_tax_id(customer: Customer) -> str:
    """The number as an input shows it: masked; left as it is it stays."""
    return identifiers.mask_number(customer.tax_id)


def _show_tax_id(customer: Customer, context: cells.Context) -> str:
    """The number, masked."""
    return escape(identifiers.mask_number(customer.tax_id)) if customer.tax_id else cells.NOTHING


def _read_profile(kind: str, name: str) -> Callable[[Customer], Any]:
    """A function that reads one field of a customer's archive."""

    def read(customer: Customer) -> Any:
        """The value as people write it."""
        if customer.kind != kind:
            return None
        profile = getattr(customer, "cached_profile", None)
        if profile is None:
            # Asked for by itself; pages that draw whole sections leave out themselves what is withheld.
            profile = customer.cached_profile = profiles.profile_of(customer)  # type: ignore[attr-defined]
            if name in separate.withheld_fields(customer, profile):
                raise NotFound(_("There is no such record, or it is not open to you."))
        attname = profile._meta.get_field(name).attname  # type: ignore[union-attr]
        return written(name, getattr(profile, attname))

    return read


def _show_money(read: Callable[[Customer], Any]) -> Callable[[Customer, cells.Context], str]:
    """A function that draws an amount of an archive."""

    def show(customer: Customer, context: cells.Context) -> str:
        """The amount in the company's currency."""
        value = read(customer)
        if value is None:
            return cells.NOTHING
        currency = money.reporting_currency()
        minor = money.to_minor(Decimal(value), currency)
        return escape(money.format_money(minor, currency, get_language()))

    return show


def _show_ratio(read: Callable[[Customer], Any]) -> Callable[[Customer, cells.Context], str]:
    """A function that draws a share as a percentage."""

    def show(customer: Customer, context: cells.Context) -> str:
        """The percentage."""
        value = read(customer)
        return cells.NOTHING if value is None else f"{escape(value)}%"

    return show


_TYPES: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.URLField, "link"),
    (models.TextField, "long_text"),
    (models.DateField, "date"),
    (models.BooleanField, "boolean"),
    (models.IntegerField, "number"),
    (models.DecimalField, "number"),
)


def _profile_field(kind: str, name: str) -> editing.Field:
    """One field of an archive, by the type of its column."""
    column = archive.MODELS[kind]._meta.get_field(name)
    read = _read_profile(kind, name)
    label = capfirst(column.verbose_name)  # type: ignore[union-attr]
    key = field_key(kind, name)
    guard = (archive.MODELS[kind]._meta.model_name or "", name)
    if column.is_relation:
        options = _owner_options if name == "user" else _department_options
        return editing.Field(key, label, "choice", options=options, read=read, guard=guard)
    if column.choices:  # type: ignore[union-attr]
        return editing.Field(key, label, "choice", choices=tuple(column.choices), read=read, guard=guard)  # type: ignore[arg-type,union-attr]
    if archive.is_money(name):
        return editing.Field(key, label, "money", read=read, show=_show_money(read), guard=guard)
    if archive.is_ratio(name):
        return editing.Field(key, label, "number", read=read, show=_show_ratio(read), hint="%", guard=guard)
    kind_of_input = next((words for model, words in _TYPES if isinstance(column, model)), "text")
    return editing.Field(key, label, kind_of_input, read=read, guard=guard)


def _columns() -> list[editing.Field]:
    """The fields of the customer itself."""

    def label(name: str) -> Any:
        """The name of a column."""
        return capfirst(Customer._meta.get_field(name).verbose_name)  # type: ignore[union-attr]

    return [
        editing.Field("name", label("name"), "text", required=True),
        editing.Field("kind", label("kind"), "choice", choices=tuple(CustomerKind.choices), required=True),
        editing.Field("position", label("position"), "choice", choices=tuple(Position.choices)),
        editing.Field("title", label("title"), "text"),
        editing.Field(
            "tax_id", label("tax_id"), "text", read=_read_tax_id, show=_show_tax_id, guard=("customer", "tax_id")
        ),
        editing.Field("city", label("city"), "text"),
        editing.Field("country", label("country"), "text"),
        editing.Field("language", label("language"), "choice", choices=LANGUAGES),
        editing.Field("status", label("status"), "choice", choices=tuple(CustomerStatus.choices), required=True),
        editing.Field("owner", label("owner"), "choice", options=_owner_options),
        editing.Field("department", label("department"), "choice", options=_department_options, show=_department_shown),
        editing.Field("tags", label("tags"), "multi_choice", options=_tag_options, read=read_tags, show=_show_tags),
        editing.Field("note", label("note"), "long_text", guard=("customer", "note")),
    ]


EDITABLE = editing.register(
    editing.EditableRecord(
        kind="customer",
        load=_load,
        save=_save,
        save_many=_save_many,
        has_custom_fields=True,
        fields=[
            *_columns(),
            *(
                _profile_field(kind, name)
                for kind, sections in archive.SECTIONS.items()
                for section in sections
                for name in section.fields
            ),
        ],
    )
)
