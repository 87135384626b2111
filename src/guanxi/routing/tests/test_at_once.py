"""Many at the same time: what two take goes to one, and any number of workers give nobody too much or twice."""

import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import connections

from guanxi.core.actor import actor_of
from guanxi.core.errors import Conflict
from guanxi.routing import public, queries
from guanxi.routing.models import Assignment, WorkItem
from guanxi.routing.services.distributing import distribute
from guanxi.routing.services.presence import set_presence
from guanxi.routing.tests.test_work import enter, person, queue

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """What each gave or raised, all begun in the same moment."""
    begin, found = threading.Barrier(len(acts)), list[object](acts)

    def run(place: int) -> None:
        """One of them."""
        try:
            begin.wait()
            found[place] = acts[place]()
        except Exception as error:  # noqa: BLE001 - told to the test
            found[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_many_who_take_at_once_exactly_one_gets_it() -> None:
    """The others are told so."""
    people = [actor_of(person(name)) for name in ("ann", "ben", "cai", "dan")]
    desk = queue(*people)
    for number in range(3):
        item = enter(number, queue_id=desk.pk)
        found = at_once([lambda one=one, item=item: public.take(actor=one, item_id=item.pk) for one in people])
        assert sorted(type(one).__name__ for one in found) == ["Assignment", *["Conflict"] * 3]
        assert all(isinstance(one, Assignment | Conflict) for one in found)
        assert Assignment.objects.filter(item=item).count() == 1


def test_workers_who_give_out_two_queues_at_once_give_nobody_too_much() -> None:
    """Even while people take and end work, and come and go."""
    people = [actor_of(person(name)) for name in ("ann", "ben", "cai")]
    for one in people:
        set_presence(actor=one, state="online")
    desks = [queue(*people, code="one", strategy="round_robin"), queue(*people, code="two", strategy="least_load")]
    items = [enter(number, queue_id=desks[number % 2].pk) for number in range(12)]
    first = public.take(actor=people[0], item_id=items[0].pk)

    def come_and_go() -> None:
        """Somebody's chats go back, and are given out again."""
        set_presence(actor=people[2], state="offline")
        set_presence(actor=people[2], state="online")

    found = at_once(
        [
            *(lambda desk=desk: distribute(desk.pk) for desk in desks * 2),
            lambda: public.end(actor=people[0], item_id=first.item_id),
            come_and_go,
        ]
    )
    assert not [one for one in found if isinstance(one, Exception)], found
    for desk in desks:
        distribute(desk.pk)
    loads = queries.loads_of([one.user_id for one in people])
    assert [loads[one.user_id].weight for one in people] == [6, 6, 6]
    assert WorkItem.objects.filter(state="assigned").count() == 9
    assert Assignment.objects.filter(until=None).count() == 9
