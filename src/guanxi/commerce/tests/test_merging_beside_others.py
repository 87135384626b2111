"""Merges beside imports, bulk edits and other merges: what each takes back, and what stands in its way."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connections

from guanxi.commerce.models import Order
from guanxi.commerce.tests.conftest import BASE, Bring
from guanxi.core import changes, clock
from guanxi.core.actor import console_actor, system_actor
from guanxi.core.errors import Conflict, GuanxiError, NotFound
from guanxi.customers.models import Customer, ExternalId, Merge
from guanxi.customers.services.bulk_changes import bulk_update_customers
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.merging import merge_customers, undo_merge
from guanxi.importing.engine.undoing import UndoRefused
from guanxi.importing.services import undo_import

ACTOR = system_actor()


def customer_called(outside: str) -> Customer:
    """The customer of an id of the file, absorbed or not."""
    return Customer.everything.get(pk=ExternalId.objects.get(value=outside).customer_id)


@pytest.mark.django_db
def test_an_import_whose_customers_were_merged_is_not_taken_back_unless_asked_for_the_rest(bring: Bring) -> None:
    """The customers that a merge joined stay, with the merge; what else the file brought goes."""
    run = bring(BASE).run
    one, two = customer_called("A"), customer_called("B")
    [merge] = merge_customers(actor=ACTOR, keep_id=one.pk, absorb_ids=[two.pk])
    with pytest.raises(UndoRefused) as refused:
        undo_import(actor=console_actor(), import_id=run.pk)
    named = {conflict.record_id for conflict in refused.value.conflicts if conflict.kind == "customer"}
    assert named == {one.pk, two.pk}
    undo_import(actor=console_actor(), import_id=run.pk, rest=True)
    moved = {number for number, customer in Order.objects.values_list("number", "customer_id") if customer}
    assert moved == {"2", "C2"}  # what the merge carried to another customer is kept, what it left alone is gone
    undo_merge(actor=ACTOR, merge_id=merge.pk)
    assert set(Order.objects.values_list("customer_id", flat=True)) == {two.pk}
    assert set(Customer.objects.values_list("pk", flat=True)) == {one.pk, two.pk}
    assert ExternalId.objects.get(customer=two).value == "B"


@pytest.mark.django_db
def test_an_import_whose_orders_a_merge_moved_is_taken_back_after_the_merge(bring: Bring) -> None:
    """The customers are older than the file; while the merge stands it is named as what was changed since."""
    one = create_customer(actor=ACTOR, values={"name": "甲"}, external_ids=[("orders", "A")])
    two = create_customer(actor=ACTOR, values={"name": "乙"}, external_ids=[("orders", "B")])
    run = bring(BASE, source="orders").run
    [merge] = merge_customers(actor=ACTOR, keep_id=one.pk, absorb_ids=[two.pk])
    assert Order.objects.filter(customer=one).count() > Order.objects.filter(customer=two).count() == 0
    with pytest.raises(UndoRefused):
        undo_import(actor=console_actor(), import_id=run.pk)
    undo_merge(actor=ACTOR, merge_id=merge.pk)
    undo_import(actor=console_actor(), import_id=run.pk)
    assert not Order.everything.exists()
    assert set(Customer.objects.values_list("pk", flat=True)) == {one.pk, two.pk}


@pytest.mark.django_db
def test_a_file_brought_in_after_a_merge_goes_to_the_survivor_and_stays_there(bring: Bring) -> None:
    """Its orders bear an id of the absorbed customer: after the undo they are where that id is."""
    one = create_customer(actor=ACTOR, values={"name": "甲"}, external_ids=[("orders", "A")])
    two = create_customer(actor=ACTOR, values={"name": "乙"}, external_ids=[("orders", "B")])
    [merge] = merge_customers(actor=ACTOR, keep_id=one.pk, absorb_ids=[two.pk])
    run = bring(BASE, source="orders").run
    assert Order.objects.filter(customer__in=(one, two)).exclude(customer=one).count() == 0
    undo_merge(actor=ACTOR, merge_id=merge.pk)
    assert Order.objects.filter(customer=one, number="2").exists()
    undo_import(actor=console_actor(), import_id=run.pk)
    assert set(Customer.objects.values_list("pk", flat=True)) == {one.pk, two.pk}


@pytest.mark.full
@pytest.mark.django_db
def test_bulk_edits_of_very_many_are_taken_back_though_some_were_merged() -> None:
    """More than one act may hold: several operations, each undone; absorbed customers get their values back as well."""
    now = clock.now()
    Customer.everything.bulk_create(
        [
            Customer(kind="person", name=f"客{n}", sort_key=f"ke{n}", city="昆明", created_at=now, updated_at=now)
            for n in range(20_500)
        ],
        batch_size=2_000,
    )
    numbers = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    operations = []
    for part in (numbers[:20_000], numbers[20_000:]):
        some = Customer.objects.filter(pk__gte=part[0], pk__lte=part[-1])
        count, operation_id = bulk_update_customers(actor=ACTOR, queryset=some, values={"country": "中国"})
        assert count == len(part)
        operations.append(operation_id)
    merges = [
        merge_customers(actor=ACTOR, keep_id=numbers[n], absorb_ids=[numbers[n + 1], numbers[-1 - n]])
        for n in range(0, 100, 10)
    ]
    for operation_id in reversed(operations):
        changes.undo_operation(actor=ACTOR, operation_id=operation_id or 0)
    assert not Customer.everything.exclude(country="").exists()
    for made in merges:
        for merge in reversed(made):
            undo_merge(actor=ACTOR, merge_id=merge.pk)
    assert Customer.objects.filter(country="").count() == 20_500


def _at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do several things at the same moment, each on a connection of its own; results or refusals in order."""
    outcome: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place: int) -> None:
        """One of them."""
        try:
            start.wait()
            outcome[place] = acts[place]()
        except GuanxiError as refusal:
            outcome[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcome


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_two_people_merging_sets_that_overlap_at_the_same_moment(turn: int) -> None:
    """One of them comes first; the other is refused with the reason, and nobody is absorbed twice or in a circle."""
    a, b, c, d = (create_customer(actor=ACTOR, values={"name": f"客户{n}"}).pk for n in range(4))
    sets = [((a, [b, c]), (c, [d, b])), ((a, [b]), (b, [a])), ((b, [a, c]), (d, [c, a]))][turn]
    told = _at_once(*(partial(merge_customers, actor=ACTOR, keep_id=keep, absorb_ids=absorb) for keep, absorb in sets))
    refused = [one for one in told if isinstance(one, GuanxiError)]
    assert len(refused) == 1, told
    assert isinstance(refused[0], Conflict)
    assert "already" in str(refused[0])
    done = next(one for one in told if not isinstance(one, GuanxiError))
    assert Merge.objects.count() == len(done)
    assert Customer.objects.count() == 4 - len(done)
    for merge in reversed(done):
        undo_merge(actor=ACTOR, merge_id=merge.pk)
    assert Customer.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_merge_is_taken_back_by_one_of_two_who_do_it_at_the_same_moment() -> None:
    one, two = (create_customer(actor=ACTOR, values={"name": f"客户{n}"}).pk for n in range(2))
    [merge] = merge_customers(actor=ACTOR, keep_id=one, absorb_ids=[two])
    told = _at_once(*[partial(undo_merge, actor=ACTOR, merge_id=merge.pk)] * 2)
    assert sum(isinstance(result, Conflict) for result in told) == 1, told
    assert Customer.objects.count() == 2
    with pytest.raises(NotFound):
        undo_merge(actor=ACTOR, merge_id=merge.pk + 1)


@pytest.mark.django_db
@pytest.mark.parametrize("several", [False, True])
def test_the_number_of_queries_does_not_grow_with_the_orders(
    several: bool, django_assert_max_num_queries: Any, bring: Bring
) -> None:
    """Rows change hands some thousands at a time."""
    one = create_customer(actor=ACTOR, values={"name": "甲"})
    two = create_customer(actor=ACTOR, values={"name": "乙"})
    now = clock.now()
    Order.objects.bulk_create(
        Order(source="x", number=str(n), customer_id=two.pk, ordered_at=now, ordered_on=now.date(), currency="CNY")
        for n in range(600 if several else 2)
    )
    with django_assert_max_num_queries(160):
        [merge] = merge_customers(actor=ACTOR, keep_id=one.pk, absorb_ids=[two.pk])
    with django_assert_max_num_queries(160):
        undo_merge(actor=ACTOR, merge_id=merge.pk)
    assert Order.objects.filter(customer=two).count() == (600 if several else 2)
