"""What imports change in standing customers: noted while the file is read, written in one step, taken back in one."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from guanxi.core import custom_fields
from guanxi.customers import names
from guanxi.customers.models import Customer
from guanxi.importing.models import Import, ImportUpdate

_CUSTOMERS = Customer._meta.db_table
_UPDATES = ImportUpdate._meta.db_table
COLUMNS = frozenset(
    {"name", *names.DERIVED_KEYS, "kind", "title", "tax_id", "city", "country", "position", "note", "created_at"}
)
_OF_RUN = "u.import_run_id = %s AND u.kind = 'customer' AND u.field = %s AND u.record_id = c.id"


def _fields(run: Import) -> list[str]:
    """The fields that an import changes, a handful."""
    rows = ImportUpdate.objects.filter(import_run=run, kind="customer").order_by("field")
    return list(rows.values_list("field", flat=True).distinct())


def _as_column(side: str, field: str) -> str:
    """The kept JSON as a value of the column."""
    if connection.vendor == "postgresql":
        text = f"(u.{side} #>> '{{}}')"
        return f"({text})::timestamp AT TIME ZONE 'UTC'" if field == "created_at" else text
    return f"json_extract(u.{side}, '$')"


def _as_json(field: str) -> str:
    """A column of the customer as JSON."""
    if connection.vendor == "postgresql":
        if field == "created_at":
            return "to_jsonb(to_char(c.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'))"
        return f"to_jsonb(c.{field})"
    return f"json_quote(c.{field})"


def apply(run: Import) -> None:
    """Write every noted value to its customer, and keep what stands there now as the value before."""
    with connection.cursor() as cursor:
        for field in _fields(run):
            if field.startswith("custom."):
                _apply_custom(cursor, run, field.removeprefix("custom."), "after", keep_before=True)
            elif field in COLUMNS:
                cursor.execute(
                    f"UPDATE {_UPDATES} AS u SET before = {_as_json(field)} FROM {_CUSTOMERS} c WHERE {_OF_RUN}",  # noqa: S608
                    [run.pk, field],
                )
                _write(cursor, run, field, "after")


def take_back(run: Import) -> None:
    """Give every customer back what it held before, where it still holds what the import wrote."""
    with connection.cursor() as cursor:
        for field in _fields(run):
            if field.startswith("custom."):
                _apply_custom(cursor, run, field.removeprefix("custom."), "before", keep_before=False)
            elif field in COLUMNS:
                _write(cursor, run, field, "before", f" AND c.{field} = {_as_column('after', field)}")


def _write(cursor: Any, run: Import, field: str, side: str, condition: str = "") -> None:
    """Set one column of all customers concerned."""
    cursor.execute(
        f"UPDATE {_CUSTOMERS} AS c SET {field} = {_as_column(side, field)} FROM {_UPDATES} u "  # noqa: S608
        f"WHERE {_OF_RUN}{condition}",
        [run.pk, field],
    )


def _apply_custom(cursor: Any, run: Import, key: str, side: str, *, keep_before: bool) -> None:
    """Set one added field of all customers concerned; an empty value takes the key out."""
    field = f"custom.{key}"
    if connection.vendor == "postgresql":
        if keep_before:
            cursor.execute(
                f"UPDATE {_UPDATES} AS u SET before = c.custom -> %s FROM {_CUSTOMERS} c WHERE {_OF_RUN}",  # noqa: S608
                [key, run.pk, field],
            )
        cursor.execute(
            f"UPDATE {_CUSTOMERS} AS c SET custom = CASE WHEN u.{side} IS NULL OR u.{side} = 'null'::jsonb "  # noqa: S608
            f"THEN c.custom - %s::text ELSE c.custom || jsonb_build_object(%s::text, u.{side}) END "
            f"FROM {_UPDATES} u WHERE {_OF_RUN}",
            [key, key, run.pk, field],
        )
        return
    path = f'$."{key}"'
    if keep_before:
        cursor.execute(
            f"UPDATE {_UPDATES} AS u SET before = c.custom -> %s FROM {_CUSTOMERS} c WHERE {_OF_RUN}",  # noqa: S608
            [path, run.pk, field],
        )
    cursor.execute(
        f"UPDATE {_CUSTOMERS} AS c SET custom = CASE WHEN u.{side} IS NULL OR u.{side} = 'null' "  # noqa: S608
        f"THEN json_remove(c.custom, %s) ELSE json_set(c.custom, %s, json(u.{side})) END "
        f"FROM {_UPDATES} u WHERE {_OF_RUN}",
        [path, path, run.pk, field],
    )


def overwritten(run: Import) -> Iterator[tuple[Customer, str]]:
    """Customers and fields that no longer hold what the import wrote."""
    rows = ImportUpdate.objects.filter(import_run=run, kind="customer").exclude(field__in=names.DERIVED_KEYS)
    batch: list[ImportUpdate] = []
    for row in rows.order_by("record_id").iterator(chunk_size=2_000):
        batch.append(row)
        if len(batch) == 2_000:
            yield from _overwritten_in(batch)
            batch = []
    yield from _overwritten_in(batch)


def _overwritten_in(rows: list[ImportUpdate]) -> Iterator[tuple[Customer, str]]:
    """The same for some rows."""
    customers = Customer.everything.in_bulk({row.record_id for row in rows})
    for row in rows:
        customer = customers.get(row.record_id)
        if customer is not None and _current(customer, row.field) != _comparable(row.field, row.after):
            yield customer, row.field


def _current(customer: Customer, field: str) -> Any:
    """What a field holds now."""
    if field.startswith("custom."):
        return customer.custom.get(field.removeprefix("custom."))
    return getattr(customer, field)


def _comparable(field: str, value: Any) -> Any:
    """A kept value as the field gives it."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if field == "created_at" and value else value


def field_label(field: str) -> str:
    """The field's name for people, with what happened to it."""
    if field.startswith("custom."):
        key = field.removeprefix("custom.")
        label = next((d.label for d in custom_fields.definitions("customer") if d.key == key), key)
    else:
        known = {f.name: f for f in Customer._meta.concrete_fields}
        label = str(known[field].verbose_name) if field in known else field
    return _("was changed: %(field)s") % {"field": label}
