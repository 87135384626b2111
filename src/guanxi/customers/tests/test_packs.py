"""The pack about a person: whole, readable, for those who may, logged, gone in time."""

import argparse
import json
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import changes, clock, jobs
from guanxi.core.actor import actor_of
from guanxi.core.errors import Conflict, Forbidden
from guanxi.core.models import Change, User
from guanxi.customers.models import Note, Pack
from guanxi.customers.privacy import commands, consents
from guanxi.customers.privacy.packing import making
from guanxi.customers.privacy.retention import jobs as retention_jobs
from guanxi.customers.services import core_cards, profiles
from guanxi.files.public import path_of


@pytest.fixture
def person(owner, enter):
    """Somebody with a family and a history."""
    made = enter("欧阳澄湖", city="苏州", contact_points=[{"kind": "phone", "value": "13912345678"}])
    profiles.update_profile(actor=owner, customer_id=made.pk, values={"religion": "佛教", "spouse_name": "沈三白"})
    with changes.operation(actor=owner, name="customers.add_note") as op:
        op.create(Note(customer=made, author_id=owner.user_id, author_name="老板", at=clock.now(), text="<b>要求</b>"))
    consents.record_consent(
        actor=owner, customer_id=made.pk, purpose="marketing", state="given", evidence="签字页", source="展会"
    )
    return made


def test_everything_is_in_it_and_others_are_masked(owner, person):
    pack = making.make_now(actor=owner, customer_id=person.pk)
    with zipfile.ZipFile(path_of(pack.file)) as packed:
        assert set(packed.namelist()) == {"资料包.html", "pack.html", "data.json"}
        chinese, english = packed.read("资料包.html").decode(), packed.read("pack.html").decode()
        data = json.loads(packed.read("data.json"))
    for text in ("欧阳澄湖", "苏州", "13912345678", "佛教", "签字页", "展会"):
        assert text in chinese, text
        assert text in english, text
        assert text in json.dumps(data, ensure_ascii=False), text
    assert "沈三白" not in chinese + english + json.dumps(data, ensure_ascii=False)
    assert "沈**" in chinese
    assert "<b>要求" not in chinese, "what people wrote is text, not markup"
    assert "<script" not in chinese
    assert data["answer_within_days"] == 30
    assert any(change["field"] == "" and change["what"] == "note" for change in data["history"])


def test_it_is_ordered_downloaded_and_gone_in_time(owner, person, django_capture_on_commit_callbacks):
    web = Client()
    web.force_login(User.objects.get(pk=owner.user_id))
    page = reverse("customers:packs", args=[person.public_id])
    assert web.post(reverse("customers:make_pack", args=[person.public_id])).status_code == 302
    with pytest.raises(Conflict):
        making.order(actor=owner, customer_id=person.pk)
    jobs.run_pending()
    pack = Pack.objects.get()
    assert pack.state == "done"
    assert "Download" in web.get(page).content.decode()
    url = reverse("customers:download_pack", args=[pack.pk])
    assert web.get(url).status_code == 405
    assert b"".join(web.post(url)).startswith(b"PK")
    assert Change.objects.filter(kind="pack", act="view", customer_id=person.pk).exists(), "the download is logged"
    assert web.get(pack.file.get_absolute_url()).status_code == 404, "there is no other way to the file"
    path = path_of(pack.file)
    with django_capture_on_commit_callbacks(execute=True):
        Pack.objects.update(asked_at=clock.now() - timedelta(days=8))
        retention_jobs.begin_tonight.call()
        jobs.run_pending()
    pack.refresh_from_db()
    assert (pack.file, pack.state) == (None, "done")
    assert not path.exists()
    assert web.post(url).status_code == 404


def test_only_those_who_may(make_seller, person, enter):
    seller = make_seller("li")
    mine = enter("甲", owner=seller.pk)
    with pytest.raises(Forbidden):
        making.order(actor=actor_of(seller), customer_id=mine.pk)
    web = Client()
    web.force_login(seller)
    for name in ("packs",):
        assert web.get(reverse(f"customers:{name}", args=[mine.public_id])).status_code == 404
    assert web.post(reverse("customers:make_pack", args=[mine.public_id])).status_code in {403, 404}
    assert not Pack.objects.exists()


def test_the_command_writes_a_pack(person, tmp_path, capsys):
    target = tmp_path / "pack.zip"
    assert commands.write_pack(argparse.Namespace(id=person.public_id, out=target)) == 0
    assert zipfile.is_zipfile(target)
    assert target.stat().st_mode & 0o077 == 0


def test_looks_stand_in_one_list(owner, person, make_seller, enter):
    web = Client()
    web.force_login(User.objects.get(pk=owner.user_id))
    pack = making.make_now(actor=owner, customer_id=person.pk)
    web.post(reverse("customers:download_pack", args=[pack.pk]))
    core_cards.save_core_card(actor=owner, customer_id=person.pk, values={"needs": "x"})
    web.get(reverse("customers:card", args=[person.public_id]))
    page = reverse("customers:access_log")
    shown = web.get(page).content.decode()
    assert "Pack downloaded" in shown
    assert "Core-customer card read" in shown
    assert "Pack downloaded" in web.get(page, {"customer": person.public_id}).content.decode()
    assert "Pack downloaded" not in web.get(page, {"customer": enter("乙").public_id}).content.decode()
    assert "Pack downloaded" not in web.get(page, {"who": "nobody"}).content.decode()
    assert "Pack downloaded" in web.get(page, {"format": "csv"}).content.decode()
    other = Client()
    other.force_login(make_seller("li"))
    assert other.get(page).status_code in {403, 404}
