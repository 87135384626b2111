"""Cases: opened by what customers say, one for each conversation, moved on by one hand that asks before closing."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from guanxi.conversations.models import Conversation
from guanxi.conversations.public import Direction, Outgoing
from guanxi.conversations.services.answering import Further, answer, take_back_answer, try_again
from guanxi.conversations.services.delivering import mark_failed
from guanxi.core import changes, events
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from guanxi.core.models import Role, User
from guanxi.customers.models import Standing
from guanxi.customers.public import create_customer
from guanxi.service import closing
from guanxi.service.choices import CaseState, CaseType, Level, Priority
from guanxi.service.models import Case, CaseClock, CaseStep
from guanxi.service.priorities import priority_of
from guanxi.service.public import ClosingRefused, open_case, open_for_message, set_state, update_case
from guanxi.service.services.bulk_changes import bulk_update_cases
from guanxi.service.services.parts import add_step, tick_step
from guanxi.service.services.settings import save_category, save_checklist

pytestmark = pytest.mark.django_db


def test_a_message_opens_one_case_and_a_second_one_goes_on_in_it(hear: Any) -> None:
    """One live case for each conversation, counted from the moment the customer spoke."""
    system = system_actor()
    first = hear("My kettle leaks", subject="Kettle", message_id="<a@x>")
    case = open_for_message(actor=system, message_id=first.message.pk)
    assert case is not None
    assert (case.subject, case.description) == ("Kettle", "My kettle leaks")
    assert case.opened_at == first.message.at == case.waiting_since
    second = hear("It still leaks", in_reply_to="<a@x>")
    assert open_for_message(actor=system, message_id=second.message.pk) == case
    assert open_for_message(actor=system, message_id=first.message.pk) == case
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(
            subject="x", conversation=first.conversation, opened_at=case.opened_at, created_at=case.opened_at
        )


def test_answers_and_words_of_the_customer_move_the_case(hear: Any) -> None:
    """New, in hand with our answer, waiting for the customer, in hand again when the customer speaks."""
    system = system_actor()
    first = hear("My kettle leaks", message_id="<a@x>")
    case = open_for_message(actor=system, message_id=first.message.pk)
    answer = hear("Which model?", in_reply_to="<a@x>", direction=Direction.OUT)
    events.deliver_pending()
    case.refresh_from_db()
    assert (case.state, case.first_answered_at, case.waiting_since) == (CaseState.OPEN, answer.message.at, None)
    set_state(actor=system, case_id=case.pk, state=CaseState.WAITING)
    third = hear("The red one", in_reply_to="<a@x>")
    events.deliver_pending()
    case.refresh_from_db()
    assert (case.state, case.waiting_since) == (CaseState.OPEN, third.message.at)


def test_an_answer_before_the_case_was_written_down_is_its_first(hear: Any) -> None:
    """Whoever answers faster than the case opens has answered it."""
    first = hear("Hello?", message_id="<a@x>")
    answer = hear("Hello!", in_reply_to="<a@x>", direction=Direction.OUT)
    case = open_for_message(actor=system_actor(), message_id=first.message.pk)
    assert case.first_answered_at == answer.message.at
    assert (case.state, case.waiting_since) == (CaseState.OPEN, None)


def test_closing_asks_every_demand_and_says_all_that_is_missing(
    hear: Any, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused sentence by sentence; allowed when nothing is missing; an ended case must be opened first."""
    case = open_case(actor=ann, values={"subject": "Broken"})
    monkeypatch.setattr(closing.demands, "_items", {"t": (1, lambda case: ["Cause is missing.", "Remedy is missing."])})
    with pytest.raises(ClosingRefused) as refused:
        set_state(actor=ann, case_id=case.pk, state=CaseState.CLOSED)
    assert refused.value.missing == ["Cause is missing.", "Remedy is missing."]
    monkeypatch.setattr(closing.demands, "_items", {})
    operation = set_state(actor=ann, case_id=case.pk, state=CaseState.CLOSED)
    case.refresh_from_db()
    assert case.closed_at is not None
    with pytest.raises(Conflict):
        set_state(actor=ann, case_id=case.pk, state=CaseState.SOLVED)
    changes.undo_operation(actor=ann, operation_id=operation)
    case.refresh_from_db()
    assert (case.state, case.closed_at) == (CaseState.NEW, None)


