"""Indexes of custom fields: each filterable field has one over its value; a job builds them and drops those not needed.

The job compares what should be with what the database has, so it may run at any time and any number of times. On
PostgreSQL others read and write meanwhile; SQLite, which has one writer, lets them wait while it builds.
"""

import logging
from dataclasses import dataclass

from django.db import DatabaseError, connection, models, transaction

from guanxi.core import clock, jobs, live, locks, planner_statistics, records
from guanxi.core.custom_values import custom_value
from guanxi.core.models import CustomField
from guanxi.core.models.custom_fields import CustomFieldIndex, FieldType, IndexState

logger = logging.getLogger("guanxi.custom_fields")

PREFIX = "custom_value_"


@dataclass(frozen=True)
class Wanted:
    """One index that should stand."""

    field: CustomField
    name: str
    definition: str


def plan_indexes(kind: str) -> None:
    """Have the indexes of a kind's custom fields brought up to date, after the caller's transaction."""
    for field in _filterable(kind):
        CustomFieldIndex.objects.get_or_create(field=field, defaults={"at": clock.now()})
    bring_indexes_up_to_date.using(unique_key=f"core.custom_indexes:{kind}").enqueue(kind)  # type: ignore[call-arg]


@jobs.task(queue_name="long")
@jobs.policy(max_tries=8, first_pause_seconds=20)
def bring_indexes_up_to_date(kind: str) -> dict[str, int]:
    """Drop indexes that no field wants any more, build those that are missing; a failure is noted and tried again."""
    with locks.hold(f"custom_indexes:{kind}"):
        model = records.model_of(kind)
        if model is None:
            return {"built": 0, "dropped": 0}
        fields = _filterable(kind)
        wanted = {index.name: index for field in fields if (index := _wanted(model, field))}
        standing = _standing(model)
        gone = [name for name, is_valid in standing.items() if name not in wanted or not is_valid]
        for name in gone:
            _execute(f'DROP INDEX {_concurrently()} IF EXISTS "{name}"')
        missing = [index for name, index in wanted.items() if name in gone or name not in standing]
        errors = [error for index in missing if (error := _build(index))]
        for field in set(fields) - {index.field for index in missing}:
            _note(field, IndexState.READY)
        if len(missing) > len(errors):
            planner_statistics.refresh(model._meta.db_table)
        if errors:
            raise errors[0]
        return {"built": len(missing), "dropped": len(gone)}


def _filterable(kind: str) -> list[CustomField]:
    """The fields of a kind that lists filter and sort by."""
    return list(CustomField.objects.filter(kind=kind, is_active=True, is_filterable=True).order_by("pk"))


def _wanted(model: type[models.Model], field: CustomField) -> Wanted | None:
    """The index that serves a field; SQLite has none for a list of choices."""
    name, table = f"{PREFIX}{field.pk}", model._meta.db_table
    if field.type == FieldType.MULTI_CHOICE:
        if connection.vendor != "postgresql":
            return None
        return Wanted(field, name, f'"{name}" ON "{table}" USING gin (("custom" -> \'{field.key}\'))')
    value = custom_value(field)
    if value is None:
        return None
    query = model._base_manager.order_by().query
    sql, _params = query.get_compiler(connection=connection).compile(value.resolve_expression(query))
    # An index knows its table: columns stand alone.
    sql = sql.replace(f'"{table}".', "")
    key = model._meta.pk.column if model._meta.pk else "id"
    return Wanted(field, name, f'"{name}" ON "{table}" ({sql}, "{key}")')


def _standing(model: type[models.Model]) -> dict[str, bool]:
    """Our indexes on the table, and whether each was finished."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT i.relname, x.indisvalid FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
                "WHERE x.indrelid = %s::regclass AND starts_with(i.relname, %s)",
                [f'"{model._meta.db_table}"', PREFIX],
            )
            return dict(cursor.fetchall())
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND substr(name, 1, %s) = %s",
            [model._meta.db_table, len(PREFIX), PREFIX],
        )
        return {name: True for (name,) in cursor.fetchall()}


def _build(index: Wanted) -> Exception | None:
    """Build one index and note how it went."""
    try:
        _execute(f"CREATE INDEX {_concurrently()} {index.definition}")
    except DatabaseError as error:
        logger.warning("the index of the custom field %s could not be built: %s", index.field, error)
        _note(index.field, IndexState.FAILED, str(error).strip().partition("\n")[0])
        return error
    _note(index.field, IndexState.READY)
    return None


def _concurrently() -> str:
    """How PostgreSQL lets others write meanwhile; not possible in a transaction."""
    return "CONCURRENTLY" if connection.vendor == "postgresql" and not connection.in_atomic_block else ""


def _execute(statement: str) -> None:
    """Run one statement of the database's own language."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _note(field: CustomField, state: IndexState, error: str = "") -> None:
    """Keep how the index stands, for the page of fields."""
    with transaction.atomic():
        told = {"state": state, "error": error[:500], "at": clock.now()}
        CustomFieldIndex.objects.update_or_create(field=field, defaults=told)
        live.notify("custom_fields")
