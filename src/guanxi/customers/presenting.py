"""Customers as plain data for programs: the command line, the API, exports."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import orjson
from django.utils.translation import gettext as _

from guanxi.core import ids, masking, money
from guanxi.core.actor import SHOWN, Actor, system_actor
from guanxi.core.api import cursors
from guanxi.core.compiled import Row
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.customers.models import Customer
from guanxi.customers.queries import plain_rows
from guanxi.customers.queries.plain_rows import FURTHER, SORTS, SUMMARY, Narrowed

MAX_LIMIT = 10_000
BEST_FIRST = "-net_revenue"


def customer_page(
    actor: Actor, *, limit: int, after: str = "", tier: str = "", sort: str = "", narrowed: Narrowed | None = None,
    about: str = "",
) -> dict[str, Any]:  # fmt: skip
    """`{"items": [...], "next": ...}`: visible customers, the best first unless told otherwise; `next` goes on after.

    `about` names what narrows the list besides, so that a place in one list leads nowhere in another.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidInput(_("The limit is a number from 1 to %(most)s.") % {"most": MAX_LIMIT})
    sort = sort or BEST_FIRST
    if sort.removeprefix("-") not in SORTS:
        raise InvalidInput(_("Customers cannot be sorted by “%(sort)s”.") % {"sort": sort[:40]}, column="sort")
    given = narrowed or Narrowed({})
    if tier:
        given = Narrowed({**given.equal, "standing__tier": tier}, given.further)
    told = f"customers {sort} {sorted((k, str(v)) for k, v in given.equal.items())} {about}"
    place = cursors.decode(told, after)
    rows, last = plain_rows.page(actor, given, sort=sort, after=_typed(sort, place), limit=limit)
    return {"items": [summary_of(row) for row in rows], "next": cursors.encode(told, last) if last else None}


def _typed(sort: str, place: list[Any] | None) -> list[Any] | None:
    """A place as the database compares it: moments are texts in a cursor."""
    if place is None or not sort.endswith("_at"):
        return place
    return [datetime.fromisoformat(place[0]), place[1]]


def reachable_by(actor: Actor, kind: str, normalised: str, most: int) -> list[dict[str, Any]]:
    """What a list says of the customers whom exactly this contact point reaches."""
    if actor.sees("contactpoint", "value") != SHOWN:
        return []
    return [summary_of(row) for row in plain_rows.reachable(actor, kind, normalised, most)]


def summaries(customers: Any) -> list[dict[str, Any]]:
    """What a list says of the customers of a queryset, without making objects."""
    return [summary_of(row) for row in plain_rows.summaries(customers)]


def details(customer: Customer, actor: Actor | None = None) -> dict[str, Any]:
    """Everything of a customer that one look-up gives, as the actor may see it; without an actor all of it."""
    return details_of(actor or system_actor(), customer.pk)


def details_of(actor: Actor, number: int) -> dict[str, Any]:
    """Everything of a customer that one look-up gives; NotFound when it is missing or not open to the actor."""
    row = plain_rows.one(actor, number)
    if row is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    found = {**summary_of(row), **_further(row[SUMMARY:])}
    return _guarded(actor, found) if actor.fields else found


def summary_of(row: Row) -> dict[str, Any]:
    """What a list says of a customer: decimal strings for amounts, and what they were computed from."""
    (
        number, kind, name, title, city, country, status, owner, owner_login, updated_at,
        net_minor, currency, orders, first_on, last_on, tier, abc, level, rank, r, f, m,
        recency, frequency, monetary_minor, as_of, period_from, period_to, method, external, *_rest,
    ) = row  # fmt: skip
    unit = _unit(currency or "XXX")
    known = _external_ids(external) if external else []
    return {
        "id": _number(number),
        "external_id": known[0]["value"] if known else None,
        "external_ids": known,
        "kind": kind,
        "name": name,
        "title": title,
        "city": city,
        "country": country,
        "status": status,
        "owner": owner or owner_login,
        "net_revenue": None if net_minor is None else unit(net_minor),
        "currency": currency or None,
        "orders": orders or 0,
        "first_order_on": first_on and _day(first_on),
        "last_order_on": last_on and _day(last_on),
        "tier": tier or None,
        "abc": abc or None,
        "level": level or None,
        "rank": rank or None,
        "rfm": None
        if r is None
        else {
            "r": r,
            "f": f,
            "m": m,
            "recency_days": recency,
            "frequency": frequency,
            "monetary": None if monetary_minor is None else unit(monetary_minor),
        },
        "as_of": as_of and _day(as_of),
        "period": {"from": period_from and _day(period_from), "to": period_to and _day(period_to)},
        "method": method or None,
        "updated_at": updated_at.isoformat(),
    }


def _external_ids(text: str) -> list[dict[str, str]]:
    """The ids under which sources know a customer, by source."""
    rows = orjson.loads(text)
    if len(rows) > 1:
        rows.sort()
    return [{"source": source, "value": value} for source, _number, value in rows]


_number = ids.writer("cus")
# The same days come again and again.
_day = lru_cache(maxsize=20_000)(date.isoformat)


@lru_cache(maxsize=512)
def _unit(currency: str) -> Any:
    """A function that writes minor units of a currency as a decimal string."""
    places = money.exponent(currency)
    scale = 10**places

    def plain(minor: int) -> str:
        """The amount, exact."""
        whole, rest = divmod(abs(minor), scale)
        sign = "-" if minor < 0 else ""
        return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"

    def with_hundredths(minor: int) -> str:
        """The same for two places, as nearly every currency has."""
        return f"{minor // 100}.{minor % 100:02d}" if minor >= 0 else plain(minor)

    return with_hundredths if places == 2 else plain


def _further(row: Row) -> dict[str, Any]:
    """What one look-up says besides."""
    told = dict(zip(FURTHER, row, strict=False))
    points = sorted(orjson.loads(row[len(FURTHER)] or "[]"))
    tags = sorted(name for (name,) in orjson.loads(row[len(FURTHER) + 1] or "[]"))
    return {
        "position": told["position"] or None,
        "tax_id": told["tax_id"] or None,
        "language": told["language"] or None,
        "contact_points": [
            {
                "id": ids.public_id("ctp", number),
                "kind": kind,
                "value": value,
                "normalised": normalised,
                "label": label,
                "primary": bool(is_primary),
            }
            for _position, number, kind, value, normalised, label, is_primary in points
        ],
        "tags": tags,
        "custom": told["custom"],
        "note": told["note"],
        "created_at": told["created_at"].isoformat(),
        "last_contact_at": told["last_contact_at"].isoformat() if told["last_contact_at"] else None,
    }


def _guarded(actor: Actor, found: Mapping[str, Any]) -> dict[str, Any]:
    """The same as the actor may see it: hidden fields are not there, masked ones are masked."""
    told = masking.shown_row(actor, "customer", found)
    told["contact_points"] = [
        masking.shown_row(actor, "contactpoint", point, point["kind"]) for point in found["contact_points"]
    ]
    return told
