"""Complaints from files: of nobody in particular, ended elsewhere, taken back whole."""

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pytest

from guanxi.core import changes, events
from guanxi.core.actor import Actor, console_actor
from guanxi.core.errors import Conflict
from guanxi.customers.models import Customer
from guanxi.importing.engine.undoing import UndoRefused
from guanxi.importing.services import ImportRequest, ImportResult, run_import, undo_import
from guanxi.service.choices import CaseState, CaseType
from guanxi.service.complaint_choices import Step
from guanxi.service.complaints.services import handling
from guanxi.service.models import Case, CaseCategory, Complaint, ComplaintStep, ResponsibleUnit
from guanxi.service.public import update_case
from guanxi.service.services.states import ClosingRefused, set_state
from tests.public_data import PublicDataFinder

pytestmark = pytest.mark.django_db

KEYS = (
    "import_id", "rows_read", "rows_stored", "rows_refused", "refused", "complaints_created", "customers_created",
)  # fmt: skip
HEADER = (
    "Date received", "Product", "Sub-product", "Issue", "Sub-issue", "Consumer complaint narrative", "Company public response",
    "Company", "Submitted via", "Company response to consumer", "Consumer disputed?", "Complaint ID",
)  # fmt: skip
ROWS = (
    ("2024-01-02", "Card", "Credit card", "Fees", "Late fee", "They charged me.\nTwice.", "", "BANK A", "Web", "Closed with explanation", "", "1"),
    ("2024-01-03", "Card", "Debit card", "Fees", "", "", "", "BANK B", "Phone", "In progress", "", "2"),
    ("2024-01-04", "Mortgage", "", "Payment", "", "", "", "BANK A", "Postal mail", "Untimely response", "No", "3"),
    ("2024-13-04", "Mortgage", "", "Payment", "", "", "", "BANK A", "Fax", "Closed", "", "4"),
)  # fmt: skip


