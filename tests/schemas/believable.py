"""A small company with rows in as many tables as can be, made through the services; run by script/keep_schema.

It uses what every version has had since the first kept schema, so that it also runs on the code of an earlier one.
"""

import os
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")

ORDERS = """order_no,date,customer_id,customer,sku,qty,price
A-1,2026-01-05 10:00,C1,王小明,P-1,2,19.90
A-1,2026-01-05 10:00,C1,王小明,P-2,1,3.335
A-2,2026-02-11 18:30,C2,Mary Smith,P-1,10,18.00
A-3,2026-03-01 09:00,C3,上海大明有限公司,P-3,1,999.99
"""
LATER = """order_no,date,customer_id,customer,sku,qty,price
B-1,2026-04-05 10:00,C1,王小明,P-1,1,19.90
B-2,2026-04-06 10:00,C4,李雷,P-9,4,1.25
"""


def main() -> None:
    """Fill the database that the environment names."""
    import django

    django.setup()
    from guanxi.core import jobs
    from guanxi.project import cli

    for words in (
        ("user", "create", "ann", "--role", "owner", "--display-name", "安老板"),
        ("user", "create", "bob", "--role", "agent"),
        ("token", "create", "--user", "ann", "--scope", "read"),
    ):
        run(cli, *words)
    with tempfile.TemporaryDirectory() as folder:
        for number, content in enumerate((ORDERS, LATER)):
            path = Path(folder) / f"orders-{number}.csv"
            path.write_text(content, encoding="utf-8")
            run(cli, "import", "orders", path, *COLUMNS, "--currency", "CNY", "--timezone", "Asia/Shanghai")
    undo_second_import(cli)
    archive()
    jobs.run_pending()
    company()
    jobs.run_pending()
    sys.stdout.write("made\n")


COLUMNS = [
    word
    for pair in (
        "order=order_no",
        "date=date",
        "customer=customer_id",
        "product=sku",
        "quantity=qty",
        "unit_price=price",
    )
    for word in ("--map", pair)
]


def run(cli, *words: object) -> None:
    """Run one command; stop on a failure."""
    status = cli.main([str(word) for word in words])
    if status:
        raise SystemExit(f"guanxi {' '.join(map(str, words))} ended with {status}")


def undo_second_import(cli) -> None:
    """One import is in force, one was taken back."""
    from guanxi.core.ids import public_id
    from guanxi.importing.models import Import

    last = Import.objects.order_by("-pk").first()
    run(cli, "import", "undo", getattr(last, "public_id", None) or public_id("imp", last.pk))


def archive() -> None:
    """Customers of all kinds and what people keep of them."""
    from guanxi.core import calendars, changes
    from guanxi.core.actor import actor_of
    from guanxi.core.models import Department, Team, User
    from guanxi.customers.models import Customer
    from guanxi.customers.services.bulk_changes import bulk_tag_customers, bulk_update_customers
    from guanxi.customers.services.contact_points import add_contact_point
    from guanxi.customers.services.core_cards import read_core_card, save_core_card
    from guanxi.customers.services.customers import add_external_id, archive_customer, create_customer, update_customer
    from guanxi.customers.services.own_fields import add_field
    from guanxi.customers.services.profiles import update_profile
    from guanxi.customers.services.relations import relate
    from guanxi.customers.services.visits import add_note, record_visit
    from guanxi.ui.services import create_view

    ann, bob = User.objects.get(username="ann"), User.objects.get(username="bob")
    department = Department.objects.create(name="客服部", path="")
    User.objects.filter(pk=bob.pk).update(department=department)
    Team.objects.create(name="East").members.add(bob)
    actor = actor_of(ann)
    for key, kind, choices in (("grade", "choice", "A\nB"), ("size", "number", ""), ("since", "date", "")):
        add_field(
            actor=actor,
            values={
                "key": key,
                "type": kind,
                "label_en": key,
                "label_zh": key,
                "choices": choices,
                "is_filterable": True,
            },
        )
    person = create_customer(actor=actor, values={"name": "欧阳修", "kind": "person", "city": "吉安", "owner": bob.pk})
    company = create_customer(actor=actor, values={"name": "Acme “Größe” Ltd", "kind": "organisation"})
    colleague = create_customer(actor=actor, values={"name": "仓库", "kind": "internal"})
    archived = create_customer(actor=actor, values={"name": "O'Neil\\", "kind": "person"})
    archive_customer(actor=actor, customer_id=archived.pk)
    update_customer(
        actor=actor, customer_id=person.pk, values={"custom_grade": "A", "custom_size": "1.50", "note": "早\n晚"}
    )
    renamed = update_customer(actor=actor, customer_id=company.pk, values={"name": "Acme Ltd", "tax_id": ""})
    changes.undo_operation(actor=actor, operation_id=renamed)
    add_contact_point(actor=actor, customer_id=person.pk, kind="phone", value="13800138000")
    add_contact_point(actor=actor, customer_id=person.pk, kind="email", value="Ouyang@Example.com")
    add_external_id(actor=actor, customer_id=company.pk, source="erp", value="00042")
    relate(actor=actor, subject_id=person.pk, object_id=company.pk, kind="works_for")
    update_profile(actor=actor, customer_id=person.pk, values={"hobbies": "书法", "birth_on": "1990-02-28"})
    update_profile(actor=actor, customer_id=company.pk, values={"industry": "trade"})
    update_profile(actor=actor, customer_id=colleague.pk, values={"requirements": "on time"})
    add_note(actor=actor, customer_id=person.pk, text="喜欢喝茶", is_pinned=True)
    record_visit(
        actor=actor,
        customer_id=company.pk,
        values={"purpose": "renewal", "visited_at": datetime(2026, 5, 1, 2, 3, 4, 500000, tzinfo=UTC)},
    )
    save_core_card(actor=actor, customer_id=company.pk, values={"keeper": ann.pk, "needs": "reliability"})
    read_core_card(actor=actor, customer_id=company.pk)
    everybody = Customer.objects.visible_to(actor)
    bulk_update_customers(actor=actor, queryset=everybody, values={"country": "CN"})
    bulk_tag_customers(actor=actor, queryset=everybody, add=["重点"], remove=[])
    create_view(actor=actor, list_key="customers", name="吉安", state="city=吉安", is_shared=True)
    weekly = {day: [(540, 1080)] for day in range(5)}
    calendar = calendars.save_calendar(actor=actor, name="公司", zone="Asia/Shanghai", weekly=weekly, is_default=True)
    calendars.set_day(actor=actor, calendar_id=calendar.pk, on=date(2026, 10, 1), works_as=None, title="国庆节")


def company() -> None:
    """What the matrix of rights is tried on: roles, teams, absences, consents, merges, tasks, webhooks, mappings, files."""
    from tests.matrix.world import build

    build()


if __name__ == "__main__":
    main()
