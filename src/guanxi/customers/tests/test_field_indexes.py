"""Indexes of custom fields: built by a job, used by filters and sorts, dropped with the field, tried again when they fail."""

import pytest
from django.db import DatabaseError, connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guanxi.core import clock, custom_indexes, jobs, planner_statistics
from guanxi.core.actor import Actor, system_actor
from guanxi.core.changes import undo_operation
from guanxi.core.models import Change, CustomField, User
from guanxi.core.models.custom_fields import CustomFieldIndex
from guanxi.customers.lists import PAGE
from guanxi.customers.models import Customer, Relation, Standing
from guanxi.customers.services import own_fields
from guanxi.customers.services.relations import relate
from guanxi.ui import keyset
from guanxi.ui.lists import state

pytestmark = pytest.mark.django_db(transaction=True)

FIELDS = {
    "motto": ("text", lambda n: f"第{n}条"),
    "size": ("number", lambda n: f"{n}.5"),
    "until": ("date", lambda n: f"20{n % 90 + 10}-03-31"),
    "channel": ("choice", lambda n: f"渠道{n % 20}"),
    "lines": ("multi_choice", lambda n: [f"品{n % 20}"]),
    "deposit": ("money", lambda n: {"minor": n * 100, "currency": "CNY"}),
}
CHOICES = {
    "channel": "\n".join(f"渠道{n}" for n in range(20)),
    "lines": "\n".join(f"品{n}" for n in range(20)),
}
WANTED = {"size": "7..9", "until": "2027-01-01..2027-12-31", "channel": "渠道3", "lines": "品3", "deposit": "8..9"}


@pytest.fixture(autouse=True)
def base(transactional_db: None):
    """Two thousand customers, of whom half have values."""
    made = Customer.objects.bulk_create(
        Customer(
            name=f"客{n}",
            sort_key=f"ke {n}",
            created_at=clock.now(),
            custom={key: make(n) for key, (_kind, make) in FIELDS.items()} if n % 2 else {},
        )
        for n in range(2000)
    )
    Standing.objects.bulk_create(Standing(customer=customer) for customer in made)
    go_by_these_rows()
    yield
    # Not in the models, so emptying the tables leaves them.
    CustomField.objects.all().delete()
    custom_indexes.bring_indexes_up_to_date.call("customer")


def go_by_these_rows() -> None:
    """Have the planner forget what it counted of another test's rows."""
    if connection.vendor == "postgresql":
        planner_statistics.refresh(Customer._meta.db_table, Standing._meta.db_table)
        return
    with connection.cursor() as cursor:
        if "sqlite_stat1" in connection.introspection.table_names(cursor):
            cursor.execute("DELETE FROM sqlite_stat1")
            cursor.execute("ANALYZE sqlite_master")


def add(key: str) -> CustomField:
    """One field, as the page of fields adds it."""
    kind = FIELDS[key][0]
    values = {"key": key, "type": kind, "label_en": key, "label_zh": key, "choices": CHOICES.get(key, "")}
    return own_fields.add_field(actor=system_actor(), values=values)


def plans_of(query: str) -> list[str]:
    """How the database goes about the rows of a list."""
    scene = state.read_state(PAGE, system_actor(), QueryDict(query))
    with CaptureQueriesContext(connection) as asked:
        keys = scene.sort_keys()
        rows = keyset.fetch(scene.narrowed(), keys, ["id"], None, 20)
        keyset.fetch(scene.narrowed(), keys, ["id"], keyset.place(rows[-1], keys), 20)
    found = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The table of a test is so small that reading all of it would do.
            cursor.execute("SET enable_seqscan = off")
            cursor.execute("SET enable_sort = off")
        for query_made in asked:
            word = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
            cursor.execute(f"{word} {query_made['sql'].replace('%', '%%')}", [])
            found.append("\n".join(" ".join(map(str, row)) for row in cursor.fetchall()))
        if connection.vendor == "postgresql":
            cursor.execute("RESET enable_seqscan")
            cursor.execute("RESET enable_sort")
    return found


