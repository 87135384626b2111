"""Who follows customers hears of changes to many at once, and of their undo: once, however many there are."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.core import events
from guanxi.core.actor import actor_of
from guanxi.core.changes import undo_operation
from guanxi.core.jobs import run_pending
from guanxi.core.models import Role, User
from guanxi.core.records import RecordRef
from guanxi.customers.models import Customer
from guanxi.customers.services.bulk_changes import bulk_update_customers
from guanxi.customers.services.customers import create_customer
from guanxi.tasks.models import Notification
from guanxi.tasks.presenting import lines
from guanxi.tasks.services.following import follow

pytestmark = pytest.mark.django_db


def settle() -> int:
    """Deliver what happened; how many statements that takes."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        while events.deliver_pending() + run_pending():
            pass
    return len([one for one in captured.captured_queries if "tasks_" in (one["sql"] or "")])


def test_a_follower_is_told_once_of_many_and_of_their_undo() -> None:
    """How many of those that they follow; nothing to who did it; one alone leads to its page."""
    role = Role.objects.get(key="owner")
    boss, ann, bob = (User.objects.create(username=name, role=role) for name in ("boss", "ann", "bob"))
    actor = actor_of(boss)
    made = [create_customer(actor=actor, values={"name": f"王{number}"}) for number in range(40)]
    settle()
    Notification.objects.all().delete()
    for user, some in ((ann, made[:30]), (bob, made[:1]), (boss, made)):
        for customer in some:
            follow(actor=actor_of(user), about=RecordRef("customer", customer.pk))

    def told(user: User) -> list[str]:
        rows = Notification.objects.filter(user=user).select_related("actor").order_by("pk")
        return [line.words for line in lines(actor_of(user), list(rows))]

    def change(rows: Any, city: str) -> tuple[int | None, int]:
        _count, operation = bulk_update_customers(actor=actor, queryset=rows, values={"city": city})
        return operation, settle()

    few = change(Customer.objects.filter(pk__in=[made[0].pk, made[1].pk]), "杭州")[1]
    operation, many = change(Customer.objects.all(), "上海")
    assert told(ann) == [
        "boss changed 2 records that you follow at once",
        "boss changed 30 records that you follow at once",
    ]
    assert told(bob) == ["boss changed 王0"] * 2
    assert many <= few
    undo_operation(actor=actor_of(ann), operation_id=operation or 0)
    settle()
    assert len(told(ann)) == 2
    assert told(boss) == ["ann changed 40 records that you follow at once"]
