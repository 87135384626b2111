"""Whose data is meant, and where it lies: the rows that the statements of personal data name."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection

from guanxi.core import personal_data, records
from guanxi.core.erasing import Person
from guanxi.core.models import Change
from guanxi.core.personal_data import Erasing, Statement
from guanxi.customers.choices import ContactKind
from guanxi.customers.models import ContactPoint, Customer, ExternalId
from guanxi.files.public import StoredFile

STEPS = 50
MOST_AT_ONCE = 50
# Of which rows the journal is asked for what the person was known by before, by which columns, how many at most.
NAMING = ("customer", "contactpoint", "externalid")
WORDS = ("name", "tax_id", "value", "normalised")
MOST_EARLIER = 5_000


def cluster(customer_id: int) -> tuple[int, ...]:
    """A customer and every one that was merged into it, step by step."""
    found = [customer_id]
    latest = [customer_id]
    for _step in range(STEPS):
        rows = Customer.everything.filter(merged_into__in=latest).order_by("pk")
        latest = [number for number in rows.values_list("pk", flat=True) if number not in found]
        if not latest:
            break
        found += latest
    return tuple(found)


def person_of(customer_id: int) -> Person:
    """The person behind a customer, with the words it is known by."""
    numbers = cluster(customer_id)
    names = list(Customer.everything.filter(pk__in=numbers).values_list("name", "tax_id", "pk"))
    words: dict[str, None] = {}
    for _name, tax_id, _number in names:
        words[tax_id] = None
    points = ContactPoint.everything.filter(customer__in=numbers).exclude(kind=ContactKind.ADDRESS)
    for value, normalised in points.values_list("value", "normalised"):
        words[value] = words[normalised] = words[normalised.removeprefix("+86")] = None
    for value in ExternalId.everything.filter(customer__in=numbers).values_list("value", flat=True):
        words[value] = None
    words |= dict.fromkeys(_earlier(numbers))
    name = next((name for name, _tax_id, number in names if number == customer_id), "")
    others = [other for other, _tax_id, number in names if number != customer_id and other != name]
    return Person(numbers, name, tuple(word for word in (*others, *words) if word and word != name))


def _earlier(numbers: Sequence[int]) -> Iterator[str]:
    """Names, numbers and addresses that the person had before, as far as the journal still tells them."""
    rows = Change.objects.filter(customer_id__in=numbers, kind__in=NAMING, erased_at__isnull=True)
    for field, before, after in rows.order_by("-pk").values_list("field", "before", "after")[:MOST_EARLIER]:
        for told in (before, after):
            if isinstance(told, dict) and told.get("kind") != ContactKind.ADDRESS:
                yield from (str(told[name]) for name in WORDS if told.get(name))
            elif isinstance(told, str) and field in WORDS:
                yield told


def statements(*, for_pack: bool = False) -> list[Statement]:
    """The statements of models whose rows belong to customers and hold personal data; of a pack also what is about them."""
    found = [one for one in personal_data.about_customers() if one.is_personal]
    if not for_pack:
        return found
    about = [personal_data.statements[label] for label in personal_data.naming_records()]
    return [one for one in (*found, *about) if one.in_pack]


rows_of = personal_data.rows_of
# The files of rows that are ended so go with them.
TAKES_FILES = frozenset({Erasing.DELETE, Erasing.BLANK})


def count_files(customer_ids: Sequence[int], *, going: bool) -> int:
    """How many files of a person's records go with an erasure, or stay with records that stay as they are."""
    found = [
        StoredFile.objects.filter(
            record_kind=records.kind_of(one.model), record_id__in=rows_of(one, customer_ids).order_by().values("pk")
        ).values("pk")
        for one in statements()
        if (one.erasing in TAKES_FILES or one.customer == "pk") is going
    ]
    return found[0].union(*found[1:]).count() if found else 0


def held_by(customer_ids: Sequence[int]) -> frozenset[str]:
    """The labels of the models that hold rows of these customers, in one statement of the database."""
    numbers = list(customer_ids)
    if len(numbers) > MOST_AT_ONCE:
        return frozenset(one.label for one in statements())
    sql, places = _held_sql(connection.vendor, len(numbers))
    with connection.cursor() as cursor:
        cursor.execute(sql, [numbers[place] for place in places])
        return frozenset(label for (label,) in cursor.fetchall())


@cache
def _held_sql(vendor: str, count: int) -> tuple[str, tuple[int, ...]]:
    """The statement for so many customers, and which of them stands in each of its gaps."""
    stand_ins = [-1 - place for place in range(count)]
    parts: list[str] = []
    places: list[int] = []
    for statement in statements():
        query = rows_of(statement, stand_ins).order_by().values("pk").query
        sql, filled = query.sql_with_params()
        parts.append(f"SELECT '{statement.label}' AS label WHERE EXISTS ({sql})")
        places += [-1 - int(stand_in) for stand_in in filled]
    return " UNION ALL ".join(parts), tuple(places)


def stated_fields(statement: Statement) -> list[Any]:
    """The columns of a statement that hold personal data, in the model's order."""
    told = {name for held in statement.held for name in held.fields}
    return [field for field in statement.model._meta.concrete_fields if field.name in told]


def chunks(numbers: Iterable[int], size: int) -> Iterable[list[int]]:
    """Numbers in lists of a size."""
    held: list[int] = []
    for number in numbers:
        held.append(number)
        if len(held) >= size:
            yield held
            held = []
    if held:
        yield held
