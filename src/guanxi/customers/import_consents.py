"""The consents of an import: written beside its customers, journaled where a customer stood before, taken back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from guanxi.core import bulk, clock
from guanxi.core.models import Change, Operation
from guanxi.customers.models import Consent, Customer
from guanxi.customers.privacy.consent_columns import to_the_second
from guanxi.importing import claims
from guanxi.importing.models import Import

Said = tuple[int, int, str, str, datetime]
COLUMNS = (
    "customer_id", "purpose_id", "channel", "state", "at", "expires_on", "is_separate", "evidence", "source", "by_id",
    "by_name", "means", "created_at", "first_customer_id", "import_run_id",
)  # fmt: skip
_TOLD = (
    "id", "customer_id", "purpose_id", "channel", "state", "at", "expires_on", "is_separate", "evidence", "source",
    "by_name", "import_run_id",
)  # fmt: skip


def add(run: Import, pairs: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Words that are not on record yet, one row each; what stands on record stays, and the latest word counts."""
    telling = [(customer, row["consents"]) for customer, row in pairs if row["consents"]]
    if not telling:
        return
    have = _on_record(run, [customer for customer, _words in telling])
    rows: list[tuple[Any, ...]] = []
    again: list[int] = []
    now = clock.now()
    for customer, words in telling:
        for word in words:
            key = _key(customer, word)
            if key in have:
                if number := have[key]:
                    again.append(number)
                continue
            have[key] = None
            rows.append(_row(run, customer, word, min(key[-1], now), now))
    bulk.insert(Consent, COLUMNS, rows)
    claims.claim(run, "consent", again)


def count_new(run: Import, telling: Mapping[int | str, Sequence[Mapping[str, Any]]]) -> int:
    """How many of the words are not on record; a customer that is still to be made goes by its identity."""
    have = _on_record(run, [customer for customer in telling if isinstance(customer, int)])
    wanted = {_key(customer, word) for customer, words in telling.items() for word in words}  # type: ignore[arg-type]
    return len(wanted - have.keys())


def _on_record(run: Import, numbers: Sequence[int]) -> dict[Said, int | None]:
    """What customers said so far, and which row another import brought."""
    rows = Consent.everything.filter(customer__in=numbers)
    found: dict[Said, int | None] = {}
    for number, customer, purpose, channel, state, at, run_id in rows.values_list(
        "pk", "customer_id", "purpose_id", "channel", "state", "at", "import_run_id"
    ):
        is_of_another = run_id is not None and run_id != run.pk
        found[customer, purpose, channel, state, to_the_second(state, at)] = number if is_of_another else None
    return found


def _key(customer: int, word: Mapping[str, Any]) -> Said:
    """By what a word is known again."""
    at = to_the_second(word["state"], datetime.fromisoformat(word["at"]))
    return customer, word["purpose"], word["channel"], word["state"], at


def _row(run: Import, customer: int, word: Mapping[str, Any], at: datetime, now: datetime) -> tuple[Any, ...]:
    """A row of the table."""
    until = date.fromisoformat(word["until"]) if word["until"] else None
    return (
        customer, word["purpose"], word["channel"], word["state"], at, until, word["separate"], word["evidence"],
        word["source"], run.by_id, run.by_name, "import", now, customer, run.pk,
    )  # fmt: skip


def journal(run: Import, operation: Operation, *, is_undo: bool = False) -> None:
    """One journal row for each word that standing customers gain or lose, in one statement."""
    is_postgres = connection.vendor == "postgresql"
    build = "jsonb_build_object" if is_postgres else "json_object"
    told = ", ".join(f"'{name}', {_plain(name, is_postgres)}" for name in _TOLD)
    said = f"{build}({told})"
    act, before, after = ("delete", said, "NULL") if is_undo else ("create", "NULL", said)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Change._meta.db_table} "  # noqa: S608
            "(operation_id, kind, record_id, act, field, before, after, customer_id) "
            f"SELECT %s, 'consent', n.id, '{act}', '', {before}, {after}, n.customer_id "
            f"FROM {Consent._meta.db_table} n JOIN {Customer._meta.db_table} c ON c.id = n.customer_id "
            "WHERE n.import_run_id = %s AND (c.import_run_id IS NULL OR c.import_run_id <> %s) ORDER BY n.id",
            [operation.pk, run.pk, run.pk],
        )


def _plain(name: str, is_postgres: bool) -> str:
    """A column as the journal writes it."""
    if name == "is_separate" and not is_postgres:
        return "json(CASE WHEN n.is_separate THEN 'true' ELSE 'false' END)"
    return f"n.{name}"
