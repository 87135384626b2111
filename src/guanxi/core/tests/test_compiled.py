"""Queries written once: the same rows as Django's own, whatever the arguments, and no confusion between them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import authenticate, get_user
from django.db import connection, models
from django.db.models import QuerySet, Value
from django.db.models.functions import Cast
from django.test import Client
from django.utils import timezone

from guanxi.core import clock
from guanxi.core.actor import actor_of
from guanxi.core.compiled import Compiled, CompiledRecords
from guanxi.core.models import Department, Operation, Parameter, Role, RolePermission, Session, User

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_query() -> None:
    """Numbers, text and moments as arguments; booleans and moments come back as themselves."""
    now = clock.now()
    for minute in range(5):
        Operation.objects.create(name=f"n{minute}", actor_name="x", means="cli", at=now + timedelta(minutes=minute))

    def build(name, since, number):
        found = Operation.objects.filter(at__gte=since, pk__gt=number).exclude(name=name)
        return found.order_by("at").values_list("name", "at", "actor")

    query = Compiled(build, str, type(now), int)
    for name, minutes, number in (("n3", 2, 0), ("n0", 0, 0), ("'; --", 4, 0), ("n4", 4, 0), ("n1", 0, 2**60)):
        since = now + timedelta(minutes=minutes)
        assert query.rows(name, since, number) == list(build(name, since, number))
    assert query.first("n4", now + timedelta(minutes=4), 0) is None


def test_values_of_every_kind_are_those_of_the_query() -> None:
    """JSON as Django reads it, moments with their zone, days, decimals, long numbers, bytes, yes and no, and nothing."""
    moment = clock.now().replace(microsecond=58_000)
    kinds: list[tuple[object, models.Field[Any, Any]]] = [
        ({"a": [1, "关系", None, 2.5]}, models.JSONField()),
        ([], models.JSONField()),
        (moment, models.DateTimeField()),
        (moment.date(), models.DateField()),
        (Decimal("-12345.6700"), models.DecimalField(max_digits=12, decimal_places=4)),
        (2**62, models.BigIntegerField()),
        (-7, models.SmallIntegerField()),
        (0.1, models.FloatField()),
        (b"\x00\xff", models.BinaryField()),
        (True, models.BooleanField()),
        ("关系 %s", models.TextField()),
        (None, models.JSONField(null=True)),
        (None, models.DateTimeField(null=True)),
    ]

    def build(key: str) -> QuerySet[Role, Any]:
        """One row with a value of each kind."""
        columns = {f"c{n}": Cast(Value(value, output_field=f), f) for n, (value, f) in enumerate(kinds)}
        return Role.objects.filter(key=key).annotate(**columns).values_list(*columns)

    (row,), (expected,) = Compiled(build, str).rows("agent"), build("agent")
    assert row == expected
    assert [bytes(v) if isinstance(v, memoryview) else v for v in row] == [value for value, _field in kinds]
    assert row[2].isoformat() == moment.isoformat()
    assert list(map(type, row)) == list(map(type, expected))


def test_an_argument_that_does_not_reach_the_query_is_a_mistake() -> None:
    """It would be ignored silently."""
    query = Compiled(lambda _number: Role.objects.values_list("key"), int)
    with pytest.raises(TypeError):
        query.rows(1)


def test_sessions_users_and_rights_change_at_once(client: Client) -> None:
    """Nothing of who one is and what one may do is kept between requests."""
    role = Role.objects.create(key="guide", name_en="Guide", name_zh="导游")
    user = User.objects.create_user("guide", "moon-over-the-harbour", role=role)
    assert authenticate(username="guide", password="moon-over-the-harbour") == user
    client.force_login(user)
    request = client.get("/settings/profile").wsgi_request
    found = get_user(request)
    assert [getattr(found, f.attname) for f in User._meta.concrete_fields] == [
        getattr(User.objects.get(pk=user.pk), f.attname) for f in User._meta.concrete_fields
    ]
    assert not actor_of(found).can("customer", "view")
    RolePermission.objects.create(role=role, kind="customer", action="view", scope="all")
    assert actor_of(found).can("customer", "view")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/settings/profile").status_code == 302
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert client.get("/settings/profile").status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/settings/profile").status_code == 302


def test_a_query_with_constants_and_arguments_is_prepared_as_it_was_meant() -> None:
    """Constants are spelt out, whatever signs they hold; arguments stay where they were."""
    names = ("100%", "%s", "a'b", "半%%全", 'x"y')
    for name in names:
        Role.objects.create(key=name, name_en="x", name_zh="y")
    for constant in names:
        query = Compiled(
            lambda other, constant=constant: (
                Role.objects.filter(key__in=[constant, other]).order_by("key").values_list("key")
            ),
            str,
        )
        for argument in names:
            assert sorted(key for (key,) in query.rows(argument)) == sorted({constant, argument})
    like = Compiled(lambda pk: Role.objects.filter(pk__gt=pk, key__contains="%").values_list("key"), int)
    assert sorted(key for (key,) in like.rows(0)) == sorted(name for name in names if "%" in name)


def test_records_come_with_those_related_to_them(django_assert_num_queries) -> None:
    """Forward keys and what is not there, in one statement."""
    role = Role.objects.create(key="guide", name_en="Guide", name_zh="导游")
    department = Department.objects.create(name="Harbour", path="/7/")
    inside = User.objects.create_user("inside", "moon-over-the-harbour", role=role, department=department)
    outside = User.objects.create_user("outside", "moon-over-the-harbour", role=role)
    query = CompiledRecords(User, lambda pk: User.objects.filter(pk=pk), int, related=("role", "department"))
    query.first(inside.pk)
    with django_assert_num_queries(2):
        first, second = query.first(inside.pk), query.first(outside.pk)
        assert first is not None
        assert second is not None
        assert (first.role, first.department) == (role, department)
        assert (second.role.key, second.department) == ("guide", None)


@pytest.mark.django_db(transaction=True)
def test_a_migration_under_a_kept_connection_does_no_harm() -> None:
    """A prepared statement whose result changed its type is prepared anew."""
    if connection.vendor != "postgresql":
        pytest.skip("prepared statements are PostgreSQL's")
    Parameter.objects.create(key="k", value=1)
    query = Compiled(lambda key: Parameter.objects.filter(key=key).values_list("key"), str)
    assert query.rows("k") == [("k",)]
    kind = Parameter._meta.get_field("key").db_type(connection)
    elsewhere = connection.copy()  # the driver forgets what it prepared when its own connection alters a table
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{Parameter._meta.db_table}" ALTER COLUMN "key" TYPE varchar(500)')
        assert query.rows("k") == [("k",)]
    finally:
        with elsewhere.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{Parameter._meta.db_table}" ALTER COLUMN "key" TYPE {kind}')
        elsewhere.close()
