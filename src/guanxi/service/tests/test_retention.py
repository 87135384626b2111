"""How long cases, complaints and promises keep their words; the figures stay, and a legal hold keeps all of it."""

import io

import pytest

from guanxi.core.actor import Actor, actor_of
from guanxi.core.models import Change, Role, User
from guanxi.customers.models import Customer
from guanxi.customers.privacy import holds
from guanxi.customers.services.customers import create_customer
from guanxi.customers.tests.retaining import ago, end, previewed, set_days
from guanxi.files.public import StoredFile, receive, store
from guanxi.search.models import SearchEntry
from guanxi.service.complaint_choices import PromiseState
from guanxi.service.models import Case, ClosingWord, Complaint, Evidence, Promise, Remedy, RemedyKind, Telling
from guanxi.service.services.cases import open_case

pytestmark = pytest.mark.django_db
YEARS = 365 * 6


@pytest.fixture
def owner(db: None) -> Actor:
    """The owner of the company, who may do everything."""
    return actor_of(User.objects.create_user("boss", "secret-enough", role=Role.objects.get(key="owner"), name="老板"))


def closed(owner: Actor, customer: Customer, days: int, case_type: str = "enquiry", subject: str = "Kettle") -> Case:
    """A case of a customer that was closed so many days ago."""
    values = {"subject": subject, "description": "It leaks", "case_type": case_type, "customer": customer.pk}
    case = open_case(actor=owner, values=values)
    Case.objects.filter(pk=case.pk).update(state="closed", opened_at=ago(days + 2), closed_at=ago(days))
    return case


def test_words_and_files_of_old_cases_go_and_the_figures_stay(owner: Actor) -> None:
    zoe, max_ = (create_customer(actor=owner, values={"name": name}) for name in ("Zoe", "Max"))
    old, young, held = closed(owner, zoe, YEARS + 9), closed(owner, zoe, 30), closed(owner, max_, YEARS + 9)
    complaint = closed(owner, zoe, YEARS + 9, "complaint", "Broken kettle")
    content = receive(io.BytesIO(b"photo"))
    store(actor=owner, name="photo.txt", source=content, record_kind="case", record_id=old.pk)
    holds.set_hold(actor=owner, customer_id=max_.pk, reason="court")
    set_days(owner, "cases", YEARS)
    run = previewed(owner, "cases")
    assert (run.expected_count, run.held_count) == (1, 1), "the complaint has a period of its own"
    assert end(owner, run).counts["files.StoredFile"] == 1
    old.refresh_from_db()
    assert (old.subject, old.description, old.case_type, str(old)) == ("", "", "enquiry", old.public_id)
    assert not StoredFile.objects.filter(record_kind="case").exists()
    assert not SearchEntry.objects.filter(kind="case", record_id=old.pk, title__contains="Kettle").exists()
    told = Change.objects.filter(kind="case", record_id=old.pk, erased_at__isnull=True)
    assert "It leaks" not in str(list(told.values_list("before", "after")))
    for case in (young, held, complaint):
        case.refresh_from_db()
        assert case.description == "It leaks"
    assert previewed(owner, "cases").expected_count == 0


def test_what_stands_with_a_complaint_goes_with_it(owner: Actor) -> None:
    zoe = create_customer(actor=owner, values={"name": "Zoe"})
    case = closed(owner, zoe, YEARS + 9, "complaint")
    row, _made = Complaint.objects.get_or_create(case=case)
    Complaint.objects.filter(pk=row.pk).update(wanted="Money back", whys=["thin box"], prevention="thick box")
    now = ago(YEARS + 10)
    photo = store(
        actor=owner, name="photo.txt", source=receive(io.BytesIO(b"p")), record_kind="case", record_id=case.pk
    )
    Evidence.objects.create(
        complaint=row, step="investigate", sort="statement", text="Seen", said_by="Zoe", at=now, file=photo
    )
    Remedy.objects.create(
        complaint=row, kind=RemedyKind.objects.all()[0], text="refund", amount_minor=500, created_at=now
    )
    Telling.objects.create(complaint=row, step="plan", at=now, channel="phone", words="We pay")
    ClosingWord.objects.create(complaint=row, at=now, channel="phone", outcome="settled", words="Fine")
    set_days(owner, "complaints", YEARS)
    run = previewed(owner, "complaints")
    assert run.expected_count == 6
    assert end(owner, run).counts["files.StoredFile"] == 1
    row.refresh_from_db()
    assert (row.wanted, row.whys, row.prevention, row.case.subject) == ("", [], "", "")
    assert Evidence.objects.values_list("text", "said_by").get() == ("", "")
    assert Remedy.objects.values_list("text", "amount_minor").get() == ("", 500)
    assert Telling.objects.get().words == ClosingWord.objects.get().words == ""
    assert previewed(owner, "complaints").expected_count == 0


def test_promises_that_have_ended_go_open_ones_stay(owner: Actor) -> None:
    zoe = create_customer(actor=owner, values={"name": "Zoe"})
    for state, ended in ((PromiseState.KEPT, ago(YEARS + 9)), (PromiseState.OPEN, None), (PromiseState.BROKEN, ago(9))):
        Promise.objects.create(
            customer=zoe, text="A cup", state=state, ended_at=ended, due_at=ago(YEARS + 9), created_at=ago(YEARS + 99)
        )
    set_days(owner, "promises", YEARS)
    end(owner, previewed(owner, "promises"))
    assert dict(Promise.objects.values_list("state", "text")) == {"kept": "", "open": "A cup", "broken": "A cup"}
