"""Consent: what was said stays, the latest word counts, sensitive data waits for its own."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guanxi.core import clock
from guanxi.core.actor import actor_of
from guanxi.core.errors import Forbidden, InvalidInput, NotFound
from guanxi.core.models import Operation, User
from guanxi.customers.models import Consent, Customer, Merge, Purpose
from guanxi.customers.privacy import consents, purposes, separate
from guanxi.customers.privacy.filters import ConsentFilter
from guanxi.customers.public import may_contact, may_use
from guanxi.customers.services import profiles
from guanxi.customers.services.merging import joining, parting
from guanxi.files.models import StoredFile
from guanxi.integration.services import create_token


def noon(day: str) -> datetime:
    """A moment of a day."""
    return timezone.make_aware(datetime.fromisoformat(f"{day}T12:00"))


def given(owner, made, purpose="marketing", **more):
    """Consent with a proof."""
    more.setdefault("evidence", "纸质同意书")
    return consents.record_consent(actor=owner, customer_id=made.pk, purpose=purpose, state="given", **more)


def said(owner, made, state, purpose="marketing", **more):
    """A word that needs no proof."""
    return consents.record_consent(actor=owner, customer_id=made.pk, purpose=purpose, state=state, **more)


def test_the_latest_word_counts_and_nothing_is_overwritten(owner, enter):
    made = enter("李雷")
    assert may_contact(made.pk, "sms", "marketing") == (False, "There is no consent on record.")
    assert may_contact(made.pk, "sms", "service")[0], "a contract needs no consent"
    given(owner, made, at=noon("2025-01-10"))
    assert may_contact(made.pk, "sms", "marketing") == (True, "Consent given on 2025-01-10.")
    said(owner, made, "withdrawn", channels=["sms"], at=noon("2025-03-01"))
    assert may_contact(made.pk, "sms", "marketing") == (False, "Withdrawn on 2025-03-01.")
    assert may_contact(made.pk, "phone", "marketing")[0]
    assert may_contact(made.pk, "sms", "marketing", noon("2025-02-01"))[0], "what held then still shows"
    assert not may_contact(made.pk, "sms", "marketing", noon("2025-01-01"))[0]
    given(owner, made, channels=["sms"], at=noon("2025-04-01"))
    assert may_contact(made.pk, "sms", "marketing")[0]
    said(owner, made, "refused", at=noon("2025-05-01"))
    assert not may_contact(made.pk, "sms", "marketing")[0], "a no to everything is a no to each"
    assert [row.state for row in consents.history(made.pk)] == ["refused", "given", "withdrawn", "given"]
    assert Operation.objects.filter(name="customers.record_consent").count() == 4


def test_a_no_counts_where_no_consent_is_needed(owner, enter):
    made = enter("李雷")
    assert may_use(made.pk, "profiling")[0]
    said(owner, made, "refused", "profiling")
    assert not may_use(made.pk, "profiling")[0], "automated decisions are refused"


def test_of_two_words_at_one_moment_the_stricter_counts(owner, enter):
    made = enter("李雷")
    said(owner, made, "withdrawn", at=noon("2025-01-10"))
    given(owner, made, at=noon("2025-01-10"))
    assert not may_contact(made.pk, "", "marketing")[0]


def test_consents_end(owner, enter):
    made = enter("李雷")
    Purpose.objects.filter(key="marketing").update(valid_days=30)
    row = given(owner, made, at=clock.now() - timedelta(days=29))[0]
    assert row.expires_on == clock.today() + timedelta(days=1)
    assert may_contact(made.pk, "", "marketing")[0]
    allowed, reason = may_contact(made.pk, "", "marketing", clock.now() + timedelta(days=3))
    assert not allowed
    assert str(row.expires_on) in reason


def test_a_purpose_out_of_use_allows_nothing(owner, enter):
    made = enter("李雷")
    given(owner, made)
    Purpose.objects.filter(key="marketing").update(valid_until=clock.today() - timedelta(days=1))
    assert not may_contact(made.pk, "phone", "marketing")[0]


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"state": "maybe"}, "state"),
        ({"channels": []}, "channels"),
        ({"channels": ["pigeon"]}, "channels"),
        ({"purpose": "nothing"}, "purpose"),
        ({"evidence": ""}, "evidence"),
        ({"evidence": "x" * 5001}, "evidence"),
        ({"at": clock.now() + timedelta(days=1)}, "at"),
        ({"expires_on": date(2001, 1, 1)}, "expires_on"),
        ({"purpose": "sensitive"}, "is_separate"),
        ({"notice_id": 987}, "notice"),
    ],
)
def test_what_cannot_be_recorded_is_named(owner, enter, values, column):
    made = enter("李雷")
    with pytest.raises((InvalidInput, NotFound)) as caught:
        consents.record_consent(
            actor=owner,
            customer_id=made.pk,
            **{"purpose": "marketing", "state": "given", "evidence": "form", "at": noon("2025-01-01"), **values},
        )
    assert caught.value.column == column
    assert not Consent.objects.exists()


def test_the_text_shown_is_kept_with_the_word(owner, enter):
    made = enter("李雷")
    marketing = Purpose.objects.get(key="marketing")
    first = purposes.add_notice(
        actor=owner, purpose_id=marketing.pk, text_en="We write.", text_zh="我们会写信。", valid_from=date(2025, 1, 1)
    )
    second = purposes.add_notice(
        actor=owner, purpose_id=marketing.pk, text_en="We call.", text_zh="我们会打电话。", valid_from=date(2025, 6, 1)
    )
    assert (first.version, second.version) == (1, 2)
    assert given(owner, made, at=noon("2025-03-01"))[0].notice == first
    assert given(owner, made, at=noon("2025-07-01"))[0].notice == second


def test_sensitive_fields_wait_for_separate_consent_when_the_company_says_so(owner, enter):
    made = enter("李雷")
    profiles.update_profile(actor=owner, customer_id=made.pk, values={"religion": "佛教", "hobbies": "围棋"})
    web = Client()
    web.force_login(User.objects.get(pk=owner.user_id))
    page = reverse("customers:archive", args=[made.public_id])
    assert "佛教" in web.get(page).content.decode()
    separate.set_rule(actor=owner, is_on=True)
    shown = web.get(page).content.decode()
    assert "佛教" not in shown
    assert "围棋" in shown
    form = web.get(reverse("customers:edit_archive", args=[made.public_id])).content.decode()
    assert "佛教" not in form
    assert 'name="religion"' not in form
    assert "without separate consent" in form
    assert "围棋" in form
    inline = web.get(f"/ui/edit/customer/{made.pk}/person-religion")
    assert inline.status_code == 404
    assert "佛教" not in inline.content.decode()
    with pytest.raises(InvalidInput) as caught:
        profiles.update_profile(actor=owner, customer_id=made.pk, values={"health": "糖尿病"})
    assert caught.value.column == "health"
    profiles.update_profile(actor=owner, customer_id=made.pk, values={"hobbies": "象棋", "religion": ""})
    given(owner, made, "sensitive", is_separate=True)
    profiles.update_profile(actor=owner, customer_id=made.pk, values={"health": "糖尿病"})
    assert "糖尿病" in web.get(page).content.decode()
    form = web.get(reverse("customers:edit_archive", args=[made.public_id])).content.decode()
    assert "糖尿病" in form
    assert "without separate consent" not in form
    said(owner, made, "withdrawn", "sensitive")
    assert "糖尿病" not in web.get(page).content.decode()


def test_for_a_minor_the_guardian_consents(owner, enter):
    made = enter("李小雷")
    separate.set_rule(actor=owner, is_on=True)
    born = date(clock.today().year - 10, 1, 1)
    with pytest.raises(InvalidInput):
        profiles.update_profile(actor=owner, customer_id=made.pk, values={"birth_on": born, "school": "一小"})
    profiles.update_profile(actor=owner, customer_id=made.pk, values={"birth_on": born})
    given(owner, made, "minors", is_separate=True)
    profiles.update_profile(actor=owner, customer_id=made.pk, values={"school": "一小"})


def test_the_list_is_narrowed_by_consent(owner, enter):
    yes, no, never, over = (enter(name) for name in ("甲", "乙", "丙", "丁"))
    given(owner, yes, channels=["sms"])
    given(owner, no, at=noon("2025-01-01"))
    said(owner, no, "withdrawn")
    given(owner, over, at=noon("2025-01-01"), expires_on=date(2025, 2, 1))
    narrow = ConsentFilter("consent", "Consent")

    def found(text):
        return set(narrow.narrow(Customer.objects.all(), narrow.clean([text])).values_list("pk", flat=True))

    assert found("marketing.given") == {yes.pk}
    assert found("marketing.stopped") == {no.pk}
    assert found("marketing.none") == {never.pk}
    assert narrow.clean(["marketing.x,drop"]) == ""


def test_it_is_recorded_and_withdrawn_on_screen(owner, enter):
    made = enter("李雷")
    web = Client()
    web.force_login(User.objects.get(pk=owner.user_id))
    add = reverse("customers:add_consent", args=[made.public_id])
    assert "marketing" in web.get(add + "?purpose=marketing").content.decode()
    values = {
        "purpose": "marketing",
        "state": "given",
        "channels": ["sms", "mail"],
        "at": clock.today().isoformat(),
        "source": "展会",
        "evidence": "签字",
        "file": SimpleUploadedFile("同意书.txt", "同意".encode()),
    }
    assert web.post(add, values).status_code == 302
    assert Consent.objects.count() == 2
    proofs = StoredFile.objects.filter(record_kind="consent").order_by("record_id")
    assert [row.record_id for row in proofs] == list(Consent.objects.order_by("pk").values_list("pk", flat=True))
    assert len({row.sha256 for row in proofs}) == 1, "each word has its proof; the content is kept once"
    shown = web.get(reverse("customers:consents", args=[made.public_id])).content.decode()
    assert [row.get_absolute_url() in shown for row in proofs] == [True, True]
    for text in ("展会", "签字", "同意书.txt", "allowed"):
        assert text in shown
    row = Consent.objects.order_by("pk").first()
    assert web.post(reverse("customers:withdraw_consent", args=[row.pk]), {"evidence": "来电"}).status_code == 302
    assert not may_contact(made.pk, row.channel, "marketing")[0]
    refused = web.post(add, {**values, "file": "", "evidence": "", "state": "given"})
    assert refused.status_code == 422
    assert Consent.objects.count() == 3


def test_others_neither_see_nor_record(make_seller, enter, owner):
    mine = make_seller("li")
    made = enter("李雷", owner=mine.pk)
    row = given(actor_of(mine), made)[0]
    stranger = Client()
    stranger.force_login(make_seller("wang"))
    for name in ("consents", "add_consent"):
        assert stranger.get(reverse(f"customers:{name}", args=[made.public_id])).status_code == 404
    assert stranger.post(reverse("customers:withdraw_consent", args=[row.pk]), {}).status_code == 404
    assert Client().get(reverse("customers:consents", args=[made.public_id])).status_code == 302
    assert Consent.objects.count() == 1
    with pytest.raises(Forbidden):
        separate.set_rule(actor=actor_of(mine), is_on=True)


def test_programs_read_and_add(owner, enter):
    made = enter("李雷", external_ids=[("shop", "A-1")])
    token = create_token(actor=owner, user=User.objects.get(pk=owner.user_id), label="t", scope="write")[1]
    headers = {"Authorization": f"Bearer {token}"}
    web = Client()
    data = {"customer": "shop:A-1", "purpose": "marketing", "state": "given", "channels": ["sms"], "evidence": "app"}
    made_it = web.post("/api/v1/consents", json.dumps(data), content_type="application/json", headers=headers)
    assert made_it.status_code == 201, made_it.content
    told = web.get(f"/api/v1/consents?customer={made.public_id}", headers=headers).json()
    assert told["items"][0]["channel"] == "sms"
    assert {"purpose": "marketing", "channel": "sms", "allowed": True}.items() <= next(
        one for one in told["standing"] if one["purpose"] == "marketing" and one["channel"] == "sms"
    ).items()
    wrong = web.post(
        "/api/v1/consents", json.dumps({**data, "state": "x"}), content_type="application/json", headers=headers
    )
    assert wrong.status_code == 422


def test_of_two_merged_records_the_stricter_word_counts_until_something_new_is_said(owner, enter):
    kept, absorbed = enter("李雷"), enter("李 雷")
    given(owner, kept, at=noon("2025-05-01"))
    said(owner, absorbed, "refused", at=noon("2025-01-01"))
    joining.merge_customers(actor=owner, keep_id=kept.pk, absorb_ids=[absorbed.pk])
    assert may_contact(kept.pk, "", "marketing") == (False, "Refused on 2025-01-01.")
    given(owner, kept)
    assert may_contact(kept.pk, "", "marketing")[0]
    parting.undo_merge(actor=owner, merge_id=Merge.objects.get().pk)
    assert may_contact(kept.pk, "", "marketing")[0]
    assert may_contact(absorbed.pk, "", "marketing") == (False, "Refused on 2025-01-01.")
