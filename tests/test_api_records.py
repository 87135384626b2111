"""Records through the API: versions, removing and undo, what hangs on a customer, uploads, and ids of other people."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.core import ids, jobs
from guanxi.core.actor import console_actor
from guanxi.core.models import Operation, Role, RolePermission, User
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer
from guanxi.files.models import StoredFile
from guanxi.importing.models import Import
from guanxi.integration.public import create_token

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def calling(user: User, scope: str = "write") -> Call:
    """A function that calls with a fresh token of a user and gives the response."""
    _token, key = create_token(actor=console_actor(), user=user, scope=scope)

    def call(method: str, path: str, data: Any = None, *, expect: int = 200, **headers: str) -> Any:
        given: dict[str, Any] = {} if method == "get" else {"content_type": "application/json", "data": ""}
        given |= {} if data is None else {"data": json.dumps(data)}
        headers = {"Authorization": f"Bearer {key}", **{n.replace("_", "-"): v for n, v in headers.items()}}
        answer = getattr(Client(), method)(f"/api/v1/{path}", headers=headers, **given)
        assert answer.status_code == expect, (method, path, answer.status_code, answer.content[:400])
        return answer

    call.key = key  # type: ignore[attr-defined]
    return call


@pytest.fixture
def boss(db: None) -> User:
    """Somebody who sees everything."""
    return User.objects.create(username="boss", role=Role.objects.get(key="owner"))


@pytest.fixture
def call(boss: User) -> Call:
    """Calls that may do everything."""
    return calling(boss)


@pytest.fixture
def wang(boss: User) -> Customer:
    """A customer with a telephone number."""
    points = [{"kind": "phone", "value": "13812345678"}]
    return create_customer(actor=console_actor(), values={"name": "王小明"}, contact_points=points, tags=["老客户"])


def test_a_change_that_saw_another_version_changes_nothing(call: Call, wang: Customer, settings: Any) -> None:
    """Strong comparison for changes, weak for reading; whatever hangs on the record makes another version."""
    path = f"customers/{wang.public_id}"
    tag = call("get", path)["ETag"]
    assert call("get", path, expect=304, If_None_Match=f'"other", W/{tag}').content == b""
    assert call("patch", path, {"city": "上海"}, If_Match=tag)["ETag"] != tag
    for wrong in (tag, f"W/{tag}", '"made-up"'):
        refused = call("patch", path, {"city": "北京"}, expect=412, If_Match=wrong).json()
        assert refused["type"] == "urn:guanxi:problem:changed-meanwhile"
    tag = call("get", path)["ETag"]
    call("post", f"{path}/contact-points", {"kind": "email", "value": "wang@example.cn"}, expect=201)
    call("patch", path, {"city": "北京"}, expect=412, If_Match=tag)
    call("delete", path, expect=412, If_Match=tag)
    call("patch", path, {"title": "x"}, If_Match="*")
    assert Customer.objects.get().city == "上海"
    settings.CONFIG = settings.CONFIG.__class__(**{**settings.CONFIG.__dict__, "api_requires_match": True})
    call("patch", path, {"city": "北京"}, expect=428)
    call("patch", path, {"city": "北京"}, If_Match=call("get", path)["ETag"])


def test_one_entered_by_mistake_goes_and_comes_back(call: Call, wang: Customer) -> None:
    """With all that was entered with it, under its own id; twice taken back is refused."""
    path = f"customers/{wang.public_id}"
    before = call("get", path).json()
    gone = call("delete", path).json()
    assert gone["done"] == "deleted"
    call("get", path, expect=404)
    assert call("get", "search?q=王小明").json()["items"] == []
    call("post", "customers/undo", {"operation": gone["operation"]})
    after = call("get", path).json()
    assert {k: v for k, v in after.items() if k != "updated_at"} == {
        k: v for k, v in before.items() if k != "updated_at"
    }
    call("post", "customers/undo", {"operation": gone["operation"]}, expect=409)


def test_one_with_something_on_it_is_put_away(call: Call, wang: Customer) -> None:
    """A relation is enough; undo brings it back."""
    firm = call("post", "customers", {"name": "华为", "kind": "organisation"}, expect=201).json()["id"]
    call("post", f"customers/{wang.public_id}/relations", {"kind": "works_for", "object": firm}, expect=201)
    gone = call("delete", f"customers/{wang.public_id}").json()
    assert (gone["done"], call("get", f"customers/{wang.public_id}").json()["status"]) == ("archived", "archived")
    call("post", "customers/undo", {"operation": gone["operation"]})
    assert call("get", f"customers/{wang.public_id}").json()["status"] == "active"


def test_only_operations_on_customers_are_taken_back(call: Call, boss: User) -> None:
    """A token for customers is no way to undo anything else."""
    for operation in Operation.objects.all():
        call("post", "customers/undo", {"operation": ids.public_id("opr", operation.pk)}, expect=404)
    for wrong in ("opr_nonsense", "1", ""):
        call("post", "customers/undo", {"operation": wrong}, expect=404)


def test_nobody_brings_back_what_another_took_away_and_they_never_saw(call: Call, wang: Customer) -> None:
    """Who may undo, and yet sees their own customers only, does not undo the removal of somebody else's."""
    role = Role.objects.create(key="narrow", name_en="Narrow", name_zh="窄")
    rights = {("customer", "change"): "own", ("customer", "delete"): "own", ("operation", "undo"): "all"}
    for (kind, action), scope in rights.items():
        RolePermission.objects.create(role=role, kind=kind, action=action, scope=scope)
    narrow = User.objects.create(username="narrow", role=role)
    theirs = calling(narrow)
    gone = call("delete", f"customers/{wang.public_id}").json()
    theirs("post", "customers/undo", {"operation": gone["operation"]}, expect=404)
    call("post", "customers/undo", {"operation": gone["operation"]})
    own = create_customer(actor=console_actor(), values={"name": "王二", "owner": narrow.pk})
    taken = theirs("delete", f"customers/{own.public_id}").json()
    theirs("post", "customers/undo", {"operation": taken["operation"]})
    assert Customer.objects.count() == 2


