"""Erasure: what goes is gone everywhere, what stays says why, nothing gives it back."""

import io
import json
import re
from datetime import UTC, date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import translation

from guanxi.core import changes, clock, jobs
from guanxi.core.actor import actor_of
from guanxi.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from guanxi.core.models import Change, Operation, User
from guanxi.customers.duplicates import looking_up
from guanxi.customers.import_target import CustomerTarget
from guanxi.customers.models import (
    ContactPoint,
    Customer,
    DuplicatePair,
    ErasedIdentifier,
    Erasure,
    Hold,
    Merge,
    Note,
    PersonProfile,
    Purpose,
    Relation,
    Tag,
    VisitRecord,
)
from guanxi.customers.privacy import consents, legal, separate
from guanxi.customers.privacy.erasing import acting, certificates, digests, listing, previewing, requesting
from guanxi.customers.services import customers as services
from guanxi.customers.services import profiles
from guanxi.customers.services import relations as relation_services
from guanxi.customers.services.merging import joining, parting
from guanxi.files.public import StoredFile, path_of, receive, store
from guanxi.importing.models import Import, ImportUpdate
from guanxi.search.public import search
from tests.cards import card

NAME, PHONE, MAIL = "欧阳澄湖", "13912345678", "chenghu@example.cn"


@pytest.fixture
def person(owner, enter):
    """Somebody of whom everything is on record."""
    made = enter(
        NAME,
        city="苏州",
        note="喜欢大闸蟹",
        contact_points=[{"kind": "phone", "value": PHONE}, {"kind": "email", "value": MAIL}],
        external_ids=[("shop", "WEB-7788")],
        tags=["老客户"],
    )
    other = enter("李雷")
    profiles.update_profile(actor=owner, customer_id=made.pk, values={"religion": "佛教", "spouse_name": "沈三白"})
    relation_services.relate(actor=owner, subject_id=made.pk, object_id=other.pk, kind="knows", values={"note": "同学"})
    with changes.operation(actor=owner, name="customers.add_note") as op:
        op.create(Note(customer=made, author_id=owner.user_id, author_name="老板", at=clock.now(), text="要求退款"))
        op.create(
            Note(customer=other, author_id=owner.user_id, author_name="老板", at=clock.now(), text=f"{NAME}介绍来的")
        )
        op.create(
            VisitRecord(customer=made, kind="out", visited_at=clock.now(), content="谈了价格", created_at=clock.now())
        )
    services.update_customer(actor=owner, customer_id=made.pk, values={"city": "杭州"})
    consents.record_consent(
        actor=owner,
        customer_id=made.pk,
        purpose="marketing",
        state="given",
        evidence="签字页",
        file=("欧阳.txt", receive(_text(NAME + uuid4().hex))),
    )
    store(actor=owner, name="合同.txt", source=receive(_text("合同")), record_kind="customer", record_id=made.pk)
    return made


def _text(text):
    return io.BytesIO(text.encode())


def erase(owner, made):
    """Order it and do it."""
    erasure = requesting.request_erasure(
        actor=owner, customer_id=made.pk, typed=made.public_id, reason="本人来信", requested_by="person"
    )
    jobs.run_pending()
    erasure.refresh_from_db()
    return erasure


