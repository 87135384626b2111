"""Consent in files: what is exported from one installation holds in the next, and no file turns a no into a yes."""

import csv
from datetime import date, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guanxi.core import clock
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.models import Change, User
from guanxi.customers.models import Consent, Customer, Purpose
from guanxi.customers.privacy import consents
from guanxi.customers.public import may_contact
from guanxi.customers.services.merging import joining
from guanxi.importing.exporting import export_to
from guanxi.importing.models import Import
from guanxi.importing.public import run_import, undo_import
from guanxi.importing.services import ImportRequest, NothingImported

SMS = "consent_marketing_sms"
HEAD = f"external_id,name,{SMS}_state,{SMS}_date,{SMS}_until,{SMS}_source,{SMS}_evidence\n"
GIVEN = "A1,李雷,given,2025-01-10 09:00,2035-01-01,展会,签名表 17\n"


@pytest.fixture
def purposes(transactional_db: None) -> None:
    """Two purposes, one of which needs consent of its own."""
    for key, separate in (("marketing", False), ("sensitive", True)):
        Purpose.objects.get_or_create(
            key=key, defaults={"name_en": key.title(), "name_zh": key, "needs_separate": separate}
        )


@pytest.fixture
def bring_in(tmp_path: Path, purposes: None):
    """Import a text as a file of customers."""

    def run(text: str, **rest: object):
        """One import."""
        path = tmp_path / "given.csv"
        path.write_text(text, encoding="utf-8")
        request = ImportRequest(target="customers", path=path, source="crm", **rest)
        return run_import(actor=system_actor("cli"), request=request)

    return run


def named(value: str) -> Customer:
    """The customer with an external id."""
    return Customer.objects.get(external_ids__value=value)


def said(customer: Customer, state: str, day: str, **more: object) -> None:
    """A word recorded by hand."""
    at = timezone.make_aware(datetime.fromisoformat(day))
    more.setdefault("channels", ["sms"])
    actor = system_actor()
    consents.record_consent(
        actor=actor, customer_id=customer.pk, purpose="marketing", state=state, at=at, evidence="x", **more
    )


def test_a_file_brings_consent_with_its_proof(bring_in):
    result = bring_in(HEAD + GIVEN)
    assert result.as_json()["rows_refused"] == 0, result.as_json()["refused"]
    assert result.counts["consents_recorded"] == 1
    row = Consent.objects.get()
    assert (row.state, row.channel, row.source, row.evidence) == ("given", "sms", "展会", "签名表 17")
    assert timezone.localtime(row.at).isoformat()[:16] == "2025-01-10T09:00"
    assert (row.expires_on.isoformat(), row.means, row.import_run_id) == ("2035-01-01", "import", result.run.pk)
    assert may_contact(row.customer_id, "sms", "marketing")[0]
    assert not may_contact(row.customer_id, "phone", "marketing")[0]


def test_the_same_file_again_adds_nothing_and_undoing_one_leaves_it_to_the_other(bring_in):
    first, second = bring_in(HEAD + GIVEN), bring_in(HEAD + GIVEN)
    assert Consent.everything.count() == 1
    assert "consents_recorded" not in second.counts
    undo_import(actor=system_actor("cli"), import_id=first.run.pk)
    assert Consent.objects.count() == 1, "the second file brought it too"
    undo_import(actor=system_actor("cli"), import_id=second.run.pk)
    assert not Consent.everything.exists()
    assert not Customer.everything.exists()


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ("maybe,2025-01-10,,,x", "state", "“maybe” is not one of the choices"),
        ("given,,,,x", "date", "say on which day the consent was given"),
        ("given,2025-01-10,,,", "evidence", "say how the consent can be proved"),
        ("given,2025-01-10,2024-01-01,,x", "until", "The end lies before the beginning."),
        ("given,2099-01-01,,,x", "date", "This day has not come yet."),
        (",2025-01-10,,展会,", "state", "say what the customer said: given, refused or withdrawn"),
        ("given,someday,,,x", "date", "“someday” is not a date"),
        ("given,2025-01-10,never,,x", "until", "“never” is not a date"),
    ],
)
def test_what_cannot_be_is_refused_with_one_reason(bring_in, cells: str, column: str, reason: str):
    answer = bring_in(f"{HEAD}A1,李雷,{cells}\nA2,韩梅梅,,,,,\n").as_json()
    assert [(row["row"], row["column"]) for row in answer["refused"]] == [(2, f"{SMS}_{column}")]
    assert reason in answer["refused"][0]["reason"]
    assert not Consent.everything.exists()
    assert Customer.objects.count() == 1, "the other row comes in"


