"""What other modules may call."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from guanxi.core import events
from guanxi.customers import bulk_identity, standings
from guanxi.customers.bulk_identity import known_ids
from guanxi.customers.events import (
    CustomerChanged,
    CustomerCreated,
    CustomersChanged,
    CustomersMerged,
    CustomersUnmerged,
    StandingsRecorded,
)
from guanxi.customers.import_undo import (
    customer_conflicts,
    hand_over_claimed,
    hand_over_customers,
    keep_customers,
    remove_customers,
)
from guanxi.customers.models import Customer
from guanxi.customers.privacy.consents import may_contact, may_use
from guanxi.customers.queries.finding import customers_by_contact, find_customer
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.visits import note_contact
from guanxi.customers.standings import Measure, StandingRow
from guanxi.importing.models import Import

__all__ = [
    "CustomerChanged",
    "CustomerCreated",
    "CustomersChanged",
    "CustomersMerged",
    "CustomersUnmerged",
    "Measure",
    "StandingRow",
    "StandingsRecorded",
    "count_imported_customers",
    "create_customer",
    "customer_conflicts",
    "customers_by_contact",
    "ensure_customers",
    "find_customer",
    "hand_over_claimed",
    "hand_over_customers",
    "keep_customers",
    "known_ids",
    "may_contact",
    "may_use",
    "note_contact",
    "record_standings",
    "remove_customers",
]


def ensure_customers(
    *,
    source: str,
    values: Iterable[str],
    import_run: Import | None,
    details: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, int]:
    """The customer id for each external id of a source, in bulk; missing customers are made.

    `details` may give name, kind, country, city ... of new customers by external id. The caller's transaction holds
    the writes; customers made by an import count when the import comes in force.
    """
    return bulk_identity.ensure(source=source, values=values, import_run=import_run, details=details or {})


def count_imported_customers(run: Import) -> int:
    """How many customers an import made, in force or not."""
    return Customer.everything.filter(import_run=run).count()


def record_standings(
    rows: Iterable[Sequence[Any]],
    *,
    currency: str,
    as_of: date,
    period_from: date | None,
    period_to: date | None,
    method: str,
    run: int,
    complete: bool = True,
) -> int:
    """Write measured standings (`StandingRow`, or sequences in its order) and keep every movement of tier, class, level.

    With `complete`, customers without a row become blank. Outside a transaction SQLite is written in short steps.
    Returns the number of movements and publishes StandingsRecorded.
    """
    measure = Measure(currency, as_of, period_from, period_to, method, run)
    moved = standings.record(rows, measure, complete=complete)
    events.publish(StandingsRecorded(run=run))
    return moved
