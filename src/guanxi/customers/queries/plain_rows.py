"""Customers as rows for programs: all that a list or one look-up tells, in one statement that is written once.

Statements are kept by what they look like (rights, filters, order, how many rows), their arguments are put in; what
would look different each time (a search, own fields) is written anew.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import OuterRef, QuerySet, Subquery

from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled, Row
from guanxi.core.expressions import JsonRows
from guanxi.customers.models import ContactPoint, Customer, CustomerTag, ExternalId
from guanxi.ui import keyset
from guanxi.ui.keyset import SortKey

OWN = ("kind", "name", "title", "city", "country", "status")
MEASURED = (
    "net_revenue_minor", "currency", "order_count", "first_on", "last_on", "tier", "abc", "level", "rank", "r", "f", "m",
    "recency_days", "frequency", "monetary_minor", "as_of", "period_from", "period_to", "method",
)  # fmt: skip
FURTHER = ("position", "tax_id", "language", "custom", "note", "created_at", "last_contact_at")
SORTS: dict[str, SortKey] = {
    "net_revenue": SortKey("standing__net_revenue_minor"),
    "orders": SortKey("standing__order_count"),
    "last_order_on": SortKey("standing__last_on", is_nullable=True),
    "name": SortKey("sort_key"),
    "city": SortKey("city"),
    "created_at": SortKey("created_at"),
    "updated_at": SortKey("updated_at"),
}
TYPES: dict[str, type] = {"net_revenue": int, "orders": int, "name": str, "city": str}
# A page is cut out of the next larger one, so that few statements serve every size.
SIZES = (10, 50, 100, 200, 1000, 10_000)
MOST_KEPT = 400

_statements: OrderedDict[Hashable, Compiled] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed by: `equal` look-ups with one value each, and conditions that differ every time."""

    equal: Mapping[str, int | str | datetime]
    further: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None


def _joined(rows: QuerySet[Any], *names: str) -> Subquery:
    """What belongs to a customer, as one text."""
    own = rows.filter(customer=OuterRef("pk")).order_by()
    return Subquery(own.annotate(told=JsonRows(*names)).values("told"))


def summary_columns() -> tuple[Any, ...]:
    """What a list tells: columns for `values_list`."""
    return (
        "pk", *OWN, "owner__name", "owner__username", "updated_at", *(f"standing__{name}" for name in MEASURED),
        _joined(ExternalId.objects.all(), "source", "pk", "value"),
    )  # fmt: skip


def detail_columns() -> tuple[Any, ...]:
    """What one look-up tells besides."""
    points = ("position", "pk", "kind", "value", "normalised", "label", "is_primary")
    tags = Subquery(
        CustomerTag.objects.filter(customer=OuterRef("pk"))
        .order_by()
        .annotate(told=JsonRows("tag__name"))
        .values("told")
    )
    return (*FURTHER, _joined(ContactPoint.objects.all(), *points), tags)


SUMMARY = 1 + len(OWN) + 3 + len(MEASURED) + 1


def page(
    actor: Actor, narrowed: Narrowed, *, sort: str, after: list[Any] | None, limit: int
) -> tuple[list[Row], list[Any] | None]:
    """Up to `limit` rows in order from a place on, and the place of the last one when more follow."""
    keys = sort_keys(sort)
    if narrowed.further is None and not keys[0].is_nullable:
        rows = _kept_page(actor, narrowed, sort, keys, after, limit)
    else:
        rows = _fresh_page(actor, narrowed, keys, after, limit)
    more = rows[limit - 1][SUMMARY:] if len(rows) > limit else None
    return rows[:limit], list(more) if more else None


def sort_keys(sort: str) -> list[SortKey]:
    """The order that a word such as `-net_revenue` asks for; customers of the same value by their number."""
    first = SORTS[sort.lstrip("-")]
    down = sort.startswith("-")
    # The number that the index of the first key goes on with: rows of the same value are not sorted anew.
    last = "standing__customer" if first.path.startswith("standing__") else "pk"
    return [SortKey(first.path, down, first.is_nullable), SortKey(last, down)]


