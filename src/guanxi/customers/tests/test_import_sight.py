"""Imports of somebody whose role sees some fields masked or not at all: they neither bring them in nor read them."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanxi.core import jobs
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import CustomField, Role, RoleField, RolePermission, User
from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.services.customers import update_customer
from guanxi.importing.mapping import MappingDefinition
from guanxi.importing.models import Import
from guanxi.importing.public import run_import
from guanxi.importing.services import ImportRequest, mappings, uploads
from guanxi.integration.services import create_token

pytestmark = pytest.mark.django_db(transaction=True)
SECRET, WRONG = "Ultramarin", "Nachtgrau"
FILE = (
    "customer id,name,colour,shade,phone,note,city\n"
    f"A1,Zinnober,{SECRET},dark,138 1234 5678,likes clay,Lindau\n"
    f"A2,Quarzit,{SECRET},{WRONG},138 1234 5679,,Bregenz\n"
)
UNSEEN = ("custom_colour", "custom_shade", "phone", "note")


@dataclass
class Person:
    """Somebody who imports, with a browser and a token."""

    actor: Actor
    client: Client
    key: str

    def api(self, address: str, **rest: Any) -> Any:
        """An answer of the API."""
        return self.client.get(f"/api/v1/{address}", headers={"Authorization": f"Bearer {self.key}"}, **rest)


def person(name: str, how: str) -> Person:
    """A user with a role that sees colour, shade, contact points and notes so."""
    role = Role.objects.create(key=name, name_en=name, name_zh=name)
    for action in ("view", "create", "change", "import", "undo", "export"):
        RolePermission.objects.create(role=role, kind="customer", action=action, scope="all")
    guards = (
        ("customer", "custom.colour"),
        ("customer", "custom.shade"),
        ("contactpoint", "value"),
        ("customer", "note"),
    )
    for kind, field in guards if how != "shown" else ():
        RoleField.objects.create(role=role, kind=kind, field=field, visibility=how)
    user = User.objects.create_user(name, "moon-over-the-harbour", role=role)
    client = Client()
    client.force_login(user)
    return Person(actor_of(user), client, create_token(actor=system_actor(), user=user, scope="write")[1])


@pytest.fixture(autouse=True)
def own_fields() -> None:
    """A colour, and a shade that takes one of two words."""
    CustomField.objects.create(kind="customer", key="colour", label_en="Colour", label_zh="颜色", type="text")
    CustomField.objects.create(
        kind="customer", key="shade", label_en="Shade", label_zh="明暗", type="choice", choices=["dark", "light"]
    )


@pytest.fixture(params=["masked", "hidden"])
def narrow(request: pytest.FixtureRequest) -> Person:
    """Somebody who does not see them in full."""
    return person("narrow", request.param)


def upload(who: Person) -> Import:
    """The file, uploaded, its columns guessed."""
    return uploads.receive_upload(
        actor=who.actor, target_key="customers", file=BytesIO(FILE.encode()), file_name="customers.csv"
    )


def checked(who: Person) -> Import:
    """The file, every row read."""
    run = upload(who)
    uploads.ask_for_check(actor=who.actor, import_id=run.pk, enqueue=lambda *_given: None)
    uploads.check_rows(import_id=run.pk)
    return Import.objects.get(pk=run.pk)


def request_for(path: Path, **rest: Any) -> ImportRequest:
    """The file for the command line and the API alike."""
    path.write_text(FILE, encoding="utf-8")
    return ImportRequest(target="customers", path=path, source="crm", **rest)


def body(response: Any) -> str:
    """What an answer says."""
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def test_an_import_leaves_alone_what_its_person_does_not_see(narrow: Person, tmp_path: Path) -> None:
    """New customers come without it, customers on record keep what they have; everything else comes in."""
    run_import(actor=system_actor("cli"), request=request_for(tmp_path / "first.csv"))
    first = Customer.objects.get(name="Zinnober")
    assert (first.custom, first.note) == ({"colour": SECRET, "shade": "dark"}, "likes clay")
    values = {"custom_colour": "Karmesin", "custom_shade": "light", "note": "likes glass", "city": "Ulm"}
    update_customer(actor=system_actor(), customer_id=first.pk, values=values)
    ContactPoint.objects.all().delete()
    run_import(actor=narrow.actor, request=request_for(tmp_path / "second.csv"))
    first.refresh_from_db()
    assert (first.custom, first.note) == ({"colour": "Karmesin", "shade": "light"}, "likes glass")
    assert first.city == "Lindau"
    new = Customer.objects.get(name="Quarzit")
    assert (new.custom, new.city) == ({}, "Bregenz")
    assert not ContactPoint.objects.exists()


@pytest.mark.parametrize("key", UNSEEN)
def test_a_column_named_by_hand_or_by_a_mapping_is_refused_with_the_reason(
    narrow: Person, tmp_path: Path, key: str
) -> None:
    columns = {"external_id": "customer id", "name": "name", key: "colour"}
    with pytest.raises(InvalidInput, match="Your role does not see"):
        run_import(actor=narrow.actor, request=request_for(tmp_path / "a.csv", columns=columns))
    mappings.save_mapping(
        actor=system_actor(), definition=MappingDefinition("customers", columns, name="all of it"), is_shared=True
    )
    with pytest.raises(InvalidInput, match="Your role does not see"):
        run_import(actor=narrow.actor, request=request_for(tmp_path / "a.csv", mapping="all of it"))
    run = upload(narrow)
    given = {"source": "crm", "currency": "", "timezone": "", "date_order": ""}
    with pytest.raises(InvalidInput, match="Your role does not see"):
        uploads.settle_columns(actor=narrow.actor, import_id=run.pk, columns=columns, **given)
    with pytest.raises(InvalidInput, match="Your role does not see"):
        uploads.choose_mapping(actor=narrow.actor, import_id=run.pk, name="all of it")
    answer = narrow.client.put(
        f"/api/v1/imports/{run.public_id}/columns",
        {"columns": columns},
        content_type="application/json",
        headers={"Authorization": f"Bearer {narrow.key}"},
    )
    assert answer.status_code == 422
    assert "Your role does not see" in answer.content.decode()
    assert set(Import.objects.get(pk=run.pk).mapping["columns"]) == {"external_id", "name", "city"}
    assert not Customer.objects.exists()


def test_it_is_neither_offered_nor_guessed(narrow: Person) -> None:
    run = upload(narrow)
    assert set(run.mapping["columns"]) == {"external_id", "name", "city"}
    page = body(narrow.client.get(f"/imports/{run.public_id}/columns"))
    assert 'name="field:city"' in page
    for key in UNSEEN:
        assert f'name="field:{key}"' not in page
    template = body(narrow.client.get("/imports/template/customers.csv"))
    assert "city" in template
    assert not any(key in template for key in UNSEEN)
    wide = person("wide", "shown")
    assert all(f'name="field:{key}"' in body(wide.client.get(f"/imports/{run.public_id}/columns")) for key in UNSEEN)


def test_of_a_colleagues_import_it_is_not_read(narrow: Person) -> None:
    """Neither in the preview, nor among refused rows and their reasons, nor in the file of them, nor in the API."""
    wide = person("wide", "shown")
    run = checked(wide)
    assert (run.rows_stored, run.rows_refused) == (1, 1)
    pages = [f"/imports/{run.public_id}/", f"/imports/{run.public_id}/refused.csv"]
    samples = [
        f"/imports/{run.public_id}/sample?field:{key}={column}" for key, column in run.mapping["columns"].items()
    ]

    def told(who: Person) -> str:
        return "\n".join(
            [
                *(body(who.client.get(page, follow=True)) for page in [*pages, *samples]),
                body(who.client.get(f"/imports/{run.public_id}/columns", follow=True)),
                body(who.api(f"imports/{run.public_id}/refused")),
                body(who.api(f"imports/{run.public_id}")),
            ]
        )

    seen = told(wide)
    assert all(word in seen for word in (SECRET, WRONG, "5678", "likes clay", "Lindau", "Bregenz"))
    unseen = told(narrow)
    assert not [word for word in (SECRET, WRONG, "5678", "5679", "likes clay") if word in unseen]
    assert "Lindau" in unseen
    assert "Bregenz" in unseen
    assert "This cell is not open to you." in unseen


def test_a_colleagues_import_that_brings_it_is_not_gone_on_with(narrow: Person) -> None:
    """Nor is its column taken for another field, in which it could be read."""
    wide = person("wide", "shown")
    run = checked(wide)
    given = {"source": "crm", "currency": "", "timezone": "", "date_order": ""}
    columns = {"external_id": "customer id", "name": "colour"}
    acts = [
        lambda: uploads.ask_for_check(actor=narrow.actor, import_id=run.pk, enqueue=lambda *_given: None),
        lambda: uploads.ask_for_commit(actor=narrow.actor, import_id=run.pk, enqueue=lambda *_given: None),
        lambda: uploads.settle_columns(actor=narrow.actor, import_id=run.pk, columns=columns, **given),
        lambda: uploads.choose_mapping(actor=narrow.actor, import_id=run.pk, name=""),
        lambda: uploads.correct_cells(actor=narrow.actor, import_id=run.pk, cells={(3, 3): "dark"}, start=0, limit=50),
    ]
    for act in acts:
        with pytest.raises(InvalidInput, match="Your role does not see"):
            act()
    assert Import.objects.get(pk=run.pk).mapping == run.mapping
    assert "/commit" not in body(narrow.client.get(f"/imports/{run.public_id}/"))
    uploads.ask_for_commit(actor=wide.actor, import_id=run.pk, enqueue=lambda *_given: None)
    uploads.commit_rows(import_id=run.pk)
    assert Customer.objects.get(name="Zinnober").custom["colour"] == SECRET


def test_what_was_uploaded_before_the_role_lost_sight_is_not_written(narrow: Person) -> None:
    """The rights of the moment count, when rows are checked and when they are written."""
    wide = person("wide", "shown")
    run = checked(wide)
    role = Role.objects.get(key="wide")
    RoleField.objects.create(role=role, kind="customer", field="custom.colour", visibility="hidden")
    now = actor_of(User.objects.get(username="wide"))
    with pytest.raises(InvalidInput, match="Your role does not see “Colour”"):
        uploads.ask_for_commit(actor=now, import_id=run.pk, enqueue=lambda *_given: None)
    assert SECRET not in body(wide.client.get(f"/imports/{run.public_id}/"))
    given = {"source": "crm", "currency": "", "timezone": "", "date_order": ""}
    columns = {key: name for key, name in run.mapping["columns"].items() if key != "custom_colour"}
    uploads.settle_columns(actor=now, import_id=run.pk, columns=columns, **given)


def test_the_list_of_what_stands_in_the_way_of_an_undo_tells_no_values(narrow: Person, tmp_path: Path) -> None:
    run_import(actor=system_actor("cli"), request=request_for(tmp_path / "first.csv"))
    path = tmp_path / "second.csv"
    path.write_text(FILE.replace(SECRET, "Karmesin").replace(WRONG, "light"), encoding="utf-8")
    again = run_import(actor=system_actor("cli"), request=ImportRequest("customers", path, source="crm"))
    first = Customer.objects.get(name="Zinnober")
    assert first.custom["colour"] == "Karmesin"
    update_customer(actor=system_actor(), customer_id=first.pk, values={"custom_colour": "Purpur"})
    jobs.run_pending()
    answer = narrow.client.post(f"/imports/{again.run.public_id}/undo")
    assert answer.status_code == 409
    page = body(answer)
    assert "Zinnober" in page
    assert not [word for word in (SECRET, "Karmesin", "Purpur") if word in page]