def test_closed_elsewhere_is_set_by_nobody_and_read_only(ann: Actor) -> None:
    """No act of ours writes it; such a case is changed only after it was opened again."""
    case = open_case(actor=ann, values={"subject": "Old"})
    with pytest.raises(InvalidInput):
        set_state(actor=ann, case_id=case.pk, state=CaseState.CLOSED_ELSEWHERE)
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED_ELSEWHERE)
    with pytest.raises(InvalidInput):
        update_case(actor=ann, case_id=case.pk, values={"subject": "New"})
    set_state(actor=ann, case_id=case.pk, state=CaseState.OPEN)
    update_case(actor=ann, case_id=case.pk, values={"subject": "New"})
    case.refresh_from_db()
    assert (case.subject, case.reopened_count) == ("New", 1)


def test_an_ended_case_cannot_come_back_beside_another_of_its_conversation(hear: Any) -> None:
    """One live case a conversation also when one is opened again."""
    system = system_actor()
    first = hear("One", message_id="<a@x>")
    old = open_for_message(actor=system, message_id=first.message.pk)
    set_state(actor=system, case_id=old.pk, state=CaseState.CLOSED)
    second = hear("Two", in_reply_to="<a@x>")
    new = open_for_message(actor=system, message_id=second.message.pk)
    assert new.pk != old.pk
    with pytest.raises(Conflict):
        set_state(actor=system, case_id=old.pk, state=CaseState.OPEN)


def test_priority_follows_from_impact_urgency_and_tier_until_it_is_set_by_hand(ann: Actor) -> None:
    """VIP customers come a step sooner; what was set by hand stays."""
    assert priority_of(1, 1, "vip") == Priority.LOW
    assert [priority_of(2, 2, tier) for tier in ("", "vip")] == [Priority.NORMAL, Priority.HIGH]
    customer = create_customer(actor=ann, values={"name": "Best"})
    Standing.objects.filter(customer=customer).update(tier="vip")
    case = open_case(actor=ann, values={"subject": "Down", "customer": customer.pk, "impact": 3, "urgency": 2})
    assert (case.tier, case.priority) == ("vip", Priority.URGENT)
    update_case(actor=ann, case_id=case.pk, values={"priority": 4})
    update_case(actor=ann, case_id=case.pk, values={"urgency": Level.HIGH})
    case.refresh_from_db()
    assert case.priority == Priority.LOW


def test_a_case_gets_the_checklists_of_its_type_and_category(max_: Actor) -> None:
    """Those of the type, and those of a category above its own."""
    root = save_category(actor=max_, name="Kettles")
    leaf = save_category(actor=max_, name="Leaks", parent_id=root.pk)
    other = save_category(actor=max_, name="Toasters")
    for name, category in (("all", None), ("kettles", root.pk), ("toasters", other.pk)):
        save_checklist(actor=max_, name=name, case_type="repair", items=[f"for {name}"], category_id=category)
    case = open_case(actor=max_, values={"subject": "x", "case_type": CaseType.REPAIR, "category": leaf.pk})
    assert list(case.steps.values_list("text", flat=True)) == ["for all", "for kettles"]
    step = CaseStep.objects.first()
    tick_step(actor=max_, step_id=step.pk, is_done=True)
    step.refresh_from_db()
    assert (step.done_by_id, step.done_at is not None) == (max_.user_id, True)


def test_a_category_moves_with_what_lies_below_and_never_into_itself(max_: Actor) -> None:
    """Paths stay true."""
    root = save_category(actor=max_, name="A")
    below = save_category(actor=max_, name="B", parent_id=root.pk)
    leaf = save_category(actor=max_, name="C", parent_id=below.pk)
    with pytest.raises(InvalidInput):
        save_category(actor=max_, name="A", parent_id=leaf.pk, category_id=root.pk)
    save_category(actor=max_, name="B", category_id=below.pk)
    leaf.refresh_from_db()
    assert leaf.path == f"/{below.pk}/{leaf.pk}/"
    with pytest.raises(Conflict):
        save_category(actor=max_, name="A")


def test_who_may_not_sees_and_changes_nothing(ann: Actor, db: None) -> None:
    """A role without rights on cases learns nothing; an agent does not arrange settings."""
    case = open_case(actor=ann, values={"subject": "Secret"})
    nobody = Actor(user_id=None, name="x", means="web", permissions={})
    with pytest.raises(NotFound):
        update_case(actor=nobody, case_id=case.pk, values={"subject": "y"})
    with pytest.raises(NotFound):
        set_state(actor=nobody, case_id=case.pk, state=CaseState.OPEN)
    with pytest.raises(Forbidden):
        open_case(actor=nobody, values={"subject": "y"})
    with pytest.raises(Forbidden):
        save_category(actor=ann, name="A")
    assert Role.objects.filter(key="agent").exists()
    assert User.objects.count() == 1


