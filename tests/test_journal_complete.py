"""No write goes by the journal: database triggers note every changed row, and each must stand in the journal.

The house rule (script/house_rules.py) looks at the code; this looks at what the database really saw.
"""

import pytest
from django.apps import apps
from django.db import connection

from guanxi.core import changes, records
from guanxi.core.actor import system_actor
from guanxi.core.models import Change
from guanxi.customers.models import Customer
from guanxi.customers.services.bulk_changes import bulk_update_customers
from guanxi.customers.services.contact_points import add_contact_point
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.customers.services.relations import relate

pytestmark = pytest.mark.django_db(transaction=True)

# The tables people's acts write to. Standings, search entries and imports keep their own history.
WATCHED = ("customer", "contactpoint", "relation", "personprofile", "organisationprofile", "corecard", "product")


def watched_tables() -> dict[str, tuple[str, str]]:
    """Table by kind, of the models watched."""
    found = {}
    for model in apps.get_models():
        if model._meta.model_name in WATCHED and model.__module__.startswith("guanxi."):
            found[records.kind_of(model)] = (model._meta.db_table, model._meta.pk.column)
    return found


def watch(tables: dict[str, tuple[str, str]]) -> None:
    """Triggers that note every row touched."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE seen_write (kind text, record_id bigint)")
        for kind, (table, key) in tables.items():
            for act, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
                name = f"seen_{table}_{act.lower()}"
                note = f"INSERT INTO seen_write VALUES ('{kind}', {row}.{key});"
                if connection.vendor == "postgresql":
                    cursor.execute(
                        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {note} RETURN NULL; END$$"
                    )
                    cursor.execute(
                        f'CREATE TRIGGER {name} AFTER {act} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {name}()'
                    )
                else:
                    cursor.execute(f'CREATE TRIGGER {name} AFTER {act} ON "{table}" BEGIN {note} END')


def unwatch(tables: dict[str, tuple[str, str]]) -> None:
    """Take the triggers away again."""
    with connection.cursor() as cursor:
        for _kind, (table, _key) in tables.items():
            for act in ("insert", "update", "delete"):
                name = f"seen_{table}_{act}"
                if connection.vendor == "postgresql":
                    cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
                else:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute("DROP TABLE IF EXISTS seen_write")


def test_every_row_a_person_changes_stands_in_the_journal() -> None:
    """Create, change, link and undo customers through the services; compare row by row."""
    tables = watched_tables()
    assert len(tables) >= 6
    actor = system_actor()
    try:
        watch(tables)
        one = create_customer(actor=actor, values={"name": "王小明", "kind": "person"})
        two = create_customer(actor=actor, values={"name": "大明有限公司", "kind": "organisation"})
        renamed = update_customer(actor=actor, customer_id=one.pk, values={"name": "王大明"})
        add_contact_point(actor=actor, customer_id=one.pk, kind="phone", value="13800138000")
        relate(actor=actor, subject_id=one.pk, object_id=two.pk, kind="works_for")
        everybody = Customer.objects.visible_to(actor)
        bulk_update_customers(actor=actor, queryset=everybody, values={"city": "上海"})
        changes.undo_operation(actor=actor, operation_id=renamed)
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT kind, record_id FROM seen_write")
            seen = set(cursor.fetchall())
    finally:
        unwatch(tables)
    journalled = set(Change.objects.values_list("kind", "record_id"))
    assert seen - journalled == set()
    assert len(seen) >= 4
