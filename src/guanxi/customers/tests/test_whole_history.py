"""The history: found, told as far as the reader may see, paged however long it is, exported, read by programs."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from guanxi.core import bulk, changes
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.ids import public_id
from guanxi.core.models import Change, Operation, Role, RoleField, User
from guanxi.customers.models import Customer
from guanxi.customers.services.contact_points import add_contact_point
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.customers.services.visits import add_note
from guanxi.integration.services import create_token
from guanxi.people.history import filters, reading

pytestmark = pytest.mark.django_db


def user(name: str, role: str) -> User:
    """A colleague."""
    return User.objects.create_user(name, "a-long-pass-word", name=name, role=Role.objects.get(key=role))


def web(someone: User) -> Client:
    """A browser in which they are signed in."""
    client = Client()
    client.force_login(someone)
    return client


@pytest.fixture
def owner() -> User:
    return user("olga", "owner")


@pytest.fixture
def wang(owner) -> Customer:
    """A customer with a little history."""
    made = create_customer(actor=actor_of(owner), values={"name": "王小明", "kind": "person", "city": "上海"})
    update_customer(actor=actor_of(owner, "api"), customer_id=made.pk, values={"city": "北京"})
    add_contact_point(actor=actor_of(owner), customer_id=made.pk, kind="phone", value="13800138000")
    return made


def narrow(owner: User) -> Actor:
    """Somebody who sees their own customers only."""
    return Actor(owner.pk, "x", "web", {("customer", "view"): "own", ("history", "view"): "own"})


def labels(actor: Actor, **given: str) -> list[str]:
    """The operations found, newest first."""
    return [act.row.name.partition(".")[2] for act in reading.read(actor, filters.parse(given)).acts]


def test_everything_of_a_customer_is_found_by_each_filter(owner, wang):
    actor = actor_of(owner)
    every = ["add_contact_point", "update_customer", "create_customer"]
    assert labels(actor, kind="customer", record=str(wang.pk)) == every
    assert labels(actor, kind="customer", record=wang.public_id) == every
    assert labels(actor, kind="contactpoint") == ["add_contact_point"]
    assert labels(actor, means="api") == ["update_customer"]
    assert labels(actor, operation="customers.update_customer") == ["update_customer"]
    assert labels(actor, person=str(owner.pk)) == every
    today = timezone.localdate()
    assert labels(actor, person=str(owner.pk), until=str(today - timedelta(days=2))) == []
    assert labels(actor, person=str(owner.pk), since=str(today - timedelta(days=2))) == every


def test_text_is_found_in_values_and_names(owner, wang):
    actor = actor_of(owner)
    assert labels(actor, q="北京") == ["update_customer"]
    assert labels(actor, q="王小明") == ["add_contact_point", "update_customer", "create_customer"]
    assert labels(actor, q="no such thing") == []
    assert labels(actor, q="%") == []


def test_a_reader_sees_the_history_of_the_records_they_may_see(owner, wang):
    stranger, keeper = user("sam", "agent"), user("kim", "agent")
    update_customer(actor=actor_of(owner), customer_id=wang.pk, values={"owner": keeper.pk})
    assert labels(narrow(stranger)) == []
    assert labels(narrow(stranger), q="王小明") == []
    assert labels(narrow(keeper))[:2] == ["update_customer", "add_contact_point"]
    page = web(stranger).get("/history/").content.decode()
    assert "olga" in page, "agents see all customers by default"


def test_what_a_role_does_not_see_is_neither_shown_nor_found(owner, wang):
    agent = user("ada", "agent")
    for field, how in (("value", "masked"), ("normalised", "masked")):
        RoleField.objects.create(role=agent.role, kind="contactpoint", field=field, visibility=how)
    RoleField.objects.create(role=agent.role, kind="customer", field="city", visibility="hidden")
    actor = actor_of(User.objects.get(pk=agent.pk))
    assert actor.sees("customer", "city") == "hidden"
    assert labels(actor, q="13800138000") == []
    assert labels(actor, q="北京") == []
    page = web(agent).get("/history/").content.decode()
    assert "13800138000" not in page
    assert "北京" not in page
    file = b"".join(web(owner).get("/history/export").streaming_content).decode("utf-8-sig")
    assert "北京" in file
    assert web(agent).get("/history/export").status_code == 404, "agents export nothing"


def test_secrets_are_never_told(owner):
    changed = user("cal", "agent")
    from guanxi.people.services import set_password

    set_password(actor=actor_of(owner), user_id=changed.pk)
    act = Operation.objects.latest("pk")
    page = web(owner).get(f"/history/{act.pk}").content.decode()
    assert "(secret)" in page
    assert "pbkdf2" not in page
    assert "argon" not in page


def test_the_page_of_an_act_says_who_from_where_and_takes_back(owner, wang):
    act = Operation.objects.get(name="customers.update_customer")
    client = web(owner)
    page = client.get(f"/history/{act.pk}").content.decode()
    for told in ("olga", "by the API", "上海", "北京", "Take back"):
        assert told in page
    assert client.post(f"/history/{act.pk}/undo").status_code == 302
    wang.refresh_from_db()
    assert wang.city == "上海"
    page = client.get(f"/history/{act.pk}").content.decode()
    assert "taken back" in page
    assert "Take back<" not in page


def test_a_record_page_has_its_history(owner, wang):
    client = web(owner)
    assert f"/history/of/customer/{wang.pk}" in client.get(wang.get_absolute_url()).content.decode()
    part = client.get(f"/history/of/customer/{wang.pk}").content.decode()
    assert "北京" in part
    nobody = user("nora", "agent")
    nobody.role.permissions.filter(kind="customer").delete()
    assert web(nobody).get(f"/history/of/customer/{wang.pk}").status_code == 404


def test_wrong_filters_and_places_are_refused_in_words(owner, wang):
    client = web(owner)
    for query in (
        "kind=nothing",
        "record=5",
        "since=yesterday",
        "since=2026-02-02&until=2026-02-01",
        "person=abc",
        "means=magic",
        "kind=user&record=cus_0001m",
    ):
        assert client.get(f"/history/?{query}").status_code == 422, query
    assert client.get("/history/?after=AAAA").status_code == 422
    assert client.get("/history/999999").status_code == 404


def test_pages_follow_each_other_without_gap_or_repeat(owner):
    made = []
    for number in range(25):
        with changes.operation(actor=actor_of(owner), name="test.page") as op:
            op.record(kind="customer" if number % 2 else "product", record_id=1, field="city", before=1, after=number)
        made.append(op.id)
    actor, asked = actor_of(owner), filters.parse({"operation": "test.page"})
    seen, below = [], reading.END
    while True:
        page = reading.read(actor, asked, below=below, limit=7)
        seen += [act.row.pk for act in page.acts]
        if page.after is None:
            break
        below = page.after
    assert seen == sorted(made, reverse=True)
    kinds = filters.parse({"kind": "product", "operation": "test.page"})
    assert [a.row.pk for a in reading.read(actor, kinds).acts] == sorted(made[::2], reverse=True)


def test_the_file_has_a_line_for_each_change(owner, wang):
    answer = web(owner).get(f"/history/export?kind=customer&record={wang.pk}")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0][:3] == ["Time", "Who", "As deputy of"]
    assert any(row[9:12] == ["City", "上海", "北京"] for row in rows)
    sheet = web(owner).get("/history/export?format=xlsx")
    assert b"".join(sheet.streaming_content)[:2] == b"PK"


def test_a_clock_set_back_is_marked(owner):
    with changes.operation(actor=system_actor(), name="test.later") as op:
        op.record(kind="customer", record_id=1, field="city", before=1, after=2)
    with changes.operation(actor=system_actor(), name="test.earlier") as op:
        op.record(kind="customer", record_id=1, field="city", before=2, after=3)
    Operation.objects.filter(pk=op.id).update(at=timezone.now() - timedelta(hours=2))
    assert "the clock was set back" in web(owner).get("/history/").content.decode()


def plan(sql: str, *values: object) -> str:
    """How the database would read."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", values)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_the_history_of_a_kind_a_record_and_a_person_is_read_from_an_index(owner):
    now = timezone.now()
    operations = bulk.next_ids(Operation, 2000)
    rows = [(number, "t", "x", "web", now, "", "") for number in operations]
    bulk.insert(Operation, ["id", "name", "actor_name", "means", "at", "address", "reason"], rows)
    bulk.insert(
        Change,
        ["operation_id", "kind", "record_id", "act", "field"],
        [(number, "customer" if number % 100 else "rare", number % 50, "update", "x") for number in operations],
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    step = "SELECT MAX(operation_id) FROM core_change WHERE kind = %s AND operation_id < %s"
    assert "change_kind" in plan(step, "rare", 10**9)
    assert "change_record" in plan(
        "SELECT operation_id FROM core_change WHERE kind = %s AND record_id = %s", "customer", 3
    )
    mine = "SELECT id FROM core_operation WHERE actor_id = %s AND id < %s ORDER BY id DESC LIMIT 40"
    assert "operation_actor" in plan(mine, owner.pk, 10**9)
    assert "change_operation" in plan("SELECT * FROM core_change WHERE operation_id = %s ORDER BY id LIMIT 25", 7)
    assert len(reading.read(actor_of(owner), filters.parse({"kind": "customer"})).acts) == reading.PAGE


def test_programs_read_the_history_page_by_page(owner, wang):
    _token, key = create_token(actor=actor_of(owner), user=owner, scope="read", label="t")
    client = Client(headers={"Authorization": f"Bearer {key}"})
    first = client.get(f"/api/v1/history?customer={wang.public_id}&limit=2").json()
    assert [act["name"] for act in first["items"]] == ["customers.add_contact_point", "customers.update_customer"]
    (change,) = first["items"][1]["changes"]
    assert (change["field"], change["before"], change["after"], change["customer"]) == (
        "city", "上海", "北京", wang.public_id,
    )  # fmt: skip
    following = {"customer": wang.public_id, "limit": 2, "after": first["next"]}
    assert [act["name"] for act in client.get("/api/v1/history", following).json()["items"]] == [
        "customers.create_customer"
    ]
    assert client.get("/api/v1/history", {"after": first["next"]}).status_code == 422, "a place of another list"
    one = client.get(f"/api/v1/history/{first['items'][0]['id']}").json()
    assert one == first["items"][0]
    assert client.get("/api/v1/history/opr_0001m").status_code == 404
    assert client.get("/api/v1/history?kind=nothing").status_code == 422
    _token, key = create_token(actor=actor_of(owner), user=owner, scope="customers:read", label="t")
    assert Client(headers={"Authorization": f"Bearer {key}"}).get("/api/v1/history").status_code == 403


def test_programs_name_records_by_their_public_ids_and_ask_one_thing(owner, wang):
    _token, key = create_token(actor=actor_of(owner), user=owner, scope="read", label="t")
    client = Client(headers={"Authorization": f"Bearer {key}"})
    note = add_note(actor=actor_of(owner), customer_id=wang.pk, text="写一笔")

    def asked(**query: object) -> tuple[int, object]:
        """The status, and how many operations were found or which parameter is wrong."""
        answer = client.get("/api/v1/history", query)
        told = answer.json()
        return answer.status_code, len(told["items"]) if answer.status_code == 200 else told["field"]

    assert asked(customer=wang.public_id) == (200, 4)
    assert asked(kind="customer", record=wang.public_id) == (200, 4)
    assert asked(actor=public_id("usr", owner.pk))[0] == 200
    assert asked(kind="note", record=note.pk) == (200, 1), "a kind without public ids"
    for wrong in (str(wang.pk), "cus_0001z", public_id("usr", wang.pk)):
        assert asked(customer=wrong) == (422, "customer"), wrong
        assert asked(kind="customer", record=wrong) == (422, "record"), wrong
    assert asked(actor=owner.pk) == (422, "actor")
    other = {"kind": "user", "record": public_id("usr", owner.pk)}
    assert asked(customer=wang.public_id, **other) == (422, "customer"), "neither wins silently"
    assert asked(customer=wang.public_id, kind="customer") == (422, "customer")
