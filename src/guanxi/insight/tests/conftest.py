"""A small company whose figures can be worked out by hand."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count

import pytest
from django.core.cache import cache

from guanxi.commerce.models import Order
from guanxi.core import parameters
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.models import Role, RolePermission, User
from guanxi.customers.public import ensure_customers
from guanxi.insight.value import services

Sell = Callable[..., int | None]
NUMBERS = count(1)


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Movements of an earlier test are forgotten."""
    cache.clear()


@pytest.fixture
def sell() -> Sell:
    """Write one order: `sell("Ann", "2024-01-05", 120)`, in whole units; `sell(None, ...)` for an unidentified buyer."""

    def make(name: str | None, day: str, amount: int, *, kind: str = "sale", currency: str = "CNY") -> int | None:
        """The customer's id."""
        customer = ensure_customers(source="shop", values=[name], import_run=None)[name] if name else None
        Order.everything.create(
            source="shop",
            number=f"o{next(NUMBERS)}",
            customer_id=customer,
            customer_ref=name or "",
            kind=kind,
            ordered_at=datetime.combine(date.fromisoformat(day), datetime.min.time(), tzinfo=UTC),
            ordered_on=day,
            currency=currency,
            amount_minor=amount * 100,
            line_count=1,
        )
        return customer

    return make


@pytest.fixture
def company(db: None, sell: Sell) -> dict[str, int]:
    """Twenty customers: c1 the best with 2000, c2 1900, ... c20 100; each bought once on its own day of January 2024.

    By the end of 2023 only c19 and c20 had bought, for 50 and 60 more.
    """
    parameters.change(actor=system_actor(), key="reporting_currency", value="CNY")
    ids: dict[str, int] = {}
    sell("c20", "2023-11-01", 60)
    sell("c19", "2023-12-01", 50)
    for place in range(1, 21):
        made = sell(f"c{place}", f"2024-01-{place:02d}", 2100 - 100 * place)
        assert made is not None
        ids[f"c{place}"] = made
    return ids


@pytest.fixture
def boss(db: None) -> User:
    """The owner of the company, who may see everything."""
    return User.objects.create_user("boss", "secret-enough", role=Role.objects.get(key="owner"), name="老板")


@pytest.fixture
def agent(db: None) -> User:
    """An agent, who sees customers but not the figures of the whole base."""
    return User.objects.create_user("agent", "secret-enough", role=Role.objects.get(key="agent"))


@pytest.fixture
def seller(db: None) -> Actor:
    """Somebody who sees only their own customers."""
    role = Role.objects.create(key="seller", name_en="Seller", name_zh="销售")
    RolePermission.objects.create(role=role, kind="customer", action="view", scope="own")
    return actor_of(User.objects.create_user("seller", "secret-enough", role=role))


@pytest.fixture
def measured(company: dict[str, int]) -> dict[str, int]:
    """The small company, measured."""
    services.bring_standings_up_to_date(reason="test")
    return company