def test_a_relation_goes_with_its_customer_into_a_merge(call: Call, wang: Customer) -> None:
    """It is no longer under the absorbed one's address but the survivor's; between two that became one there is none."""
    kept = f"customers/{wang.public_id}"
    other, friend = (call("post", "customers", {"name": name}, expect=201).json()["id"] for name in ("王二", "王三"))
    made = [
        call("post", f"customers/{one}/relations", {"kind": "refers", "object": to}, expect=201).json()["id"]
        for one, to in ((other, friend), (wang.public_id, other))
    ]
    call("post", f"{kept}/merge", {"absorb": [other]})
    assert [one["id"] for one in call("get", f"{kept}/relations").json()["items"]] == made[:1]
    call("delete", f"customers/{other}/relations/{made[0]}", expect=404)
    call("delete", f"{kept}/relations/{made[1]}", expect=404)
    call("delete", f"{kept}/relations/{made[0]}")


def test_what_hangs_on_a_customer(call: Call, wang: Customer) -> None:
    """Contact points, relations and the timeline, from end to end."""
    path = f"customers/{wang.public_id}"
    made = call("post", f"{path}/contact-points", {"kind": "email", "value": "w@example.cn"}, expect=201).json()
    call("post", f"{path}/contact-points", {"kind": "email", "value": "w@example.cn"}, expect=409)
    call("patch", f"{path}/contact-points/{made['id']}", {"label": "work"})
    listed = call("get", f"{path}/contact-points").json()["items"]
    assert [(one["kind"], one["label"]) for one in listed] == [("phone", ""), ("email", "work")]
    assert call("delete", f"{path}/contact-points/{made['id']}").json()["done"] == "removed"
    other = call("post", "customers", {"name": "李四"}, expect=201).json()["id"]
    made = call("post", f"{path}/relations", {"kind": "knows", "object": other, "strength": 3}, expect=201).json()
    assert call("get", f"customers/{other}/relations").json()["items"][0]["subject_name"] == "王小明"
    call("patch", f"{path}/relations/{made['id']}", {"until_on": "2026-01-01"})
    call("post", f"{path}/relations", {"kind": "works_for", "object": other}, expect=422)
    assert call("delete", f"{path}/relations/{made['id']}").json()["done"] == "removed"
    first = call("get", f"{path}/timeline?limit=1").json()
    assert len(first["items"]) == 1
    seen = list(first["items"])
    while first["next"]:
        first = call("get", f"{path}/timeline?limit=1&after={first['next']}").json()
        seen += first["items"]
    assert seen == call("get", f"{path}/timeline?limit=100").json()["items"]
    call("get", f"customers/{other}/timeline?after={call('get', f'{path}/timeline?limit=1').json()['next'] or 'x'}", expect=422)  # fmt: skip


