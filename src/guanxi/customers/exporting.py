"""Customers as a file: the columns named as the import names its fields, added fields behind them."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.core import clock, custom_fields
from guanxi.core.actor import Actor
from guanxi.core.ids import public_id
from guanxi.customers.choices import ContactKind
from guanxi.customers.models import ContactPoint, Customer, ExternalId
from guanxi.importing.exporting import Export

CHUNK = 2_000
OWN = ("kind", "name", "title", "tax_id", "city", "country", "position", "note")
CONTACTS = (ContactKind.PHONE, ContactKind.EMAIL, ContactKind.WECHAT, ContactKind.ADDRESS)
LEADING = ("external_id", "source", *OWN, "phone", "email", "wechat", "address", "created", "guanxi_id")


def columns() -> list[str]:
    """The fixed columns and one for each added field."""
    return [*LEADING, *(definition.label for definition in custom_fields.definitions("customer"))]


def rows(actor: Actor) -> Iterator[Sequence[Any]]:
    """Every customer that the actor sees, with the first id of each."""
    definitions = custom_fields.definitions("customer")
    zone = clock.company_zone()
    found = Customer.objects.visible_to(actor).order_by("pk").iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        ids: dict[int, tuple[str, str]] = {}
        for customer, value, source in (
            ExternalId.objects.filter(customer__in=chunk).order_by("pk").values_list("customer_id", "value", "source")
        ):
            ids.setdefault(customer, (value, source))
        points: dict[tuple[int, str], list[str]] = {}
        ordered = ContactPoint.objects.filter(customer__in=chunk).order_by("-is_primary", "position", "pk")
        for customer, kind, value in ordered.values_list("customer_id", "kind", "value"):
            points.setdefault((customer, kind), []).append(value)
        for customer in chunk:
            yield [
                *ids.get(customer.pk, ("", "")),
                *(getattr(customer, name) for name in OWN),
                *("; ".join(points.get((customer.pk, kind.value), ())) for kind in CONTACTS),
                customer.created_at.astimezone(zone),
                public_id("cus", customer.pk),
                *(custom_fields.display(definition, customer.custom.get(definition.key)) for definition in definitions),
            ]


EXPORT = Export("customers", _("Customers"), "customer", columns, rows)
