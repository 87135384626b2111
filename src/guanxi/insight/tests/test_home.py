"""What the home page says of value: customers to look at and why, who moved between tiers."""

import re

import pytest
from django.test import Client

from guanxi.core.models import User
from guanxi.customers.models import Customer, Standing


def home_of(user: User) -> str:
    """The home page as a user sees it."""
    client = Client()
    client.force_login(user)
    return client.get("/").content.decode()


def reasons_in(page: str) -> dict[str, list[str]]:
    """Customer -> reasons, as the panel lists them."""
    card = re.search(r"customers to look at(.*?)</section>", page, re.S | re.I)
    rows = re.findall(r"<li>(.*?)</li>", card.group(1), re.S) if card else []
    return {re.findall(r">([^<]+)</a>", row)[0]: re.findall(r'"row-more">([^<]+)<', row) for row in rows}


@pytest.mark.usefixtures("measured")
def test_who_is_near_the_next_tier_is_named_with_what_is_missing(boss):
    assert reasons_in(home_of(boss))["c2"] == ["CN¥100.00 short of VIP customer"]


@pytest.mark.usefixtures("measured")
def test_a_customer_with_two_reasons_stands_once(boss):
    Standing.objects.filter(customer__name="c2").update(r=1, f=5, frequency=12, recency_days=40)
    found = reasons_in(home_of(boss))
    assert found["c2"] == [
        "12 orders, the last 40 days before the measurement: ask what happened",
        "CN¥100.00 short of VIP customer",
    ]


@pytest.mark.usefixtures("measured")
def test_whoever_answers_for_customers_sees_their_own_alone(boss):
    Customer.objects.filter(name="c5").update(owner=boss)
    page = home_of(boss)
    assert "Your customers to look at" in page
    assert set(reasons_in(page)) <= {"c5"}


@pytest.mark.usefixtures("measured")
def test_moves_between_tiers_lead_to_the_customers(boss):
    page = home_of(boss)
    assert "Moves between tiers since" in page
    assert re.search(r'href="/customers/\?[^"]*movement=', page)


@pytest.mark.usefixtures("measured")
def test_an_agent_sees_whom_to_look_at_but_not_the_figures_of_the_base(agent):
    page = home_of(agent)
    assert "c2" in reasons_in(page)
    assert "Moves between tiers" not in page
    assert 'href="/value"' not in page


@pytest.mark.usefixtures("measured")
def test_who_sees_no_customer_is_pointed_to_none(seller):
    assert reasons_in(home_of(User.objects.get(pk=seller.user_id))) == {}
