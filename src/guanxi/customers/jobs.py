"""Longer work of the customer archive."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import Q

from guanxi.core import jobs
from guanxi.core.actor import system_actor
from guanxi.core.models import Change
from guanxi.customers.choices import Tier
from guanxi.customers.duplicates import services as duplicates
from guanxi.customers.duplicates.looking_up import recheck
from guanxi.customers.models import ContactPoint, Customer, DuplicateScan, ExternalId, ScanState, StandingChange
from guanxi.customers.privacy import jobs as privacy_jobs  # noqa: F401 - workers find jobs here
from guanxi.customers.privacy.retention import jobs as retention_jobs  # noqa: F401 - workers find jobs here
from guanxi.customers.search_entries import RANKS
from guanxi.customers.services.merging.straying import settle_strays
from guanxi.importing.models import ImportUpdate
from guanxi.search.public import OTHER_RANK, refresh, refresh_ranks

STEP = 2_000


def _customers_of(import_id: int) -> Iterator[list[int]]:
    """Ids of the customers that an import made or touched, in steps."""
    for model, column in ((Customer, "pk"), (ExternalId, "customer_id"), (ContactPoint, "customer_id")):
        last = 0
        while True:
            rows = model.everything.filter(import_run=import_id, **{f"{column}__gt": last}).order_by(column)
            found = list(rows.values_list(column, flat=True).distinct()[:STEP])
            if not found:
                break
            last = found[-1]
            yield found
    updated = ImportUpdate.objects.filter(import_run=import_id, kind="customer").order_by("record_id")
    yield list(updated.values_list("record_id", flat=True).distinct())


@jobs.task(queue_name="default")
def refresh_search_of_import(import_id: int) -> None:
    """Bring the search entries of an import's customers up to date."""
    for found in _customers_of(import_id):
        refresh("customer", found)


@jobs.task(queue_name="default")
def refresh_search_of_operation(operation_id: int) -> None:
    """Bring the search entries of the customers of an operation up to date."""
    rows = Change.objects.filter(operation=operation_id, customer_id__isnull=False)
    refresh("customer", rows.order_by("customer_id").values_list("customer_id", flat=True).distinct())  # type: ignore[arg-type]


@jobs.task(queue_name="default")
def rank_search_of_run(run: int) -> None:
    """Better customers stand before others among hits: move those that entered or left the upper tiers."""
    upper = (Tier.VIP, Tier.MAJOR, Tier.ORDINARY)
    moved = StandingChange.objects.filter(Q(from_tier__in=upper) | Q(to_tier__in=upper), run=run)
    pairs = moved.values_list("customer_id", "to_tier").iterator(chunk_size=STEP)
    refresh_ranks("customer", ((number, RANKS.get(tier, OTHER_RANK)) for number, tier in pairs))


@jobs.task(queue_name="default")
def settle_strays_of(customer_ids: list[int] | None = None) -> int:
    """Carry rows that came to absorbed customers (these, or all) on to their survivors."""
    return settle_strays(customer_ids)


@jobs.cron("customers.settle_strays", "47 * * * *")
@jobs.task(queue_name="default")
def settle_all_strays() -> int:
    """The same once an hour, for whatever took longer to be written."""
    return settle_strays()


RECHECKED_AT_MOST = 300


@jobs.task(queue_name="long")
def search_for_duplicates(scan_id: int) -> None:
    """Look over the whole base for customers that are on record twice."""
    scan = DuplicateScan.objects.filter(pk=scan_id, state__in=(ScanState.WAITING, ScanState.RUNNING)).first()
    if scan is not None:
        duplicates.run_scan(scan=scan)


def search_in_time(scan_id: int) -> None:
    """Let a worker do a scan; one waits at most."""
    search_for_duplicates.using(unique_key="customers.duplicates").enqueue(scan_id)  # type: ignore[call-arg]


@jobs.cron("customers.duplicates", "40 2 * * *")
@jobs.task(queue_name="long")
def search_for_duplicates_nightly() -> None:
    """Bring the list of possible duplicates up to date with everything that changed in bulk."""
    duplicates.run_scan(scan=duplicates.ask_for_scan(actor=system_actor("job")))


@jobs.task(queue_name="default")
def look_for_duplicates_of(customer_ids: list[int]) -> None:
    """Bring the possible duplicates of some customers up to date."""
    for number in customer_ids:
        jobs.check()
        recheck(number)


def look_again(customer_ids: Iterable[int]) -> None:
    """Bring the possible duplicates of customers up to date: each by itself, or, of very many, by a new search."""
    found = list(islice(customer_ids, RECHECKED_AT_MOST + 1))
    if len(found) > RECHECKED_AT_MOST:
        search_in_time(duplicates.ask_for_scan(actor=system_actor("job")).pk)
    elif found:
        look_for_duplicates_of.enqueue(found)


@jobs.task(queue_name="default")
def look_for_duplicates_of_import(import_id: int) -> None:
    """The possible duplicates of what an import made or touched."""
    look_again(number for chunk in _customers_of(import_id) for number in chunk)


@jobs.task(queue_name="default")
def look_for_duplicates_of_operation(operation_id: int) -> None:
    """The possible duplicates of the customers of an operation."""
    rows = Change.objects.filter(operation=operation_id, customer_id__isnull=False)
    look_again(rows.order_by("customer_id").values_list("customer_id", flat=True).distinct().iterator())  # type: ignore[arg-type]
