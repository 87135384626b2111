"""Events: written with what happened, told to every handler once, failures put off without holding up others."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import transaction

from guanxi.core import clock, events
from guanxi.core.events import delivery
from guanxi.core.events.types import _subscriptions
from guanxi.core.models import Parameter
from guanxi.core.models.events import EventDelivery, OutboxEvent

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class LampLit(events.Event):
    """A lamp was lit."""

    lamp_id: int
    room_ids: tuple[int, ...] = ()
    on: date | None = None


@dataclass(frozen=True)
class LampBroke(events.Event):
    """A lamp broke."""

    lamp_id: int


@pytest.fixture(autouse=True)
def subscriptions():
    """Handlers subscribed in a test are gone after it."""
    before = {name: list(entries) for name, entries in _subscriptions.items()}
    yield
    _subscriptions.clear()
    _subscriptions.update(before)


@transaction.atomic
def publish_and_fail(event):
    """A transaction that fails after publishing."""
    events.publish(event)
    raise ZeroDivisionError


@transaction.atomic
def write_and_publish(event):
    """A transaction that writes something and publishes."""
    Parameter.objects.create(key="lamp", value=1)
    events.publish(event)


def make_due():
    """Let every put-off delivery be due now."""
    EventDelivery.objects.filter(due_at__isnull=False).update(due_at=clock.now() - timedelta(seconds=1))


def test_every_handler_sees_an_event_once_with_its_fields_restored():
    seen = []

    @events.subscribe(LampLit)
    def first(event):
        seen.append(("first", event))

    @events.subscribe(LampLit)
    def second(event):
        seen.append(("second", event))

    event = LampLit(lamp_id=7, room_ids=(1, 2), on=date(2026, 11, 22))
    events.publish(event)
    assert seen == []
    assert events.deliver_pending() == 2
    assert events.deliver_pending() == 0
    assert seen == [("first", event), ("second", event)]


def test_an_event_of_a_transaction_that_fails_never_happened():
    seen = []
    events.subscribe(LampLit)(lambda event: seen.append(event))
    with pytest.raises(ZeroDivisionError):
        publish_and_fail(LampLit(lamp_id=7))
    assert events.deliver_pending() == 0
    assert not OutboxEvent.objects.exists()
    assert seen == []


def test_an_inline_handler_runs_in_the_publishers_transaction():
    @events.subscribe(LampLit, inline=True)
    def refuse(event):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_publish(LampLit(lamp_id=7))
    assert not Parameter.objects.filter(key="lamp").exists()


def test_a_failing_handler_is_tried_later_and_does_not_hold_up_the_other():
    seen = []
    broken = [True]

    @events.subscribe(LampLit)
    def fragile(event):
        Parameter.objects.create(key=f"lamp{event.lamp_id}", value=1)
        if broken[0]:
            raise RuntimeError("no current")
        seen.append("fragile")

    @events.subscribe(LampLit)
    def sturdy(event):
        seen.append("sturdy")

    events.publish(LampLit(lamp_id=7))
    assert events.deliver_pending() == 1
    assert seen == ["sturdy"]
    # What the failed handler wrote is gone with it.
    assert not Parameter.objects.filter(key="lamp7").exists()
    assert events.deliver_pending() == 0, "it waits before the next try"
    assert "no current" in EventDelivery.objects.get(due_at__isnull=False).error
    broken[0] = False
    make_due()
    assert events.deliver_pending() == 1
    assert seen == ["sturdy", "fragile"]


def test_a_failing_handler_leaves_of_the_others_what_they_write_once():
    @events.subscribe(LampLit)
    def sturdy(event):
        Parameter.objects.create(key=f"lamp{event.lamp_id}", value=1)

    @events.subscribe(LampLit)
    def fragile(event):
        raise RuntimeError("no current")

    events.publish(LampLit(lamp_id=7))
    assert events.deliver_pending() == 1
    assert Parameter.objects.filter(key="lamp7").count() == 1
    assert list(EventDelivery.objects.filter(due_at__isnull=False).values_list("tries", flat=True)) == [1]
    assert not OutboxEvent.objects.filter(spread_at__isnull=True).exists()


def test_a_worker_that_dies_amid_an_event_leaves_it_whole_to_the_next():
    seen = []

    @events.subscribe(LampLit)
    def first(event):
        Parameter.objects.create(key=f"lamp{event.lamp_id}", value=1)

    @events.subscribe(LampLit)
    def dies(event):
        seen.append(event.lamp_id)
        if len(seen) == 1:
            raise SystemExit  # the process ends: nothing is written any more

    events.publish(LampLit(lamp_id=7))
    with pytest.raises(SystemExit):
        events.deliver_pending()
    assert not Parameter.objects.filter(key="lamp7").exists()
    assert events.deliver_pending() == 2
    assert Parameter.objects.filter(key="lamp7").exists()
    assert not EventDelivery.objects.exists(), "what was heard at once leaves no rows"


def test_an_event_that_nobody_hears_wakes_nobody_and_costs_nothing_later(django_assert_num_queries):
    events.publish(LampLit(lamp_id=7))
    with django_assert_num_queries(2):
        assert events.deliver_pending() == 0


def test_a_handler_that_always_fails_is_given_up_and_counted():
    @events.subscribe(LampLit)
    def hopeless(event):
        raise RuntimeError("never")

    events.publish(LampLit(lamp_id=7))
    pauses = []
    for _try in range(delivery.MAX_TRIES):
        events.deliver_pending()
        row = EventDelivery.objects.get()
        if row.due_at:
            pauses.append((row.due_at - clock.now()).total_seconds())
        make_due()
    assert events.given_up() == 1
    assert events.next_due() is None
    assert pauses[0] < 3 < pauses[2] < pauses[5]


def test_events_that_a_handler_publishes_are_delivered_in_the_same_run():
    seen = []

    @events.subscribe(LampLit)
    def breaks(event):
        events.publish(LampBroke(lamp_id=event.lamp_id))

    events.subscribe(LampBroke)(lambda event: seen.append(event.lamp_id))
    events.publish(LampLit(lamp_id=7))
    assert events.deliver_pending() == 2
    assert seen == [7]


def test_an_event_may_not_carry_more_than_ids_and_codes():
    @dataclass(frozen=True)
    class CustomerTold(events.Event):
        """Carries too much."""

        note: dict

    with pytest.raises(TypeError, match="ids, short codes and dates only"):
        events.publish(CustomerTold({}))


def test_old_events_are_forgotten_but_not_while_a_handler_still_waits():
    @events.subscribe(LampBroke)
    def waits(event):
        raise RuntimeError("not yet")

    events.publish(LampLit(lamp_id=1))
    events.publish(LampBroke(lamp_id=2))
    events.deliver_pending()
    OutboxEvent.objects.update(at=clock.now() - timedelta(days=15))
    assert events.forget_old() == 1
    assert OutboxEvent.objects.get().name == LampBroke.event_name
