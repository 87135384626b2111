"""Moments of truth: what shows by itself, what people say, and cases that nobody asked after."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.conversations.models import Message
from guanxi.conversations.public import Direction
from guanxi.conversations.services.answering import try_again
from guanxi.conversations.services.delivering import mark_failed
from guanxi.core import changes, events
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Operation, User
from guanxi.service.models import Case, MomentCriterion
from guanxi.service.moments.choices import Step
from guanxi.service.moments.sheet import sheet_of
from guanxi.service.public import open_case, open_for_message, set_state
from guanxi.service.services.moments import mark_moment, note_said, save_criterion

pytestmark = pytest.mark.django_db


def met(case: Case) -> dict[str, bool | None]:
    """What counts of every criterion."""
    case = Case.objects.get(pk=case.pk)
    return {line.key: line.is_met for step in sheet_of(case) for line in step.lines}


def test_what_happened_fills_the_sheet_by_itself(hear: Any) -> None:
    """By name, asked back, told the outcome, solved: read from the talk, open while it cannot be said."""
    system = system_actor()
    first = hear("My kettle leaks", message_id="<a@x>")
    case = open_for_message(actor=system, message_id=first.message.pk)
    before = met(case)
    assert {before[key] for key in ("by_name", "asked_back", "classified", "told", "solved", "asked_again")} == {None}
    hear("Dear Zoe, which model is it?", in_reply_to="<a@x>", direction=Direction.OUT)
    hear("It is mended now.", in_reply_to="<a@x>", direction=Direction.OUT)
    events.deliver_pending()
    set_state(actor=system, case_id=case.pk, state="solved")
    after = met(case)
    assert (after["by_name"], after["asked_back"], after["told"], after["solved"]) == (True, True, True, True)
    assert after["classified"] is False
    assert after["understood"] is None


def test_a_persons_word_stands_before_what_was_found_and_can_be_taken_back(ann: Actor) -> None:
    """Undo brings back what counted before; an unknown criterion is refused."""
    case = open_case(actor=ann, values={"subject": "Kettle"})
    operation = mark_moment(actor=ann, case_id=case.pk, criterion="understood", is_met=True)
    assert met(case)["understood"] is True
    changes.undo_operation(actor=ann, operation_id=operation)
    assert met(case)["understood"] is None
    set_state(actor=ann, case_id=case.pk, state="closed")
    mark_moment(actor=ann, case_id=case.pk, criterion="solved", is_met=False)
    assert met(case)["solved"] is False
    mark_moment(actor=ann, case_id=case.pk, criterion="solved", is_met=None)
    assert met(case)["solved"] is True
    with pytest.raises(InvalidInput):
        mark_moment(actor=ann, case_id=case.pk, criterion="own-99", is_met=True)


def test_what_the_company_asks_stands_beside_for_its_type(max_: Actor) -> None:
    """Asked of repairs only; out of use it is asked no more."""
    row = save_criterion(actor=max_, step=Step.SOLVE, text="Tested in front of the customer", case_type="repair")
    repair = open_case(actor=max_, values={"subject": "Kettle", "case_type": "repair"})
    enquiry = open_case(actor=max_, values={"subject": "Price"})
    key = f"own-{row.pk}"
    assert key in met(repair)
    assert key not in met(enquiry)
    mark_moment(actor=max_, case_id=repair.pk, criterion=key, is_met=True)
    assert met(repair)[key] is True
    save_criterion(actor=max_, step=Step.SOLVE, text=row.text, criterion_id=row.pk, is_active=False)
    assert key not in met(repair)


def test_solved_cases_that_nobody_asked_after_are_listed(client: Client, hear: Any, ann: Actor) -> None:
    """Until a follow-up case ends, a message goes out a day later, or somebody says so."""
    first = hear("My kettle leaks", message_id="<a@x>", subject="by message")
    by_message = open_for_message(actor=ann, message_id=first.message.pk)
    by_child, by_word, _open_one = (
        open_case(actor=ann, values={"subject": s}) for s in ("by child", "by word", "open")
    )
    for case in (by_message, by_child, by_word):
        set_state(actor=ann, case_id=case.pk, state="solved")
    client.force_login(User.objects.get(username="ann"))
    where = f"{reverse('service:cases')}?followed=no"

    def listed() -> set[str]:
        """The subjects on the list."""
        text = client.get(where).content.decode()
        return {s for s in ("by message", "by child", "by word", "open") if f">{s}</a>" in text}

    assert listed() == {"by message", "by child", "by word"}
    child = open_case(actor=ann, values={"subject": "ask", "case_type": "follow_up", "parent": by_child.pk})
    set_state(actor=ann, case_id=child.pk, state="closed")
    client.post(reverse("service:moment", args=[by_word.public_id]), {"criterion": "asked_again", "said": "met"})
    told = hear("How is the kettle?", in_reply_to="<a@x>", direction=Direction.OUT)
    events.deliver_pending()
    assert listed() == {"by message"}
    assert Case.objects.get(pk=by_message.pk).state == "solved"
    Message.objects.filter(pk=told.message.pk).update(at=told.message.at + timedelta(days=2))
    note_said(told.message.pk)
    assert listed() == set()
    # What did not arrive followed nothing through; what people said stands.
    mark_failed(told.message.pk, "gone")
    events.deliver_pending()
    assert listed() == {"by message"}
    try_again(actor=ann, message_id=told.message.pk)
    events.deliver_pending()
    assert listed() == set()


def test_settings_and_panel_show_and_save(client: Client, max_: Actor) -> None:
    """Categories, checklists and criteria on one page; the panel on the case."""
    client.force_login(User.objects.get(username="max"))
    client.post(reverse("service:new_category"), {"name": "Kettles", "position": 0, "is_active": "on"})
    client.post(
        reverse("service:new_checklist"),
        {"name": "Repair", "case_type": "repair", "items": "Test\nPack", "is_active": "on"},
    )
    client.post(reverse("service:new_criterion"), {"text": "Smile", "step": "tone", "position": 0, "is_active": "on"})
    page = client.get(reverse("service:settings")).content.decode()
    assert all(text in page for text in ("Kettles", "Repair", "Smile"))
    case = open_case(actor=max_, values={"subject": "Kettle", "case_type": "repair"})
    assert case.steps.count() == 2
    cards = client.get(reverse("ui:cards", args=["case", case.pk])).content.decode()
    assert "Smile" in cards
    switch = reverse("service:switch_criterion", args=["understood"])
    asked = "Showed that the customer&#x27;s situation is understood"
    assert asked in cards
    for ask, is_there in (("no", False), ("no", False), ("yes", True)):
        assert client.post(switch, {"ask": ask}).status_code == 302
        assert (asked in client.get(reverse("ui:cards", args=["case", case.pk])).content.decode()) is is_there
        assert asked in client.get(reverse("service:settings")).content.decode()
    assert client.post(reverse("service:switch_criterion", args=["nothing"])).status_code == 404
    number = Operation.objects.filter(name="service.switch_criterion").earliest("pk").pk
    assert asked in client.get(f"/history/{number}").content.decode()
    shipped = MomentCriterion.objects.get(key="understood")
    assert client.get(reverse("service:criterion", args=[shipped.pk])).status_code == 404