def test_separate_consent_must_be_told(bring_in):
    head = "external_id,name," + ",".join(
        f"consent_sensitive_all_{part}" for part in ("state", "date", "separate", "evidence")
    )
    rows = "A1,李雷,given,2025-01-10,no,x\nA2,韩梅梅,given,2025-01-10,yes,x\nA3,王芳,refused,2025-01-10,,\n"
    answer = bring_in(f"{head}\n{rows}").as_json()
    assert [(row["row"], row["column"]) for row in answer["refused"]] == [(2, "consent_sensitive_all_separate")]
    assert may_contact(named("A2").pk, "", "sensitive")[0]
    assert not may_contact(named("A3").pk, "", "sensitive")[0]


def test_an_older_yes_never_lifts_a_no(bring_in):
    bring_in("external_id,name\nA1,李雷\n")
    made = named("A1")
    said(made, "withdrawn", "2025-06-01T15:00")
    bring_in(HEAD + GIVEN)
    assert Consent.objects.filter(customer=made).count() == 2, "it is kept as history"
    assert may_contact(made.pk, "sms", "marketing") == (False, "Withdrawn on 2025-06-01.")
    bring_in(HEAD + "A1,李雷,given,2025-06-01,,,x\n")
    assert not may_contact(made.pk, "sms", "marketing")[0], "of a yes of the same day the beginning of the day counts"
    bring_in(HEAD + "A1,李雷,given,2025-06-02,,,x\n")
    assert may_contact(made.pk, "sms", "marketing")[0], "a later yes is a new one"


def test_a_no_of_a_day_counts_to_its_end_and_one_without_a_day_from_the_import_on(bring_in):
    bring_in("external_id,name\nA1,李雷\n")
    made = named("A1")
    said(made, "given", "2025-06-01T15:00")
    bring_in(HEAD + "A1,李雷,退订,2025-06-01,,,\n")
    assert not may_contact(made.pk, "sms", "marketing")[0]
    said(made, "given", "2025-07-01T15:00")
    assert may_contact(made.pk, "sms", "marketing")[0]
    bring_in(HEAD + "A1,李雷,no,,,,\n")
    assert not may_contact(made.pk, "sms", "marketing")[0]
    assert Consent.objects.latest("at").at <= clock.now()


def test_an_older_yes_does_not_lift_the_no_of_a_merged_record(bring_in):
    bring_in("external_id,name\nA1,李雷\nA2,李磊\n")
    keep, other = named("A1"), named("A2")
    said(other, "withdrawn", "2025-06-01T15:00")
    joining.merge_customers(actor=system_actor(), keep_id=keep.pk, absorb_ids=[other.pk])
    bring_in(HEAD + GIVEN)
    assert not may_contact(keep.pk, "sms", "marketing")[0]
    bring_in(HEAD + "A1,李雷,given,2025-06-02,,,x\n")
    assert may_contact(keep.pk, "sms", "marketing")[0], "what was said after the no lifts it"


def test_undo_takes_consents_back_and_the_history_tells_both(bring_in):
    bring_in("external_id,name\nA1,李雷\n")
    made = named("A1")
    said(made, "given", "2025-01-01T09:00")
    run = bring_in(HEAD + "A1,李雷,withdrawn,2025-06-01,,,\n").run
    assert not may_contact(made.pk, "sms", "marketing")[0]
    told = Change.objects.get(kind="consent", operation=Import.objects.get(pk=run.pk).operation)
    assert (told.act, told.customer_id, told.after["state"]) == ("create", made.pk, "withdrawn")
    assert told.after["is_separate"] is False
    undo_import(actor=system_actor("cli"), import_id=run.pk)
    assert may_contact(made.pk, "sms", "marketing")[0]
    gone = Change.objects.get(kind="consent", act="delete")
    assert (gone.customer_id, gone.before["state"]) == (made.pk, "withdrawn")


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_consent_goes_from_one_installation_to_the_next(bring_in, tmp_path: Path, ending: str):
    bring_in("external_id,name\nA1,李雷\nA2,=1+1\nA3,王芳\n")
    one, two = named("A1"), named("A2")
    said(one, "given", "2025-01-10T09:30", expires_on=date(2035, 1, 1), source="=展会")
    said(one, "withdrawn", "2025-03-01T10:00", channels=[""])
    said(one, "given", "2025-04-01T10:00", channels=["mail"])
    said(two, "refused", "2025-02-01T00:00", channels=["phone", "post"])
    before = held()
    assert before["A1"]["sms"] == (False, "Withdrawn on 2025-03-01.")
    assert before["A1"]["mail"][0]
    path = tmp_path / f"customers.{ending}"
    assert export_to(path, actor=system_actor("cli"), key="customers") == 3
    for run in Import.objects.order_by("-pk"):
        Consent.everything.all().delete()
        undo_import(actor=system_actor("cli"), import_id=run.pk, rest=True)
    Consent.everything.all().delete()
    Customer.everything.filter(pk__in=[one.pk, two.pk]).update(name="leftover")
    request = ImportRequest(target="customers", path=path, source="crm")
    result = run_import(actor=system_actor("cli"), request=request)
    assert result.as_json()["rows_refused"] == 0, result.as_json()["refused"]
    assert held() == before
    proof = Consent.objects.get(customer=named("A1"), channel="mail")
    assert proof.evidence == "x"


