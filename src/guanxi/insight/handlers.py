"""What insight does when something happened elsewhere."""

from guanxi.core import events
from guanxi.customers.public import CustomersMerged, CustomersUnmerged
from guanxi.importing.afterwards import afterwards
from guanxi.importing.events import ImportCommitted, ImportUndone
from guanxi.insight.jobs import STANDINGS_KEY, refresh_standings
from guanxi.insight.value.services import bring_standings_up_to_date


def _enqueue(reason: str) -> None:
    """Ask for a measurement; several requests that wait become one."""
    refresh_standings.using(unique_key=STANDINGS_KEY).enqueue(reason)  # type: ignore[call-arg]


@events.subscribe(ImportCommitted)
def measure_after_import(event: ImportCommitted) -> None:
    """New orders change what customers are worth."""
    _enqueue(f"import {event.import_id}")


@events.subscribe(ImportUndone)
def measure_after_undo(event: ImportUndone) -> None:
    """Orders taken back change it too."""
    _enqueue(f"import {event.import_id}")


@events.subscribe(CustomersMerged)
def measure_after_merge(event: CustomersMerged) -> None:
    """What several customers bought is one customer's now."""
    _enqueue("merge")


@events.subscribe(CustomersUnmerged)
def measure_after_parting(event: CustomersUnmerged) -> None:
    """Each is worth what it bought itself again."""
    _enqueue("merge undone")


def measure_at_once(import_id: int) -> None:
    """Whoever imports from the command line finds standings current when it returns."""
    bring_standings_up_to_date(reason=f"import {import_id}")


afterwards.add("insight.standings", measure_at_once)
