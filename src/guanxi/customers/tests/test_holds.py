"""Legal holds: who sets them, what they stop, what the journal says."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core.actor import actor_of
from guanxi.core.errors import Conflict, Forbidden, InvalidInput
from guanxi.core.models import Change, Operation, User
from guanxi.customers.models import Erasure, Hold
from guanxi.customers.privacy import holds
from guanxi.customers.privacy.erasing import requesting


def ask(owner, made):
    """Order the erasure."""
    return requesting.request_erasure(actor=owner, customer_id=made.pk, typed=made.public_id, reason="x")


def test_a_hold_stops_the_erasure_until_it_is_released(owner, enter):
    made = enter("韩梅梅")
    hold = holds.set_hold(actor=owner, customer_id=made.pk, reason=" 诉讼 12 ")
    with pytest.raises(Conflict, match="诉讼 12"):
        ask(owner, made)
    holds.release_hold(actor=owner, hold_id=hold.pk, reason="settled")
    assert ask(owner, made).pk
    with pytest.raises(Conflict):
        holds.release_hold(actor=owner, hold_id=hold.pk, reason="settled")


def test_both_acts_stand_in_the_journal(owner, enter):
    made = enter("韩梅梅")
    hold = holds.set_hold(actor=owner, customer_id=made.pk, reason="诉讼")
    holds.release_hold(actor=owner, hold_id=hold.pk, reason="settled")
    rows = Change.objects.filter(customer_id=made.pk, kind="hold").order_by("pk")
    names = list(dict.fromkeys(rows.values_list("operation__name", flat=True)))
    assert names == ["customers.set_hold", "customers.release_hold"]
    hold.refresh_from_db()
    assert hold.released_by_name == owner.name


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "a\x00b"])
def test_a_reason_is_needed(owner, enter, reason):
    with pytest.raises(InvalidInput):
        holds.set_hold(actor=owner, customer_id=enter("韩梅梅").pk, reason=reason)
    assert not Hold.objects.exists()


def test_only_those_who_may_erase(make_seller, owner, enter):
    made = enter("韩梅梅")
    hold = holds.set_hold(actor=owner, customer_id=made.pk, reason="诉讼")
    seller = actor_of(make_seller("li"))
    with pytest.raises(Forbidden):
        holds.set_hold(actor=seller, customer_id=made.pk, reason="x")
    with pytest.raises(Forbidden):
        holds.release_hold(actor=seller, hold_id=hold.pk, reason="settled")


def test_the_page_sets_shows_and_releases(owner, enter):
    made = enter("韩梅梅")
    client = Client()
    client.force_login(User.objects.get(pk=owner.user_id))
    assert client.post(reverse("customers:add_hold", args=[made.public_id]), {"reason": "诉讼 12"}).status_code == 302
    page = reverse("customers:erase", args=[made.public_id])
    shown = client.get(page).content.decode()
    assert "诉讼 12" in shown
    assert "Erase for good" not in shown
    assert "Legal holds" not in shown, "what stands in the way does not go"
    hold = Hold.objects.get()
    release = reverse("customers:release_hold", args=[hold.pk])
    assert "诉讼 12" in client.get(release).content.decode()
    assert client.post(release, {"reason": " "}).status_code == 422
    assert client.post(release, {"reason": "和解"}).status_code == 302
    assert Operation.objects.get(name="customers.release_hold").reason == "和解"
    shown = client.get(page).content.decode()
    assert "诉讼 12" not in shown
    assert "Erase for good" in shown
    assert not Erasure.objects.exists()


def test_the_head_of_the_record_says_so(owner, make_seller, enter):
    seller = make_seller("li")
    made = enter("韩梅梅", owner=seller.pk)
    hold = holds.set_hold(actor=owner, customer_id=made.pk, reason="诉讼 12")
    page = reverse("customers:show", args=[made.public_id])
    boss, own = Client(), Client()
    boss.force_login(User.objects.get(pk=owner.user_id))
    own.force_login(seller)
    badge = re.compile(r'<a[^>]*href="([^"]*)"[^>]*title="诉讼 12"|title="诉讼 12"')
    assert badge.search(boss.get(page).content.decode()).group(1) == reverse("customers:erase", args=[made.public_id])
    assert badge.search(own.get(page).content.decode()).group(1) is None, "it leads those only who may release it"
    holds.release_hold(actor=owner, hold_id=hold.pk, reason="settled")
    assert "诉讼 12" not in boss.get(page).content.decode().split("record-body")[0]
