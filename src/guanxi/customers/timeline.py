"""One stream per customer out of many kinds of entry, each an indexed query of its own, merged by key."""

import base64
import binascii
import heapq
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled
from guanxi.core.errors import InvalidInput
from guanxi.core.registry import Registry
from guanxi.customers.models import Customer
from guanxi.customers.queries import parts

PAGE = 20
LAST = 2**63 - 1

# A place in one kind's stream: entries before it have an earlier time, or the same time and a smaller id.
Place = tuple[datetime, int]


@dataclass(frozen=True)
class Entry:
    """One thing that happened; `html` is safe markup, `by` who did it."""

    at: datetime
    id: int
    title: str
    html: str = ""
    by: str = ""
    url: str = ""
    icon: str = ""
    tone: str = "neutral"
    edit_url: str = ""
    is_dated: bool = False
    """Only the day is known, not the hour."""


@dataclass(frozen=True)
class TimelineKind:
    """One kind of entry: `query(actor, customer_id, before, limit)` gives the entries before a place, newest first.

    The query must be an index read by (customer, time, id); use `before_q` for its condition. `rows(customer)` are the
    rows that entries come from (or more of them): kinds of which a customer has none are not asked any further.
    """

    key: str
    label: Promise | str
    icon: str
    query: Callable[[Actor, int, Place | None, int], Iterable[Entry]]
    permission: tuple[str, str] | None = None
    rows: Callable[[Any], QuerySet[Any]] | None = None


kinds: Registry[TimelineKind] = Registry("timeline kinds")
# Names of operations of which an entry of its own tells: the stream does not tell of them again among the changes.
shown_elsewhere: Registry[str] = Registry("operations with entries of their own")


def register(kind: TimelineKind, order: int = 100) -> TimelineKind:
    """Add a kind of entry to every customer's stream."""
    return kinds.add(kind.key, kind, order=order)


def before_q(before: Place | None, *, time: str, id: str = "id") -> Q:
    """The condition for rows before a place, with a bound on the time that an index can start from."""
    if before is None:
        return Q()
    at, number = before
    return Q(**{f"{time}__lte": at}) & (Q(**{f"{time}__lt": at}) | Q(**{f"{id}__lt": number}))


@dataclass(frozen=True)
class Item:
    """An entry with the kind it is of."""

    kind: TimelineKind
    entry: Entry


@dataclass(frozen=True)
class Stream:
    """A page of the stream and where the next one begins ('' at the end)."""

    items: Sequence[Item]
    following: str


def open_kinds(actor: Actor) -> list[TimelineKind]:
    """The kinds that the actor may see, in order."""
    return [k for k in kinds if k.permission is None or actor.scope(*k.permission) is not None]


def read(
    actor: Actor,
    customer_id: int,
    *,
    only: Sequence[str] = (),
    after: str = "",
    limit: int = PAGE,
    missing: Container[str] | None = None,
) -> Stream:
    """The next entries of a customer's stream, newest first; entries of one moment stand in the order of the kinds.

    `missing`: the kinds of which the customer has none, where `missing_kinds` has just been asked.
    """
    shown = open_kinds(actor)
    place = _decode(after)
    streams = []
    if missing is None:
        missing = _missing(customer_id) or ()
    for rank, kind in enumerate(shown):
        if kind.key in missing or (only and kind.key not in only):
            continue
        entries = kind.query(actor, customer_id, _bound(place, rank, kind.key, shown), limit + 1)
        streams.append([(_key(entry, rank), Item(kind, entry)) for entry in entries])
    merged = [item for _sort, item in heapq.merge(*streams, key=lambda pair: pair[0])][: limit + 1]
    page = merged[:limit]
    following = _encode(page[-1]) if len(merged) > limit else ""
    return Stream(page, following)


def missing_kinds(actor: Actor, number: int) -> set[str]:
    """The kinds of which a customer has no entry; NotFound when the customer is not open to the actor."""
    if actor.scope("customer", "view") != "all":
        Customer.objects.get_visible(actor, pk=number)
    missing = _missing(number)
    if missing is None:
        raise parts.not_there()
    return missing


def _missing(customer_id: int) -> set[str] | None:
    """The kinds of which a customer has no entry at all: all of them in one read. None when there is no such customer."""
    asked, query = _presence()
    found = query.first(customer_id)
    return None if found is None else {key for key, is_there in zip(asked, found[1:], strict=True) if not is_there}


@cache
def _presence() -> tuple[list[str], Compiled]:
    """The kinds that say where their rows are, and the query that asks for all of them."""
    telling = [(kind.key, kind.rows) for kind in kinds if kind.rows is not None]

    def build(customer_id: int) -> QuerySet[Any, Any]:
        """Whether there are any, kind by kind."""
        found = Customer.objects.filter(pk=customer_id)
        return found.values_list("pk", *(Exists(rows(OuterRef("pk"))) for _key, rows in telling))

    return [key for key, _rows in telling], Compiled(build, int)


def _key(entry: Entry, rank: int) -> tuple[float, int, int]:
    """Newest first, then the order of the kinds, then the larger id."""
    return (-entry.at.timestamp(), rank, -entry.id)


def _bound(place: tuple[datetime, str, int] | None, rank: int, key: str, shown: Sequence[TimelineKind]) -> Place | None:
    """Where one kind goes on after a place in the merged stream."""
    if place is None:
        return None
    at, at_key, number = place
    at_rank = next((i for i, kind in enumerate(shown) if kind.key == at_key), -1)
    if key == at_key:
        return (at, number)
    # Of the same moment, kinds that come later in the order are still to be shown, earlier ones are not.
    return (at, LAST) if rank > at_rank else (at, 0)


def _encode(item: Item) -> str:
    """The place of an entry, for an address."""
    moment = item.entry.at.astimezone(UTC).isoformat()
    return base64.urlsafe_b64encode(orjson.dumps([moment, item.kind.key, item.entry.id])).decode().rstrip("=")


def _decode(text: str) -> tuple[datetime, str, int] | None:
    """The place behind such a text; None for no text."""
    if not text:
        return None
    try:
        moment, key, number = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not isinstance(key, str) or not isinstance(number, int):
            raise ValueError
    except (binascii.Error, ValueError, TypeError):
        raise InvalidInput(_("This place in the list is no longer valid. Open the list again.")) from None
    return at, key, number
