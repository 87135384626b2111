"""Two customers field by field, as the reader may see them."""

from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.core.masking import shown
from guanxi.customers import identifiers
from guanxi.customers.choices import ContactKind, CustomerKind
from guanxi.customers.models import ContactPoint, Customer, ExternalId, PersonProfile
from guanxi.ui.cells import Context, format_date

PLAIN = ("name", "title", "tax_id", "city", "country", "note")


def two(actor: Actor, one: int, other: int) -> list[Customer]:
    """Both customers, in the order given."""
    rows = Customer.objects.visible_to(actor).select_related("owner", "standing").in_bulk([one, other])
    if len(rows) < 2:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return [rows[one], rows[other]]


def may_decide(actor: Actor, customers: list[Customer]) -> bool:
    """Whether the actor may change both."""
    numbers = [customer.pk for customer in customers]
    return Customer.objects.visible_to(actor, "change").filter(pk__in=numbers).count() == len(numbers)


def rows(actor: Actor, customers: list[Customer]) -> list[dict[str, Any]]:
    """Label and both values of each field that either fills; `differs` where both do and disagree."""
    context = Context()
    labels = {f.name: capfirst(f.verbose_name) for f in Customer._meta.concrete_fields}
    found = [
        (_("Kind"), [str(CustomerKind(customer.kind).label) for customer in customers]),
        *((labels[name], [_plain(actor, customer, name) for customer in customers]) for name in PLAIN),
        *_reached(actor, customers),
        (_("Date of birth"), _born(actor, customers)),
        (_("External ids"), [_known_as(customer) for customer in customers]),
        (labels["owner"], [customer.owner.display_name if customer.owner else "" for customer in customers]),
        (_("Orders"), [str(customer.standing.order_count or "") for customer in customers]),
        (_("On record since"), [format_date(localdate(customer.created_at), context) for customer in customers]),
    ]
    return [
        {"label": label, "values": values, "differs": all(values) and values[0] != values[1]}
        for label, values in found
        if any(values)
    ]


def _plain(actor: Actor, customer: Customer, name: str) -> str:
    """A field of the customer itself; a number is shown in full only by its eye, which writes the look down."""
    value: str = shown(actor, "customer", name, getattr(customer, name)) or ""
    return identifiers.mask_number(value) if name == "tax_id" and value else value


def _reached(actor: Actor, customers: list[Customer]) -> list[tuple[str, list[str]]]:
    """The contact points, one line a kind."""
    points = ContactPoint.objects.filter(customer__in=customers).order_by("position", "pk")
    held: dict[tuple[str, int], list[str]] = {}
    for point in points:
        value = shown(actor, "contactpoint", "value", point.value, point.kind)
        if value:
            held.setdefault((point.kind, point.customer_id), []).append(value)
    return [
        (str(kind.label), ["\n".join(held.get((kind.value, customer.pk), ())) for customer in customers])
        for kind in ContactKind
    ]


def _born(actor: Actor, customers: list[Customer]) -> list[str]:
    """The dates of birth."""
    born = dict(PersonProfile.objects.filter(customer__in=customers).values_list("customer_id", "birth_on"))
    told = [shown(actor, "personprofile", "birth_on", born.get(c.pk)) for c in customers]
    return [format_date(day, Context()) if isinstance(day, date) else day or "" for day in told]


def _known_as(customer: Customer) -> str:
    """The ids by which others know a customer."""
    known = ExternalId.objects.filter(customer=customer).order_by("pk").values_list("source", "value")[:5]
    return "\n".join(f"{source}: {value}" for source, value in known)
