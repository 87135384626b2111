"""Customers read for comparing: all of them in step with their contact points, or a few by their numbers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from guanxi.customers.choices import ContactKind
from guanxi.customers.duplicates.records import Record
from guanxi.customers.models import ContactPoint, Customer, ExternalId, OrganisationProfile, PersonProfile

STEP = 5_000
POINTS_AT_MOST = 8
_COLUMNS = ("pk", "kind", "name", "tax_id", "city")
_PLACE = {ContactKind.PHONE: 0, ContactKind.EMAIL: 1, ContactKind.WECHAT: 2, ContactKind.ADDRESS: 3}


def all_records() -> Iterator[Record]:
    """Every customer that counts, in the order of their numbers; short reads, no cursor is held open."""
    last = 0
    while True:
        rows = list(
            Customer.objects.filter(pk__gt=last, erased_at__isnull=True).order_by("pk").values_list(*_COLUMNS)[:STEP]
        )
        if not rows:
            return
        last = rows[-1][0]
        yield from _with_parts(rows, {"customer_id__gte": rows[0][0], "customer_id__lte": last})


def records_of(numbers: Iterable[int]) -> dict[int, Record]:
    """Some customers by their numbers, those that count."""
    wanted = sorted(set(numbers))
    found: dict[int, Record] = {}
    for start in range(0, len(wanted), STEP):
        chunk = wanted[start : start + STEP]
        rows = list(Customer.objects.filter(pk__in=chunk, erased_at__isnull=True).order_by("pk").values_list(*_COLUMNS))
        found.update((record.id, record) for record in _with_parts(rows, {"customer_id__in": chunk}))
    return found


def _with_parts(rows: Sequence[tuple[Any, ...]], which: dict[str, Any]) -> Iterator[Record]:
    """Customers with their contact points, other names and dates of birth."""
    points: dict[int, tuple[list[str], ...]] = defaultdict(lambda: ([], [], [], []))
    found = ContactPoint.objects.filter(**which).order_by("customer_id", "position", "pk")
    for customer, kind, value, normalised in found.values_list("customer_id", "kind", "value", "normalised"):
        held = points[customer][_PLACE[ContactKind(kind)]]
        if len(held) < POINTS_AT_MOST:
            # An address is compared by its words, which the normalised form has lost.
            held.append(value if kind == ContactKind.ADDRESS else normalised)
    others, born = _profiles(which)
    for number, kind, name, tax_id, city in rows:
        phones, emails, wechats, addresses = map(tuple, points.get(number, ((), (), (), ())))
        yield Record(
            number, kind, name, tax_id, city, born.get(number, ""), tuple(others.get(number, ())),
            phones, emails, wechats, addresses,
        )  # fmt: skip


def _profiles(which: dict[str, Any]) -> tuple[dict[int, list[str]], dict[int, str]]:
    """Other names and dates of birth from the archives; few customers have one."""
    others: dict[int, list[str]] = {}
    born: dict[int, str] = {}
    people = PersonProfile.objects.filter(**which).values_list("customer_id", "english_name", "former_name", "birth_on")
    for number, english, former, birth_on in people:
        others[number] = [name for name in (english, former) if name]
        if birth_on:
            born[number] = birth_on.isoformat()
    firms = OrganisationProfile.objects.filter(**which).values_list(
        "customer_id", "english_name", "former_name", "short_name"
    )
    for number, *names in firms:
        others[number] = [name for name in names if name]
    return others, born


def names_outside(numbers: Sequence[int]) -> dict[int, str]:
    """The id by which others know each customer: the first external id it was given, else our own public id."""
    found: dict[int, str] = {}
    for start in range(0, len(numbers), STEP):
        chunk = numbers[start : start + STEP]
        rows = ExternalId.objects.filter(customer__in=chunk).order_by("-pk").values_list("customer_id", "value")
        found.update(rows)
    return found
