"""Making a large base: customers, what they bought, what they are worth, how they are found."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from guanxi.catalog.models import Product
from guanxi.commerce.models import Order, OrderLine
from guanxi.core import bulk, changes, clock, events, money, planner_statistics
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.fast_loading import without_indexes
from guanxi.core.models import User
from guanxi.customers.models import ContactPoint, Customer, ExternalId
from guanxi.demo.events import CustomersSeeded
from guanxi.demo.seeding import found_by, loading
from guanxi.demo.seeding.beside import entries_beside
from guanxi.demo.seeding.blocks import KEYS, Plan
from guanxi.demo.seeding.trade import Catalogue
from guanxi.insight.value.services import bring_standings_up_to_date
from guanxi.search.public import index_new_records, kinds, refresh

BLOCK = 100_000
SQLITE_BLOCK = 2_000
SQLITE_PAUSE_SECONDS = 0.05
MOST_CUSTOMERS, MOST_ORDERS = 20_000_000, 200
ARCHIVE = (Customer, ExternalId, ContactPoint, Order, OrderLine)

Say = Callable[[str], None]


@dataclass
class SeedResult:
    """What a seed made, and how long each part took."""

    operation_id: int
    customers: int = 0
    orders: int = 0
    lines: int = 0
    contact_points: int = 0
    products: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


def seed_base(
    *, actor: Actor, customers: int, orders_per_customer: int, seed: int = 1, say: Say = lambda _text: None
) -> SeedResult:
    """Make `customers` invented customers with that many orders each on average; the same seed makes the same ones.

    On PostgreSQL the archive is written in one transaction, and an empty one does without its indexes meanwhile; on
    SQLite block by block, so that others can write in between. Within a transaction of the caller (only without
    orders: measuring wants its own) the whole seed is part of it.
    """
    if not 1 <= customers <= MOST_CUSTOMERS or not 0 <= orders_per_customer <= MOST_ORDERS:
        raise InvalidInput(
            _("A seed makes 1 to %(customers)s customers with at most %(orders)s orders each.")
            % {"customers": MOST_CUSTOMERS, "orders": MOST_ORDERS}
        )
    plan, result = _begin(actor, customers, orders_per_customer, seed)
    # Another process would put its entries in force even if the caller's transaction came to nothing.
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with entries_beside(plan) as finish:
            _write_archive(plan, result, say)
            _measure(plan, result, say)
            with _timed(result, "search", say):
                finish()
    else:
        _write_archive(plan, result, say)
        _measure(plan, result, say)
        with _timed(result, "search", say):
            _index(plan)
    if "product" in kinds and kinds["product"].is_indexed:
        refresh("product", Product.objects.filter(source=plan.around.source).values_list("pk", flat=True))
    # The whole of it once more: the tables may have been counted when they were empty.
    planner_statistics.refresh()
    return result


@contextmanager
def _timed(result: SeedResult, part: str, say: Say) -> Iterator[None]:
    """Note how long a part takes and say when it is done."""
    started = time.monotonic()
    yield
    result.seconds[part] = round(time.monotonic() - started, 1)
    say(f"{part}: {result.seconds[part]} s")


def _begin(actor: Actor, customers: int, each: int, seed: int) -> tuple[Plan, SeedResult]:
    """Journal the seed, reserve its ids and settle what all its rows share."""
    given = {"customers": customers, "orders_per_customer": each, "seed": seed}
    with changes.operation(actor=actor, name="demo.seed_base") as op:
        op.record(kind="seed", record_id=op.id, act="create", field="", before=None, after=given)
        first_id = bulk.next_ids(Customer, customers)[0]
    agents = User.objects.filter(is_active=True, role__key__in=("agent", "manager")).order_by("pk")
    around = loading.Circumstances(
        source=f"seed-{op.id}",
        currency=money.reporting_currency(),
        zone=settings.TIME_ZONE,
        now=clock.now(),
        owners=list(agents.values_list("pk", "department_id")),
        has_orders=each > 0,
    )
    block = BLOCK if connection.vendor == "postgresql" else SQLITE_BLOCK
    return Plan(seed, customers, each, block, first_id, around), SeedResult(op.id)


def _write_archive(plan: Plan, result: SeedResult, say: Say) -> None:
    """Write products, customers and orders."""
    with _timed(result, "customers and orders", say), _whole():
        catalogue = plan.catalogue()
        product_ids = loading.write_catalogue(catalogue, plan.around)
        result.products = product_ids.size
        for start, count in plan.spans():
            with _block_transaction():
                _write_block(plan, start, count, catalogue, product_ids, result)
            say(f"  {result.customers} customers")
            _let_others_write()
        say("  indexes and keys")
    planner_statistics.refresh(*(table._meta.db_table for table in (*ARCHIVE, Product)))


@contextmanager
def _whole() -> Iterator[None]:
    """On PostgreSQL one transaction in which an empty archive does without indexes."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), without_indexes(ARCHIVE):
        yield


def _block_transaction() -> AbstractContextManager[object]:
    """Return the transaction of one block: its own on SQLite, the whole one's elsewhere."""
    return transaction.atomic() if connection.vendor == "sqlite" else nullcontext()


def _write_block(
    plan: Plan, start: int, count: int, catalogue: Catalogue, product_ids: np.ndarray, result: SeedResult
) -> None:
    """Write one block of customers with everything that belongs to them, and tell of it."""
    people, ids = plan.people(start, count), plan.ids(start, count)
    loading.write_customers(people, ids, plan.around)
    result.contact_points += loading.write_particulars(people, ids, plan.around)
    if plan.each:
        trade = plan.trade(start, count, catalogue)
        loading.write_trade(
            trade,
            people,
            catalogue,
            chooser=plan.chance(start, KEYS),
            customer_ids=ids,
            product_ids=product_ids,
            around=plan.around,
        )
        result.orders += trade.customer.size
        result.lines += trade.order.size
    result.customers += count
    events.publish(CustomersSeeded(result.operation_id, int(ids[0]), int(ids[-1])))


def _measure(plan: Plan, result: SeedResult, say: Say) -> None:
    """Measure what customers are worth."""
    if plan.each:
        with _timed(result, "standings", say):
            bring_standings_up_to_date(reason=f"seed {result.operation_id}")


def _index(plan: Plan) -> None:
    """Make customers found, block by block."""
    for start, count in plan.spans():
        people, ids = plan.people(start, count), plan.ids(start, count)
        ranks = found_by.measured_ranks(int(ids[0]), int(ids[-1]))
        with transaction.atomic():
            index_new_records("customer", found_by.entries(people, ids, plan.around, ranks))
        _let_others_write()


def _let_others_write() -> None:
    """Leave SQLite's one writer's place free for a moment."""
    if connection.vendor == "sqlite":
        time.sleep(SQLITE_PAUSE_SECONDS)