def _rows(actor: Actor, names: Any, values: Any) -> QuerySet[Any]:
    """The customers that are asked for."""
    rows = Customer.objects.visible_to(actor).filter(standing__isnull=False)
    return rows.filter(**dict(zip(names, values, strict=True)))


def _kept_page(
    actor: Actor, narrowed: Narrowed, sort: str, keys: list[SortKey], after: list[Any] | None, limit: int
) -> list[Row]:
    """A page by a statement that is written once."""
    size = next(size for size in SIZES if size >= limit) + 1
    names = tuple(sorted(narrowed.equal))

    def build() -> Compiled:
        """Write it."""

        def rows(*arguments: Any) -> QuerySet[Any, Any]:
            """The page with stand-ins."""
            found = _rows(actor, names, arguments[: len(names)])
            found = keyset.ordered(found, keys, list(arguments[len(names) :]) or None)
            return found.values_list(*summary_columns(), *(key.path for key in keys))[:size]

        types = [type(narrowed.equal[name]) for name in names]
        if after is not None:
            types += [TYPES.get(sort.lstrip("-"), datetime), int]
        return Compiled(rows, *types)

    statement = _statement(("page", rights_key(actor), names, sort, after is not None, size), build)
    return _run(statement, *(narrowed.equal[name] for name in names), *(after or ()))[: limit + 1]


def _fresh_page(
    actor: Actor, narrowed: Narrowed, keys: list[SortKey], after: list[Any] | None, limit: int
) -> list[Row]:
    """A page by a statement of its own: first which customers, then what is told of them."""
    names = sorted(narrowed.equal)
    found = _rows(actor, names, [narrowed.equal[name] for name in names])
    if narrowed.further is not None:
        found = narrowed.further(found)
    places = keyset.fetch(found, keys, ["pk"], after, limit + 1)
    told = {row[0]: row for row in summaries(Customer.objects.filter(pk__in=[place["pk"] for place in places]))}
    return [(*told[place["pk"]], *keyset.place(place, keys)) for place in places if place["pk"] in told]


def summaries(customers: QuerySet[Any]) -> list[Row]:
    """What a list tells of the customers of a queryset, which has been narrowed by rights."""
    return list(customers.values_list(*summary_columns()))


def reachable(actor: Actor, kind: str, normalised: str, most: int) -> list[Row]:
    """The customers in force whom exactly this phone number, address or id reaches."""

    def build() -> Compiled:
        """Write the statement."""

        def rows(kind: str, normalised: str) -> QuerySet[Any, Any]:
            """With stand-ins."""
            points = ContactPoint.objects.filter(kind=kind, normalised=normalised).values("customer")
            found = Customer.objects.visible_to(actor).filter(pk__in=points).order_by("pk")
            return found.values_list(*summary_columns())[:most]

        return Compiled(rows, str, str)

    return _run(_statement(("reachable", rights_key(actor), most), build), kind, normalised)


def one(actor: Actor, number: int) -> Row | None:
    """Everything of one customer, None when it is missing or not open to the actor."""

    def build() -> Compiled:
        """Write the statement."""

        def rows(number: int) -> QuerySet[Any, Any]:
            """With a stand-in."""
            found = Customer.objects.visible_to(actor).filter(pk=number)
            return found.values_list(*summary_columns(), *detail_columns())

        return Compiled(rows, int)

    return next(iter(_run(_statement(("one", rights_key(actor)), build), number)), None)


def rights_key(actor: Actor) -> Hashable:
    """What the rows that the actor may view depend on, and how they are read."""
    return access.reading_key(actor, "customer")


def _run(statement: Compiled, *arguments: Any) -> list[Row]:
    """The rows; none where Django sees by itself that there can be none (nothing is open to the actor)."""
    try:
        return statement.rows(*arguments)
    except EmptyResultSet:
        return []


def _statement(key: Hashable, build: Callable[[], Compiled]) -> Compiled:
    """The statement that looks so, written when first asked for; those not asked for longest go."""
    with _lock:
        found = _statements.get(key)
        if found is None:
            found = _statements[key] = build()
            if len(_statements) > MOST_KEPT:
                _statements.popitem(last=False)
        else:
            _statements.move_to_end(key)
    return found
