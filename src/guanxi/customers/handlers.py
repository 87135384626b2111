"""What customers do when something happened elsewhere: each handler only enqueues the work and tells open pages."""

from guanxi.core import changes, events, live, masking, sealing
from guanxi.core.changes import OperationUndone
from guanxi.core.custom_indexes import plan_indexes
from guanxi.core.models import Change, CustomField
from guanxi.customers import jobs
from guanxi.customers.events import (
    CustomerChanged,
    CustomerCreated,
    CustomersChanged,
    CustomersMerged,
    CustomersUnmerged,
    StandingsRecorded,
)
from guanxi.customers.privacy.erasing import returning
from guanxi.customers.services.merging.parting import refuse_redo, undo_by_operation
from guanxi.customers.services.merging.straying import carry_restored
from guanxi.customers.telling_people import notify_owner
from guanxi.importing.events import ImportCommitted, ImportUndone
from guanxi.search.public import forget_words


@events.subscribe(ImportCommitted)
def index_imported_customers(event: ImportCommitted) -> None:
    """What an import made can be found from now on."""
    jobs.refresh_search_of_import.enqueue(event.import_id)
    live.notify("customer")


@events.subscribe(ImportCommitted)
def settle_imported_rows(event: ImportCommitted) -> None:
    """What a file brought to customers that were merged while it was read belongs to their survivors."""
    jobs.settle_strays_of.enqueue()


@events.subscribe(ImportCommitted)
def tell_of_erased_people(event: ImportCommitted) -> None:
    """Those who keep the register hear of people who were erased and came back in a file."""
    returning.tell_of(event.import_id)


@events.subscribe(CustomersMerged)
def settle_what_was_written_meanwhile(event: CustomersMerged) -> None:
    """Whoever was writing on an absorbed customer finds it with the survivor."""
    jobs.settle_strays_of.enqueue(list(event.absorbed_ids))
    live.notify("customer")


@events.subscribe(CustomersUnmerged)
def show_parted_customers(event: CustomersUnmerged) -> None:
    """Lists and pages show both again."""
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


@events.subscribe(OperationUndone, inline=True)
def find_by_restored_fields(event: OperationUndone) -> None:
    """By a field that came back customers are found again; by one that went they are not, from the same moment."""
    rows = Change.objects.filter(operation=event.operation_id, kind="customfield")
    held = [row.get("key") for pair in rows.values_list("before", "after") for row in pair if isinstance(row, dict)]
    known = CustomField.objects.filter(kind="customer", pk__in=rows.values("record_id")).values_list("key", flat=True)
    for key in sorted({*filter(None, held), *known}):
        forget_words("customer", masking.OWN + key)


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


@events.subscribe(CustomerCreated)
def look_for_duplicates_of_new_customer(event: CustomerCreated) -> None:
    """Who is entered may be on record already."""
    jobs.look_again([event.customer_id])


@events.subscribe(CustomerChanged)
def look_for_duplicates_of_changed_customer(event: CustomerChanged) -> None:
    """What a customer holds now may be what another holds."""
    jobs.look_again([event.customer_id])


@events.subscribe(CustomersChanged)
def look_for_duplicates_of_changed_customers(event: CustomersChanged) -> None:
    """The same for many."""
    jobs.look_for_duplicates_of_operation.enqueue(event.operation_id)


@events.subscribe(OperationUndone)
def look_for_duplicates_of_restored_customers(event: OperationUndone) -> None:
    """The same for what an undo gave back."""
    jobs.look_for_duplicates_of_operation.enqueue(event.operation_id)


@events.subscribe(CustomersMerged)
def look_for_duplicates_of_survivor(event: CustomersMerged) -> None:
    """The survivor holds more than before, and may be a third one too."""
    jobs.look_again([event.survivor_id])


@events.subscribe(CustomersUnmerged)
def look_for_duplicates_of_parted(event: CustomersUnmerged) -> None:
    """Both stand for themselves again."""
    jobs.look_again([event.survivor_id, event.absorbed_id])


@events.subscribe(ImportCommitted)
def look_for_duplicates_of_imported_customers(event: ImportCommitted) -> None:
    """What a file brought may be on record already."""
    jobs.look_for_duplicates_of_import.enqueue(event.import_id)


changes.undoers.add("customers.merge", undo_by_operation)
changes.undoers.add("customers.merge_several", undo_by_operation)
changes.undoers.add("customers.unmerge", refuse_redo)
for _name in ("customers.bulk_update", "customers.bulk_tag"):
    changes.on_many.add(_name, _name)
changes.restored.add("customers.merges", carry_restored)
for _name in ("customers.erase", "privacy.end_data"):
    sealing.in_parts.add(_name, _name)
