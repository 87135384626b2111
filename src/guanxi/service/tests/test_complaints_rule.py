"""No complaint closes without cause, responsible unit, remedy done and the customer's word: by no way whatever."""

import ast
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import guanxi
from guanxi.core import changes, clock
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.models import Role, User
from guanxi.service import closing
from guanxi.service.choices import CaseState, CaseType
from guanxi.service.complaint_choices import LastWord, Step
from guanxi.service.complaints import periodic
from guanxi.service.complaints.queries import objections_of
from guanxi.service.complaints.services import handling, promises, remedies
from guanxi.service.models import (
    Case,
    Cause,
    Complaint,
    ComplaintStep,
    RecurrenceCheck,
    Remedy,
    RemedyKind,
    ResponsibleUnit,
)
from guanxi.service.public import ClosingRefused, open_case, set_state, update_case
from guanxi.tasks.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(ann: Actor) -> Case:
    """A complaint that lacks everything."""
    return open_case(actor=ann, values={"subject": "Leaks", "description": "It leaks.", "case_type": "complaint"})


def give_unit(ann: Actor, case: Case) -> None:
    unit = ResponsibleUnit.objects.get_or_create(name="Workshop")[0]
    handling.settle_unit(actor=ann, case_id=case.pk, unit_id=unit.pk)


def give_cause(ann: Actor, case: Case) -> None:
    cause = Cause.objects.get(key="product.quality")
    handling.sum_up(actor=ann, case_id=case.pk, cause_id=cause.pk, whys=["Seal worn"], prevention="Better seals")


def give_remedy(ann: Actor, case: Case) -> Remedy:
    kind = RemedyKind.objects.get(key="refund")
    remedy = remedies.plan_remedy(actor=ann, case_id=case.pk, kind_id=kind.pk, amount_minor=5000, currency="CNY")
    remedies.finish_remedy(actor=ann, remedy_id=remedy.pk)
    return remedy


def give_word(ann: Actor, case: Case) -> None:
    handling.ask_customer(actor=ann, case_id=case.pk, outcome=LastWord.CONFIRMED, channel="phone", text="Thanks")


def give_attempts(ann: Actor, case: Case) -> None:
    for _turn in range(3):
        handling.ask_customer(actor=ann, case_id=case.pk, outcome="not_reached", channel="phone", text="No answer")


GIFTS: dict[str, Callable[[Actor, Case], Any]] = {
    "unit": give_unit, "cause": give_cause, "remedy": give_remedy, "word": give_word,
}  # fmt: skip


def close(actor: Actor, case: Case) -> int | None:
    return set_state(actor=actor, case_id=case.pk, state=CaseState.CLOSED)


@pytest.mark.parametrize("left_out", GIFTS)
def test_each_part_alone_holds_it_open(ann: Actor, complaint: Case, left_out: str) -> None:
    for key, gift in GIFTS.items():
        if key != left_out and not (left_out == "unit" and key == "remedy"):
            gift(ann, complaint)
    with pytest.raises(ClosingRefused) as refused:
        close(ann, complaint)
    assert len(refused.value.missing) == (2 if left_out == "unit" else 1)
    if left_out == "unit":
        give_unit(ann, complaint)
        give_remedy(ann, complaint)
    else:
        GIFTS[left_out](ann, complaint)
    assert close(ann, complaint) is not None


def test_three_attempts_stand_for_the_word_but_not_after_a_no(ann: Actor, complaint: Case) -> None:
    for key in ("unit", "cause", "remedy"):
        GIFTS[key](ann, complaint)
    give_attempts(ann, complaint)
    assert not closing.missing(complaint)
    handling.ask_customer(actor=ann, case_id=complaint.pk, outcome="not_settled", channel="phone", text="Still leaks")
    assert len(closing.missing(complaint)) == 1
    give_attempts(ann, complaint)
    assert close(ann, complaint)


def test_words_hold_for_their_round_and_the_looks_back_are_planned_anew(ann: Actor, complaint: Case) -> None:
    for gift in GIFTS.values():
        gift(ann, complaint)
    close(ann, complaint)
    row = Complaint.objects.get(pk=complaint.pk)
    assert row.step == Step.DONE
    assert sorted(RecurrenceCheck.objects.values_list("after_days", flat=True)) == [30, 90]
    set_state(actor=ann, case_id=complaint.pk, state=CaseState.OPEN)
    row.refresh_from_db()
    assert row.step == Step.INVESTIGATE
    with pytest.raises(ClosingRefused):
        close(ann, complaint)
    give_word(ann, complaint)
    assert close(ann, complaint)
    assert RecurrenceCheck.objects.count() == 4


def test_nobody_was_asked_before_the_complaint_was_opened_or_opened_again(ann: Actor, complaint: Case) -> None:
    """Attempts of another time do not count for this one."""

    def tried(days: int) -> None:
        at = clock.now() - timedelta(days=days)
        handling.ask_customer(
            actor=ann, case_id=complaint.pk, outcome="not_reached", channel="phone", text="No answer", at=at
        )

    with pytest.raises(InvalidInput, match="before the complaint was opened"):
        tried(1)
    Case.objects.filter(pk=complaint.pk).update(opened_at=clock.now() - timedelta(days=9))
    tried(2)
    for gift in GIFTS.values():
        gift(ann, complaint)
    close(ann, complaint)
    set_state(actor=ann, case_id=complaint.pk, state=CaseState.OPEN)
    with pytest.raises(InvalidInput, match="before the complaint was opened"):
        tried(1)
    tried(0)


