"""What customers do when something happened elsewhere: each handler only enqueues the work and tells open pages."""

from guanxi.core import events, live
from guanxi.core.changes import OperationUndone
from guanxi.core.custom_indexes import plan_indexes
from guanxi.core.models import Change
from guanxi.customers import jobs
from guanxi.customers.events import CustomerChanged, CustomerCreated, CustomersChanged, StandingsRecorded
from guanxi.customers.telling_people import notify_owner
from guanxi.importing.events import ImportCommitted, ImportUndone


@events.subscribe(ImportCommitted)
def index_imported_customers(event: ImportCommitted) -> None:
    """What an import made can be found from now on."""
    jobs.refresh_search_of_import.enqueue(event.import_id)
    live.notify("customer")


@events.subscribe(ImportUndone)
def forget_undone_customers(event: ImportUndone) -> None:
    """What an import made is no longer found."""
    jobs.refresh_search_of_import.enqueue(event.import_id)
    live.notify("customer")


@events.subscribe(OperationUndone)
def index_restored_customers(event: OperationUndone) -> None:
    """What an undo gave back is what is found."""
    jobs.refresh_search_of_operation.enqueue(event.operation_id)


@events.subscribe(OperationUndone)
def index_restored_fields(event: OperationUndone) -> None:
    """A field that came back, or went, has its index or none."""
    if Change.objects.filter(operation=event.operation_id, kind="customfield").exists():
        plan_indexes("customer")


@events.subscribe(CustomersChanged)
def index_changed_customers(event: CustomersChanged) -> None:
    """What many customers hold now is what is found."""
    jobs.refresh_search_of_operation.enqueue(event.operation_id)


@events.subscribe(StandingsRecorded)
def rank_search_anew(event: StandingsRecorded) -> None:
    """Better customers stand before others among hits."""
    jobs.rank_search_of_run.enqueue(event.run)
    live.notify("customer")


@events.subscribe(CustomerCreated)
def tell_first_owner(event: CustomerCreated) -> None:
    """Who answers for a new customer that somebody else entered is told."""
    notify_owner(event.customer_id)


@events.subscribe(CustomerChanged)
def tell_new_owner(event: CustomerChanged) -> None:
    """Who answers for a customer from now on is told."""
    if "owner" in event.fields:
        notify_owner(event.customer_id)