def everything_stored() -> str:
    """Every text in the database, in one."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed:
            found += [
                json.dumps(list(row), default=str, ensure_ascii=False) for row in model._base_manager.values_list()
            ]
    return "\n".join(found)


def forget_the_mention() -> None:
    """The note on another customer that names the person is told by the preview, for somebody to judge."""
    note = Note.objects.get(text__contains=NAME)
    Change.objects.filter(kind="note", record_id=note.pk).delete()
    note.delete()


WORDS = (
    NAME,
    PHONE,
    MAIL,
    "大闸蟹",
    "佛教",
    "沈三白",
    "要求退款",
    "谈了价格",
    "签字页",
    "WEB-7788",
    "苏州",
    "杭州",
    "同学",
    "合同",
)


def test_the_preview_says_what_would_happen_and_changes_nothing(owner, person):
    before = everything_stored()
    seen = previewing.preview(person.pk)
    assert dict(seen.goes)["Files"] == 2
    assert any(certificates.kept_row(*row).why for row in seen.kept)
    named = certificates.named(seen.mentions)
    assert [m for m in named if m.title.startswith("Note")], "another customer's note names the person"
    assert everything_stored() == before


def test_files_of_what_stays_are_told_as_staying(owner, person):
    """A file at an order, which the law keeps: the preview counts it where the act leaves it."""
    now = clock.now()
    order = apps.get_model("commerce.Order").objects.create(
        source="shop", number="7", customer=person, customer_ref="1", ordered_at=now, ordered_on=now.date(),
        currency="CNY", amount_minor=1, line_count=1,
    )  # fmt: skip
    invoice = StoredFile.objects.filter(record_kind="consent").get()
    invoice.pk, invoice.record_kind, invoice.record_id = None, "order", order.pk
    invoice.save()
    seen = previewing.preview(person.pk)
    assert dict(seen.goes)["Files"] == 2
    assert [(count, certificates.kept_row(one, count, "").why) for one, count, _until in seen.kept
            if one.label == "files.StoredFile"] == [(1, "They belong to records that have to be kept, such as orders, and end with those.")]  # fmt: skip
    assert erase(owner, person).counts["files.StoredFile"] == 2
    assert StoredFile.objects.filter(pk=invoice.pk).exists()


def test_nothing_is_left_but_an_empty_record(owner, person, django_capture_on_commit_callbacks):
    assert all(word in everything_stored() for word in WORDS)
    proof = path_of(StoredFile.objects.get(record_kind="consent"))
    assert proof.is_file()
    with django_capture_on_commit_callbacks(execute=True):
        erasure = erase(owner, person)
    assert erasure.state == "done", erasure.error
    forget_the_mention()
    left = everything_stored()
    assert [word for word in WORDS if word in left] == []
    tomb = Customer.objects.get(pk=person.pk)
    assert tomb.erased_at is not None
    assert tomb.status == "archived"
    assert not ContactPoint.everything.filter(customer=person.pk).exists()
    assert not Relation.everything.filter(subject=person.pk).exists()
    assert not PersonProfile.objects.filter(pk=person.pk).exists()
    assert search(actor=owner, text=NAME) == []
    assert {m["title"] for m in erasure.mentions}
    assert not proof.exists()


def test_the_proof_is_told_in_the_language_of_whoever_reads_it(owner, person, client):
    with translation.override("en"):
        erasure = erase(owner, person)
    client.cookies["guanxi_language"] = "zh-hans"
    client.force_login(User.objects.get(pk=owner.user_id))
    page = client.get(erasure.get_absolute_url()).content.decode()
    assert "日志中的内容" in page
    assert "其他记录中的文字" in page
    assert f"{erasure.asked_at.astimezone(ZoneInfo('Asia/Shanghai')):%H:%M}" in page
    assert not [word for word in re.findall(r"<t[hd][^>]*>([^<]*)", page) if re.search("[A-Za-z]{4}", word)]


def test_history_stays_without_values_and_undo_is_refused(owner, person):
    edit = Operation.objects.filter(name="customers.update_customer").latest("pk")
    erase(owner, person)
    change = Change.objects.get(operation=edit)
    assert change.erased_at is not None
    assert change.before is None
    with pytest.raises(Conflict):
        changes.undo_operation(actor=owner, operation_id=edit.pk)
    act = Operation.objects.filter(name="customers.erase").get()
    with pytest.raises(Conflict):
        changes.undo_operation(actor=owner, operation_id=act.pk)


def test_it_goes_on_where_it_stopped(owner, person, monkeypatch):
    erasure = requesting.request_erasure(
        actor=owner, customer_id=person.pk, typed=person.public_id, reason="x", requested_by="person"
    )
    count = 0

    def stop():
        nonlocal count
        count += 1
        if count in {3, 7, 11}:
            raise RuntimeError("killed")

    monkeypatch.setattr("guanxi.customers.privacy.erasing.running.jobs.check", stop)
    for _try in range(3):
        with pytest.raises(RuntimeError):
            acting.carry_out(erasure.pk)
    acting.carry_out(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.state == "done"
    assert erasure.counts["customers.ContactPoint"] == 2
    forget_the_mention()
    left = everything_stored()
    assert [word for word in WORDS if word in left] == []
    done = erasure.counts
    acting.carry_out(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.counts == done, "doing it once more changes nothing"


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"typed": "cus_wrong"}, InvalidInput),
        ({"reason": " "}, InvalidInput),
        ({"requested_by": "robot"}, InvalidInput),
    ],
)
def test_it_is_ordered_with_care(owner, person, values, error):
    given = {"typed": person.public_id, "reason": "x", "requested_by": "person", **values}
    with pytest.raises(error):
        requesting.request_erasure(actor=owner, customer_id=person.pk, **given)
    assert not Erasure.objects.exists()


def test_a_hold_stops_it(owner, person):
    hold = Hold.objects.create(customer=person, reason="诉讼", set_at=clock.now(), set_by_name="老板")
    with pytest.raises(Conflict):
        erase(owner, person)
    hold.released_at = clock.now()
    hold.save()
    assert erase(owner, person).state == "done"
    with pytest.raises((Conflict, NotFound)):
        erase(owner, person)


def test_only_those_who_may(make_seller, person, owner):
    with pytest.raises(Forbidden):
        erase(actor_of(make_seller("li")), person)


def test_an_erased_record_is_not_filled_again(owner, person):
    erase(owner, person)
    with pytest.raises((NotFound, Conflict)):
        services.update_customer(actor=owner, customer_id=person.pk, values={"name": NAME})
    with pytest.raises((NotFound, Conflict)):
        profiles.update_profile(actor=owner, customer_id=person.pk, values={"hobbies": "x"})


def test_a_return_is_noticed(owner, person, enter):
    assert digests.erased_before([person.pk]) == []
    erasure = erase(owner, person)
    assert PHONE not in json.dumps(list(ErasedIdentifier.objects.values_list("digest", flat=True)))
    back = enter("欧阳先生", contact_points=[{"kind": "phone", "value": PHONE}])
    assert digests.erased_before([back.pk]) == [erasure.pk]
    web = Client()
    web.force_login(User.objects.get(pk=owner.user_id))
    shown = card(web, "customer", back.pk, "consents")
    assert erasure.get_absolute_url() in shown


def test_a_restored_backup_is_erased_again(owner, person, tmp_path):
    row = Customer.objects.filter(pk=person.pk).values().get()
    erasure = erase(owner, person)
    path = tmp_path / "list.jsonl"
    assert listing.write(path) == 1
    assert NAME not in path.read_text()
    assert PHONE not in path.read_text()
    # The backup knows nothing of the erasure.
    Customer.everything.filter(pk=person.pk).update(**{k: v for k, v in row.items() if k != "id"})
    ContactPoint.objects.create(customer_id=person.pk, kind="phone", value=PHONE, normalised="+86" + PHONE)
    ErasedIdentifier.objects.all().delete()
    Erasure.objects.filter(pk=erasure.pk).delete()
    stranger = Customer.objects.exclude(pk=person.pk).first()
    assert acting.replay_erasures(path) == 1
    assert Customer.objects.get(pk=person.pk).erased_at is not None
    assert not ContactPoint.objects.filter(customer=person.pk).exists()
    assert Customer.objects.get(pk=stranger.pk).erased_at is None
    assert ErasedIdentifier.objects.filter(kind="phone").exists(), "a return is noticed as before"
    assert acting.replay_erasures(path) == 0
    listing.own_file().unlink(missing_ok=True)


def test_a_list_that_is_none_is_refused(tmp_path):
    path = tmp_path / "list.jsonl"
    path.write_text('{"customer_id": 1}\n')
    with pytest.raises(InvalidInput) as caught:
        acting.replay_erasures(path)
    assert "1" in str(caught.value)


def test_the_pages_of_an_erasure(owner, person, enter, make_seller):
    web = Client()
    web.force_login(User.objects.get(pk=owner.user_id))
    page = reverse("customers:erase", args=[person.public_id])
    assert "What stays, and why" in web.get(page).content.decode()
    wrong = web.post(page, {"requested_by": "person", "reason": "x", "typed": "cus_1"})
    assert wrong.status_code == 422
    assert not Erasure.objects.exists()
    done = web.post(page, {"requested_by": "person", "reason": "本人来信", "typed": person.public_id})
    assert done.status_code == 302
    jobs.run_pending()
    proof = web.get(done["Location"]).content.decode()
    assert "本人来信" in proof
    assert NAME not in proof
    assert person.public_id in web.get(reverse("customers:show", args=[person.public_id])).content.decode()
    assert web.get(page).status_code == 404
    for address in (reverse("customers:privacy"), reverse("customers:erasures")):
        assert web.get(address).status_code == 200
    other = Client()
    other.force_login(make_seller("li"))
    for address in (page, done["Location"], reverse("customers:privacy"), reverse("customers:erasures")):
        assert other.get(address).status_code in {403, 404}, address


def test_purposes_texts_and_numbers_of_the_law_are_settled_on_screen(owner, make_seller):
    web = Client()
    web.force_login(User.objects.get(pk=owner.user_id))
    values = {"key": "raffle", "name_en": "Raffle", "name_zh": "抽奖", "basis": "consent", "valid_days": "90"}
    assert web.post(reverse("customers:create_purpose"), values).status_code == 302
    row = Purpose.objects.get(key="raffle")
    assert web.post(reverse("customers:create_purpose"), values).status_code == 422
    changed = {**values, "name_zh": "抽奖活动"}
    assert web.post(reverse("customers:purpose", args=[row.pk]), changed).status_code == 302
    text = {"text_zh": "我们会抽奖。", "text_en": "", "valid_from": "2025-01-01"}
    assert web.post(reverse("customers:add_notice", args=[row.pk]), text).status_code == 302
    law = {"value": "15", "valid_from": "2026-01-01", "source": "某法 art. 1"}
    assert web.post(reverse("customers:legal_parameter", args=["request.due_days"]), law).status_code == 302
    assert legal.number("request.due_days", date(2026, 1, 2)) == 15
    assert legal.number("request.due_days", date(2025, 12, 31)) == 30, "what held before still holds for then"
    assert web.get(reverse("customers:legal_parameter", args=["nothing"])).status_code == 404
    shown = web.get(reverse("customers:privacy")).content.decode()
    assert "version 1" in shown
    assert web.post(reverse("customers:separate_consent"), {"is_on": "1"}).status_code == 302
    other = Client()
    other.force_login(make_seller("li"))
    assert other.post(reverse("customers:separate_consent"), {"is_on": "0"}).status_code in {403, 404}
    assert separate.is_ruled()


def test_an_import_of_somebody_erased_says_so_when_it_is_taken_back(owner, person):
    run = Import.objects.create(
        target="customers", source="shop", state="in_force", file_name="a.csv", by_name="x", means="cli",
        created_at=clock.now(), operation=Operation.objects.filter(name="customers.update_customer").latest("pk"),
    )  # fmt: skip
    ImportUpdate.objects.create(
        import_run=run, kind="customer", record_id=person.pk, field="city", before="苏州", after="杭州"
    )
    erase(owner, person)
    assert not ImportUpdate.objects.exists()
    conflicts = CustomerTarget().undoer(run).conflicts()
    assert [conflict.record_id for conflict in conflicts] == [person.pk]
    assert "erased" in conflicts[0].what


def test_those_merged_into_the_person_go_too_and_the_merge_is_not_undone(owner, person, enter):
    other = enter("欧阳小湖", contact_points=[{"kind": "phone", "value": "13700001111"}])
    joining.merge_customers(actor=owner, keep_id=person.pk, absorb_ids=[other.pk])
    merge = Merge.objects.get()
    erase(owner, person)
    left = everything_stored()
    assert "欧阳小湖" not in left
    assert "13700001111" not in left
    assert Customer.everything.get(pk=other.pk).erased_at is not None
    with pytest.raises(Conflict, match="erased"):
        parting.undo_merge(actor=owner, merge_id=merge.pk)
    assert Merge.objects.get().undone_at is None
    # On the screen it is not offered; whoever sends it all the same reads the reason.
    web = Client()
    web.force_login(User.objects.get(pk=owner.user_id))
    address = reverse("customers:part", args=[merge.public_id])
    assert address not in web.get(person.get_absolute_url()).content.decode()
    assert "were erased" in web.post(address, follow=True).content.decode()


def test_likeness_tells_nobody_who_an_erased_person_was(owner, person, enter):
    twin = enter(NAME, contact_points=[{"kind": "phone", "value": PHONE}])
    looking_up.recheck(twin.pk)
    assert DuplicatePair.objects.filter(first=person.pk, second=twin.pk).exists()
    erase(owner, person)
    assert not DuplicatePair.objects.exists()
    looking_up.recheck(twin.pk)
    assert not DuplicatePair.objects.exists()


def test_the_day_of_an_erasure_is_that_of_the_reader(owner, person):
    erase(owner, person)
    # Late in the evening in London it is the next morning in Shanghai.
    Customer.everything.filter(pk=person.pk).update(erased_at=datetime(2026, 11, 29, 23, 30, tzinfo=UTC))
    User.objects.filter(pk=owner.user_id).update(timezone="Asia/Shanghai", language="en")
    web = Client()
    web.force_login(User.objects.get(pk=owner.user_id))
    page = web.get(person.get_absolute_url()).content.decode()
    assert "30 Nov 2026" in page
    assert "29 Nov 2026" not in page


def test_a_tag_that_nobody_else_has_goes_with_the_person(owner, enter):
    made, other = enter("欧阳锋"), enter("李雷")
    for tags in (["白驼山旧事"], ["白驼山主", "贵宾"]):
        services.update_customer(actor=owner, customer_id=made.pk, values={"tags": tags})
    services.update_customer(actor=owner, customer_id=other.pk, values={"tags": ["贵宾", "普通"]})
    seen = dict(previewing.preview(made.pk).goes)
    assert seen["Tags that only this person has"] == 2
    erasure = requesting.request_erasure(
        actor=owner, customer_id=made.pk, typed=made.public_id, reason="x", requested_by="person"
    )
    acting.carry_out(erasure.pk)
    assert Operation.objects.filter(name="customers.erase").count() == 1, "all of it is one act"
    assert set(Tag.objects.values_list("name", flat=True)) == {"贵宾", "普通"}
    assert list(other.customer_tags.order_by("tag__name").values_list("tag__name", flat=True)) == ["普通", "贵宾"]
    told = str(list(Change.objects.filter(kind="tag").values_list("before", "after")))
    assert "白驼山" not in told
    assert "贵宾" in told