def test_no_change_of_type_lifts_the_rule_and_none_is_needed_for_other_cases(ann: Actor, complaint: Case) -> None:
    update_case(actor=ann, case_id=complaint.pk, values={"case_type": CaseType.ENQUIRY})
    with pytest.raises(ClosingRefused):
        close(ann, complaint)
    grievance = open_case(actor=ann, values={"subject": "Grumbles", "case_type": CaseType.GRIEVANCE})
    assert not Complaint.objects.filter(pk=grievance.pk).exists()
    update_case(actor=ann, case_id=grievance.pk, values={"case_type": CaseType.COMPLAINT})
    assert Complaint.objects.filter(pk=grievance.pk).exists()
    with pytest.raises(ClosingRefused):
        close(ann, grievance)
    plain = open_case(actor=ann, values={"subject": "Question"})
    assert close(ann, plain)


def test_the_system_closes_no_more_than_people_do(complaint: Case) -> None:
    with pytest.raises(ClosingRefused):
        close(system_actor(means="rule"), complaint)


def test_no_undo_takes_away_what_a_closed_complaint_stands_on(ann: Actor, complaint: Case) -> None:
    for gift in GIFTS.values():
        gift(ann, complaint)
    word = complaint.complaint.closing_words.get()
    operation = changes.Operation.objects.filter(name="service.ask_customer").latest("pk")
    closed = close(ann, complaint)
    with pytest.raises(Conflict):
        changes.undo_operation(actor=ann, operation_id=operation.pk)
    word.refresh_from_db()
    for name in ("service.settle_unit", "service.sum_up_complaint", "service.finish_remedy"):
        row = changes.Operation.objects.filter(name=name).latest("pk")
        with pytest.raises(Conflict):
            changes.undo_operation(actor=ann, operation_id=row.pk)
    changes.undo_operation(actor=ann, operation_id=closed or 0)
    complaint.refresh_from_db()
    assert complaint.state == CaseState.OPEN or complaint.state == CaseState.NEW
    assert Complaint.objects.get(pk=complaint.pk).step == Step.INVESTIGATE
    changes.undo_operation(actor=ann, operation_id=operation.pk)
    with pytest.raises(ClosingRefused):
        close(ann, complaint)


def test_an_undone_reopening_is_no_closing_without_what_is_asked(ann: Actor, complaint: Case) -> None:
    for gift in GIFTS.values():
        gift(ann, complaint)
    close(ann, complaint)
    opened = set_state(actor=ann, case_id=complaint.pk, state=CaseState.OPEN)
    kind = RemedyKind.objects.get(key="apology")
    remedies.plan_remedy(actor=ann, case_id=complaint.pk, kind_id=kind.pk)
    with pytest.raises(Conflict):
        changes.undo_operation(actor=ann, operation_id=opened or 0)


def test_nothing_of_a_closed_complaint_is_written(ann: Actor, complaint: Case) -> None:
    for gift in GIFTS.values():
        gift(ann, complaint)
    remedy = Remedy.objects.get()
    close(ann, complaint)
    acts: list[Callable[[], Any]] = [lambda gift=gift: gift(ann, complaint) for gift in GIFTS.values()]
    acts.append(lambda: remedies.drop_remedy(actor=ann, remedy_id=remedy.pk, reason="x"))
    for act in acts:
        with pytest.raises(Conflict):
            act()


def test_objecting_once_and_who_decides(ann: Actor, max_: Actor, complaint: Case) -> None:
    for gift in GIFTS.values():
        gift(ann, complaint)
    other = ResponsibleUnit.objects.create(name="Supplier", is_outside=True)
    handling.object_to(actor=ann, case_id=complaint.pk, reasons="The supplier's seal")
    with pytest.raises(ClosingRefused):
        close(ann, complaint)
    with pytest.raises(InvalidInput):
        handling.decide_objection(actor=ann, case_id=complaint.pk, is_upheld=False, answer="No")
    handling.decide_objection(actor=max_, case_id=complaint.pk, is_upheld=True, answer="So it is", unit_id=other.pk)
    assert Remedy.objects.get().unit == other
    assert close(ann, complaint)