def write(path: Path, rows: Any = ROWS, header: Any = HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def bring(path: Path, **options: Any) -> ImportResult:
    options.setdefault("mapping", "cfpb")
    return run_import(actor=console_actor(), request=ImportRequest(target="complaints", path=path, **options))


def test_rows_become_cases_of_unidentified_people_with_their_tree_and_units(tmp_path: Path) -> None:
    result = bring(write(tmp_path / "c.csv"))
    answer = result.as_json()
    assert tuple(answer) == KEYS
    assert [answer[key] for key in KEYS[1:4]] == [4, 3, 1]
    assert (answer["complaints_created"], answer["customers_created"], Customer.everything.count()) == (3, 0, 0)
    assert answer["refused"][0]["row"] == 5
    first, second, third = Case.objects.order_by("external_ref")
    assert {case.case_type for case in (first, second, third)} == {CaseType.COMPLAINT}
    assert (first.state, second.state, third.state) == (
        CaseState.CLOSED_ELSEWHERE, CaseState.NEW, CaseState.CLOSED_ELSEWHERE,
    )  # fmt: skip
    assert (first.subject, first.description) == ("Fees: Late fee", "They charged me.\nTwice.")
    assert (first.channel_kind, second.channel_kind, third.channel_kind) == ("form", "phone", "letter")
    assert f"{first.opened_at:%Y-%m-%d %H:%M %z}" == "2024-01-02 05:00 +0000"
    assert [str(first.category), str(first.category.parent)] == ["Fees", "Card"]
    assert first.category.path == f"/{first.category.parent_id}/{first.category_id}/"
    assert (str(first.complaint.unit), first.complaint.unit.is_outside) == ("BANK A", True)
    assert first.complaint.elsewhere["status"] == "Closed with explanation"
    assert (CaseCategory.objects.count(), ResponsibleUnit.objects.count()) == (4, 2)


def test_brought_again_nothing_is_doubled_and_each_import_is_taken_back_alone(tmp_path: Path) -> None:
    first = bring(write(tmp_path / "a.csv"))
    again = bring(write(tmp_path / "b.csv", [*ROWS[:2], (*ROWS[0][:11], "9")]))
    assert again.as_json()["complaints_created"] == 1
    undo_import(actor=console_actor(), import_id=first.run.pk)
    assert sorted(Case.objects.values_list("external_ref", flat=True)) == ["1", "2", "9"]
    assert ResponsibleUnit.objects.count() == 2
    undo_import(actor=console_actor(), import_id=again.run.pk)
    assert Case.everything.count() == Complaint.objects.count() == 0


def test_taken_back_the_tree_and_the_units_go_too(tmp_path: Path) -> None:
    run = bring(write(tmp_path / "a.csv")).run
    undo_import(actor=console_actor(), import_id=run.pk)
    assert (Case.everything.count(), CaseCategory.objects.count(), ResponsibleUnit.objects.count()) == (0, 0, 0)


def test_columns_one_by_one_customers_where_the_file_knows_them_and_a_dry_run(tmp_path: Path) -> None:
    header = ("编号", "投诉时间", "投诉内容", "客户编号", "处理状态")
    rows = [
        ("A1", "2024-05-01 10:00", "空调不制冷，三天没人来", "K7", "处理中"),
        ("A2", "2024-05-02", "多收费", "", "已结案"),
    ]
    path = write(tmp_path / "z.csv", rows, header)
    foreseen = bring(path, mapping="", is_dry_run=True)
    assert (foreseen.as_json()["complaints_created"], foreseen.as_json()["customers_created"]) == (2, 1)
    assert Case.everything.count() == 0
    made = bring(
        path,
        mapping="",
        columns={"narrative": "投诉内容", "complaint": "编号", "status": "处理状态", "customer": "客户编号"},
    )
    assert (made.as_json()["complaints_created"], made.as_json()["customers_created"]) == (2, 1)
    open_, ended = Case.objects.order_by("external_ref")
    assert (open_.state, ended.state) == (CaseState.NEW, CaseState.CLOSED_ELSEWHERE)
    assert open_.customer is not None
    assert open_.subject.startswith("空调不制冷")


def test_an_opened_one_is_under_the_rule_and_never_closed_elsewhere_again(tmp_path: Path, max_: Actor) -> None:
    run = bring(write(tmp_path / "a.csv")).run
    case = Case.objects.get(external_ref="1")
    assert not ComplaintStep.objects.filter(complaint=case.pk).exists()
    operation = set_state(actor=max_, case_id=case.pk, state=CaseState.OPEN)
    events.deliver_pending()
    assert Complaint.objects.get(pk=case.pk).step == Step.INVESTIGATE
    step = ComplaintStep.objects.get(complaint=case.pk)
    assert (Case.objects.get(pk=case.pk).owner_id, step.owner_id) == (max_.user_id, max_.user_id), "whose is it"
    with pytest.raises(ClosingRefused):
        set_state(actor=max_, case_id=case.pk, state=CaseState.CLOSED)
    with pytest.raises(Conflict):
        changes.undo_operation(actor=max_, operation_id=operation or 0)
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    with pytest.raises(UndoRefused):
        undo_import(actor=console_actor(), import_id=run.pk)
    undo_import(actor=console_actor(), import_id=run.pk, rest=True)
    assert list(Case.objects.values_list("external_ref", flat=True)) == ["1"]


def test_an_open_one_begins_its_steps_when_somebody_works_on_it(tmp_path: Path, max_: Actor) -> None:
    bring(write(tmp_path / "a.csv"))
    case = Case.objects.get(external_ref="2")
    assert not ComplaintStep.objects.filter(complaint=case.pk).exists()
    update_case(actor=max_, case_id=case.pk, values={"owner": max_.user_id})
    handling.record_complaint(actor=max_, case_id=case.pk, values={"wanted": "The fee back"})
    step = ComplaintStep.objects.get(complaint=case.pk)
    assert (step.step, step.owner_id, step.ended_at) == (Step.RECORD, max_.user_id, None)
    assert step.due_at is not None
    bring(write(tmp_path / "b.csv", [(*ROWS[1][:11], "7")]))
    other = Case.objects.get(external_ref="7")
    handling.record_complaint(actor=max_, case_id=other.pk, values={"wanted": "The fee back"})
    assert ComplaintStep.objects.get(complaint=other.pk).owner_id == max_.user_id, "whoever works on it has its step"


def test_the_whole_public_file(public_data: PublicDataFinder) -> None:
    path = public_data("cfpb_complaints/complaints.csv.gz", whole=True).path
    answer = bring(path).as_json()
    assert [answer[key] for key in KEYS[1:4]] == [6000, 6000, 0]
    assert (answer["complaints_created"], answer["customers_created"]) == (6000, 0)
    assert Case.objects.exclude(description="").count() == 1350
    assert Case.objects.filter(state=CaseState.NEW).count() == 438
    assert (CaseCategory.objects.filter(parent=None).count(), ResponsibleUnit.objects.count()) == (14, 625)
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode())))
    longest = max(rows, key=lambda row: len(row["Consumer complaint narrative"]))
    told = Case.objects.get(external_ref=longest["Complaint ID"]).description
    assert told.split() == longest["Consumer complaint narrative"].split()
