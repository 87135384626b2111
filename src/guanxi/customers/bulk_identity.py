"""Finding and making many customers by the ids that a source gives them."""

from collections.abc import Iterable, Mapping
from typing import Any
from zlib import crc32

from django.db import connection, transaction

from guanxi.core import bulk, clock, ids
from guanxi.core.errors import InvalidInput
from guanxi.core.sentences import gettext as _
from guanxi.customers import names
from guanxi.customers.choices import CustomerKind, CustomerStatus
from guanxi.customers.models import Consent, ContactPoint, Customer, ExternalId, Standing
from guanxi.importing.models import Import
from guanxi.importing.public import held_back

LOOKUP_CHUNK = 5_000
# Between several addresses in one cell of a file: no address ends a line so.
SEVERAL_ADDRESSES = ";\n"
CUSTOMER_COLUMNS = (
    "id", "kind", "position", "name", *names.DERIVED_KEYS, "title", "language", "tax_id", "city", "country",
    "status", "owner_id", "department_id", "note", "custom", "created_at", "updated_at", "import_run_id",
)  # fmt: skip
STANDING_COLUMNS = ("customer_id", "net_revenue_minor", "currency", "order_count", "tier", "abc", "level", "method")


def customer_row(number: int, values: Mapping[str, Any], now: Any, run_id: int | None) -> tuple[Any, ...]:
    """One new customer as a row for bulk writing; `values` needs a clean `name`."""
    kind = values.get("kind") or CustomerKind.PERSON
    name = values["name"]
    return (
        number, kind, values.get("position") or "", name, *names.derived_keys(name, kind).values(),
        values.get("title") or "", values.get("language") or "", values.get("tax_id") or "", values.get("city") or "",
        values.get("country") or "", values.get("status") or CustomerStatus.ACTIVE, values.get("owner_id"),
        values.get("department_id"), values.get("note") or "", values.get("custom") or {},
        values.get("created_at") or now, now, run_id,
    )  # fmt: skip


def insert_customers(rows: list[tuple[Any, ...]]) -> None:
    """Write customers and the empty standing of each."""
    bulk.insert(Customer, CUSTOMER_COLUMNS, rows)
    bulk.insert(Standing, STANDING_COLUMNS, ((row[0], 0, "", 0, "", "", "", "") for row in rows))


def known_ids(source: str, values: Iterable[str]) -> dict[str, tuple[int, int | None]]:
    """External id -> (customer, the import that made the customer) for those that stand, in force or not."""
    wanted = list(values)
    found: dict[str, tuple[int, int | None]] = {}
    for start in range(0, len(wanted), LOOKUP_CHUNK):
        rows = ExternalId.everything.filter(source=source, value__in=wanted[start : start + LOOKUP_CHUNK])
        found.update((v, (c, run)) for v, c, run in rows.values_list("value", "customer_id", "customer__import_run"))
    return found


def lock_source(source: str) -> None:
    """Let only one transaction at a time make customers for a source (SQLite has one writer anyway)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [7001, crc32(source.encode()) - 2**31])


def check_external_id(value: str) -> str:
    """An external id exactly as written, or InvalidInput where it could be mistaken for one of ours."""
    if not value.strip() or len(value) > 200 or "\x00" in value:
        raise InvalidInput(_("An external id has 1 to 200 characters."), column="external_id")
    if ids.is_reserved(value):
        raise InvalidInput(_("This id has the form of one of our own ids."), column="external_id")
    return value


def ensure(
    *, source: str, values: Iterable[str], import_run: Import | None, details: Mapping[str, Mapping[str, Any]]
) -> dict[str, int]:
    """The customer for each external id of a source, made where there is none."""
    wanted = dict.fromkeys(values)
    with transaction.atomic():
        found = known_ids(source, wanted)
        missing = [value for value in wanted if value not in found]
        if missing:
            lock_source(source)
            found.update(known_ids(source, missing))
            missing = [value for value in missing if value not in found]
        run_id = import_run.pk if import_run else None
        adopt([pair[0] for pair in found.values()], {pair[1] for pair in found.values()}, run_id)
        result = {value: customer for value, (customer, _made_by) in found.items()}
        result.update(_make(source, missing, run_id, details))
        return result


def _make(
    source: str, values: list[str], run_id: int | None, details: Mapping[str, Mapping[str, Any]]
) -> dict[str, int]:
    """New customers for external ids; named by the id until a name is known."""
    if not values:
        return {}
    now = clock.now()
    numbers = bulk.next_ids(Customer, len(values))
    rows = []
    for number, value in zip(numbers, values, strict=True):
        given = {"name": value, **details.get(value, {})}
        rows.append(customer_row(number, given, now, run_id))
    insert_customers(rows)
    bulk.insert(
        ExternalId,
        ("customer_id", "source", "value", "import_run_id"),
        ((number, source, value, run_id) for number, value in zip(numbers, values, strict=True)),
    )
    return dict(zip(values, numbers, strict=True))


def adopt(customer_ids: Iterable[int], runs: set[int | None], run_id: int | None) -> None:
    """Take over customers that another import made and holds back, so that they count together with this one."""
    others = {run for run in runs if run is not None and run != run_id}
    waiting = set(held_back().filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    if not waiting:
        return
    numbers = list(customer_ids)
    for start in range(0, len(numbers), LOOKUP_CHUNK):
        chunk = numbers[start : start + LOOKUP_CHUNK]
        mine = Customer.everything.filter(pk__in=chunk, import_run__in=waiting)
        taken = list(mine.values_list("pk", flat=True))
        mine.update(import_run=run_id)
        for model in (ExternalId, ContactPoint, Consent):
            model.everything.filter(customer__in=taken, import_run__in=waiting).update(import_run=run_id)