def test_ids_of_others_lead_nowhere(call: Call, wang: Customer) -> None:
    """Wherever an id can be put: of somebody else's record, of another record's part, of another kind."""
    role = Role.objects.create(key="own", name_en="Own", name_zh="自己")
    for action in ("view", "create", "change", "delete"):
        RolePermission.objects.create(role=role, kind="customer", action=action, scope="own")
    clerk = calling(User.objects.create(username="clerk", role=role))
    mine = clerk("post", "customers", {"name": "王内", "kind": "person"}, expect=201).json()["id"]
    foreign = wang.public_id
    point = call("get", f"customers/{foreign}/contact-points").json()["items"][0]["id"]
    other = call("post", "customers", {"name": "李四"}, expect=201).json()["id"]
    relation = call("post", f"customers/{foreign}/relations", {"kind": "knows", "object": other}, expect=201).json()[
        "id"
    ]
    operation = call("patch", f"customers/{foreign}", {"city": "上海"}) and Operation.objects.latest("pk")
    attempts = [
        ("get", f"customers/{foreign}", None), ("patch", f"customers/{foreign}", {"city": "x"}),
        ("delete", f"customers/{foreign}", None), ("get", f"customers/{foreign}/timeline", None),
        ("get", f"customers/{foreign}/relations", None), ("get", f"customers/{foreign}/contact-points", None),
        ("post", f"customers/{foreign}/contact-points", {"kind": "phone", "value": "13912345678"}),
        ("patch", f"customers/{foreign}/contact-points/{point}", {"label": "x"}),
        ("patch", f"customers/{mine}/contact-points/{point}", {"label": "x"}),
        ("delete", f"customers/{mine}/contact-points/{point}", None),
        ("post", f"customers/{mine}/relations", {"kind": "knows", "object": foreign}),
        ("post", f"customers/{foreign}/relations", {"kind": "knows", "object": mine}),
        ("patch", f"customers/{mine}/relations/{relation}", {"role": "x"}),
        ("delete", f"customers/{mine}/relations/{relation}", None),
        ("post", "customers/undo", {"operation": ids.public_id("opr", operation.pk)}),
        ("get", f"orders?customer={foreign}", None), ("get", f"users/{ids.public_id('usr', 1)}", None),
        ("get", f"products/{foreign}", None), ("get", f"imports/{foreign}", None),
    ]  # fmt: skip
    before = list(Customer.everything.order_by("pk").values())
    for method, path, data in attempts:
        clerk(method, path, data, expect=404)
    assert list(Customer.everything.order_by("pk").values()) == before


def test_nothing_is_assigned_that_is_not_offered(call: Call, wang: Customer) -> None:
    """Fields of the row that no schema names: each is an error, and nothing is written."""
    for field, value in (("id", 1), ("owner", 1), ("owner_id", 1), ("department_id", 1), ("merged_into_id", 1), ("import_run_id", 1),
                         ("created_at", "2020-01-01"), ("is_staff", True), ("sort_key", "x"), ("public_id", "cus_0001m")):  # fmt: skip
        refused = call("patch", f"customers/{wang.public_id}", {field: value}, expect=422).json()
        assert refused["errors"][0]["field"].endswith(field)
        call("post", "customers", {"name": "x", field: value}, expect=422)
    assert Customer.objects.count() == 1


