"""Customers as plain data for programs: the command line, the API, exports."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.core import ids, money
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.customers.models import ContactPoint, Customer, CustomerTag, ExternalId, Standing

MAX_LIMIT = 10_000
OWN = ("kind", "name", "title", "city", "country", "status")
MEASURED = (
    "net_revenue_minor", "currency", "order_count", "first_on", "last_on", "tier", "abc", "level", "rank", "r", "f", "m",
    "recency_days", "frequency", "monetary_minor", "as_of", "period_from", "period_to", "method",
)  # fmt: skip


def customer_page(actor: Actor, *, limit: int, after: str = "", tier: str = "") -> dict[str, Any]:
    """`{"items": [...], "next": ...}`: visible customers, the best first; `next` goes on after the last one."""
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidInput(_("The limit is a number from 1 to %(most)s.") % {"most": MAX_LIMIT})
    rows = Customer.objects.visible_to(actor).by_value()
    if tier:
        rows = rows.filter(standing__tier=tier)
    if after:
        rows = _beyond(rows, after)
    items = summaries(rows[: limit + 1])
    return {"items": items[:limit], "next": items[limit - 1]["id"] if len(items) > limit else None}


def summaries(customers: Any) -> list[dict[str, Any]]:
    """What a list says of the customers of a queryset, in two queries and without making objects."""
    rows = list(customers.values("pk", *OWN, "owner__name", "owner__username", *(f"standing__{n}" for n in MEASURED)))
    external = _external_ids([row["pk"] for row in rows])
    return [_summary(row, external.get(row["pk"], [])) for row in rows]


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


def _summary(row: dict[str, Any], external_ids: list[dict[str, str]]) -> dict[str, Any]:
    """What a list says of a customer."""
    return {
        "id": ids.public_id("cus", row["pk"]),
        "external_id": external_ids[0]["value"] if external_ids else None,
        "external_ids": external_ids,
        **{name: row[name] for name in OWN},
        "owner": row["owner__name"] or row["owner__username"],
        **_standing(row),
    }


def _standing(row: dict[str, Any]) -> dict[str, Any]:
    """What a customer is worth: decimal strings ("0.00" before the first order), and what they were computed from."""
    currency = row["standing__currency"] or "XXX"

    def amount(minor: int | None) -> str | None:
        """A decimal string."""
        return None if minor is None else money.plain(minor, currency)

    rfm = None
    if row["standing__r"] is not None:
        rfm = {name: row[f"standing__{name}"] for name in ("r", "f", "m", "recency_days", "frequency")}
        rfm["monetary"] = amount(row["standing__monetary_minor"])
    return {
        "net_revenue": amount(row["standing__net_revenue_minor"]),
        "currency": row["standing__currency"] or None,
        "orders": row["standing__order_count"] or 0,
        "first_order_on": _day(row["standing__first_on"]),
        "last_order_on": _day(row["standing__last_on"]),
        **{name: row[f"standing__{name}"] or None for name in ("tier", "abc", "level", "rank")},
        "rfm": rfm,
        "as_of": _day(row["standing__as_of"]),
        "period": {"from": _day(row["standing__period_from"]), "to": _day(row["standing__period_to"])},
        "method": row["standing__method"] or None,
    }


def _day(value: Any) -> str | None:
    """A date in ISO form."""
    return value.isoformat() if value else None


def details(customer: Customer) -> dict[str, Any]:
    """Everything of a customer that one look-up gives."""
    points = ContactPoint.objects.filter(customer=customer)
    tags = CustomerTag.objects.filter(customer=customer).order_by("tag__name")
    return {
        **summaries(Customer.objects.filter(pk=customer.pk))[0],
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
