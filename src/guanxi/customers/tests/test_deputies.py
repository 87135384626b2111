"""A deputy reaches the customers of whoever is away, for as long as it lasts, and the journal names both."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import clock
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.models import Deputy, Operation, User
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.people import placing

pytestmark = pytest.mark.django_db


def test_a_deputy_works_on_the_absent_persons_records_and_the_journal_names_both(
    client: Client, make_seller: Callable[..., User]
) -> None:
    anna, ben = make_seller("anna"), make_seller("ben")
    customer = create_customer(actor=system_actor(), values={"name": "Zinnober", "owner": anna.pk})
    mine = create_customer(actor=system_actor(), values={"name": "Quarzit", "owner": ben.pk})
    client.force_login(ben)
    page = reverse("customers:show", args=[customer.public_id])
    assert client.get(page).status_code == 404
    now = clock.now()
    row = placing.name_deputy(
        actor=actor_of(anna),
        user_id=anna.pk,
        deputy_id=ben.pk,
        from_at=now - timedelta(minutes=1),
        to_at=now + timedelta(days=2),
        reason="holiday",
    )
    assert client.get(page).status_code == 200
    assert "holiday" in client.get(reverse("people:absences")).content.decode()
    update_customer(actor=actor_of(ben), customer_id=customer.pk, values={"city": "Porto"})
    operation = Operation.objects.latest("id")
    assert (operation.actor_id, operation.deputising_for_id, operation.actor_name) == (ben.pk, anna.pk, "ben (anna)")
    update_customer(actor=actor_of(ben), customer_id=mine.pk, values={"city": "Porto"})
    assert Operation.objects.latest("id").deputising_for_id is None
    Deputy.objects.filter(pk=row.pk).update(to_at=clock.now())
    assert client.get(page).status_code == 404
    assert not Customer.objects.visible_to(actor_of(ben)).filter(pk=customer.pk).exists()
