"""All customers as rows for a file; the columns bear the names under which the import knows them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.core import custom_fields, masking, money
from guanxi.core.actor import Actor
from guanxi.core.models import CustomField
from guanxi.core.models.custom_fields import FieldType
from guanxi.customers.bulk_identity import SEVERAL_ADDRESSES
from guanxi.customers.choices import ContactKind
from guanxi.customers.models import ContactPoint, Customer, CustomerTag, ExternalId
from guanxi.customers.privacy import consent_columns
from guanxi.importing.exporting import Export

CHUNK = 2_000
COLUMNS = (
    "external_id", "source", "guanxi_id", "kind", "position", "name", "title", "phone", "email", "wechat", "tax_id", "address",
    "city", "country", "owner", "tags", "status", "created", "net_revenue", "currency", "orders", "first_order",
    "last_order", "tier", "abc", "level", "r", "f", "m", "monetary", "note",
)  # fmt: skip


def columns() -> list[str]:
    """The columns, behind them those of the company's own fields and of the consents on record."""
    own = [definition.label for definition in custom_fields.definitions("customer")]
    return [*COLUMNS, *own, *(name for group in consent_columns.on_record() for name in group.names())]


def rows(actor: Actor) -> Iterator[Sequence[Any]]:
    """Every customer that the actor may export, in the order of entry."""
    return rows_of(actor, Customer.objects.visible_to(actor, "export"))


def whole_file(actor: Actor, customers: QuerySet[Any]) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
    """The same file of some customers, as a list offers it."""
    mine = Customer.objects.visible_to(actor, "export").filter(pk__in=customers.order_by().values("pk"))
    return columns(), rows_of(actor, mine)


def rows_of(actor: Actor, customers: QuerySet[Any]) -> Iterator[Sequence[Any]]:
    """These customers in the order of entry, a few thousand at a time."""
    definitions, said = custom_fields.definitions("customer"), consent_columns.on_record()
    last = 0
    while True:
        open_rows = customers.filter(pk__gt=last).order_by("pk")
        chunk = list(open_rows.select_related("standing", "owner")[:CHUNK])
        if not chunk:
            return
        last = chunk[-1].pk
        numbers = [customer.pk for customer in chunk]
        points, ids, tags = _points(numbers), _ids(numbers), _tags(numbers)
        words = consent_columns.deciding(numbers, said)
        for customer in chunk:
            own = [_own(actor, definition, customer) for definition in definitions]
            allowed = (words.get((customer.pk, group.key)) for group in said)
            consent = [cell for word in allowed for cell in consent_columns.cells(actor, word)]
            yield [*_row(actor, customer, points, ids, tags), *own, *consent]


def _own(actor: Actor, definition: CustomField, customer: Customer) -> str:
    """The value of one of the company's own fields; its texts are masked where the file is to be."""
    value = custom_fields.display(definition, customer.custom.get(definition.key))
    if definition.type in {FieldType.TEXT, FieldType.LINK}:
        value = masking.shown(actor, "customer", "custom", value) or ""
    return str(masking.shown(actor, "customer", masking.OWN + definition.key, value) or "")


def _points(numbers: list[int]) -> dict[tuple[int, str], list[str]]:
    """Contact points by customer and kind, the primary ones first."""
    found: dict[tuple[int, str], list[str]] = {}
    points = ContactPoint.objects.filter(customer__in=numbers).order_by("-is_primary", "position", "pk")
    for customer, kind, value, normalised in points.values_list("customer_id", "kind", "value", "normalised"):
        found.setdefault((customer, kind), []).append(normalised if kind == ContactKind.PHONE else value)
    return found


def _ids(numbers: list[int]) -> dict[int, tuple[str, str]]:
    """The first external id of each customer, with its source."""
    found: dict[int, tuple[str, str]] = {}
    rows_of = ExternalId.objects.filter(customer__in=numbers).order_by("pk")
    for customer, source, value in rows_of.values_list("customer_id", "source", "value"):
        found.setdefault(customer, (source, value))
    return found


def _tags(numbers: list[int]) -> dict[int, list[str]]:
    """The tags of each customer."""
    found: dict[int, list[str]] = {}
    rows_of = CustomerTag.objects.filter(customer__in=numbers).order_by("tag__name")
    for customer, name in rows_of.values_list("customer_id", "tag__name"):
        found.setdefault(customer, []).append(name)
    return found


def _row(
    actor: Actor,
    customer: Customer,
    points: dict[tuple[int, str], list[str]],
    ids: dict[int, tuple[str, str]],
    tags: dict[int, list[str]],
) -> list[Any]:
    """One customer's own columns."""
    standing = customer.standing
    currency = standing.currency or "XXX"
    source, external_id = ids.get(customer.pk, ("", ""))
    phone, email, wechat, address = (
        (SEVERAL_ADDRESSES if kind == ContactKind.ADDRESS else "; ").join(
            masking.shown(actor, "contactpoint", "value", value, kind.value) or ""
            for value in points.get((customer.pk, kind.value), ())
        )
        for kind in (ContactKind.PHONE, ContactKind.EMAIL, ContactKind.WECHAT, ContactKind.ADDRESS)
    )
    monetary = None if standing.monetary_minor is None else money.from_minor(standing.monetary_minor, currency)
    return [
        masking.shown(actor, "externalid", "value", external_id), source, customer.public_id, customer.kind,
        customer.position, masking.shown(actor, "customer", "name", customer.name), customer.title, phone,
        email, wechat, masking.shown(actor, "customer", "tax_id", customer.tax_id), address, customer.city, customer.country,
        customer.owner.display_name if customer.owner else "", "; ".join(tags.get(customer.pk, ())), customer.status,
        customer.created_at, money.from_minor(standing.net_revenue_minor, currency), standing.currency,
        standing.order_count, standing.first_on, standing.last_on, standing.tier, standing.abc, standing.level,
        standing.r, standing.f, standing.m, monetary, masking.shown(actor, "customer", "note", customer.note),
    ]  # fmt: skip


EXPORT = Export(key="customers", label=_("Customers"), kind="customer", columns=columns, rows=rows)
