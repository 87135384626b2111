"""Customers as plain data for programs: the command line, the API, exports."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.core import ids, money
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.customers.models import ContactPoint, Customer, CustomerTag, ExternalId, Standing

MAX_LIMIT = 10_000


def customer_page(actor: Actor, *, limit: int, after: str = "", tier: str = "") -> dict[str, Any]:
    """`{"items": [...], "next": ...}`: visible customers, the best first; `next` goes on after the last one."""
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidInput(_("The limit is a number from 1 to %(most)s.") % {"most": MAX_LIMIT})
    rows = Customer.objects.visible_to(actor).by_value().select_related("standing", "owner")
    if tier:
        rows = rows.filter(standing__tier=tier)
    if after:
        rows = _beyond(rows, after)
    found = list(rows[: limit + 1])
    page = found[:limit]
    external = _external_ids([customer.pk for customer in page])
    items = [summary(customer, external.get(customer.pk, [])) for customer in page]
    return {"items": items, "next": page[-1].public_id if len(found) > limit else None}


def _beyond(rows: Any, after: str) -> Any:
    """The rows after the customer whose public id ended the last page."""
    number = ids.parse("cus", after)
    last = Standing.objects.filter(pk=number).values_list("net_revenue_minor", flat=True).first() if number else None
    if last is None:
        raise InvalidInput(_("This place in the list is no longer valid. Begin again without it."))
    rows = rows.filter(standing__net_revenue_minor__lte=last)
    return rows.exclude(standing__net_revenue_minor=last, pk__gte=number)


def _external_ids(customer_ids: list[int]) -> dict[int, list[dict[str, str]]]:
    """The ids under which sources know these customers."""
    found: dict[int, list[dict[str, str]]] = {}
    rows = ExternalId.objects.filter(customer__in=customer_ids).order_by("source", "pk")
    for customer, source, value in rows.values_list("customer_id", "source", "value"):
        found.setdefault(customer, []).append({"source": source, "value": value})
    return found


def summary(customer: Customer, external_ids: list[dict[str, str]]) -> dict[str, Any]:
    """What a list says of a customer."""
    return {
        "id": customer.public_id,
        "external_id": external_ids[0]["value"] if external_ids else None,
        "external_ids": external_ids,
        "kind": customer.kind,
        "name": customer.name,
        "title": customer.title,
        "city": customer.city,
        "country": customer.country,
        "status": customer.status,
        "owner": customer.owner.display_name if customer.owner else None,
        **standing_data(customer.standing),
    }


def standing_data(standing: Standing) -> dict[str, Any]:
    """What a customer is worth: decimal strings, and what they were computed from."""
    currency = standing.currency
    is_known = bool(currency)

    def amount(minor: int | None) -> str | None:
        """A decimal string; "0.00" before the first order."""
        return None if minor is None else money.plain(minor, currency if is_known else "XXX")

    rfm = None
    if standing.r is not None:
        rfm = {
            "r": standing.r,
            "f": standing.f,
            "m": standing.m,
            "recency_days": standing.recency_days,
            "frequency": standing.frequency,
            "monetary": amount(standing.monetary_minor),
        }
    return {
        "net_revenue": amount(standing.net_revenue_minor),
        "currency": currency or None,
        "orders": standing.order_count,
        "first_order_on": _day(standing.first_on),
        "last_order_on": _day(standing.last_on),
        "tier": standing.tier or None,
        "abc": standing.abc or None,
        "level": standing.level or None,
        "rank": standing.rank,
        "rfm": rfm,
        "as_of": _day(standing.as_of),
        "period": {"from": _day(standing.period_from), "to": _day(standing.period_to)},
        "method": standing.method or None,
    }


def _day(value: Any) -> str | None:
    """A date in ISO form."""
    return value.isoformat() if value else None


def details(customer: Customer) -> dict[str, Any]:
    """Everything of a customer that one look-up gives."""
    external = _external_ids([customer.pk]).get(customer.pk, [])
    points = ContactPoint.objects.filter(customer=customer)
    tags = CustomerTag.objects.filter(customer=customer).order_by("tag__name")
    return {
        **summary(customer, external),
        "position": customer.position or None,
        "tax_id": customer.tax_id or None,
        "language": customer.language or None,
        "contact_points": [
            {"kind": p.kind, "value": p.value, "normalised": p.normalised, "label": p.label, "primary": p.is_primary}
            for p in points
        ],
        "tags": list(tags.values_list("tag__name", flat=True)),
        "custom": customer.custom,
        "note": customer.note,
        "created_at": customer.created_at.isoformat(),
        "last_contact_at": customer.last_contact_at.isoformat() if customer.last_contact_at else None,
    }