def held() -> dict[str, dict[str, tuple[bool, str]]]:
    """Who may be reached how, and why (not)."""
    channels = ("", "sms", "mail", "phone", "post")
    return {
        value: {channel: may_contact(named(value).pk, channel, "marketing") for channel in channels}
        for value in ("A1", "A2", "A3")
    }


def test_a_dry_run_counts_consents_and_writes_none(bring_in):
    result = bring_in(HEAD + GIVEN + "A2,韩梅梅,no,2025-01-10,,,\nA2,韩梅梅,no,2025-01-10,,,\n", is_dry_run=True)
    assert result.counts["consents_recorded"] == 2
    assert not Consent.everything.exists()


def test_purposes_that_are_not_here_are_told(bring_in):
    result = bring_in("external_id,name,consent_loyalty_club_all_state\nA1,李雷,given\n")
    assert any("loyalty_club" in note for note in result.as_json()["notes"])


def test_a_file_of_nothing_but_refusals_writes_nothing(bring_in):
    with pytest.raises(NothingImported):
        bring_in(HEAD + "A1,李雷,given,,,,\n")
    assert not Customer.everything.exists()


def test_the_columns_page_shows_consent_fields_when_asked_for(bring_in, owner, tmp_path: Path):
    browser = Client()
    browser.force_login(User.objects.get(username="boss"))
    path = tmp_path / "own.csv"
    path.write_text("Nr,Name,Newsletter,Seit,Beleg\nA1,李雷,yes,2025-01-10,Formular 3\n", encoding="utf-8")
    with path.open("rb") as file:
        page = browser.post(reverse("importing:start"), {"target": "customers", "file": file})
    columns = page["Location"]
    text = browser.get(columns).content.decode()
    assert "field:consent_" not in text
    assert 'value="consent_marketing_mail"' in text
    given = {"field:name": "Name", "field:external_id": "Nr", "timezone": "UTC"}
    text = browser.post(columns, {**given, "group": "consent_marketing_mail", "add_group": "1"}).content.decode()
    assert 'name="field:consent_marketing_mail_state"' in text
    assert "<option selected>Nr</option>" in text
    given |= {
        "field:consent_marketing_mail_state": "Newsletter",
        "field:consent_marketing_mail_date": "Seit",
        "field:consent_marketing_mail_evidence": "Beleg",
    }
    assert browser.post(columns, given).status_code == 302
    run = Import.objects.get()
    assert run.mapping["columns"]["consent_marketing_mail_state"] == "Newsletter"


def test_the_list_gives_everything_for_another_installation(owner, enter, db):
    Purpose.objects.get_or_create(key="marketing", defaults={"name_en": "Marketing", "name_zh": "营销"})
    made = enter("李雷")
    enter("韩梅梅")
    said(made, "given", "2025-01-10T09:30")
    browser = Client()
    browser.force_login(User.objects.get(username="boss"))
    address = reverse("ui:list_export", args=["customers"])
    rows = read(browser.get(address, {"format": "csv", "whole": "1", "q": "李雷"}))
    assert [(row["name"], row[f"{SMS}_state"], row[f"{SMS}_evidence"]) for row in rows] == [("李雷", "given", "x")]
    masked = read(browser.get(address, {"format": "csv", "whole": "1", "masked": "1"}))
    assert masked[0][f"{SMS}_evidence"] == "•••"
    assert masked[0][f"{SMS}_state"] == "given"


def read(response) -> list[dict[str, str]]:
    """The rows of a file of the list."""
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_a_seller_takes_only_their_own(owner, make_seller, enter):
    seller = make_seller("anna")
    assert actor_of(seller).scope("customer", "export") is None
    browser = Client()
    browser.force_login(seller)
    response = browser.get(reverse("ui:list_export", args=["customers"]), {"format": "csv", "whole": "1"})
    assert response.status_code in {403, 404}
