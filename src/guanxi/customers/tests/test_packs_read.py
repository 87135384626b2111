"""A pack about a person is read by a layperson: everything is in it, in words, in both languages."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime

import pytest
from django.utils import translation

from guanxi.core import records
from guanxi.core.erasing import erasers
from guanxi.core.personal_data import naming_records, rows_of, statements
from guanxi.core.records import RecordRef
from guanxi.customers.models import Consent, Customer, Standing
from guanxi.customers.privacy import consents, holdings
from guanxi.customers.privacy.erasing import acting, requesting
from guanxi.customers.privacy.packing import making
from guanxi.customers.privacy.packing.wording import DERIVED, TELLING, Wording
from guanxi.customers.services import customers, profiles, visits
from guanxi.customers.services.relations import relate
from guanxi.files.models import StoredFile
from guanxi.files.public import path_of, receive, store
from guanxi.tasks.public import create_task

WITHOUT_WORDS = re.compile(
    r"\{&#x27;|\{'|\d{4}-\d\d-\d\dT|_minor|_id\b|visitrecord|personprofile|contactpoint|customertag"
)

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def person(owner, enter):
    """Somebody with orders, visits, consents with proof, tasks and files."""
    made = enter(
        "Zebedee Quillfeather",
        tags=["zebra"],
        contact_points=[{"kind": "phone", "value": "139 1111 2222"}],
        actor=owner,
    )
    customers.update_customer(actor=owner, customer_id=made.pk, values={"note": "Friend of the house\nsince long"})
    customers.update_customer(actor=owner, customer_id=made.pk, values={"city": "Suzhou"})
    profiles.update_profile(actor=owner, customer_id=made.pk, values={"spouse_name": "Yolanda Q"})
    visits.record_visit(
        actor=owner,
        customer_id=made.pk,
        values={"kind": "out", "visited_at": datetime(2026, 3, 1, 5, 24, tzinfo=UTC)}
        | {"met": "Zebedee and Yolanda Smith, 张三丰", "purpose": "Lanterns", "content": "Talked"},
    )
    other = enter("Hidden Neighbour")
    relate(actor=owner, subject_id=made.pk, object_id=other.pk, kind="knows")
    file = ("sheet.txt", receive(io.BytesIO(b"signed")))
    consents.record_consent(
        actor=owner, customer_id=made.pk, purpose="marketing", state="given", channels=["mail", "phone"], file=file
    )
    consents.record_consent(
        actor=owner, customer_id=made.pk, purpose="sensitive", state="given", is_separate=True, evidence="card 17"
    )
    create_task(actor=owner, values={"title": "Ring Zebedee", "note": "blue", "about": RecordRef("customer", made.pk)})
    store(actor=owner, name="passport.txt", source=io.BytesIO(b"x"), record_kind="customer", record_id=made.pk)
    Standing.objects.filter(customer=made.pk).update(net_revenue_minor=5950, currency="GBP")
    return Customer.objects.get(pk=made.pk)


def opened(owner, person):
    """The page in Chinese, the page in English, the data."""
    pack = making.make_now(actor=owner, customer_id=person.pk)
    with zipfile.ZipFile(path_of(pack.file)) as packed:
        return (
            packed.read("资料包.html").decode(),
            packed.read("pack.html").decode(),
            json.loads(packed.read("data.json")),
        )


def section(data, key):
    """One section of the data."""
    return next(one for one in data["sections"] if one["key"] == key)


def test_tasks_and_files_about_the_person_are_in_it(owner, person):
    chinese, english, data = opened(owner, person)
    tasks, files = section(data, "tasks.Task")["rows"], section(data, "files.StoredFile")["rows"]
    assert [(row["title"], row["note"]) for row in tasks] == [("Ring Zebedee", "blue")]
    assert sorted(row["name"] for row in files) == ["passport.txt", "sheet.txt", "sheet.txt"]
    assert "Consent: Marketing and offers, E-mail" in {row["record_id"][:37] for row in files}
    for text in ("Ring Zebedee", "passport.txt", "sheet.txt"):
        assert text in chinese
        assert text in english


def test_a_consent_says_for_which_channel_and_whether_separately(owner, person):
    _chinese, english, data = opened(owner, person)
    rows = section(data, "customers.Consent")["rows"]
    assert [(row["channel"], row["is_separate"]) for row in rows] == [
        ("E-mail", False),
        ("Telephone", False),
        ("every channel", True),
    ]
    assert "Given separately" in english
    assert "every channel" in english


def test_whatever_names_records_is_found_by_pack_and_erasure_alike(owner, person):
    assert {"tasks.Task", "files.StoredFile"} <= set(naming_records())
    asked = {one.label for one in holdings.statements(for_pack=True)}
    assert set(naming_records()) <= asked
    consents_made = set(Consent.objects.filter(purpose__key="marketing").values_list("pk", flat=True))
    create_task(actor=owner, values={"title": "About the word", "about": RecordRef("customer", person.pk)})
    rows = rows_of(statements["files.StoredFile"], [person.pk])
    assert set(rows.filter(record_kind="consent").values_list("record_id", flat=True)) == consents_made
    whom = holdings.person_of(person.pk)
    assert erasers["tasks.about"].count(whom) == rows_of(statements["tasks.Task"], whom.customer_ids).count() == 2


def test_files_go_with_the_person_each_once(owner, person, django_capture_on_commit_callbacks):
    contents = [path_of(row) for row in StoredFile.objects.all()]
    assert len(contents) == 3
    with django_capture_on_commit_callbacks(execute=True):
        erasure = requesting.request_erasure(
            actor=owner, customer_id=person.pk, typed=person.public_id, reason="x", requested_by="person"
        )
        acting.carry_out(erasure.pk)
    assert not StoredFile.objects.exists()
    assert [path for path in contents if path.exists()] == []


def test_it_is_written_for_people(owner, person):
    chinese, english, data = opened(owner, person)
    for page in (chinese, english):
        assert WITHOUT_WORDS.findall(page) == []
        assert "£59.50" in page
        assert "5950" not in page
        assert "Friend of the house\nsince long" in page, "texts are whole"
        assert "Zebedee and Y*** S***, 张**" in page, "one's own name is not masked, nor what stands between names"
        assert "Hidden Neighbour" not in page
        assert "<script" not in page
        assert page.count("<details") > 10
        assert 'href="#history"' in page
    assert "1 Mar 2026 13:24" in english
    assert "2026年3月1日 13:24" in chinese
    assert "Visit recorded" in english
    assert "Suzhou" in english
    assert section(data, "customers.VisitRecord")["rows"][0]["visited_at"].startswith("2026-03-01T05:24")
    assert section(data, "customers.Standing")["rows"][0]["net_revenue_minor"] == 5950
    assert "Hidden Neighbour" not in json.dumps(data)


def test_every_column_of_a_pack_has_a_name_in_both_languages(owner, person):
    unnamed = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            wording = Wording(owner, holdings.person_of(person.pk), language)
            for statement in holdings.statements(for_pack=True):
                kind = records.kind_of(statement.model)
                told = {name for held in statement.held for name in held.fields} - DERIVED | TELLING
                for column in statement.model._meta.concrete_fields:
                    label = wording.label(kind, column.name) if column.name in told else "中"
                    if language != "en" and not CHINESE.search(label):
                        unnamed.append(f"{statement.label}.{column.name}: {label}")
    assert unnamed == [], "; ".join(unnamed)
