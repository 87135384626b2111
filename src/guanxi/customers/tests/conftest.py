"""What the tests of the customer archive share: three people, a few customers."""

from collections.abc import Callable

import pytest

from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.models import Department, Role, RolePermission, User
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer


@pytest.fixture
def owner(db: None) -> Actor:
    """The owner of the company, who may do everything."""
    # A test with real transactions leaves the tables empty, the roles of the first migration among them.
    role, is_new = Role.objects.get_or_create(key="owner", defaults={"name_en": "Owner", "name_zh": "企业主"})
    if is_new:
        RolePermission.objects.create(role=role, kind="*", action="*", scope="all")
    return actor_of(User.objects.create_user("boss", "secret-enough", role=role, name="老板"))


@pytest.fixture
def auditor(db: None) -> Actor:
    """Somebody who may only look."""
    return actor_of(User.objects.create_user("auditor", "secret-enough", role=Role.objects.get(key="auditor")))


@pytest.fixture
def make_seller(db: None) -> Callable[..., User]:
    """Sellers, who see and change only their own customers."""
    role = Role.objects.create(key="seller", name_en="Seller", name_zh="销售")
    for action in ("view", "create", "change"):
        RolePermission.objects.create(role=role, kind="customer", action=action, scope="own")

    def make(name: str, department: Department | None = None) -> User:
        """One seller."""
        return User.objects.create_user(name, "secret-enough", role=role, department=department)

    return make


@pytest.fixture
def enter(db: None) -> Callable[..., Customer]:
    """Enter a customer by the service."""

    def make(name: str, kind: str = "person", **values: object) -> Customer:
        """One customer."""
        points = values.pop("contact_points", ())
        tags = values.pop("tags", ())
        outside = values.pop("external_ids", ())
        actor = values.pop("actor", system_actor())
        return create_customer(
            actor=actor,
            values={"name": name, "kind": kind, **values},
            contact_points=points,
            tags=tags,
            external_ids=outside,
        )

    return make