def test_a_case_of_another_type_gets_the_checklist_of_that_one(max_: Actor, client: Client) -> None:
    """Done items and those of one's own stay; what nobody did goes; history tells, and an undo gives all of it back."""
    root = save_category(actor=max_, name="Kettles")
    save_checklist(actor=max_, name="a", case_type="enquiry", items=["Ask", "Answer", "Thank"])
    save_checklist(actor=max_, name="b", case_type="repair", items=["Take in", "Thank", "Take in"])
    save_checklist(actor=max_, name="c", case_type="repair", items=["Descale"], category_id=root.pk)
    case = open_case(actor=max_, values={"subject": "x", "case_type": CaseType.ENQUIRY})

    def items() -> list[tuple[str, bool]]:
        return [(step.text, step.done_at is not None) for step in case.steps.all()]

    tick_step(actor=max_, step_id=case.steps.get(text="Ask").pk, is_done=True)
    add_step(actor=max_, case_id=case.pk, text="Ring back")
    before = items()
    operation = update_case(actor=max_, case_id=case.pk, values={"case_type": CaseType.REPAIR})
    after = [("Ask", True), ("Thank", False), ("Ring back", False), ("Take in", False), ("Take in", False)]
    assert items() == after
    update_case(actor=max_, case_id=case.pk, values={"subject": "y"})
    assert items() == after
    client.force_login(User.objects.get(pk=max_.user_id))
    assert "Answer" in client.get(f"/history/{operation}").content.decode()
    update_case(actor=max_, case_id=case.pk, values={"category": root.pk})
    assert items() == [*after, ("Descale", False)]
    rows = Case.objects.filter(pk=case.pk)
    bulk_update_cases(actor=max_, queryset=rows, values={"case_type": CaseType.PRAISE})
    assert items() == [("Ask", True), ("Ring back", False)]
    _count, bulk = bulk_update_cases(actor=max_, queryset=rows, values={"case_type": CaseType.ENQUIRY})
    assert items() == [("Ask", True), ("Ring back", False), ("Answer", False), ("Thank", False)]
    changes.undo_operation(actor=max_, operation_id=bulk)
    assert items() == [("Ask", True), ("Ring back", False)]
    set_state(actor=max_, case_id=case.pk, state=CaseState.CLOSED)
    update_case(actor=max_, case_id=case.pk, values={"case_type": CaseType.REPAIR})
    assert items() == [("Ask", True), ("Ring back", False)], "what ended is left as it was handled"
    assert before == [("Ask", True), ("Answer", False), ("Thank", False), ("Ring back", False)]


@pytest.mark.parametrize("way", ["taken back", "failed"])
def test_an_answer_that_nobody_got_is_no_first_answer(hear: Any, ann: Actor, way: str) -> None:
    """The case is unanswered and waits again; what was solved with it is in hand; tried again, it answers after all."""
    first = hear("My kettle leaks", message_id="<a@x>")
    case = open_for_message(actor=system_actor(), message_id=first.message.pk)
    given = Further(then="open" if way == "taken back" else "solved")
    message = answer(actor=ann, conversation_id=case.conversation_id, outgoing=Outgoing("Here."), further=given)
    events.deliver_pending()
    case.refresh_from_db()
    assert (case.first_answered_at, case.waiting_since) == (message.at, None)
    if way == "taken back":
        take_back_answer(actor=ann, message_id=message.pk)
    else:
        mark_failed(message.pk, "gone")
    events.deliver_pending()
    case.refresh_from_db()
    back = way == "taken back"
    assert (case.state, case.first_answered_at) == (CaseState.NEW if back else CaseState.OPEN, None)
    assert case.owner_id == (None if back else ann.user_id)
    assert case.waiting_since == first.message.at == Conversation.objects.get().waiting_since
    assert CaseClock.objects.get(case=case, sort="first_answer").ended_at is None
    again = hear("Hello?", in_reply_to="<a@x>")
    events.deliver_pending()
    case.refresh_from_db()
    assert (again.conversation.pk, case.came_back_count) == (case.conversation_id, 0)
    if way == "failed":
        try_again(actor=ann, message_id=message.pk)
        events.deliver_pending()
        case.refresh_from_db()
        assert case.first_answered_at == message.at
        assert CaseClock.objects.get(case=case, sort="first_answer").ended_at == message.at.replace(microsecond=0)