@pytest.mark.parametrize("key", FIELDS)
def test_filters_and_sorts_walk_the_index_of_the_field(key: str) -> None:
    field = add(key)
    name = f"custom_value_{field.pk}"
    jobs.run_pending()
    assert CustomFieldIndex.objects.get(field=field).state == "ready"
    if key == "lines" and connection.vendor == "sqlite":
        assert all(name not in plan for plan in plans_of(f"custom_{key}={WANTED[key]}"))
        return
    if key in WANTED:
        assert all(name in plan for plan in plans_of(f"custom_{key}={WANTED[key]}")), plans_of(
            f"custom_{key}={WANTED[key]}"
        )
    if key != "lines":
        for direction in ("", "-"):
            plans = plans_of(f"sort={direction}custom_{key}")
            assert all(name in plan for plan in plans), plans
            assert all("TEMP B-TREE FOR ORDER BY" not in plan for plan in plans), plans


@pytest.mark.parametrize("count", [20, 2000])
def test_no_row_goes_missing_where_an_index_tells_nothing_apart(count: int) -> None:
    """SQLite may skip through such an index and then reads too little of it (3.40.1); it is told not to."""
    Customer.objects.filter(pk__in=list(Customer.objects.order_by("pk").values_list("pk", flat=True)[count:])).delete()
    for key in ("plain", "blank"):
        own_fields.add_field(
            actor=system_actor(), values={"key": key, "type": "text", "label_en": key, "label_zh": key}
        )
    jobs.run_pending()
    planner_statistics.refresh(is_whole=True)
    one, two = Customer.objects.order_by("pk")[:2]
    relate(actor=system_actor(), subject_id=one.pk, object_id=two.pk, kind="knows")
    assert Relation.objects.count() == 1
    assert [row.pk for row in Relation.objects.all()] == [row.pk for row in Relation.everything.all()]


def test_the_index_goes_with_the_field_and_comes_back_with_it(owner: Actor) -> None:
    field = add("size")
    jobs.run_pending()
    standing = {f"custom_value_{field.pk}": True}
    assert custom_indexes._standing(Customer) == standing
    own_fields.set_in_use(actor=owner, field_id=field.pk, is_active=False)
    jobs.run_pending()
    assert custom_indexes._standing(Customer) == {}
    undo_operation(actor=owner, operation_id=Change.objects.latest("pk").operation_id)
    jobs.run_pending()
    assert custom_indexes._standing(Customer) == standing
    values = {"label_en": "Size", "label_zh": "规模", "is_filterable": False}
    own_fields.change_field(actor=owner, field_id=field.pk, values=values)
    jobs.run_pending()
    assert custom_indexes._standing(Customer) == {}
    scene = state.read_state(PAGE, owner, QueryDict("sort=custom_size&custom_size=1..2"))
    assert (scene.state.sort, dict(scene.state.filters)) == ("", {})


def test_a_failed_build_is_shown_and_tried_again(client, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    run = custom_indexes._execute

    def full(statement: str) -> None:
        if statement.startswith("CREATE"):
            raise DatabaseError("could not extend file: No space left on device")
        run(statement)

    monkeypatch.setattr(custom_indexes, "_execute", full)
    field = add("size")
    jobs.run_pending()
    client.force_login(User.objects.get(pk=owner.user_id))
    shown = client.get(reverse("customers:fields")).content.decode()
    assert "No space left on device" in shown
    assert "Try again" in shown
    monkeypatch.setattr(custom_indexes, "_execute", run)
    client.post(reverse("customers:build_indexes"))
    jobs.run_pending()
    assert CustomFieldIndex.objects.get(field=field).state == "ready"
    assert "Try again" not in client.get(reverse("customers:fields")).content.decode()
