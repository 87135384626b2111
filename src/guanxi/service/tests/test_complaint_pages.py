"""The page of a complaint, step by step, its file and its reply as PDF in both languages."""

import io
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from guanxi.core.actor import Actor
from guanxi.core.models import Role, User
from guanxi.service.choices import CaseState
from guanxi.service.complaint_choices import RemedyState, Step
from guanxi.service.models import Case, Cause, Complaint, Promise, Remedy, RemedyKind, ResponsibleUnit
from guanxi.service.public import open_case, set_state

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(ann: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=ann.user_id))
    return client


@pytest.fixture
def case(ann: Actor) -> Case:
    return open_case(actor=ann, values={"subject": "空调不制冷", "case_type": "complaint"})


def test_a_complaint_from_the_first_word_to_the_last(client_of: Client, ann: Actor, case: Case) -> None:
    url = f"/cases/{case.public_id}/complaint"

    def act(what: str, expect: int = 302, **data: Any) -> str:
        response = client_of.post(f"{url}/{what}", data)
        assert response.status_code == expect, response.content.decode()[:3000]
        return response.content.decode()

    assert client_of.get(url).status_code == 200
    refused = act("next", 422)
    assert "customer" in refused
    act("record", words="装好以后不制冷<script>", wanted="退货", grade="major", authority="12315", authority_number="沪2026-17",
        authority_due_at="2030-01-01T10:00", law_three_guarantees="yes")  # fmt: skip
    act("next")
    act("evidence", sort="statement", said_by="安装工", text="压缩机没有启动")
    act("next")
    assert "unit" in client_of.get(f"{url}/unit").content.decode()
    unit = ResponsibleUnit.objects.create(name="安装服务中心")
    act("unit", unit=str(unit.pk))
    act("next")
    kind = RemedyKind.objects.get(key="refund")
    act("remedy", 422, kind=str(kind.pk), amount="")
    act("remedy", kind=str(kind.pk), amount="1299.50", text="全额退款")
    act("promise", text="周五前退款", due_at="2030-05-01T12:00", remedy=str(Remedy.objects.get().pk))
    act("tell", channel="phone", words="我们会在三天内全额退款。")
    act("next")
    remedy = Remedy.objects.get()
    assert (remedy.amount_minor, remedy.state) == (129950, RemedyState.APPROVED)
    act("finish", remedy=str(remedy.pk), cost="1299")
    assert Promise.objects.get().state == "kept"
    act("responsibility", responsibility="扣减安装商结算款")
    act("next")
    act(
        "sum_up",
        cause=str(Cause.objects.get(key="people.skill").pk),
        why_1="接线错误",
        why_2="没有培训",
        prevention="持证上岗",
    )
    act("authority", at="")
    act("last_word", 422, outcome="not_reached", channel="phone")
    act("last_word", outcome="confirmed", channel="phone", words="好的，谢谢")
    complaint = Complaint.objects.get(pk=case.pk)
    assert complaint.step == Step.SUM_UP
    page = client_of.get(url).content.decode()
    assert "装好以后不制冷&lt;script&gt;" in page
    assert "沪2026-17" in page
    act("next")
    set_state(actor=ann, case_id=case.pk, state=CaseState.CLOSED)
    assert "data-dialog" not in client_of.get(url).content.decode().split("complaint-columns")[1]
    for language, words in (("en", "File"), ("zh-hans", "档案")):
        found = client_of.get(f"{url}/file.pdf?language={language}")
        text = "".join("".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(found.content)).pages)
        assert found["Content-Type"] == "application/pdf"
        assert "装好以后不制冷<script>" in text
        assert all(told in text for told in ("安装服务中心", "持证上岗", "接线错误"))
        assert ("投诉档案" in text) == (language == "zh-hans"), words
        reply = client_of.get(f"{url}/reply.pdf?language={language}")
        assert "沪2026-17" in "".join(p.extract_text() for p in PdfReader(io.BytesIO(reply.content)).pages)


def test_file_and_letter_of_what_is_under_way(client_of: Client, ann: Actor, case: Case) -> None:
    """The file tells of what is not there yet, and of the authority's clock; the letter promises only what was granted."""
    url = f"/cases/{case.public_id}/complaint"
    sent = {
        "words": "不制冷",
        "grade": "major",
        "authority": "12345",
        "authority_number": "热线17",
        "authority_due_at": "2030-01-04T17:30",
    }
    assert client_of.post(f"{url}/record", sent).status_code == 302
    said = {"sort": "statement", "said_by": "安装工", "text": "压缩机没有启动"}
    assert client_of.post(f"{url}/evidence", said).status_code == 302
    refund, voucher = (RemedyKind.objects.get(key=key) for key in ("refund", "voucher"))
    granted: dict[str, Any] = {
        "complaint_id": case.pk,
        "amount_minor": 4200,
        "currency": "CNY",
        "created_at": case.opened_at,
    }
    Remedy.objects.create(kind=refund, state=RemedyState.ASKED, text="尚未批准", **granted)
    Remedy.objects.create(kind=voucher, state=RemedyState.APPROVED, text="已经批准", **granted)

    def printed(what: str) -> str:
        found = client_of.get(f"{url}/{what}.pdf?language=zh-hans").content
        return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(found)).pages)

    file, letter = printed("file"), printed("reply")
    assert all(words in file for words in ("尚未询问", "还没有记录", "答复期限2030-01-0417:30", "尚未批准"))
    assert "已经批准" in letter
    assert "尚未批准" not in letter
    assert "陈述（安装工）：压缩机没有启动" in letter


def test_who_may_not_see_the_case_sees_nothing(case: Case) -> None:
    stranger = Client()
    role = Role.objects.create(key="stranger", name_en="Stranger", name_zh="外人")
    user = User.objects.create_user("nobody", password="x", role=role)
    stranger.force_login(user)
    for path in ("", "/file.pdf", "/reply.pdf", "/record"):
        assert stranger.get(f"/cases/{case.public_id}/complaint{path}").status_code == 404
    assert Client().get(f"/cases/{case.public_id}/complaint").status_code == 302


def test_no_such_act_no_reply_without_an_authority(client_of: Client, case: Case) -> None:
    assert client_of.get(f"/cases/{case.public_id}/complaint/fly").status_code == 404
    assert client_of.get(f"/cases/{case.public_id}/complaint/reply.pdf").status_code == 404
    assert client_of.get("/cases/cas_zzz/complaint").status_code == 404