def test_each_unit_may_object_once(ann: Actor, max_: Actor, complaint: Case) -> None:
    """Also the one that was settled because another objected; one that had objected before may not again."""
    give_unit(ann, complaint)
    workshop, store = ResponsibleUnit.objects.get(), ResponsibleUnit.objects.create(name="Store")

    def told() -> list[tuple[str, str, str]]:
        """Which unit objected what, and with which answer."""
        rows = objections_of(Complaint.objects.get(pk=complaint.pk))
        return [(str(row.unit), row.reasons, row.answer) for row in rows]

    def decide(unit: ResponsibleUnit | None, answer: str) -> int | None:
        unit_id = unit.pk if unit is not None else None
        return handling.decide_objection(
            actor=max_, case_id=complaint.pk, is_upheld=unit is not None, answer=answer, unit_id=unit_id
        )

    handling.object_to(actor=ann, case_id=complaint.pk, reasons="Stored wet")
    upheld = decide(store, "So it is")
    handling.object_to(actor=ann, case_id=complaint.pk, reasons="Stored dry")
    with pytest.raises(Conflict):
        handling.settle_unit(actor=ann, case_id=complaint.pk, unit_id=workshop.pk)
    decide(None, "It was wet")
    assert told() == [("Workshop", "Stored wet", "So it is"), ("Store", "Stored dry", "It was wet")]
    with pytest.raises(Conflict):
        handling.object_to(actor=ann, case_id=complaint.pk, reasons="Again")
    back = handling.settle_unit(actor=ann, case_id=complaint.pk, unit_id=workshop.pk)
    with pytest.raises(Conflict):
        handling.object_to(actor=ann, case_id=complaint.pk, reasons="Once more")
    changes.undo_operation(actor=ann, operation_id=back or 0)
    assert told()[1] == ("Store", "Stored dry", "It was wet")
    with pytest.raises(Conflict):
        changes.undo_operation(actor=max_, operation_id=upheld or 0)  # changed since


def test_the_state_of_cases_is_written_in_two_places_only() -> None:
    """Every write of a state in the sources of service: by the hand that asks, and by the import of ended complaints."""
    root = Path(guanxi.__file__).parent
    found = set()
    for path in root.rglob("*.py"):
        if {"tests", "migrations"} & set(path.parts):
            continue
        text = path.read_text("utf-8")
        if "CLOSED_ELSEWHERE" not in text and "CaseState" not in text and "closed_elsewhere" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            for keyword in getattr(node, "keywords", ()) if isinstance(node, ast.Call) else ():
                if keyword.arg == "state" and _is_write(node) and not _only_opens(keyword.value):
                    found.add(path.relative_to(root).as_posix())
            if isinstance(node, ast.Dict) and any(
                isinstance(key, ast.Constant) and key.value == "state" and "CaseState." in ast.unparse(node)
                for key in node.keys
            ):
                found.add(path.relative_to(root).as_posix())
    # `states.move` takes the state by name; the import makes cases that ended elsewhere.
    assert found <= {"service/complaints/import_writer.py", "service/services/states.py"}


def _only_opens(value: ast.expr) -> bool:
    names = {
        node.attr for node in ast.walk(value) if isinstance(node, ast.Attribute) and "CaseState" in ast.unparse(node)
    }
    return bool(names) and names <= {"NEW", "OPEN"}


def _is_write(node: ast.Call) -> bool:
    name = ast.unparse(node.func)
    return name.endswith((".update", ".create", "Case")) and "remedy" not in name


def test_the_clock_of_an_authority_is_told_before_and_after(
    ann: Actor, complaint: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    handling.record_complaint(actor=ann, case_id=complaint.pk, values={"authority": "12345", "authority_number": "A-1"})
    row = Complaint.objects.get(pk=complaint.pk)
    assert row.authority_due_at is not None
    assert row.authority_due_at > clock.now() + timedelta(days=4)
    moments = [row.authority_due_at - timedelta(hours=3), row.authority_due_at + timedelta(hours=1)]
    ComplaintStep.objects.update(due_at=None)
    for moment in moments:
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        assert [periodic.look_at_promises.func(), periodic.look_at_promises.func()] == [1, 0]
    told = Notification.objects.filter(sort="complaint.authority").order_by("pk")
    assert [row.data["over"] for row in told] == [False, True]


def test_late_steps_are_told_once(ann: Actor, complaint: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    assert periodic.look_at_promises.func() == 0
    later = clock.now() + timedelta(days=30)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert periodic.look_at_promises.func() == 1
    assert periodic.look_at_promises.func() == 0


def test_what_is_late_reaches_somebody_above_even_where_no_department_has_a_head(
    ann: Actor, max_: Actor, complaint: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps, answers to authorities and promises go up as clocks do; a complaint of nobody is told all the same."""
    handling.record_complaint(actor=ann, case_id=complaint.pk, values={"authority": "12345", "authority_number": "A-1"})
    promise = promises.make_promise(
        actor=ann, text="Ring", due_at=clock.now() + timedelta(days=1), case_id=complaint.pk, owner_id=ann.user_id
    )
    Case.objects.filter(pk=complaint.pk).update(owner=None, department=None)
    ComplaintStep.objects.update(owner=None)
    manager = Role.objects.get(key="manager")
    above = User.objects.create_user("above", password="x", role=manager)
    User.objects.filter(pk=max_.user_id).update(is_active=False)
    later = clock.now() + timedelta(days=30)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert periodic.look_at_promises.func() == 3
    told = Notification.objects.filter(user=above).values_list("sort", flat=True)
    assert sorted(told) == ["complaint.authority", "complaint.late", "promise.broken"]
    assert Notification.objects.filter(user=ann.user_id, sort="promise.broken", about_id=promise.pk).exists()