def upload(call: Call, name: str, content: bytes, media_type: str, target: str = "customers") -> Any:
    """Upload a file as any program may say that it is."""
    file = SimpleUploadedFile(name, content, media_type)
    headers = {"Authorization": f"Bearer {call.key}"}  # type: ignore[attr-defined]
    return Client().post("/api/v1/imports", {"target": target, "file": file}, headers=headers)


def test_a_file_is_what_its_content_says(call: Call, boss: User) -> None:
    """A lying type, a script in a picture, two kinds in one: read as data or refused, never served as what they claim."""
    for name, content, media_type in (
        ("customers.csv", SVG, "text/csv"),
        ("x.svg", SVG, "image/svg+xml"),
        ("x.png", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "image/png"),
        ("x.pdf", b"%PDF-1.7\n<html><script>alert(1)</script>", "application/pdf"),
        ("x.xlsx", b"PK\x03\x04" + b"<script>alert(1)</script>" * 9, "text/html"),
        ("../../../etc/passwd", b"\x00\x01\x02", "text/csv"),
        ("empty.csv", b"", "text/csv"),
    ):
        answer = upload(call, name, content, media_type)
        assert answer.status_code in {201, 422}, (name, answer.status_code, answer.content)
        assert answer["Content-Type"] in {"application/json", "application/problem+json"}
        if answer.status_code == 201:
            assert "/" not in answer.json()["file"]
    client = Client()
    client.force_login(boss)
    for stored in StoredFile.objects.all():
        served = client.get(f"/files/{stored.public_id}")
        if served.status_code == 200:
            assert served["Content-Type"] == "application/octet-stream"
            assert served["Content-Disposition"].startswith("attachment")
            assert served["X-Content-Type-Options"] == "nosniff"
    assert upload(call, "x.csv", b"name\nx\n", "text/csv", target="nothing").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_file_comes_in_through_the_api(call: Call) -> None:
    """Upload, columns, a dry run with its refused row, commit, undo."""
    content = "name,kind,phone\n王甲,person,13812345678\n王乙,planet,\n".encode()
    made = upload(call, "people.csv", content, "text/csv").json()
    path = f"imports/{made['import_id']}"
    assert made["state"] == "draft"
    columns = {key: value for key, value in made["columns"].items() if value}
    call("put", f"{path}/columns", {"columns": columns, "source": "shop"})
    assert call("post", f"{path}/check", expect=202).json()["asked"] == "check"
    call("post", f"{path}/commit", expect=409)
    jobs.run_pending()
    assert call("get", path).json()["progress"] == {"done": 2, "total": 2}
    checked = call("get", path).json()
    assert (checked["state"], checked["rows_read"], checked["rows_refused"]) == ("checked", 2, 1)
    assert not Customer.objects.exists()
    refused = call("get", f"{path}/refused").json()["items"]
    assert (refused[0]["column"], len(refused)) == ("kind", 1)
    call("post", f"{path}/commit", expect=202)
    jobs.run_pending()
    assert call("get", path).json()["state"] == "in_force"
    assert [item["name"] for item in call("get", "customers").json()["items"]] == ["王甲"]
    call("post", f"{path}/undo", {"rest": False}, expect=202)
    jobs.run_pending()
    assert (call("get", path).json()["state"], Customer.objects.count()) == ("undone", 0)
    second = upload(call, "people.csv", content, "text/csv").json()["import_id"]
    call("delete", f"imports/{second}", expect=204)
    assert not Import.objects.filter(state="draft").exists()


def test_products_users_and_tiers(call: Call, boss: User) -> None:
    """Read by those who may; for whom a token acts is open to every token."""
    assert call("get", "products").json() == {"items": [], "next": None}
    assert call("get", "users").json()["items"][-1]["username"] == "boss"
    assert call("get", "users/me").json()["role"] == "owner"
    assert call("get", "tiers").json()["pyramid"] == []
    agent = calling(User.objects.create(username="agent", role=Role.objects.get(key="agent")))
    assert agent("get", "users").json()["items"] == []
    assert agent("get", "users/me").json()["username"] == "agent"
    agent("get", "tiers", expect=403)
