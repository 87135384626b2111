"""The page of a product: what it sold month by month, who bought it, its newest lines."""

from typing import Any

import pytest
from django.test import Client

from guanxi.catalog.models import Product
from guanxi.commerce.tests.conftest import BASE, Bring
from guanxi.core.models import Role, User
from tests.cards import card


@pytest.fixture
def panel(bring: Bring) -> Any:
    """Bring orders of a pen, then read a card of its page as a user with a role."""
    bring([*BASE, ("9", "2024-08-01 10:00", "B", "P1", "Pen", "100", "1.00", "Italy")])

    def read(key: str, role: str = "agent") -> Any:
        """The body of one card."""
        user = User.objects.create_user(f"{role}-{key}", "secret-password", role=Role.objects.get(key=role))
        client = Client()
        client.force_login(user)
        return card(client, "product", Product.objects.get(code="P1").pk, key)

    return read


def test_sales_by_month_leave_no_month_out(panel: Any) -> None:
    """May to August, June and July without a sale; returns are taken off."""
    page = panel("sales")
    assert '"categories":["2024-05","2024-06","2024-07","2024-08"]' in page
    assert '"values":[13.5,0.0,0.0,100.0]' in page
    assert "€113.50" in page


def test_buyers_stand_in_the_order_of_what_they_brought(panel: Any) -> None:
    """B bought for 109.00 after the return, A for 3.00; who is unidentified is no buyer."""
    page = panel("buyers")
    assert page.index("€109.00") < page.index("€3.00")
    assert page.count("<li>") == 2


def test_newest_lines_stand_first(panel: Any) -> None:
    """By the date of the order, not by when a file brought it."""
    page = panel("lines")
    assert page.index("1 Aug 2024") < page.index("4 May 2024") < page.index("1 May 2024")


def test_cards_stand_in_the_middle_of_the_page(panel: Any) -> None:
    """The page has sales and lines in its middle column and buyers at the side."""
    panel("sales")
    client = Client()
    client.force_login(User.objects.get(username="agent-sales"))
    page = client.get(f"/products/{Product.objects.get(code='P1').public_id}/").content.decode()
    middle, side = page.split('class="record-cards"')
    assert 'id="card-sales"' in middle
    assert 'id="card-lines"' in middle
    assert 'id="card-buyers"' in side
